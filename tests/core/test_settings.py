"""Settings survive damage and later versions; folders are where each system wants them."""

import errno
import json
from pathlib import Path

import pytest

from cnn_studio.core.fields import specs
from cnn_studio.core.files import FileError
from cnn_studio.core.settings import MOST_RECENT, Folders, Settings, folders, read_settings, write_settings


def test_settings_are_kept(tmp_path):
    path = tmp_path / "new" / "settings.json"
    settings = Settings(language="es", theme="dark", notation="first").with_recent(tmp_path / "a.cnnstudio")
    write_settings(settings, path)
    assert read_settings(path) == settings
    assert settings.last_folder == str(tmp_path)


def test_recent_files_are_the_latest(tmp_path):
    settings = Settings()
    for number in [*range(20), 15]:
        settings = settings.with_recent(Path(f"{number}.cnnstudio"))
    assert len(settings.recent) == MOST_RECENT
    assert settings.recent[:3] == ["15.cnnstudio", "19.cnnstudio", "18.cnnstudio"]


def test_what_a_later_version_wrote_is_kept(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "dark", "sound": {"volume": 3}, "kept": 5}')
    settings = read_settings(path)
    assert (settings.theme, settings.kept) == ("dark", {"sound": {"volume": 3}})
    write_settings(settings.model_copy(update={"theme": "light"}), path)
    written = json.loads(path.read_text())
    assert (written["sound"], written["theme"], "kept" in written) == ({"volume": 3}, "light", False)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\xfe", b"null", b'{"theme": NaN}', b'{"a": ' * 500])
def test_damage_means_nothing_was_chosen(tmp_path, damage):
    path = tmp_path / "settings.json"
    path.write_bytes(damage)
    assert read_settings(path) == Settings()
    assert read_settings(tmp_path) == Settings()


def test_one_damaged_choice_spares_the_others(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "purple", "language": "es", "recent": [1], "last_folder": 3}')
    assert read_settings(path).model_copy(update={"kept": {}}) == Settings(language="es")


def test_what_only_a_later_version_understands_is_kept_until_something_else_is_chosen(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "solarized", "language": "de"}')
    settings = read_settings(path)
    assert (settings.theme, settings.language) == ("system", "")
    write_settings(settings.with_recent(tmp_path / "a.cnnstudio").model_copy(update={"language": "es"}), path)
    written = json.loads(path.read_text())
    assert (written["theme"], written["language"], len(written["recent"])) == ("solarized", "es", 1)
    assert read_settings(path).language == "es"


def test_the_tour_is_offered_once(tmp_path):
    path = tmp_path / "settings.json"
    assert read_settings(path).tour == ""
    write_settings(Settings(tour="declined"), path)
    assert read_settings(path).tour == "declined"


def test_a_disk_that_can_only_be_read_is_said_so(tmp_path, monkeypatch):
    def refuse(*_arguments, **_more):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(FileError, match="the disk can only be read"):
        write_settings(Settings(), tmp_path / "new" / "settings.json")


def test_where_nothing_can_be_written_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match=r"^there is no such file or folder$"):
        write_settings(Settings(), tmp_path / "file" / "settings.json")


def test_every_choice_has_a_label():
    assert [spec.name for spec in specs(Settings)] == ["language", "theme", "notation", "last_folder"]


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"HOME": "/h"}, ["/h/.config/cnn-studio", "/h/.local/state/cnn-studio", "/h/.cache/cnn-studio", "/h/.local/share/cnn-studio"]),
        ("linux", {"HOME": "/h", "XDG_STATE_HOME": "/s", "XDG_CACHE_HOME": "relative"}, ["/h/.config/cnn-studio", "/s/cnn-studio", "/h/.cache/cnn-studio", "/h/.local/share/cnn-studio"]),
        ("darwin", {"HOME": "/h"}, ["/h/Library/Application Support/CNN Studio", "/h/Library/Application Support/CNN Studio/State", "/h/Library/Caches/CNN Studio", "/h/Library/Application Support/CNN Studio/Data"]),
        ("win32", {"APPDATA": "/r", "LOCALAPPDATA": "/l", "USERPROFILE": "/h"}, ["/r/CNN Studio", "/l/CNN Studio/State", "/l/CNN Studio/Cache", "/l/CNN Studio/Data"]),
        ("win32", {"USERPROFILE": "/h"}, ["/h/AppData/Roaming/CNN Studio", "/h/AppData/Local/CNN Studio/State", "/h/AppData/Local/CNN Studio/Cache", "/h/AppData/Local/CNN Studio/Data"]),
        ("linux", {"HOME": "/h", "CNN_STUDIO_HOME": "/own"}, ["/own/config", "/own/state", "/own/cache", "/own/data"]),
    ],
)  # fmt: skip
def test_folders(platform, environment, expected):
    assert folders(environment, platform) == Folders(*map(Path, expected))
