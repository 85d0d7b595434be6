"""Landscapes of any net, without the workflow: against the net itself."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from losslandscape import around, weights

ROOT = Path(__file__).parents[1]


class Norms(nn.Module):
    """A net with batch norm, dropout and an embedding."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(7, 4)
        self.norm = nn.BatchNorm1d(4)
        self.drop = nn.Dropout()
        self.out = nn.Linear(4, 2)

    def forward(self, words):
        return self.out(self.drop(self.norm(self.words(words))))


def target(net: nn.Module) -> torch.Tensor:
    """A loss of a net of words."""
    return net(torch.arange(7)).square().mean()


def test_the_centre_has_the_loss_of_the_net_and_the_net_stays_as_it_is():
    torch.manual_seed(0)
    net = Norms().train()
    before = weights.flatten(net)

    x, y, losses = around.plane(net, target, points=5)

    with torch.no_grad():
        assert losses[2, 2] == pytest.approx(target(net.eval()).item())
    assert x[2] == y[2] == 0
    assert torch.equal(weights.flatten(net), before)


def test_a_point_is_the_loss_of_a_net_moved_by_hand():
    torch.manual_seed(0)
    net = Norms()
    x, y, losses = around.plane(net, target, seed=3, reach=0.5, points=3)
    first, second = around.span(net, 3, 2)

    moved = Norms().eval()
    weights.assign(weights.flatten(net) + 0.5 * first - 0.5 * second, moved)

    assert (x[2], y[0]) == (0.5, -0.5)
    with torch.no_grad():
        assert losses[0, 2] == pytest.approx(target(moved).item())


def test_a_line_is_the_middle_row_of_the_plane_of_its_seed():
    net = Norms()
    _, _, losses = around.plane(net, target, seed=1, points=5)

    t, along = around.line(net, target, seed=1, points=5)

    assert t.tolist() == [-1, -0.5, 0, 0.5, 1]
    assert np.allclose(along, losses[2])


@pytest.mark.parametrize("points", [1, 0, -1])
@pytest.mark.parametrize("measured", [around.line, around.plane])
def test_an_axis_without_extent_is_refused(measured, points):
    with pytest.raises(ValueError, match=f"two points or more, not {points}$"):
        measured(Norms(), target, points=points)


def test_a_net_without_parameters_is_refused():
    with pytest.raises(ValueError, match=r"^Flatten has no parameters to move$"):
        around.plane(nn.Flatten(), target)


def test_what_is_frozen_stays_where_it_is():
    net = Norms()
    net.words.weight.requires_grad_(False)

    moved = weights.unflatten(around.span(net, seed=0, count=2), net)

    assert {name for name, part in moved.items() if part.any()} == {"out.weight"}


def test_a_net_of_bfloat16_has_its_own_loss_at_the_centre():
    net = Norms().bfloat16()

    _, _, losses = around.plane(net, target, points=3)

    with torch.no_grad():
        assert losses[1, 1] == target(net.eval()).item()


def test_ten_lines_draw_a_surface(tmp_path):
    script = ROOT / "examples/ten_lines.py"
    written = script.read_text().partition('"""\n')[2].splitlines()
    library = str(ROOT / "workflow/scripts")

    told = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        env=os.environ
        | {"PYTHONPATH": library, "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert len([line for line in written if line]) <= 10
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "ten_lines.png").read_bytes().startswith(b"\x89PNG")
