"""Layers written out by their formulas, to rebuild a net from its tensors alone."""

import torch
from torch import Tensor, nn
from torch.nn import functional


def lively(net: nn.Module) -> nn.Module:
    """The net in float64 and evaluation mode, with vectors that all leave a mark."""
    generator = torch.Generator().manual_seed(1)
    for name, tensor in net.double().eval().state_dict().items():
        if tensor.ndim == 1:
            noise = torch.rand(tensor.shape, generator=generator) - 0.5
            centred = name.endswith(("bias", "running_mean"))
            tensor.copy_(noise if centred else 1 + noise)
    return net


def images(channels: int, size: int) -> Tensor:
    """Two images of noise."""
    generator = torch.Generator().manual_seed(2)
    shape = (2, channels, size, size)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


class Layers:
    """The layers of a net, called by their names."""

    def __init__(self, net: nn.Module) -> None:
        """Keep the net's tensors, and nothing else of it."""
        self.state = net.state_dict()

    def conv(self, name: str, x: Tensor, stride: int = 1) -> Tensor:
        """A convolution that pads by half its kernel."""
        kernel, bias = self.state[f"{name}.weight"], self.state.get(f"{name}.bias")
        return functional.conv2d(x, kernel, bias, stride, kernel.shape[-1] // 2)

    def norm(self, name: str, x: Tensor) -> Tensor:
        """Batch norm by its running statistics."""
        parts = ("running_mean", "running_var", "weight", "bias")
        shape = (1, -1) + (1,) * (x.ndim - 2)
        mean, variance, gain, bias = (
            self.state[f"{name}.{part}"].reshape(shape) for part in parts
        )
        return (x - mean) / (variance + 1e-5).sqrt() * gain + bias

    def linear(self, name: str, x: Tensor) -> Tensor:
        """A linear layer."""
        return x @ self.state[f"{name}.weight"].T + self.state[f"{name}.bias"]
