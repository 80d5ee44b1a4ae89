"""From the options of ``train`` to a session that can begin or go on. Imported only when it does: it loads torch."""

from __future__ import annotations

import argparse
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

from cnn_studio.cli import common, output
from cnn_studio.cli.common import Failure, Net
from cnn_studio.core.analysis import analyse
from cnn_studio.core.context import Context
from cnn_studio.core.graph import Graph
from cnn_studio.core.plans import augmentations, optimizers, schedules
from cnn_studio.core.plans.plan import PlanError, TrainingPlan, part_from_json, plan_from_json, plan_to_json
from cnn_studio.core.plans.preparation import Colour, Resize
from cnn_studio.core.problems import diagnose
from cnn_studio.engine import starting
from cnn_studio.engine.datasets import sources
from cnn_studio.engine.datasets.base import Dataset
from cnn_studio.engine.datasets.generated import GeneratedSource
from cnn_studio.engine.datasets.opening import data_folder, open_data
from cnn_studio.engine.finding import run_folder
from cnn_studio.engine.preparing import adapted, facts_of, fitted, network_input
from cnn_studio.engine.runs import Run, open_run
from cnn_studio.engine.session import Session
from cnn_studio.i18n import _, ngettext

PLAIN = {
    "epochs": "epochs", "batch_size": "batch_size", "lr": "rate", "precision": "precision", "device": "device",
    "threads": "threads", "seed": "seed", "subset": "subset", "validation": "validation", "patience": "patience",
}  # fmt: skip
"""Options and the fields of the plan that they set."""
FIXED = ("seed", "subset", "validation", "batch_size")
"""Options that decide which samples are judged by and which step comes next: a run keeps them as long as it lives."""


# -- a new run ---------------------------------------------------------------------------------------------------------


def fresh(options: argparse.Namespace) -> tuple[Session, Run]:
    """A session and the folder that it will be kept in."""
    session, net = prepared(options)
    return session, starting.kept(
        session, replace(net.project, name=net.name), Path(options.out) if options.out else None
    )


def prepared(options: argparse.Namespace) -> tuple[Session, Net]:
    """A session that is ready to begin, and the network that was named."""
    net = common.open_net(options.net)
    stored = plan_from_json(net.project.plan or {})
    name = options.data or (stored.data if net.project.plan else _own_data(net))
    plan = planned(stored, options).model_copy(update={"data": settled(name)})
    data = opened(plan.data)
    graph = adapted(net.project.graph, data) if net.starter else net.project.graph
    if graph is not net.project.graph:
        output.message(
            _("{name} now answers with {n} numbers, one for each class of {data}.").format(
                name=net.name, n=len(data.classes), data=data.name
            )
        )
    _check(graph, data, options.net)
    fitting = fitted(plan, graph, data)
    if fitting is not plan and any(isinstance(step, (Colour, Resize)) for step in fitting.preparation):
        output.message(
            _("The samples of {data} are brought to {shape} for the network.").format(
                data=data.name, shape=network_input(graph)
            )
        )
    return Session(graph, fitting, data, cache=starting.cache_file()), net


def settled(name: str) -> str:
    """The name of a data set, or the whole path of one's own: where the command is given says nothing later."""
    if name in sources:
        return name
    path = Path(name).expanduser()
    return str(path.resolve()) if path.exists() else name


def opened(name: str) -> Dataset:
    """The data, with words about what takes time and what is left out. Raises DataError."""
    source = sources.get(name)
    if isinstance(source, GeneratedSource) and not source.is_kept(data_folder()):
        output.message(_("Drawing “{name}”, which is done once and takes a while.").format(name=name))
    data = open_data(name)
    if data.skipped:
        count = len(data.skipped)
        output.message(ngettext("{n} file was left out:", "{n} files were left out:", count).format(n=count))
        for _name, why in data.skipped[:5]:
            output.message(f"  {why}")
    return data


def _check(graph: Graph, data: Dataset, net: str) -> None:
    """Raises Failure with the first thing that is wrong with a network for these data, and the command that mends it."""
    facts = facts_of(graph, data)
    errors = diagnose(analyse(graph), Context(data=facts)).errors
    if not errors:
        return
    command = ["cnn-studio", "fix", net]
    if errors[0].code == "units_classes":
        command += ["--sample", str(facts.sample).replace("×", "x"), "--classes", str(len(data.classes))]
    sentence = _("{problem} (`{command}` shows how to mend it).")
    raise Failure(sentence.format(problem=str(errors[0].message).rstrip("."), command=shlex.join(command)))


def _own_data(net: Net) -> str:
    """The data set that a network was drawn for. Raises Failure when it is none that the studio has."""
    data = net.project.data
    if data is None:
        return TrainingPlan().data
    if data.name not in sources:
        sentence = _("{name} is meant for “{data}”, which is none of the data sets here; name yours with --data.")
        raise Failure(sentence.format(name=net.name, data=data.name))
    return data.name


def planned(plan: TrainingPlan, options: argparse.Namespace) -> TrainingPlan:
    """The plan with what the options say. Raises UsageError in a form's words."""
    values: dict[str, Any] = plan_to_json(plan)
    for option, field in PLAIN.items():
        if (value := getattr(options, option)) is not None:
            values[field] = value
    try:
        if options.optimizer is not None:
            optimizer = _part(optimizers, options.optimizer)
            values["optimizer"] = {"kind": options.optimizer}
            if options.lr is None and options.optimizer != plan.optimizer.kind:
                values["rate"] = type(optimizer).default_rate
        if options.schedule is not None:
            values["schedule"] = {"kind": _part(schedules, options.schedule).kind}
        if options.augment is not None:
            names = [name.strip() for name in options.augment.split(",") if name.strip() not in ("", "none")]
            values["augmentation"] = [{"kind": _part(augmentations, name).kind} for name in names]
        return plan_from_json(values)
    except PlanError as error:
        raise _wrong_use(f"{error}.") from None


def _part(registry: Any, name: str) -> Any:
    """A part of a plan with its defaults. Raises UsageError naming those there are."""
    if name not in registry:
        sentence = _("There is no “{name}” to choose; there are {names}.")
        raise _wrong_use(sentence.format(name=name, names=", ".join(registry)))
    return part_from_json(registry, {"kind": name})


def _wrong_use(sentence: str) -> Exception:
    from cnn_studio.cli.parsing import UsageError, parser_of

    return UsageError(sentence, parser_of("train").format_usage().rstrip())


# -- a run that goes on ------------------------------------------------------------------------------------------------


def resumed(options: argparse.Namespace) -> tuple[Session, Run, TrainingPlan] | Run:
    """A session that goes on where a run stands, and what the run is to do from now on; the run alone where nothing is
    left to do. Raises Failure, RunError, DataError and the like; the run stays as it was."""
    run = open_run(options.resume, run_folder())
    with run.locked():
        stored = run.plan()
        checkpoint = run.checkpoint() if run.has_checkpoint() else None
    plan = planned(stored, options)
    for field in FIXED if checkpoint is not None else ():
        if getattr(plan, field) != getattr(stored, field):
            sentence = _("A run that goes on keeps its {option} of {value}: begin a new run to change it.")
            option = f"--{field.replace('_', '-')}"
            raise Failure(sentence.format(option=option, value=getattr(stored, field)))
    if checkpoint is not None and checkpoint.numbers["epoch"] >= plan.epochs:
        return run
    if options.data:
        plan = plan.model_copy(update={"data": settled(options.data)})
    session, plan = starting.resumed(run, plan, opened(plan.data), tell=lambda words: output.message(str(words)))
    return session, run, plan
