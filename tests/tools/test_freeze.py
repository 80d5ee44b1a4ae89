"""What is packed into the built program, and what its packages say."""

import gzip
import json
import subprocess
import sys
import sysconfig
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cnn_studio import __version__, i18n
from cnn_studio.core.project import SUFFIX
from tools.freeze import build, bundle, contents, debian, elf, licences, manual, pictures

ROOT = Path(__file__).resolve().parents[2]
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about programs of Linux")


# -- contents ----------------------------------------------------------------------------------------------------------


def test_every_module_of_the_studio_is_carried():
    found = contents.modules()
    files = [path for path in (ROOT / "cnn_studio").rglob("*.py") if path.name != "__main__.py"]
    assert len([name for name in found if not name.endswith("__main__")]) == len(files)
    assert {"cnn_studio.core.layers.dense", "cnn_studio.gui.panels.pad", "cnn_studio.cli.commands.train"} <= set(found)


@pytest.mark.parametrize(
    "place",
    [
        "torch/bin/torch_shm_manager", "torch/testing/_internal/common_utils.so", "torch/lib/libtorch_cpu.so",
        "torch/distributed/config.py", "torch/_inductor/config.py", "torch/nn/functional.py", "torch/_dynamo/config.py",
        "PySide6/Qt/plugins/platforms/libqxcb.so", "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so", "PySide6/Qt/plugins/platformthemes/libqxdgdesktopportal.so",
        "cnn_studio/resources/starters/lenet5.cnnstudio", "libpython3.11.so.1.0",
    ],
)  # fmt: skip
def test_what_is_needed_stays(place):
    assert contents.kept([(place, place, "DATA")])


@pytest.mark.parametrize(
    "place",
    [
        "torch/bin/test_api", "torch/bin/protoc", "torch/include/ATen/ATen.h", "torch/testing/_internal/common_utils.py",
        "torch\\bin\\protoc.exe", "PySide6/Qt/plugins/platforms/libqlinuxfb.so", "PySide6/Qt/qml/QtQuick/qmldir",
        "PySide6/Qt/translations/qtbase_de.qm",
    ],
)  # fmt: skip
def test_what_nobody_opens_goes(place):
    assert contents.kept([(place, place, "DATA")]) == []


def test_modules_that_torch_and_sympy_import_are_not_excluded():
    for name in ("torch.testing", "sympy.plotting", "numpy", "networkx", "PySide6.QtTest", "PySide6.QtSvg"):
        assert not any(name == one or name.startswith(f"{one}.") for one in contents.UNUSED_MODULES)


def test_words_of_qt_stay_in_the_languages_of_the_studio():
    places = [f"PySide6/Qt/translations/qtbase_{code}.qm" for code in ("en", "es", "fr")]
    left = [entry[0] for entry in contents.kept([(place, place, "DATA") for place in places])]
    assert left == [place for place in places if place[-5:-3] in i18n.languages()]


def test_links_to_what_is_left_out_go_too():
    entry = ("libQt6Qml.so.6", "PySide6/Qt/lib/libQt6Qml.so.6", "SYMLINK")
    assert contents.kept([entry]) == []


@LINUX
def test_libraries_that_nobody_is_linked_with_go(tmp_path, monkeypatch):
    links = {"plugin.so": ["libfirst.so.1"], "libfirst.so.1": ["libsecond.so.1"], "libgone.so": ["libthird.so"]}
    monkeypatch.setattr(contents, "linked_with", lambda path: links.get(path.name, []))
    names = ["libfirst.so.1", "libsecond.so.1", "libthird.so", "libgone.so", "libpython3.11.so.1.0"]
    entries = [("deep/plugin.so", str(tmp_path / "plugin.so"), "BINARY")]
    entries += [(name, str(tmp_path / name), "BINARY") for name in names]
    left = [Path(entry[0]).name for entry in contents.needed(entries)]
    assert left == ["plugin.so", "libfirst.so.1", "libsecond.so.1", "libpython3.11.so.1.0"]


