"""Small networks on pictures, made to train in seconds."""

from __future__ import annotations

from typing import Any

from tools.starters.net import Net


def quick_digits() -> Net:
    """Three small convolutions with batch normalization, nothing padded and nothing cut off: 28, 24, 12, 10, 5, 3."""
    net = Net(1, 28, 28)
    net.convolution("1", 16, 5, norm=True, pool=True)
    net.convolution("2", 32, norm=True, pool=True)
    net.convolution("3", 64, norm=True)
    net.classifier(10)
    return net


def tiny_vgg() -> Net:
    """VGG's pairs of 3×3 convolutions on 32×32, with batch normalization: without it they need minutes to begin."""
    net = Net(3, 32, 32)
    for stage, filters in ((1, 16), (2, 32), (3, 64)):
        net.convolution(f"{stage}_1", filters, padding=1, norm=True)
        net.convolution(f"{stage}_2", filters, padding=1, norm=True)
        net.add("max_pool", f"pool{stage}")
    net.classifier(6, 128, dropout=0.5)
    return net


def tiny_resnet() -> Net:
    """Three residual blocks on 32×32."""
    net = Net(3, 32, 32)
    net.convolution("1", 16, padding=1, norm=True)
    for number, (filters, stride) in enumerate(((16, 1), (32, 2), (64, 2)), 1):
        net.block("residual", f"residual{number}", filters=filters, stride=stride)
    net.add("global_average_pool", "gap")
    net.classifier(6, flat=False)
    return net


def tiny_inception() -> Net:
    """Two inception modules on 32×32."""
    net = Net(3, 32, 32)
    net.convolution("1", 24, padding=1, norm=True)
    net.add("max_pool", "pool1")
    for number, scale in ((1, 1), (2, 2)):
        filters = {"ones": 16, "threes_reduced": 12, "threes": 24, "fives_reduced": 4, "fives": 8, "pooled": 8}
        wider: dict[str, Any] = {name: scale * value for name, value in filters.items()}
        net.block("inception", f"inception{number}", norm=True, **wider)
        if number == 1:
            net.add("max_pool", "pool2")
    net.add("global_average_pool", "gap")
    net.classifier(6, flat=False)
    return net
