"""The report: complete, self-contained, in both languages, and honest about what it lacks."""

from __future__ import annotations

import re
import wave
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnn_studio import i18n
from cnn_studio.core.context import DataFacts
from cnn_studio.core.graph import Graph
from cnn_studio.core.plans import augmentations, optimizers
from cnn_studio.core.plans.plan import plan_to_json
from cnn_studio.core.project import Project
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.engine.datasets.opening import open_data
from cnn_studio.engine.export import Trained, trained_exporters, untold
from cnn_studio.engine.preparing import facts_of, fitted
from cnn_studio.engine.recording import recorded
from cnn_studio.engine.report.curves import Chart, Curve, binned, svg_of, ticks
from cnn_studio.engine.report.gather import MISTAKES, gathered
from cnn_studio.engine.report.page import page
from cnn_studio.engine.runs import new_run
from cnn_studio.engine.session import Session
from cnn_studio.engine.tensors import tensor_bytes
from tests.helpers.training import chain, quick_plan, small_network, stripes

NAME = "Stripes & <more>"
NOW = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)


class Page(HTMLParser):
    """What stands in a page: its words, the addresses of its pictures, its tags."""

    EMPTY = frozenset({"img", "meta", "br", "hr", "link", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(text)
        assert self.open == [], "every tag is closed"

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attributes]
        self.addresses += [
            value for name, value in attributes if name in ("src", "href", "xlink:href", "action", "data")
        ]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: Any) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title"):
            self.words += data + " "


def stripes_file(folder: Path, classes: int = 3, *, test: bool = True) -> Path:
    data = stripes(90, classes)
    arrays = {"x": data.train.array, "y": data.train.labels}
    if test:
        arrays |= {"x_test": data.splits["test"].array, "y_test": data.splits["test"].labels}
    np.savez(folder / "stripes.npz", **arrays)  # type: ignore[arg-type]
    return folder / "stripes.npz"


def trained(folder: Path, data: Path, graph: Graph | None = None, parts: Any = None, **fields: Any) -> Trained:
    """A run over a file of data."""
    graph = graph or small_network()
    samples = open_data(str(data))
    plan = fitted(quick_plan(data=str(data), **{"validation": 0.2, **fields, **(parts or {})}), graph, samples)
    run = new_run(folder, Project(graph, NAME), plan, facts_of(graph, samples))
    for _event in recorded(Session(graph, plan, samples), run):
        pass
    return Trained(run.project(), run.name, run.folder)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("runs")
    parts = {"augmentation": (augmentations["shift"](),), "optimizer": optimizers["sgd"]()}
    return trained(folder, stripes_file(folder), None, epochs=1, rate=1e-4, clip=1.0, parts=parts)


@pytest.fixture(params=["en", "es"])
def language(request: pytest.FixtureRequest) -> str:
    i18n.set_language(request.param)
    return str(request.param)


def test_it_needs_nothing_else(finished: Trained, language: str) -> None:
    text = trained_exporters["report"].function(finished, untold).decode("utf-8")
    found = Page(text)
    assert f'<html lang="{language}">' in text
    assert not {"script", "link", "iframe", "object", "embed", "form", "base"} & set(found.tags)
    assert found.addresses
    assert all(address.startswith("data:image/png;base64,") for address in found.addresses)
    assert not [name for name, _value in found.attributes if name.startswith("on")]
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    for address in set(found.addresses):
        Image.open(BytesIO(b64decode(address.partition(",")[2]))).verify()


def test_it_is_complete(finished: Trained) -> None:
    story = gathered(finished)
    text = page(story, NOW)
    words = Page(text).words
    assert NAME in words  # as text, never as tags
    for heading in (
        "The network", "What it learned from", "How it learned", "Curves", "How well it does", "What is taken for what",
        "Worst mistakes", "First kernels", "What every layer makes of a sample", "Where it was trained",
    ):  # fmt: skip
        assert heading in words, heading
    assert story.judged is not None
    assert story.judged.scores.confusion is not None
    assert story.judged.count == story.judged.whole == 30
    assert text.count('<td class="right') == 3
    assert text.count('<td class="wrong') == 6
    assert len(story.judged.mistakes) == min(MISTAKES, 30 - np.trace(story.judged.scores.confusion))
    assert text.count("<figcaption><span>it is") == len(story.judged.mistakes) > 0
    sure = [mistake.probability for mistake in story.judged.mistakes]
    assert sure == sorted(sure, reverse=True)
    assert all(one.truth != one.answer for one in story.judged.mistakes)
    assert text.count('class="chart"') == 3
    assert "How sure it is and how often it is right differ by" in words
    assert "Shift (" in words
    assert "SGD (" in words
    assert "Gradient clipping" in words
    assert "2026-11-03 14:05" in words


