"""cnn-studio train"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.cli.common import Net
    from cnn_studio.core.plans.plan import TrainingPlan
    from cnn_studio.engine.datasets.base import Dataset
    from cnn_studio.engine.runs import Run
    from cnn_studio.engine.session import Session

SUMMARY = N_("Train a network on data, with a progress bar; every run is kept.")
EXAMPLES = (
    ("cnn-studio train quick-digits", N_("on the digits that come with the studio")),
    ("cnn-studio train lenet5 --data mnist --epochs 3", N_("on MNIST, three times through")),
    ("cnn-studio train mine.cnnstudio --data photos/ --augment flip,shift --out run1", N_("on one's own pictures")),
    ("cnn-studio train --resume last", N_("go on with a run that was interrupted")),
    ("cnn-studio train lenet5 --data mnist --find-lr", N_("which learning rate would suit it")),
)

PLAIN = {
    "epochs": "epochs", "batch_size": "batch_size", "lr": "rate", "precision": "precision", "device": "device",
    "threads": "threads", "seed": "seed", "subset": "subset", "validation": "validation", "patience": "patience",
}  # fmt: skip
"""Options and the fields of the plan that they set."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's own arguments."""
    parser.add_argument("net", metavar=_("NET"), nargs="?", help=_("the name of a starter, or a .cnnstudio file"))
    parser.add_argument("--data", metavar="D", help=_("the name of a data set, or a folder or file of one's own"))
    parser.add_argument("--out", metavar=_("RUN"), help=_("the folder to keep the run in"))
    parser.add_argument("--resume", metavar=_("RUN"), help=_("go on with a run: its name, its folder, or “last”"))
    parser.add_argument(
        "--find-lr", action="store_true", help=_("train nothing: try growing learning rates and suggest one")
    )
    group = parser.add_argument_group(_("the plan"))
    group.add_argument("--epochs", metavar="N", type=int, help=_("how often to go through the data"))
    group.add_argument("--batch-size", metavar="N", type=int, help=_("samples for each step"))
    group.add_argument("--lr", metavar="X", type=float, help=_("learning rate"))
    group.add_argument("--optimizer", metavar=_("NAME"), help=_("sgd, adam, adamw, rmsprop, adagrad or adadelta"))
    group.add_argument("--schedule", metavar=_("NAME"), help=_("constant, step, cosine, one_cycle or plateau"))
    group.add_argument(
        "--augment", metavar=_("KINDS"), help=_("ways of varying the samples, with commas: shift,rotate,...")
    )
    group.add_argument(
        "--validation", metavar=_("SHARE"), type=float, help=_("share of the samples kept apart to judge by")
    )
    group.add_argument("--patience", metavar="N", type=int, help=_("stop when so many epochs brought no progress"))
    group.add_argument("--subset", metavar="N", type=int, help=_("use only so many samples"))
    group.add_argument("--seed", metavar="N", type=int, help=_("start weights and order of the samples"))
    group.add_argument("--precision", choices=("auto", "fp32", "bf16", "fp16"), help=_("of the arithmetic"))
    group.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), help=_("where to train"))
    group.add_argument("--threads", metavar="N", type=int, help=_("processor threads; 0 measures"))


def execute(options: argparse.Namespace) -> int:
    """Trains, and prints what came of it."""
    from cnn_studio.cli.common import Failure
    from cnn_studio.cli.engine import engine_failures

    if (options.net is None) == (options.resume is None):
        raise Failure(_("Name a network to train, or a run to go on with (--resume RUN)."))
    if options.find_lr and (options.resume or options.out):
        raise Failure(_("--find-lr keeps no run: name a network, without --resume and --out."))
    with engine_failures():
        if options.find_lr:
            from cnn_studio.cli.rates import find_rate

            return find_rate(_prepared(options)[0], options.json)
        session, run = _resumed(options) if options.resume else _fresh(options)
        return _train(session, run, options)


def _fresh(options: argparse.Namespace) -> tuple[Session, Run]:
    from pathlib import Path

    from cnn_studio.engine.finding import run_folder
    from cnn_studio.engine.preparing import facts_of
    from cnn_studio.engine.runs import new_run

    session, net = _prepared(options)
    graph, data = session.setup.graph, session.setup.data
    named = type(net.project)(graph, net.name, net.project.story, view=net.project.view)
    path = Path(options.out) if options.out else None
    return session, new_run(run_folder(), named, session.plan, facts_of(graph, data), path=path)


def _prepared(options: argparse.Namespace) -> tuple[Session, Net]:
    """A session that is ready to begin, and the network that was named."""
    from pathlib import Path

    from cnn_studio.cli import common, output
    from cnn_studio.cli.engine import cache_file
    from cnn_studio.core.plans.plan import plan_from_json
    from cnn_studio.engine.datasets.opening import open_data
    from cnn_studio.engine.preparing import adapted, fitted
    from cnn_studio.engine.session import Session

    net = common.open_net(options.net)
    plan = plan_from_json(net.project.plan or {})
    name = options.data or (plan.data if net.project.plan else _own_data(net))
    plan = planned(plan, options).model_copy(
        update={"data": str(Path(name).resolve()) if Path(name).exists() else name}
    )
    data = open_data(plan.data)
    _tell_skipped(data)
    graph = adapted(net.project.graph, data) if net.starter else net.project.graph
    if graph is not net.project.graph:
        output.message(
            _("{name} now answers with {n} numbers, one for each class of {data}.").format(
                name=net.name, n=len(data.classes), data=data.name
            )
        )
    plan = fitted(plan, graph, data)
    return Session(graph, plan, data, cache=cache_file()), net


