"""From the first page to a digit that is read, and to a network that tells shapes apart which somebody drew."""

import math
import time
from itertools import pairwise
from typing import Any

import pytest

from tests.journeys.driver import LostError, Person

SEVEN = [[(0.25, 0.2), (0.45, 0.2), (0.75, 0.21), (0.6, 0.5), (0.47, 0.85)]]
FOUR = [[(0.3, 0.15), (0.24, 0.55), (0.75, 0.56)], [(0.6, 0.2), (0.6, 0.5), (0.59, 0.88)]]
BETWEEN = 12
"""Movements of the mouse between two of these points."""


def paper(person: Person) -> tuple[int, int, int]:
    """Middle and side of the pad on the screen."""
    place = person.find("place", name="panel.pad.paper")
    return (*place["at"], person.ask("side", name="panel.pad.paper"))


def path(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A way along straight pieces."""
    found = [points[0]]
    for (x, y), (to_x, to_y) in pairwise(points):
        found += [(x + (to_x - x) * n / BETWEEN, y + (to_y - y) * n / BETWEEN) for n in range(1, BETWEEN + 1)]
    return found


def draw(person: Person, strokes: list[list[tuple[float, float]]]) -> list[int]:
    """Draw as fast as the screen takes it; how many different places each stroke went through.

    While the manager of windows looks at the button, X itself puts movements together: that is waited for.
    """
    x, y, side = paper(person)
    counts = []
    for stroke in strokes:
        places = [(round(x + side * (px - 0.5)), round(y + side * (py - 0.5))) for px, py in path(stroke)]
        moves = [word for at in places for word in ("mousemove", *at)]
        person.screen.do(*moves[:3], "mousedown", 1, "sleep", 0.05, *moves[3:], "mouseup", 1)
        counts.append(len([1 for n, at in enumerate(places) if not n or at != places[n - 1]]))
    return counts


def until_drawn(person: Person, condition, what: str, seconds: float = 30.0) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        drawn = person.ask("drawn", later=15)
        if condition(drawn):
            return drawn
    raise LostError(f"waited in vain until {what}\n{person.report(drawn)}")


@pytest.fixture
def drawer(person: Person) -> Person:
    """Somebody at the pad with the network that has learned already."""
    person.start()
    person.click("welcome.draw")
    person.until(lambda facts: {"pad", "seen", "probabilities"} <= set(facts["panels"]), "the pad is there")
    return person


def test_draw_a_digit_on_the_first_start(drawer):
    counts = draw(drawer, SEVEN)
    drawn = until_drawn(drawer, lambda now: now["class"] == "7" and not now["waiting"], "the seven is read")
    assert drawn["points"] == counts, "points of the fast stroke were lost"
    drawer.keys("ctrl+z")
    until_drawn(drawer, lambda now: now["points"] == [], "the stroke is taken back")
    assert drawer.facts()["modified"] is False
    counts = draw(drawer, FOUR)
    drawn = until_drawn(drawer, lambda now: now["class"] == "4" and not now["waiting"], "the four is read")
    assert drawn["points"] == counts
    drawer.click("panel.probabilities.freeze")
    drawer.click("panel.pad.delete")
    drawn = until_drawn(drawer, lambda now: now["class"] is None, "the pad is empty")
    assert not drawn["problem"]
    drawer.click("panel.seen.fit")
    draw(drawer, SEVEN)
    until_drawn(drawer, lambda now: now["class"] is not None and not now["waiting"], "it is read without a step")


def ring(turn: float) -> list[list[tuple[float, float]]]:
    size = 0.2 + 0.1 * math.sin(turn)
    return [[(0.5 + size * math.cos(0.5 * n), 0.5 + size * math.sin(0.5 * n)) for n in range(14)]]


def cross(turn: float) -> list[list[tuple[float, float]]]:
    size = 0.2 + 0.1 * math.sin(turn)
    return [[(0.5 - size, 0.5 - size), (0.5 + size, 0.5 + size)], [(0.5 + size, 0.5 - size), (0.5 - size, 0.5 + size)]]


def test_shapes_of_ones_own(drawer):
    kept = {}
    for label, shape in (("ring", ring), ("cross", cross)):
        drawer.click("panel.drawings.class")
        drawer.keys("ctrl+a")
        drawer.type(label)
        for number in range(6):
            draw(drawer, shape(number))
            drawer.keys("Return")
            kept[label] = number + 1
            until_drawn(drawer, lambda now: now["kept"] == dict(kept) and not now["points"], "the drawing is kept")
    drawer.click("panel.drawings.train")
    until_drawn(drawer, lambda now: now["training"] != "idle", "the training begins")
    until_drawn(drawer, lambda now: now["training"] == "idle", "the training ends", 120)
    drawer.click("rail.draw")
    draw(drawer, cross(9.0))
    drawn = until_drawn(drawer, lambda now: now["class"] is not None and not now["waiting"], "the cross is read")
    assert drawn["class"] == "cross"
    assert sorted(drawn["classes"]) == ["cross", "ring"]
