"""What the studio is measured beside: data and networks as tutorials have them, and the memory of a process."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from torch.utils import data as torch_data

from cnn_studio.engine.datasets.base import Samples

MEAN, DEVIATION = 0.1307, 0.3081


class Pictures(torch_data.Dataset[tuple[Tensor, int]]):
    """A data set as tutorials have it: every picture through PIL, and then what torchvision's ToTensor and Normalize do."""

    def __init__(self, samples: Samples) -> None:
        self.data = torch.from_numpy(np.stack([samples.read(index)[0] for index in range(len(samples))]))
        self.targets = torch.from_numpy(samples.labels)

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        image, target = Image.fromarray(self.data[index].numpy()), int(self.targets[index])
        tensor = torch.from_numpy(np.array(image, np.uint8, copy=True)).view(image.size[1], image.size[0], 1)
        tensor = tensor.permute((2, 0, 1)).contiguous().to(torch.get_default_dtype()).div(255)
        tensor = tensor.clone()
        mean = torch.as_tensor((MEAN,), dtype=tensor.dtype, device=tensor.device)
        deviation = torch.as_tensor((DEVIATION,), dtype=tensor.dtype, device=tensor.device)
        if (deviation == 0).any():
            raise ValueError
        return tensor.sub_(mean.view(-1, 1, 1)).div_(deviation.view(-1, 1, 1)), target


class Example(nn.Module):
    """The network of PyTorch's own MNIST example."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 32, 3, 1), nn.Conv2d(32, 64, 3, 1)
        self.dropout1, self.dropout2 = nn.Dropout(0.25), nn.Dropout(0.5)
        self.fc1, self.fc2 = nn.Linear(9216, 128), nn.Linear(128, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Log-probabilities (n, 10) of pictures (n, 1, 28, 28)."""
        x = functional.relu(self.conv2(functional.relu(self.conv1(x))))
        x = self.dropout1(functional.max_pool2d(x, 2)).flatten(1)
        return functional.log_softmax(self.fc2(self.dropout2(functional.relu(self.fc1(x)))), dim=1)


def most_memory() -> int:
    """The most memory that this process ever held, in kilobytes; what getrusage tells includes the process it came from."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
