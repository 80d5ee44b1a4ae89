"""The frame of all commands: which one, how it ends, what is said when it cannot."""

import argparse
import ast
import errno
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnn_studio import __version__, i18n
from cnn_studio.cli import argparse_texts, common, main, output, parsing
from cnn_studio.cli.commands import doctor
from cnn_studio.core import words

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = parsing.names()
LANGUAGES = list(i18n.languages())


def started(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    """A command in a process of its own."""
    command = [sys.executable, "-m", "cnn_studio", *arguments]
    environment = {**os.environ, "CNN_STUDIO_LANGUAGE": "en", **variables}
    return subprocess.run(command, cwd=ROOT, capture_output=True, env=environment, check=False)


def test_the_commands_are_those_that_there_are_modules_for():
    assert {"doctor", "export", "fix", "starters", "summary"} <= set(COMMANDS)


# -- help -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(cli, name, language):
    done = cli(name, "--help", "--language", language)
    assert done.status == 0
    assert done.err == ""
    assert f"cnn-studio {name}" in done.out.split("\n\n")[-1]
    for option in ("--json", "--language", "--notation"):
        assert option in done.out
    assert ("uso:" if language == "es" else "usage:") in done.out


@pytest.mark.parametrize("name", COMMANDS)
def test_no_english_is_left_in_a_spanish_help(cli, name):
    text = cli(name, "--help", "--language", "es").out
    for english in (" the ", " and ", " of ", "usage", "options", "arguments", "examples", "FILE", "NUMBER", "SHAPE"):
        assert english not in text


@pytest.mark.parametrize("name", COMMANDS)
def test_an_example_can_be_parsed(name):
    for line, meaning in parsing.command(name).EXAMPLES:
        program, command, *rest = line.split()
        assert (program, command) == ("cnn-studio", name)
        parsing.parser_of(name).parse_args(rest)
        assert meaning


def test_without_arguments_three_examples_are_shown(cli):
    done = cli()
    assert done.status == 0
    assert done.out.count("\n  cnn-studio ") == 3
    assert __version__ in done.out


def test_the_help_lists_every_command(cli):
    done = cli("--help")
    assert done.status == 0
    for name in COMMANDS:
        assert f"\n  {name} " in done.out


def test_the_version(cli):
    assert cli("--version").out == f"cnn-studio {__version__}\n"


def test_help_fits_the_terminal(cli, monkeypatch):
    for columns, widest in (("60", 60), ("200", 100), ("not a number", 80), ("5", 80)):
        monkeypatch.setenv("COLUMNS", columns)
        usage = cli("summary", "--help").out.split("\n\n")[0]
        assert max(map(len, usage.splitlines())) <= widest


# -- wrong use --------------------------------------------------------------------------------------------------------


def test_an_unknown_command_gets_the_nearest_one(cli):
    done = cli("sumary", "lenet5")
    assert done.status == 2
    assert "There is no command “sumary”; did you mean “summary”?" in done.err
    assert done.out == ""


def test_an_unknown_command_like_none_gets_the_list(cli):
    assert f"there are {', '.join(COMMANDS)}." in cli("xyz").err


def test_a_file_in_place_of_a_command_is_told_what_shows_it(cli, sound):
    done = cli(sound)
    assert done.status == 1
    assert f"cnn-studio summary {sound}" in done.err


@pytest.mark.parametrize(
    ("arguments", "english", "spanish"),
    [
        (["summary"], "the following arguments are required: NET", "faltan los argumentos: RED"),
        (["summary", "a", "b"], "unrecognized arguments: b", "argumentos desconocidos: b"),
        (["summary", "a", "--style", "x"], "argument --style: invalid choice: 'x'", "argumento --style: no se admite 'x'"),
        (["summary", "a", "--style"], "expected one argument", "necesita un valor"),
        (["summary", "a", "--json=1"], "ignored explicit argument '1'", "no admite el valor '1'"),
        (["summary", "a", "--sample", "0x3"], "“0x3” is no shape", "«0x3» no es una forma"),
        (["summary", "a", "--classes", "ten"], "“ten” is no whole number", "«ten» no es un número entero"),
        (["summary", "a", "--classes", "0"], "“0” is no whole number from 1 to 100,000", "«0» no es un número entero"),
        (["summary", "a", "--memory", "much"], "“much” is no number of gigabytes", "«much» no es"),
        (["--unknown"], "unrecognized arguments: --unknown", "argumentos desconocidos: --unknown"),
    ],
)  # fmt: skip
def test_wrong_use_is_said_in_the_language_and_ends_with_two(cli, arguments, english, spanish):
    done = cli(*arguments)
    assert done.status == 2
    assert done.out == ""
    assert done.err.startswith("usage: cnn-studio")
    assert english in done.err
    done = cli("--language", "es", *arguments)
    assert done.status == 2
    assert done.err.startswith("uso: cnn-studio")
    assert spanish in done.err


def test_wrong_use_is_json_when_json_is_wanted(cli):
    done = cli("summary", "--json")
    assert done.status == 2
    assert done.document == {"error": "the following arguments are required: NET"}


def test_options_are_not_guessed_from_their_beginning(cli):
    assert cli("summary", "lenet5", "--js").status == 2


UNMET = (
    "not defined", "conflict", "unknown parser", 'argument "-"', "can't open", "cannot", "invalid argument for",
    "invalid option string", "dest=", "mutually exclusive", "subcommands", "unexpected option", "not callable",
    "%(prog)s: ", "deprecated", "(default", "program's version",
)  # fmt: skip
"""In what argparse tells those who write parsers, or what no parser here makes it say."""


def test_words_of_argparse_that_people_meet_are_marked():
    """What a newer Python says besides belongs into argparse_texts."""
    for node in ast.walk(ast.parse(inspect.getsource(argparse))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            (text,) = node.args
            if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):  # looked up in a variable
                continue
            assert text.value in argparse_texts.TEXTS or any(part in text.value for part in UNMET), text.value


# -- language and notation --------------------------------------------------------------------------------------------


def test_options_of_every_command_may_stand_before_it(cli):
    assert cli("--language", "es", "--notation", "first", "summary").err.startswith("uso: cnn-studio summary")
    assert cli("--language=es", "summary").err.startswith("uso: cnn-studio summary")


def test_an_unknown_language_is_refused(cli):
    done = cli("summary", "lenet5", "--language", "fr")
    assert done.status == 2
    assert "'fr'" in done.err
    assert cli("summary", "lenet5", "--language").status == 2


def test_language_and_notation_are_as_before_when_a_command_has_ended(cli, sound):
    assert "1×28×28" in cli("summary", sound, "--language", "es", "--notation", "first").out
    assert i18n.language() == "en"
    assert words.notation() == "last"


# -- how it ends ------------------------------------------------------------------------------------------------------


@pytest.fixture
def doctor_that(monkeypatch):
    """A command that does what a test wants."""

    def does(error: BaseException) -> None:
        def execute(options):
            raise error

        monkeypatch.setattr(doctor, "execute", execute)

    return does


def test_a_failure_is_one_sentence(cli, doctor_that):
    doctor_that(common.Failure("It does not work."))
    done = cli("doctor")
    assert done == (1, "", "cnn-studio: It does not work.\n")
    done = cli("doctor", "--json")
    assert (done.status, done.document) == (1, {"error": "It does not work."})
    assert done.err == ""


def test_an_interrupt_is_quiet(cli, doctor_that):
    doctor_that(KeyboardInterrupt())
    assert cli("doctor") == (130, "", "")


def test_a_reader_that_went_away_is_quiet(cli, doctor_that):
    doctor_that(BrokenPipeError())
    assert cli("doctor") == (141, "", "")


def test_output_that_finds_no_place_is_said(cli, doctor_that):
    doctor_that(OSError(errno.ENOSPC, "No space left on device"))
    assert cli("doctor") == (1, "", "cnn-studio: The answer could not be printed: the disk is full.\n")


@pytest.mark.parametrize("error", [RuntimeError("secret"), OSError(errno.EMFILE, "Too many files", "somewhere")])
def test_a_mistake_of_the_studio_is_one_sentence_and_kept(cli, doctor_that, tmp_path, error):
    doctor_that(error)
    done = cli("doctor")
    log = tmp_path / "person" / "xdg_state_home" / "cnn-studio" / "errors.log"
    assert done.status == 1
    assert done.out == ""
    assert done.err.count("\n") == 1
    assert "Something went wrong inside the studio" in done.err
    assert type(error).__name__ in done.err
    assert str(log) in done.err
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert cli("doctor", "--json").document["error"] in done.err
    assert log.read_text(encoding="utf-8").count("Traceback") == 2


def test_the_log_of_mistakes_does_not_grow_for_ever(cli, doctor_that, tmp_path):
    doctor_that(RuntimeError())
    cli("doctor")
    log = tmp_path / "person" / "xdg_state_home" / "cnn-studio" / "errors.log"
    log.write_text("x" * 2_000_000, encoding="utf-8")
    cli("doctor")
    assert log.stat().st_size < 10_000


def test_a_mistake_that_cannot_be_kept_is_said_all_the_same(cli, doctor_that, monkeypatch, tmp_path):
    doctor_that(RuntimeError())
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    done = cli("doctor")
    assert done.status == 1
    assert "CNN_STUDIO_DEBUG=1 shows the details" in done.err


def test_details_of_a_mistake_are_shown_on_demand(cli, doctor_that, monkeypatch):
    doctor_that(RuntimeError("secret"))
    monkeypatch.setenv("CNN_STUDIO_DEBUG", "1")
    assert "RuntimeError: secret" in cli("doctor").err


# -- real processes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["starters", "lenet5"], ["summary", "resnet50", "--json"]])
def test_a_pipe_that_closes_early_is_quiet(arguments):
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "cnn_studio", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False, env=environment)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(os.name == "nt", reason="needs a shell of Unix")
def test_a_closed_standard_output_is_no_mistake():
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        done = subprocess.run(
            ["sh", "-c", f"{sys.executable} -m cnn_studio starters lenet5 {closed}"], cwd=ROOT, check=False
        )
        assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only some systems have a device that is always full")
