"""scikit-learn's diabetes data: ten measurements of 442 people, and what came of it."""

import numpy as np
import torch
from sklearn.datasets import load_diabetes
from torch.utils.data import TensorDataset


def diabetes(train: bool, tested: int = 92) -> TensorDataset:
    """Measurements (n, 10) and progression (n, 1), in deviations from the mean."""
    inputs, targets = load_diabetes(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(inputs))
    learnt, chosen = order[tested:], order[tested:] if train else order[:tested]
    columns = np.column_stack([inputs, targets])
    # In the units of what is learnt from: the rest counts as not seen yet.
    columns = (columns - columns[learnt].mean(0)) / columns[learnt].std(0)
    scaled = torch.tensor(columns[chosen], dtype=torch.float32)
    return TensorDataset(scaled[:, :-1], scaled[:, -1:])