# -- programs of Linux -------------------------------------------------------------------------------------------------


def a_library() -> Path:
    """A module of Python that is written in C."""
    return next(Path(sysconfig.get_path("platlib")).glob("numpy/_core/_multiarray_umath*.so"))


@LINUX
def test_what_a_library_is_linked_with_is_read():
    path = a_library()
    listed = subprocess.run(["ldd", str(path)], capture_output=True, text=True, check=True).stdout
    linked = elf.linked_with(path)
    assert "libc.so.6" in linked
    assert all(name in listed for name in linked)
    assert elf.newest_glibc([path]) >= (2, 17)


@LINUX
def test_other_files_are_linked_with_nothing(tmp_path):
    text = tmp_path / "text.so"
    text.write_text("GLIBC_2.99")
    assert elf.linked_with(text) == []
    assert not elf.is_elf(tmp_path)


# -- the package for Debian --------------------------------------------------------------------------------------------


@pytest.fixture
def built(tmp_path):
    """A built program, small."""
    folder = tmp_path / "built"
    (folder / "_internal").mkdir(parents=True)
    (folder / "cnn-studio").write_text("#!/bin/sh\n")
    (folder / "cnn-studio").chmod(0o755)
    (folder / "_internal" / "base.zip").write_bytes(b"zip")
    return folder


def test_dependencies_follow_from_what_is_linked(built, monkeypatch):
    linked = ["libc.so.6", "libGL.so.1", "libglib-2.0.so.0", "libgthread-2.0.so.0", "libxcb-cursor.so.0", "libown.so"]
    (built / "_internal" / "libown.so").touch()
    monkeypatch.setattr(debian, "is_elf", lambda path: path.name == "cnn-studio")
    monkeypatch.setattr(debian, "linked_with", lambda _path: linked)
    monkeypatch.setattr(debian, "newest_glibc", lambda _paths: (2, 36))
    assert debian.dependencies(built) == [
        "libc6 (>= 2.36)", "libgl1", "libglib2.0-0 | libglib2.0-0t64", "libxcb-cursor0"
    ]  # fmt: skip
    linked.append("libunheard.so.3")
    with pytest.raises(debian.UnknownLibraryError, match=r"libunheard\.so\.3 \(for cnn-studio\)"):
        debian.dependencies(built)


def test_the_package_says_what_it_is():
    fields = debian.control(["libc6 (>= 2.36)", "libgl1"], "amd64", 1234)
    assert f"Version: {__version__}\n" in fields
    assert "Depends: libc6 (>= 2.36), libgl1\n" in fields
    assert all(line == " ." or line[:1] != " " or len(line) > 2 for line in fields.splitlines())
    assert fields.endswith("\n")


@LINUX
def test_everything_lies_where_a_desktop_looks(built, tmp_path):
    tree = tmp_path / "tree"
    debian.make_tree(built, tree)
    start = tree / "usr/bin/cnn-studio"
    assert start.resolve() == (tree / "usr/lib/cnn-studio/cnn-studio").resolve()
    assert not start.readlink().is_absolute()
    share = tree / "usr/share"
    for size in pictures.SIZES:
        assert (share / f"icons/hicolor/{size}x{size}/apps/cnn-studio.png").is_file()
        assert (share / f"icons/hicolor/{size}x{size}/mimetypes/application-x-cnn-studio.png").is_file()
    assert (share / "icons/hicolor/scalable/apps/cnn-studio.svg").is_file()
    for place in ("man/man1", "man/es/man1"):
        assert gzip.decompress((share / place / "cnn-studio.1.gz").read_bytes()).startswith(b".TH")
    assert (share / "doc/cnn-studio/copyright").is_file()


def test_the_desktop_and_the_kind_of_file_name_each_other():
    entry = (ROOT / "packaging/linux/cnn-studio.desktop").read_text(encoding="utf-8")
    kinds = ET.parse(ROOT / "packaging/linux/cnn-studio.xml").getroot()
    (kind,) = kinds
    assert f"MimeType={kind.get('type')};" in entry
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    glob, icon = kind.find(f"{space}glob"), kind.find(f"{space}icon")
    assert glob is not None
    assert glob.get("pattern") == f"*{SUFFIX}"
    assert icon is not None
    assert icon.get("name") == pictures.DOCUMENT
    assert f"Icon={pictures.PROGRAM}\n" in entry


