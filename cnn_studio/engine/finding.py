"""Where runs are, and which one a person names. Loads neither torch nor numpy: `summary` asks here too."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from cnn_studio.core.files import FileError, write_atomically
from cnn_studio.core.settings import folders
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_

NETWORK = "network.cnnstudio"
"""The file of a run that holds its network; a folder with it is a run."""
CHECKPOINT = "checkpoint.safetensors"
"""The file of a run that holds where it stands."""
LAST = "last"
ELSEWHERE = "elsewhere.txt"
"""The file, among the runs, that names the folders of runs kept elsewhere, one a line."""
STATES = {
    "": N_("not begun"), "new": N_("not begun"), "running": N_("interrupted"), "done": N_("done"), "stopped": N_("stopped"),
    "early": N_("stopped early"), "failed": N_("failed"),
}  # fmt: skip
"""What the states that a record knows are called, where no process trains."""


class RunError(Exception):
    """A run that cannot be used; says which and why."""

    def __init__(self, template: str, /, **values: Any) -> None:
        super().__init__(template)
        self.words: Words = say(template, **values)

    def __str__(self) -> str:
        return str(self.words)


def run_folder() -> Path:
    """Where runs are kept."""
    return folders().data / "runs"


def is_run(path: Path) -> bool:
    """Whether a folder is that of a run."""
    try:
        return (path / NETWORK).is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def run_folders(folder: Path) -> list[Path]:
    """The folders of all runs, also of those that were told to be elsewhere, that which learned last at the end.

    Looking into a run does not make it the latest.
    """
    try:
        found = {path.parent for path in folder.glob(f"*/{NETWORK}")}
    except OSError:
        found = set()
    found.update(path for path in _elsewhere(folder) if is_run(path))
    return sorted(found, key=lambda run: (max(_changed(run / NETWORK), _changed(run / CHECKPOINT)), run.name))


def _elsewhere(folder: Path) -> list[Path]:
    try:
        return [Path(line) for line in (folder / ELSEWHERE).read_text(encoding="utf-8").splitlines() if line]
    except (OSError, ValueError):
        return []


def remember_elsewhere(run: Path, folder: Path) -> None:
    """Let a run that is kept elsewhere be found by its name too; where that cannot be written, its path finds it."""
    if run.parent == folder.resolve() or "\n" in str(run):
        return
    known = [path for path in _elsewhere(folder) if path != run and is_run(path)]
    with suppress(OSError, FileError):
        folder.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{path}\n" for path in (*known, run))
        write_atomically(folder / ELSEWHERE, text.encode("utf-8", "surrogateescape"))


def _changed(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def named_run(name: str, folder: Path) -> Path | None:
    """The folder of the run of exactly this name or path, or of the latest ("last"); None when there is none."""
    if is_run(Path(name)):
        return Path(name).resolve()
    known = run_folders(folder)
    if name == LAST and known:
        return known[-1]
    return next((run for run in reversed(known) if run.name == name), None)


def find_run(name: str, folder: Path) -> Path:
    """The folder of a run by its path, its name, the beginning of its name, or "last". Raises RunError."""
    same = [run for run in run_folders(folder) if run.name == name]
    if len(same) > 1 and not is_run(Path(name)):
        raise RunError(N_("several runs are called “{name}”: {paths}"), name=name, paths=", ".join(map(str, same[:5])))
    exact = named_run(name, folder)
    if exact is not None:
        return exact
    similar = [run for run in run_folders(folder) if run.name.startswith(name)]
    if len(similar) == 1:
        return similar[0]
    if similar:
        raise RunError(
            N_("several runs begin with “{name}”: {names}"), name=name, names=", ".join(run.name for run in similar[:5])
        )
    raise RunError(N_("there is no run “{name}”; “cnn-studio runs list” shows those there are"), name=name)