def test_the_same_facts_give_the_same_page(finished: Trained) -> None:
    assert page(gathered(finished), NOW) == page(gathered(finished), NOW)


def test_progress_is_told(finished: Trained) -> None:
    told: list[tuple[int, int]] = []
    trained_exporters["report"].function(finished, lambda done, total: told.append((done, total)))
    assert told[-1] == (30, 30)


def test_no_english_is_left_in_a_spanish_page(finished: Trained) -> None:
    english = set(re.findall(r"[A-Za-z][a-z]+(?: [a-z]+){2,}", Page(page(gathered(finished), NOW)).words))
    i18n.set_language("es")
    spanish = Page(page(gathered(finished), NOW)).words
    assert {sentence for sentence in english if sentence in spanish} == set()


def test_data_that_are_gone_are_said_to_be_and_the_rest_is_told(tmp_path: Path) -> None:
    file = stripes_file(tmp_path)
    run = trained(tmp_path, file, epochs=1)
    whole = Page(page(gathered(run), NOW)).words
    file.unlink()
    story = gathered(run)
    words = Page(page(story, NOW)).words
    assert story.judged is None
    assert story.missing is not None
    assert "There is nothing of new samples, mistakes and maps here: there are no data called" in words
    for heading in ("Worst mistakes", "What every layer makes of a sample", "Some of these samples"):
        assert heading in whole
        assert heading not in words
    for heading in ("Curves", "First kernels", "What is taken for what", "As the run noted them in its best epoch."):
        assert heading in words


def test_a_file_without_a_run_has_no_curves(finished: Trained) -> None:
    words = Page(page(gathered(Trained(finished.project, "alone")), NOW)).words
    assert "There are no curves here" in words
    assert "Worst mistakes" in words


def test_damaged_pictures_are_passed_over(tmp_path: Path) -> None:
    data = stripes(60)
    for split, count in (("train", 60), ("test", 20)):
        for number in range(count):
            place = tmp_path / "pictures" / split / "abc"[data.splits[split].labels[number]]
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(data.splits[split].read(number)[0]).save(place / f"{number:02}.png")
    run = trained(tmp_path, tmp_path / "pictures", epochs=1, rate=1e-4)
    whole = gathered(run)
    for picture in sorted((tmp_path / "pictures" / "test" / "b").iterdir())[:3]:
        picture.write_bytes(picture.read_bytes()[:40])
    story = gathered(run)
    assert whole.judged is not None
    assert story.judged is not None
    assert len(whole.judged.mistakes) >= len(story.judged.mistakes) > 0
    assert story.example is not None
    assert "Worst mistakes" in Page(page(story, NOW)).words


def test_without_samples_kept_apart_nothing_is_judged(tmp_path: Path) -> None:
    run = trained(tmp_path, stripes_file(tmp_path, test=False), epochs=1, validation=0.0)
    words = Page(page(gathered(run), NOW)).words
    assert "every sample was learned from" in words
    assert "Some of these samples" in words


def test_validation_samples_judge_where_there_are_no_others(tmp_path: Path) -> None:
    run = trained(tmp_path, stripes_file(tmp_path, test=False), epochs=1)
    story = gathered(run)
    assert story.judged is not None
    assert (story.judged.split, story.judged.count) == ("validation", 18)
    assert "right on validation samples" in Page(page(story, NOW)).words


def test_a_network_without_a_mistake(tmp_path: Path) -> None:
    run = trained(tmp_path, stripes_file(tmp_path), epochs=8)
    assert "Not a single one of these samples was taken for something else." in Page(page(gathered(run), NOW)).words


def test_a_network_that_has_not_learned_is_refused() -> None:
    with pytest.raises(DataError, match="not been trained"):
        gathered(Trained(Project(small_network()), "new"))


