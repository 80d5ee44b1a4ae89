"""The networks of the courses and the first ones of the field."""

from __future__ import annotations

from typing import Any

from tools.starters.net import Net


def mlp() -> Net:
    """Multilayer perceptron on 28×28: 784 - 512 - 512 - 10."""
    net = Net(1, 28, 28)
    net.classifier(10, 512, 512, dropout=0.2)
    return net


def lenet5() -> Net:
    """LeCun et al. 1998, with full connections between the second and third stage and without their scaled pools."""
    net = Net(1, 32, 32)
    net.add("convolution", "conv1", filters=6, kernel=5)
    net.add("tanh", "tanh1")
    net.add("average_pool", "pool1")
    net.add("convolution", "conv2", filters=16, kernel=5)
    net.add("tanh", "tanh2")
    net.add("average_pool", "pool2")
    net.add("flatten", "flatten")
    net.add("dense", "dense1", units=120)
    net.add("tanh", "tanh3")
    net.add("dense", "dense2", units=84)
    net.add("tanh", "tanh4")
    net.add("dense", "dense3", units=10)
    net.add("output", "output")
    return net


def course_letters() -> Net:
    """The letters of the course: 128×128 grey to 26."""
    net = Net(1, 128, 128)
    net.convolution("1", 16, stride=2, padding="same")
    net.add("max_pool", "pool1")
    net.classifier(26, 512, softmax=True)
    return net


def course_digits() -> Net:
    """The digits of the course: 28×28 grey to 10."""
    net = Net(1, 28, 28)
    net.convolution("1", 64)
    net.add("max_pool", "pool1")
    net.convolution("2", 64)
    net.add("max_pool", "pool2")
    net.convolution("3", 64)
    net.add("flatten", "flatten")
    net.add("dropout", "dropout", rate=0.5)
    net.classifier(10, flat=False, softmax=True)
    return net


def alexnet() -> Net:
    """Krizhevsky et al. 2012, both halves: two groups where the halves did not see each other."""
    norm: dict[str, Any] = {
        "channels": 5,
        "alpha": 5e-4,
        "beta": 0.75,
        "k": 2.0,
    }  # the paper's 1e-4, not divided by its 5 channels
    net = Net(3, 227, 227)
    net.convolution("1", 96, 11, stride=4)
    net.add("local_response_norm", "lrn1", **norm)
    net.add("max_pool", "pool1", size=3, stride=2)
    net.convolution("2", 256, 5, padding=2, groups=2)
    net.add("local_response_norm", "lrn2", **norm)
    net.add("max_pool", "pool2", size=3, stride=2)
    net.convolution("3", 384, padding=1)
    net.convolution("4", 384, padding=1, groups=2)
    net.convolution("5", 256, padding=1, groups=2)
    net.add("max_pool", "pool5", size=3, stride=2)
    net.classifier(1000, 4096, 4096, dropout=0.5)
    return net


def zfnet() -> Net:
    """Zeiler and Fergus 2013: 7×7 kernels with stride 2 in the first layer, no groups; pools keep the rest."""
    norm: dict[str, Any] = {"channels": 5, "alpha": 5e-4, "beta": 0.75, "k": 2.0}
    net = Net(3, 224, 224)
    net.convolution("1", 96, 7, stride=2, padding=1)
    net.add("max_pool", "pool1", size=3, stride=2, ceil=True)
    net.add("local_response_norm", "lrn1", **norm)
    net.convolution("2", 256, 5, stride=2)
    net.add("max_pool", "pool2", size=3, stride=2, ceil=True)
    net.add("local_response_norm", "lrn2", **norm)
    net.convolution("3", 384, padding=1)
    net.convolution("4", 384, padding=1)
    net.convolution("5", 256, padding=1)
    net.add("max_pool", "pool5", size=3, stride=2)
    net.classifier(1000, 4096, 4096, dropout=0.5)
    return net


def vgg(*counts: int) -> Net:
    """Simonyan and Zisserman 2014: five stages of so many 3×3 convolutions."""
    net = Net(3, 224, 224)
    for stage, (count, filters) in enumerate(zip(counts, (64, 128, 256, 512, 512), strict=True), 1):
        for index in range(1, count + 1):
            net.convolution(f"{stage}_{index}", filters, padding=1)
        net.add("max_pool", f"pool{stage}")
    net.classifier(1000, 4096, 4096, dropout=0.5)
    return net
