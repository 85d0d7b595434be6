"""Three ways to a product of the Hessian with a vector, by net and size of images.

A graph of the gradient that is kept, one that is built for each product (as where there
are too many images to keep it), and the gradient's derivative forwards. They take
turns; the least of some repeats, in seconds, on one thread.
"""

import argparse
import time
from collections.abc import Callable

import torch
from torch import Tensor
from torch.autograd import grad
from torch.func import grad as slope_of
from torch.func import jvp

import work
from losslandscape import hessian, losses, weights

CASES = [
    (net, images, side)
    for net in ("ResNet-20", "ResNet-56", "VGG-9", "DenseNet")
    for images, side in ((64, 8), (16, 32))
]

Way = Callable[[], Tensor]


def ways(task: work.Task) -> dict[str, Way]:
    """The ways to the same product, of all matrices of a net with a random vector."""
    net = work.net(task)
    constant = hessian.constants(net, "matrices")
    (loss,) = losses.parts(net, work.seen(task).train, constant)
    point = weights.flatten(net).detach().requires_grad_()
    vector = torch.randn(len(point)) * hessian.included(net, "matrices")
    kept = grad(loss(point), point, create_graph=True)[0]

    def backwards() -> Tensor:
        return grad(kept @ vector, point, retain_graph=True)[0]

    def anew() -> Tensor:
        slope = grad(loss(point), point, create_graph=True)[0]
        return grad(slope @ vector, point)[0]

    def forwards() -> Tensor:
        return jvp(slope_of(loss), (point.detach(),), (vector,))[1]

    return {"kept": backwards, "anew": anew, "forwards": forwards}


def least(ways: dict[str, Way], repeats: int) -> dict[str, float]:
    """The least CPU-seconds of each way; ArithmeticError where they disagree."""
    found = {name: way() for name, way in ways.items()}
    expected = found["kept"]
    for name, product in found.items():
        apart = (product - expected).norm() / expected.norm()
        if not apart < 1e-3:
            raise ArithmeticError(f"{name}: a product is {apart:.2g} off")
    seconds = {name: float("inf") for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            since = time.process_time()
            way()
            seconds[name] = min(seconds[name], time.process_time() - since)
    return seconds


def main() -> None:
    """Print a row for each net and size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", default="", help="nets whose name begins like this")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    for net, images, side in CASES:
        if net.startswith(options.only):
            task = work.Task("map", net, images, side=side)
            found = least(ways(task), options.repeats)
            told = "  ".join(f"{name} {found[name]:.3f} s" for name in found)
            print(f"{net:10} {images} images of {side}×{side}:  {told}", flush=True)


if __name__ == "__main__":
    main()
