"""A picture of the tour."""

from __future__ import annotations

from cnn_studio.gui.tour import tour_of
from cnn_studio.gui.tour_steps import STEPS
from tools.screenshots.stage import Stage, scene


@scene("tour")
def tour(stage: Stage) -> None:
    """The step that changes a number: the bubble points at its field."""
    stage.studio.start_tour(stage.window)
    stage.settle()
    taken = tour_of(stage.window)
    assert taken is not None
    taken.show_step(next(number for number, step in enumerate(STEPS) if step.name == "field"))
    taken.go_on()
