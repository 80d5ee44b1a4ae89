"""The figures: sound XML, everything named, nothing on top of anything else."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from random import Random
from xml.etree import ElementTree as ET

import pytest

from cnn_studio.core import edits
from cnn_studio.core.arrange import arrange
from cnn_studio.core.export import ExportError, exporters
from cnn_studio.core.export.figure.text import fitted, number, split_settings, text_width
from cnn_studio.core.export.svg import compose, export_svg
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.grouping import fold
from cnn_studio.core.layers import layers
from cnn_studio.core.starters import open_starter
from tests.core.export import examples
from tests.core.export.examples import Builder, make
from tests.helpers.golden import check_golden
from tests.helpers.networks import Taste, random_network

SVG = "{http://www.w3.org/2000/svg}"
EXAMPLES = (
    "lenet", "residual_network", "inception_network", "u_network", "oddities", "drawn_by_hand", "downwards",
    "folded_network",
)  # fmt: skip
STYLES = ("blocks", "volumes")
Box = tuple[float, float, float, float]


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [group for group in root.iter(f"{SVG}g") if group.get("class") == name]


def cards(root: ET.Element) -> list[Box]:
    """The white rectangles of the cards."""
    found = []
    for group in of_class(root, "layer"):
        rect = group.findall(f"{SVG}rect")[-1]
        x, y, width, height = (float(rect.get(name, "")) for name in ("x", "y", "width", "height"))
        found.append((x, y, x + width, y + height))
    return found


def path_points(data: str) -> Iterator[tuple[float, float]]:
    """Points along a path of moves, lines and curves."""
    here = (0.0, 0.0)
    for command, numbers in re.findall(r"([MLC])([^MLC]+)", data):
        values = [float(value) for value in re.split("[ ,]", numbers)]
        points = list(zip(values[::2], values[1::2], strict=True))
        ends = [here, *points]
        for step in range(21):
            t = step / 20
            line = ends
            while command != "M" and len(line) > 1:
                line = [(a + (c - a) * t, b + (d - b) * t) for (a, b), (c, d) in pairwise(line)]
            yield line[-1]
        here = points[-1]


def check_nothing_overlaps(boxes: Iterable[Box], slack: float = 0.3) -> None:
    for one, other in combinations(boxes, 2):
        apart = (
            one[2] <= other[0] + slack
            or other[2] <= one[0] + slack
            or one[3] <= other[1] + slack
            or other[3] <= one[1] + slack
        )
        assert apart, (one, other)


def check_drawing(text: str) -> None:
    """On the finished figure: cards apart, edges outside of cards, everything within the view."""
    root = parsed(text)
    boxes = cards(root)
    check_nothing_overlaps(boxes)
    left, top, width, height = (float(value) for value in root.get("viewBox", "").split())
    for box in boxes:
        assert left <= box[0]
        assert box[2] <= left + width
        assert top <= box[1]
        assert box[3] <= top + height
    for edge in of_class(root, "edge"):
        for x, y in path_points(edge.findall(f"{SVG}path")[0].get("d", "")):
            assert left <= x <= left + width
            assert top <= y <= top + height
            for box in boxes:
                assert not (box[0] + 0.3 < x < box[2] - 0.3 and box[1] + 0.3 < y < box[3] - 0.3), (x, y, box)


def check_composition(graph: Graph, style: str) -> None:
    """Before drawing: places apart, ways outside of the places of others, each from its source to its target."""
    figure = compose(graph, style)
    entries = figure.scene.entries
    check_nothing_overlaps(entry.box for entry in entries.values())
    for (source, target), path in figure.routes.items():
        points = list(path.points())
        for entry in entries.values():
            left, top, right, bottom = entry.box
            if entry.id not in {source, target}:
                assert not any(left < x < right and top < y < bottom for x, y in points), (source, target, entry.id)
        if style == "volumes":
            start, end = entries[source], entries[target]
            assert points[0] == pytest.approx((start.x + start.right, start.y))
            assert points[-1] == pytest.approx((end.x - end.left, end.y))


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("style", STYLES)
def test_example_is_drawn_cleanly(name, style):
    graph = getattr(examples, name)()
    check_composition(graph, style)
    text = export_svg(graph, title=name, style=style)
    assert text == export_svg(graph, title=name, style=style)
    if style == "blocks":
        check_drawing(text)
    root = parsed(text)
    said = " ".join(root.itertext())
    for entry in compose(graph, style).scene.entries.values():
        assert entry.title in said
    for node in graph.nodes.values():
        assert node.name in said or graph.top_group_of(node.id)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("style", STYLES)
def test_random_network_is_drawn_cleanly(seed, style):
    graph = random_network(Random(seed), Taste(layers=(1, 25), branching=0.4))
    flat = graph.with_nodes({node_id: replace(node, x=0.0, y=0.0) for node_id, node in graph.nodes.items()})
    for one in (graph, flat):
        check_composition(one, style)
        if style == "blocks":
            check_drawing(export_svg(one))


@pytest.mark.parametrize("seed", range(25))
def test_random_places_are_kept_or_given_up_cleanly(seed):
    """However layers lie about, the figure is clean; where there is room, their order on the canvas is kept."""
    rng = Random(seed)
    graph = random_network(rng, Taste(layers=(1, 8)))
    spread = rng.choice((60.0, 300.0, 2000.0))
    places = {node_id: (rng.uniform(0, spread), rng.uniform(0, spread)) for node_id in graph.nodes}
    check_drawing(export_svg(examples.placed(graph, places)))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_many_random_networks_are_drawn_cleanly(seed):
    graph = random_network(Random(seed), Taste(layers=(20, 60), branching=0.5))
    flat = graph.with_nodes({node_id: replace(node, x=0.0, y=0.0) for node_id, node in graph.nodes.items()})
    for style in STYLES:
        check_composition(graph, style)
        check_composition(flat, style)


@pytest.mark.parametrize(("name", "style"), [("lenet", "blocks"), ("residual_network", "blocks"), ("lenet", "volumes")])
def test_golden(name, style, request):
    suffix = "" if style == "blocks" else "-volumes"
    check_golden(request, f"{name}{suffix}.svg", export_svg(getattr(examples, name)(), title=name, style=style))


def test_positions_of_the_canvas_are_kept():
    figure = compose(examples.drawn_by_hand())
    graph = examples.drawn_by_hand()
    entries = figure.scene.entries
    scale = (entries["conv2"].x - entries["input1"].x) / (graph.nodes["conv2"].x - graph.nodes["input1"].x)
    for node in graph.nodes.values():
        assert entries[node.id].x == pytest.approx(node.x * scale)
        assert entries[node.id].y == pytest.approx(node.y * scale)


def test_a_network_drawn_downwards_stays_so():
    entries = compose(examples.downwards()).scene.entries
    assert len({entry.x for entry in entries.values()}) == 1
    root = parsed(export_svg(examples.downwards()))
    ends = [edge.findall(f"{SVG}path")[1].get("d", "") for edge in of_class(root, "edge")]
    assert all("h5.4z" in end for end in ends)  # arrows point down


def test_layers_all_in_one_place_are_laid_out():
    graph = examples.lenet()
    columns = [entry.x for entry in compose(graph, width=0).scene.entries.values()]
    assert columns == sorted(columns)
    assert len(set(columns)) == len(columns)


def test_layers_too_near_one_another_are_laid_out_anew():
    graph = examples.lenet()
    crowded = examples.placed(graph, {node_id: (0.001 * index, 0.0) for index, node_id in enumerate(graph.nodes)})
    assert export_svg(crowded) == export_svg(graph)


def test_a_long_network_goes_on_in_rows():
    graph = examples.residual_network()
    wide = parsed(export_svg(graph, width=0))
    page = parsed(export_svg(graph, width=700))
    assert float(page.get("width", "")) < 1200 < float(wide.get("width", ""))
    assert float(page.get("height", "")) > float(wide.get("height", ""))
    check_drawing(export_svg(graph, width=700))
    check_drawing(export_svg(graph, width=10))


def test_unfolded_groups_have_frames_around_their_layers_alone():
    figure = compose(examples.inception_network())
    assert [name for name, _box in figure.frames] == ["inception 3a", "inception 3b"]
    for (_name, box), (_same, inside) in zip(figure.frames, figure.scene.frames, strict=True):
        for entry in figure.scene.entries.values():
            within = box[0] < entry.box[0] and entry.box[2] < box[2] and box[1] < entry.box[1] and entry.box[3] < box[3]
            assert within == (entry.id in inside)


def test_groups_that_lie_among_others_have_no_frame():
    graph = examples.drawn_by_hand()
    places = {"conv2": (0.0, 500.0), "relu3": (3500.0, -500.0)}
    assert "residual 1" not in [name for name, _box in compose(examples.placed(graph, places)).frames]


def test_folded_groups_are_one_card():
    root = parsed(export_svg(examples.folded_network()))
    said = list(root.itertext())
    assert "inception 3a" in said
    assert "14 layers" in said
    assert "conv3" not in " ".join(said)
    assert len(of_class(root, "layer")) == 13


def test_groups_within_groups():
    net = Builder()
    net.add("input")
    inner = net.add("convolution")
    outer = net.add("relu")
    net.add("output")
    stage = net.group("stage", outer)
    net.group("block", inner, parent=stage, folded=True)
    figure = compose(net.graph())
    assert [name for name, _box in figure.frames] == ["stage"]
    assert "block" in [entry.title for entry in figure.scene.entries.values()]


def test_options():
    graph = examples.lenet()
    plain = " ".join(text.text or "" for text in parsed(export_svg(graph, labels=False)).iter(f"{SVG}text"))
    assert "conv1" not in plain
    assert "28×28×6" in plain
    assert "conv1" in export_svg(graph, labels=False)  # still a title under the mouse
    assert "28×28×6" not in export_svg(graph, shapes=False)
    assert "28×28×6" not in export_svg(graph, shapes=False, style="volumes")
    assert not list(parsed(export_svg(graph, labels=False, shapes=False)).iter(f"{SVG}text"))
    check_drawing(export_svg(graph, labels=False, shapes=False))
    assert 'fill="#ffffff"/>\n' in export_svg(graph, style="volumes")
    assert 'fill="#ffffff"/>\n' not in export_svg(graph, style="volumes", transparent=True)
    with pytest.raises(ExportError, match="no figure style “oil”, only blocks, volumes"):
        export_svg(graph, style="oil")


def test_title_and_names_are_escaped():
    net = Builder()
    net.add("input", name="<&\"'>\x00\ud800")
    text = export_svg(net.graph(), title="]]> <script>")
    root = parsed(text)
    assert root.findall(f"{SVG}title")[0].text == "]]> <script>"
    assert "<&\"'>\ufffd\ufffd" in list(root.itertext())
    text.encode("utf-8")


def test_what_does_not_fit_is_marked():
    net = Builder()
    net.add("input")
    net.add("dense", units=10)
    for style in STYLES:
        text = export_svg(net.graph(), style=style)
        assert "#e5484d" in text
        assert ">?<" in text


def test_cycles_and_empty_networks_are_drawn():
    graph = examples.lenet()
    nodes = {**graph.nodes, "add1": Node("add1", make("add"), "add1")}
    inputs = {**graph.inputs, "add1": ("conv1", "tanh1"), "tanh1": ("add1",)}
    for style in STYLES:
        check_composition(Graph(nodes, inputs), style)
        assert parsed(export_svg(Graph(), style=style)).get("viewBox") == "-12 -12 24 24"


def test_faces_follow_the_maps_and_depth_the_channels():
    entries = compose(examples.lenet(), "volumes").scene.entries
    sizes = {name: entry.solid for name, entry in entries.items()}
    assert sizes["conv1"][1] == sizes["input1"][1] > sizes["pool1"][1] > sizes["conv2"][1] > sizes["pool2"][1]
    assert sizes["input1"][0] < sizes["conv1"][0] == sizes["pool1"][0] < sizes["conv2"][0]
    assert sizes["flatten1"][1] > sizes["dense1"][1] > sizes["dense2"][1] > sizes["dense3"][1]
    assert "tanh1" not in entries


def test_every_kind_has_a_card_and_a_volume():
    for kind in layers:
        for sizes in ((), (20,), (12, 12), (6, 6, 6)):
            net = Builder()
            source = net.add("input", channels=8, sizes=sizes)
            if layers[kind].arity[1]:
                net.add(kind, *([source] * max(1, layers[kind].arity[0])))
            for style in STYLES:
                parsed(export_svg(net.graph(), style=style))


def test_widths_of_text():
    assert text_width("conv1", 10) == pytest.approx(26.7, abs=1.5)
    assert text_width("conv1", 10, bold=True) > text_width("conv1", 10)
    assert text_width("é", 10) == text_width("e", 10)
    assert text_width("漢", 10) == 10
    assert fitted("a long name of a layer", 12, 60).endswith("…")
    assert text_width(fitted("a long name of a layer", 12, 60), 12) <= 60
    assert split_settings("3×3 · 16 filters · stride 2", 10, 80) == ["3×3 · 16 filters", "stride 2"]
    assert split_settings("Global average pooling", 10, 75) == ["Global average", "pooling"]
    assert number(-0.01) == "0"


def test_exporter_is_registered():
    assert exporters["svg"].suffix == ".svg"
    assert exporters["svg"].function(examples.lenet()).startswith("<?xml")


@pytest.mark.parametrize("name", ["tiny-resnet", "tiny-inception", "resnet18"])
def test_ways_of_unfolded_blocks_keep_off_frames_and_one_another(name):
    graph = open_starter(name).graph
    for group in graph.groups:
        graph = fold(graph, group, False)
    figure = compose(edits.move(graph, arrange(graph)))
    level_ones = {link: path for link, path in figure.routes.items() if path.is_level}
    for (source, target), path in figure.routes.items():
        for (x0, y0), (_x1, y1) in pairwise(path.points()):
            for _name, (left, top, right, bottom) in figure.frames:
                along = abs(y1 - y0) < 0.1 and left < x0 < right
                assert not (along and (top - 3 < y0 < top + 12 or abs(y0 - bottom) < 3)), (source, target)
            for other, level in level_ones.items():
                if other[0] != source and other[1] != target and level.start[0] < x0 < level.end[0]:
                    assert not min(y0, y1) + 0.1 < level.start[1] < max(y0, y1) - 0.1, (source, target, other)


def test_ways_downwards_keep_off_the_sides_of_frames():
    graph = examples.drawn_by_hand()
    turned = {node_id: replace(node, x=node.y, y=node.x) for node_id, node in graph.nodes.items()}
    figure = compose(graph.with_nodes(turned))
    assert figure.frames
    for path in figure.routes.values():
        for (x0, y0), (x1, _y1) in pairwise(path.points()):
            for _name, (left, top, right, bottom) in figure.frames:
                upright = abs(x1 - x0) < 0.1 and top < y0 < bottom
                assert not (upright and min(abs(x0 - left), abs(x0 - right)) < 3)
