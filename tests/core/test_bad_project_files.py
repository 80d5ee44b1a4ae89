"""Bad project files get one sentence, whatever is wrong with them, and nothing that could not be opened is saved."""

import faulthandler
import json
import warnings
import zipfile
import zlib
from io import BytesIO
from random import Random
from typing import Any

import pytest

from cnn_studio.core import archive, files, graph_json, json_text, project
from cnn_studio.core.graph import Graph
from cnn_studio.core.project import Project, ProjectError, from_bytes, to_bytes
from tests.helpers.invariants import check_invariants
from tests.helpers.mutations import mutated
from tests.helpers.project_files import full, layer, parts, sentence, small
from tests.helpers.zips import zipped

DEEP = '{"a": ' * 60 + "1" + "}" * 60
VERY_DEEP = "[" * 100_000
TWICE = [("project.json", {"format": 1}), ("graph.json", {}), ("graph.json", {})]
BAD_FILES = [
    (zipped(parts(project=None)), "it is not a project of CNN Studio: project.json is missing in it"),
    (zipped(parts(graph=None)), "it is not a project of CNN Studio: graph.json is missing in it"),
    (zipped({"../project.json": {}}), "it holds a member with the name “../project.json”, which is not allowed"),
    (zipped({"/etc/passwd": b""}), "it holds a member with the name “/etc/passwd”, which is not allowed"),
    (zipped({"a\\b": b""}), "it holds a member with the name “a\\b”, which is not allowed"),
    (zipped({"C:evil": b""}), "it holds a member with the name “C:evil”, which is not allowed"),
    (zipped({"a" * 201: b""}), f"it holds a member with the name “{'a' * 40}…”, which is not allowed"),
    (zipped({"a\nb": b""}), "it holds a member with the name “a�b”, which is not allowed"),
    (zipped({f"{number}": b"" for number in range(1001)}), "it has more than 1,000 members"),
    (zipped(parts(), zipfile.ZIP_BZIP2), "“project.json” in it is compressed in a way that is not read here"),
    (zipped(parts(view=b" " * (4 * 2**20 + 1))), "“view.json” in it is larger than 4,194,304 bytes"),
    (zipped(parts(graph=b" " * (20 * 2**20))), "“graph.json” in it unpacks to far more than the file holds"),
    (zipped(parts(project=[])), "project.json: it does not say which format it has"),
    (zipped(parts(project={})), "project.json: it does not say which format it has"),
    (zipped(parts(project={"format": True})), "project.json: it does not say which format it has"),
    (zipped(parts(project={"format": 0})), "project.json: it does not say which format it has"),
    (zipped(parts(project={"format": 2, "graph": "elsewhere"})),
     "project.json was written by a newer version of CNN Studio (format 2; this version reads up to 1)"),
    (zipped(parts(project={"format": 1, "color": 1})), "project.json: there is no field called “color” here"),
    (zipped(parts(project={"format": 1, "name": 7})), "project.json: “name” must be a text, but it is 7"),
    (zipped(parts(project={"format": 1, "name": "a\nb"})),
     "project.json: a name must stand on one line, without control characters"),
    (zipped(parts(project={"format": 1, "story": {"en": "x" * 10_001}})),
     "project.json: the story is too long: at most 10,000 letters"),
    (zipped(parts(project={"format": 1, "data": {"name": "", "sample": [1]}})),
     "project.json: data: a name cannot be empty"),
    (zipped(parts(project={"format": 1, "data": {"name": "d", "sample": [1, 0]}})),
     "project.json: Sample must be at least 1, but it is [1, 0]"),
    (zipped(parts(project={"format": 1, "data": {"name": "d", "classes": ["a", "b\r"]}})),
     "project.json: data: a name must stand on one line, without control characters"),
    (zipped(parts(view=b"," * 3_000_001), zipfile.ZIP_STORED), "view.json: it holds more than 3,000,000 values"),
    (zipped(parts(project=b"\xff\xfe")), "project.json: it is not text in UTF-8 (byte 0)"),
    (zipped(parts(graph=b"")), "graph.json: it is not JSON (line 1, column 1)"),
    (zipped(parts(graph="{\n'a': 1}")), "graph.json: it is not JSON (line 2, column 1)"),
    (zipped(parts(graph=DEEP)), "graph.json: it is nested too deeply"),
    (zipped(parts(view=VERY_DEEP)), "view.json: it is nested too deeply"),
    (zipped(parts(graph='{"layers": [], "layers": []}')), "graph.json: it says “layers” twice in one place"),
    (zipped(parts(view='{"zoom": NaN}')), "view.json: it holds NaN, which is not a number"),
    (zipped(parts(view='{"zoom": -Infinity}')), "view.json: it holds -Infinity, which is not a number"),
    (zipped(parts(view='{"zoom": 1e999}')), "view.json: it holds the number 1e999, which is too large"),
    (zipped(parts(view=f'{{"zoom": {"9" * 5000}}}')),
     "view.json: it holds a number of 5,000 digits, which is too large"),
    (zipped(parts(view='{"a": "\\ud800"}')), "view.json: it holds half of a character"),
    (zipped(parts(view="[]")), "view.json: there must be an object in braces here"),
    (zipped(parts(plan="3")), "plan.json: there must be an object in braces here"),
    (zipped({**parts(), "weights.safetensors": b"nonsense"}), "weights.safetensors: not all of it is there"),
    (zipped(parts(graph=[])), "graph.json: there must be an object in braces here"),
    (zipped(parts(graph={"layers": 1})), "graph.json: “layers” cannot be 1"),
    (zipped(parts(graph={"nodes": []})), "graph.json: there is no field called “nodes” here"),
    (zipped(parts(graph={"layers": [0] * 100_001})),
     "graph.json: it has 100,001 layers, and at most 100,000 are read"),
    (zipped(parts(graph={"groups": [0] * 100_001})),
     "graph.json: it has 100,001 groups, and at most 100,000 are read"),
    (zipped(parts(graph={"layers": [7]})), "graph.json, layer 1: there must be an object in braces here"),
    (zipped(parts(graph=layer(name=...))), "graph.json, layer “conv1”: “name” is missing"),
    (zipped(parts(graph=layer(id=...))), "graph.json, layer “conv1”: “id” is missing"),
    (zipped(parts(graph=layer(id=4, name=5))), "graph.json, layer 1: “id” must be a text, but it is 4"),
    (zipped(parts(graph=layer(id="a b"))),
     "graph.json, layer “conv1”: “a b” cannot be an id: it must be a name as Python has them"),
    (zipped(parts(graph=layer(id="for"))),
     "graph.json, layer “conv1”: “for” cannot be an id: it must be a name as Python has them"),
    (zipped(parts(graph=layer(id="conv1.weight"))),
     "graph.json, layer “conv1”: “conv1.weight” cannot be an id: it must be a name as Python has them"),
    (zipped(parts(graph=layer(name=" "))), "graph.json, layer 1: a name cannot be empty"),
    (zipped(parts(graph=layer(name="x" * 81))),
     f"graph.json, layer “{'x' * 40}…”: a name may have at most 80 letters, and this one has 81"),
    (zipped(parts(graph=layer(note="x" * 10_001))),
     "graph.json, layer “conv1”: a note may have at most 10,000 letters, and this one has 10,001"),
    (zipped(parts(graph=layer(x="left"))), "graph.json, layer “conv1”: “x” must be a number, but it is “left”"),
    (zipped(parts(graph=layer(y=10**12))),
     "graph.json, layer “conv1”: “y” must be at most 10,000,000, but it is 1,000,000,000,000"),
    (zipped(parts(graph=layer(kind="a\nb"))),
     "graph.json, layer “conv1”: there is no such kind of layer: a name must stand on one line, without control characters"),
    (zipped(parts(graph=layer(settings={"kernel": 0}))),
     "graph.json, layer “conv1”: Kernel must be at least 1, but it is 0"),
    (zipped(parts(graph=layer(settings={"filters": 10**12}))),
     "graph.json, layer “conv1”: Filters must be at most 65,536, but it is 1,000,000,000,000"),
    (zipped(parts(graph=layer(settings={"filters": 6.0}))),
     "graph.json, layer “conv1”: Filters must be a whole number, but it is 6.0"),
    (zipped(parts(graph=layer(settings={"size": 3}))),
     "graph.json, layer “conv1”: there is no field called “size” here"),
    (zipped(parts(graph=layer(settings=[]))), "graph.json, layer “conv1”: “settings” cannot be []"),
    (zipped(parts(graph=layer(inputs="relu1"))), "graph.json, layer “conv1”: “inputs” cannot be “relu1”"),
    (zipped(parts(graph=layer(inputs=["relu1"]))), "graph.json, layer “conv1”: its input “relu1” does not exist"),
    (zipped(parts(graph=layer(inputs=["conv1", "conv1"]))),
     "graph.json, layer “conv1”: the same layer is connected into it twice"),
    (zipped(parts(graph={"layers": layer()["layers"] * 2})),
     "graph.json, layer “conv1”: the id “conv1” is used twice"),
    (zipped(parts(graph={"layers": layer()["layers"] + layer(id="b")["layers"]})),
     "graph.json, layer “conv1”: another layer is already called “conv1”"),
    (b"", "the file is empty"),
    (b"hello", "it is not a project of CNN Studio"),
    (b"\x89PNG\r\n\x1a\n" + bytes(100), "it is not a project of CNN Studio"),
    (b"PK\x03\x04" + bytes(100), "the file is damaged, or not all of it is there"),
    (to_bytes(full())[:-30], "the file is damaged, or not all of it is there"),
    (to_bytes(full())[10:], "the file is damaged, or not all of it is there"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "words"), BAD_FILES, ids=range(len(BAD_FILES)))
