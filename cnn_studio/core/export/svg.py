"""An SVG figure of a network, fit for a paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnn_studio.core.analysis import analyse
from cnn_studio.core.export import Exporter, ExportError, exporters
from cnn_studio.core.export.figure import blocks, volumes
from cnn_studio.core.export.figure.canvas import arrange
from cnn_studio.core.export.figure.frames import FRAME_PAD, FRAME_TEXT, Box, frames_of
from cnn_studio.core.export.figure.layout import place
from cnn_studio.core.export.figure.routing import Path, column_routes
from cnn_studio.core.export.figure.scene import Scene, scene_of
from cnn_studio.core.export.figure.text import FONT, element, escaped, number, text_element, text_width
from cnn_studio.core.graph import Graph
from cnn_studio.i18n import N_

MARGIN = 12.0
EDGE_COLOUR = "#6b7080"
ARROW = 6.0
STYLES = ("blocks", "volumes")

Link = tuple[str, str]


class Figure(NamedTuple):
    """What is drawn: entries at their places, the way of each connection, and the named frames behind them."""

    scene: Scene
    routes: Mapping[Link, Path]
    frames: list[tuple[str, Box]]


def export_svg(
    graph: Graph,
    *,
    title: str = "Network",
    style: str = "blocks",
    labels: bool = True,
    shapes: bool = True,
    transparent: bool = False,
    width: float = 1100.0,
) -> str:
    """The text of a figure. Never refuses: what does not fit is drawn with a red border and a question mark.

    Args:
        style: "blocks" draws cards at the places of the canvas (automatic ones where it has none), "volumes" boxes
            whose faces grow with the maps and whose depth grows with the channels.
        labels: whether names and settings are written; a viewer shows them under the mouse in any case.
        shapes: whether output shapes are written.
        transparent: no white background.
        width: of a page in points; automatic places go on in another row beyond it, 0 keeps one row.
    """
    figure = compose(graph, style, labels=labels, shapes=shapes, width=width)
    drawing = blocks if style == "blocks" else volumes
    content = [
        *(_draw_frame(name, box, labels) for name, box in figure.frames),
        *(_draw_edge(path, figure.scene, link) for link, path in figure.routes.items()),
        *(drawing.draw(entry, labels, shapes) for entry in figure.scene.entries.values()),
    ]
    return _document(title, content, _bounds(figure), transparent)


def compose(
    graph: Graph, style: str = "blocks", *, labels: bool = True, shapes: bool = True, width: float = 1100.0
) -> Figure:
    """Sizes, places and ways of everything that is drawn."""
    if style not in STYLES:
        raise ExportError(
            N_("there is no figure style “{style}”, only {styles}"), style=style, styles=", ".join(STYLES)
        )
    scene = scene_of(graph, analyse(graph))
    if style == "volumes":
        scene = volumes.absorbed(scene)
        volumes.measure(scene, labels, shapes)
        return Figure(scene, column_routes(place(scene, width)), [])
    blocks.measure(scene, labels, shapes)
    routes = arrange(scene)
    if routes is None:
        routes = column_routes(place(scene, width))
    return Figure(scene, routes, frames_of(scene))


def _bounds(figure: Figure) -> Box:
    """The smallest box around everything."""
    boxes = [*(entry.box for entry in figure.scene.entries.values()), *(box for _name, box in figure.frames)]
    points = [point for path in figure.routes.values() for point in path.points()]
    points += [(x, y) for left, top, right, bottom in boxes for x, y in ((left, top), (right, bottom))]
    if not points:
        return 0.0, 0.0, 0.0, 0.0
    return (
        min(x for x, _y in points),
        min(y for _x, y in points),
        max(x for x, _y in points),
        max(y for _x, y in points),
    )


def _document(title: str, content: list[str], bounds: Box, transparent: bool) -> str:
    left, top = bounds[0] - MARGIN, bounds[1] - MARGIN
    width, height = bounds[2] - left + MARGIN, bounds[3] - top + MARGIN
    background = [] if transparent else [element("rect", x=left, y=top, width=width, height=height, fill="#ffffff")]
    body = "\n".join(["", element("title", escaped(title)), *background, *content, ""])
    view = " ".join(map(number, (left, top, width, height)))
    svg = element(
        "svg", body, xmlns="http://www.w3.org/2000/svg", viewBox=view, width=width, height=height, font_family=FONT
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg}\n'


def _draw_edge(path: Path, scene: Scene, link: Link) -> str:
    """The line of a connection, with an arrow where it arrives."""
    x, y = path.end
    before = path.segments[-1][-2] if len(path.segments[-1]) > 1 else [path.start, *path.points()][-2]
    along = abs(x - before[0]) >= abs(y - before[1])
    half = ARROW * 0.45
    head = (
        f"M{number(x)},{number(y)}l{number(-ARROW)},{number(-half)}v{number(2 * half)}z"
        if along
        else f"M{number(x)},{number(y)}l{number(-half)},{number(-ARROW)}h{number(2 * half)}z"
    )
    names = " → ".join(scene.entries[end].title for end in link)
    lines = element("path", d=path.data(), fill="none", stroke=EDGE_COLOUR, stroke_width=1.4)
    content = element("title", escaped(names)) + lines + element("path", d=head, fill=EDGE_COLOUR)
    return element("g", content, class_="edge")


def _draw_frame(name: str, box: Box, labels: bool) -> str:
    left, top, right, bottom = box
    frame = element(
        "rect", x=left, y=top, width=right - left, height=bottom - top, rx=8.0, fill="#f6f6f8", stroke="#dcdde3",
        stroke_dasharray="4 3",
    )  # fmt: skip
    content = element("title", escaped(name)) + frame
    if labels and text_width(name, FRAME_TEXT) < right - left - 2 * FRAME_PAD:
        content += text_element(name, left + FRAME_PAD, top + FRAME_TEXT + 2, FRAME_TEXT, fill="#55575f")
    return element("g", content, class_="group")


exporters.register("svg", Exporter("svg", N_("Figure (SVG)"), ".svg", export_svg))
