"""residual-network

Input: 32×32×3, a tensor of (N, 3, 32, 32)
Output: 10, a tensor of (N, 10)
Parameters: 19,994

Weights saved by CNN Studio (in the safetensors format) are loaded with

    from safetensors.torch import load_file

    network = ResidualNetwork()
    network.load_state_dict(load_file("weights.safetensors"))
"""

import torch
from torch import nn


class ResidualNetwork(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(16)
        self.relu1 = nn.ReLU()

        # residual 1
        self.conv2 = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(16)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.norm3 = nn.BatchNorm2d(16)
        self.relu3 = nn.ReLU()

        # residual 2
        self.proj32 = nn.Conv2d(16, 32, 1, stride=2, bias=False)
        self.norm6 = nn.BatchNorm2d(32)
        self.conv4 = nn.Sequential(
            nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(16, 32, 3, stride=2, bias=False)
        )
        self.norm4 = nn.BatchNorm2d(32)
        self.relu4 = nn.ReLU()
        self.conv5 = nn.Conv2d(32, 32, 3, padding=1, bias=False)
        self.norm5 = nn.BatchNorm2d(32)
        self.relu5 = nn.ReLU()

        self.dense1 = nn.Linear(32, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv1(x)  # 32×32×16
        x = self.norm1(x)  # 32×32×16
        x = relu1 = self.relu1(x)  # 32×32×16

        # residual 1
        x = self.conv2(x)  # 32×32×16
        x = self.norm2(x)  # 32×32×16
        x = self.relu2(x)  # 32×32×16
        x = self.conv3(x)  # 32×32×16
        x = self.norm3(x)  # 32×32×16
        x = x + relu1  # 32×32×16
        x = self.relu3(x)  # 32×32×16

        # residual 2
        proj32 = self.proj32(x)  # 16×16×32
        norm6 = self.norm6(proj32)  # 16×16×32
        x = self.conv4(x)  # 16×16×32
        x = self.norm4(x)  # 16×16×32
        x = self.relu4(x)  # 16×16×32
        x = self.conv5(x)  # 16×16×32
        x = self.norm5(x)  # 16×16×32
        x = x + norm6  # 16×16×32
        x = self.relu5(x)  # 16×16×32

        x = torch.mean(x, dim=(2, 3))  # 32
        x = self.dense1(x)  # 10
        return x


if __name__ == "__main__":
    network = ResidualNetwork().eval()
    with torch.no_grad():
        output = network(torch.randn(1, 3, 32, 32))
    print("output:", tuple(output.shape))
    print("parameters:", sum(weight.numel() for weight in network.parameters()))
