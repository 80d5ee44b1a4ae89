"""LeNet-5 from nothing, by the mouse alone and by the keyboard alone."""

import json
import subprocess
import sys
from collections.abc import Iterable

import pytest

from cnn_studio.core.project import read_project
from cnn_studio.core.starters import open_starter
from tests.journeys.driver import ROOT, Person

FIELD = "panel.properties"
CHAIN = [
    "input", "convolution", "tanh", "average_pool", "convolution", "tanh", "average_pool", "flatten", "dense", "tanh",
    "dense", "tanh", "dense", "output",
]  # fmt: skip
"""The kinds of LeNet-5 in order."""
NAMES = {
    "input": "Input", "convolution": "Convolution", "tanh": "Tanh", "average_pool": "Average pooling",
    "flatten": "Flatten", "dense": "Dense", "output": "Output",
}  # fmt: skip
SPANISH = {
    "input": "entrada", "convolution": "convolucion", "tanh": "tanh", "average_pool": "submuestreo por media",
    "flatten": "aplanar", "dense": "densa", "output": "salida",
}  # fmt: skip
"""What a Spanish person types to find them."""
SETTINGS: dict[int, dict[str, int]] = {
    0: {"sizes.axis0": 32, "sizes.axis1": 32},
    1: {"filters.box": 6, "kernel.axis0": 5},
    4: {"filters.box": 16, "kernel.axis0": 5},
    8: {"units.box": 120},
    10: {"units.box": 84},
    12: {"units.box": 10},
}
"""The fields that differ from what a new layer has, by the place of the layer."""


def layers_of(project) -> list[tuple[object, ...]]:
    """Each layer with the places of those that feed it."""
    graph = project.graph
    order = list(graph.nodes) if project.name == "LeNet-5" else _along(graph)
    return [(graph.nodes[one].layer, [order.index(source) for source in graph.inputs_of(one)]) for one in order]


def _along(graph) -> list[str]:
    (here,) = (one for one in graph.nodes if not graph.inputs_of(one))
    order = [here]
    while following := graph.outputs_of(order[-1]):
        order.append(following[0])
    return order


def assert_it_is_lenet(path) -> None:
    """The file holds the network of the starter, and the terminal says the same of it."""
    assert layers_of(read_project(path)) == layers_of(open_starter("lenet5"))
    command = [sys.executable, "-P", "-m", "cnn_studio", "summary", str(path), "--json"]
    summary = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    assert summary["parameters"] == 61_706
    assert summary["problems"] == []


# -- the mouse ---------------------------------------------------------------------------------------------------------


def turn(person: Person, field: str, wanted: int) -> None:
    """Click a number up or down to what is wanted: with its arrows, else with the entries of its menu."""
    name = f"{FIELD}.{field}"
    person.find("place", name=name)
    now = int(person.ask("number", name=name))
    person.steps.append(f"turn {field} from {now} to {wanted}")
    up = wanted > now
    if person.ask("has_arrows", name=name):
        person.at(person.find("arrow", name=name, up=up), times=abs(wanted - now))
    else:
        for _step in range(abs(wanted - now)):
            person.click(name, button=3)
            person.choose("Step up" if up else "Step down")
    person.until(lambda _facts: person.ask("number", name=name) == str(wanted), f"{field} is {wanted}")


def pick(person: Person, kind: str, count: int) -> None:
    """Click a kind in the palette."""
    person.click_on("row", name="panel.palette.list", text=NAMES[kind])
    person.until(lambda facts: len(facts["layers"]) == count, f"there are {count} layers")


def set_by_mouse(person: Person, place: int) -> None:
    for field, value in SETTINGS.get(place, {}).items():
        turn(person, field, value)


