"""A network as a Python module for Keras 3."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from cnn_studio.core.export import Exporter, exporters
from cnn_studio.core.export.code import INDENT, WIDTH, call_lines, commented, docstring_text, one_line
from cnn_studio.core.export.keras_helpers import HELPERS
from cnn_studio.core.export.keras_model import KerasLayer, KerasModel, keras_model, order_matters
from cnn_studio.core.graph import Graph, Group
from cnn_studio.core.layers.channels_last import last_sizes, same_in_both_orders
from cnn_studio.core.layers.endpoints import AuxiliaryOutput
from cnn_studio.core.reading import group_path
from cnn_studio.core.words import say
from cnn_studio.i18n import N_, _


def export_keras(graph: Graph, *, title: str = "Network") -> str:
    """The text of a module whose ``build_model()`` gives the network. Raises ExportError when the network cannot run.

    Layers are named like the attributes in the PyTorch code.
    """
    model = keras_model(graph)
    targets = {inner.target for layer in model.layers for inner in layer.call.calls()}
    helpers = [HELPERS[name].rstrip() for name in HELPERS if name in targets]
    body = _sequential(model) if model.is_sequential else _functional(model)
    parts = [
        "\n".join([*_docstring(model, title), "", *_imports("".join(helpers))]),
        *helpers,
        "\n".join(["def build_model() -> keras.Model:", *body]),
        f'if __name__ == "__main__":\n{INDENT}build_model().summary()',
    ]
    return "\n\n\n".join(parts) + "\n"


def _imports(helpers: str) -> list[str]:
    names = ["layers", *(["ops"] if "ops." in helpers else [])]
    numpy = ["import numpy as np"] if "np." in helpers else []
    return ["import keras", *numpy, f"from keras import {', '.join(names)}"]


def _docstring(model: KerasModel, title: str) -> list[str]:
    """Name, shapes, parameters, and what differs from PyTorch."""
    flow = model.flow
    ends = [(N_("Input: {shape}, an array of {sizes}"), flow.inputs)]
    ends += [(N_("Output: {shape}, an array of {sizes}"), flow.answers)]
    ends += [(N_("Auxiliary output: {shape}, an array of {sizes}"), flow.auxiliary)]
    facts = []
    for template, node_ids in ends:
        for node_id in node_ids:
            shape = flow.report.facts[node_id].shape
            assert shape is not None  # keras_model() refuses what has none
            facts.append(say(template, shape=shape, sizes=f"({', '.join(map(str, ('N', *last_sizes(shape))))})"))
    facts.append(say(N_("Parameters: {count}"), count=flow.parameters))
    return [
        f'"""{docstring_text(title) or "Network"}',
        "",
        *map(str, facts),
        *(line for paragraph in _remarks(model) for line in ("", *_fill(paragraph))),
        '"""',
    ]


def _fill(paragraph: str) -> list[str]:
    """The paragraph in lines; an indented one is code and stays as it is."""
    return [paragraph] if paragraph.startswith(INDENT) else wrap(paragraph, WIDTH, break_long_words=False)


def _remarks(model: KerasModel) -> Iterator[str]:
    flow = model.flow
    graph, facts = flow.graph, flow.report.facts
    yield _("Keras keeps the channels last, and so must the data be.")
    weights = [node.layer.weight for node in graph.nodes.values() if isinstance(node.layer, AuxiliaryOutput)]
    if weights:
        yield _("The auxiliary outputs come after the others; their losses count as in CNN Studio with")
        yield f"{INDENT}loss_weights={[1.0] * len(flow.answers) + weights}"
    for node_id in flow.order:
        if graph.nodes[node_id].layer.kind != "flatten" or order_matters(flow, node_id):
            continue
        shape = facts[node_id].inputs[0]
        if not same_in_both_orders(shape):
            sizes = ", ".join(map(str, (shape.channels, *shape.sizes)))
            axes = ", ".join(map(str, (0, *range(2, shape.rank + 2), 1)))
            yield _(
                "“{name}” lays the values out with the channels last, PyTorch with the channels first. "
                "The kernel of a dense layer after it comes from the weight in PyTorch by"
            ).format(name=model.made_by[node_id])
            yield f"{INDENT}weight.reshape(-1, {sizes}).transpose({axes}).reshape(len(weight), -1).T"


def _sequential(model: KerasModel) -> list[str]:
    lines = [f"{INDENT}return keras.Sequential(", f"{INDENT * 2}["]
    for layer, heading in zip(model.layers, _headings(model, 3), strict=True):
        lines += [*heading, *_commented(call_lines("", layer.call, ",", (), 3), layer)]
    return [*lines, f"{INDENT * 2}]", f"{INDENT})"]


def _functional(model: KerasModel) -> list[str]:
    variables = {layer.name: model.variables[layer.node_id] for layer in model.layers}
    lines = []
    for layer, heading in zip(model.layers, _headings(model, 1), strict=True):
        taken = [variables[name] for name in layer.inputs]
        applied = f"([{', '.join(taken)}])" if len(taken) > 1 else f"({taken[0]})" if taken else ""
        lines += heading
        lines += _commented(call_lines(f"{variables[layer.name]} = ", layer.call, applied, (), 1), layer)
    inputs = _listed([variables[layer.name] for layer in model.inputs])
    answers = _listed([variables[name] for name in model.answers])
    return [*lines, f"{INDENT}return keras.Model({inputs}, {answers})"]


def _commented(lines: list[str], layer: KerasLayer) -> list[str]:
    """With the shape that comes out; an Input says its own."""
    return commented(lines, "" if layer.class_name == "InputLayer" else str(layer.shape))


def _headings(model: KerasModel, depth: int) -> list[list[str]]:
    """For each layer the lines before it: where a group begins, its name; where one ends, an empty line."""
    graph = model.flow.graph
    found: list[list[str]] = []
    before: tuple[Group, ...] = ()
    for layer in model.layers:
        groups = group_path(graph, layer.node_id)
        names = " / ".join(one_line(group.name) for group in groups)
        found.append([] if groups == before else ["", *([f"{INDENT * depth}# {names}"] if names else [])])
        before = groups
    return found


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


exporters.register("keras", Exporter("keras", N_("Keras code"), ".py", export_keras))
