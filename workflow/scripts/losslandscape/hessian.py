"""The Hessian of a net's mean loss times a vector; the matrix is never built."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.autograd import grad

from losslandscape import data, losses, weights

Product = Callable[[Tensor], Tensor]

# How far from symmetric rounding may leave a product, as a part of its length.
SKEW = 0.01


def constants(net: nn.Module, tensors: str) -> set[str]:
    """The names of the parameters that the Hessian is not of.

    It is of `all`, or of `matrices`: those of two or more dimensions, as in the
    official code of Li et al. Frozen parameters are constants in any case, and so are
    batch-norm statistics.
    """
    named = net.named_parameters()
    small = {name for name, p in named if tensors == "matrices" and p.dim() < 2}
    return small | weights.frozen(net)


def included(net: nn.Module, tensors: str) -> Tensor:
    """Which numbers of the flat vector (n,) the Hessian is of, as booleans."""
    left_out = constants(net, tensors) | weights.buffers(net)
    sizes = weights.sizes(net)
    parts = [torch.full((sizes[name],), name not in left_out) for name in sizes]
    return torch.cat(parts)


def operator(
    net: nn.Module, split: data.Split, tensors: str
) -> Callable[[Tensor], Product]:
    """The function that gives a point (n,) its product v → Hv of vectors (k,).

    H is the Hessian of the mean loss over a split, whatever the batches: the
    official code leaves out the division by their number. Its k rows are those of the
    `included` numbers. At the first point it is seen to be symmetric: ArithmeticError
    if it is not, since of some steps torch gives no true second derivative.

    >>> net = nn.Linear(1, 2, bias=False)
    >>> split = data.Split(torch.ones(4, 1), torch.tensor([0, 1, 0, 1]))
    >>> product = operator(net, split, "all")(torch.zeros(2))
    >>> product(torch.tensor([1.0, 0.0]))  # of the softmax: p (1 − p), p = ½
    tensor([ 0.2500, -0.2500])
    """
    parts = losses.parts(net, split, constants(net, tensors))
    places = included(net, tensors).nonzero()[:, 0]
    seen: list[None] = []

    def at(point: Tensor) -> Product:
        point = point.detach().requires_grad_()

        def gradient(part: losses.Loss) -> Tensor:
            return grad(part(point), point, create_graph=True)[0]

        # The graph of a single part serves every product here, 1.6 times as fast.
        kept = [gradient(parts[0])] if len(parts) == 1 else []

        def product(vector: Tensor) -> Tensor:
            along = torch.zeros_like(point).index_copy(0, places, vector)
            image = torch.zeros_like(point)
            for slope in kept or map(gradient, parts):
                # A sum, since torch first imports sympy where it is given a vector.
                image += grad(slope @ along, point, retain_graph=bool(kept))[0]
            return image[places]

        if not seen:
            seen.append(require_symmetric(product, point[places]))
        return product

    return at


def require_symmetric(product: Product, like: Tensor) -> None:
    """Raise ArithmeticError unless u·Hv is v·Hu for two random vectors like one (k,).

    Rounding may be a hundredth of the lengths of Hu and Hv, which have as many terms.
    """
    lot = torch.Generator("cpu").manual_seed(0)
    draws = torch.randn(2, len(like), generator=lot, device="cpu").to(like)
    left, right = product(draws[0]), product(draws[1])
    apart = (draws[1] @ left - draws[0] @ right).abs()
    if apart > SKEW * (left.norm() + right.norm()):
        raise ArithmeticError(
            f"torch's second derivative of this net is no Hessian: u·Hv and v·Hu are "
            f"{apart.item():.2g} apart, as with torch's weight_norm"
        )
