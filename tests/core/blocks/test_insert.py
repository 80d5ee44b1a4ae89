"""Dropping a block: after a layer, on a connection, alone; where it goes and what it is called."""

import pytest

from cnn_studio.core import edits
from cnn_studio.core.analysis import analyse
from cnn_studio.core.arrange import CARD, GAP, middle_of
from cnn_studio.core.blocks import blocks
from cnn_studio.core.blocks.insert import Placed, insert_block
from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import DEEPEST_GROUP, Graph
from cnn_studio.core.grouping import group
from cnn_studio.core.layers import layers
from tests.core.blocks.test_blocks import SHAPES, trunk
from tests.helpers.invariants import check_invariants


def middle(placed: Placed) -> tuple[float, float]:
    nodes = placed.graph.nodes
    return middle_of([(nodes[one].x, nodes[one].y) for one in placed.graph.groups[placed.group].members])


def test_after_a_layer():
    graph = trunk(SHAPES[2])
    placed = insert_block(graph, blocks["residual"](), source="relu1")
    check_invariants(placed.graph)
    assert placed.graph.outputs_of("relu1") == ("gap1", "residual1_conv1", "residual1_add")
    assert placed.graph.inputs_of("residual1_add") == ("residual1_norm2", "relu1")
    assert placed.graph.outputs_of(placed.exit) == ()
    assert middle(placed)[0] == graph.nodes["relu1"].x + CARD[0] + GAP[0]
    assert analyse(placed.graph).of(placed.exit).shape == SHAPES[2]


def test_alone_where_it_is_put():
    placed = insert_block(Graph(), blocks["inception"](), at=(300.0, -40.0))
    check_invariants(placed.graph)
    assert placed.exit == "inception1_concat"
    x, y = middle(placed)
    assert abs(x - 300) <= 20
    assert abs(y + 40) <= 20


def test_an_analysis_at_hand_is_used():
    graph = trunk(SHAPES[2])
    report = analyse(edits.set_field(graph, "input1", "channels", 5))
    placed = insert_block(graph, blocks["residual"](), source="relu1", report=report)
    assert placed.graph.nodes["residual1_conv1"].layer.filters == 5  # type: ignore[attr-defined]


@pytest.mark.parametrize("folded", [True, False])
@pytest.mark.parametrize(("x", "y"), [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)])
def test_on_a_connection_room_is_made(folded: bool, x: float, y: float):
    graph = trunk(SHAPES[2])
    graph = edits.move(
        graph, {node_id: (x * 200 * index, y * 120 * index) for index, node_id in enumerate(graph.nodes)}
    )
    placed = insert_block(graph, blocks["residual"](), source="relu1", target="gap1", folded=folded)
    nodes = placed.graph.nodes
    before, after = nodes["relu1"], nodes["gap1"]
    assert (before.x, before.y) == (graph.nodes["relu1"].x, graph.nodes["relu1"].y)
    axis = 0 if x else 1
    mine = [(nodes[one].x, nodes[one].y)[axis] for one in placed.graph.groups[placed.group].members]
    low, high = sorted([(before.x, before.y)[axis], (after.x, after.y)[axis]])
    if folded:
        assert high - low == 2 * (CARD[axis] + GAP[axis])
        assert abs(sum(middle(placed)) - sum(middle_of([(before.x, before.y), (after.x, after.y)]))) <= 20
    else:
        assert low + CARD[axis] < min(mine)
        assert max(mine) < high - CARD[axis]
    moved = nodes["output1"].x - graph.nodes["output1"].x, nodes["output1"].y - graph.nodes["output1"].y
    assert (moved[axis] > 0) == (x + y > 0)
    assert moved[1 - axis] == 0


def test_room_that_is_there_is_left():
    graph = trunk(SHAPES[2])
    graph = edits.move(graph, {"relu1": (0, 0), "gap1": (5000, 100)})
    placed = insert_block(graph, blocks["residual"](), source="relu1", target="gap1", folded=False)
    assert placed.graph.nodes["gap1"] == graph.nodes["gap1"]
    assert abs(middle(placed)[0] - 2500) <= 20


def test_joins_the_group_around_both_ends():
    graph = group(trunk(SHAPES[2]), ["relu1", "gap1", "dense1"], "tail")
    placed = insert_block(graph, blocks["residual"](), source="relu1", target="gap1")
    check_invariants(placed.graph)
    assert placed.graph.groups[placed.group].parent == "group1"
    outside = insert_block(graph, blocks["residual"](), source="input1", target="relu1")
    assert outside.graph.groups[outside.group].parent == ""


def test_does_not_nest_deeper_than_groups_may():
    graph = trunk(SHAPES[2])
    for _ in range(DEEPEST_GROUP):
        graph = group(graph, ["relu1", "gap1"], "again")
    with pytest.raises(EditError, match="nested at most"):
        insert_block(graph, blocks["residual"](), source="relu1", target="gap1")


def test_on_a_cycle_the_source_stays():
    graph = edits.add(trunk(SHAPES[2]), layers["add"](), node_id="add1")
    graph = edits.connect(edits.connect(graph, "relu1", "add1"), "add1", "relu1")
    placed = insert_block(graph, blocks["residual"](), source="relu1", target="add1")
    check_invariants(placed.graph)
    assert placed.graph.nodes["relu1"] == graph.nodes["relu1"]


def test_names():
    graph = trunk(SHAPES[2])
    placed = insert_block(graph, blocks["residual"](), source="relu1", name="stage 2, block 1")
    assert placed.group == "stage_2_block_1"
    assert placed.graph.groups[placed.group].name == "stage 2, block 1"
    again = insert_block(placed.graph, blocks["residual"](), source=placed.exit, name="stage 2, block 1")
    check_invariants(again.graph)
    assert again.group != placed.group
    assert len(again.graph.nodes) == len(graph.nodes) + 14
    long = insert_block(graph, blocks["inception"](), name="x" * 80)
    check_invariants(long.graph)
    with pytest.raises(EditError, match="letters"):
        insert_block(graph, blocks["residual"](), name="x" * 81)


def test_refuses_what_is_not_there():
    graph = trunk(SHAPES[2])
    with pytest.raises(EditError, match="there is no layer “nowhere”"):
        insert_block(graph, blocks["residual"](), source="nowhere")
    with pytest.raises(EditError, match="there is no layer “nowhere”"):
        insert_block(graph, blocks["residual"](), source="relu1", target="nowhere")
    with pytest.raises(EditError, match="“input1” and “gap1” are not connected"):
        insert_block(graph, blocks["residual"](), source="input1", target="gap1")
