"""What a network says of a drawing, and what it sees of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch

from cnn_studio.engine.datasets.base import Array
from cnn_studio.engine.drawing import ALL, Switches
from cnn_studio.engine.inking import Stroke, ink_picture, paper_ink
from cnn_studio.engine.inputs import Drawn, drawn
from cnn_studio.engine.insight import probes
from cnn_studio.engine.insight.base import Probe, prepared, undisturbed, view_of
from cnn_studio.engine.predict import Predictor

if TYPE_CHECKING:
    from cnn_studio.engine.session import Session


@dataclass(frozen=True, eq=False)
class Seen:
    """A drawing as a network has it.

    Attributes:
        picture: the ink as a file of it would hold it: (channels, height, width) of bytes.
        drawn: how it became a sample.
        low, high: ends of the numbers that entered the network.
        classes: their names; numbers where nobody named them.
        probabilities: of each class.
    """

    picture: Array
    drawn: Drawn
    low: float
    high: float
    classes: tuple[str, ...]
    probabilities: Array


@dataclass(frozen=True, eq=False)
class DrawingSeen(Probe):
    """The answer to a drawing.

    Attributes:
        strokes: what was drawn, in order.
        picture: of paper, over which was drawn, (channels, height, width), or None.
        even: whether lines are made as wide as those of the training digits.
        on: which steps of the preparation are done.
    """

    name: ClassVar[str] = "drawing"

    strokes: Sequence[Stroke] = ()
    picture: Array | None = None
    even: bool = True
    on: Switches = ALL

    def __call__(self, subject: Session | Predictor) -> Seen:
        view = view_of(subject)
        picture = self.ink()
        wanted = view.graph.of_kind("input")[0].layer.output_shape()
        found = drawn(picture, wanted, self.on)
        entered = view.entered(prepared(subject, found.sample)[None])
        with undisturbed(view.network), torch.inference_mode():
            scores = view.network(entered)
            probabilities = torch.softmax(scores.float(), dim=1)[0].cpu().numpy()
        known = subject.classes if isinstance(subject, Predictor) else subject.setup.data.classes
        classes = known if len(known) == len(probabilities) else tuple(map(str, range(len(probabilities))))
        return Seen(picture, found, float(entered.min()), float(entered.max()), classes, np.array(probabilities))

    def ink(self) -> Array:
        """The picture that is prepared: that of the paper itself, as long as nobody drew over it."""
        if self.picture is None:
            return ink_picture(self.strokes, even=self.even)
        if not self.strokes:
            return self.picture
        return ink_picture(self.strokes, even=self.even, below=paper_ink(self.picture))


probes.register(DrawingSeen.name, DrawingSeen)
