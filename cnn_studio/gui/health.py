"""How well a network learns, in words: gradients that vanish or explode, units that are dead."""

from __future__ import annotations

import time
from collections.abc import Mapping
from math import isfinite, isnan
from typing import Any, NamedTuple

from cnn_studio.core.graph import topological_order
from cnn_studio.core.words import Words, say
from cnn_studio.gui.layer_pictures import DEAD_SAMPLES
from cnn_studio.i18n import N_, figure, percent

SMALL, LARGE = 1e-3, 1e3
"""Between the first layer and the last, by how much gradients may differ before they count as vanishing or exploding."""
WILD = 10.0
"""How much larger than its weights a gradient may be."""
MANY = 0.5
"""Share of dead units that is worth a word."""
SAMPLES = 64
"""Samples that the gradients are of."""


class Health(NamedTuple):
    """What was found.

    Attributes:
        relative: for each layer that learns, the norm of its gradient divided by that of its weights.
        dead: for each ReLU, the share of its units that never fired.
        seconds: what it took to find out.
    """

    relative: Mapping[str, float]
    dead: Mapping[str, float]
    seconds: float = 0.0


class Verdict(NamedTuple):
    """A sentence; ``kind`` is "success", "warning" or "error"."""

    kind: str
    words: Words


def verdicts(health: Health, names: Mapping[str, str]) -> list[Verdict]:
    """What there is to say, the worst first. ``names`` are those of the layers by id; a layer that has none is called by its id."""
    names = {node: names.get(node, node) for node in (*health.relative, *health.dead)}
    found = _of_gradients(health.relative, names)
    worst = max(health.dead, key=lambda node: health.dead[node], default="")
    if worst and health.dead[worst] > MANY:
        words = say(_DEAD, share=percent(health.dead[worst]), layer=names[worst])
        found.append(Verdict("warning", words))
    return found


def _of_gradients(relative: Mapping[str, float], names: Mapping[str, str]) -> list[Verdict]:
    if not relative:
        return []
    wrong = next((node for node, size in relative.items() if not isfinite(size)), "")
    wildest = wrong or max(relative, key=lambda node: relative[node])
    if wrong:
        verdict = Verdict("error", say(_STRANGE, layer=names[wrong]))
    elif relative[wildest] > WILD:
        verdict = Verdict("error", say(_WILD, layer=names[wildest], factor=figure(relative[wildest], 2)))
    else:
        verdict = _on_the_way(relative, names)
    return [verdict]


def _on_the_way(relative: Mapping[str, float], names: Mapping[str, str]) -> Verdict:
    """How the gradients change from the last layer to the first."""
    first, last = next(iter(relative)), list(relative)[-1]
    if not relative[last]:
        return Verdict("warning", say(N_("The gradients are zero: nothing is learned any more.")))
    ratio = relative[first] / relative[last]
    if SMALL <= ratio <= LARGE:
        return Verdict("success", say(N_("The gradients are of similar size in all layers.")))
    factor = "∞" if not ratio else figure(max(ratio, 1 / ratio), 2)
    words = _VANISH if ratio < SMALL else _EXPLODE
    return Verdict("warning", say(words, first=names[first], last=names[last], factor=factor))


_STRANGE = N_("The gradient of {layer} is infinite or no number. A lower learning rate helps.")
_WILD = N_(
    "Gradients explode: that of {layer} is {factor} times as large as its weights. A lower learning rate or clipping helps."
)
_VANISH = N_(
    "Gradients vanish on their way back: that of {first} is {factor} times smaller than that of {last}. ReLU, batch normalization or shortcuts help."
)
_EXPLODE = N_(
    "Gradients explode on their way back: that of {first} is {factor} times larger than that of {last}. Clipping or batch normalization helps."
)
_DEAD = N_(
    "{share} of the units of {layer} are dead: they fire for no sample. A lower learning rate or a LeakyReLU helps."
)


# -- in the thread that has the weights --------------------------------------------------------------------------------


def examined(subject: Any, dataset: Any) -> Health | None:
    """Gradients and dead units of a network; None where it has neither a run nor data."""
    from cnn_studio.engine.insight.dead_units import DeadUnits
    from cnn_studio.engine.insight.gradients import GradientNorms
    from cnn_studio.engine.insight.some_samples import some_samples
    from cnn_studio.engine.predict import Predictor

    begun = time.perf_counter()
    if not isinstance(subject, Predictor):
        norms, silent = GradientNorms()(subject), DeadUnits(count=DEAD_SAMPLES)(subject)
        graph = subject.setup.graph
    elif dataset is None:
        return None
    else:
        samples, labels = some_samples(subject, dataset, DEAD_SAMPLES)
        step = max(1, len(samples) // SAMPLES)
        norms, silent = GradientNorms(samples[::step], labels[::step])(subject), DeadUnits(samples)(subject)
        graph = subject.graph
    order, _cyclic = topological_order(graph)
    relative = _by_layer(norms)
    return Health(
        {node: relative[node] for node in order if node in relative},
        {node: silent.share(node) for node in order if node in silent.silent},
        time.perf_counter() - begun,
    )


def _by_layer(norms: Mapping[str, float]) -> dict[str, float]:
    """Of a layer with several weights, the one whose gradient is largest beside it; biases, often zero at first, do not count."""
    found: dict[str, float] = {}
    for name, size in norms.items():
        node, _point, weight = name.partition(".")
        if not weight.endswith("bias"):
            known = found.get(node, 0.0)
            found[node] = size if isnan(size) else known if isnan(known) else max(known, size)
    return found
