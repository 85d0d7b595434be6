"""Images that are numbers in order, and how images are normalised."""

import torch

from losslandscape import data

MEAN, STD = [0.5, 0.4, 0.3], [0.2, 0.1, 0.3]


def split(labels):
    labels = torch.as_tensor(labels)
    return data.Split(torch.arange(len(labels))[:, None, None, None] * 1.0, labels)