def test_bad_files_get_one_sentence(data, words):
    faulthandler.dump_traceback_later(30, exit=True)
    try:
        assert sentence(data) == words
    finally:
        faulthandler.cancel_dump_traceback_later()


def group(**changes: Any) -> dict[str, Any]:
    return {"id": "g1", "name": "stem", "members": ["conv1"], **changes}


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([3], "graph.json, group 1: there must be an object in braces here"),
        ([group(id="conv1")], "graph.json, group “stem”: the id “conv1” is used twice"),
        ([group(), group(members=[])], "graph.json, group “stem”: the id “g1” is used twice"),
        ([group(name="")], "graph.json, group 1: a name cannot be empty"),
        ([group(members=["relu1"])], "graph.json, group “stem”: its layer “relu1” does not exist"),
        ([group(members=["conv1"] * 2)], "graph.json, group “stem”: the layer “conv1” is in two groups, or twice in one"),
        ([group(), group(id="g2")], "graph.json, group “stem”: the layer “conv1” is in two groups, or twice in one"),
        ([group(parent="g9")], "graph.json, group “stem”: the group “g9” around it does not exist"),
        ([group(parent="g1")], "graph.json, group “stem”: it is inside itself"),
        ([group(parent="g2"), group(id="g2", members=[], parent="g1")], "graph.json, group “stem”: it is inside itself"),
        ([group(members=[])], "graph.json, group “stem”: it has no layers"),
        ([group(folded=1)], "graph.json, group “stem”: “folded” must be yes or no, but it is 1"),
        ([group(block="x" * 81)], f"graph.json, group “stem”: “{'x' * 40}…” cannot be a kind of block"),
        ([group(id=f"g{n}", name=f"{n}", members=["conv1"] if n == 0 else [], parent=f"g{n + 1}" if n < 5000 else "")
          for n in range(5001)], "graph.json, group “0”: groups are nested more than 100 deep"),
        ([group(id=f"g{n}", name=f"{n}", members=["conv1"] if n == 100 else [], parent=f"g{n - 1}" if n else "")
          for n in range(101)], "graph.json, group “100”: groups are nested more than 100 deep"),
    ],
)  # fmt: skip
def test_bad_groups_get_one_sentence(groups, words):
    assert sentence(zipped(parts(graph={**layer(), "groups": groups}))) == words


