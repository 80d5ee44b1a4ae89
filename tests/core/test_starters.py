"""The starters: parameters and shapes of their papers, sound in every way, and as the code builds them."""

import re

import pytest

from cnn_studio.core import starters
from cnn_studio.core.analysis import analyse
from cnn_studio.core.arrange import CARD, middle_of
from cnn_studio.core.graph import Graph
from cnn_studio.core.project import to_bytes
from cnn_studio.core.starters import ORDER, StarterError, open_starter, starter_names
from tests.helpers.invariants import check_invariants
from tools import make_starters
from tools.starters.catalogue import STARTERS, project

PARAMETERS = {
    "quick-digits": 29_434,
    "mlp": 669_706,
    "lenet5": 61_706,
    "course-digits": 80_266,
    "course-letters": 8_402_618,
    "alexnet": 60_965_224,
    "zfnet": 62_357_608,
    "vgg11": 132_863_336,
    "vgg13": 133_047_848,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
    "tiny-vgg": 204_278,
    "googlenet": 13_378_280,
    "tiny-inception": 24_206,
    "resnet18": 11_689_512,
    "resnet34": 21_797_672,
    "resnet50": 25_557_032,
    "tiny-resnet": 77_782,
    "mobilenet": 4_231_976,
    "tiny-sound": 22_250,
    "m3": 220_682,  # the paper, rounded: 0.2 M
    "m5": 558_090,  # 0.5 M
    "m11": 1_784_202,  # 1.8 M
    "m18": 3_679_882,  # 3.7 M
    "m34res": 4_070_890,  # 4 M
    "tiny-video": 17_806,
    "c3d": 79_991_015,
}

SHAPES = {
    "alexnet": {"conv1": "55×55×96", "pool1": "27×27×96", "pool2": "13×13×256", "pool5": "6×6×256", "flatten": "9,216"},
    "zfnet": {
        "conv1": "110×110×96", "pool1": "55×55×96", "conv2": "26×26×256", "pool2": "13×13×256", "conv5": "13×13×256",
        "pool5": "6×6×256",
    },
    "vgg16": {"pool1": "112×112×64", "pool3": "28×28×256", "pool5": "7×7×512", "flatten": "25,088"},
    "googlenet": {
        "conv1": "112×112×64", "pool1": "56×56×64", "conv2": "56×56×192", "pool2": "28×28×192",
        "inception3a_concat": "28×28×256", "inception3b_concat": "28×28×480", "pool3": "14×14×480",
        "inception4a_concat": "14×14×512", "inception4d_concat": "14×14×528", "inception4e_concat": "14×14×832",
        "pool4": "7×7×832", "inception5b_concat": "7×7×1,024", "aux1_pool": "4×4×512", "aux2_pool": "4×4×528",
        "aux1_flatten": "2,048", "gap": "1,024", "aux2": "1,000",
    },
    "resnet18": {"pool1": "56×56×64", "block3_2_relu2": "28×28×128", "block5_2_relu2": "7×7×512"},
    "resnet50": {"block2_3_relu3": "56×56×256", "block5_3_relu3": "7×7×2,048", "gap": "2,048"},
    "mobilenet": {"conv1": "112×112×32", "separable14_relu2": "7×7×1,024"},
    "m3": {"conv1": "8,000×256", "pool1": "2,000×256", "pool2": "500×256"},
    "m18": {"pool1": "2,000×64", "pool4": "31×256", "conv5_4": "31×512"},
    "m34res": {"pool4": "31×192", "block5_3_relu2": "31×384"},
    "c3d": {"pool1": "16×56×56×64", "pool2": "8×28×28×128", "pool5": "1×4×4×512", "flatten": "8,192"},
}  # fmt: skip


def test_all_are_here_in_the_order_of_teaching():
    assert starter_names() == ORDER == tuple(STARTERS) == tuple(PARAMETERS)
    assert ORDER.index("lenet5") < ORDER.index("alexnet") < ORDER.index("googlenet") < ORDER.index("resnet18")


@pytest.mark.parametrize("name", ORDER)
def test_is_sound(name: str):
    opened = open_starter(name)
    graph = opened.graph
    check_invariants(graph)
    report = analyse(graph)
    assert {node: str(facts.error) for node, facts in report.facts.items() if facts.error or facts.shape is None} == {}
    assert report.totals.parameters == report.totals.trainable == PARAMETERS[name]
    (entry,), (output,) = graph.of_kind("input"), graph.of_kind("output")
    answers = {output.id} | {node.id for node in graph.of_kind("auxiliary_output")}
    assert graph.downstream(entry.id) | {entry.id} == set(graph.nodes)
    assert set.union(*(graph.upstream(answer) for answer in answers)) | answers == set(graph.nodes)
    data = opened.data
    assert data is not None
    assert report.of(entry.id).shape == data.sample
    assert all(report.of(answer).shape == (len(data.classes), ()) for answer in answers)
    assert len(set(data.classes)) == len(data.classes)


@pytest.mark.parametrize("name", SHAPES)
def test_has_the_shapes_of_its_paper(name: str):
    report = analyse(open_starter(name).graph)
    assert {node: str(report.of(node).shape) for node in SHAPES[name]} == SHAPES[name]


