"""The preprocessing of a run as Python text that runs alone, beside the exported network.

The functions are those that the studio itself carries out, taken from the text of their modules: what trains, what is
predicted and what is exported cannot drift apart.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from importlib.resources import files

from cnn_studio.core.plans.plan import TrainingPlan, plan_from_json
from cnn_studio.core.plans.preparation import Colour, DrawnDigit, Resize
from cnn_studio.core.project import Project
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.preprocess import Pipeline
from cnn_studio.i18n import _

PLACES, DRAWING = "places.py", "drawing.py"


def prepare_code(plan: TrainingPlan, network_input: Shape, peak: float) -> tuple[list[str], str]:
    """Lines of imports, and the text of a function ``prepare(sample)`` with all that it calls.

    Args:
        peak: the stored value that stands for 1.0.
    """
    pipeline = Pipeline(plan.preparation, peak)
    body, needed = [], []
    for step in pipeline.places:
        if isinstance(step, Colour):
            body.append(f'    sample = recolour(sample, "{step.mode}")')
            needed.append((PLACES, "recolour"))
        elif isinstance(step, Resize):
            body.append(f'    sample = resize(sample, {step.sizes}, "{step.method}")')
            needed.append((PLACES, "resize"))
        elif isinstance(step, DrawnDigit):
            body.append('    ink = recolour(sample, "grey")[0].astype(np.float32) / ' + repr(peak))
            body.append("    sample = prepare_ink(ink)[None]")
            needed += [(PLACES, "recolour"), (DRAWING, "prepare")]
    factor, offset = pipeline.affine(network_input.channels)
    body.append("    batch = torch.from_numpy(np.ascontiguousarray(sample))[None].to(torch.float32)")
    body.append(f"    return {_affine(factor, offset, len(network_input.sizes))}")
    signature = "def prepare(sample: np.ndarray) -> torch.Tensor:"
    shown = _("One sample as it is stored (channels first) as a batch of one, prepared as it was for the training.")
    imports, texts = {"import numpy as np", "import torch"}, []
    for file in (PLACES, DRAWING):
        lines, text = _sources(file, [name for where, name in needed if where == file])
        imports |= lines
        texts += [text.replace("def prepare(", "def prepare_ink(")] if text else []
    texts.append("\n".join([signature, f'    """{shown}"""', *body]))
    return ["from __future__ import annotations", *sorted(imports)], "\n\n\n".join(texts)


def with_preparation(text: str, project: Project) -> str:
    """Exported PyTorch code of a trained network, with its preprocessing as a function beside the class."""
    entries = project.graph.of_kind("input")
    if project.plan is None or project.data is None or not entries:
        return text
    imports, code = prepare_code(plan_from_json(project.plan), entries[0].layer.output_shape(), project.data.peak)
    first = next(line for line in imports if line.startswith("from __future__"))
    others = [line for line in imports if line not in (first, "import torch")]
    before, _line, after = text.partition("\nimport torch\n")
    plain = [line for line in others if not line.startswith(("import numpy", "from numpy", "from torch"))]
    heavy = [line for line in others if line not in plain]
    head = "\n".join([first, "", *plain, *([""] * bool(plain)), *heavy])
    body, mark, trial = after.rpartition('\n\n\nif __name__ == "__main__":')
    return f"{before}\n{head}\nimport torch\n{body}\n\n\n{code}{mark}{trial}"


def _affine(factor: list[float], offset: list[float], axes: int) -> str:
    """The steps on values, in the order in which the studio computes them."""
    if len(set(factor)) == 1 and len(set(offset)) == 1:
        return f"batch.mul_({factor[0]!r}).add_({offset[0]!r})" if offset[0] else f"batch.mul_({factor[0]!r})"
    view = ", ".join(["1", "-1", *["1"] * axes])
    return f"batch.mul_(batch.new_tensor({factor!r}).view({view})).add_(batch.new_tensor({offset!r}).view({view}))"


def _sources(file: str, names: Iterable[str]) -> tuple[set[str], str]:
    """The text of functions of one module and of everything of it that they use, in its order; and the imports."""
    text = files("cnn_studio.engine").joinpath(file).read_text(encoding="utf-8")
    tree = ast.parse(text)
    defined: dict[str, ast.stmt] = {}
    for statement in tree.body:
        for name in _defines(statement):
            defined[name] = statement
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in wanted or name not in defined:
            continue
        wanted.add(name)
        waiting += [node.id for node in ast.walk(defined[name]) if isinstance(node, ast.Name)]
    kept = [statement for statement in tree.body if wanted & set(_defines(statement))]
    lines = text.splitlines()
    pieces = []
    for statement in kept:
        first = min([statement.lineno, *(decorator.lineno for decorator in getattr(statement, "decorator_list", ()))])
        pieces.append("\n".join(lines[first - 1 : statement.end_lineno]))
    used = {node.id for statement in kept for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return {line for statement in tree.body for line in _imports(statement, used)}, "\n\n\n".join(pieces)


def _imports(statement: ast.stmt, used: set[str]) -> list[str]:
    """The import of a module, cut down to the names that are used."""
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        return []
    found = []
    for alias in statement.names:
        if (alias.asname or alias.name) in used:
            what = alias.name if alias.asname is None else f"{alias.name} as {alias.asname}"
            origin = f"from {statement.module} " if isinstance(statement, ast.ImportFrom) else ""
            found.append(f"{origin}import {what}")
    return found


def _defines(statement: ast.stmt) -> tuple[str, ...]:
    """Names that a statement of a module gives a meaning to; imports are not among them."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return (statement.name,)
    if isinstance(statement, ast.Assign):
        return tuple(target.id for target in statement.targets if isinstance(target, ast.Name))
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return (statement.target.id,)
    return ()
