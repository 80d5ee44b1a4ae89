"""PyTorch code: one module that runs alone and takes the weights that the studio saves."""

from __future__ import annotations

from collections.abc import Iterable

from cnn_studio.core.calls import Arg, Call
from cnn_studio.core.export import Exporter, exporters
from cnn_studio.core.export.code import INDENT, WIDTH, call_lines, class_name, commented, docstring_text, one_line
from cnn_studio.core.export.flow import Flow, Line, Script, flow_of, script_of
from cnn_studio.core.export.helpers import HELPERS
from cnn_studio.core.graph import Graph, identifiers
from cnn_studio.core.reading import group_path
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_, _


def export_pytorch(graph: Graph, *, title: str = "Network") -> str:
    """The text of a module with one class named after ``title``. Raises ExportError when the network cannot run.

    The attributes are those of ``identifiers(graph)``, so that weights saved by the studio load into the class.
    """
    return _Writer(flow_of(graph), title).text()


class _Writer:
    """Writes one network down."""

    def __init__(self, flow: Flow, title: str) -> None:
        self.flow = flow
        self.graph = flow.graph
        self.title = title
        self.names = identifiers(flow.graph)
        self.script: Script = script_of(flow, self.names)
        self.calls = {node_id: self._call_of(node_id) for node_id in flow.order if node_id not in flow.inputs}
        targets = {inner.target for call in self.calls.values() for inner in call.calls()}
        self.helpers = [name for name in HELPERS if name in targets]
        self.functional = any(target.startswith("F.") for target in targets)
        self.class_name = class_name(title, HELPERS)

    def _call_of(self, node_id: str) -> Call:
        call = self.graph.nodes[node_id].layer.to_torch(*self.flow.report.facts[node_id].inputs)
        assert call is not None  # only Input and Output have none
        return call

    def _shape(self, node_id: str) -> Shape:
        shape = self.flow.report.facts[node_id].shape
        assert shape is not None  # flow_of() refuses what has none
        return shape

    def text(self) -> str:
        """The whole module."""
        imports = ["import torch", *(["import torch.nn.functional as F"] * self.functional), "from torch import nn"]
        parts = [
            "\n".join([*self.docstring(), "", *imports]),
            *(HELPERS[name].rstrip() for name in self.helpers),
            "\n".join([f"class {self.class_name}(nn.Module):", *self.constructor(), "", *self.forward()]),
            "\n".join(self.trial()),
        ]
        return "\n\n\n".join(parts) + "\n"

    # -- what it is ---------------------------------------------------------------------------------------------------

    def docstring(self) -> list[str]:
        """Name, shapes, parameters, and how weights come in."""
        facts = [
            *(self._end(N_("Input: {shape}, a tensor of {sizes}"), node_id) for node_id in self.flow.inputs),
            *(self._end(N_("Output: {shape}, a tensor of {sizes}"), node_id) for node_id in self.flow.answers),
            *(
                self._end(N_("Auxiliary output, while training: {shape}, a tensor of {sizes}"), node_id)
                for node_id in self.flow.auxiliary
            ),
            say(N_("Parameters: {count}"), count=self.flow.parameters),
        ]
        return [
            f'"""{docstring_text(self.title) or self.class_name}',
            "",
            *map(str, facts),
            "",
            _("Weights saved by CNN Studio (in the safetensors format) are loaded with"),
            "",
            f"{INDENT}from safetensors.torch import load_file",
            "",
            f"{INDENT}network = {self.class_name}()",
            f'{INDENT}network.load_state_dict(load_file("weights.safetensors"))',
            '"""',
        ]

    def _end(self, template: str, node_id: str) -> Words:
        shape = self._shape(node_id)
        sizes = ", ".join(map(str, ("N", shape.channels, *shape.sizes)))
        return say(template, shape=shape, sizes=f"({sizes})")

    # -- the class ----------------------------------------------------------------------------------------------------

    def constructor(self) -> list[str]:
        """``__init__``: one attribute for each layer that has a module, in the order of ``forward``."""
        lines = [f"{INDENT}def __init__(self) -> None:", f"{INDENT * 2}super().__init__()"]
        modules = [node_id for node_id in self.flow.order if node_id in self.calls and not self._is_function(node_id)]
        for node_id, heading in zip(modules, self._headings(modules), strict=True):
            layer = self.graph.nodes[node_id].layer
            frozen = not layer.is_trainable and self.flow.report.facts[node_id].parameters > 0
            tail = ".requires_grad_(False)" if frozen else ""
            lines += heading
            lines += call_lines(f"self.{self.names[node_id]} = ", self.calls[node_id], tail, (), 2)
        return lines

    def _is_function(self, node_id: str) -> bool:
        return self.calls[node_id].is_function

    def _headings(self, node_ids: Iterable[str]) -> list[list[str]]:
        """For each node the lines before it: where a group begins, its name; where one ends, an empty line."""
        found = []
        before: tuple[str, ...] = ()
        for index, node_id in enumerate(node_ids):
            groups = group_path(self.graph, node_id)
            now = tuple(group.id for group in groups)
            heading = [] if now == before else [""]
            if now and now != before:
                heading.append(f"{INDENT * 2}# {' / '.join(one_line(group.name) for group in groups)}")
                heading = heading if index else heading[1:]
            found.append(heading)
            before = now
        return found

    def forward(self) -> list[str]:
        """``forward``: one line for each layer, with the shape that comes out."""
        parameters = ", ".join(f"{name}: torch.Tensor" for name in self.script.parameters)
        result = "tuple[torch.Tensor, ...]" if len(self.script.answers) > 1 else "torch.Tensor"
        if self.script.auxiliary and len(self.script.answers) == 1:
            result += " | tuple[torch.Tensor, ...]"
        lines = [f"{INDENT}def forward(self, {parameters}) -> {result}:"]
        if len(lines[0]) > WIDTH:
            lines = [f"{INDENT}def forward(", f"{INDENT * 2}self, {parameters}", f"{INDENT}) -> {result}:"]
        training = False
        for line, heading in zip(
            self.script.lines, self._headings(line.node_id for line in self.script.lines), strict=True
        ):
            aside = line.node_id not in self.flow.trunk
            lines += heading
            if aside and (heading or not training):
                lines.append(f"{INDENT * 2}if self.training:")
            training = aside
            lines += self._forward_line(line, 3 if aside else 2)
        if self.script.auxiliary:
            lines += [
                f"{INDENT * 2}if self.training:",
                f"{INDENT * 3}return {', '.join((*self.script.answers, *self.script.auxiliary))}",
            ]
        return [*lines, f"{INDENT * 2}return {', '.join(self.script.answers)}"]

    def _forward_line(self, line: Line, depth: int) -> list[str]:
        head = "".join(f"{target} = " for target in line.targets)
        if line.node_id in self.flow.inputs:  # a picture that is taken up again further on
            return [INDENT * depth + head + line.arguments[0]]
        call = self.calls[line.node_id]
        if not call.is_function:
            arguments = tuple(Arg(position) for position in range(len(line.arguments)))
            call = Call(f"self.{self.names[line.node_id]}", arguments)
        return commented(call_lines(head, call, "", line.arguments, depth), str(self._shape(line.node_id)))

    # -- the trial ----------------------------------------------------------------------------------------------------

    def trial(self) -> list[str]:
        """What happens when the module is run: a random sample goes through."""
        samples = [f"torch.randn({', '.join(map(str, (1, *self._sizes(node_id))))})" for node_id in self.flow.inputs]
        lines = ['if __name__ == "__main__":', f"network = {self.class_name}().eval()", "with torch.no_grad():"]
        if len(self.flow.answers) == 1:
            lines += [f"{INDENT}output = network({', '.join(samples)})", 'print("output:", tuple(output.shape))']
        else:
            lines += [
                f"{INDENT}outputs = network({', '.join(samples)})",
                'print("outputs:", *(tuple(output.shape) for output in outputs))',
            ]
        lines.append('print("parameters:", sum(weight.numel() for weight in network.parameters()))')
        return [lines[0], *(INDENT + line for line in lines[1:])]

    def _sizes(self, node_id: str) -> tuple[int, ...]:
        shape = self._shape(node_id)
        return (shape.channels, *shape.sizes)


exporters.register("pytorch", Exporter("pytorch", N_("PyTorch code"), ".py", export_pytorch))
