"""GoogLeNet, the residual networks and MobileNet."""

from __future__ import annotations

from typing import Any

from tools.starters.net import Net

_INCEPTION = ("ones", "threes_reduced", "threes", "fives_reduced", "fives", "pooled")
_STAGES: dict[str, tuple[int, ...]] = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


def googlenet() -> Net:
    """Szegedy et al. 2014, table 1, with its two auxiliary classifiers; normalization as in AlexNet."""
    norm: dict[str, Any] = {"channels": 5, "alpha": 5e-4, "beta": 0.75, "k": 2.0}
    pool: dict[str, Any] = {"size": 3, "stride": 2, "ceil": True}
    net = Net(3, 224, 224)
    net.convolution("1", 64, 7, stride=2, padding=3)
    net.add("max_pool", "pool1", **pool)
    net.add("local_response_norm", "lrn1", **norm)
    net.convolution("2_reduce", 64, 1)
    net.convolution("2", 192, padding=1)
    net.add("local_response_norm", "lrn2", **norm)
    net.add("max_pool", "pool2", **pool)
    for stage, filters in _STAGES.items():
        fields: dict[str, Any] = dict(zip(_INCEPTION, filters, strict=True))
        last = net.block("inception", f"inception{stage}", folded=True, **fields)
        if stage in ("4a", "4d"):
            _auxiliary(net, "1" if stage == "4a" else "2")
            net.last = last
        if stage in ("3b", "4e"):
            net.add("max_pool", f"pool{stage[0]}", **pool)
    net.add("global_average_pool", "gap")
    net.add("dropout", "dropout", rate=0.4)
    net.classifier(1000, flat=False)
    return net


def _auxiliary(net: Net, number: str) -> None:
    """A classifier in the middle, whose loss counts 0.3 while training."""
    net.add("average_pool", f"aux{number}_pool", size=5, stride=3)
    net.add("convolution", f"aux{number}_conv", filters=128, kernel=1)
    net.add("relu", f"aux{number}_relu1")
    net.add("flatten", f"aux{number}_flatten")
    net.add("dense", f"aux{number}_dense1", units=1024)
    net.add("relu", f"aux{number}_relu2")
    net.add("dropout", f"aux{number}_dropout", rate=0.7)
    net.add("dense", f"aux{number}_dense2", units=1000)
    net.add("auxiliary_output", f"aux{number}", weight=0.3)
    net.group(f"auxiliary{number}", f"aux{number}")


def resnet(*counts: int, bottleneck: bool = False) -> Net:
    """He et al. 2015: four stages of so many residual blocks; with bottlenecks, the stride is at their 3×3 (v1.5)."""
    net = Net(3, 224, 224)
    net.convolution("1", 64, 7, stride=2, padding=3, norm=True)
    net.add("max_pool", "pool1", size=3, stride=2, padding=1)
    kind, wider = ("bottleneck", 4) if bottleneck else ("residual", 1)
    for stage, count in enumerate(counts, 2):
        for index in range(1, count + 1):
            stride = 2 if stage > 2 and index == 1 else 1
            filters = wider * 64 * 2 ** (stage - 2)
            net.block(kind, f"block{stage}_{index}", folded=True, filters=filters, stride=stride)
    net.add("global_average_pool", "gap")
    net.classifier(1000, flat=False)
    return net


def mobilenet() -> Net:
    """Howard et al. 2017, width 1."""
    net = Net(3, 224, 224)
    net.convolution("1", 32, stride=2, padding=1, norm=True)
    plan = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]
    for number, (filters, stride) in enumerate(plan, 2):
        net.block("depthwise_separable", f"separable{number}", folded=True, filters=filters, stride=stride)
    net.add("global_average_pool", "gap")
    net.classifier(1000, flat=False)
    return net