def test_pictures_are_sharp_at_every_size(tmp_path):
    for size in (16, 48, 256):
        made = pictures.picture(pictures.DRAWINGS[pictures.PROGRAM], size)
        assert made.size == (size, size)
        assert made.getpixel((0, 0))[3] == 0  # type: ignore[index]
        assert made.getpixel((size // 2, size // 3))[3] == 255  # type: ignore[index]
    pictures.write_icons(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "cnn-studio.ico", "cnn-studio.icns", "document.ico", "document.icns"
    }  # fmt: skip


# -- texts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(i18n.languages()))
def test_the_manual_names_every_command(language):
    text = manual.page(language)
    assert i18n.language() == "en"
    for word in ("train", "predict", "doctor", r"\-\-self\-test", r"\-\-prepare", "CNN_STUDIO_HOME"):
        assert word in text
    assert "%(" not in text
    lines = [line for line in text.splitlines() if line.startswith(".")]
    assert {line.split()[0] for line in lines} == {".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".RI", ".I"}


def test_licences_of_all_others_are_carried():
    text = licences.licences(["numpy.linalg", "pydantic", "cnn_studio.core", "json"])
    assert "numpy" in text
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in text
    assert [one.name.lower() for one in licences.packages(["numpy.linalg", "cnn_studio.core"])] == ["numpy"]


def test_macos_is_told_of_the_kind_of_file():
    (kind,) = bundle.INFORMATION["UTExportedTypeDeclarations"]
    assert kind["UTTypeTagSpecification"]["public.filename-extension"] == [SUFFIX[1:]]


def test_the_setup_program_takes_what_the_build_defines():
    script = (ROOT / "packaging/windows/cnn-studio.iss").read_text(encoding="utf-8")
    for name in ("Version", "Built", "Icons", "Output"):
        assert f"{{#{name}}}" in script
    assert f"Classes\\{SUFFIX}\\" in script


# -- the build ---------------------------------------------------------------------------------------------------------


def answers(monkeypatch, source: dict, program: dict) -> None:
    """Two self-tests that say these things."""

    def said(command, **_options):
        one = source if command[0] == sys.executable else program
        return subprocess.CompletedProcess(command, 0, json.dumps({"trials": [one]}), "")

    monkeypatch.setattr(subprocess, "run", said)


def test_a_program_that_lacks_a_kind_is_refused(monkeypatch, built):
    monkeypatch.setattr(build, "resources", lambda _root: set())
    trial = {"name": "registries", "problem": "", "counts": {"layers": 38}}
    answers(monkeypatch, trial, trial)
    build.self_test(built)
    answers(monkeypatch, trial, {**trial, "counts": {"layers": 37}})
    with pytest.raises(build.BuildError, match=r"\{'layers': \(38, 37\)\}"):
        build.self_test(built)
    answers(monkeypatch, trial, {**trial, "problem": "no torch"})
    with pytest.raises(build.BuildError, match="registries: no torch"):
        build.self_test(built)


def test_a_program_that_lacks_a_file_is_refused(monkeypatch, built):
    trial = {"name": "registries", "problem": "", "counts": {}}
    answers(monkeypatch, trial, trial)
    with pytest.raises(build.BuildError, match=r"starters/lenet5\.cnnstudio"):
        build.self_test(built)


def test_nothing_is_packed_that_was_not_built(tmp_path, capsys):
    assert build.main(["--packages-only", "--work", str(tmp_path)]) == 1
    assert "nothing is built" in capsys.readouterr().err


def test_the_spec_is_python():
    compile((ROOT / "packaging" / "cnn-studio.spec").read_text(encoding="utf-8"), "cnn-studio.spec", "exec")
