"""Whatever is put into a network lies on nothing that is there, and moves as little as it must."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_studio.core import edits, grouping
from cnn_studio.core.arrange import CARD
from cnn_studio.core.blocks import blocks
from cnn_studio.core.edits import SPACING, EditError
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers import layers
from cnn_studio.core.placing import cards, folded, free_place, inserted, room_made, with_places
from cnn_studio.core.starters import open_starter

cells = st.lists(st.tuples(st.integers(-4, 4), st.integers(-3, 3)), unique=True)


def overlap(one, other):
    return abs(one[0] - other[0]) < CARD[0] and abs(one[1] - other[1]) < CARD[1]


def lying_on_others(graph):
    places = [card.middle for card in cards(graph).values()]
    return [(one, other) for index, one in enumerate(places) for other in places[:index] if overlap(one, other)]


@given(cells, st.integers(-4, 4), st.integers(-3, 3))
def test_making_room_leaves_no_two_cards_on_each_other(there, column, row):
    places = {str(number): (204.0 * x, 132.0 * y) for number, (x, y) in enumerate(there)}
    fresh = (204.0 * column, 132.0 * row)
    pushed = room_made(places, fresh)
    assert all(by > 0 for by in pushed.values())
    every = [fresh, *((x + pushed.get(key, 0.0), y) for key, (x, y) in places.items())]
    assert not any(overlap(one, other) for place, one in enumerate(every) for other in every[:place])


@given(cells, st.integers(-300, 300), st.integers(-300, 300))
def test_a_free_place_is_free_and_the_wanted_one_when_that_is(there, x, y):
    taken = [(204.0 * column, 104.0 * row) for column, row in there]
    found = free_place(taken, (x, y))
    assert not any(overlap(found, one) for one in taken)
    assert found == (x, y) or any(overlap((x, y), one) for one in taken)


def test_layers_that_nothing_feeds_stand_beside_each_other():
    graph = Graph()
    for _number in range(12):
        graph, _card = inserted(graph, layers["input"]())
    assert len(graph.nodes) == 12
    assert not lying_on_others(graph)


@pytest.mark.parametrize("name", ["lenet5", "googlenet", "resnet18"])
def test_nothing_comes_to_lie_on_anything(name):
    random = Random(4)
    graph = open_starter(name).graph
    for _number in range(25):
        source = random.choice(list(graph.nodes))
        targets = graph.outputs_of(source)
        new: Any = random.choice([*layers.values(), *blocks.values()])()
        try:
            after, card = inserted(graph, new, source=source, target=random.choice([*targets, ""]) if targets else "")
        except EditError:
            continue
        assert card in cards(after)
        assert not lying_on_others(after)
        graph = after


def test_what_is_not_in_the_way_stays():
    graph = open_starter("lenet5").graph
    (first,) = [node for node in graph.nodes.values() if node.layer.kind == "input"]
    (target,) = graph.outputs_of(first.id)
    after, card = inserted(graph, layers["relu"](), source=first.id, target=target)
    assert (after.nodes[card].x, after.nodes[card].y) == (first.x + SPACING, first.y)
    below = [node for node in graph.nodes.values() if node.y > first.y + CARD[1]]
    assert below
    assert all(after.nodes[node.id] == node for node in below)


def test_folded_groups_are_one_card():
    graph = open_starter("lenet5").graph
    some = list(graph.nodes)[1:4]
    graph = grouping.group(grouping.group(graph, some[:2], "inner"), some, "outer")
    assert len(cards(graph)) == len(graph.nodes)
    (outer,) = [key for key, group in graph.groups.items() if group.name == "outer"]
    folded = cards(grouping.fold(graph, outer, True))
    assert set(folded[outer].members) == set(some)
    assert len(folded) == len(graph.nodes) - 2


def test_only_a_network_that_lies_at_one_point_is_arranged():
    graph = open_starter("lenet5").graph
    assert with_places(graph) is graph
    assert with_places(Graph()) == Graph()
    heap = edits.move(graph, dict.fromkeys(graph.nodes, (7.0, 7.0)))
    assert not lying_on_others(with_places(heap))
    one = edits.add(Graph(), layers["input"](), (5.0, 5.0))
    assert with_places(one) is one


@pytest.mark.parametrize("name", ["googlenet", "resnet18", "tiny-inception"])
def test_an_opened_group_has_room_and_gives_it_back(name):
    graph = open_starter(name).graph
    for key in graph.groups:
        graph = grouping.fold(graph, key, True)
    before = {key: (round(node.x, 3), round(node.y, 3)) for key, node in graph.nodes.items()}
    for key in list(graph.groups)[:4]:
        opened = folded(graph, key, False)
        own = grouping.all_members(graph)[key]
        frame = [card.middle for card in cards(opened).values() if own.issuperset(card.members)]
        others = [card.middle for card in cards(opened).values() if own.isdisjoint(card.members)]
        left, right = min(x for x, _y in frame), max(x for x, _y in frame)
        top, bottom = min(y for _x, y in frame), max(y for _x, y in frame)
        assert not [(x, y) for x, y in others if left <= x <= right and top <= y <= bottom]
        assert not lying_on_others(opened)
        closed = folded(opened, key, True)
        assert {key: (round(node.x, 3), round(node.y, 3)) for key, node in closed.nodes.items()} == before
        assert folded(closed, key, True).groups == closed.groups


def test_all_groups_open_one_after_another_and_lie_on_nothing():
    graph = open_starter("googlenet").graph
    for key in graph.groups:
        graph = folded(graph, key, False)
    assert not lying_on_others(graph)


def test_a_group_inside_an_open_one_makes_room_and_one_inside_a_closed_one_none():
    graph = open_starter("googlenet").graph
    inner = next(key for key, group in graph.groups.items() if group.block == "inception")
    members = sorted(grouping.all_members(graph)[inner])
    before = next(key for member in members for key in graph.inputs_of(member) if key not in members)
    graph = grouping.group(graph, [*members, before], "outer")
    outer = next(key for key, group in graph.groups.items() if group.name == "outer")
    assert graph.groups[inner].parent == outer
    closed = folded(graph, inner, True)
    assert not lying_on_others(folded(closed, inner, False))
    hidden = folded(closed, outer, True)
    assert folded(hidden, inner, False) == grouping.fold(hidden, inner, False), "nothing that is seen changes its place"


def test_what_was_put_beside_an_open_group_is_not_buried_when_it_closes():
    graph = open_starter("googlenet").graph
    key = next(key for key, group in graph.groups.items() if group.block == "inception")
    opened = folded(graph, key, False)
    own = grouping.all_members(graph)[key]
    left = min(opened.nodes[one].x for one in own) - SPACING
    for number in range(6):
        opened = edits.add(opened, layers["relu"](), (left, opened.nodes[next(iter(own))].y + number * 80.0))
    assert len(lying_on_others(folded(opened, key, True))) <= len(lying_on_others(opened))
