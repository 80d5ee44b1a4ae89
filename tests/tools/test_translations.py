"""The tool that keeps the Spanish catalogue in step with the code, on small packages of its own."""

import gettext
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tools import translations

CODE = """
from cnn_studio.i18n import N_, _, ngettext, pgettext
a = _("Zebra {name}").format(name="x") + _("a long text "
    "in two pieces")
b = N_("100 % done")
c = ngettext("one layer", "{n} layers", 3)
d = pgettext("verb", "Open") + pgettext("adjective", "Open")
"""
SPANISH = {
    "Zebra {name}": "Cebra {name}",
    "a long text in two pieces": "un texto largo",
    "100 % done": "100 % hecho",
    "one layer": ["una capa", "{n} capas"],
    "verb\u0004Open": "Abrir",
    "adjective\u0004Open": "Abierto",
}


class Project:
    """A folder with a package like the studio's."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.messages = root / "cnn_studio" / "resources" / "locale" / "es" / "LC_MESSAGES"
        (root / "cnn_studio").mkdir()
        self.write(CODE)

    def write(self, code: str, name: str = "window.py") -> None:
        (self.root / "cnn_studio" / name).write_text(code, encoding="utf-8")

    def run(self, command: str, fragment: object = None) -> int:
        arguments = [command]
        if fragment is not None:
            file = self.root / "fragment.json"
            file.write_text(json.dumps(fragment), encoding="utf-8")
            arguments.append(str(file))
        return translations.main(arguments, self.root)

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.messages.iterdir()}

    def spanish(self) -> gettext.NullTranslations:
        with (self.messages / "cnn_studio.mo").open("rb") as stream:
            return gettext.GNUTranslations(stream)


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def test_every_text_of_the_code_is_asked_for(project, capsys):
    assert project.run("sync") == 1
    missing = json.loads(capsys.readouterr().out)
    assert missing == {text: ["", ""] if isinstance(SPANISH[text], list) else "" for text in SPANISH}


def test_a_fragment_is_compiled(project, capsys):
    assert project.run("sync", SPANISH) == 0
    assert json.loads(capsys.readouterr().out) == {}
    spanish = project.spanish()
    assert spanish.gettext("Zebra {name}") == "Cebra {name}"
    assert spanish.gettext("a long text in two pieces") == "un texto largo"
    assert spanish.pgettext("verb", "Open") == "Abrir"
    assert spanish.pgettext("adjective", "Open") == "Abierto"
    assert [spanish.ngettext("one layer", "{n} layers", n) for n in (0, 1, 2)] == ["{n} capas", "una capa", "{n} capas"]
    assert project.run("check") == 0


def test_untranslated_texts_stay_in_english(project):
    project.run("sync")
    spanish = project.spanish()
    assert spanish.gettext("100 % done") == "100 % done"
    assert spanish.ngettext("one layer", "{n} layers", 2) == "{n} layers"


def test_two_syncs_give_identical_bytes(project):
    project.run("sync", SPANISH)
    files = project.files()
    assert set(files) == {"cnn_studio.po", "cnn_studio.mo"}
    project.write("\n\n" + CODE)  # the texts move down two lines
    assert project.run("sync") == 0
    assert project.files() == files


def test_the_catalogue_is_sorted_and_has_neither_lines_nor_dates(project):
    project.run("sync", SPANISH)
    readable = project.files()["cnn_studio.po"].decode("utf-8")
    ids = [line for line in readable.splitlines() if line.startswith("msgid ")][1:]
    assert ids == sorted(ids)
    assert "#: cnn_studio/window.py\n" in readable
    assert "window.py:" not in readable
    assert "Date" not in readable
    assert "fuzzy" not in readable
    assert "python-format" not in readable


def test_unused_texts_are_dropped_and_similar_ones_not_guessed(project, capsys):
    project.run("sync", SPANISH)
    project.write('from cnn_studio.i18n import _\na = _("Zebras {name}")\n')
    capsys.readouterr()
    assert project.run("sync") == 1
    assert json.loads(capsys.readouterr().out) == {"Zebras {name}": ""}
    readable = project.files()["cnn_studio.po"].decode("utf-8")
    assert "Zebra {name}" not in readable
    assert "Cebra" not in readable


def test_a_text_that_becomes_a_plural_is_asked_for_again(project, capsys):
    project.write('from cnn_studio.i18n import _\na = _("layer")\n')
    project.run("sync", {"layer": "capa"})
    project.write('from cnn_studio.i18n import ngettext\na = ngettext("layer", "{n} layers", 2)\n')
    capsys.readouterr()
    assert project.run("sync") == 1
    assert json.loads(capsys.readouterr().out) == {"layer": ["", ""]}


def test_check_writes_nothing_and_fails_on_a_new_text(project, capsys):
    project.run("sync", SPANISH)
    files = project.files()
    project.write('from cnn_studio.i18n import _\na = _("New")\n', "dialog.py")
    capsys.readouterr()
    assert project.run("check") == 1
    said = capsys.readouterr()
    assert json.loads(said.out) == {"New": ""}
    assert "cnn_studio.po is out of date" in said.err
    assert project.files() == files


def test_check_fails_on_a_compiled_file_that_is_not_of_these_texts(project, capsys):
    project.run("sync", SPANISH)
    (project.messages / "cnn_studio.mo").write_bytes(b"old")
    capsys.readouterr()
    assert project.run("check") == 1
    said = capsys.readouterr().err
    assert "cnn_studio.mo is out of date" in said
    assert "cnn_studio.po" not in said


@pytest.mark.parametrize(
    "wrong",
    [
        {"Zebra {name}": "Cebra"},
        {"Zebra {name}": "Cebra {nombre}"},
        {"Zebra {name}": "Cebra {name"},
        {"100 % done": "100 % {hecho}"},
        {"one layer": ["una capa", "capas"]},
        {"one layer": ["una {capa}", "{n} capas"]},
    ],
)
def test_fields_must_be_the_same(project, capsys, wrong):
    assert project.run("sync", SPANISH | wrong) == 1
    assert "fields differ" in capsys.readouterr().err
    assert project.run("check") == 1


def test_a_singular_may_name_the_number(project):
    assert project.run("sync", SPANISH | {"one layer": ["{n} capa", "{n} capas"]}) == 0


def test_braces_that_are_no_format_are_left_alone(project):
    project.write('from cnn_studio.i18n import _\na = _("Type { to begin")\n')
    assert project.run("sync", {"Type { to begin": "Escribe { para empezar"}) == 0


def test_a_translation_of_nothing_is_reported(project, capsys):
    assert project.run("sync", {**SPANISH, "Opne": "Abrir", "Later": ""}) == 0
    assert capsys.readouterr().err == "not in the code, left out: 'Opne'\n"


@pytest.mark.parametrize("fragment", [[], {"Open": 1}, {"Open": ["one"]}, {"Open": [1, 2]}])
def test_a_fragment_of_another_form_is_refused(project, capsys, fragment):
    assert project.run("sync", fragment) == 2
    assert "must map each text" in capsys.readouterr().err


def test_a_fragment_that_is_missing_is_refused(project, capsys):
    assert translations.main(["sync", str(project.root / "none.json")], project.root) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_code_that_is_no_python_is_named(project, capsys):
    project.write('a = _("open', "broken.py")
    assert project.run("sync") == 2
    assert "cnn_studio/broken.py cannot be read as Python" in capsys.readouterr().err


def test_several_at_once_lose_nothing(project):
    project.run("sync")
    with ThreadPoolExecutor(4) as pool:
        files = []
        for number, (text, translation) in enumerate(SPANISH.items()):
            file = project.root / f"{number}.json"
            file.write_text(json.dumps({text: translation}), encoding="utf-8")
            files.append(str(file))
        list(pool.map(lambda file: translations.main(["sync", file], project.root), files))
    assert project.run("check") == 0


def test_the_studio_itself_has_the_fields_of_every_text(capsys):
    translations.main(["check"])
    assert "fields differ" not in capsys.readouterr().err
