"""A small net of each family, and weights that leave nothing of it at nought or one."""

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

import small

FAMILIES = {
    "resnet": {"resnet": {"depth": 20}},
    "noshort": {"resnet": {"depth": 20, "shortcuts": False}},
    "preresnet": {"preresnet": {"depth": 11}},
    "wideresnet": {"wideresnet": {"depth": 10, "width": 2}},
    "densenet": {"densenet": {"blocks": [2, 2], "growth": 4}},
    "vgg9": {"vgg": {"plan": "vgg9", "width": 0.125}},
    "vgg16": {"vgg": {"plan": "vgg16", "width": 0.125}},
    "convnet": {"convnet": {"width": 0.02}},
}


def drawn(net: nn.Module) -> nn.Module:
    """A net in float64 whose batch norms have statistics, gains and shifts of noise."""
    net = net.double().eval().requires_grad_(False)
    norms = [module for module in net.modules() if isinstance(module, _BatchNorm)]
    for seed, norm in enumerate(norms):
        for k, tensor in enumerate((norm.weight, norm.bias, norm.running_mean)):
            tensor.copy_(small.numbers(len(tensor), seed=3 * seed + k))
        norm.running_var.copy_(small.numbers(len(norm.bias), seed=seed).abs() + 0.1)
    return net