@pytest.mark.parametrize("name", ORDER)
def test_only_the_networks_of_the_course_end_with_a_softmax(name: str):
    graph = open_starter(name).graph
    (last,) = graph.inputs_of("output")
    assert graph.nodes[last].layer.kind == ("softmax" if name.startswith("course-") else "dense")
    assert len(graph.of_kind("softmax")) == name.startswith("course-")


@pytest.mark.parametrize("name", ORDER)
def test_tells_its_story_in_both_languages(name: str):
    opened = open_starter(name)
    assert set(opened.story) == {"en", "es"}
    for story in opened.story.values():
        assert 200 < len(story) < 1000
        assert story.endswith(".")
        assert re.search(r"\b(?:19|20)\d\d\b", story), "the year of the paper"
        assert "  " not in story
    assert opened.story["en"].count("arXiv") == opened.story["es"].count("arXiv")
    years = [re.findall(r"\b(?:19|20)\d\d\b", opened.story[language]) for language in ("en", "es")]
    assert years[0] == years[1]
    assert re.sub("[^a-z0-9]", "", opened.name.lower()) == re.sub("[^a-z0-9]", "", name)


def boxes(graph: Graph) -> dict[str, tuple[float, float]]:
    """Centres of all cards that are seen: layers, and folded groups in the middle of their layers."""
    seen: dict[str, list[tuple[float, float]]] = {}
    for node in graph.nodes.values():
        group = graph.top_group_of(node.id)
        seen.setdefault(group.id if group else node.id, []).append((node.x, node.y))
    return {key: middle_of(points) for key, points in seen.items()}


@pytest.mark.parametrize("name", ORDER)
def test_is_laid_out_to_be_read(name: str):
    cards = list(boxes(open_starter(name).graph).values())
    for index, (x, y) in enumerate(cards):
        for other_x, other_y in cards[:index]:
            assert abs(x - other_x) >= CARD[0] + 20 or abs(y - other_y) >= CARD[1] + 20
    width = max(x for x, _y in cards) - min(x for x, _y in cards) + CARD[0]
    height = max(y for _x, y in cards) - min(y for _x, y in cards) + CARD[1]
    assert 1 < width / height < 3


def test_deep_networks_are_folded_and_small_ones_open():
    for name, folded in {"googlenet": 11, "resnet50": 16, "mobilenet": 13, "m34res": 16}.items():
        groups = open_starter(name).graph.groups.values()
        assert [group.folded for group in groups] == [True] * folded
    for name in ("tiny-resnet", "tiny-inception"):
        assert not any(group.folded for group in open_starter(name).graph.groups.values())


def test_googlenet_without_its_auxiliary_classifiers():
    graph = open_starter("googlenet").graph
    report = analyse(graph)
    kept = graph.upstream("output")
    assert sum(report.of(node).parameters for node in kept) == 6_998_552
    assert [node.layer.weight for node in graph.of_kind("auxiliary_output")] == [0.3, 0.3]  # type: ignore[attr-defined]


def test_alexnet_in_two_parts():
    graph = open_starter("alexnet").graph
    report = analyse(graph)
    by_kind = {
        kind: sum(report.of(node.id).parameters for node in graph.of_kind(kind)) for kind in ("convolution", "dense")
    }
    assert by_kind == {"convolution": 2_334_080, "dense": 58_631_144}
    assert [node.layer.groups for node in graph.of_kind("convolution")] == [1, 2, 1, 2, 2]  # type: ignore[attr-defined]


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(StarterError, match=r"there is no starter “vgg-16”; did you mean “vgg16”\?"):
        open_starter("vgg-16")
    with pytest.raises(StarterError) as caught:
        open_starter("xyz\nxyz")
    assert str(caught.value) == "there is no starter “xyz\N{REPLACEMENT CHARACTER}xyz”"


def test_a_new_file_is_a_new_starter(tmp_path, monkeypatch):
    for name in ("zebra", "lenet5", "aardvark"):
        (tmp_path / f"{name}.cnnstudio").write_bytes(to_bytes(project("lenet5")))
    (tmp_path / "readme.txt").write_text("no starter", encoding="utf-8")
    monkeypatch.setattr(starters, "_folder", lambda: tmp_path)
    starter_names.cache_clear()
    try:
        assert starter_names() == ("lenet5", "aardvark", "zebra")
        assert open_starter("zebra").name == "LeNet-5"
    finally:
        starter_names.cache_clear()


def test_the_files_are_as_the_code_builds_them():
    assert make_starters.stale() == {}, "run tools/make_starters.py"


@pytest.mark.parametrize("name", ["lenet5", "googlenet", "tiny-resnet"])
def test_building_again_gives_the_same_bytes(name: str):
    assert to_bytes(project(name)) == to_bytes(project(name))


def test_the_tool_mends_the_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(make_starters, "STARTERS", {"lenet5": STARTERS["lenet5"], "mlp": STARTERS["mlp"]})
    (tmp_path / "stray.cnnstudio").write_bytes(b"")
    assert make_starters.main(["--check"], tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["stray.cnnstudio"]
    assert make_starters.main([], tmp_path) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lenet5.cnnstudio", "mlp.cnnstudio"]
    assert make_starters.main(["--check"], tmp_path) == 0
    (tmp_path / "mlp.cnnstudio").write_bytes(to_bytes(project("lenet5")))
    assert make_starters.main(["--check"], tmp_path) == 1
    assert "mlp.cnnstudio differs" in capsys.readouterr().out
