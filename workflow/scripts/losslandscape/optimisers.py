"""SGD and Adam on all parameters at once, with weight decay coupled as in both papers.

Those of torch import its compiler first, which takes seconds in every job, and change
their rate by numbers, where what is replayed on a GPU needs a tensor.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor


class Optimiser:
    """What moves parameters along their gradients, by a `rate` that is a tensor ()."""

    names: tuple[str, ...] = ()

    def __init__(self, parameters: Sequence[Tensor], weight_decay: float) -> None:
        """Begin at rest, with a memory of each of `names` for each parameter."""
        self.parameters = [p for p in parameters if p.requires_grad]
        self.decay = weight_decay
        first = self.parameters[0]
        self.rate = torch.zeros((), dtype=torch.float64, device=first.device)
        self.steps = torch.zeros((), dtype=torch.float64, device=first.device)
        self.kept = {
            name: [torch.zeros_like(_real(p.detach())) for p in self.parameters]
            for name in self.names
        }

    @torch.no_grad()
    def step(self) -> None:
        """Move what has a gradient, which is used up: see `clear`."""
        live = [k for k, p in enumerate(self.parameters) if p.grad is not None]
        there = [_real(self.parameters[k]) for k in live]
        slopes = [_real(self.parameters[k].grad) for k in live]
        if self.decay:
            torch._foreach_add_(slopes, there, alpha=self.decay)
        self.steps += 1
        memory = {name: [own[k] for k in live] for name, own in self.kept.items()}
        moves = self.moves(slopes, **memory)
        torch._foreach_mul_(moves, -self.rate)
        torch._foreach_add_(there, moves)

    def clear(self) -> None:
        """Forget all gradients, as must be done before the next ones are computed."""
        for parameter in self.parameters:
            parameter.grad = None

    def moves(self, slopes: list[Tensor], **memory: list[Tensor]) -> list[Tensor]:
        """How parameters move at a rate of 1, against the sign; may be changed."""
        raise NotImplementedError

    def state(self) -> dict[str, Tensor]:
        """All that decides later steps but the rate, by name; copies."""
        own = {
            f"{index}.{name}": tensor.clone()
            for name, tensors in self.kept.items()
            for index, tensor in enumerate(tensors)
        }
        return own | {"steps": self.steps.clone()}

    def resume(self, state: Mapping[str, Tensor]) -> None:
        """Go back to a state."""
        self.steps.copy_(state["steps"])
        for name, tensors in self.kept.items():
            for index, tensor in enumerate(tensors):
                tensor.copy_(state[f"{index}.{name}"])


def _real(tensor: Tensor) -> Tensor:
    """A tensor, or the two real numbers of each of its complex ones: a view."""
    return torch.view_as_real(tensor) if tensor.is_complex() else tensor


class SGD(Optimiser):
    """Stochastic gradient descent with momentum, Nesterov's or the classical one."""

    def __init__(
        self,
        parameters: Sequence[Tensor],
        *,
        momentum: float,
        nesterov: bool,
        weight_decay: float,
    ) -> None:
        """Without a momentum nothing is remembered."""
        self.names = ("momentum",) if momentum else ()
        super().__init__(parameters, weight_decay)
        self.momentum, self.nesterov = momentum, nesterov

    def moves(
        self, slopes: list[Tensor], momentum: Sequence[Tensor] = ()
    ) -> list[Tensor]:
        """The momentum, after these slopes have joined it."""
        if not momentum:
            return slopes
        torch._foreach_mul_(momentum, self.momentum)
        torch._foreach_add_(momentum, slopes)
        if not self.nesterov:
            return list(torch._foreach_mul(momentum, 1.0))
        torch._foreach_add_(slopes, momentum, alpha=self.momentum)
        return slopes


class Adam(Optimiser):
    """Adam (Kingma and Ba, 2015), with 0.9, 0.999 and 1e-8."""

    names = ("mean", "square")

    def moves(
        self, slopes: list[Tensor], mean: list[Tensor], square: list[Tensor]
    ) -> list[Tensor]:
        """The mean slope over the root of the mean square, both without their bias."""
        torch._foreach_lerp_(mean, slopes, 0.1)
        torch._foreach_mul_(square, 0.999)
        torch._foreach_addcmul_(square, slopes, slopes, 0.001)
        scale = torch._foreach_sqrt(square)
        torch._foreach_div_(scale, (1 - 0.999**self.steps).sqrt())
        torch._foreach_add_(scale, 1e-8)
        moves = torch._foreach_div(mean, scale)
        torch._foreach_div_(moves, 1 - 0.9**self.steps)
        return list(moves)
