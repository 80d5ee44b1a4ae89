"""A network learns before one's eyes: watched, held, looked into, looked back at, saved, and taken up again."""

import shutil
from pathlib import Path

import pytest

from cnn_studio.core.project import read_project
from tests.helpers.own_data import network_file, picture_folder
from tests.helpers.training import quick_plan
from tests.journeys.driver import Person

WHOLE_RUN = 180.0
"""Seconds in which three epochs of MNIST are over, also on two cores that do something else besides."""


def ended(facts) -> bool:
    return facts["run"]["state"] == "idle" and bool(facts["run"]["ended"])


def watched(person: Person, epochs: int) -> None:
    """Train, hold the run, take one batch, go on to the end."""
    person.click("run.start")
    person.until(lambda facts: facts["run"]["state"] == "running" and facts["run"]["steps"] > 0, "it learns")
    assert "curves" in person.facts()["panels"]
    person.click("run.pause")
    held = person.until(lambda facts: facts["run"]["state"] == "paused", "it waits")["run"]["steps"]
    person.keys("F7")
    person.until(lambda facts: facts["run"]["steps"] == held + 1, "one batch was taken")
    person.click("run.pause")
    person.until(lambda facts: facts["run"]["epochs"] >= epochs, "epochs are over", WHOLE_RUN)


def looked_into(person: Person) -> None:
    """Kernels and maps of the first convolution, then the first epoch of the run."""
    person.click("rail.inside")
    facts = person.until(lambda facts: {"activations", "kernels"} <= set(facts["panels"]), "maps and kernels are seen")
    person.click_on("card", name=next(name for name in facts["layers"] if name.startswith("conv")))
    person.find("place", name="panel.kernels.pictures")
    person.click("time.epoch")
    person.keys("Home")
    person.until(lambda facts: facts["looked"] == ["snapshot", 1], "the first epoch is looked back at")
    person.click("time.latest")
    person.until(lambda facts: facts["looked"] != ["snapshot", 1], "the latest weights again")


@pytest.fixture
def studying(person: Person, tmp_path: Path) -> Person:
    picture_folder(tmp_path / "pictures", count=200)
    plan = quick_plan(data=str(tmp_path / "pictures"), validation=0.3, epochs=400, rate=0.002)
    network_file(tmp_path / "small.cnnstudio", plan=plan)
    return person


def test_a_run_is_watched_looked_into_saved_and_continued(studying, tmp_path):
    person, path = studying, tmp_path / "small.cnnstudio"
    person.start(str(path))
    watched(person, 3)
    looked_into(person)
    person.click("run.stop")
    person.until(ended, "it ended")
    facts = person.facts()
    assert facts["run"]["ended"] == "stopped"
    assert facts["run"]["weights"] > 0
    person.keys("ctrl+s")
    person.until(lambda facts: not facts["modified"], "it is saved")
    assert read_project(path).weights
    epochs = facts["run"]["epochs"]
    person.keys("ctrl+F5")
    person.until(lambda facts: facts["run"]["epochs"] > epochs, "the run goes on")
    person.keys("shift+F5")
    person.until(ended, "it ended again")
    person.keys("ctrl+s")
    person.until(lambda facts: not facts["modified"], "it is saved again")
    person.keys("ctrl+w")
    assert person.ended() == 0
    facts = person.start(str(path))
    assert facts["looked"][0] == "project"


def test_closing_while_it_learns_asks_and_keeps(studying, tmp_path):
    person = studying
    person.start(str(tmp_path / "small.cnnstudio"))
    person.click("run.start")
    person.until(lambda facts: facts["run"]["epochs"] >= 1, "it learns")
    person.keys("ctrl+w")
    person.click("dialog.stop.cancel")
    person.until(lambda facts: not facts["dialogs"] and facts["run"]["state"] == "running", "it goes on")
    person.keys("ctrl+w")
    person.click("dialog.stop.stop")
    person.click("dialog.close.discard")
    assert person.ended() == 0
    assert list((person.folder / "studio").rglob("checkpoint.safetensors"))


def test_data_that_vanished_are_said_and_brought_back(studying, tmp_path):
    person, pictures = studying, tmp_path / "pictures"
    shutil.move(pictures, tmp_path / "elsewhere")
    person.start(str(tmp_path / "small.cnnstudio"))
    person.click("run.start")
    facts = person.until(lambda facts: facts["notes"] and facts["run"]["state"] == "idle", "it is said")
    assert "pictures" in facts["notes"][0]
    shutil.move(tmp_path / "elsewhere", pictures)
    person.click("note.training.*", text="Try again")
    person.until(lambda facts: facts["run"]["epochs"] >= 1, "it learns")
    person.click("run.stop")
    person.until(ended, "it ended")


def taken_from_a_folder(person: Person, folder: Path) -> None:
    """MNIST, from a folder that has its files already."""
    person.click("rail.data")
    person.click_on("row", name="panel.data.list", text="MNIST: *")
    person.click("panel.data.take")
    person.until(lambda facts: facts["dialogs"], "the question for a folder is open")
    person.type(f"{folder}")
    person.keys("Return")
    person.until(lambda facts: facts["data"] == ["mnist", "ready"] and not facts["dialogs"], "MNIST is here")


def worst_mistake(person: Person) -> str:
    """Open the mistake of which the network was surest; the true class of that sample."""
    person.click("rail.train")
    person.click_on("tab", text="Mistakes")
    place = person.find("picture_of", name="panel.mistakes.pictures", number=0)
    truth = str(person.ask("caption", name="panel.mistakes.pictures", number=0)).split("→")[0]
    person.at(place, times=2)
    person.until(
        lambda facts: {"activations", "kernels"} <= set(facts["panels"]) and facts["sample"] == truth,
        "the mistake is looked into",
    )
    return truth


def saved_as(person: Person, path: Path) -> None:
    """Save a network that has no file yet."""
    person.keys("ctrl+s")
    person.until(lambda facts: facts["dialogs"], "the question for a file is open")
    person.keys("ctrl+a")
    person.type(str(path))
    person.keys("Return")
    person.until(lambda facts: facts["path"] == str(path) and not facts["modified"], "it is saved")


@pytest.mark.long
def test_from_the_first_page_to_mnist_learned_looked_into_and_taken_up_again(person, tmp_path, shared_data: Path):
    path = tmp_path / "digits.cnnstudio"
    person.start()
    person.click("welcome.starter.quick-digits")
    person.until(lambda facts: not facts["welcoming"] and facts["name"] == "quick-digits", "the network is there")
    taken_from_a_folder(person, shared_data / "mnist")
    person.click("rail.train")
    person.click("panel.plan.preset.quick")
    watched(person, 1)
    looked_into(person)
    person.until(ended, "it ended", WHOLE_RUN)
    worst_mistake(person)
    saved_as(person, path)
    assert read_project(path).weights
    person.keys("ctrl+w")
    assert person.ended() == 0

    facts = person.start(str(path))
    assert facts["looked"][0] == "project"
    assert facts["data"][0] == "mnist"
    person.click("rail.train")
    person.click_on("tab", text="Runs")
    person.click_on("row", name="panel.runs.table", text="quick-digits*")
    person.click("panel.runs.go_on")
    facts = person.until(lambda facts: facts["run"]["state"] == "running", "the run goes on", WHOLE_RUN)
    before = facts["run"]["epochs"]
    assert before >= 3
    person.until(lambda facts: facts["run"]["epochs"] > before, "another epoch is over", WHOLE_RUN)
    person.keys("shift+F5")
    person.until(ended, "it ended again")
