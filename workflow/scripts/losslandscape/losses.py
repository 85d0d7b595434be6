"""Mean loss and error over data, as functions of a flat weight vector.

The one interface of every landscape: surfaces, lines, curves, Hessians and ensembles
take a `Loss` and know neither nets nor data.
"""

import copy
from collections.abc import Callable, Iterable, Set
from functools import partial

import torch
from torch import Tensor, nn

from losslandscape import capture, centre, data, engine, memory, tasks, weights

Loss = Callable[[Tensor], Tensor]

MEASURES = centre.MEASURES

# Activations of a batch should stay in the cache of a core, or fill a GPU.
PIXELS = {"cpu": 2**16, "cuda": 2**22}

# Outputs that weigh as much as a pixel, which has some channels.
OUTPUTS = 16

# Images on which a form of a net must agree with the net: on a GPU a whole batch, whose
# size decides which kernels there are.
FEW = {"cpu": 8, "cuda": 2**12}

# A graph to be derived twice keeps about 25 kB a pixel of a ResNet-56: 1 GB, or 7 GB.
GRAPH = {"cpu": 2**15, "cuda": 2**18}


def parts(net: nn.Module, split: data.Split, constant: Set[str]) -> list[Loss]:
    """The mean loss over a split, without weight decay, as a sum of parts.

    Each part is that of some images, so that a derivative needs the memory of one part.
    Tensors named in `constant` are constants to the derivatives, and so are batch-norm
    statistics, which are those in the vector.
    """
    form = engine.derivable(net, _few(net, split))
    size = max(1, GRAPH[split.images.device.type] // _pixels(net, split))
    fixed = constant | weights.buffers(net)

    def part(batch: data.Split, vector: Tensor) -> Tensor:
        state = weights.unflatten(vector, net)
        state |= {name: state[name].detach() for name in fixed}
        found = form(state)(batch.images)
        loss = split.task.loss(found, batch.labels, "sum")
        return loss.double() / len(split.labels)

    return [partial(part, batch) for batch in data.batches(split, size)]


def measures(
    net: nn.Module, seen: data.Split, unseen: data.Split, precision: str = "float32"
) -> Loss:
    """The four `MEASURES` (4,) in float64: loss and error on both splits.

    The error is the task's measure: of classification in %.
    """
    form = engine.fastest(net, _few(net, seen), _dtype(net, seen, precision))
    train, test = (_score(net, form, split, precision) for split in (seen, unseen))
    return capture.replayed(lambda vector: torch.cat([train(vector), test(vector)]))


def score(net: nn.Module, split: data.Split, precision: str = "float32") -> Loss:
    """Mean loss and error (2,) over a split, summed in float64.

    >>> net = nn.Linear(1, 2, bias=False)
    >>> split = data.Split(torch.ones(4, 1), torch.tensor([0, 0, 0, 1]))
    >>> score(net, split)(torch.tensor([1.0, 0.0]))  # wrong at one of four
    tensor([ 0.5633, 25.0000], dtype=torch.float64)
    """
    form = engine.fastest(net, _few(net, split), _dtype(net, split, precision))
    return capture.replayed(_score(net, form, split, precision))


def outputs(net: nn.Module, split: data.Split) -> Loss:
    """The outputs (images, …) over a split, as a function of the vector."""
    form = engine.fastest(net, _few(net, split), _dtype(net, split, "float32"))

    @torch.no_grad()
    def found(vector: Tensor, size: int) -> Tensor:
        loaded = form(weights.unflatten(vector, net))
        return torch.cat([loaded(images) for images in split.images.split(size)])

    return capture.replayed(memory.sparing(found, _size(net, split)))


def plain(net: nn.Module, vector: Tensor, seen: data.Data) -> list[float]:
    """The four `MEASURES` of a net with these weights, by an ordinary pass.

    The reference that the engine must meet: nothing functional, fused or batched.
    """
    net = copy.deepcopy(net).eval()
    weights.assign(vector, net)
    return [value for part in (seen.train, seen.test) for value in _plainly(net, part)]


@torch.no_grad()
def _plainly(net: nn.Module, split: data.Split) -> list[float]:
    """Mean loss and error of a net as it stands, a hundred examples at a time."""
    passes: Iterable = (net(part).double() for part in split.images.split(100))
    if tasks.of_classes(split.task, split.labels):
        passes = [torch.cat([*passes])]  # few numbers each, and rounded once
    loss, error, done = 0.0, 0.0, 0
    for found in passes:
        labels = split.labels[done : done + len(found)]
        share = len(found) / len(split.labels)
        loss += share * split.task.loss(found, labels, "mean").item()
        error += share * split.task.measure(found, labels).double().mean().item()
        done += len(found)
    return [loss, split.task.scale * error]


def scored(found: Tensor, split: data.Split) -> Tensor:
    """Mean loss and error (2,) of outputs (images, …) for a split, in float64."""
    loss = split.task.loss(found, split.labels, "none").double().mean()
    wrong = split.task.measure(found, split.labels).double().mean()
    return torch.stack([loss, split.task.scale * wrong])


def _score(
    net: nn.Module, form: engine.Form, split: data.Split, precision: str
) -> Loss:
    """The mean loss and error of `score`, by some form of a net."""
    total, dtype = len(split.labels), _dtype(net, split, precision)
    task = split.task

    @torch.no_grad()
    def mean(vector: Tensor, size: int) -> Tensor:
        finest = torch.promote_types(vector.dtype, dtype)
        loaded = form(weights.unflatten(vector.to(finest), net))
        sums = torch.zeros(2, dtype=torch.float64, device=vector.device)
        for images, labels, _ in data.batches(split, size):
            found = loaded(images)
            loss = task.loss(found, labels, "sum")
            wrong = task.measure(found, labels).sum()
            sums = sums + torch.stack([loss.double(), wrong.double()])
        loss, error = sums / total
        return torch.stack([loss, task.scale * error])

    return memory.sparing(mean, _size(net, split))


def _few(net: nn.Module, split: data.Split) -> Tensor:
    """Some images of a split, to choose the form of a net by."""
    return split.images[: min(FEW[split.images.device.type], _size(net, split))]


def _size(net: nn.Module, split: data.Split) -> int:
    """How many images a batch has, to begin with."""
    return max(16, PIXELS[split.images.device.type] // _pixels(net, split))


@torch.no_grad()
def _pixels(net: nn.Module, split: data.Split) -> int:
    """The pixels of an image; of other inputs the numbers or words of an example.

    Or as many as its outputs are worth, of which a text has one a word of the language.
    """
    example = split.images[0]
    pixels = max(1, (example[0] if example.dim() > 2 else example).numel())
    if split.labels.dim() == 1:
        return pixels
    found = copy.deepcopy(net).eval()(split.images[:1])
    return max(pixels, found.numel() // OUTPUTS)


def _dtype(net: nn.Module, split: data.Split, precision: str) -> torch.dtype:
    """The type of the arithmetic: that of the data, unless another one is asked for."""
    return {"bfloat16": torch.bfloat16, "float64": torch.float64}.get(
        precision, engine.arithmetic(net, split.images)
    )
