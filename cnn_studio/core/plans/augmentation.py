"""Ways of varying training samples, so that a network learns what matters and not each picture by heart."""

from __future__ import annotations

from typing import ClassVar

from cnn_studio.core.fields import flag, number
from cnn_studio.core.plans import augmentations
from cnn_studio.core.plans.base import Augmentation
from cnn_studio.i18n import N_


@augmentations.declare("shift")
class Shift(Augmentation):
    """Moved by a share of the size."""

    kind: ClassVar[str] = "shift"
    label: ClassVar[str] = N_("Shift")
    help: ClassVar[str] = N_("Moves each sample a little in any direction.")

    most: float = number(0.1, N_("At most"), ge=0.0, le=1.0, help=N_("As a share of the sample's size."))


@augmentations.declare("rotate")
class Rotate(Augmentation):
    """Turned around the middle."""

    kind: ClassVar[str] = "rotate"
    label: ClassVar[str] = N_("Rotate")
    help: ClassVar[str] = N_("Turns each picture a little to either side.")

    most: float = number(10.0, N_("At most"), ge=0.0, le=180.0, unit="°")


@augmentations.declare("zoom")
class Zoom(Augmentation):
    """Made larger or smaller."""

    kind: ClassVar[str] = "zoom"
    label: ClassVar[str] = N_("Scale")
    help: ClassVar[str] = N_("Makes each picture a little larger or smaller.")

    most: float = number(0.1, N_("At most"), ge=0.0, le=0.9, help=N_("0.1 goes from 90 % to 110 % of the size."))


@augmentations.declare("shear")
class Shear(Augmentation):
    """Slanted."""

    kind: ClassVar[str] = "shear"
    label: ClassVar[str] = N_("Shear")
    help: ClassVar[str] = N_("Slants each picture a little, as handwriting leans.")

    most: float = number(10.0, N_("At most"), ge=0.0, le=60.0, unit="°")


@augmentations.declare("elastic")
class Elastic(Augmentation):
    """Bent smoothly (Simard, Steinkraus, Platt 2003)."""

    kind: ClassVar[str] = "elastic"
    label: ClassVar[str] = N_("Elastic")
    help: ClassVar[str] = N_("Bends each picture smoothly, as if drawn on rubber: good for handwriting.")

    strength: float = number(1.5, N_("Strength"), ge=0.0, le=20.0, unit="px", help=N_("How far pixels wander."))
    smoothness: float = number(
        4.0, N_("Smoothness"), ge=1.0, le=32.0, unit="px", help=N_("Over what distance the bending changes.")
    )


@augmentations.declare("flip")
class Flip(Augmentation):
    """Mirrored, half of the time."""

    kind: ClassVar[str] = "flip"
    label: ClassVar[str] = N_("Mirror")
    help: ClassVar[str] = N_("Mirrors half of the samples, left and right; not for digits, letters or sound.")

    vertical: bool = flag(False, N_("Upside down too"))


@augmentations.declare("crop")
class RandomCrop(Augmentation):
    """Cut at a random place after a border was added."""

    kind: ClassVar[str] = "crop"
    label: ClassVar[str] = N_("Random crop")
    help: ClassVar[str] = N_("Adds a border and cuts the old size out at a random place: a shift by whole pixels.")

    border: int = number(4, N_("Border"), ge=1, le=256, unit="px")


@augmentations.declare("brightness")
class Brightness(Augmentation):
    """Lighter or darker, with more or less contrast."""

    kind: ClassVar[str] = "brightness"
    label: ClassVar[str] = N_("Brightness and contrast")
    help: ClassVar[str] = N_(
        "Makes each sample a little lighter or darker, and its contrast larger or smaller; sound louder or softer."
    )

    brightness: float = number(0.1, N_("Brightness"), ge=0.0, le=1.0)
    contrast: float = number(0.2, N_("Contrast"), ge=0.0, le=1.0)


@augmentations.declare("noise")
class Noise(Augmentation):
    """A little noise on every value."""

    kind: ClassVar[str] = "noise"
    label: ClassVar[str] = N_("Noise")
    help: ClassVar[str] = N_("Adds a little random noise to every value.")

    deviation: float = number(0.05, "σ", ge=0.0, le=1.0)


@augmentations.declare("erase")
class Erase(Augmentation):
    """A patch covered (Zhong et al. 2017, arXiv:1708.04896)."""

    kind: ClassVar[str] = "erase"
    label: ClassVar[str] = N_("Erase a patch")
    help: ClassVar[str] = N_("Covers a patch at a random place, so that no single detail decides.")

    size: float = number(
        0.25, N_("Size"), ge=0.01, le=1.0, help=N_("Side of the patch as a share of the sample's size.")
    )
