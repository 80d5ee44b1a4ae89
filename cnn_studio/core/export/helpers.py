"""Modules that PyTorch lacks: the text that goes along with exported code, once for exporter, engine and tests."""

from __future__ import annotations

GAUSSIAN_NOISE = '''\
class GaussianNoise(nn.Module):
    """Adds normal noise of the given standard deviation while training."""

    def __init__(self, deviation: float) -> None:
        super().__init__()
        self.deviation = deviation

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        return x + self.deviation * torch.randn_like(x)
'''

HELPERS: dict[str, str] = {"GaussianNoise": GAUSSIAN_NOISE}
"""Name of each class -> its source; needs only ``torch`` and ``nn``."""