def test_many_classes_are_told_by_a_picture_and_the_most_frequent_confusions(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    labels = np.arange(150) % 30
    np.savez(tmp_path / "many.npz", x=random.integers(0, 256, (150, 1, 8, 8), dtype=np.uint8), y=labels)
    run = trained(tmp_path, tmp_path / "many.npz", small_network(classes=30), epochs=1)
    text = page(gathered(run), NOW)
    assert 'class="confusion"' not in text
    assert '<ul class="pairs"><li>' in text


def sound() -> tuple[Graph, tuple[int, ...]]:
    return chain(("input", {"channels": 1, "sizes": (600,)}), ("convolution", {"filters": 4, "kernel": 9}), ("relu", {}),
                 ("global_average_pool", {}), ("dense", {"units": 3}), ("output", {})), (1, 600)  # fmt: skip


def wav_folder(folder: Path, sounds: Any) -> Path:
    """A folder for each of three classes, with sounds of 8 kHz in turn."""
    for number, values in enumerate(sounds):
        place = folder / "abc"[number % 3]
        place.mkdir(parents=True, exist_ok=True)
        with wave.open(str(place / f"{number}.wav"), "wb") as file:
            file.setparams((1, 2, 8000, len(values), "NONE", ""))
            file.writeframes((values.astype("<i2") * 100).tobytes())
    return folder


def film() -> tuple[Graph, tuple[int, ...]]:
    return chain(("input", {"channels": 3, "sizes": (4, 8, 8)}), ("convolution", {"filters": 40, "kernel": 3}),
                 ("flatten", {}), ("dense", {"units": 3}), ("output", {})), (3, 4, 8, 8)  # fmt: skip


def colour() -> tuple[Graph, tuple[int, ...]]:
    return chain(("input", {"channels": 3, "sizes": (120, 200)}), ("convolution", {"filters": 4, "kernel": 3}),
                 ("global_average_pool", {}), ("dense", {"units": 3}), ("output", {})), (3, 120, 200)  # fmt: skip


def dense() -> tuple[Graph, tuple[int, ...]]:
    return chain(("input", {"channels": 1, "sizes": (8, 8)}), ("flatten", {}), ("dense", {"units": 20}), ("relu", {}),
                 ("dense", {"units": 3}), ("output", {})), (1, 8, 8)  # fmt: skip


@pytest.mark.parametrize("kind", [sound, film, colour, dense])
def test_networks_of_every_medium_show_their_insides(kind: Callable[[], Any], tmp_path: Path) -> None:
    graph, shape = kind()
    samples = np.random.default_rng(0).integers(0, 256, (24, *shape), dtype=np.uint8)
    if kind is sound:
        data = wav_folder(tmp_path / "sounds", samples[:, 0])
    else:
        data = tmp_path / "any.npz"
        np.savez(data, x=samples, y=np.arange(24) % 3)
    run = trained(tmp_path, data, graph, epochs=1)
    text = page(gathered(run), NOW)
    found = Page(text)
    assert text.count('<div class="layer">') == (2 if kind is dense else 1)
    assert text.count('<div class="wall kernels">') == 1
    assert ("Kernels in the colours" in found.words) == (kind is colour)
    assert ("and 8 more" in found.words) == (kind is film)


def test_weights_that_are_no_numbers_do_not_stop_it(finished: Trained) -> None:
    from cnn_studio.engine.tensors import tensors_of

    weights = {name: tensor.fill_(float("nan")) for name, tensor in tensors_of(finished.project.weights).items()}
    broken = replace(finished.project, weights=tensor_bytes(weights))
    assert "First kernels" in Page(page(gathered(finished._replace(project=broken)), NOW)).words


def test_a_note_and_strange_names_are_text(finished: Trained, tmp_path: Path) -> None:
    facts = finished.project.data
    assert facts is not None
    names = ("<b>a</b>", "\"b'", "&amp;")
    project = replace(finished.project, data=DataFacts("<script>", facts.sample, names))
    text = page(gathered(Trained(project, "x")), NOW)
    assert "<script>" not in text
    assert "<b>a</b>" not in text
    assert plan_to_json(quick_plan())  # the plan of the project is untouched


# -- curves --------------------------------------------------------------------------------------------------------------


def test_ticks_are_round_and_inside() -> None:
    assert ticks(0, 5, 6, whole=True) == [0, 1, 2, 3, 4, 5]
    assert ticks(0, 1, 5) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert ticks(94, 100, 5) == [94, 96, 98, 100]
    assert ticks(3, 3, 5) == [3]


def test_long_curves_are_averaged() -> None:
    points = [(float(x), float(x % 2)) for x in range(1000)]
    found = binned(points, 100)
    assert len(found) == 100
    assert {y for _x, y in found} == {0.5}
    assert binned(points[:50], 100) == points[:50]


def test_a_chart_names_its_axes_and_draws_each_curve() -> None:
    curves = [Curve("<one>", "training", [(0, 0.5), (1, 0.2)]), Curve("two", "validation", [(1, 0.3)])]
    svg = svg_of(Chart("loss", "epoch", curves, 0, 1), 7)
    assert "&lt;one&gt;" in svg
    assert svg.count('<path class="curve') == 1
    assert svg.count("<circle") == 1
    assert ">epoch</text>" in svg
    assert 'clip-path="url(#plot7)"' in svg
