"""Automatic placement: nothing overlaps, what follows stands further on, groups stay together, long networks fold."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_studio.core.arrange import ASPECT, CARD, FRAME, GAP, TITLE, arrange, extent, middle_of
from cnn_studio.core.blocks import blocks
from cnn_studio.core.blocks.insert import insert_block
from cnn_studio.core.graph import Graph, Group, Node
from cnn_studio.core.grouping import fold, group
from cnn_studio.core.layering import LANE, layered
from cnn_studio.core.layers import layers
from cnn_studio.core.rows import Point, Size
from tests.helpers.networks import chain, make

KINDS = ["convolution", "relu", "batch_norm", "max_pool", "dense", "dropout", "flatten", "add", "input", "output"]


def drawn(count: int, edges: list[tuple[int, int]], kinds: list[str] | None = None) -> Graph:
    """A graph of n0, n1, ... with these connections, whether or not they make sense."""
    names = [f"n{index}" for index in range(count)]
    kinds = kinds or ["add"]
    nodes = {name: Node(name, layers[kinds[index % len(kinds)]](), name) for index, name in enumerate(names)}
    inputs: dict[str, tuple[str, ...]] = {}
    for source, target in dict.fromkeys(edges):
        inputs[names[target]] = (*inputs.get(names[target], ()), names[source])
    return Graph(nodes, inputs)


@st.composite
def graphs(draw: st.DrawFn, cyclic: bool = False, grouped: bool = True) -> Graph:
    """Graphs of any form, with groups in groups, some folded."""
    count = draw(st.integers(1, 25))
    number = st.integers(0, count - 1)
    pairs = draw(st.lists(st.tuples(number, number), max_size=40))
    if draw(st.booleans()):  # a long chain, that is broken into rows
        pairs = [*pairs[:5], *((index, index + 1) for index in range(count - 1))]
    edges = [(a, b) if cyclic else (min(a, b), max(a, b)) for a, b in pairs if a != b]
    graph = drawn(count, edges, draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=6)))
    if not grouped:
        return graph
    for members in draw(st.lists(st.sets(number, min_size=1, max_size=6), max_size=4)):
        graph = group(graph, [f"n{index}" for index in members], "group", folded=draw(st.booleans()))
    return graph


def seen(graph: Graph, places: Mapping[str, Point]) -> dict[str, Point]:
    """Centres of the cards that are seen: layers, and folded groups."""
    points: dict[str, list[Point]] = {}
    for node_id in graph.nodes:
        around = graph.top_group_of(node_id)
        points.setdefault(around.id if around else node_id, []).append(places[node_id])
    return {key: middle_of(found) for key, found in points.items()}


def check_apart(cards: Mapping[str, Point], sizes: Mapping[str, Size]) -> None:
    for (one, (x, y)), (other, (other_x, other_y)) in combinations(cards.items(), 2):
        width = (sizes.get(one, CARD)[0] + sizes.get(other, CARD)[0]) / 2
        height = (sizes.get(one, CARD)[1] + sizes.get(other, CARD)[1]) / 2
        assert abs(x - other_x) >= width + 10 or abs(y - other_y) >= height + 10, (one, other)


def frame(graph: Graph, places: Mapping[str, Point], group_id: str) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the cards inside an open group."""
    inside = [one for one in graph.nodes if any(around.id == group_id for around in graph.groups_around(one))]
    cards = seen(graph, {one: places[one] for one in graph.nodes})
    shown = {(around.id if (around := graph.top_group_of(one)) else one) for one in inside}
    xs = [x for key in shown for x in (cards[key][0] - CARD[0] / 2, cards[key][0] + CARD[0] / 2)]
    ys = [y for key in shown for y in (cards[key][1] - CARD[1] / 2, cards[key][1] + CARD[1] / 2)]
    return min(xs), min(ys), max(xs), max(ys)


@given(graphs(cyclic=True), st.sampled_from(["right", "down"]), st.data())
def test_no_card_overlaps_another(graph: Graph, direction: str, data: st.DataObject):
    keys = [*graph.nodes, *graph.groups]
    size = st.tuples(st.integers(20, 400), st.integers(20, 300))
    sizes = data.draw(st.dictionaries(st.sampled_from(keys), size, max_size=8))
    places = arrange(graph, sizes, direction)
    assert places.keys() == graph.nodes.keys()
    assert all(float(x).is_integer() and float(y).is_integer() for x, y in places.values())
    check_apart(seen(graph, places), sizes)
    assert arrange(graph, sizes, direction) == places


