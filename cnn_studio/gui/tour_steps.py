"""The steps of the tour, as one table: what each says, what it points at, and how it notices that the person did it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QScrollArea, QWidget

from cnn_studio.core import edits
from cnn_studio.gui import editing
from cnn_studio.gui.problem_cards import ProblemCard
from cnn_studio.gui.widgets.sketch_pad import UNITS, SketchPad
from cnn_studio.gui.widgets.strokes import Line
from cnn_studio.i18n import N_, integer, percent

if TYPE_CHECKING:
    from cnn_studio.gui.main_window import MainWindow

STARTER = "quick-digits"
"""The network with which the tour is taken."""
CONV, KERNEL, OTHER_KERNEL = "conv1", 5, 9
"""The layer that is looked at, its kernel in the starter, and the one that it gets."""
SEVEN = ((0.28, 0.24), (0.5, 0.22), (0.74, 0.24), (0.6, 0.5), (0.5, 0.78))
"""A stroke, in parts of the pad's side."""


class Target(NamedTuple):
    """A part of a widget that is pointed at."""

    widget: QWidget
    area: QRect


Where = Callable[["MainWindow"], Target | None]
Deed = Callable[["MainWindow"], object]


# -- what is pointed at ------------------------------------------------------------------------------------------------


def whole(widget: QWidget | None) -> Target | None:
    """All of a widget."""
    return Target(widget, widget.rect()) if widget is not None else None


def part_of(panel: str, name: str) -> Where:
    """A control of a panel, by its object name without that of the panel."""

    def where(window: MainWindow) -> Target | None:
        found: QWidget | None = window.docks.panel(panel).findChild(QWidget, f"panel.{panel}.{name}")
        return whole(found)

    return where


def card(*names: str) -> Where:
    """The card of the first layer there is, by its id or else its kind."""

    def where(window: MainWindow) -> Target | None:
        canvas = window.canvas
        node_id = layer(window, *names)
        found = canvas.scene.cards.get(canvas.scene.card_of.get(node_id, node_id))
        if found is None:
            return None
        box = canvas.view.box_on_screen(found.box)
        return Target(canvas, QRect(round(box.left), round(box.top), round(box.width), round(box.height)))

    return where


def layer(window: MainWindow, *names: str) -> str:
    """The id of the first layer there is of these ids or kinds, or ""."""
    graph = window.workspace.document.graph
    for name in names:
        if name in graph.nodes:
            return name
        for node in graph.of_kind(name):
            return node.id
    return ""


def curves(window: MainWindow) -> Target | None:
    """The panel of the curves."""
    return whole(window.docks.panel("curves"))


def first_problem(window: MainWindow) -> Target | None:
    """The first error, or the panel when there is none."""
    panel = window.docks.panel("problems")
    cards = [one for one in panel.findChildren(ProblemCard) if one.problem.severity == "error" and not one.isHidden()]
    return whole(cards[0] if cards else panel)


def train_button(window: MainWindow) -> Target | None:
    """The button that begins a run."""
    return whole(window.tool_bar.run.train)


def file_menu(window: MainWindow) -> Target | None:
    """The entry of the bar of menus; where the system has that bar elsewhere, the name of the network."""
    bar = window.menuBar()
    if bar.isVisible() and not bar.isNativeMenuBar():
        return Target(bar, bar.actionGeometry(window.menus["file"].menuAction()))
    return whole(window.tool_bar.name)


# -- what was done, and doing it ---------------------------------------------------------------------------------------


def is_chosen(window: MainWindow) -> bool:
    """The layer is chosen."""
    return window.workspace.selection.only_node == CONV


def choose(window: MainWindow) -> None:
    """Choose the layer."""
    if CONV in window.workspace.document.graph.nodes:
        window.workspace.select([CONV])


def is_other_kernel(window: MainWindow) -> bool:
    """The layer has another kernel than at first, and fits."""
    document = window.workspace.document
    node, facts = document.graph.nodes.get(CONV), document.report.facts.get(CONV)
    return node is not None and facts is not None and facts.error is None and node.layer.kernel not in (KERNEL, (KERNEL,) * 2)  # type: ignore[attr-defined]  # fmt: skip


def change_kernel(window: MainWindow) -> None:
    """Give the layer another kernel."""
    window.workspace.edit(lambda graph: edits.set_field(graph, CONV, "kernel", OTHER_KERNEL))


def size_sum(window: MainWindow) -> dict[str, str]:
    """The sum of the layer's size."""
    sums = window.workspace.document.report.size_sums(CONV) if is_other_kernel(window) else ()
    return {"sum": str(sums[0]) if sums else ""}


def is_taken_away(window: MainWindow) -> bool:
    """There is no layer that makes a row of the maps."""
    return not layer(window, "flatten")


def take_away(window: MainWindow) -> None:
    """Take that layer away."""
    window.workspace.select([layer(window, "flatten")])
    editing.delete(window.workspace)


def is_mended(window: MainWindow) -> bool:
    """Nothing is wrong with the network."""
    return not window.workspace.document.diagnosis.errors


def mend(window: MainWindow) -> None:
    """Carry out the first repair."""
    for problem in window.workspace.document.diagnosis.errors[:1]:
        for fix in problem.fixes[:1]:
            window.workspace.show_ghost(None)
            window.workspace.edit(fix.apply, fix.label)


def has_begun(window: MainWindow) -> bool:
    """A run is in progress, or was."""
    training = window.workspace.training
    return training.is_live or training.run is not None


def is_read(window: MainWindow) -> bool:
    """The network has answered to a drawing."""
    return window.workspace.drawing.seen is not None