def test_a_full_standard_output_is_said():
    command = [sys.executable, "-m", "cnn_studio", "starters"]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "arguments", [["summary", "lenet5", "--sums"], ["starters"], ["starters", "lenet5"], ["doctor"]]
)
def test_a_terminal_of_ascii_shows_everything(arguments, language):
    done = started(*arguments, "--language", language, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.stderr == b""
    assert done.stdout.decode("ascii")
    if arguments[0] == "summary":
        assert b"28x28x6" in done.stdout


def test_json_is_whole_on_a_terminal_of_ascii():
    arguments = ("summary", "lenet5", "--json", "--language", "es")
    plain, rich = started(*arguments, PYTHONIOENCODING="ascii"), started(*arguments, PYTHONIOENCODING="utf-8")
    assert json.loads(plain.stdout.decode("ascii")) == json.loads(rich.stdout.decode("utf-8"))


def test_an_exported_file_is_the_same_on_every_terminal():
    arguments = ("export", "lenet5", "--to", "pytorch", "--language", "es")
    plain, rich = started(*arguments, PYTHONIOENCODING="latin-1"), started(*arguments, PYTHONIOENCODING="utf-8")
    assert plain.stdout == rich.stdout
    assert "28×28×6".encode() in plain.stdout


def test_the_language_of_the_system_is_spoken():
    assert started("--help", CNN_STUDIO_LANGUAGE="", LC_ALL="es_ES.UTF-8").stdout.startswith(b"uso:")


def test_standard_output_is_left_alone_when_it_cannot_be_silenced(monkeypatch):
    class Captured:
        def fileno(self):
            raise ValueError

    monkeypatch.setattr(sys, "stdout", Captured())
    output.silence()


def test_run_takes_the_arguments_of_the_process(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["cnn-studio", "--version"])
    assert main.run() == 0
    assert capsys.readouterr().out.startswith("cnn-studio ")


@pytest.fixture
def windows(monkeypatch):
    """What the window was asked to show, and in which language."""
    asked = []
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setattr("cnn_studio.gui.app.start", lambda *asking: len(asked.append(asking) or ""))  # type: ignore[func-returns-value]
    return asked


@pytest.mark.parametrize(("arguments", "language"), [([], ""), (["--language", "es"], "es"), (["--language=es"], "es")])
def test_on_a_screen_nothing_else_means_the_window(cli, windows, arguments, language):
    assert cli(*arguments).status == 0
    assert windows == [(None, language)]


def test_the_window_heeds_the_language_of_the_environment(cli, windows, monkeypatch):
    monkeypatch.setenv("CNN_STUDIO_LANGUAGE", "es_AR")
    assert cli().status == 0
    assert cli("--language", "en").status == 0
    assert windows == [(None, "es"), (None, "en")]


def test_on_a_screen_a_file_opens_in_the_window(cli, windows, sound):
    assert cli(sound).status == 0
    assert cli("--language", "es", sound).status == 0
    assert cli(sound, "--language=en").status == 0
    assert windows == [(sound, ""), (sound, "es"), (sound, "en")]
    assert cli("--help").status == 0
    assert cli("summary", sound).status == 0
    assert len(windows) == 3
