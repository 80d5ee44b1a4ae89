"""What a person chose once for all documents, and the folders in which the studio keeps its own files."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field, ValidationError

from cnn_studio.core.fields import Model, choice, text
from cnn_studio.core.files import FileError, make_folder, read_file, write_atomically
from cnn_studio.core.json_text import read_json, write_json
from cnn_studio.core.words import CHANNELS_FIRST, CHANNELS_LAST
from cnn_studio.i18n import N_

MOST_RECENT = 12
LARGEST = 1_048_576
NAME = "settings.json"


class Folders(NamedTuple):
    """Where the studio keeps its own files: settings, what a crash must not lose, what it can make again, downloads."""

    config: Path
    state: Path
    cache: Path
    data: Path


def folders(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Folders:
    """The folders that the system names for the purpose, or those inside CNN_STUDIO_HOME. None of them is created."""
    if own := environment.get("CNN_STUDIO_HOME"):
        return Folders(*(Path(own) / name for name in Folders._fields))
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    if platform == "win32":
        roaming = Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "CNN Studio"
        local = Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "CNN Studio"
        return Folders(roaming, local / "State", local / "Cache", local / "Data")
    if platform == "darwin":
        support = home / "Library" / "Application Support" / "CNN Studio"
        return Folders(support, support / "State", home / "Library" / "Caches" / "CNN Studio", support / "Data")

    def xdg(variable: str, fallback: str) -> Path:
        named = Path(environment.get(variable) or "")
        return (named if named.is_absolute() else home / fallback) / "cnn-studio"

    return Folders(
        xdg("XDG_CONFIG_HOME", ".config"),
        xdg("XDG_STATE_HOME", ".local/state"),
        xdg("XDG_CACHE_HOME", ".cache"),
        xdg("XDG_DATA_HOME", ".local/share"),
    )


class Settings(Model):
    """Choices that hold for every document.

    Attributes:
        last_folder: where a file was opened or saved last, or "".
        recent: files opened or saved, the latest first.
        tour: whether the tour was taken or declined; then it is no longer offered.
        kept: what a later version has written, also in the place of a choice; kept until another one is made here.
    """

    language: Literal["", "en", "es"] = choice(
        "", N_("Language"), {"": N_("As the system"), "en": N_("English"), "es": N_("Spanish")}
    )
    theme: Literal["system", "light", "dark"] = choice(
        "system", N_("Theme"), {"system": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}
    )
    notation: Literal["last", "first"] = choice(
        CHANNELS_LAST,
        N_("Shapes"),
        {CHANNELS_LAST: N_("28×28×1 (channels last)"), CHANNELS_FIRST: N_("1×28×28 (channels first)")},
        help=N_("The order in which shapes are written."),
    )
    last_folder: str = text("", N_("Last folder"), longest=4096, advanced=True)
    recent: list[str] = Field([], max_length=MOST_RECENT)
    tour: Literal["", "taken", "declined"] = ""
    kept: dict[str, Any] = {}

    def with_recent(self, path: Path) -> Settings:
        """The same settings with this file as the latest."""
        name = str(path)
        recent = [name, *(other for other in self.recent if other != name)][:MOST_RECENT]
        return self.model_copy(update={"recent": recent, "last_folder": str(path.parent)})


def read_settings(path: Path) -> Settings:
    """The settings of a file. What is damaged or missing is as if never chosen; never raises."""
    try:
        value = read_json(read_file(path, LARGEST), NAME)
    except FileError:
        return Settings()
    if not isinstance(value, dict):
        return Settings()
    known = {name: value.pop(name) for name in Settings.model_fields if name in value and name != "kept"}
    value.pop("kept", None)
    chosen: dict[str, Any] = {}
    for name, one in known.items():
        try:
            Settings.model_validate({name: one})
        except ValidationError:
            value[name] = one
            continue
        chosen[name] = one
    return Settings(**chosen, kept=value)


def write_settings(settings: Settings, path: Path) -> None:
    """Save the settings. Raises FileError; then the file is as it was before."""
    first = Settings()
    values = {
        name: value
        for name, value in settings.model_dump(exclude={"kept"}).items()
        if name not in settings.kept or value != getattr(first, name)
    }
    make_folder(path.parent)
    write_atomically(path, write_json({**settings.kept, **values}, NAME, sort=True))