@given(graphs(cyclic=True), st.sampled_from(["right", "down"]))
def test_nothing_strays_into_an_open_group(graph: Graph, direction: str):
    places = arrange(graph, direction=direction)
    for one in graph.groups.values():
        hidden = one.folded or any(around.folded for around in graph.groups_around(next(iter(one.members), "")))
        if hidden or not one.members:
            continue
        left, top, right, bottom = frame(graph, places, one.id)
        for key, (x, y) in seen(graph, places).items():
            member = key if key in graph.nodes else next(iter(graph.groups[key].members), "")
            if any(around.id == one.id for around in graph.groups_around(member)) or not member:
                continue
            assert (
                x + CARD[0] / 2 <= left - FRAME
                or x - CARD[0] / 2 >= right + FRAME
                or y + CARD[1] / 2 <= top - FRAME
                or y - CARD[1] / 2 >= bottom + FRAME
            ), (one.id, key)


@given(graphs(grouped=False), st.sampled_from(["right", "down"]))
def test_what_follows_stands_further_on_or_in_a_later_row(graph: Graph, direction: str):
    places = arrange(graph, direction=direction)
    along, across = (0, 1) if direction == "right" else (1, 0)
    for source, target, _port in graph.edges():
        (a, b) = places[source], places[target]
        assert b[along] >= a[along] + CARD[along] + GAP[along] or b[across] > a[across]


@given(graphs(cyclic=True, grouped=False))
def test_the_order_in_which_inputs_stand_in_memory_does_not_matter(graph: Graph):
    turned = Graph(graph.nodes, dict(reversed(list(graph.inputs.items()))), graph.groups)
    check_apart(arrange(turned), {})


@given(graphs())
def test_nothing_stands_left_of_or_above_the_corner(graph: Graph):
    cards = seen(graph, arrange(graph)).values()
    assert min(x for x, _y in cards) - CARD[0] / 2 >= 0
    assert min(y for _x, y in cards) - CARD[1] / 2 >= 0


def test_nothing_at_all():
    assert arrange(Graph()) == {}
    assert extent({}) == (0, 0)


def test_one_card():
    assert arrange(drawn(1, [])) == {"n0": (CARD[0] / 2, CARD[1] / 2)}
    assert arrange(drawn(1, []), {"n0": (100, 40)}, "down") == {"n0": (50, 20)}
    assert extent({"n0": (50, 20)}, {"n0": (100, 40)}) == (100, 40)


def test_another_direction_is_refused():
    with pytest.raises(ValueError, match="up"):
        arrange(Graph(), direction="up")


def test_a_short_chain_is_a_straight_line():
    places = arrange(drawn(4, [(0, 1), (1, 2), (2, 3)], ["relu"]))
    assert {y for _x, y in places.values()} == {36}
    assert [x for x, _y in places.values()] == [84 + index * (CARD[0] + GAP[0]) for index in range(4)]


@pytest.mark.parametrize("count", [20, 60, 200, 1000])
def test_a_long_chain_comes_near_the_shape_of_a_screen(count: int):
    graph = drawn(count, [(index, index + 1) for index in range(count - 1)], ["convolution", "relu"])
    places = arrange(graph)
    width, height = extent(places)
    assert ASPECT / 1.6 < width / height < ASPECT * 1.6
    order = [places[f"n{index}"] for index in range(count)]
    assert order == sorted(order, key=lambda place: (place[1], place[0]))
    down = arrange(graph, direction="down")
    width, height = extent(down)
    assert ASPECT / 2 < width / height < ASPECT * 2


def test_rows_end_where_a_stage_does():
    stage = ["convolution", "batch_norm", "relu", "convolution", "batch_norm", "relu", "max_pool"]
    graph = chain(
        make("input"), *(layers[kind]() for kind in stage * 5), make("flatten"), make("dense"), make("output")
    )
    places = arrange(graph)
    firsts = [node for node in graph.nodes if places[node][0] == CARD[0] / 2][1:]
    assert {graph.nodes[node].layer.kind for node in firsts} <= {"convolution", "flatten"}
    ends = [graph.nodes[graph.inputs_of(node)[0]].layer.kind for node in firsts]
    assert ends.count("max_pool") == 5


