"""Mean loss and error over data, as functions of a flat weight vector.

The one interface of every landscape: surfaces, lines, curves, Hessians and ensembles
take a `Loss` and know neither nets nor data.
"""

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy

from losslandscape import centre, data, weights

Loss = Callable[[Tensor], Tensor]

MEASURES = centre.MEASURES

# Activations of a batch should stay in the cache of a core, or fill a GPU.
PIXELS = {"cpu": 2**16, "cuda": 2**22}


def mean(net: nn.Module, split: data.Split) -> Loss:
    """The mean cross-entropy over a split, without weight decay; differentiable.

    Batch norm uses the statistics in the vector (Li et al., official evaluation), which
    are constants to its derivatives.
    """
    score = _score(net, split)
    return lambda vector: score(vector)[0]


def measures(net: nn.Module, seen: data.Split, unseen: data.Split) -> Loss:
    """The four `MEASURES` (4,) in float64: loss and error (%) on both splits."""
    train, test = _score(net, seen), _score(net, unseen)

    @torch.no_grad()
    def measure(vector: Tensor) -> Tensor:
        return torch.cat([train(vector), test(vector)])

    return measure


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


def _score(net: nn.Module, split: data.Split) -> Loss:
    """Mean loss and error (2,) as a function of the vector, summed in float64."""
    net = copy.deepcopy(net).eval()
    device = split.images.device.type
    size = max(16, PIXELS[device] // split.images[0, 0].numel())
    batches = data.batches(split, size)
    total = len(split.labels)
    statistics = weights.tensors(net).keys() & dict(net.named_buffers()).keys()

    def score(vector: Tensor) -> Tensor:
        state = weights.unflatten(vector, net)
        # Torch cannot derive batch norm by its running statistics.
        state |= {name: state[name].detach() for name in statistics}
        sums = torch.zeros(2, dtype=torch.float64, device=vector.device)
        for images, labels in batches:
            logits = functional_call(net, state, (images,))
            loss = cross_entropy(logits, labels, reduction="sum")
            wrong = (logits.argmax(1) != labels).sum()
            sums = sums + torch.stack([loss.double(), wrong.double()])
        return sums / total * sums.new_tensor([1, 100])

    return score
