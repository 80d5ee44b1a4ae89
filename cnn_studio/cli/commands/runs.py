"""cnn-studio runs"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.engine.runs import Run

SUMMARY = N_("List, show, compare, rename and delete what was trained.")
EXAMPLES = (
    ("cnn-studio runs list", N_("all runs, the latest last")),
    ("cnn-studio runs compare run1 run2", N_("how two runs differ, and what came of each")),
    ("cnn-studio runs rename run1 lenet-on-mnist", N_("a name one remembers")),
    ("cnn-studio runs delete lenet-on-mnist", N_("remove it with everything in it")),
)
NEEDS = {
    "list": N_("“list” takes no names."), "show": N_("“show” needs the name of one run."),
    "compare": N_("“compare” needs the names of at least two runs."), "rename": N_("“rename” needs a run and its new name."),
    "delete": N_("“delete” needs the names of runs."), "note": N_("“note” needs a run and the words to keep with it."),
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's own arguments."""
    parser.add_argument("action", choices=("list", "show", "compare", "rename", "delete", "note"), help=_("what to do"))
    parser.add_argument("names", metavar=_("RUN"), nargs="*", help=_("a run's name, its folder, or “last”"))


def execute(options: argparse.Namespace) -> int:
    """Does what is asked with the runs named."""
    from cnn_studio.cli.engine import engine_failures
    from cnn_studio.cli.parsing import UsageError, parser_of
    from cnn_studio.engine.finding import remember_elsewhere, run_folder
    from cnn_studio.engine.runs import open_run

    needed = {"list": (0, 0), "show": (1, 1), "compare": (2, 99), "rename": (2, 2), "delete": (1, 99), "note": (2, 99)}
    fewest, most = needed[options.action]
    if not fewest <= len(options.names) <= most:
        raise UsageError(_(NEEDS[options.action]), parser_of("runs").format_usage().rstrip())
    with engine_failures():
        if options.action == "list":
            return _list(options.json)
        if options.action == "rename":
            renamed = open_run(options.names[0], run_folder()).rename(options.names[1])
            remember_elsewhere(renamed.folder, run_folder())
            return _done(renamed, options.json)
        if options.action == "note":
            return _note(open_run(options.names[0], run_folder()), " ".join(options.names[1:]), options.json)
        runs = [open_run(name, run_folder()) for name in options.names]
        if options.action == "delete":
            for run in runs:
                run.delete()
            return _deleted(runs, options.json)
        return _show(runs, options.json)


def _facts(run: Run) -> dict[str, Any]:
    """A run in one line of facts; a damaged one says what is wrong with it instead of hiding the others."""
    from cnn_studio.engine.overview import overview_of

    found = overview_of(run)
    if found.problem:
        return {"name": found.name, "folder": str(found.folder), "error": found.problem}
    best = None if found.best is None else {"epoch": found.best, "accuracy": found.accuracy}
    return {
        "name": found.name, "folder": str(found.folder), "state": found.state, "started": found.started, "data": found.data,
        "epochs": found.epochs, "planned": found.planned, "best": best, "seconds": found.seconds, "note": found.note,
    }  # fmt: skip


def _list(as_json: bool) -> int:
    from cnn_studio.cli import output
    from cnn_studio.cli.commands.evaluate import table
    from cnn_studio.engine.finding import run_folder
    from cnn_studio.engine.runs import runs_in

    facts = [_facts(run) for run in runs_in(run_folder())]
    if as_json:
        output.print_json(facts)
    elif not facts:
        output.print_text(_("Nothing has been trained yet; `cnn-studio train quick-digits` is a beginning."))
    else:
        rows = [(_("Run"), _("State"), _("Data"), _("Epochs"), _("Best"), _("Time"))]
        output.print_text("\n".join(table([*rows, *(_row(one) for one in facts)])))
    return 0


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    from pathlib import Path

    from cnn_studio.engine.finding import STATES
    from cnn_studio.i18n import duration, percent

    if "error" in one:
        return one["name"], one["error"], "", "", "", ""
    best = percent(one["best"]["accuracy"]) if one["best"] else "–"
    time = duration(one["seconds"]) if one["seconds"] else "–"
    state = _(STATES.get(one["state"], one["state"]))
    return one["name"], state, Path(one["data"]).name, f"{one['epochs']}/{one['planned']}", best, time


def _show(runs: list[Run], as_json: bool) -> int:
    """Facts, plan and epochs of runs; of several only what differs in their plans."""
    from cnn_studio.cli import output
    from cnn_studio.cli.engine import run_json
    from cnn_studio.core.plans.plan import plan_to_json

    documents = [{**_facts(run), "plan": plan_to_json(run.plan()), "run": run_json(run)} for run in runs]
    if as_json:
        output.print_json(documents if len(documents) > 1 else documents[0])
        return 0
    lines: list[str] = []
    for document in documents:
        lines += _told(document)
    if len(documents) > 1:
        lines += _differences(runs)
    output.print_text("\n".join(lines).rstrip())
    return 0


def _told(document: dict[str, Any]) -> list[str]:
    from cnn_studio.cli.commands.evaluate import table
    from cnn_studio.i18n import decimal, duration, percent

    row = _row(document)
    done = _("epochs: {done}").format(done=row[3])
    lines = [f"{row[0]}: {row[1]}, {row[2]}, {done}, {row[4]}, {row[5]}"]
    if document["note"]:
        lines.append(document["note"])
    rows = [(_("Epoch"), _("Loss"), _("Right"), _("Validation loss"), _("Right"), _("Time"))]
    for epoch in document["run"]["epochs"]:
        validation = epoch["validation"]
        rows.append(
            (
                str(epoch["epoch"]),
                decimal(epoch["train"]["loss"], 4),
                percent(epoch["train"]["accuracy"]),
                decimal(validation["loss"], 4) if validation else "–",
                percent(validation["accuracy"]) if validation else "–",
                duration(epoch["seconds"]),
            )
        )
    return [*lines, *table(rows), ""]


def _differences(runs: list[Run]) -> list[str]:
    from cnn_studio.cli.commands.evaluate import table
    from cnn_studio.engine.overview import plan_differences

    rows = plan_differences([run.plan() for run in runs])
    if not rows:
        return [_("The plans are the same.")]
    return [_("What differs in the plans:"), *table([("", *(run.name for run in runs)), *rows])]


def _note(run: Run, text: str, as_json: bool) -> int:
    with run.record() as record:
        record.set("note", text)
    return _done(run, as_json)


def _done(run: Run, as_json: bool) -> int:
    from cnn_studio.cli import output

    if as_json:
        output.print_json(_facts(run))
    else:
        output.print_text("  ".join(_row(_facts(run))).rstrip())
    return 0


def _deleted(runs: list[Run], as_json: bool) -> int:
    from cnn_studio.cli import output

    if as_json:
        output.print_json([run.name for run in runs])
    else:
        output.print_text(_("deleted: {names}").format(names=", ".join(run.name for run in runs)))
    return 0