def draw_seven(window: MainWindow) -> None:
    """Draw a seven."""
    pad = window.docks.panel("pad").findChild(SketchPad)
    if pad is not None:
        pad.show_lines([Line(pad.pen_width, points=[(x * UNITS, y * UNITS, 1.0) for x, y in SEVEN])])


def answer(window: MainWindow) -> dict[str, str]:
    """The class that the network has read, and its probability."""
    seen = window.workspace.drawing.seen
    if seen is None:
        return {"digit": "", "share": ""}
    best = int(seen.probabilities.argmax())
    return {"digit": seen.classes[best], "share": percent(float(seen.probabilities[best]))}


def shape_facts(window: MainWindow) -> dict[str, str]:
    """What leaves the layer, in words."""
    facts = window.workspace.document.report.facts.get(CONV)
    shape = facts.shape if facts is not None else None
    if shape is None or shape.rank != 2:
        return dict.fromkeys(("shape", "maps", "rows", "columns"), "?")
    rows, columns = shape.sizes
    return {"shape": str(shape), "maps": integer(shape.channels), "rows": integer(rows), "columns": integer(columns)}


def nothing(_window: MainWindow) -> dict[str, str]:
    """A text without anything to fill in."""
    return {}


# -- the table ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        name: stable name.
        title, text: what is said, marked for translation.
        where: what is pointed at.
        workspace, panel: what is brought to the front first.
        node: a layer that is brought into view, by its id or kind.
        side: where the bubble stands, if there is room.
        before: what the window is made ready with.
        task: what the person is asked to do, or "".
        done: whether it is done.
        do: does it in place of the person; without it the person may go on without having done it.
        then: what is said in place of the text when it is done.
        then_where, then_side: what is pointed at then, and from where.
        values: fills in the texts.
        goes_on: the next step comes by itself when it is done.
    """

    name: str
    title: str
    text: str
    where: Where
    workspace: str = ""
    panel: str = ""
    node: str = ""
    side: str = ""
    before: Deed | None = None
    task: str = ""
    done: Callable[[MainWindow], bool] = lambda _window: False
    do: Deed | None = None
    then: str = ""
    then_where: Where | None = None
    then_side: str = ""
    values: Callable[[MainWindow], dict[str, str]] = nothing
    goes_on: bool = False


STEPS: tuple[Step, ...] = (
    Step(
        "layers", N_("A network is a chain of layers"),
        N_("Pictures of digits go in at the top left, an answer comes out at the end. Each card is a layer and says what leaves it: {shape}, that is {maps} maps of {rows} by {columns} numbers."),
        card(CONV), "build", node=CONV, task=N_("Click the card conv1."), done=is_chosen, do=choose, values=shape_facts, goes_on=True,
    ),
    Step(
        "field", N_("Change a number, see the sum"),
        N_("The layer that you chose is set here. Its kernel is the window through which it looks at the picture."),
        part_of("properties", "kernel"), "build", "properties", CONV, "left", choose, N_("Give the kernel another size, 9 for instance."), is_other_kernel, change_kernel,
        N_("The sum stands below: {sum}. All layers behind it have followed, and Ctrl+Z takes any step back."), values=size_sum,
    ),
    Step(
        "mistake", N_("Make a mistake"),
        N_("Flatten lays the maps out as one long row of numbers, because the dense layer behind it takes nothing else. See what happens without it."),
        card("flatten", "dense"), "build", node="flatten", side="below", task=N_("Click flatten and press Delete."), done=is_taken_away, do=take_away, goes_on=True,
    ),
    Step(
        "repair", N_("The way out is a button"),
        N_("What does not fit is said here, and why. Point at a repair, and the canvas shows what it would change."),
        first_problem, "build", "problems", side="above", task=N_("Press the first repair."), done=is_mended, do=mend, goes_on=True,
    ),
    Step(
        "train", N_("Let it learn"),
        N_("Everything fits again. The digits to learn from are part of the studio: no connection is needed, and it takes less than a minute."),
        train_button, side="below", task=N_("Press Train."), done=has_begun, do=lambda window: window.conductor.start(), goes_on=True,
    ),
    Step(
        "curves", N_("Watch it learn"),
        N_("The loss falls, the accuracy rises. Thin lines tell of the digits that it learns from, thick ones of digits that it has never seen: those count."),
        curves, "train", "curves", side="above",
    ),
    Step(
        "pictures", N_("Every layer shows what it sees"),
        N_("One digit runs through the network. On each card stands what that layer makes of it: edges at first, coarser signs further on, the answer in the end."),
        card("output"), "train", node="output", side="right",
    ),
    Step(
        "kernels", N_("What it has found by itself"),
        N_("These are the kernels of conv1. Nobody wrote them: each has become a small pattern, and answers strongly where the picture looks like it."),
        part_of("kernels", "pictures"), "inside", "kernels", side="above", before=choose,
    ),
    Step(
        "draw", N_("Now draw a digit"),
        N_("With the mouse, a finger or a pen. The network answers while you draw."),
        part_of("pad", "paper"), "draw", "pad", side="left", task=N_("Draw a digit here."), done=is_read, do=draw_seven,
        then=N_("It takes this for a {digit}: {share}. Draw another one, or a letter, and see how sure it is then."), then_where=part_of("probabilities", "bars"), then_side="left", values=answer,
    ),
    Step(
        "save", N_("Keep it"),
        N_("Save keeps the network with all that it has learned in one file. Export, in the same menu, writes it as PyTorch or Keras code. And whatever you wonder about: F1 explains it."),
        file_menu,
    ),
)  # fmt: skip
"""The tour from beginning to end."""


def show_in_scroller(widget: QWidget) -> None:
    """Scroll to a widget where it stands in something that scrolls."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()
