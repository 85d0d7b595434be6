"""How the two papers draw the first weights of their nets."""

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


def li(net: nn.Module) -> None:
    """Draw the weights as Li et al. (`init_params` of their `main.py`).

    Convolutions N(0, 2 / fan-in), linear layers N(0, 0.001²), biases 0. The gains of
    one-dimensional batch norms, which only VGG-9 has, are U(0, 1).
    """
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=1e-3)
        elif isinstance(module, nn.BatchNorm1d):
            # Left to the PyTorch of the time; the first norm of figure 2, 59.5, has it.
            nn.init.uniform_(module.weight)
        if isinstance(module, nn.Conv2d | nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)


def garipov(net: nn.Module) -> None:
    """Draw the convolutions as Garipov et al., N(0, 2 / fan-out) with biases 0.

    Linear layers and batch norms keep the library's default.
    """
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def uniform_gains(net: nn.Module) -> None:
    """Draw every batch norm's gains from U(0, 1), PyTorch's default when both wrote."""
    for module in net.modules():
        if isinstance(module, _BatchNorm):
            nn.init.uniform_(module.weight)
