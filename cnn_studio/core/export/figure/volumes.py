"""The classic figure: boxes whose faces grow with the maps and whose depth grows with the channels."""

from __future__ import annotations

from collections import Counter
from math import log

from cnn_studio.core.export.figure.layout import depths
from cnn_studio.core.export.figure.scene import ERROR_COLOUR, INK, QUIET, Entry, Scene
from cnn_studio.core.export.figure.text import (
    element,
    escaped,
    fitted,
    number,
    split_settings,
    text_element,
    text_width,
)
from cnn_studio.core.layers.base import Family

TALLEST, THICKEST, LONGEST_BAR = 130.0, 56.0, 150.0
CROWDED = 0.6
"""How large everything is, of the sizes above, where more than two branches lie one above the other."""
SLANT = (0.36, 0.3)
"""How far a face of width 1 recedes to the right and upwards."""
NAME_SIZE, TEXT_SIZE, LINE = 11.0, 9.5, 12.0
WIDEST = 96.0
CIRCLE = 11.0
"""Radius of a merge that is drawn with its sign."""
SIGNS = {"add": "+", "multiply": "×"}
POINTWISE = (Family.ACTIVATION, Family.NORMALIZATION, Family.REGULARIZATION, Family.OUTPUT)
"""Families that change no shape: they are named under the box before them."""


def absorbed(scene: Scene) -> Scene:
    """The scene with every layer that changes no shape taken into the box that it follows."""
    sources, users = scene.sources(), scene.users()
    into: dict[str, str] = {}
    for entry in scene.entries.values():
        before = sources[entry.id]
        alone = len(before) == 1 and users[before[0]] == [entry.id]
        if alone and entry.family in POINTWISE and entry.shape is not None:
            into[entry.id] = into.get(before[0], before[0])
            scene.entries[into[entry.id]].absorbed.append(entry)
    links = dict.fromkeys((into.get(source, source), into.get(target, target)) for source, target in scene.links)
    entries = {entry_id: entry for entry_id, entry in scene.entries.items() if entry_id not in into}
    return Scene(entries, [link for link in links if link[0] != link[1]], [])


def measure(scene: Scene, labels: bool, shapes: bool) -> None:
    """Give every entry the size of its box, in proportion to the largest of the figure."""
    known = [entry.shape for entry in scene.entries.values() if entry.shape is not None]
    largest = max((max(shape.sizes) for shape in known if shape.sizes), default=1)
    most = max((shape.channels for shape in known if shape.sizes), default=1)
    units = max((shape.channels for shape in known if not shape.sizes), default=1)
    crowd = max(Counter(depths(scene).values()).values(), default=1)
    scale = 1.0 if crowd <= 2 else CROWDED
    for entry in scene.entries.values():
        entry.solid = _solid(entry, largest, most, units, scale)
        thick, tall, slant_x, slant_y = entry.solid
        lines = _below(entry) if labels else []
        widths = [text_width(text, size, bold) for text, size, bold, _colour in lines]
        above = text_width(_shape_text(entry), TEXT_SIZE) if shapes else 0.0
        entry.left = entry.right = (thick + slant_x) / 2
        entry.width = max(thick + slant_x, above, *widths, 12.0)
        entry.up = (tall + slant_y) / 2 + (LINE + 4 if shapes else 0)
        entry.down = (tall + slant_y) / 2 + (len(lines) * LINE + 6 if lines else 0)


def _solid(entry: Entry, largest: int, most: int, units: int, scale: float) -> tuple[float, float, float, float]:
    """Thickness and height of the front of a box, and how far its side recedes to the right and upwards."""
    shape = entry.shape
    if entry.layer_kind in SIGNS:
        return 2 * CIRCLE, 2 * CIRCLE, 0.0, 0.0
    if shape is None:
        return 20.0, 40.0, 10.0, 8.0
    if not shape.sizes:
        share = log(1 + shape.channels) / log(1 + max(units, 2))
        return 9.0, scale * (14 + (LONGEST_BAR - 14) * share), 5.0, 4.0
    thick = 4 + scale * (THICKEST - 4) * (shape.channels / most) ** 0.6
    tall = _length(shape.sizes[-2] if len(shape.sizes) > 1 else shape.sizes[-1], largest, scale)
    wide = _length(shape.sizes[-1], largest, scale) if len(shape.sizes) > 1 else 14.0
    return thick, tall, wide * SLANT[0], wide * SLANT[1]


