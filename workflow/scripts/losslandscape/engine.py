"""A net in evaluation as a function of its weights, as fast as the device allows.

Every loss of this project comes from here. Of the forms that a net can take the fastest
is used that agrees with the net itself: in fused steps, in folded steps, or as it is.
"""

import copy
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn
from torch.backends import cudnn
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.modules.batchnorm import _BatchNorm

from losslandscape import folding, kernels, weights

log = logging.getLogger(__name__)

Net = Callable[[Tensor], Tensor]

# A net as a function of its tensors by name, which are good until the next call.
Form = Callable[[Mapping[str, Tensor]], Net]

# How far outputs may lie from the net's own, as a part of the largest of them.
AGREEMENT = {torch.float64: 1e-9, torch.float32: 1e-3, torch.bfloat16: 0.1}


def fastest(net: nn.Module, images: Tensor, dtype: torch.dtype) -> Form:
    """The fastest form of a net that agrees with it on some images (n, …).

    Its arithmetic is of type `dtype`, or where that is of whole numbers, as of words,
    of the weights' type; what comes out is float32 at least. Raises ValueError for a
    net that has a step for which torch knows no such arithmetic.
    """
    net = _at_rest(net)
    dtype = dtype if dtype.is_floating_point else arithmetic(net, images)
    kernel = kernels.of(images.device.type, dtype)
    forms = {
        "fused steps": lambda: in_steps(net, dtype, kernel),
        "folded steps": lambda: in_steps(net, dtype, kernels.separate),
    }
    return _first(forms if _is_free(net) else {}, net, images, dtype)


def derivable(net: nn.Module, images: Tensor) -> Form:
    """As `fastest`, for second derivatives: of torch's own batch norm they are slow."""
    net, dtype = _at_rest(net), arithmetic(net, images)
    affine = folding.without_norms(copy.deepcopy(net))
    forms = {"affine steps": lambda: as_it_is(affine, dtype)}
    if _is_free(net):
        steps = {
            "folded steps": lambda: in_steps(net, dtype, kernels.separate, "affine")
        }
        forms = steps | forms
    return _twice(_first(forms, net, images, dtype), net)


def _twice(form: Form, net: nn.Module) -> Form:
    """A form that computes what torch's fast kernels cannot derive twice without them.

    These are those of attention, and on a GPU of recurrent layers.
    """
    is_recurrent = any(isinstance(module, nn.RNNBase) for module in net.modules())

    def loaded(state: Mapping[str, Tensor]) -> Net:
        outputs = form(state)

        def plain(images: Tensor) -> Tensor:
            with sdpa_kernel(SDPBackend.MATH), _recurrent(plainly=is_recurrent):
                return outputs(images)

        return plain

    return loaded


def _recurrent(plainly: bool) -> AbstractContextManager:
    return cudnn.flags(enabled=False) if plainly else nullcontext()


def _is_free(net: nn.Module) -> bool:
    """Whether a net takes images in whichever order of memory, as its steps have them.

    `models` says of a user's own net that it does not.
    """
    return getattr(net, "any_order", True)


def arithmetic(net: nn.Module, images: Tensor) -> torch.dtype:
    """The type of a net's arithmetic: that of images, but for words of its weights."""
    numbers = images if images.is_floating_point() else weights.flatten(net)
    return numbers.dtype


def _at_rest(net: nn.Module) -> nn.Module:
    return copy.deepcopy(net).eval().requires_grad_(False)


@torch.no_grad()
def _first(
    forms: Mapping[str, Callable[[], Form]],
    net: nn.Module,
    images: Tensor,
    dtype: torch.dtype,
) -> Form:
    """The first of some forms that can be had and agrees; else the net as it is."""
    state = _disturbed(net)
    expected = as_it_is(net, arithmetic(net, images))(state)(images)
    for name, build in forms.items():
        try:
            form = build()
            found = form(state)(images)
        # Tracing runs what the user wrote, and may meet anything there.
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
            log.info("the net cannot be measured in %s: %s", name, what)
            continue
        apart = (found - expected).abs().max() / expected.abs().max()
        if apart <= AGREEMENT[dtype]:
            return form
        log.info("in %s the net's outputs would be %.2g off", name, apart)
    log.warning("the net is measured as it is written, which may be slow")
    form = as_it_is(net, dtype)
    if dtype == torch.bfloat16:
        _require_half(form(state), images)
    return form


def _require_half(net: Net, images: Tensor) -> None:
    try:
        net(images)
    except RuntimeError as error:
        said = " ".join(str(error).split())
        raise ValueError(f"the net has no bfloat16, take float32: {said}") from error


def _disturbed(net: nn.Module) -> dict[str, Tensor]:
    """The tensors of a net with noise on them: nothing is nought, one, or cancels.

    What is not learnt, variances among it, keeps its sign.
    """
    lot = torch.Generator("cpu").manual_seed(0)

    def noise(like: Tensor) -> Tensor:
        return torch.rand(like.shape, generator=lot, device="cpu").to(like)

    learnt = dict(net.named_parameters()).keys()
    return {
        name: tensor * (0.9 + 0.2 * noise(tensor))
        + 0.05 * (noise(tensor) - 0.5 * (name in learnt))
        for name, tensor in weights.tensors(net).items()
    }


def as_it_is(net: nn.Module, dtype: torch.dtype) -> Form:
    """A net called as its author wrote it."""

    def loaded(state: Mapping[str, Tensor]) -> Net:
        if dtype == torch.float64:
            state = {name: _cast(tensor, dtype) for name, tensor in state.items()}

        def outputs(images: Tensor) -> Tensor:
            half = dtype == torch.bfloat16
            with torch.autocast(images.device.type, torch.bfloat16, enabled=half):
                return _out(functional_call(net, state, (_into(images, dtype),)))

        return outputs

    return loaded


def in_steps(
    net: nn.Module,
    dtype: torch.dtype,
    kernel: kernels.Kernel,
    left: str = "batch norm",
) -> Form:
    """A net in the steps of `folding.folded`; raises what that raises.

    Batch norms that cannot be folded are left as they are, or in "affine" form.
    """
    net = copy.deepcopy(net)._apply(lambda tensor: _cast(tensor, dtype))
    traced, steps = folding.folded(net, kernel)
    if left == "affine":
        folding.without_norms(traced)
    for module in traced.modules():
        # Statistics lose too much, and the operators take them as they are.
        if isinstance(module, _BatchNorm) and dtype == torch.bfloat16:
            module.float()
    unfolded = weights.tensors(traced)

    def loaded(state: Mapping[str, Tensor]) -> Net:
        # What the author wrote as a number is a tensor of the traced net alone.
        there = unfolded.keys() & state.keys()
        own = {name: state[name].to(unfolded[name].dtype) for name in there}
        for step in steps:
            step.fold(state, dtype)
        return lambda images: _out(
            functional_call(traced, own, (_into(images, dtype),))
        )

    return loaded


def _cast(tensor: Tensor, dtype: torch.dtype) -> Tensor:
    """Real numbers as those of a type; of complex ones both parts, never as halves."""
    if tensor.is_complex():
        return tensor.to(torch.promote_types(torch.complex64, dtype))
    return tensor.to(dtype) if tensor.is_floating_point() else tensor


def _into(images: Tensor, dtype: torch.dtype) -> Tensor:
    """Images of a type; what is not of real numbers, such as words, stays."""
    return images.to(dtype) if images.is_floating_point() else images


def _out(outputs: Tensor) -> Tensor:
    return outputs.float() if outputs.dtype == torch.bfloat16 else outputs
