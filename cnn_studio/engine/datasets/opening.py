"""Data by what a person calls them: the name of a set, or the path of one's own."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from cnn_studio.core.plans.plan import JOINT
from cnn_studio.core.settings import folders
from cnn_studio.engine.datasets import sources
from cnn_studio.engine.datasets.base import DataError, Dataset
from cnn_studio.engine.datasets.drawings import drawings_folder, drawn_sets
from cnn_studio.engine.datasets.fetched import FetchedSource
from cnn_studio.engine.datasets.mixed import mixed
from cnn_studio.engine.datasets.own import open_path
from cnn_studio.engine.datasets.source import Source
from cnn_studio.i18n import N_


def data_folder() -> Path:
    """Where fetched and generated sets are kept."""
    return folders().data / "datasets"


def open_data(name: str, folder: Path | None = None) -> Dataset:
    """The samples of a set known by name, of a file or folder, of drawings of one's own, or of several of these mixed,
    "digits + my letters". Raises DataError.
    """
    source = sources.get(name)
    if source is not None:
        return _known(source, folder or data_folder())
    path = Path(name).expanduser()
    if path.exists():
        return open_path(path)
    if name in (drawn := drawn_sets()):
        return open_path(drawings_folder() / name)
    if JOINT in name:
        return mixed([open_data(part.strip(), folder) for part in name.split(JOINT)])
    near = get_close_matches(name.lower(), [*sources, *drawn], 1)
    if near and "/" not in name:
        raise DataError(N_("there are no data called “{name}”; did you mean “{near}”?"), name=name, near=near[0])
    raise DataError(N_("there are no data called “{name}”, and no such file or folder"), name=name)


def _known(source: Source, folder: Path) -> Dataset:
    """The samples of a set known by name. Raises DataError, with the command that helps."""
    try:
        return source.open(folder)
    except DataError as error:
        if not isinstance(source, FetchedSource) or not source.is_here(folder):
            raise
        template = N_("{problem}; “cnn-studio data fetch {name}” fetches it again")
        raise DataError(template, problem=error.words, name=source.name) from None