def _own_data(net: Net) -> str:
    """The data set that a network was drawn for. Raises Failure when it is none that the studio has."""
    from cnn_studio.cli.common import Failure
    from cnn_studio.core.plans.plan import TrainingPlan
    from cnn_studio.engine.datasets import sources

    data = net.project.data
    if data is None:
        return TrainingPlan().data
    if data.name not in sources:
        sentence = _("{name} is meant for “{data}”, which is none of the data sets here; name yours with --data.")
        raise Failure(sentence.format(name=net.name, data=data.name))
    return data.name


def _resumed(options: argparse.Namespace) -> tuple[Session, Run]:
    from cnn_studio.cli.engine import cache_file
    from cnn_studio.engine.datasets.opening import open_data
    from cnn_studio.engine.finding import run_folder
    from cnn_studio.engine.runs import open_run
    from cnn_studio.engine.session import Session

    run = open_run(options.resume, run_folder())
    project = run.project()
    plan = planned(run.plan(), options)
    checkpoint = run.checkpoint() if run.has_checkpoint() else None
    if plan != run.plan():
        run.write_plan(plan)
    placed = _as_before(plan, run)
    data = open_data(options.data or plan.data)
    return Session(project.graph, placed, data, resume=checkpoint, cache=cache_file()), run


def _as_before(plan: TrainingPlan, run: Run) -> TrainingPlan:
    """The plan on the device, in the precision and with the threads that the run began with."""
    with run.record() as record:
        placement = record.get("placement")
    if not placement:
        return plan
    device, precision, threads, layout = placement
    before = {"device": device, "precision": precision, "threads": threads, "memory_format": layout}
    chosen = {name: value for name, value in before.items() if getattr(plan, name) in ("auto", 0)}
    return plan.model_copy(update=chosen)


def planned(plan: TrainingPlan, options: argparse.Namespace) -> TrainingPlan:
    """The plan with what the options say. Raises PlanError in a form's words."""
    from cnn_studio.core.plans import augmentations, optimizers, schedules
    from cnn_studio.core.plans.plan import part_from_json, plan_from_json, plan_to_json

    values: dict[str, Any] = plan_to_json(plan)
    for option, field in PLAIN.items():
        if (value := getattr(options, option)) is not None:
            values[field] = value
    if options.optimizer is not None:
        optimizer = part_from_json(optimizers, {"kind": options.optimizer})
        values["optimizer"] = {"kind": options.optimizer}
        if options.lr is None and options.optimizer != plan.optimizer.kind:
            values["rate"] = type(optimizer).default_rate  # type: ignore[attr-defined]
    if options.schedule is not None:
        part_from_json(schedules, {"kind": options.schedule})
        values["schedule"] = {"kind": options.schedule}
    if options.augment is not None:
        names = [name.strip() for name in options.augment.split(",") if name.strip() not in ("", "none")]
        values["augmentation"] = [{"kind": part_from_json(augmentations, {"kind": name}).kind} for name in names]
    return plan_from_json(values)


def _tell_skipped(data: Dataset) -> None:
    from cnn_studio.cli import output
    from cnn_studio.i18n import ngettext

    if data.skipped:
        count = len(data.skipped)
        output.message(ngettext("{n} file was left out:", "{n} files were left out:", count).format(n=count))
        for _name, why in data.skipped[:5]:
            output.message(f"  {why}")


def _train(session: Session, run: Run, options: argparse.Namespace) -> int:
    from cnn_studio.cli import output
    from cnn_studio.cli.engine import interrupts_stop, run_json
    from cnn_studio.cli.progress import Bar, duration, percent
    from cnn_studio.engine.events import BatchEnded, EpochEnded, RunEnded, RunStarted
    from cnn_studio.engine.recording import recorded
    from cnn_studio.i18n import integer

    bar, ended = Bar(1, 1), None
    with interrupts_stop(session.control):
        for event in recorded(session, run):
            if isinstance(event, RunStarted):
                bar = Bar(event.epochs, event.batches, event.step)
                bar.line(
                    _("run {run}: {samples} samples, {parameters} parameters, {device} {precision}, {threads} threads").format(
                        run=run.name, samples=integer(event.samples), parameters=integer(event.parameters),
                        device=event.device.upper(), precision=event.precision, threads=event.threads,
                    )
                )  # fmt: skip
            elif isinstance(event, BatchEnded):
                bar.batch(event.epoch, event.step, event.loss, event.accuracy, event.samples_per_second)
            elif isinstance(event, EpochEnded):
                bar.line(_epoch_line(event))
            elif isinstance(event, RunEnded):
                ended = event
    assert ended is not None
    if ended.message:
        output.message(ended.message)
    document = run_json(run)
    if options.json:
        output.print_json(document)
    elif ended.reason != "failed":
        best = document["best"]
        text = _("kept as {run} after {time}").format(run=run.name, time=duration(ended.seconds))
        if best is not None:
            text = _("{accuracy} right in epoch {epoch}, the best; kept as {run} after {time}").format(
                accuracy=percent(best["accuracy"]), epoch=best["epoch"], run=run.name, time=duration(ended.seconds)
            )
        output.print_text(text)
    return 1 if ended.reason == "failed" else 0


def _epoch_line(event: Any) -> str:
    from cnn_studio.cli.progress import duration, percent
    from cnn_studio.i18n import decimal

    text = _("epoch {epoch}: loss {loss}, {accuracy} right").format(
        epoch=event.epoch, loss=decimal(event.train.loss, 4), accuracy=percent(event.train.accuracy)
    )
    if event.validation is not None:
        text += "; " + _("validation: loss {loss}, {accuracy} right").format(
            loss=decimal(event.validation.loss, 4), accuracy=percent(event.validation.accuracy)
        )
    return f"{text}  ({duration(event.seconds)})"
