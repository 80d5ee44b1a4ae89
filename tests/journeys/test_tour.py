"""The tour with a real mouse and a real keyboard."""

from tests.journeys.driver import Person

TITLES = (
    "A network is a chain of layers", "Change a number, see the sum", "Make a mistake", "The way out is a button",
    "Let it learn", "Watch it learn", "Every layer shows what it sees", "What it has found by itself",
    "Now draw a digit", "Keep it",
)  # fmt: skip
EXPLAINED = (TITLES[1], TITLES[8])
"""Steps that say something when their task is done, before they go on."""


def at(person: Person, title: str) -> None:
    """Wait until the bubble says this."""
    person.find("place", name="tour.title", text=title)


def gone(person: Person) -> bool:
    try:
        return not person.ask("place", name="tour.title")["seen"]
    except LookupError:
        return True


def test_by_mouse_until_it_learns(person: Person) -> None:
    person.start()
    person.click("welcome.tour")
    at(person, TITLES[0])
    person.click_on("card", name="conv1")
    at(person, TITLES[1])
    person.click("panel.properties.kernel.axis0", times=2)
    person.keys("ctrl+a")
    person.type("9")
    person.keys("Return")
    person.click("tour.on", text="Next")
    at(person, TITLES[2])
    person.click_on("card", name="flatten")
    person.keys("Delete")
    at(person, TITLES[3])
    person.click("panel.problems.*.fix.*", number=0)
    at(person, TITLES[4])
    person.click("run.start")
    at(person, TITLES[5])
    person.click("tour.leave")
    person.until(lambda _facts: gone(person), "the tour is left")
    assert person.facts()["run"]["state"] != "idle", "what was begun goes on"
    assert "Help" in person.facts()["toast"]


def test_by_keyboard_alone(person: Person) -> None:
    person.start()
    person.tab_to("welcome.tour")
    person.keys("space")
    for title in TITLES:
        at(person, title)
        person.until(lambda facts: facts["focus"] == "tour.on", "the bubble has the keyboard")
        person.keys("Return")
        if title in EXPLAINED:
            person.find("place", name="tour.on", text="Next")
            person.keys("Return")
    person.until(lambda _facts: gone(person), "the tour is over")
    person.keys("F1")
    person.until(lambda facts: facts["dialogs"], "the window goes on as before")
