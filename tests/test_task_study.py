"""A study of one's own to its figures: data, task and net from files of the user's."""

import json

import numpy as np
import pytest

from losslandscape import store

FILES = {
    "points.py": """
import torch
from torch.utils.data import Dataset

from curve import height


class Points(Dataset):
    def __init__(self, train, number):
        self.xs = torch.linspace(-1, 1, number)[:, None] + (0 if train else 0.01)

    def __len__(self):
        return len(self.xs)

    def __getitem__(self, index):
        return self.xs[index], height(self.xs[index])
""",
    "curve.py": "def height(x):\n    return x**2\n",
    "task.py": """
def apart(outputs, targets):
    return (outputs - targets).abs()


def apart_squared(outputs, targets):
    return apart(outputs, targets) ** 2
""",
    "nets.py": """
from torch import nn


def net(width):
    return nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, 1))
""",
}
RUN = "points/net/sgd-seed0"
TASK = {
    "file": "mine/task.py",
    "loss": "apart_squared",
    "measure": "apart",
    "unit": "m",
}
CONFIG = {
    "study": "own",
    "datasets": {
        "points": {
            "source": {
                "own": {
                    "file": "mine/points.py",
                    "name": "Points",
                    "options": {"number": 32},
                }
            },
            "task": {"own": TASK},
        }
    },
    "models": {
        "net": {"own": {"file": "mine/nets.py", "name": "net", "options": {"width": 4}}}
    },
    "recipes": {
        "sgd": {
            "epochs": 3,
            "batch_size": 8,
            "optimiser": {"sgd": {"learning_rate": 0.1}},
        }
    },
    "planes": {
        "line": {
            "directions": {"random": {"seed": 1}},
            "batchnorm": "frozen",
            "images": {"train": 20, "test": "all"},
            "x": {"from": -1, "to": 1, "points": 3},
        }
    },
    "figures": {"mine": {"rows": [{"lines": {"plane": "line", "runs": [RUN]}}]}},
    "tables": {"ends": {"shows": {"errors": {"runs": [RUN]}}}},
}


@pytest.fixture(scope="module")
def built(fresh, tmp_path_factory):
    """A clone in which the study was built from the user's files to its figure."""
    clone = fresh.copy(tmp_path_factory.mktemp("task") / "clone")
    (clone.folder / "mine").mkdir()
    for name, code in FILES.items():
        (clone.folder / "mine" / name).write_text(code)
    (clone.folder / "own.json").write_text(json.dumps(CONFIG))
    told = clone.snakemake("mine", "ends", "--configfile", "own.json")
    assert told.returncode == 0, told.stdout + told.stderr
    return clone


def test_what_was_measured_is_what_the_users_functions_say(built):
    run = built.folder / "results/own" / RUN
    state, _ = store.load_tensors(run / "weights.safetensors")
    first, bias, second, last = (state[name].astype(float) for name in state)
    xs = np.linspace(-1, 1, 32)[:, None] + 0.01

    outputs = np.tanh(xs @ first.T + bias) @ second.T + last

    history = store.load_table(run / "history.csv")
    apart = abs(outputs - xs**2)
    assert history["test_error"][-1] == pytest.approx(apart.mean(), rel=1e-5)
    assert history["test_loss"][-1] == pytest.approx((apart**2).mean(), rel=1e-5)
    line = store.load(run / "line/line.h5")
    assert line["test_loss"][1] == pytest.approx((apart**2).mean(), rel=1e-5)


def test_files_say_which_task_their_numbers_are_of(built):
    data = store.attributes(built.folder / "resources/points.h5")
    line = store.attributes(built.folder / "results/own" / RUN / "line/line.h5")

    assert json.loads(data["task"])["own"].items() > TASK.items()
    assert line["loss"] == (
        "mean apart squared without weight decay, no augmentation; "
        "errors are apart in m"
    )
    table = store.load_summary(built.folder / "results/own/tables/ends.json")
    assert table["columns"]["test_error"] == "Test apart where training ended, in m."


def test_an_edit_of_a_users_file_runs_again_what_it_decides(built):
    asked = "mine", "--configfile", "own.json"
    assert built.planned(*asked) == set()

    built.edit("mine/task.py", "** 2", "** 4")
    after_task = built.planned(*asked)
    built.edit("mine/task.py", "** 4", "** 2  # the same")
    commented = built.planned(*asked)
    built.edit("mine/curve.py", "x**2", "x**3")
    after_data = built.planned(*asked)

    assert {"dataset", "train", "line", "figure"} <= after_task == after_data
    assert commented == set()


def test_a_missing_file_is_refused_when_the_config_is_read(built):
    (built.folder / "other.json").write_text(
        json.dumps(CONFIG).replace("mine/points.py", "mine/nothing.py")
    )

    told = built.snakemake("--configfile", "other.json", "--dry-run")

    assert told.returncode != 0
    words = "datasets.points.source.own: there is no file mine/nothing.py"
    assert words in told.stdout + told.stderr
