"""lenet

Input: 28×28×1, a tensor of (N, 1, 28, 28)
Output: 10, a tensor of (N, 10)
Parameters: 61,706

Weights saved by CNN Studio (in the safetensors format) are loaded with

    from safetensors.torch import load_file

    network = Lenet()
    network.load_state_dict(load_file("weights.safetensors"))
"""

import torch
from torch import nn


class Lenet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.tanh1 = nn.Tanh()
        self.pool1 = nn.AvgPool2d(2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.tanh2 = nn.Tanh()
        self.pool2 = nn.AvgPool2d(2)
        self.flatten1 = nn.Flatten()
        self.dense1 = nn.Linear(400, 120)
        self.tanh3 = nn.Tanh()
        self.dense2 = nn.Linear(120, 84)
        self.tanh4 = nn.Tanh()
        self.dense3 = nn.Linear(84, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv1(x)  # 28×28×6
        x = self.tanh1(x)  # 28×28×6
        x = self.pool1(x)  # 14×14×6
        x = self.conv2(x)  # 10×10×16
        x = self.tanh2(x)  # 10×10×16
        x = self.pool2(x)  # 5×5×16
        x = self.flatten1(x)  # 400
        x = self.dense1(x)  # 120
        x = self.tanh3(x)  # 120
        x = self.dense2(x)  # 84
        x = self.tanh4(x)  # 84
        x = self.dense3(x)  # 10
        return x


if __name__ == "__main__":
    network = Lenet().eval()
    with torch.no_grad():
        output = network(torch.randn(1, 1, 28, 28))
    print("output:", tuple(output.shape))
    print("parameters:", sum(weight.numel() for weight in network.parameters()))