def test_the_trunk_is_straight_and_ends_with_the_answer():
    """A longer branch that ends in an auxiliary output does not bend the way to the Output."""
    edges = [(0, 1), (1, 2), (2, 3), (1, 4), (4, 5), (5, 6), (6, 7)]
    assert layered([(36, 36)] * 8, edges, 10).trunk == [0, 1, 4, 5, 6, 7]
    drawing = layered([(36, 36)] * 8, edges, 10, ends=[3])
    assert drawing.trunk == [0, 1, 2, 3]
    assert [drawing.line[box] for box in drawing.trunk] == [0, 0, 0, 0]
    branch = [drawing.line[box] for box in range(4, 8)]
    assert abs(branch[0]) >= 82
    assert max(branch) - min(branch) < 1
    graph = chain(make("input"), make("relu"), make("tanh"), make("output"))
    branches = {f"b{index}": Node(f"b{index}", make("tanh"), f"b{index}") for index in range(3)}
    graph = Graph({**graph.nodes, **branches}, {**graph.inputs, "b0": ("relu2",), "b1": ("b0",), "b2": ("b1",)})
    places = arrange(graph)
    assert places["relu2"][1] == places["tanh3"][1] != places["b0"][1]


def test_a_connection_that_passes_keeps_a_lane_free():
    graph = drawn(5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (0, 2)])
    graph = Graph({**graph.nodes, "side": Node("side", make("relu"), "side")}, {**graph.inputs, "side": ("n1",)})
    places = arrange(graph)
    assert abs(places["side"][1] - places["n2"][1]) >= CARD[1] + LANE


def test_a_block_is_laid_out_straight_in_its_frame():
    graph = chain(make("input", channels=16), make("relu"), make("global_average_pool"), make("dense"), make("output"))
    placed = insert_block(graph, blocks["residual"](), source="relu2", target="gap3", folded=False)
    places = arrange(placed.graph)
    line = [place for node, place in places.items() if node.startswith("residual1")]
    assert len({y for _x, y in line}) == 1
    folded = fold(placed.graph, placed.group, True)
    cards = seen(folded, arrange(folded))
    assert {y for _x, y in cards.values()} == {36, 168}  # two rows, each straight


def test_a_folded_group_takes_the_size_it_is_given():
    graph = group(drawn(3, [(0, 1), (1, 2)], ["relu"]), ["n1"], "middle", folded=True)
    narrow, wide = arrange(graph), arrange(graph, {"group1": (500, 72)})
    assert wide["n2"][0] - narrow["n2"][0] == 500 - CARD[0]


def test_a_title_has_its_place():
    graph = group(drawn(2, [(0, 1)], ["relu"]), ["n1"], "one")
    assert arrange(graph)["n1"][1] == FRAME + TITLE + CARD[1] / 2
    assert arrange(graph)["n0"][1] == arrange(graph)["n1"][1]
    down = arrange(graph, direction="down")
    assert down["n1"][1] - down["n0"][1] == CARD[1] + GAP[1] + FRAME + TITLE / 2 + TITLE / 2


def test_groups_that_stand_in_one_another_in_a_circle_are_tolerated():
    graph = drawn(3, [(0, 1), (1, 2)])
    one = Group("a", "a", frozenset({"n0"}), parent="b")
    graph = replace(graph, groups={"a": one, "b": Group("b", "b", frozenset({"n1"}), parent="a")})
    check_apart(arrange(graph), {})


def test_a_layer_that_feeds_itself_is_tolerated():
    assert arrange(drawn(2, [(0, 0), (0, 1)])) == arrange(drawn(2, [(0, 1)]))


def test_parts_without_connection_stand_apart_and_small_ones_side_by_side():
    graph = drawn(30, [(index, index + 1) for index in range(9)], ["relu"])
    places = arrange(graph)
    check_apart(places, {})
    assert len({places[f"n{index}"][1] for index in range(10, 30)}) < 12


def test_a_long_group_is_broken_into_rows_too():
    graph = drawn(40, [(index, index + 1) for index in range(39)], ["convolution", "relu"])
    places = arrange(group(graph, list(graph.nodes)[1:], "long"))
    width, height = extent(places)
    assert width / height < 4


def test_many_connections_over_long_distances_are_no_matter():
    edges = [(a, b) for a in range(0, 200, 3) for b in range(a + 1, 200, 7)] + [(i, i + 1) for i in range(199)]
    check_apart(arrange(drawn(200, edges)), {})


def test_crossings_are_undone():
    """Two chains whose second halves are declared the other way round."""
    drawing = layered([(36, 36)] * 6, [(0, 2), (0, 1), (1, 4), (2, 3), (3, 5), (4, 5)], 10)
    first, second = drawing.columns[1], drawing.columns[2]
    partner = {1: 4, 2: 3}
    assert [partner[one] for one in first] == second
