"""A window: what is shown, opened, saved, undone, closed, remembered."""

import os
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QPushButton, QTabBar

from cnn_studio.core import edits
from cnn_studio.core.layers import layers
from cnn_studio.core.project import read_project, write_project
from cnn_studio.core.settings import folders, read_settings
from cnn_studio.core.starters import open_starter, starter_names
from cnn_studio.gui import exporting
from cnn_studio.gui.dialogs.closing import CloseQuestion
from cnn_studio.gui.welcome import StarterCard


def add_layer(window):
    graph = window.workspace.document.graph
    window.workspace.document.edit(edits.add(graph, layers["flatten"](), (0.0, 900.0)))


def button(window, name):
    found = [one for one in window.findChildren(QPushButton) if one.objectName() == name]
    assert len(found) == 1, name
    return found[0]


def click(qtbot, window, name):
    qtbot.mouseClick(button(window, name), Qt.MouseButton.LeftButton)


# -- the welcome page --------------------------------------------------------------------------------------------------


def test_it_begins_with_the_welcome_page(window, qtbot):
    assert window.is_welcoming
    assert window.windowTitle() == "CNN Studio"
    qtbot.waitUntil(lambda: window.welcome.is_loaded)
    cards = window.welcome.findChildren(StarterCard)
    assert [card.objectName().removeprefix("welcome.starter.") for card in cards] == list(starter_names())


def test_a_starter_is_a_click_away(window, qtbot):
    qtbot.waitUntil(lambda: window.welcome.is_loaded)
    card = next(card for card in window.welcome.findChildren(StarterCard) if card.text() == "LeNet-5")
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert not window.is_welcoming
    assert window.workspace.document.graph == open_starter("lenet5").graph
    assert window.windowTitle().startswith("LeNet-5")
    assert not window.isWindowModified()
    assert window.stack.currentWidget() is window.canvas


def test_a_new_network_is_empty_and_here(window, qtbot):
    click(qtbot, window, "welcome.new")
    assert not window.is_welcoming
    assert not window.workspace.document.graph.nodes
    assert window.studio.windows == [window]


def test_the_language_is_changed_right_there(window, qtbot):
    box = window.welcome.findChild(QComboBox, "welcome.language")
    box.setCurrentIndex(box.findData("es"))
    box.activated.emit(box.currentIndex())
    assert window.welcome.new_button.text() == "Red nueva"
    assert window.menus["file"].title() == "&Archivo"
    assert read_settings(folders().config / "settings.json").language == "es"


def test_the_theme_is_changed_right_there(window, qapp):
    dark = qapp.palette().window().color()
    box = window.welcome.findChild(QComboBox, "welcome.theme")
    box.setCurrentIndex(box.findData("dark"))
    box.activated.emit(box.currentIndex())
    assert qapp.palette().window().color() != dark
    assert qapp.palette().window().color().lightness() < 80


# -- files -------------------------------------------------------------------------------------------------------------


def test_save_open_and_recent(lenet, studio, chosen_file, tmp_path):
    chosen_file.append(tmp_path / "mine")
    add_layer(lenet)
    assert lenet.isWindowModified()
    lenet.actions_["file.save"].trigger()
    path = tmp_path / "mine.cnnstudio"
    assert read_project(path).graph == lenet.workspace.document.graph
    assert not lenet.isWindowModified()
    assert studio.settings.recent == [str(path)]
    assert "mine.cnnstudio" in lenet.toast.text
    other = studio.new_window()
    studio.open(path, other)
    assert other.is_welcoming, "the window that has the file comes forward"
    lenet.close()
    studio.open(path, other)
    assert other.workspace.document.path == path
    assert len(studio.windows) == 1


