"""What an edit would change, said before it is made."""

from __future__ import annotations

from dataclasses import dataclass

from cnn_studio.core.analysis import Report, analyse
from cnn_studio.core.context import NOTHING, Context
from cnn_studio.core.graph import Graph
from cnn_studio.core.problems.base import Problem
from cnn_studio.core.problems.diagnosis import Diagnosis, diagnose
from cnn_studio.core.problems.speech import Counted
from cnn_studio.core.problems.trained import weight_shapes
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_, ngettext


@dataclass(frozen=True)
class Impact:
    """What an edit changes.

    Attributes:
        reshaped: ids of the layers, there before and after, whose output has another shape, or none any more.
        settled: ids of the layers that had no shape and now have one.
        lost: ids of the layers whose learned weights no longer fit, or that are gone with theirs.
        parameters_before, parameters_after: of the whole network.
        solved, new: problems that go away, and that the edit makes.
    """

    reshaped: tuple[str, ...]
    lost: tuple[str, ...]
    parameters_before: int
    parameters_after: int
    solved: tuple[Problem, ...] = ()
    new: tuple[Problem, ...] = ()
    settled: tuple[str, ...] = ()

    @property
    def words(self) -> Words:
        """ "12 layers change shape, 3 lose what they learned; 48,120 → 2,040 parameters"."""
        parameters = say(
            N_("{before} → {after} parameters"), before=self.parameters_before, after=self.parameters_after
        )
        if self.parameters_before == self.parameters_after:
            parameters = say(N_("still {n} parameters"), n=self.parameters_after)
        reshaped = say("{reshaped}", reshaped=Counted(len(self.reshaped), _change_shape))
        clauses = [parameters]
        if self.reshaped and self.lost:
            lost = Counted(len(self.lost), _of_them_lose)
            clauses.insert(0, say(N_("{reshaped}, {lost}"), reshaped=reshaped, lost=lost))
        elif self.reshaped:
            clauses.insert(0, reshaped)
        elif self.lost:
            clauses.insert(0, say("{lost}", lost=Counted(len(self.lost), _lose)))
        if self.settled:
            clauses.insert(0, say("{settled}", settled=Counted(len(self.settled), _get_shape)))
        if self.new:
            clauses.append(say("{new}", new=Counted(len(self.new), _new_problems)))
        if not (self.settled or self.reshaped or self.lost):
            clauses.insert(0, say(N_("no layer changes shape")))
        sentence = clauses[0]
        for clause in clauses[1:]:
            sentence = say(N_("{first}; {second}"), first=sentence, second=clause)
        return sentence


def _change_shape(n: int) -> str:
    return ngettext("{n} layer changes shape", "{n} layers change shape", n)


def _get_shape(n: int) -> str:
    return ngettext("{n} layer gets its shape", "{n} layers get their shape", n)


def _lose(n: int) -> str:
    return ngettext("{n} layer loses what it learned", "{n} layers lose what they learned", n)


def _of_them_lose(n: int) -> str:
    return ngettext("{n} loses what it learned", "{n} lose what they learned", n)


def _new_problems(n: int) -> str:
    return ngettext("{n} new problem", "{n} new problems", n)


def impact(before: Diagnosis | Report | Graph, graph: Graph, context: Context = NOTHING) -> Impact:
    """What changes when a network becomes ``graph``.

    Args:
        before: the network as it is; given its diagnosis or its report, only the difference is worked out.
        context: data, weights and machine; a diagnosis brings its own.
    """
    if isinstance(before, Graph):
        before = analyse(before)
    if isinstance(before, Report):
        before = diagnose(before, context)
    old, context = before.report, before.context
    new = analyse(graph, old)
    after = diagnose(new, context, before)
    differing = [
        node_id
        for node_id, facts in old.facts.items()
        if node_id in new.facts and new.facts[node_id] is not facts and new.facts[node_id].shape != facts.shape
    ]
    lost = tuple(
        node_id for node_id in context.trained if _fits(old, context, node_id) and not _fits(new, context, node_id)
    )
    left = {one.key for one in after.problems}
    return Impact(
        tuple(node_id for node_id in differing if old.facts[node_id].shape is not None),
        lost,
        old.totals.parameters,
        new.totals.parameters,
        tuple(one for one in before.problems if one.key not in left),
        tuple(one for one in after.problems if before.makes(one)),
        tuple(node_id for node_id in differing if old.facts[node_id].shape is None),
    )


def _fits(report: Report, context: Context, node_id: str) -> bool:
    """Whether a layer can carry the weights it learned. One whose inputs are not known yet keeps them."""
    facts = report.facts.get(node_id)
    if facts is None:
        return False
    if facts.shape is None:
        return True
    return weight_shapes(report.graph.nodes[node_id].layer, facts.inputs) == context.trained[node_id]
