"""The same work as the papers' code does it, written from what that does.

A pass of batches of 128 for each point, weights set layer by layer, one `.item()` a
batch; each image transformed when it is loaded, or all of them in memory beforehand.
"""

from collections.abc import Callable, Iterable

import numpy as np
import torch
from PIL import Image
from scipy.sparse.linalg import LinearOperator, eigsh
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

import work
from losslandscape import weights

BATCH = 128
WORKERS = 2  # the official default

Loader = Iterable[tuple[Tensor, Tensor]]

PLAIN = [transforms.ToTensor(), transforms.Normalize(work.MEAN, work.STD)]
AUGMENTED = [transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip()]


class Images(Dataset):
    """Images of bytes, transformed one by one, as torchvision's CIFAR-10 has them."""

    def __init__(self, task: work.Task, count: int, steps: list) -> None:
        """Take the first `count` images of a task."""
        self.images, self.labels = (part[:count] for part in work.pixels(task))
        self.transform = transforms.Compose(steps)

    def __len__(self) -> int:
        """How many images there are."""
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        """An image as the net sees it, and its class."""
        image = Image.fromarray(self.images[index])
        return self.transform(image), int(self.labels[index])


def loaders(task: work.Task, in_memory: bool) -> tuple[Loader, Loader]:
    """The training images and the test images."""
    found = []
    for count in (task.images, max(1, task.images // 5)):
        images = Images(task, count, PLAIN)
        loader = DataLoader(images, BATCH, num_workers=0 if in_memory else WORKERS)
        found.append(_here(loader) if in_memory else loader)
    return found[0], found[1]


def _here(loader: Loader) -> Loader:
    return [(images.to(_device()), labels.to(_device())) for images, labels in loader]


def _device() -> torch.device:
    return torch.get_default_device()


def assign(net: nn.Module, parts: list[dict], shares: list[float]) -> None:
    """Set the weights layer by layer: a sum of parts, each times its share."""
    for name, parameter in net.named_parameters():
        both = zip(shares, parts, strict=True)
        parameter.data = sum(share * part[name] for share, part in both)


def evaluate(net: nn.Module, loader: Loader) -> tuple[float, float]:
    """Mean loss and accuracy."""
    criterion, total, right, count = nn.CrossEntropyLoss(), 0.0, 0.0, 0
    net.eval()
    with torch.no_grad():
        for images, labels in loader:
            images, labels = images.to(_device()), labels.to(_device())
            outputs = net(images)
            total += criterion(outputs, labels).item() * len(labels)
            right += outputs.max(1)[1].eq(labels).sum().item()
            count += len(labels)
    return total / count, 100 * right / count


def update_statistics(net: nn.Module, loader: Loader) -> None:
    """Measure the statistics of batch norm anew."""
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    net.train()
    for norm in norms:
        norm.reset_running_stats()
    seen = 0
    with torch.no_grad():
        for images, _ in loader:
            seen += len(images)
            for norm in norms:
                norm.momentum = len(images) / seen
            net(images.to(_device()))


def points(
    task: work.Task, in_memory: bool, parts: Tensor, shares: list, again: bool
) -> Callable[[], list[float]]:
    """Loss and accuracy on both splits at sums of parts (k, n), by their shares."""
    net = work.net(task)
    train, test = loaders(task, in_memory)
    named = [weights.unflatten(row, net) for row in parts]

    def run() -> list[float]:
        values = []
        for share in shares:
            assign(net, named, share)
            if again:
                update_statistics(net, train)
            values.append(evaluate(net, train)[0])
            evaluate(net, test)
        return values

    return run


def surface_points(
    task: work.Task, in_memory: bool, again: bool = False
) -> Callable[[], list[float]]:
    """Points of a plane."""
    net = work.net(task)
    parts = torch.cat([weights.flatten(net)[None], work.span(net, 2)])
    shares = [[1.0, *place] for place in work.places(task)]
    return points(task, in_memory, parts, shares, again)


def plane_points(task: work.Task, in_memory: bool) -> Callable[[], list[float]]:
    """The same, with statistics of batch norm measured at each point."""
    return surface_points(task, in_memory, again=True)


def profile_points(task: work.Task, in_memory: bool) -> Callable[[], list[float]]:
    """Points of a Bezier curve, with statistics of batch norm measured at each."""
    shares = [[(1 - t) ** 2, 2 * t * (1 - t), t**2] for t in work.ts(task)]
    return points(task, in_memory, work.curve(work.net(task)), shares, again=True)


def map_points(task: work.Task, in_memory: bool) -> Callable[[], list[float]]:
    """Both ends of the spectrum at each point: one, then that of what is shifted."""
    net = work.net(task)
    train, _ = loaders(task, in_memory)
    origin = weights.flatten(net)[None]
    rows = torch.cat([origin, work.span(net, 2)])
    parts = [weights.unflatten(row, net) for row in rows]
    size = sum(p.numel() for p in net.parameters() if p.dim() > 1)

    def run() -> list[float]:
        lows, highs, products = [], [], 0

        def product(vector: np.ndarray, shift: float = 0.0) -> np.ndarray:
            nonlocal products
            products += 1
            image = hessian_times(net, train, vector, task.images)
            return image - shift * vector.ravel()

        def largest(shift: float = 0.0) -> float:
            matrix = LinearOperator(
                (size, size), lambda vector: product(vector, shift), dtype=np.float32
            )
            return eigsh(matrix, k=1, tol=1e-2, return_eigenvectors=False)[0]

        for place in work.places(task):
            assign(net, parts, [1.0, *place])
            net.eval()
            first = largest()
            # It is the one of the largest size, of either sign.
            low, high = sorted((float(first), float(largest(first) + first)))
            lows.append(low)
            highs.append(high)
        return [*lows, *highs, products / task.points]

    return run


def hessian_times(
    net: nn.Module, train: Loader, vector: np.ndarray, total: int
) -> np.ndarray:
    """The Hessian of the mean loss of all matrices times a vector (k,), by batches."""
    learnt = [p for p in net.parameters() if p.dim() > 1]
    whole = torch.as_tensor(vector.ravel(), dtype=torch.float32).to(_device())
    along = whole.split([p.numel() for p in learnt])
    image = torch.zeros_like(whole)
    for images, labels in train:
        images, labels = images.to(_device()), labels.to(_device())
        loss = cross_entropy(net(images), labels)
        slopes = torch.autograd.grad(loss, learnt, create_graph=True)
        both = zip(slopes, along, strict=True)
        slope = sum((g * v.view_as(g)).sum() for g, v in both)
        seconds = torch.autograd.grad(slope, learnt)
        image += len(labels) / total * torch.cat([g.flatten() for g in seconds])
    return image.cpu().numpy()


def epochs(task: work.Task, in_memory: bool) -> Callable[[], list[float]]:
    """An epoch of training each time, each image cropped and flipped by itself."""
    net = work.net(task)
    workers = 0 if in_memory else WORKERS
    images = Images(task, task.images, AUGMENTED + PLAIN)
    # A loader shuffles with a generator of the CPU, wherever tensors are made.
    lot = torch.Generator("cpu")
    loader: Loader = DataLoader(
        images, BATCH, shuffle=True, num_workers=workers, generator=lot
    )
    if in_memory:
        loader = _here(loader)
    optimiser = torch.optim.SGD(
        net.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-4
    )
    criterion = nn.CrossEntropyLoss()

    def run() -> list[float]:
        net.train()
        total = 0.0
        for images, labels in loader:
            images, labels = images.to(_device()), labels.to(_device())
            optimiser.zero_grad()
            loss = criterion(net(images), labels)
            loss.backward()
            optimiser.step()
            total += loss.item() * len(labels)
        return [total / task.images]

    return run


KINDS = {
    "surface": surface_points,
    "plane": plane_points,
    "profile": profile_points,
    "map": map_points,
    "epoch": epochs,
}


def prepare(task: work.Task, in_memory: bool) -> Callable[[], list[float]]:
    """The work of a task, ready to be done as often as it is called."""
    return KINDS[task.kind](task, in_memory)
