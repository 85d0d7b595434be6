"""Mean loss and error over data, as functions of a flat weight vector.

The one interface of every landscape: surfaces, lines, curves, Hessians and ensembles
take a `Loss` and know neither nets nor data.
"""

import copy
from collections.abc import Callable, Set
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from losslandscape import capture, centre, data, engine, memory, weights

Loss = Callable[[Tensor], Tensor]

MEASURES = centre.MEASURES

# Activations of a batch should stay in the cache of a core, or fill a GPU.
PIXELS = {"cpu": 2**16, "cuda": 2**22}

# Images on which a form of a net must agree with the net: on a GPU a whole batch, whose
# size decides which kernels there are.
FEW = {"cpu": 8, "cuda": 2**12}

# A graph to be derived twice keeps about 25 kB a pixel of a ResNet-56: 1 GB, or 7 GB.
GRAPH = {"cpu": 2**15, "cuda": 2**18}


def parts(net: nn.Module, split: data.Split, constant: Set[str]) -> list[Loss]:
    """The mean cross-entropy over a split, without weight decay, as a sum of parts.

    Each part is that of some images, so that a derivative needs the memory of one part.
    Tensors named in `constant` are constants to the derivatives, and so are batch-norm
    statistics, which are those in the vector.
    """
    form = engine.derivable(net, _few(split))
    size = max(1, GRAPH[split.images.device.type] // split.images[0, 0].numel())
    fixed = constant | weights.buffers(net)

    def part(batch: data.Split, vector: Tensor) -> Tensor:
        state = weights.unflatten(vector, net)
        state |= {name: state[name].detach() for name in fixed}
        logits = form(state)(batch.images)
        loss = cross_entropy(logits, batch.labels, reduction="sum")
        return loss.double() / len(split.labels)

    return [partial(part, batch) for batch in data.batches(split, size)]


def measures(
    net: nn.Module, seen: data.Split, unseen: data.Split, precision: str = "float32"
) -> Loss:
    """The four `MEASURES` (4,) in float64: loss and error (%) on both splits."""
    form = engine.fastest(net, _few(seen), _dtype(seen, precision))
    train, test = (_score(net, form, split, precision) for split in (seen, unseen))
    return capture.replayed(lambda vector: torch.cat([train(vector), test(vector)]))


def score(net: nn.Module, split: data.Split, precision: str = "float32") -> Loss:
    """Mean loss and error, in %, (2,) over a split, summed in float64."""
    form = engine.fastest(net, _few(split), _dtype(split, precision))
    return capture.replayed(_score(net, form, split, precision))


def outputs(net: nn.Module, split: data.Split) -> Loss:
    """The logits (images, classes) over a split, as a function of the vector."""
    form = engine.fastest(net, _few(split), split.images.dtype)

    @torch.no_grad()
    def logits(vector: Tensor, size: int) -> Tensor:
        loaded = form(weights.unflatten(vector, net))
        batches = data.batches(split, size)
        return torch.cat([loaded(images) for images, _ in batches])

    return capture.replayed(memory.sparing(logits, _size(split)))


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


def _score(
    net: nn.Module, form: engine.Form, split: data.Split, precision: str
) -> Loss:
    """The mean loss and error of `score`, by some form of a net."""
    total, dtype = len(split.labels), _dtype(split, precision)

    @torch.no_grad()
    def mean(vector: Tensor, size: int) -> Tensor:
        finest = torch.promote_types(vector.dtype, dtype)
        loaded = form(weights.unflatten(vector.to(finest), net))
        sums = torch.zeros(2, dtype=torch.float64, device=vector.device)
        for images, labels in data.batches(split, size):
            logits = loaded(images)
            loss = cross_entropy(logits, labels, reduction="sum")
            wrong = (logits.argmax(1) != labels).sum()
            sums = sums + torch.stack([loss.double(), wrong.double()])
        loss, error = sums / total
        return torch.stack([loss, 100 * error])

    return memory.sparing(mean, _size(split))


def _few(split: data.Split) -> Tensor:
    """Some images of a split, to choose the form of a net by."""
    return split.images[: FEW[split.images.device.type]]


def _size(split: data.Split) -> int:
    """How many images a batch has, to begin with."""
    pixels = PIXELS[split.images.device.type]
    return max(16, pixels // split.images[0, 0].numel())


def _dtype(split: data.Split, precision: str) -> torch.dtype:
    """The type of the arithmetic: that of the data, unless another one is asked for."""
    return {"bfloat16": torch.bfloat16, "float64": torch.float64}.get(
        precision, split.images.dtype
    )
