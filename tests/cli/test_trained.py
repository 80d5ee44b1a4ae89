"""What the terminal does with trained networks: rates found, weights and reports written, runs named like networks."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from cnn_studio.cli.commands.export import TRAINED
from cnn_studio.core.project import Project, write_project
from cnn_studio.core.settings import folders
from cnn_studio.engine.export import trained_exporters
from tests.helpers.training import small_network, stripes

QUICK = ("--epochs", 1, "--batch-size", 16, "--device", "cpu", "--precision", "fp32", "--threads", 1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "stripes.npz"
    samples = stripes().train
    assert samples.array is not None
    np.savez(file, x=samples.array, y=samples.labels)
    return file


@pytest.fixture
def network(tmp_path: Path) -> Path:
    file = tmp_path / "mine.cnnstudio"
    write_project(Project(small_network(), "Mine"), file)
    return file


@pytest.fixture
def run(cli, network, data) -> str:
    """The name of a run."""
    assert cli("train", network, "--data", data, *QUICK).status == 0
    (made,) = (folders().data / "runs").glob("*/network.cnnstudio")
    return made.parent.name


# -- a rate ------------------------------------------------------------------------------------------------------------


def test_a_learning_rate_is_suggested_and_nothing_is_kept(cli, network, data):
    done = cli("train", network, "--data", data, *QUICK, "--find-lr")
    assert done.status == 0
    assert done.out.startswith("learning rate ")
    assert "try: --lr " in done.out
    document = cli("train", network, "--data", data, *QUICK, "--find-lr", "--json").document
    assert set(document) == {"suggestion", "steepest", "lowest", "diverged_at", "plan", "points"}
    assert f"--lr {document['suggestion']:g})" in done.out
    assert document["plan"] == 0.003
    assert all(set(point) == {"rate", "loss", "smoothed"} for point in document["points"])
    assert not (folders().data / "runs").exists()


def test_without_a_rate_that_helps_it_says_so(cli, network, tmp_path):
    random = np.random.default_rng(0)
    np.savez(tmp_path / "noise.npz", x=np.zeros((64, 1, 8, 8), np.uint8), y=random.permutation(64) % 3)
    done = cli("train", network, "--data", tmp_path / "noise.npz", *QUICK, "--find-lr")
    assert done.status == 1
    assert "made the loss fall" in done.out


def test_a_search_for_a_rate_takes_no_run(cli, network, tmp_path):
    done = cli("train", network, "--find-lr", "--out", tmp_path / "x")
    assert (done.status, done.out) == (2, "")
    assert done.err.endswith("cnn-studio: --find-lr keeps no run: name a network, without --resume and --out.\n")
    assert cli("train", "--find-lr", "--resume", "last").status == 2


# -- runs are networks, too ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("naming", ["name", "last", "folder"])
def test_a_run_can_be_summarized_and_exported_as_code(cli, run, naming):
    named = {"name": run, "last": "last", "folder": folders().data / "runs" / run}[naming]
    assert cli("summary", named, "--json").document["name"] == "Mine"
    assert "class Mine(nn.Module)" in cli("export", named, "--to", "pytorch").out


def test_a_summary_of_a_run_loads_no_torch(run):
    code = f"import sys; from cnn_studio.cli.main import run; run(['summary', {run!r}]); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False\n")


def test_a_name_that_only_begins_like_a_run_is_no_network(cli, run):
    assert cli("summary", run[:-3]).status == 1


# -- exports -------------------------------------------------------------------------------------------------------------


def test_the_formats_are_those_of_the_engine():
    assert list(TRAINED) == sorted(trained_exporters)


@pytest.mark.parametrize("named", ["last", "beginning", "file"])
def test_weights_are_written(cli, run, named, tmp_path):
    name = {"last": "last", "beginning": run[:-3], "file": folders().data / "runs" / run / "network.cnnstudio"}[named]
    done = cli("export", name, "--to", "safetensors", "-o", tmp_path / "w.safetensors")
    assert (done.status, done.out, done.err) == (0, "", f"{tmp_path / 'w.safetensors'}: weights written\n")
    assert {"conv1.weight", "dense1.bias"} <= set(load_file(tmp_path / "w.safetensors"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_report_is_written(cli, run, tmp_path, language):
    done = cli("export", "last", "--to", "report", "-o", tmp_path / "r.html", "--json", "--language", language)
    assert done.document == {"name": run, "format": "report", "file": str(tmp_path / "r.html")}
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert ("Curvas" in text) == (language == "es")


def test_what_cannot_be_written_gets_one_sentence(cli, run, tmp_path):
    out = tmp_path / "r.html"
    for arguments, sentence in (
        (["last", "--to", "report"], "The format report needs a file to write to: -o report.html."),
        (["lenet5", "--to", "report", "-o", out], "This network has not been trained yet."),
        (["lenet5", "--to", "safetensors", "-o", out], "This network has not been trained yet."),
        (
            ["none", "--to", "report", "-o", out],
            "There is no run “none”; “cnn-studio runs list” shows those there are.",
        ),
        (["last", "--to", "report", "-o", out, "--width", "5"], "--width does not go with the format report."),
    ):
        assert cli("export", *arguments) == (1, "", f"cnn-studio: {sentence}\n")
        assert json.loads(cli("export", *arguments, "--json").out) == {"error": sentence}
    assert not out.exists()
