"""Training at the terminal: new runs, runs that go on, what is refused and how it is said."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch

from cnn_studio.core.archive import read_members
from cnn_studio.core.project import Project, read_project, write_project
from cnn_studio.engine import recording
from cnn_studio.engine.runs import Run
from cnn_studio.engine.session import Session
from tests.helpers.own_data import network_file, npz_file, picture_folder
from tests.helpers.training import chain

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"run", "epochs", "best", "seconds", "device", "precision", "threads"}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder of one's own to work in, with a network and data."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    network_file(folder / "net.cnnstudio")
    npz_file(folder / "x.npz")
    return folder


def one_sentence(text: str) -> bool:
    """Whether this is one line that begins large and ends with a full stop, and no traceback."""
    line = text.rstrip("\n").rpartition("\n")[2]
    return bool(re.fullmatch(r"cnn-studio: ([“«A-ZÁÉÍÓÚ`]|x\.npz: ).*[.?]", line)) and "Traceback" not in text


# -- new runs -----------------------------------------------------------------------------------------------------------


def test_a_run_is_told_on_standard_error_and_its_result_on_standard_output(cli, place):
    done = cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run1")
    assert done.status == 0
    assert re.fullmatch(r"[\d.]+ % right in epoch [12], the best; kept as run1 after 0:0\d\n", done.out)
    first, *epochs = done.err.splitlines()
    assert re.fullmatch(r"run run1: 27 samples, 483 parameters, CPU fp32, 1 thread", first)
    assert [line.split(":")[0] for line in epochs] == ["epoch 1", "epoch 2"]
    assert read_project(place / "run1" / "network.cnnstudio").weights


@pytest.mark.parametrize("language", ["en", "es"])
def test_json_is_one_document_with_the_keys_that_were_promised(cli, place, language):
    done = cli("train", "net.cnnstudio", "--data", "x.npz", "--json", "--language", language)
    assert done.status == 0
    document = done.document
    assert document.keys() - KEYS == {"state", "message"}
    assert document.keys() >= KEYS
    assert [epoch["epoch"] for epoch in document["epochs"]] == [1, 2]
    for epoch in document["epochs"]:
        assert epoch.keys() == {"epoch", "train", "validation", "seconds"}
        assert epoch["train"].keys() == epoch["validation"].keys() == {"loss", "accuracy"}
    assert document["best"].keys() == {"epoch", "accuracy"}
    assert (document["device"], document["precision"], document["threads"]) == ("cpu", "fp32", 1)
    assert ("época" if language == "es" else "epoch") in done.err


def test_the_options_make_the_plan(cli, place):
    options = (
        "--epochs 3 --batch-size 10 --lr 0.01 --optimizer sgd --schedule cosine --augment shift,noise --seed 4 --subset 20 "
        "--validation 0.2 --patience 9 --precision fp32 --threads 1"
    )
    assert cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run1", *options.split()).status == 0
    plan = Run(place / "run1").plan()
    assert (plan.epochs, plan.batch_size, plan.rate, plan.optimizer.kind, plan.schedule.kind) == (
        3,
        10,
        0.01,
        "sgd",
        "cosine",
    )
    assert [one.kind for one in plan.augmentation] == ["shift", "noise"]
    assert (plan.seed, plan.subset, plan.validation, plan.patience) == (4, 20, 0.2, 9)
    assert plan.data == str(place / "x.npz")


def test_pictures_of_another_size_are_fitted_and_that_is_said(cli, place):
    picture_folder(place / "photos", size=(20, 13), channels=3)
    done = cli("train", "net.cnnstudio", "--data", "photos", "--out", "run1")
    assert done.status == 0
    assert "The samples of photos are brought to 8×8×1 for the network.\n" in done.err
    assert cli("predict", "run1", "photos/a/0000.png").status == 0


def test_a_starter_answers_as_many_classes_as_the_data_have(cli, place):
    done = cli("train", "quick-digits", "--data", "x.npz", "--epochs", 1, "--threads", 1, "--precision", "fp32")
    assert done.status == 0
    assert "now answers with 3 numbers, one for each class of x." in done.err


def test_damaged_files_are_left_out_and_named(cli, place):
    folder = picture_folder(place / "photos")
    (folder / "a" / "bad.png").write_bytes(b"nonsense")
    done = cli("train", "net.cnnstudio", "--data", "photos")
    assert done.status == 0
    assert "1 file was left out:\n  “bad.png” is not a picture" in done.err


# -- what is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ("train", 2, "Name a network to train"),
        ("train net.cnnstudio --resume last", 2, "Name a network to train"),
        ("train --resume last --out x", 2, "does not go with --out"),
        ("train net.cnnstudio --find-lr --out x", 2, "--find-lr keeps no run"),
        ("train net.cnnstudio --epochs 0", 2, "Epochs must be at least 1, but it is 0."),
        ("train net.cnnstudio --epochs many", 2, "invalid int value"),
        ("train net.cnnstudio --lr -1", 2, "Learning rate must be"),
        ("train net.cnnstudio --lr nan", 2, "Learning rate"),
        ("train net.cnnstudio --validation 0.95", 2, "Validation share must be at most 0.9"),
        ("train net.cnnstudio --optimizer magic", 2, "There is no “magic” to choose; there are sgd, adam"),
        ("train net.cnnstudio --schedule magic", 2, "there are constant"),
        ("train net.cnnstudio --augment shift,magic", 2, "There is no “magic”"),
        ("train net.cnnstudio --precision fp64", 2, "invalid choice"),
        ("train net.cnnstudio --data nowhere", 1, "There are no data called “nowhere”"),
        ("train net.cnnstudio --data mnsit", 1, "did you mean “mnist”?"),
        ("train net.cnnstudio --data mnist", 1, "`cnn-studio data fetch mnist` fetches it|“cnn-studio data fetch mnist” fetches it"),
        ("train net.cnnstudio --data net.cnnstudio", 1, "of no kind that can be trained on"),
        ("train nowhere.cnnstudio", 1, "There is no file nowhere.cnnstudio."),
        ("train lenet6", 1, "did you mean “lenet5”?"),
        ("train x.npz --data x.npz", 1, "x.npz: it is not a project"),
        ("train --resume nothing", 1, "There is no run “nothing”"),
        ("train net.cnnstudio --data x.npz --out x.npz", 1, "“x.npz” is not an empty folder"),
        ("train net.cnnstudio --data x.npz --out .", 1, "“.” is not an empty folder"),
        ("train net.cnnstudio --data x.npz --device cuda", 1, "has no CUDA"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_one_sentence(cli, place, arguments, status, words, language):  # noqa: PLR0917
    if "cuda" in arguments and torch.cuda.is_available():
        pytest.skip("there is one here")
    before = sorted(place.iterdir())
    done = cli(*arguments.split(), "--language", language)
    assert done.status == status
    assert done.out == ""
    assert one_sentence(done.err) or status == 2
    if language == "en":
        assert re.search(words, done.err)
    assert sorted(place.iterdir()) == before
    again = cli(*arguments.split(), "--language", language, "--json")
    assert again.status == status
    assert again.document.keys() == {"error"}


def test_a_network_with_problems_is_told_what_mends_it(cli, place):
    graph = chain(
        ("input", {"channels": 1, "sizes": (8, 8)}), ("convolution", {}), ("dense", {"units": 3}), ("output", {})
    )
    write_project(Project(graph, "Wrong"), place / "wrong.cnnstudio")
    done = cli("train", "wrong.cnnstudio", "--data", "x.npz")
    assert done.status == 1
    assert "dense1 takes a row of numbers; conv1 gives maps" in done.err
    assert "(`cnn-studio fix wrong.cnnstudio` shows how to mend it)." in done.err


def test_another_number_of_classes_names_the_layer_and_the_command_that_mends_it(cli, place):
    picture_folder(place / "four", "abcd")
    done = cli("train", "net.cnnstudio", "--data", "four")
    assert done.status == 1
    command = re.search(r"`cnn-studio (fix net.cnnstudio --sample 8x8x1 --classes 4)`", done.err)
    assert "dense1 gives 3 numbers to output1; four has 4 classes" in done.err
    assert command
    mended = cli(*command.group(1).split(), "-o", "mended.cnnstudio", "1")
    assert mended.status in (0, 2)
    words = command.group(1).split()
    assert cli(words[0], words[1], "1", *words[2:], "-o", "mended.cnnstudio").status == 0
    assert cli("train", "mended.cnnstudio", "--data", "four").status == 0


def test_a_network_for_sound_takes_no_pictures(cli, place):
    graph = chain(("input", {"channels": 1, "sizes": (800,)}), ("flatten", {}), ("dense", {"units": 3}), ("output", {}))
    write_project(Project(graph, "Ear"), place / "ear.cnnstudio")
    done = cli("train", "ear.cnnstudio", "--data", "x.npz")
    assert done.status == 1
    assert "The network is for sounds (800×1), and “x” holds pictures (8×8×1): choose other data" in done.err


# -- runs that go on -----------------------------------------------------------------------------------------------------


def test_a_finished_run_says_so_and_goes_on_with_more_epochs(cli, place):
    cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run1")
    again = cli("train", "--resume", "run1")
    assert again.status == 0
    assert "The run run1 has done all its 2 epochs; `--epochs 4` would go on with it." in again.err
    assert "kept as run1" in again.out
    fewer = cli("train", "--resume", "run1", "--epochs", 1, "--json")
    assert (fewer.status, len(fewer.document["epochs"]), fewer.document["state"]) == (0, 2, "done")
    assert Run(place / "run1").plan().epochs == 2
    more = cli("train", "--resume", "run1", "--epochs", 3, "--json")
    assert [epoch["epoch"] for epoch in more.document["epochs"]] == [1, 2, 3]
    assert Run(place / "run1").plan().epochs == 3


def test_last_is_the_latest_wherever_it_is_kept(cli, place):
    cli("train", "net.cnnstudio", "--data", "x.npz")
    cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "elsewhere/mine")
    done = cli("train", "--resume", "last", "--epochs", 3, "--json")
    assert Path(done.document["run"]) == place / "elsewhere" / "mine"
    assert cli("evaluate", "mine").status == 0
    assert {one["name"] for one in cli("runs", "list", "--json").document} > {"mine"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--data y.npz", "“y” has the classes 0, 1, 2, 3, and the run learned 0, 1, 2: begin a new run"),
        ("--data nowhere", "There are no data called “nowhere”"),
        ("--seed 5", "A run that goes on keeps its --seed of 0"),
        ("--batch-size 5", "keeps its --batch-size of 16"),
        ("--subset 5", "keeps its --subset of 0"),
        ("--validation 0.3", "keeps its --validation of 0.1"),
    ],
)
def test_a_run_that_cannot_go_on_like_this_stays_as_it_was(cli, place, options, words):
    npz_file(place / "y.npz", classes=4)
    cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run1")
    before = (place / "run1" / "network.cnnstudio").read_bytes()
    done = cli("train", "--resume", "run1", "--epochs", 4, *options.split())
    assert done.status == 1
    assert words in done.err
    assert one_sentence(done.err)
    assert (place / "run1" / "network.cnnstudio").read_bytes() == before


def test_data_that_moved_are_named_anew_and_remembered(cli, place):
    cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run1")
    (place / "x.npz").rename(place / "moved.npz")
    gone = cli("train", "--resume", "run1", "--epochs", 3)
    assert gone.status == 1
    assert "no such file or folder" in gone.err
    assert cli("train", "--resume", "run1", "--epochs", 3, "--data", "moved.npz").status == 0
    assert cli("evaluate", "run1").status == 0
    npz_file(place / "moved.npz", 60)
    done = cli("train", "--resume", "run1", "--epochs", 4)
    assert done.status == 0
    assert "The data have changed since the run began: 54 samples to learn from instead of 27." in done.err


def test_another_network_in_the_folder_of_a_run_is_refused(cli, place):
    cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run1")
    run = Run(place / "run1")
    kept = run.project()
    other = chain(("input", {"channels": 1, "sizes": (8, 8)}), ("flatten", {}), ("dense", {"units": 3}), ("output", {}))
    write_project(Project(other, kept.name, {}, kept.data, {}, kept.plan), run.folder / "network.cnnstudio")
    done = cli("train", "--resume", "run1", "--epochs", 3)
    assert done.status == 1
    assert "The checkpoint belongs to another network: train this one as a new run." in done.err


def test_another_optimizer_may_take_over(cli, place):
    cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run1")
    for epochs, optimizer in enumerate(("sgd", "adagrad", "adadelta", "rmsprop", "adam"), start=3):
        done = cli("train", "--resume", "run1", "--epochs", epochs, "--optimizer", optimizer)
        assert done.status == 0, done.err


def test_a_run_of_another_machine_goes_on_here(cli, place):
    cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run1")
    with Run(place / "run1").record() as record:
        record.set("placement", ["quantum", "bf16", 0, "channels_last"])
    done = cli("train", "--resume", "run1", "--epochs", 3)
    assert done.status == 0
    assert "The run began on QUANTUM, which this machine does not have: it goes on where it can." in done.err


@pytest.mark.parametrize("moment", ["folder", "network", "record"])
def test_a_run_killed_in_its_first_second_begins_anew(cli, place, moment):
    """Only what a run writes before its first step is there."""
    cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "whole")
    cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run1")
    kept = {"folder": set(), "network": {"network.cnnstudio"}, "record": {"network.cnnstudio", "record.sqlite3"}}[
        moment
    ]
    project = read_project(place / "run1" / "network.cnnstudio")
    for path in (place / "run1").rglob("*"):
        if path.is_file() and path.name not in kept:
            path.unlink()
    (place / "run1" / ".saving-abc.tmp").write_bytes(b"half of a file")
    if kept:
        write_project(
            Project(project.graph, project.name, {}, project.data, {}, project.plan),
            place / "run1" / "network.cnnstudio",
        )
    done = cli("train", "--resume", "run1")
    assert done.status == (0 if kept else 1)
    if kept:
        assert (
            read_project(place / "run1" / "network.cnnstudio").weights
            == read_project(place / "whole" / "network.cnnstudio").weights
        )
        assert not list((place / "run1").glob(".saving-*"))
    assert cli("runs", "list").status == 0


# -- stopped -------------------------------------------------------------------------------------------------------------


def test_ctrl_c_keeps_what_was_learned(cli, place, monkeypatch):
    real = Session.learn

    def learn(self, *arguments):
        if self.step == 3:
            signal.raise_signal(signal.SIGINT)
        return real(self, *arguments)

    monkeypatch.setattr(Session, "learn", learn)
    done = cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run1", "--epochs", 5, "--json")
    assert done.status == 0
    assert done.document["state"] == "stopped"
    assert Run(place / "run1").checkpoint().numbers["step"] == 4
    monkeypatch.setattr(Session, "learn", real)
    assert cli("train", "--resume", "run1", "--json").document["state"] == "done"
    cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "whole", "--epochs", 5)
    assert Run(place / "run1").project().weights == Run(place / "whole").project().weights


def test_a_second_ctrl_c_ends_at_once_and_the_run_can_go_on(cli, place, monkeypatch):
    real = Session.learn

    def learn(self, *arguments):
        if self.step == 3:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
        return real(self, *arguments)

    monkeypatch.setattr(Session, "learn", learn)
    done = cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run1")
    assert done.status == 130
    assert "Traceback" not in done.err
    monkeypatch.setattr(Session, "learn", real)
    assert cli("train", "--resume", "run1").status == 0


def test_a_thread_other_than_the_first_may_train(cli, place):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(cli("train", "net.cnnstudio", "--data", "x.npz").status))
    thread.start()
    thread.join()
    assert answers == [0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_that_is_asked_to_end_keeps_what_it_learned(place, number):
    command = [
        sys.executable,
        "-m",
        "cnn_studio",
        "train",
        "net.cnnstudio",
        "--data",
        "x.npz",
        "--out",
        "run1",
        "--epochs",
        "20000",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CNN_STUDIO_LANGUAGE": "en"}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stderr is not None
        for _line in range(3):
            process.stderr.readline()
        process.send_signal(number)
        out, err = process.communicate()
    assert process.returncode == 0, err
    assert "kept as run1" in out
    with Run(place / "run1").record() as record:
        assert record.get("state") == "stopped"
    numbers = Run(place / "run1").checkpoint().numbers
    assert numbers["step"] >= 2


def test_two_processes_cannot_train_one_run(place):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CNN_STUDIO_LANGUAGE": "en"}
    start = [sys.executable, "-m", "cnn_studio", "train"]
    first = [*start, "net.cnnstudio", "--data", "x.npz", "--out", "run1", "--epochs", "20000"]
    with subprocess.Popen(
        first, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        assert process.stderr is not None
        for _line in range(2):
            process.stderr.readline()
        plan = Run(place / "run1").plan()
        second = subprocess.run(
            [*start, "--resume", "run1", "--epochs", "7"], capture_output=True, text=True, env=environment, check=False
        )
        assert second.returncode == 1
        assert second.stderr == "cnn-studio: Another process is training the run “run1”.\n"
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert process.returncode == 0
    assert Run(place / "run1").plan() == plan


def test_runs_begun_in_one_second_get_folders_of_their_own(cli, place):
    names = {
        cli("train", "net.cnnstudio", "--data", "x.npz", "--epochs", 1, "--json").document["run"] for _run in range(3)
    }
    assert len(names) == 3


def test_a_note_on_damage_met_on_the_way_is_one_line(cli, place, monkeypatch):
    """A run goes on where its database fails for a while, and says so once."""
    from cnn_studio.engine.record import Record, RecordError

    real, failing = Record.keep, iter([False] * 3 + [True] * 1 + [False] * 99)

    def keep(self, *arguments, **fields):
        if next(failing):
            raise RecordError("the record is on holiday")
        real(self, *arguments, **fields)

    monkeypatch.setattr(Record, "keep", keep)
    monkeypatch.setattr(recording, "SAVE_EVERY", 0.0)
    done = cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run1", "--json")
    assert done.status == 0
    assert done.err.count("The record is on holiday.\n") == 1
    assert [epoch["epoch"] for epoch in done.document["epochs"]] == [1, 2]
    with Run(place / "run1").record() as record:
        assert len(record.points()) == 4


def test_the_file_of_a_run_holds_no_pickle(cli, place):
    cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run1")
    with (place / "run1" / "network.cnnstudio").open("rb") as stream:
        assert {"project.json", "graph.json", "plan.json", "weights.safetensors"} <= set(read_members(stream, {}))


def test_the_plan_of_a_file_is_damaged(cli, place):
    graph = read_project(place / "net.cnnstudio").graph
    write_project(Project(graph, "Odd", plan={"epochs": "many"}), place / "odd.cnnstudio")
    done = cli("train", "odd.cnnstudio", "--data", "x.npz")
    assert done.status == 1
    assert one_sentence(done.err)
