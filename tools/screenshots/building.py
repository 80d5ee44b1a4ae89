"""Pictures of building a network by hand."""

from __future__ import annotations

from cnn_studio.core import edits
from cnn_studio.gui.problem_cards import FixButton
from tools.screenshots.stage import Stage, scene


@scene("welcome", sharp=(("light", "en"),))
def welcome(stage: Stage) -> None:
    """The first page, with all starters."""
    stage.wait_until(lambda: stage.window.welcome.is_loaded)


@scene("lenet5", sharp=(("dark", "en"), ("light", "es")))
def lenet5(stage: Stage) -> None:
    """LeNet-5 with a layer chosen."""
    stage.open("lenet5")
    stage.window.workspace.select(["conv1"])


@scene("problem")
def problem(stage: Stage) -> None:
    """Flatten is missing, and the fix shows on the canvas what it would do."""
    stage.open("lenet5")
    document = stage.window.workspace.document
    (flatten,) = [key for key, node in document.graph.nodes.items() if node.layer.kind == "flatten"]
    document.edit(edits.remove(document.graph, [flatten]))
    problems = stage.panel("problems")
    stage.wait_until(lambda: problems.findChildren(FixButton))
    stage.do("network.next_problem")
    stage.window.canvas.fit()
    stage.point_at(problems.findChildren(FixButton)[0])


@scene("googlenet-folded")
def googlenet_folded(stage: Stage) -> None:
    """GoogLeNet with every inception module as one card."""
    stage.open("googlenet")


@scene("googlenet-open")
def googlenet_open(stage: Stage) -> None:
    """An inception module opened."""
    stage.open("googlenet")
    document = stage.window.workspace.document
    first = next(key for key, group in document.graph.groups.items() if group.block == "inception")
    stage.window.canvas.fold(first, False)
    stage.settle()
    stage.window.canvas.fit_selection()


@scene("search")
def search(stage: Stage) -> None:
    """Type a few letters of what to add."""
    stage.open("lenet5")
    stage.window.workspace.select(["conv2"])
    stage.do("network.add")
    stage.type("norm")


@scene("properties")
def properties(stage: Stage) -> None:
    """The settings of a layer, with the sums under them."""
    stage.open("alexnet")
    stage.window.workspace.select(["conv2"], reveal=True)


@scene("code")
def code(stage: Stage) -> None:
    """The network as PyTorch code."""
    stage.open("lenet5")
    stage.window.workspace.select(["conv1"])
    stage.panel("code")
