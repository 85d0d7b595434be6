"""Small trainings; as a program, the same ones killed on their way.

`python trainings.py FOLDER DEVICE` leaves the state that each had kept by then.
"""

import os
import signal
import sys
from pathlib import Path

import torch
from torch import Tensor, nn

import small
from losslandscape import checkpoint, connecting, data, device, models, train, weights

SGD = {"sgd": {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}}
PLAIN = {"sgd": {"learning_rate": 0.05, "momentum": 0.0, "nesterov": False}}
ADAM = {"adam": {"learning_rate": 0.001}}
CASES = ("nesterov", "adam", "plain_with_dropout")
# The nets of an ensemble, in the midst of epochs; the bends of a curve.
LATER = ("members", "curve")

NOTHING = checkpoint.Checkpoint(None)


def recipe(**changes) -> dict:
    """Three epochs of one step on 30 images, unless told otherwise."""
    usual = {
        "epochs": 3,
        "batch_size": 30,
        "optimiser": SGD,
        "schedule": {"constant": {}},
        "weight_decay": 0.0,
        "augmentation": {"pad": 0, "flip": False},
        "precision": "float32",
        "evaluate_every": 1,
    }
    return usual | changes


def seen() -> data.Data:
    """Images of noise in float32, as a stored dataset has them."""
    parts = [
        data.Split(part.images.float(), part.labels)
        for part in (small.split(30, 1), small.split(20, 2))
    ]
    return data.Data(*parts, torch.zeros(2), 3)


def run(case: str, memory: checkpoint.Checkpoint) -> tuple[Tensor, list[dict]]:
    """Train for six epochs, of which every second is kept, with all that is random.

    The weights of epochs 0, 4 and 6 are for the series.
    """
    if torch.get_default_device().type == "cuda":
        device.prepare(1)
    nets = {
        "nesterov": lambda: models.build({"convnet": {"width": 0.02}}, 2, 4, 3),
        "adam": lambda: small.net().float(),
        "plain_with_dropout": lambda: nn.Sequential(nn.Dropout(), small.net().float()),
    }
    optimiser = dict(zip(CASES, (SGD, ADAM, PLAIN), strict=True))[case]
    options = recipe(
        epochs=6,
        batch_size=8,
        optimiser=optimiser,
        schedule={"step": {"at": [3, 5], "factor": 0.5}},
        weight_decay=0.01,
        augmentation={"pad": 1, "flip": True},
        evaluate_every=2,
        keep={"every": 4},
    )
    return train.run(nets[case](), seen(), options, 0, memory)


def later(case: str, memory: checkpoint.Checkpoint) -> tuple[Tensor, list[dict]]:
    """Keep members in the midst of epochs, or train bends, of a net with dropout."""
    net = nn.Sequential(nn.Dropout(), small.net().float())
    options = recipe(
        epochs=6,
        batch_size=8,
        weight_decay=0.01,
        augmentation={"pad": 1, "flip": True},
        evaluate_every=2,
    )
    if case == "members":
        options |= {"schedule": {"triangle": {"cycle": 1, "factor": 0.01}}}
        return train.run(net, seen(), options | {"keep": {"members": {}}}, 0, memory)
    ends = torch.stack([weights.flatten(small.net(seed)).float() for seed in (1, 2)])
    curve = {"shape": "bezier", "bends": 2, "seed": 0, "recipe": options}
    return connecting.run(net, seen(), ends, curve, memory)


class Mortal(checkpoint.Checkpoint):
    """Kills its process when the fourth epoch is over, and before that is kept."""

    def save(self, state: dict[str, Tensor]) -> None:
        """Replace what was kept, or die."""
        if state["history"][-1, 0] == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        super().save(state)


def main(folder: str, where: str) -> None:
    """Train each case in a process of its own; print the signal that ended it."""
    for case in CASES + LATER:
        child = os.fork()
        if child == 0:
            torch.set_num_threads(1)
            torch.set_default_device(where)
            begin = run if case in CASES else later
            begin(case, Mortal(Path(folder) / f"{case}.safetensors"))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.WTERMSIG(status), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
