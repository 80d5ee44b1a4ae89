"""Journeys: the program as it is started by a person, on a screen of its own."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from tests.journeys import screen as screens
from tests.journeys.driver import Person
from tests.journeys.screen import Screen

Reporting = Generator[None, pytest.TestReport, pytest.TestReport]


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """One screen for all journeys of this process."""
    if reason := screens.missing():
        pytest.skip(reason)
    made = Screen(tmp_path_factory.mktemp("screen"))
    yield made
    made.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Reporting:
    """A journey that failed leaves a picture of the screen and the steps that led there."""
    report = yield
    if call.when == "call" and report.failed:
        for person in getattr(item, "people", ()):
            report.sections.append(("The journey", f"{person.report()}\nscreen: {person.picture()}"))
    return report


@pytest.fixture
def person_with(screen: Screen, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Person]]:
    """Somebody who uses the program, with variables of the environment besides."""
    request.node.people = people = []

    def made(**variables: str) -> Person:
        people.append(Person(screen, tmp_path, variables))
        return people[-1]

    yield made
    for person in people:
        person.leave()


@pytest.fixture
def person(person_with: Callable[..., Person]) -> Person:
    """Somebody who uses the program in English."""
    return person_with()