def test_members_that_stand_twice():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library says so too
        data = zipped(TWICE)
    assert sentence(data) == "it holds “graph.json” twice"


def test_an_encrypted_member():
    data = bytearray(zipped(parts()))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert sentence(bytes(data)) == "“project.json” in it is encrypted"


def test_an_archive_in_the_form_for_giants():
    data = zipped(parts())
    end = data.rindex(b"PK\x05\x06")
    assert sentence(data[:end] + b"PK\x06\x07" + bytes(16) + data[end:]) == "it has more than 1,000 members"


def test_a_file_zipped_again_by_hand_opens():
    data = zipped([("runs/", b""), *parts().items(), ("runs/note.txt", b"mine"), ("__MACOSX/._graph.json", b"x")])
    assert from_bytes(data).extra == {"runs/note.txt": b"mine", "__MACOSX/._graph.json": b"x"}
    with_mark = {name: b"\xef\xbb\xbf" + json.dumps(value).encode() for name, value in parts().items()}
    assert from_bytes(zipped(with_mark)).graph == small()


def test_limits_hold_while_reading(monkeypatch):
    data = to_bytes(full())
    monkeypatch.setitem(project.LARGEST, "project.json", 100)
    assert sentence(data) == "“project.json” in it is larger than 100 bytes"
    with pytest.raises(ProjectError, match=r"^project\.json: it is larger than 100 bytes$"):
        to_bytes(full())
    monkeypatch.undo()
    monkeypatch.setattr(archive, "MOST_BYTES", 500)
    assert "is larger than" in sentence(data)
    with pytest.raises(ProjectError, match=r"^it is larger than 500 bytes$"):
        to_bytes(full())
    monkeypatch.undo()
    monkeypatch.setattr(graph_json, "MOST_CONNECTIONS", 2)
    assert sentence(zipped(parts())) == "graph.json: it has more than 2 connections"
    monkeypatch.setattr(archive, "MOST_MEMBERS", 2)
    monkeypatch.setattr(archive, "_check_end", lambda _stream: 10_000)
    assert sentence(data) == "it has more than 2 members"


