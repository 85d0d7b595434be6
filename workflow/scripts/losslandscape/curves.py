"""Curves between solutions: polygonal chains and Bezier curves on flat vectors.

Garipov et al., section 3 and appendix A.3. A curve has control points w_0 … w_{n+1}, of
which the first and the last are solutions and the n between them are bends. It is
φ(t) = Σ c_j(t) w_j for t from 0 to 1, whatever net the vectors are of.
"""

import math

import torch
from torch import Tensor, nn
from torch.func import functional_call

from losslandscape import weights

SHAPES = "polychain", "bezier"


def coefficients(shape: str, t: float, count: int) -> Tensor:
    """The weights (count,) of control points at t, in float64; they add up to one.

    `shape` is `polychain` or `bezier`, else ValueError. At t = 0 and t = 1 an end alone
    has a weight, and it is 1.

    >>> coefficients("bezier", 0.5, 3).tolist()
    [0.25, 0.5, 0.25]
    >>> coefficients("polychain", 0.25, 3).tolist()
    [0.5, 0.5, 0.0]
    """
    last = count - 1
    if shape not in SHAPES:
        raise ValueError(f"a curve is a {' or a '.join(SHAPES)}, not {shape!r}")
    if shape == "bezier":
        terms = [
            math.comb(last, j) * t**j * (1 - t) ** (last - j) for j in range(count)
        ]
        return torch.tensor(terms, dtype=torch.float64, device="cpu")
    places = torch.arange(count, dtype=torch.float64, device="cpu")
    return (1 - (t * last - places).abs()).clamp(min=0)


def point(shape: str, controls: Tensor, t: float) -> Tensor:
    """φ(t) (n,) of the curve with these control points (k, n); exactly an end there."""
    # No matrix product, which TF32 or bfloat16 would round where training asks for it.
    parts = coefficients(shape, t, len(controls)).tolist()
    return sum(part * control for part, control in zip(parts, controls, strict=True))


def straight(ends: Tensor, bends: int) -> Tensor:
    """Bends (bends, n) at equal distances on the segment between two ends (2, n).

    >>> straight(torch.tensor([[0.0, 0.0], [4.0, 8.0]]), 1).tolist()
    [[2.0, 4.0]]
    """
    places = [step / (bends + 1) for step in range(1, bends + 1)]
    return torch.stack([point("polychain", ends, place) for place in places])


class Curve(nn.Module):
    """A net whose weights are drawn from a curve at each step, to train its bends.

    The net is any module; nothing of it is written a second time. In training every
    batch has a t of its own, uniform on [0, 1] (algorithm of section 3.1): batch norm
    and dropout do what they do in ordinary training. The bends (bends, parameters)
    start on the segment. L2 regularisation is that of φ(t): its gradient, decay · φ(t),
    joins that of the batch.
    """

    def __init__(
        self, net: nn.Module, ends: Tensor, shape: str, bends: int, decay: float
    ) -> None:
        """Join two ends (2, n), states of the net, which stay as they are."""
        super().__init__()
        ends = ends[:, : weights.count(net)].contiguous()
        self.shape, self.decay = shape, decay
        # In a tuple: the net and its ends are not among what is learnt or stored.
        self.fixed = (net, ends)
        self.bends = nn.Parameter(straight(ends, bends))
        self.still = ~weights.learnt(net)[: weights.count(net)].to(ends.device)

    def point(self, t: float) -> Tensor:
        """The parameters (n,) of the net at t."""
        _, ends = self.fixed
        controls = torch.cat([ends[:1], self.bends, ends[1:]])
        return point(self.shape, controls, t)

    def forward(self, images: Tensor) -> Tensor:
        """The logits of images, at a t drawn from torch's own generator."""
        net, _ = self.fixed
        net.train(self.training)
        at = self.point(torch.rand((), device="cpu").item())
        if at.requires_grad:
            there = at.detach()
            at.register_hook(lambda slope: self._slope(slope, there))
        return functional_call(net, weights.parameters(at, net), (images,))

    def _slope(self, slope: Tensor, there: Tensor) -> Tensor:
        """The gradient with that of the L2 term; none for what the net has frozen."""
        return (slope + self.decay * there).masked_fill(self.still, 0)


def states(bends: Tensor, ends: Tensor) -> Tensor:
    """Bends (bends, parameters) as states (bends, n), with statistics of the segment.

    Those are a matter of form: whoever measures a curve measures them anew.
    """
    whole = straight(ends, len(bends))
    whole[:, : bends.shape[1]] = bends
    return whole
