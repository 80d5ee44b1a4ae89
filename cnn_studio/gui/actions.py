"""Everything that a person can ask the window to do, as one table: menus, toolbar, shortcuts, search and tests read it.

An action names what it does and when it can be done; the doing is in the modules it calls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn_studio.core.words import Words, say
from cnn_studio.gui import editing, exporting, windows
from cnn_studio.gui.training import PAUSED, PREPARING, RUNNING
from cnn_studio.i18n import N_, languages

if TYPE_CHECKING:
    from cnn_studio.gui.main_window import MainWindow

Test = Callable[["MainWindow"], bool]

MENUS = {
    "file": N_("&File"), "edit": N_("&Edit"), "view": N_("&View"), "network": N_("&Network"), "train": N_("&Train"), "help": N_("&Help"),
}  # fmt: skip
"""The menus in order, each with the letter that opens it."""


def always(_window: MainWindow) -> bool:
    """It can be done at any time."""
    return True


def has_network(window: MainWindow) -> bool:
    """A network is shown, not the welcome page."""
    return not window.is_welcoming


def has_layers(window: MainWindow) -> bool:
    """A network with at least one layer is shown."""
    return has_network(window) and bool(window.workspace.document.graph.nodes)


def has_choice(window: MainWindow) -> bool:
    """Something is chosen."""
    return has_network(window) and bool(window.workspace.selection)


def has_chosen_layers(window: MainWindow) -> bool:
    """A layer or group is chosen."""
    selection = window.workspace.selection
    return has_network(window) and bool(selection.nodes or selection.groups)


def has_several(window: MainWindow) -> bool:
    """At least two layers are chosen."""
    return has_chosen_layers(window) and len(editing.chosen_nodes(window.workspace)) > 1


def has_groups(window: MainWindow) -> bool:
    """A group is chosen, or a layer inside one."""
    return has_chosen_layers(window) and bool(editing.groups_of(window.workspace))


def is_idle(window: MainWindow) -> bool:
    """A network with layers is shown, and no run is in progress."""
    return has_layers(window) and not window.workspace.training.is_live


def can_stop(window: MainWindow) -> bool:
    """A run is in progress that was not told to end."""
    return window.workspace.training.state in (PREPARING, RUNNING, PAUSED)


def can_step(window: MainWindow) -> bool:
    """One batch can be taken: of a run that waits, or of a new one."""
    return is_idle(window) or window.workspace.training.state == PAUSED


def can_go_on(window: MainWindow) -> bool:
    """A run is shown that is over and can be taken up."""
    training = window.workspace.training
    return has_network(window) and not training.is_live and training.run is not None


@dataclass(frozen=True)
class Action:
    """One thing to do.

    Attributes:
        id: stable name, also the object name of what triggers it.
        menu: where it stands: a menu, or a menu and a submenu as in "view/theme".
        text, help: what people read, marked for translation: a name of a few words and a sentence.
        run: does it.
        keys: shortcuts, the first of which is shown.
        enabled: whether it can be done now.
        checked: for a switch or a choice among several, whether it is on.
        short: name in a submenu that says the rest.
        name: name of the moment, as for undo.
        needs: method of the canvas without which there is no such action.
        on_canvas: whether its keys mean this only while the focus is on the canvas.
        rule: whether a line parts it from what stands above.
    """

    id: str
    menu: str
    text: str
    help: str
    run: Callable[[MainWindow], object]
    keys: tuple[str, ...] = ()
    icon: str = ""
    enabled: Test = always
    checked: Test | None = None
    short: str = ""
    name: Callable[[MainWindow], Words | str] | None = None
    needs: str = ""
    on_canvas: bool = False
    rule: bool = False


@dataclass(frozen=True)
class Submenu:
    """A menu inside a menu. ``filled`` tells that the window fills it when it opens."""

    id: str
    text: str
    icon: str = ""
    filled: bool = False
    rule: bool = False

    @property
    def menu(self) -> str:
        """The menu that it stands in."""
        return self.id.partition("/")[0]


def _undo_name(window: MainWindow) -> Words | str:
    step = window.workspace.document.undo_name
    return say(N_("Undo: {step}"), step=step) if step is not None else say(N_("Undo"))


def _redo_name(window: MainWindow) -> Words | str:
    step = window.workspace.document.redo_name
    return say(N_("Redo: {step}"), step=step) if step is not None else say(N_("Redo"))


def _canvas(method: str) -> Callable[[MainWindow], object]:
    return lambda window: getattr(window.canvas, method)()


def _align(how: str) -> Callable[[MainWindow], object]:
    return lambda window: editing.align(window.workspace, how)


def _export(name: str) -> Callable[[MainWindow], object]:
    return lambda window: window.filing.export(name)


def _own_name(code: str) -> Callable[[MainWindow], Words | str]:
    return lambda _window: languages()[code].capitalize()


def _setting(name: str, value: str) -> Callable[[MainWindow], object]:
    return lambda window: window.studio.change_settings(**{name: value})


def _is_set(name: str, value: str) -> Test:
    return lambda window: getattr(window.workspace.settings, name) == value


_FILE: list[Action | Submenu] = [
    Action("file.new", "file", N_("New network"), N_("Begin an empty network."), lambda w: w.new_network(), ("Ctrl+N",), "new"),
    Action("file.window", "file", N_("New window"), N_("Open another window beside this one."), lambda w: w.studio.new_window(), ("Ctrl+Shift+N",), "duplicate"),
    Action("file.open", "file", N_("Open..."), N_("Open a network from a file."), lambda w: w.ask_and_open(), ("Ctrl+O",), "open"),
    Submenu("file/starters", N_("Open a starter"), "starter", filled=True),
    Submenu("file/recent", N_("Open recent"), "recent", filled=True),
    Action("file.save", "file", N_("Save"), N_("Write the network to its file."), lambda w: w.filing.save(), ("Ctrl+S",), "save", has_network, rule=True),
    Action("file.save_as", "file", N_("Save as..."), N_("Write the network to another file."), lambda w: w.filing.save_as(), ("Ctrl+Shift+S",), "save_as", has_network),
    Action("file.revert", "file", N_("Revert"), N_("Go back to what the file holds; the edits can be brought back."), lambda w: w.filing.revert(), (), "revert",
           lambda w: has_network(w) and w.workspace.document.path is not None and w.workspace.document.is_modified),
    Submenu("file/export", N_("Export"), "export", rule=True),
    *(Action(f"file.export.{name}", "file/export", target.action, N_("Write the network to a file of this kind."), _export(name), enabled=has_layers, short=target.label)
      for name, target in exporting.targets.items()),
    Action("file.close", "file", N_("Close"), N_("Close this window."), lambda w: w.close(), ("Ctrl+W",), "close", rule=True),
    Action("file.quit", "file", N_("Quit"), N_("Close all windows and end the studio."), lambda w: w.studio.quit(), ("Ctrl+Q",), "quit"),
]  # fmt: skip

_EDIT: list[Action | Submenu] = [
    Action("edit.undo", "edit", N_("Undo"), N_("Take back the last step."), lambda w: w.workspace.document.undo(), ("Ctrl+Z",), "undo",
           lambda w: has_network(w) and w.workspace.document.undo_name is not None, name=_undo_name),
    Action("edit.redo", "edit", N_("Redo"), N_("Do the step again that was taken back."), lambda w: w.workspace.document.redo(), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo",
           lambda w: has_network(w) and w.workspace.document.redo_name is not None, name=_redo_name),
    Action("edit.cut", "edit", N_("Cut"), N_("Take the chosen layers away and keep them on the clipboard."), lambda w: editing.cut(w.workspace), ("Ctrl+X",), "cut", has_chosen_layers, on_canvas=True, rule=True),
    Action("edit.copy", "edit", N_("Copy"), N_("Keep the chosen layers on the clipboard, as text that other windows and programs can paste."), lambda w: editing.copy(w.workspace), ("Ctrl+C",), "copy", has_chosen_layers, on_canvas=True),
    Action("edit.paste", "edit", N_("Paste"), N_("Put the layers on the clipboard into the network."), lambda w: editing.paste(w.workspace, windows.view_center(w)), ("Ctrl+V",), "paste", has_network),
    Action("edit.duplicate", "edit", N_("Duplicate"), N_("Copy the chosen layers beside themselves."), lambda w: editing.duplicate(w.workspace), ("Ctrl+D",), "duplicate", has_chosen_layers),
    Action("edit.delete", "edit", N_("Delete"), N_("Take the chosen layers away and connect what stood around them."), lambda w: editing.delete(w.workspace), ("Del", "Backspace"), "delete", has_choice, on_canvas=True),
    Action("edit.select_all", "edit", N_("Select all"), N_("Choose all layers."), lambda w: editing.select_all(w.workspace), ("Ctrl+A",), "", has_layers, on_canvas=True),
    Action("edit.rename", "edit", N_("Rename..."), N_("Give the chosen layer or group another name."), windows.rename_chosen, ("F2",), "rename",
           lambda w: has_chosen_layers(w) and len(w.workspace.selection.nodes) + len(w.workspace.selection.groups) == 1, rule=True),
    Action("edit.rename_project", "edit", N_("Name of the network..."), N_("Give the whole network another name."), windows.rename_project, ("Shift+F2",), "rename", has_network),
    Action("edit.group", "edit", N_("Group"), N_("Put the chosen layers into a group that can be folded."), lambda w: editing.group(w.workspace), ("Ctrl+G",), "group", has_chosen_layers, rule=True),
    Action("edit.ungroup", "edit", N_("Ungroup"), N_("Let the layers of the group stand on their own."), lambda w: editing.ungroup(w.workspace), ("Ctrl+Shift+G",), "ungroup", has_groups),
    Action("edit.fold", "edit", N_("Fold or unfold"), N_("Show the group as one card, or its layers."), lambda w: editing.toggle_fold(w.workspace), ("Ctrl+E",), "fold", has_groups),
    Action("edit.fold_all", "edit", N_("Fold or unfold all"), N_("Show every group as one card, or all layers."), lambda w: editing.fold_all(w.workspace), ("Ctrl+Shift+E",), "fold",
           lambda w: has_network(w) and bool(w.workspace.document.graph.groups)),
    Submenu("edit/align", N_("Align"), "align", rule=True),
    Action("edit.align.row", "edit/align", N_("Align in a row"), N_("Put the chosen layers at one height."), _align("row"), ("Ctrl+Alt+H",), "", has_several, short=N_("In a row")),
    Action("edit.align.column", "edit/align", N_("Align in a column"), N_("Put the chosen layers under one another."), _align("column"), ("Ctrl+Alt+V",), "", has_several, short=N_("In a column")),
    Action("edit.align.spread_row", "edit/align", N_("Spread in a row"), N_("Put equal distances from left to right between the chosen layers."), _align("spread_row"), (), "", has_several, short=N_("Equal distances from left to right")),
    Action("edit.align.spread_column", "edit/align", N_("Spread in a column"), N_("Put equal distances from top to bottom between the chosen layers."), _align("spread_column"), (), "", has_several, short=N_("Equal distances from top to bottom")),
]  # fmt: skip

_VIEW: list[Action | Submenu] = [
    Action("view.zoom_in", "view", N_("Zoom in"), N_("Show the network larger."), _canvas("zoom_in"), ("Ctrl++", "Ctrl+="), "zoom_in", has_network, needs="zoom_in"),
    Action("view.zoom_out", "view", N_("Zoom out"), N_("Show the network smaller."), _canvas("zoom_out"), ("Ctrl+-",), "zoom_out", has_network, needs="zoom_out"),
    Action("view.zoom_actual", "view", N_("Actual size"), N_("Show the network at its own size."), _canvas("zoom_actual"), ("Ctrl+0",), "", has_network, needs="zoom_actual"),
    Action("view.fit", "view", N_("Show all"), N_("Bring the whole network into view."), _canvas("fit"), ("Ctrl+1",), "fit", has_layers, needs="fit"),
    Action("view.fit_selection", "view", N_("Show what is chosen"), N_("Bring the chosen layers into view."), _canvas("fit_selection"), ("Ctrl+2",), "", has_choice, needs="fit_selection"),
    Action("view.minimap", "view", N_("Overview"), N_("Show or hide the small picture of the whole network."), windows.toggle_minimap, ("Ctrl+M",), "minimap", has_network,
           checked=lambda w: w.canvas is not None and bool(w.canvas.minimap_shown()), needs="minimap_shown"),
    Action("view.thumbnails", "view", N_("Pictures on the layers"), N_("Show on each card what its layer makes of the sample, live while the network learns."), lambda w: w.canvas.thumbnails.toggle(), ("Ctrl+Shift+M",), "activations", has_network,
           checked=lambda w: w.canvas is not None and w.canvas.thumbnails.shown, needs="thumbnails"),
    Action("view.shares", "view", N_("Shares of the parameters"), N_("Show on each card, as a bar, how much of all that the network learns its layer has."), lambda w: w.canvas.shares.toggle(), ("Ctrl+Shift+B",), "", has_network,
           checked=lambda w: w.canvas is not None and w.canvas.shares.shown, needs="shares"),
    Submenu("view/shapes", N_("How shapes are written"), "reshaping", rule=True),
    Action("view.shapes.last", "view/shapes", N_("Shapes as 28×28×1"), N_("Write channels last."), _setting("notation", "last"), checked=_is_set("notation", "last"), short=N_("28×28×1 (channels last)")),
    Action("view.shapes.first", "view/shapes", N_("Shapes as 1×28×28"), N_("Write channels first."), _setting("notation", "first"), checked=_is_set("notation", "first"), short=N_("1×28×28 (channels first)")),
    Submenu("view/theme", N_("Theme"), "theme"),
    Action("view.theme.system", "view/theme", N_("Theme as the system"), N_("Light or dark as the system is."), _setting("theme", "system"), checked=_is_set("theme", "system"), short=N_("As the system")),
    Action("view.theme.light", "view/theme", N_("Light theme"), N_("Dark words on light ground."), _setting("theme", "light"), checked=_is_set("theme", "light"), short=N_("Light")),
    Action("view.theme.dark", "view/theme", N_("Dark theme"), N_("Light words on dark ground."), _setting("theme", "dark"), checked=_is_set("theme", "dark"), short=N_("Dark")),
    Submenu("view/language", N_("Language"), "language"),
    Action("view.language.system", "view/language", N_("Language of the system"), N_("Speak the language that the system asks for."), _setting("language", ""), checked=_is_set("language", ""), short=N_("As the system")),
    Action("view.language.en", "view/language", N_("Language: English"), N_("Speak English."), _setting("language", "en"), checked=_is_set("language", "en"), name=_own_name("en")),
    Action("view.language.es", "view/language", N_("Language: Spanish"), N_("Speak Spanish."), _setting("language", "es"), checked=_is_set("language", "es"), name=_own_name("es")),
    Submenu("view/panels", N_("Panels"), "palette", filled=True, rule=True),
    Action("view.reset", "view", N_("Reset the layout"), N_("Put all panels back to their first places."), lambda w: w.docks.reset(), (), "reset", has_network),
]  # fmt: skip

_NETWORK: list[Action | Submenu] = [
    Action("network.add", "network", N_("Add a layer..."), N_("Search for a layer or block by name and add it; on the canvas the space bar does the same."), _canvas("add_by_search"), ("Ctrl+L",), "search", has_network, needs="add_by_search"),
    Action("network.arrange", "network", N_("Arrange"), N_("Give every layer a place of its own, from left to right."), windows.arrange_all, ("Ctrl+Shift+L",), "arrange", has_layers),
    Action("network.next_problem", "network", N_("Next problem"), N_("Show the layer of the next problem and say what is wrong."), lambda w: windows.walk_problems(w, 1), ("F8",), "problems", has_layers, rule=True),
    Action("network.previous_problem", "network", N_("Previous problem"), N_("Show the layer of the problem before and say what is wrong."), lambda w: windows.walk_problems(w, -1), ("Shift+F8",), "", has_layers),
]  # fmt: skip

_TRAIN: list[Action | Submenu] = [
    Action("train.start", "train", N_("Train"), N_("Train the network as it is, by the plan; the run is kept."), lambda w: w.conductor.start(), ("F5",), "play", is_idle),
    Action("train.pause", "train", N_("Pause"), N_("Wait after the batch in progress; the same again goes on."), lambda w: w.conductor.pause_or_go_on(), ("F6",), "pause",
           lambda w: w.workspace.training.is_answering, checked=lambda w: w.workspace.training.state == PAUSED),
    Action("train.stop", "train", N_("Stop and keep"), N_("End the run and keep what was learned."), lambda w: w.conductor.stop(), ("Shift+F5",), "stop", can_stop),
    Action("train.step", "train", N_("One batch"), N_("Learn from one batch, then wait."), lambda w: w.conductor.single_batch(), ("F7",), "step", can_step, rule=True),
    Action("train.resume", "train", N_("Continue the run"), N_("Take up the run that is shown where it ended; one that is complete gets as many epochs again."), lambda w: w.conductor.resume(), ("Ctrl+F5",), "resume", can_go_on),
]  # fmt: skip

_HELP: list[Action | Submenu] = [
    Action("help.chosen", "help", N_("Explain what is selected"), N_("Say what the chosen layer does, with its formula."), windows.explain, ("F1",), "help"),
    Action("help.guide", "help", N_("Guide"), N_("Read how everything is done, from a tour of five minutes to a reference of every layer."), windows.show_guide, ("Shift+F1",), "guide"),
    Action("help.commands", "help", N_("Find an action..."), N_("Search all actions by name."), windows.find_action, ("Ctrl+K",), "command"),
    Action("help.shortcuts", "help", N_("Keyboard shortcuts"), N_("Show all shortcuts on one sheet."), windows.show_shortcuts, ("Ctrl+/",), "keyboard"),
    Action("help.tour", "help", N_("Take the tour"), N_("Be led through the studio with a small network, step by step; the tour can be left at any time."), lambda w: w.studio.start_tour(w), (), "tour", rule=True),
    Action("help.welcome", "help", N_("Welcome page"), N_("Show the starters and recent files in a new window."), lambda w: w.studio.new_window(), (), "starter"),
    Action("help.logs", "help", N_("Show logs and crash reports"), N_("Open the folder in which details of errors are kept. Nothing of it is ever sent anywhere."), windows.open_logs, (), "folder"),
    Action("help.about", "help", N_("About CNN Studio"), N_("Versions and licences."), windows.show_about, (), "info"),
]  # fmt: skip

TABLE: tuple[Action | Submenu, ...] = (*_FILE, *_EDIT, *_VIEW, *_NETWORK, *_TRAIN, *_HELP)
"""All menus, from top to bottom."""

ACTIONS: dict[str, Action] = {entry.id: entry for entry in TABLE if isinstance(entry, Action)}
"""All actions by id."""