@pytest.mark.parametrize(
    ("project_", "words"),
    [
        (Project(small(), "a\nb"), "project.json: a name must stand on one line, without control characters"),
        (Project(small(), view={"a": float("nan")}), "view.json: it holds something that cannot be written as JSON"),
        (Project(small(), view={"a": object()}), "view.json: it holds something that cannot be written as JSON"),
        (Project(small(), plan={"a": "\ud800"}), "plan.json: it holds something that cannot be written as JSON"),
        (Project(small(), plan=json.loads(DEEP)), "plan.json: it is nested too deeply"),
        (Project(small(), weights=b"x"), "weights.safetensors: not all of it is there"),
        (Project(small(), extra={"../a": b""}), "it holds a member with the name “../a”, which is not allowed"),
        (Project(small(), extra={str(n): b"" for n in range(999)}), "it has more than 1,000 members"),
    ],
)  # fmt: skip
def test_what_could_not_be_opened_again_is_not_saved(project_, words):
    with pytest.raises(ProjectError) as caught:
        to_bytes(project_)
    assert str(caught.value) == words


def test_too_many_layers_are_not_saved(monkeypatch):
    monkeypatch.setattr(project, "MOST_LAYERS", 3)
    with pytest.raises(ProjectError, match=r"^graph\.json: it has 4 layers, and at most 3 are read$"):
        to_bytes(Project(small()))
    assert from_bytes(to_bytes(Project(Graph(), extra={"graph.json": b"mine"}))).extra == {}


def test_every_mutation_is_opened_or_refused_in_one_line(tmp_path):
    """5,000 of them; what opens is whole, and can be saved and opened again."""
    rng = Random(7)
    whole = to_bytes(full())
    with zipfile.ZipFile(BytesIO(whole)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    opened = 0
    faulthandler.dump_traceback_later(600, exit=True)
    for number in range(5000):
        data = mutated(rng, members, whole)
        try:
            found = from_bytes(data)
        except ProjectError as error:
            words = str(error)
            assert words, number
            assert len(words.splitlines()) == 1, (number, words)
            assert len(words) < 300, (number, words)
            words.encode("utf-8")
            continue
        opened += 1
        if rng.random() < 0.2:
            check_invariants(found.graph)
            assert from_bytes(to_bytes(found)) == found, number
    faulthandler.cancel_dump_traceback_later()
    assert 100 < opened < 4000


def test_what_the_libraries_raise_is_no_surprise(monkeypatch):
    """Whatever zipfile says of a damaged file, we say one sentence."""
    data = to_bytes(full())
    for error in (zlib.error(), EOFError(), RuntimeError(), NotImplementedError(), ValueError(), OSError(5, "x")):

        def fail(*_args, error=error):
            raise error

        monkeypatch.setattr(zipfile, "ZipFile", fail)
        assert sentence(data) == "the file is damaged, or not all of it is there"


def test_the_reader_of_json_hands_out_plain_values():
    assert json_text.read_json(b'{"a": [1, 2.5, 1e5, "x", null, true, 1e100, 12345678901234567890]}', "here") == {
        "a": [1, 2.5, 1e5, "x", None, True, 1e100, 12345678901234567890]
    }
    assert json_text.read_json(b'"\\ud83d\\ude00"', "here") == "\N{GRINNING FACE}"
    assert files.ProjectError is ProjectError
