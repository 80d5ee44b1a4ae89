"""Layers as text: copied, sent in an e-mail, pasted into another window."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cnn_studio.core.edits import Point
from cnn_studio.core.files import ProjectError
from cnn_studio.core.graph import Graph
from cnn_studio.core.graph_json import graph_text, read_graph
from cnn_studio.core.grouping import paste, piece
from cnn_studio.core.json_text import read_json
from cnn_studio.core.project import GRAPH, LARGEST, format_of, migrated, newest_format
from cnn_studio.core.words import say
from cnn_studio.i18n import N_

MARK = "cnn-studio"
"""The key that tells our text from any other JSON; its value holds the format number."""

_LINE_END = re.compile(r"[ \t]*(?:\r\n|\r|\n)")
_QUOTE_MARK = re.compile(r"(?:[ \t]*>)+ ?")


def copied(graph: Graph, node_ids: Iterable[str]) -> str:
    """Some layers with their connections and groups, as text that a person can read."""
    text = graph_text(piece(graph, node_ids))
    return text.replace("{", f'{{\n  "{MARK}": {{"format": {newest_format()}}},', 1) + "\n"


def pasted(graph: Graph, text: str, shift_by: Point = (0.0, 0.0)) -> tuple[Graph, dict[str, str]]:
    """The graph with the layers of a text in it, and their new ids by those in the text. Raises ProjectError."""
    return paste(graph, from_text(text), shift_by)


def from_text(text: str) -> Graph:
    """The layers of a text. Words around it, marks of quotation and wrapped lines do no harm. Raises ProjectError."""
    place = say(N_("the copied text"))
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start or MARK not in text:
        raise ProjectError(N_("this text holds no layers of CNN Studio"))
    if len(text) > LARGEST[GRAPH]:
        raise ProjectError(N_("this text is larger than {limit} letters"), limit=LARGEST[GRAPH])
    first, *others = _LINE_END.split(text[start : end + 1].replace("\N{NO-BREAK SPACE}", " "))
    joined = " ".join([first, *(_QUOTE_MARK.sub("", line, count=1) if ">" in line[:20] else line for line in others)])
    value = read_json(joined.encode("utf-8", "surrogatepass"), place)
    mark = value.pop(MARK, None)
    parts = migrated({GRAPH: value}, format_of(mark, place))
    return read_graph(parts[GRAPH], place)
