"""The modules that PyTorch lacks; their source text stands in ``core/export/helpers.py`` for the exporter."""

import torch
from torch import nn


class GaussianNoise(nn.Module):
    """Adds normal noise of the given standard deviation while training."""

    def __init__(self, deviation: float) -> None:
        super().__init__()
        self.deviation = deviation

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        return x + self.deviation * torch.randn_like(x)
