"""``cnn-studio --self-test``: whether this installation can do its work. Every part of it is tried once.

Nothing of the person's is touched: what the studio writes meanwhile goes into a folder that is removed in the end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cnn_studio import __version__
from cnn_studio.cli import checks, output, parsing
from cnn_studio.engine.loading import before_qt
from cnn_studio.engine.self_test import Trial, modules, registries, tried
from cnn_studio.engine.self_test.resources import resources
from cnn_studio.i18n import _, decimal, language

_ALL, QUICK, WINDOW = parsing.SELF_TESTS
LONGEST = 300
"""Seconds after which a window that has not closed never will."""


def execute(part: str, as_json: bool) -> int:
    """Try it, telling each part as it is done; 1 when one of them does not work."""
    begun = time.perf_counter()
    done: list[Trial] = []
    with own_home() as folder:
        for trial in trials(part, folder):
            done.append(trial)
            if not as_json:
                tell(trial)
    problems = [trial for trial in done if trial.problem]
    if as_json:
        output.print_json({"ok": not problems, "version": __version__, "trials": [row(trial) for trial in done]})
        return 1 if problems else 0
    seconds = decimal(time.perf_counter() - begun, 0)
    output.print_text("")
    if problems:
        sentence = _("{bad} of {n} trials failed, in {seconds} s:")
        output.print_text(sentence.format(bad=len(problems), n=len(done), seconds=seconds))
        for trial in problems:
            output.print_text(f"{trial.name}: {trial.problem}")
        return 1
    output.print_text(_("All {n} trials passed, in {seconds} s.").format(n=len(done), seconds=seconds))
    return 0


def trials(part: str, folder: Path) -> Iterator[Trial]:
    """The trials of a part; those of the window in a process of its own, unless they alone are asked for."""
    if part == WINDOW:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        before_qt()
        from cnn_studio.gui.self_test import window

        yield from window()
        return
    yield from resources()
    yield from modules(window=False)
    yield registries(window=False)
    try:
        from cnn_studio.engine.self_test import starters
    except Exception as error:  # a library that cannot be loaded
        yield Trial("torch", f"{type(error).__name__}: {error}")
    else:
        yield tried("sample", starters.sample)
        yield from starters.starters(folder, quick=part == QUICK)
    yield from asked(WINDOW)


def asked(part: str) -> list[Trial]:
    """The trials of a part, carried out by another process of this program: it may crash."""
    command = [*program(), f"--self-test={part}", "--json", "--language", language()]
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, timeout=LONGEST, encoding="utf-8", errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return [Trial(part, str(error))]
    try:
        return [Trial(**{"name": part, **values}) for values in json.loads(done.stdout)["trials"]]
    except (ValueError, KeyError, TypeError):
        said = done.stderr.strip().splitlines()
        words = _("it ended with status {n}").format(n=done.returncode)
        return [Trial(part, f"{words}: {said[-1]}" if said else words)]


def program() -> list[str]:
    """The command that starts this very program again."""
    return [sys.executable] if checks.is_built() else [sys.executable, "-P", "-m", "cnn_studio"]


@contextmanager
def own_home() -> Iterator[Path]:
    """A folder for all that the studio writes."""
    before = os.environ.get("CNN_STUDIO_HOME")
    with tempfile.TemporaryDirectory(prefix="cnn-studio-", ignore_cleanup_errors=True) as name:
        os.environ["CNN_STUDIO_HOME"] = str(Path(name) / "home")
        try:
            yield Path(name)
        finally:
            if before is None:
                del os.environ["CNN_STUDIO_HOME"]
            else:
                os.environ["CNN_STUDIO_HOME"] = before


def tell(trial: Trial) -> None:
    """One trial as a line."""
    status = checks.PROBLEM if trial.problem else checks.OK
    labels = {name: _(label) for name, label in checks.STATUS_LABELS.items()}
    width = max(map(len, labels.values()))
    seconds = f"  ({decimal(trial.seconds, 1)} s)" if trial.seconds >= 0.05 else ""
    output.print_text(f"{labels[status]:{width}}  {trial.name:16}  {trial.problem or trial.found}{seconds}")
    sys.stdout.flush()


def row(trial: Trial) -> dict[str, object]:
    """One trial for a program."""
    return {**trial._asdict(), "seconds": round(trial.seconds, 3)}