def test_by_mouse_alone(person):
    person.start()
    person.click("welcome.new")
    for place, kind in enumerate(CHAIN):
        if place in (1, 7, 9):
            continue
        pick(person, kind, len(person.facts()["layers"]) + 1)
        set_by_mouse(person, place)
    # what was left out goes where it belongs by dragging: into a connection, and beside an open output
    facts = person.until(lambda facts: not facts["moving"], "the canvas stands still")
    assert facts["kinds"] == [kind for place, kind in enumerate(CHAIN) if place not in (1, 7, 9)]
    person.choose("menu.view", "view.fit")
    drop_between(person, "Convolution", facts["layers"][0], facts["layers"][1])
    set_by_mouse(person, 1)
    person.choose("menu.view", "view.fit")
    facts = person.until(lambda facts: not facts["moving"], "the canvas stands still")
    drop_between(person, "Flatten", facts["layers"][6], facts["layers"][7])
    person.choose("menu.view", "view.fit")
    facts = person.until(lambda facts: not facts["moving"], "the canvas stands still")
    drop_between(person, "Tanh", facts["layers"][8], facts["layers"][9])
    facts = person.until(lambda facts: facts["kinds"] == CHAIN, "it is LeNet-5")
    assert facts["parameters"] == 61_706
    assert facts["problems"] == []
    save_by_mouse(person)
    person.until(lambda facts: not facts["modified"], "it is saved")
    assert_it_is_lenet(person.facts()["path"])
    person.choose("menu.file", "file.quit")
    assert person.ended() == 0


def drop_between(person: Person, label: str, source: str, target: str) -> None:
    """Drag a kind from the palette into a connection."""
    count = len(person.facts()["layers"])
    person.until(lambda facts: not facts["moving"], "the canvas stands still")
    start = person.find("row", name="panel.palette.list", text=label)
    person.drag(start, person.find("cable", source=source, target=target))
    person.until(lambda facts: len(facts["layers"]) == count + 1 and not facts["moving"], f"{label} was dropped")


def save_by_mouse(person: Person) -> None:
    person.choose("menu.file", "file.save")
    person.click("*", text="Save")


# -- the keyboard ------------------------------------------------------------------------------------------------------


def build_by_keyboard(person: Person, names: dict[str, str], places: Iterable[int]) -> None:
    for place in places:
        count = len(person.facts()["layers"])
        person.keys("ctrl+l")
        person.until(lambda facts: facts["focus"] == "canvas.search.field", "the search is open")
        person.type(names[CHAIN[place]])
        person.keys("Return")
        person.until(
            lambda facts, count=count: len(facts["layers"]) == count + 1 and facts["focus"] == "canvas",
            "the layer is there",
        )
        if place in SETTINGS:
            person.keys("Return")
            person.until(
                lambda facts: facts["focus"].startswith("panel.properties."), "the keyboard is in the properties"
            )
        for field, value in SETTINGS.get(place, {}).items():
            person.tab_to(f"{FIELD}.{field}")
            person.keys("ctrl+a")
            person.type(str(value))
            person.keys("Return")


def save_by_keyboard(person: Person, path) -> None:
    person.keys("ctrl+s")
    person.until(lambda facts: facts["dialogs"], "the question for a file is open")
    person.keys("ctrl+a")
    person.type(str(path))
    person.keys("Return")
    person.until(lambda facts: facts["path"] == str(path) and not facts["modified"], "it is saved")


@pytest.mark.parametrize(("language", "names"), [("en", NAMES), ("es", SPANISH)], ids=["English", "Spanish"])
def test_by_keyboard_alone(person_with, tmp_path, language, names):
    person = person_with(LANGUAGE=language)
    person.start()
    person.keys("ctrl+n")
    person.until(lambda facts: facts["focus"] == "canvas", "the keyboard is on the canvas")
    build_by_keyboard(person, names, range(len(CHAIN)))
    facts = person.until(lambda facts: facts["kinds"] == CHAIN and not facts["typing"], "it is LeNet-5")
    assert facts["parameters"] == 61_706
    assert facts["problems"] == []
    path = tmp_path / "lenet.cnnstudio"
    save_by_keyboard(person, path)
    assert_it_is_lenet(path)
    person.keys("ctrl+q")
    assert person.ended() == 0
