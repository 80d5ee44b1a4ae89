"""The table in Markdown."""

import re

import pytest

from cnn_studio.core.export import exporters
from cnn_studio.core.export.markdown import escaped, export_markdown
from cnn_studio.core.graph import Graph
from tests.core.export import examples
from tests.core.export.examples import Builder
from tests.helpers.golden import check_golden


@pytest.mark.parametrize("name", ["lenet", "residual_network"])
def test_golden(name, request):
    check_golden(request, f"{name}.md", export_markdown(getattr(examples, name)(), title=name.replace("_", "-")))


@pytest.mark.parametrize("name", ["lenet", "inception_network", "oddities"])
def test_every_row_has_every_column_and_every_layer_a_row(name):
    graph = getattr(examples, name)()
    text = export_markdown(graph)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    cells = [re.split(r"(?<!\\)\|", row) for row in rows]
    assert {len(row) for row in cells} == {9}
    assert len(rows) == 2 + len(graph.nodes)
    assert text == export_markdown(graph)


def test_what_people_write_is_escaped():
    assert escaped("a|b `c` *d* _e_ <f> #1\nnext \\") == "a\\|b \\`c\\` \\*d\\* \\_e\\_ \\<f\\> \\#1 next \\\\"
    net = Builder()
    net.add("input", name="in | put")
    assert "| in \\| put |" in export_markdown(net.graph(), title="a | b")


def test_a_network_that_does_not_fit_has_a_table_too():
    net = Builder()
    net.add("input")
    net.add("dense", units=10)
    assert "| dense1 | Dense | 10 units | ? | – | – | – |" in export_markdown(net.graph())
    assert "Parameters: 0" in export_markdown(Graph())


def test_exporter_is_registered():
    assert exporters["markdown"].suffix == ".md"
    assert exporters["markdown"].function(examples.lenet(), title="LeNet-5").startswith("# LeNet-5\n")
