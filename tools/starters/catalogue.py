"""All starters: how each is built, what it is called and what it is meant for."""

from __future__ import annotations

import string
from collections.abc import Callable
from functools import partial

from cnn_studio.core.context import DataFacts
from cnn_studio.core.plans.augmentation import Flip, RandomCrop, Shift
from cnn_studio.core.plans.plan import TrainingPlan, plan_to_json
from cnn_studio.core.project import Project
from tools.starters import classics, deep, small, sound_and_video, stories_classic, stories_deep, stories_others
from tools.starters.net import Net

DIGITS = tuple(string.digits)
LETTERS = tuple(string.ascii_uppercase)
SHAPES = ("circle", "square", "triangle", "star", "cross", "ring")
MOTIONS = ("to the right", "to the left", "upwards", "downwards", "growing", "shrinking")
NOISES = (
    "air conditioner", "car horn", "children playing", "dog bark", "drilling", "engine idling", "gun shot",
    "jackhammer", "siren", "street music",
)  # fmt: skip

STORIES = {**stories_classic.STORIES, **stories_deep.STORIES, **stories_others.STORIES}

# name: (title, data set, its classes, how it is built)
STARTERS: dict[str, tuple[str, str, tuple[str, ...], Callable[[], Net]]] = {
    "quick-digits": ("quick-digits", "digits", DIGITS, small.quick_digits),
    "mlp": ("MLP", "digits", DIGITS, classics.mlp),
    "lenet5": ("LeNet-5", "digits", DIGITS, classics.lenet5),
    "course-digits": ("course-digits", "digits", DIGITS, classics.course_digits),
    "course-letters": ("course-letters", "emnist-letters", LETTERS, classics.course_letters),
    "alexnet": ("AlexNet", "imagenet", (), classics.alexnet),
    "zfnet": ("ZFNet", "imagenet", (), classics.zfnet),
    "vgg11": ("VGG-11", "imagenet", (), partial(classics.vgg, 1, 1, 2, 2, 2)),
    "vgg13": ("VGG-13", "imagenet", (), partial(classics.vgg, 2, 2, 2, 2, 2)),
    "vgg16": ("VGG-16", "imagenet", (), partial(classics.vgg, 2, 2, 3, 3, 3)),
    "vgg19": ("VGG-19", "imagenet", (), partial(classics.vgg, 2, 2, 4, 4, 4)),
    "tiny-vgg": ("tiny-vgg", "shapes", SHAPES, small.tiny_vgg),
    "googlenet": ("GoogLeNet", "imagenet", (), deep.googlenet),
    "tiny-inception": ("tiny-inception", "shapes", SHAPES, small.tiny_inception),
    "resnet18": ("ResNet-18", "imagenet", (), partial(deep.resnet, 2, 2, 2, 2)),
    "resnet34": ("ResNet-34", "imagenet", (), partial(deep.resnet, 3, 4, 6, 3)),
    "resnet50": ("ResNet-50", "imagenet", (), partial(deep.resnet, 3, 4, 6, 3, bottleneck=True)),
    "tiny-resnet": ("tiny-resnet", "shapes", SHAPES, small.tiny_resnet),
    "mobilenet": ("MobileNet", "imagenet", (), deep.mobilenet),
    "tiny-sound": ("tiny-sound", "spoken-digits", DIGITS, sound_and_video.tiny_sound),
    "m3": ("M3", "urbansound8k", NOISES, partial(sound_and_video.waveform, 256, (1, 256))),
    "m5": ("M5", "urbansound8k", NOISES, partial(sound_and_video.waveform, 128, (1, 128), (1, 256), (1, 512))),
    "m11": (
        "M11",
        "urbansound8k",
        NOISES,
        partial(sound_and_video.waveform, 64, (2, 64), (2, 128), (3, 256), (2, 512)),
    ),
    "m18": (
        "M18",
        "urbansound8k",
        NOISES,
        partial(sound_and_video.waveform, 64, (4, 64), (4, 128), (4, 256), (4, 512)),
    ),
    "m34res": ("M34-res", "urbansound8k", NOISES, sound_and_video.m34res),
    "tiny-video": ("tiny-video", "motions", MOTIONS, sound_and_video.tiny_video),
    "c3d": ("C3D", "sports-1m", (), sound_and_video.c3d),
}
COUNTS = {"imagenet": 1000, "sports-1m": 487}
"""Data sets whose classes are numbered here."""


PICTURES = TrainingPlan(epochs=10, batch_size=64, rate=0.006, augmentation=(Flip(), RandomCrop(border=3)))
PLANS = {
    "quick-digits": TrainingPlan(epochs=2, batch_size=128, rate=0.015),
    "mlp": TrainingPlan(epochs=5, batch_size=128, rate=0.002),
    "lenet5": TrainingPlan(epochs=5, batch_size=64, rate=0.003),
    "course-digits": TrainingPlan(epochs=4, batch_size=64, rate=0.002),
    "course-letters": TrainingPlan(epochs=4, batch_size=64, rate=0.001),
    "tiny-vgg": PICTURES,
    "tiny-inception": PICTURES,
    "tiny-resnet": PICTURES,
    "tiny-sound": TrainingPlan(epochs=20, batch_size=32, rate=0.01, augmentation=(Shift(most=0.05),)),
    "tiny-video": TrainingPlan(epochs=4, batch_size=32, rate=0.01),
}
"""How those that can be trained on a laptop are best trained; the others begin with the plan that anything begins with."""


def project(name: str) -> Project:
    """The project of one starter, ready to be written."""
    title, data, classes, build = STARTERS[name]
    net = build()
    classes = classes or tuple(f"class {number}" for number in range(1, COUNTS[data] + 1))
    english, spanish = STORIES[name]
    facts = DataFacts(data, net.sample, classes)
    plan = PLANS[name].model_copy(update={"data": data}) if name in PLANS else None
    stored = plan_to_json(plan) if plan is not None else None
    return Project(net.arranged(), title, {"en": english, "es": spanish}, facts, plan=stored)
