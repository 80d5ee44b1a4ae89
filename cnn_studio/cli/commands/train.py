"""cnn-studio train"""

from __future__ import annotations

import argparse
import shlex
from typing import TYPE_CHECKING, Any

from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.core.plans.plan import TrainingPlan
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
    from cnn_studio.cli.parsing import UsageError, parser_of

    usage = parser_of("train").format_usage().rstrip()
    if (options.net is None) == (options.resume is None):
        raise UsageError(_("Name a network to train, or a run to go on with (--resume RUN)."), usage)
    if options.find_lr and (options.resume or options.out):
        raise UsageError(_("--find-lr keeps no run: name a network, without --resume and --out."), usage)
    if options.resume and options.out:
        raise UsageError(_("A run that goes on stays where it is: --resume does not go with --out."), usage)
    from cnn_studio.cli.engine import engine_failures
    from cnn_studio.cli.sessions import fresh, prepared, resumed

    with engine_failures():
        if options.find_lr:
            from cnn_studio.cli.rates import find_rate

            return find_rate(prepared(options)[0], options.json)
        if not options.resume:
            return _train(*fresh(options), None, options)
        found = resumed(options)
        return _train(*found, options) if isinstance(found, tuple) else _nothing_left(found, options)


def _train(session: Session, run: Run, plan: TrainingPlan | None, options: argparse.Namespace) -> int:
    from cnn_studio.cli import output
    from cnn_studio.cli.engine import interrupts_stop
    from cnn_studio.cli.progress import Bar
    from cnn_studio.engine.events import BatchEnded, EpochEnded, Noticed, RunEnded, RunStarted
    from cnn_studio.engine.recording import recorded
    from cnn_studio.engine.refusals import sentence_of
    from cnn_studio.i18n import integer, ngettext

    bar, ended = Bar(1, 1), None
    with interrupts_stop(session.control):
        for event in recorded(session, run, plan):
            if isinstance(event, RunStarted):
                bar = Bar(event.epochs, event.batches, event.step)
                bar.line(
                    _("run {run}: {samples} samples, {parameters} parameters, {device} {precision}, {threads}").format(
                        run=run.name, samples=integer(event.samples), parameters=integer(event.parameters),
                        device=event.device.upper(), precision=event.precision,
                        threads=ngettext("{n} thread", "{n} threads", event.threads).format(n=event.threads),
                    )
                )  # fmt: skip
            elif isinstance(event, BatchEnded):
                bar.batch(event.epoch, event.step, event.loss, event.accuracy, event.samples_per_second)
            elif isinstance(event, EpochEnded):
                bar.line(_epoch_line(event))
            elif isinstance(event, Noticed):
                bar.line(sentence_of(event.message))
            elif isinstance(event, RunEnded):
                ended = event
    bar.clear()
    assert ended is not None
    if ended.reason == "failed":
        output.complain(sentence_of(ended.message), as_json=False)
        if run.has_checkpoint():
            sentence = _("What was learned is kept; `cnn-studio train --resume {run}` goes on from there.")
            output.message(sentence.format(run=shlex.quote(run.name)))
    elif ended.message:
        output.message(sentence_of(ended.message))
    return _told(run, options.json)


def _nothing_left(run: Run, options: argparse.Namespace) -> int:
    """Says that a run has gone through all its epochs."""
    from cnn_studio.cli import output
    from cnn_studio.i18n import ngettext

    done = run.checkpoint().numbers["epoch"]
    sentence = ngettext(
        "The run {run} has done its one epoch; `--epochs {more}` would go on with it.",
        "The run {run} has done all its {n} epochs; `--epochs {more}` would go on with it.",
        done,
    )
    output.message(sentence.format(run=run.name, n=done, more=2 * done))
    _told(run, options.json)
    return 0


def _told(run: Run, as_json: bool) -> int:
    """Prints what came of a run; the exit status. Raises Failure when its record cannot be read."""
    from cnn_studio.cli import output
    from cnn_studio.cli.common import Failure
    from cnn_studio.cli.engine import run_json
    from cnn_studio.engine.record import RecordError
    from cnn_studio.engine.refusals import sentence_of
    from cnn_studio.i18n import duration, percent

    try:
        document = run_json(run)
    except RecordError as error:
        sentence = _("{problem} What was learned is kept in {folder}.")
        raise Failure(sentence.format(problem=sentence_of(str(error)), folder=run.folder)) from error
    failed = document["state"] == "failed"
    if as_json:
        output.print_json(document)
    elif not failed:
        best, time = document["best"], duration(document["seconds"] or 0)
        text = _("kept as {run} after {time}").format(run=run.name, time=time)
        if best is not None:
            text = _("{accuracy} right in epoch {epoch}, the best; kept as {run} after {time}").format(
                accuracy=percent(best["accuracy"]), epoch=best["epoch"], run=run.name, time=time
            )
        output.print_text(text)
    return 1 if failed else 0


def _epoch_line(event: Any) -> str:
    from cnn_studio.i18n import decimal, duration, percent

    text = _("epoch {epoch}: loss {loss}, {accuracy} right").format(
        epoch=event.epoch, loss=decimal(event.train.loss, 4), accuracy=percent(event.train.accuracy)
    )
    if event.validation is not None:
        text += "; " + _("validation: loss {loss}, {accuracy} right").format(
            loss=decimal(event.validation.loss, 4), accuracy=percent(event.validation.accuracy)
        )
    return f"{text}  ({duration(event.seconds)})"
