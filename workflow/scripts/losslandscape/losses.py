"""Mean loss and error over data, as functions of a flat weight vector.

The one interface of every landscape: surfaces, lines, curves, Hessians and ensembles
take a `Loss` and know neither nets nor data.
"""

import copy
from collections.abc import Callable, Set
from functools import partial

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy
from torch.nn.modules.batchnorm import _BatchNorm

from losslandscape import centre, data, weights

Loss = Callable[[Tensor], Tensor]

MEASURES = centre.MEASURES

# Activations of a batch should stay in the cache of a core, or fill a GPU.
PIXELS = {"cpu": 2**16, "cuda": 2**22}

# A graph to be derived twice keeps about 25 kB a pixel of a ResNet-56: 1 GB, or 7 GB.
GRAPH = {"cpu": 2**15, "cuda": 2**18}


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
        scale = self.weight * (self.running_var + self.eps).rsqrt()
        shift = self.bias - self.running_mean * scale
        shape = (1, -1) + (1,) * (x.dim() - 2)
        return torch.addcmul(shift.reshape(shape), x, scale.reshape(shape))


def parts(net: nn.Module, split: data.Split, constant: Set[str]) -> list[Loss]:
    """The mean cross-entropy over a split, without weight decay, as a sum of parts.

    Each part is that of some images, so that a derivative needs the memory of one part.
    Tensors named in `constant` are constants to the derivatives, and so are batch-norm
    statistics, which are those in the vector.
    """
    net = affine(net)
    size = max(1, GRAPH[split.images.device.type] // split.images[0, 0].numel())
    fixed = constant | dict(net.named_buffers()).keys()

    def part(batch: data.Split, vector: Tensor) -> Tensor:
        state = weights.unflatten(vector, net)
        state |= {name: state[name].detach() for name in fixed & state.keys()}
        logits = functional_call(net, state, (batch.images,))
        loss = cross_entropy(logits, batch.labels, reduction="sum")
        return loss.double() / len(split.labels)

    return [partial(part, batch) for batch in data.batches(split, size)]


def affine(net: nn.Module) -> nn.Module:
    """A copy of a net in evaluation, every batch norm in its `Affine` form."""
    net = copy.deepcopy(net).eval()
    for path, module in list(net.named_modules()):
        is_norm = isinstance(module, _BatchNorm)
        if is_norm and module.affine and module.track_running_stats:
            net.set_submodule(path, Affine(module))
    return net


def measures(net: nn.Module, seen: data.Split, unseen: data.Split) -> Loss:
    """The four `MEASURES` (4,) in float64: loss and error (%) on both splits."""
    train, test = score(net, seen), score(net, unseen)
    return lambda vector: torch.cat([train(vector), test(vector)])


def outputs(net: nn.Module, split: data.Split) -> Loss:
    """The logits (images, classes) over a split, as a function of the vector."""
    net = copy.deepcopy(net).eval()
    batches = _batches(split)

    @torch.no_grad()
    def logits(vector: Tensor) -> Tensor:
        state = weights.unflatten(vector, net)
        return torch.cat([functional_call(net, state, (b.images,)) for b in batches])

    return logits


def plain(net: nn.Module, vector: Tensor, seen: data.Data) -> list[float]:
    """The four `MEASURES` of a net with these weights, by an ordinary pass.

    The reference that the engine must meet: nothing functional, fused or batched.
    """
    net = copy.deepcopy(net).eval()
    weights.assign(vector, net)
    values = []
    for split in (seen.train, seen.test):
        with torch.no_grad():
            logits = torch.cat([net(part) for part in split.images.split(100)]).double()
        wrong = (logits.argmax(1) != split.labels).double().mean()
        values += [cross_entropy(logits, split.labels).item(), 100 * wrong.item()]
    return values


def scored(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean loss and error, in %, (2,) of logits (images, classes), in float64."""
    loss = cross_entropy(logits, labels, reduction="none").double().mean()
    wrong = (logits.argmax(1) != labels).double().mean()
    return torch.stack([loss, 100 * wrong])


def score(net: nn.Module, split: data.Split) -> Loss:
    """Mean loss and error, in %, (2,) over a split, summed in float64."""
    net = copy.deepcopy(net).eval()
    batches, total = _batches(split), len(split.labels)

    @torch.no_grad()
    def mean(vector: Tensor) -> Tensor:
        state = weights.unflatten(vector, net)
        sums = torch.zeros(2, dtype=torch.float64, device=vector.device)
        for images, labels in batches:
            logits = functional_call(net, state, (images,))
            loss = cross_entropy(logits, labels, reduction="sum")
            wrong = (logits.argmax(1) != labels).sum()
            sums = sums + torch.stack([loss.double(), wrong.double()])
        return sums / total * sums.new_tensor([1, 100])

    return mean


def _batches(split: data.Split) -> list[data.Split]:
    device = split.images.device.type
    return data.batches(split, max(16, PIXELS[device] // split.images[0, 0].numel()))