def test_what_cannot_be_opened_is_said_and_changes_nothing(lenet, tmp_path):
    (tmp_path / "bad.cnnstudio").write_bytes(b"rubbish")
    before = lenet.workspace.document
    lenet.open_file(tmp_path / "bad.cnnstudio")
    assert lenet.workspace.document is before
    assert "bad.cnnstudio" in lenet.notes.all()[0].text


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_that_cannot_be_written_for_a_person(lenet, chosen_file, tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    chosen_file.append(folder / "x.cnnstudio")
    assert not lenet.filing.save()


@pytest.mark.parametrize("gone", ["no such folder", "a file in the way"])
def test_a_saving_that_fails_loses_nothing(lenet, chosen_file, tmp_path, qtbot, gone):
    folder = tmp_path / "stick"
    if gone == "a file in the way":
        folder.write_text("not a folder", encoding="utf-8")
    chosen_file.append(folder / "x.cnnstudio")
    add_layer(lenet)
    lenet.actions_["file.save"].trigger()
    assert lenet.workspace.document.is_modified
    note = lenet.notes.all()[0]
    assert "could not be saved" in note.text
    assert len(list((folders().state / "recovery").glob("*.cnnstudio"))) == 1
    chosen_file.append(tmp_path / "here.cnnstudio")
    qtbot.mouseClick(note.buttons[0], Qt.MouseButton.LeftButton)
    assert not lenet.workspace.document.is_modified
    assert (tmp_path / "here.cnnstudio").exists()
    assert not list((folders().state / "recovery").glob("*.cnnstudio"))
    assert not lenet.notes.all()


def test_revert_can_be_taken_back(lenet, chosen_file, tmp_path, qtbot):
    chosen_file.append(tmp_path / "x.cnnstudio")
    lenet.filing.save()
    saved = lenet.workspace.document.graph
    add_layer(lenet)
    edited = lenet.workspace.document.graph
    lenet.actions_["file.revert"].trigger()
    assert lenet.workspace.document.graph == saved
    qtbot.mouseClick(lenet.notes.all()[0].buttons[0], Qt.MouseButton.LeftButton)
    assert lenet.workspace.document.graph is edited
    assert lenet.workspace.document.undo()


@pytest.mark.parametrize("way", ["written", "replaced", "deleted"])
def test_a_file_changed_by_another_program_is_noticed(lenet, chosen_file, tmp_path, qtbot, way):
    path = tmp_path / "x.cnnstudio"
    chosen_file.append(path)
    lenet.filing.save()
    other = open_starter("mlp")
    from cnn_studio.core.project import to_bytes

    if way == "written":
        path.write_bytes(to_bytes(other))
    elif way == "replaced":
        (tmp_path / "new").write_bytes(to_bytes(other))
        (tmp_path / "new").replace(path)
    else:
        path.unlink()
    qtbot.waitUntil(lambda: bool(lenet.notes.all()))
    note = lenet.notes.all()[0]
    assert "x.cnnstudio" in note.text
    qtbot.mouseClick(note.buttons[0], Qt.MouseButton.LeftButton)
    if way == "deleted":
        assert path.exists()
    else:
        assert lenet.workspace.document.graph == other.graph


def test_a_file_replaced_again_and_again_is_noticed_each_time(lenet, chosen_file, tmp_path, qtbot):
    path = tmp_path / "x.cnnstudio"
    chosen_file.append(path)
    lenet.filing.save()
    for number in range(3):
        (tmp_path / "new").write_bytes(b"other bytes %d" % number)
        (tmp_path / "new").replace(path)
        qtbot.waitUntil(lambda: bool(lenet.notes.all()))
        lenet.notes.all()[0].leave()
    path.write_bytes(b"written into the new one")
    qtbot.waitUntil(lambda: bool(lenet.notes.all()))


def test_our_own_saving_is_no_news(lenet, chosen_file, tmp_path, qtbot):
    chosen_file.append(tmp_path / "x.cnnstudio")
    lenet.filing.save()
    add_layer(lenet)
    lenet.filing.save()
    qtbot.wait(400)
    assert not lenet.notes.all()


@pytest.mark.parametrize("name", exporting.targets)
def test_everything_can_be_exported(lenet, chosen_file, tmp_path, name):
    chosen_file.append(tmp_path / "net")
    lenet.actions_[f"file.export.{name}"].trigger()
    written = [path for path in tmp_path.iterdir() if path.stem == "net"]
    assert len(written) == 1
    assert written[0].stat().st_size > 200


def test_what_is_seen_is_exported_and_copied(lenet, chosen_file, tmp_path):
    lenet.canvas.zoom_in()
    for name in ("view_svg", "view_png"):
        chosen_file.append(tmp_path / name)
        lenet.actions_[f"file.export.{name}"].trigger()
    assert "conv1" in (tmp_path / "view_svg.svg").read_text("utf-8")
    assert QImage(str(tmp_path / "view_png.png")).size() == lenet.canvas.size() * 2
    lenet.canvas.copy_picture()
    assert QApplication.clipboard().image().size() == lenet.canvas.size() * 2


def test_a_file_without_places_is_arranged_as_it_opens(window, tmp_path):
    project = open_starter("lenet5")
    heap = edits.move(project.graph, dict.fromkeys(project.graph.nodes, (0.0, 0.0)))
    write_project(replace(project, graph=heap), tmp_path / "heap.cnnstudio")
    window.open_file(tmp_path / "heap.cnnstudio")
    document = window.workspace.document
    assert len({(node.x, node.y) for node in document.graph.nodes.values()}) == len(heap.nodes)
    assert not document.is_modified
    assert document.undo_name is None


def test_a_dropped_file_opens(window, chosen_file, tmp_path):
    files = []
    for name in ("mlp", "lenet5"):
        path = tmp_path / f"{name} ñ.cnnstudio"
        from cnn_studio.core.project import write_project

        write_project(open_starter(name), path)
        files.append(path)
    drop(window, *files, "https://example.org/x")
    assert [one.workspace.document.path for one in window.studio.windows] == files


def drop(window, *places):
    """What is done with files and addresses that are let go over a window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(one)) if isinstance(one, Path) else QUrl(one) for one in places])
    window.dropEvent(QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    ))  # fmt: skip


def rubbish(folder):
    """Things that somebody may drop, and that are no networks."""
    contents = {
        "empty.cnnstudio": b"", "letter.txt": b"dear", "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(50),
        "zip.cnnstudio": b"PK\x03\x04" + bytes(500), "deep.json": b"[" * 100_000, "名前 🎉.cnnstudio": b"{}",
    }  # fmt: skip
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / "folder").mkdir()
    if sys.platform != "win32":
        (folder / "circle").symlink_to(folder / "circle")
        (folder / "endless.cnnstudio").symlink_to("/dev/zero")
        os.mkfifo(folder / "pipe.cnnstudio")
    return sorted(folder.iterdir())


def test_whatever_else_is_dropped_is_refused_where_it_was_dropped(lenet, tmp_path):
    before = lenet.workspace.document
    for place in rubbish(tmp_path):
        drop(lenet, place)
        assert [note.key for note in lenet.notes.all()] == ["file"], place
        lenet.notes.remove("file")
    assert lenet.workspace.document is before
    assert lenet.studio.windows == [lenet]


# -- steps and closing -------------------------------------------------------------------------------------------------


def test_undo_and_redo_say_what(lenet):
    assert not lenet.actions_["edit.undo"].isEnabled()
    graph = lenet.workspace.document.graph
    lenet.workspace.document.edit(edits.set_field(graph, "conv1", "kernel", (3, 3)))
    assert "Kernel" in lenet.actions_["edit.undo"].text()
    lenet.actions_["edit.undo"].trigger()
    assert lenet.workspace.document.graph is graph
    assert "Kernel" in lenet.actions_["edit.redo"].text()
    lenet.actions_["edit.redo"].trigger()
    assert lenet.isWindowModified()


def test_a_number_that_is_being_typed_is_saved(lenet, chosen_file, tmp_path):
    chosen_file.append(tmp_path / "x.cnnstudio")
    document = lenet.workspace.document
    document.preview(edits.set_field(document.graph, "conv1", "filters", 9))
    lenet.actions_["file.save"].trigger()
    assert read_project(tmp_path / "x.cnnstudio").graph.nodes["conv1"].layer.filters == 9  # type: ignore[attr-defined]


@pytest.mark.parametrize("answer", ["save", "discard", "cancel"])
def test_closing_asks(lenet, chosen_file, tmp_path, qtbot, answer):
    studio = lenet.studio
    chosen_file.append(tmp_path / "x.cnnstudio")
    add_layer(lenet)
    lenet.close()
    lenet.close()
    assert len(lenet.findChildren(CloseQuestion)) == 1
    with qtbot.waitSignal(lenet.closed, raising=False, timeout=50 if answer == "cancel" else 2000):
        click(qtbot, lenet, f"dialog.close.{answer}")
    assert studio.windows == ([lenet] if answer == "cancel" else [])
    assert (tmp_path / "x.cnnstudio").exists() == (answer == "save")
    assert not list((folders().state / "recovery").glob("*")) or answer == "cancel"


def test_quit_closes_what_need_not_ask(lenet, studio, qtbot):
    add_layer(lenet)
    studio.new_window()
    studio.quit()
    assert studio.windows == [lenet]
    lenet.findChild(CloseQuestion).reject()


# -- places ------------------------------------------------------------------------------------------------------------


def test_the_layout_is_remembered_and_reset(lenet, studio):
    assert lenet.docks.docks["palette"].isVisible()
    lenet.docks.docks["palette"].close()
    lenet.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, lenet.docks.docks["properties"])
    lenet.close()
    other = studio.new_window()
    other.open_starter("mlp")
    assert not other.docks.docks["palette"].isVisible()
    assert other.dockWidgetArea(other.docks.docks["properties"]) == Qt.DockWidgetArea.LeftDockWidgetArea
    other.actions_["view.reset"].trigger()
    assert other.docks.docks["palette"].isVisible()
    assert other.dockWidgetArea(other.docks.docks["properties"]) == Qt.DockWidgetArea.RightDockWidgetArea


def test_a_damaged_memory_of_places_is_forgotten(studio):
    studio.places.setValue("layout/build", b"rubbish")
    studio.places.setValue("geometry", "rubbish")
    window = studio.new_window()
    window.open_starter("mlp")
    assert window.docks.docks["properties"].isVisible()


# -- dialogs and other actions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "action", ["help.about", "help.guide", "help.shortcuts", "help.chosen", "help.commands", "edit.rename_project"]
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_dialogs_open_and_close(lenet, studio, action, language):
    studio.change_settings(language=language)
    lenet.workspace.select(["conv1"])
    lenet.actions_[action].trigger()
    shown = [dialog for dialog in lenet.findChildren(QDialog) if dialog.isVisible()]
    assert len(shown) == 1
    assert all(one.accessibleName() for one in shown[0].findChildren(QPushButton))
    shown[0].close()


def test_the_search_finds_actions_in_both_languages(lenet, qtbot):
    for typed in ("tema oscuro", "dark theme"):
        lenet.actions_["help.commands"].trigger()
        search = lenet.findChild(QDialog, "dialog.commands")
        qtbot.keyClicks(search.field, typed)
        qtbot.keyClick(search.field, Qt.Key.Key_Return)
        assert lenet.workspace.settings.theme == "dark"
        lenet.studio.change_settings(theme="light")
        qtbot.waitUntil(lambda: lenet.findChild(QDialog, "dialog.commands") is None)


def test_copy_and_paste_between_windows(lenet, studio):
    lenet.workspace.select(list(lenet.workspace.document.graph.nodes)[1:3])
    lenet.actions_["edit.copy"].trigger()
    assert "cnn-studio" in QGuiApplication.clipboard().text()
    other = studio.new_window()
    other.new_network()
    other.actions_["edit.paste"].trigger()
    assert len(other.workspace.document.graph.nodes) == 2
    assert len(other.workspace.selection.nodes) == 2


def test_pasted_rubbish_is_said(lenet):
    QGuiApplication.clipboard().setText("hello")
    lenet.actions_["edit.paste"].trigger()
    assert "no layers" in lenet.toast.text
    assert not lenet.workspace.document.is_modified


def test_delete_heals_and_undo_brings_back(lenet):
    before = lenet.workspace.document.graph
    lenet.workspace.select(["conv1"])
    lenet.actions_["edit.delete"].trigger()
    assert "conv1" not in lenet.workspace.document.graph.nodes
    assert len(list(lenet.workspace.document.graph.edges())) == len(list(before.edges())) - 1
    lenet.actions_["edit.undo"].trigger()
    assert lenet.workspace.document.graph is before


def test_group_fold_ungroup(lenet):
    lenet.workspace.select(list(lenet.workspace.document.graph.nodes)[1:3])
    lenet.actions_["edit.group"].trigger()
    assert lenet.workspace.selection.groups
    lenet.actions_["edit.fold"].trigger()
    assert all(group.folded for group in lenet.workspace.document.graph.groups.values())
    lenet.actions_["edit.select_all"].trigger()
    assert lenet.workspace.selection.groups
    lenet.workspace.select(groups=lenet.workspace.document.graph.groups)
    lenet.actions_["edit.ungroup"].trigger()
    assert not lenet.workspace.document.graph.groups


def test_shapes_are_written_anew_at_once(lenet):
    lenet.actions_["view.shapes.first"].trigger()
    assert str(lenet.workspace.document.report.facts["conv1"].shape) == "6×28×28"


def test_recent_files_stand_in_the_menu(lenet, chosen_file, tmp_path):
    chosen_file.append(Path(tmp_path / "a & b.cnnstudio"))
    lenet.filing.save()
    lenet.menus["file/recent"].aboutToShow.emit()
    assert [action.text() for action in lenet.menus["file/recent"].actions()] == ["a && b"]


def test_tabs_of_another_workspace_do_not_stay(lenet):
    for name in ("build", "train", "inside", "train", "build"):
        lenet.show_workspace(name)
        QApplication.processEvents()
        shown = [tabs for tabs in lenet.findChildren(QTabBar) if tabs.parent() is lenet and tabs.isVisible()]
        texts = [tabs.tabText(place) for tabs in shown for place in range(tabs.count())]
        assert sorted(texts) == sorted(set(texts))
        there = {dock.windowTitle() for dock in lenet.docks.docks.values() if not dock.isHidden()}
        assert set(texts) <= there, name


def test_a_panel_behind_another_one_is_out_of_sight(lenet, qtbot):
    lenet.show_workspace("train")
    docks = lenet.docks
    for name in ("log", "curves", "log"):
        docks.bring(name)
        qtbot.waitUntil(lambda name=name: docks.panel(name).isVisible())
        other = {"log": "curves", "curves": "log"}[name]
        assert not docks.panel(other).isVisible()
        assert docks.panel(name).height() > 60


def test_where_one_draws_the_maps_are_behind_the_answer(lenet, qtbot):
    lenet.resize(1280, 720)
    lenet.show()
    lenet.show_workspace("draw")
    docks = lenet.docks.docks
    assert docks["activations"] in lenet.tabifiedDockWidgets(docks["probabilities"])
    assert not docks["probabilities"].visibleRegion().isEmpty()
    assert docks["activations"].visibleRegion().isEmpty()
    assert "activations" not in lenet.docks._panels, "made when it is looked at"
    lenet.docks.bring("activations")
    qtbot.waitUntil(lambda: not docks["activations"].visibleRegion().isEmpty())
    assert lenet.docks.panel("activations").isVisible()
    lenet.show_workspace("inside")
    assert not docks["probabilities"].isVisible()
    assert docks["activations"].isVisible()