def _length(size: int, largest: int, scale: float) -> float:
    share: float = (size / largest) ** 0.7
    return scale * (8 + (TALLEST - 8) * share)


def _shape_text(entry: Entry) -> str:
    return "?" if entry.shape is None else str(entry.shape)


def _below(entry: Entry) -> list[tuple[str, float, bool, str]]:
    """The texts under a box: name, settings, and the layers taken into it."""
    settings = [] if entry.layer_kind in SIGNS else split_settings(entry.details, TEXT_SIZE, WIDEST)
    return [
        (fitted(entry.title, NAME_SIZE, WIDEST, True), NAME_SIZE, True, INK),
        *((text, TEXT_SIZE, False, QUIET) for text in settings),
        *((fitted(f"+ {one.title}", TEXT_SIZE, WIDEST), TEXT_SIZE, False, QUIET) for one in entry.absorbed),
    ]


def draw(entry: Entry, labels: bool, shapes: bool) -> str:
    """One box with its shape above and its texts below."""
    _thick, tall, _slant_x, slant_y = entry.solid
    top, bottom = entry.y - (tall + slant_y) / 2, entry.y + (tall + slant_y) / 2
    names = " + ".join(one.title for one in (entry, *entry.absorbed))
    parts = [element("title", escaped(names)), *(_sign(entry) if entry.layer_kind in SIGNS else _box(entry))]
    if shapes:
        shape = text_element(_shape_text(entry), entry.x, top - 5, TEXT_SIZE, fill=INK, text_anchor="middle")
        parts.append(shape)
    baseline = bottom + LINE + 2
    for text, size, bold, colour in _below(entry) if labels else []:
        weight: dict[str, str] = {"font_weight": "bold"} if bold else {}
        parts.append(text_element(text, entry.x, baseline, size, fill=colour, text_anchor="middle", **weight))
        baseline += LINE
    return element("g", "".join(parts), class_="layer")


def _box(entry: Entry) -> list[str]:
    """Front, lid and side."""
    thick, tall, slant_x, slant_y = entry.solid
    left, bottom = entry.x - (thick + slant_x) / 2, entry.y + (tall + slant_y) / 2
    up, down = f"v{number(-tall)}", f"v{number(tall)}"
    back, forth = f"l{number(slant_x)},{number(-slant_y)}", f"l{number(-slant_x)},{number(slant_y)}"
    faces = (
        (f"M{number(left)},{number(bottom)}{up}h{number(thick)}{down}z", 0.35),
        (f"M{number(left)},{number(bottom - tall)}{back}h{number(thick)}{forth}z", 0.7),
        (f"M{number(left + thick)},{number(bottom)}{up}{back}{down}z", 0.52),
    )
    return [
        element("path", d=face, fill=mixed(entry.colour, "#ffffff", light), stroke=_edge(entry), stroke_width=0.8,
                stroke_linejoin="round")
        for face, light in faces
    ]  # fmt: skip


def _sign(entry: Entry) -> list[str]:
    """A circle with the sign of what it does."""
    fill = mixed(entry.colour, "#ffffff", 0.7)
    arm = CIRCLE * (0.5 if entry.layer_kind == "add" else 0.38)
    x, y = number(entry.x), number(entry.y)
    lines = (
        f"M{x},{number(entry.y - arm)}v{number(2 * arm)}M{number(entry.x - arm)},{y}h{number(2 * arm)}"
        if entry.layer_kind == "add"
        else f"M{number(entry.x - arm)},{number(entry.y - arm)}l{number(2 * arm)},{number(2 * arm)}"
        f"M{number(entry.x - arm)},{number(entry.y + arm)}l{number(2 * arm)},{number(-2 * arm)}"
    )
    return [
        element("circle", cx=entry.x, cy=entry.y, r=CIRCLE, fill=fill, stroke=_edge(entry), stroke_width=1.0),
        element("path", d=lines, stroke=_edge(entry), stroke_width=1.6, stroke_linecap="round"),
    ]


def _edge(entry: Entry) -> str:
    return ERROR_COLOUR if entry.wrong else mixed(entry.colour, "#000000", 0.35)


def mixed(colour: str, other: str, share: float) -> str:
    """A colour with a share of another mixed in."""
    pairs = [(int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)
