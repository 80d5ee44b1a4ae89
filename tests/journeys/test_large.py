"""GoogLeNet: opened, folded, edited, and undone to identical bytes."""

from tests.journeys.networks import as_file


def test_googlenet_there_and_back(person, tmp_path):
    path = as_file("googlenet", tmp_path / "googlenet.cnnstudio")
    before = path.read_bytes()
    facts = person.start(str(path))
    first, parameters, folded = person.network(), facts["parameters"], facts["folded"]
    steps = 0

    def edited(what) -> None:
        nonlocal steps
        steps += 1
        person.until(what, f"step {steps} is done")

    assert folded
    group = folded[0]
    person.click_on("card", name=group, times=2)
    edited(lambda facts: facts["folded"] == folded[1:])
    person.keys("ctrl+shift+e")
    edited(lambda facts: len(facts["folded"]) != len(folded) - 1)
    person.keys("ctrl+shift+e")
    edited(lambda facts: len(facts["folded"]) in (0, len(folded)))
    person.keys("Home", "Right", "Return")
    person.tab_to("panel.properties.filters.box")
    person.keys("ctrl+a")
    person.type("48")
    person.keys("Return")
    edited(lambda facts: facts["parameters"] != parameters and not facts["typing"])
    person.tab_to("canvas")
    person.keys("F2")
    person.until(lambda facts: facts["focus"] == "canvas.name", "the name is edited")
    person.keys("ctrl+a")
    person.type("eyes")
    person.keys("Return")
    edited(lambda facts: "eyes" in facts["layers"])
    person.keys("Right", "Delete")
    edited(lambda after: len(after["layers"]) == len(facts["layers"]) - 1)
    person.keys("ctrl+shift+l")
    edited(lambda facts: not facts["moving"] and "arrange" in facts["undo"])
    last = person.network()

    person.keys(*["ctrl+z"] * steps)
    person.until(lambda facts: not facts["undo"], "everything is undone")
    assert person.network() == first
    person.keys("ctrl+s")
    person.until(lambda facts: not facts["modified"] and facts["toast"], "it is saved")
    assert path.read_bytes() == before
    person.keys(*["ctrl+y"] * steps)
    person.until(lambda facts: not facts["redo"], "everything is done again")
    assert person.network() == last
