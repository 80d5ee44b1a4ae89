"""The ways in which people write each digit, as strokes of a pen written down by hand.

A way is one or several shapes between which writers vary: the same strokes with the same number of points, so that any
mixture of them is a way of writing too. A shape is text: points "x,y" in hundredths of the digit's height, x to the
right and y down, in the order in which the pen goes through them; "*" after a point makes it a corner, "/" lifts the
pen. Slant, size, width of the pen and small irregularities are not written here: see `pen.py`.
"""

from __future__ import annotations

from cnn_studio.engine.handwriting.five_to_nine import FIVE_TO_NINE
from cnn_studio.engine.handwriting.way import Way
from cnn_studio.engine.handwriting.zero_to_four import ZERO_TO_FOUR

WAYS: dict[int, tuple[Way, ...]] = ZERO_TO_FOUR | FIVE_TO_NINE
"""The ways of writing every digit."""
