"""Whether the files are there that come with the program: translations, starters, drawings, the page of the report."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from cnn_studio import i18n
from cnn_studio.core.starters import ORDER, starter_names
from cnn_studio.engine.self_test import Trial, TrialError, tried
from cnn_studio.i18n import N_

ALWAYS = "Convolution"
"""A text that is another one in every other language."""
SOURCES = (
    ("cnn_studio.engine", ("places.py", "drawing.py")),
    ("cnn_studio.core.export", ("helpers.py", "keras_helpers.py")),
)
"""Program text that exported code carries along."""


def resources() -> Iterator[Trial]:
    """Try what can be looked at without the large libraries."""
    yield tried("translations", translations)
    yield tried("starters", starters)
    yield tried("files", texts)


def translations() -> str:
    """Every language has its texts."""
    spoken = [code for code in i18n.languages() if code != "en"]
    for code in spoken:
        try:
            translated = i18n.in_language(code, ALWAYS)
        except OSError as error:
            raise TrialError(N_("the texts in {language} are missing"), language=i18n.languages()[code]) from error
        if translated == ALWAYS:
            raise TrialError(N_("the texts in {language} are missing"), language=i18n.languages()[code])
    return ", ".join(i18n.languages()[code] for code in spoken)


def starters() -> str:
    """Every starter that is taught is there."""
    found = starter_names()
    missing = [name for name in ORDER if name not in found]
    if missing:
        raise TrialError(N_("missing: {names}"), names=", ".join(missing))
    return str(len(found))


def texts() -> str:
    """The page and style of the report, the drawings, and the program text that exported code carries along."""
    own = files("cnn_studio").joinpath("resources")
    wanted = [own / "report" / "report.html", own / "report" / "report.css"]
    wanted += [own / "drawings" / f"{digit}.png" for digit in range(10)]
    wanted += [files(package) / name for package, names in SOURCES for name in names]
    missing = [place.name for place in wanted if not place.is_file()]
    if missing:
        raise TrialError(N_("missing: {names}"), names=", ".join(missing))
    return str(len(wanted))
