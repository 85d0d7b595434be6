"""A net in evaluation in fewer steps: batch norm is folded into the layer before it.

With given statistics batch norm is a scale and a shift of each channel, which the
layer's own weights can take over: exact algebra. A sum and a ReLU that follow become
part of the same step. What to fold is read from the net's own graph, by `torch.fx`.
"""

import operator
from collections.abc import Mapping

import torch
from torch import Tensor, fx, nn
from torch.nn.functional import linear, relu
from torch.nn.modules.batchnorm import _BatchNorm

from losslandscape.kernels import Convolution, Geometry, Kernel

SUMS = {operator.add, operator.iadd, torch.add, "add", "add_"}
RELUS = {torch.relu, torch.relu_, relu, "relu", "relu_"}


class Step(nn.Module):
    """A convolution or a linear layer with the batch norm, sum and ReLU after it.

    Its weights are not its own: they come from a net's by `fold`.
    """

    def __init__(self, layer: nn.Module, path: str, kernel: Kernel) -> None:
        """Begin with a layer alone, found in the net at a path."""
        super().__init__()
        self.kernel, self.path = kernel, path
        self.geometry = None
        if isinstance(layer, nn.Conv2d):
            shape = layer.stride, layer.padding, layer.dilation, layer.groups
            self.geometry = Geometry(*shape)
        self.has_bias = layer.bias is not None
        self.norm: tuple[str, float] | None = None
        self.relu = False
        # In a tuple: not a parameter or a buffer, whatever it is.
        self.bound: tuple[Tensor, ...] = ()

    def fold(self, state: Mapping[str, Tensor], dtype: torch.dtype) -> None:
        """Take the weights from the tensors of the net by name."""
        weight = state[f"{self.path}.weight"]
        bias = state[f"{self.path}.bias"] if self.has_bias else weight.new_zeros(1)
        if self.norm is not None:
            path, eps = self.norm
            named = ("weight", "bias", "running_mean", "running_var")
            scale, shift = affine(*(state[f"{path}.{k}"] for k in named), eps)
            weight = weight * scale.reshape((-1,) + (1,) * (weight.dim() - 1))
            bias = bias * scale + shift
        form = torch.channels_last if weight.dim() == 4 else torch.contiguous_format
        bias = bias.to(dtype).expand(len(weight)).contiguous()
        self.bound = weight.to(dtype, memory_format=form), bias

    def forward(self, x: Tensor, other: Tensor | None = None) -> Tensor:
        """The step's output, with `other` added before the ReLU."""
        if self.geometry is not None:
            work = Convolution(x, *self.bound, other, self.geometry, self.relu)
            return self.kernel(work)
        y = linear(x, *self.bound)
        if other is not None:
            y += other
        return y.relu_() if self.relu else y


def affine(
    weight: Tensor, bias: Tensor, mean: Tensor, variance: Tensor, eps: float
) -> tuple[Tensor, Tensor]:
    """The scale and the shift (channels,) that a batch norm comes to."""
    scale = weight * (variance + eps).rsqrt()
    return scale, bias - mean * scale


class Affine(nn.Module):
    """Batch norm by given statistics: a scale and a shift of every channel.

    Its second derivative takes a fraction of the time of torch's batch norm.
    """

    def __init__(self, norm: _BatchNorm) -> None:
        """Take over the tensors of a batch norm under their names."""
        super().__init__()
        self.eps = norm.eps
        self.weight, self.bias = norm.weight, norm.bias
        self.register_buffer("running_mean", norm.running_mean)
        self.register_buffer("running_var", norm.running_var)

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (n, channels, …)."""
        scale, shift = affine(
            self.weight, self.bias, self.running_mean, self.running_var, self.eps
        )
        shape = (1, -1) + (1,) * (x.dim() - 2)
        return torch.addcmul(shift.reshape(shape), x, scale.reshape(shape))


def folded(net: nn.Module, kernel: Kernel) -> tuple[fx.GraphModule, list[Step]]:
    """A net in steps, and these. They need `Step.fold` before they can be used.

    The net must be in evaluation. Raises what tracing raises, where the way through it
    depends on the data.
    """
    traced = fx.symbolic_trace(net)
    graph, steps = traced.graph, []
    for node in list(graph.nodes):
        if _is_layer(_module(node, traced)):
            step, chain = _gather(node, traced, kernel)
            name = f"step{len(steps)}"
            traced.add_submodule(name, step)
            others = [a for k in chain[1:] for a in k.all_input_nodes if a not in chain]
            with graph.inserting_before(chain[-1]):
                one = graph.call_module(name, (node.args[0], *others))
            chain[-1].replace_all_uses_with(one)
            for replaced in reversed(chain):
                graph.erase_node(replaced)
            steps.append(step)
    traced.delete_all_unused_submodules()
    traced.recompile()
    return traced, steps


def without_norms(net: nn.Module) -> nn.Module:
    """A net with every batch norm that is left in it in its `Affine` form, in place."""
    for path, module in list(net.named_modules()):
        if _is_frozen(module):
            net.set_submodule(path, Affine(module))
    return net


def _gather(
    node: fx.Node, traced: fx.GraphModule, kernel: Kernel
) -> tuple[Step, list[fx.Node]]:
    """The step that begins at a node, and the nodes that it stands for."""
    step = Step(_module(node, traced), node.target, kernel)
    chain = [node]
    norm = _module(_only_user(chain[-1]), traced)
    if _is_frozen(norm):
        chain.append(_only_user(chain[-1]))
        step.norm = chain[-1].target, norm.eps
    if _is_sum(_only_user(chain[-1])):
        chain.append(_only_user(chain[-1]))
    if _is_relu(_only_user(chain[-1]), traced):
        chain.append(_only_user(chain[-1]))
        step.relu = True
    return step, chain


def _is_layer(module: nn.Module | None) -> bool:
    if isinstance(module, nn.Conv2d):
        return module.padding_mode == "zeros" and not isinstance(module.padding, str)
    return isinstance(module, nn.Linear)


def _is_frozen(module: nn.Module | None) -> bool:
    """Whether it is a batch norm by statistics that are given."""
    # What inherits from it may do more.
    is_norm = getattr(type(module), "forward", None) is _BatchNorm.forward
    return is_norm and module.affine and module.track_running_stats


def _is_sum(node: fx.Node | None) -> bool:
    """Whether two different tensors are added, and nothing else happens."""
    if node is None or node.op == "call_module" or node.kwargs:
        return False
    if node.target not in SUMS:
        return False
    return len(set(node.args)) == 2 and all(isinstance(a, fx.Node) for a in node.args)


def _is_relu(node: fx.Node | None, traced: fx.GraphModule) -> bool:
    if isinstance(_module(node, traced), nn.ReLU):
        return True
    return node is not None and node.op != "call_module" and node.target in RELUS


def _module(node: fx.Node | None, traced: fx.GraphModule) -> nn.Module | None:
    if node is None or node.op != "call_module":
        return None
    return traced.get_submodule(node.target)


def _only_user(node: fx.Node) -> fx.Node | None:
    return next(iter(node.users)) if len(node.users) == 1 else None
