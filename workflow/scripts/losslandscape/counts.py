"""What one image costs a net: floating-point operations, counted by torch, and weights.

As a program, `python -m losslandscape.counts`: reads {name: [model, channels, side]} as
JSON, writes {name: {forward, parameters}}.
"""

import json
import sys
from collections.abc import Mapping

import torch
from torch.utils.flop_counter import FlopCounterMode

from losslandscape import models

CLASSES = 10


def of(model: Mapping, channels: int, side: int) -> dict[str, float]:
    """The `forward` operations of one image through a net, and its `parameters`.

    Convolutions and matrix products are counted, a multiplication and an addition each
    as one operation. A net of a user's own that takes no such images is taken to use
    each of its weights once.
    """
    try:
        return _shaped(model, channels, side)
    except Exception:
        if "own" not in model:
            raise
        net = models.build(model, channels, side, CLASSES)
        parameters = sum(p.numel() for p in net.parameters())
        return {"forward": 2 * parameters, "parameters": parameters}


def _shaped(model: Mapping, channels: int, side: int) -> dict[str, float]:
    # Shapes alone decide, so that nothing has to be drawn or multiplied; but for a net
    # of one's own that looks at values.
    try:
        return _counted(model, channels, side, "meta")
    except (NotImplementedError, RuntimeError):
        return _counted(model, channels, side, "cpu")


def _counted(model: Mapping, channels: int, side: int, device: str) -> dict[str, float]:
    with (
        torch.device(device),
        torch.no_grad(),
        FlopCounterMode(display=False) as counter,
    ):
        net = models.build(model, channels, side, CLASSES).eval()
        # Of two images: some nets refuse a batch of one.
        net(torch.zeros(2, channels, side, side))
    parameters = sum(p.numel() for p in net.parameters())
    return {"forward": counter.get_total_flops() / 2, "parameters": parameters}


def main() -> None:
    """Count all nets that the input names."""
    asked = json.load(sys.stdin)
    json.dump({name: of(*what) for name, what in asked.items()}, sys.stdout)


if __name__ == "__main__":
    main()
