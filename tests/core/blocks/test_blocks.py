"""Laws of every kind of block, and what each is by itself."""

from typing import Any, get_args

import pytest

from cnn_studio.core import edits
from cnn_studio.core.analysis import analyse
from cnn_studio.core.blocks import blocks
from cnn_studio.core.blocks.base import SOURCE, Block, keeping
from cnn_studio.core.blocks.insert import insert_block
from cnn_studio.core.fields import specs
from cnn_studio.core.graph import Graph
from cnn_studio.core.grouping import all_members, fold
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Family
from cnn_studio.core.shapes import Shape
from tests.helpers.invariants import check_invariants
from tests.helpers.judge import disagreements
from tests.helpers.networks import make

SHAPES = [Shape(6, (23,)), Shape(6, (9, 7)), Shape(8, (12, 12)), Shape(5, (5, 6, 7)), Shape(1, (1, 1)), Shape(3, (4,))]


def trunk(shape: Shape) -> Graph:
    """Input, ReLU, global average pooling, Dense, Output."""
    graph = edits.add(Graph(), make("input", channels=shape.channels, sizes=shape.sizes))
    for kind in ("relu", "global_average_pool", "dense", "output"):
        graph = edits.add_after(graph, list(graph.nodes)[-1], layers[kind]())
    return graph


def block(kind: str, **fields: Any) -> Block:
    """A block of that kind."""
    return blocks[kind].model_validate(fields)


def on_edge(one: Block, shape: Shape, **more: Any) -> tuple[Graph, str]:
    """The trunk with a block between its ReLU and its pool, and the id of the block's last layer."""
    placed = insert_block(trunk(shape), one, source="relu1", target="gap1", **more)
    return placed.graph, placed.exit


def settings(kind: str) -> list[Block]:
    """Blocks of one kind: the default, and each field at other values."""
    model = blocks[kind]
    found = [model()]
    for spec in specs(model):
        values = [True] if spec.editor == "flag" else [2, 5, int(spec.minimum or 0), int(spec.default)]
        if spec.name == "filters":
            values += [12]
        found += [
            block(kind, **{spec.name: value}) for value in values if spec.maximum is None or value <= spec.maximum
        ]
    if "stride" in model.model_fields:
        found += [
            block(kind, **more)
            for more in ({"stride": 2, "filters": 10}, {"stride": 3, "kernel": 4}, {"stride": 2, "kernel": 2})
        ]
    return found


def test_the_blocks_of_the_field_are_here():
    assert set(blocks) == {
        "residual", "bottleneck", "inception_naive", "inception", "depthwise_separable", "inverted_residual",
        "squeeze_excite", "spatially_separable", "conv_norm_relu",
    }  # fmt: skip


@pytest.mark.parametrize("kind", blocks)
def test_says_what_it_is(kind: str):
    model = blocks[kind]
    assert model.kind == kind
    assert model.label
    assert model.stem.isidentifier()
    assert len(model.help) > 40
    assert model.help.endswith(".")
    assert isinstance(model.family, get_args(Family) or Family)
    assert all(spec.label for spec in specs(model))
    assert model() == model.model_validate({})


