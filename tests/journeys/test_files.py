"""Opening, editing and closing, what is left after a crash, files dropped on the window, two windows."""

import pytest

from tests.journeys.driver import Person
from tests.journeys.networks import as_file


def edit(person: Person) -> None:
    """One edit: the first convolution gets another layer behind it."""
    person.click_on("card", name="conv1")
    person.until(lambda facts: facts["chosen"] == ["conv1"], "the layer is chosen")
    person.click_on("row", name="panel.palette.list", text="ReLU")
    person.until(lambda facts: facts["modified"] and "relu1" in facts["layers"], "the layer is there")


def test_the_question_before_closing(person, tmp_path):
    path = as_file("lenet5", tmp_path / "mine.cnnstudio")
    before = path.read_bytes()
    person.start(str(path))
    edit(person)
    person.keys("ctrl+w")
    person.click("dialog.close.cancel")
    facts = person.until(lambda facts: not facts["dialogs"], "the question is gone")
    assert facts["modified"]
    assert "relu1" in facts["layers"]
    person.keys("ctrl+w")
    person.click("dialog.close.discard")
    assert person.ended() == 0
    assert path.read_bytes() == before

    person.start(str(path))
    edit(person)
    edited = person.network()
    person.keys("ctrl+w")
    person.click("dialog.close.save")
    assert person.ended() == 0
    assert path.read_bytes() != before
    facts = person.start(str(path))
    assert "relu1" in facts["layers"]
    assert person.network() == edited
    assert not facts["notes"]


def copies(person: Person) -> list[str]:
    return sorted(path.name for path in (person.folder / "studio" / "state" / "recovery").glob("*.cnnstudio"))


def test_a_crash_loses_nothing(person, tmp_path):
    path = as_file("lenet5", tmp_path / "mine.cnnstudio")
    saved = path.read_bytes()
    person.start(str(path))
    edit(person)
    edited = person.network()
    person.until(lambda _facts: copies(person), "a copy is kept")
    person.kill()
    assert path.read_bytes() == saved

    facts = person.start()
    assert len(facts["notes"]) == 1
    person.click("note.recovery.*.0")
    facts = person.until(lambda facts: "relu1" in facts["layers"], "the edits are back")
    assert facts["modified"]
    assert facts["path"] == str(path)
    assert person.network() == edited
    person.keys("ctrl+s")
    person.until(lambda facts: not facts["modified"] and not copies(person), "it is saved")
    person.kill()

    facts = person.start()
    assert facts["notes"] == []
    person.keys("ctrl+o")
    person.until(lambda facts: facts["dialogs"], "the question for a file is open")
    person.type(str(path))
    person.keys("Return")
    person.until(lambda facts: facts["path"] == str(path), "it is open")
    assert person.network() == edited


def test_a_copy_that_nobody_wants_goes(person, tmp_path):
    path = as_file("lenet5", tmp_path / "mine.cnnstudio")
    person.start(str(path))
    edit(person)
    person.until(lambda _facts: copies(person), "a copy is kept")
    person.kill()
    person.start()
    person.click("note.recovery.*.1")
    person.until(lambda facts: not facts["notes"] and not copies(person), "the copy is gone")


def test_copied_from_window_to_window(person, tmp_path):
    path = as_file("lenet5", tmp_path / "mine.cnnstudio")
    kinds = person.start(str(path))["kinds"]
    person.keys("ctrl+a", "ctrl+c")
    person.keys("ctrl+n")
    facts = person.until(
        lambda facts: len(facts["windows"]) == 2 and facts["kinds"] == [] and facts["focus"] == "canvas", "two windows"
    )
    person.keys("ctrl+v")
    facts = person.until(lambda facts: facts["kinds"] == kinds, "the layers are pasted")
    assert facts["parameters"] == 61_706
    assert facts["problems"] == []
    person.keys("ctrl+z")
    person.until(lambda facts: facts["kinds"] == [], "the layers are gone again")
    person.keys("ctrl+w")
    facts = person.until(lambda facts: facts["windows"] == ["LeNet-5[*] – CNN Studio"], "the first window is in front")
    assert facts["kinds"] == kinds
    assert not facts["modified"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"{}"], ids=["empty", "half a file", "another kind"])
def test_a_file_that_is_none(person, tmp_path, content):
    path = tmp_path / "broken.cnnstudio"
    path.write_bytes(content)
    facts = person.start()
    person.keys("ctrl+o")
    person.until(lambda facts: facts["dialogs"], "the question for a file is open")
    person.type(str(path))
    person.keys("Return")
    facts = person.until(lambda facts: facts["notes"], "the reason is said")
    assert facts["welcoming"]
    assert len(facts["windows"]) == 1
