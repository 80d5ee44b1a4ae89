"""Screens on which not everything works: another machine's, one without OpenGL, one with more pixels a point."""

from collections.abc import Iterator

import pytest

from tests.journeys import screen as screens
from tests.journeys.driver import Person
from tests.journeys.screen import Screen


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """The screen of another machine, for the journeys of this file."""
    if reason := screens.missing():
        pytest.skip(reason)
    made = Screen(tmp_path_factory.mktemp("remote"), remote=True)
    yield made
    made.end()


def built(person: Person) -> None:
    """A network is opened, a layer taken away, the mistake mended."""
    person.click("welcome.tour.close")
    person.click("welcome.starter.lenet5")
    facts = person.until(lambda facts: not facts["welcoming"], "the network is there")
    person.click_on("card", name="flatten")
    person.keys("Delete")
    person.until(lambda now: len(now["layers"]) == len(facts["layers"]) - 1, "the layer is gone")
    person.keys("ctrl+z")
    person.until(lambda now: len(now["layers"]) == len(facts["layers"]), "it is there again")


def test_a_screen_of_another_machine_without_opengl(person: Person) -> None:
    assert person.screen.display.startswith("localhost:")
    person.start()
    built(person)


def test_one_and_a_half_pixels_a_point(person_with) -> None:
    person = person_with(QT_SCALE_FACTOR="1.5")
    person.start()
    built(person)
