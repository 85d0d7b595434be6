"""A plane of losses, and a way of training over it."""

import numpy as np

XS, YS = np.linspace(-1, 1, 9), np.linspace(-2, 2, 13)
X, Y = np.meshgrid(XS, YS)
EPOCHS = np.arange(0, 12, 2)


def surface(losses: np.ndarray = 6 * (X**2 + Y**2)) -> dict[str, np.ndarray]:
    return {"x": XS, "y": YS, "train_loss": losses}


def path(**changed: np.ndarray) -> dict[str, np.ndarray]:
    way = {
        "epoch": EPOCHS,
        "lr": np.array([np.nan, 0.1, 0.1, 0.01, 0.01, 0.001]),
        "x": np.array([0.9, 0.8, 0.6, 0.4, 0.1, 0.0]),
        "y": np.array([0.1, 0.7, 0.5, 0.2, 0.2, 0.0]),
        "distance": np.array([3.0, 9.0, 8.0, 5.0, 2.0, 0.0]),
        "train_loss": np.array([2.3, 1.0, 0.5, 0.1, 0.02, 0.01]),
        "plane_train_loss": np.array([4.0, 3.0, 2.0, 0.8, 0.1, 0.01]),
        "norms": np.array([40.0, 5.0]),
        "explained": np.array([0.2457, 0.0071]),
    }
    return way | changed