@pytest.mark.parametrize("kind", blocks)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_fits_on_a_connection_whatever_the_rank_and_the_size(kind: str, shape: Shape):
    for one in settings(kind):
        graph, last = on_edge(one, shape)
        report = analyse(graph)
        assert {node_id: str(facts.error) for node_id, facts in report.facts.items() if facts.error} == {}
        assert all(facts.shape for facts in report.facts.values())
        out = report.of(last).shape
        assert out is not None
        stride = getattr(one, "stride", 1)
        assert out.sizes == tuple(-(-size // stride) for size in shape.sizes)
        if "filters" in type(one).model_fields:
            assert out.channels == (getattr(one, "filters") or shape.channels)  # noqa: B009 - not all have it
        assert graph.upstream("output1") == set(graph.nodes) - {"output1"}


@pytest.mark.parametrize("kind", blocks)
@pytest.mark.parametrize("shape", SHAPES[:4], ids=str)
def test_torch_agrees(kind: str, shape: Shape):
    for one in settings(kind)[-3:]:
        assert disagreements(on_edge(one, shape)[0]) == []


@pytest.mark.parametrize("kind", blocks)
@pytest.mark.parametrize("folded", [True, False])
def test_is_a_group_that_folds(kind: str, folded: bool):
    before = trunk(SHAPES[1])
    graph, last = on_edge(blocks[kind](), SHAPES[1], folded=folded)
    check_invariants(graph)
    (group,) = graph.groups.values()
    assert group.block == kind
    assert group.name == group.id == f"{blocks[kind].stem}1"
    assert group.members == set(graph.nodes) - set(before.nodes)
    assert last in group.members
    assert all(member.startswith(f"{group.id}_") for member in group.members)
    assert all((graph.top_group_of(member) is group) is folded for member in group.members)
    other = fold(graph, group.id, not folded)
    assert fold(other, group.id, folded) == graph
    second = insert_block(graph, blocks[kind](), source=last, target="gap1")
    check_invariants(second.graph)
    assert second.group == f"{blocks[kind].stem}2"
    assert not any(facts.error for facts in analyse(second.graph).facts.values())


@pytest.mark.parametrize("kind", blocks)
@pytest.mark.parametrize("shape", [None, Shape(7), Shape(64, (8, 8))])
def test_builds_for_any_input_or_none(kind: str, shape: Shape | None):
    fragment = blocks[kind]().build(shape)
    assert set(fragment.entries) <= set(fragment.graph.nodes)
    assert fragment.exit in fragment.graph.nodes
    unfed = {node for node in fragment.graph.nodes if not fragment.graph.inputs_of(node)}
    assert unfed <= set(fragment.entries)
    assert len(set(fragment.entries)) == len(fragment.entries)


def test_a_block_on_numbers_says_that_it_needs_maps():
    graph = edits.add(Graph(), make("input", channels=7, sizes=()))
    graph = insert_block(graph, blocks["residual"](), source="input1").graph
    error = analyse(graph).of("residual1_conv1").error
    assert error is not None
    assert error.code == "vector"


@pytest.mark.parametrize(
    ("kind", "fields", "channels", "parameters"),
    [
        ("residual", {}, 64, 2 * (9 * 64 * 64 + 128)),
        ("residual", {"filters": 128, "stride": 2}, 64, 9 * 64 * 128 + 9 * 128 * 128 + 64 * 128 + 3 * 256),
        ("bottleneck", {"filters": 256}, 64, 64 * 64 + 9 * 64 * 64 + 64 * 256 * 2 + 2 * 128 + 2 * 512),
        ("bottleneck", {}, 256, 256 * 64 + 9 * 64 * 64 + 64 * 256 + 2 * 128 + 512),
        ("inception", {}, 192, 163_696),  # 3a of GoogLeNet
        ("inception_naive", {}, 192, 193 * 16 + (9 * 192 + 1) * 32 + (25 * 192 + 1) * 8),
        ("depthwise_separable", {"filters": 64}, 32, 9 * 32 + 64 + 32 * 64 + 128),
        ("inverted_residual", {"filters": 24, "stride": 2}, 16, 16 * 96 + 9 * 96 + 96 * 24 + 4 * 96 + 48),
        ("inverted_residual", {"expansion": 1}, 16, 9 * 16 + 16 * 16 + 64),
        ("squeeze_excite", {}, 64, 64 * 4 + 4 + 4 * 64 + 64),
        ("spatially_separable", {}, 8, 2 * (3 * 8 * 8 + 8)),
        ("conv_norm_relu", {"filters": 16}, 8, 9 * 8 * 16 + 32),
    ],
)
def test_has_the_parameters_of_its_paper(kind: str, fields: dict[str, Any], channels: int, parameters: int):
    graph, _last = on_edge(block(kind, **fields), Shape(channels, (8, 8)))
    (group,) = graph.groups
    report = analyse(graph)
    assert sum(report.of(member).parameters for member in all_members(graph)[group]) == parameters


@pytest.mark.parametrize("kind", ["residual", "bottleneck", "inverted_residual"])
def test_the_way_around_changes_only_where_it_must(kind: str):
    def joins(**fields: Any) -> set[str]:
        return set(block(kind, **fields).build(Shape(16, (8, 8))).graph.nodes)

    assert "add" in joins()
    assert "add" in joins(filters=16)
    assert "conv_skip" not in joins(filters=16)
    if kind == "inverted_residual":
        assert "add" not in joins(filters=24)
        assert "add" not in joins(stride=2)
    else:
        assert "conv_skip" in joins(filters=24)
        assert "conv_skip" in joins(stride=2)


def test_separable_kernels_have_one_axis_each():
    kernels = [
        node.layer.kernel  # type: ignore[attr-defined]
        for node in block("spatially_separable", kernel=5).build(Shape(2, (9, 9, 9))).graph.of_kind("convolution")
    ]
    assert kernels == [(5, 1, 1), (1, 5, 1), (1, 1, 5)]


def test_keeping():
    assert [keeping(kernel) for kernel in (1, 2, 3, 5)] == [0, "same", 1, 2]
    assert SOURCE == ""


def test_a_block_without_a_drawing_is_a_mistake_of_the_program():
    with pytest.raises(NotImplementedError):
        Block().build(None)
