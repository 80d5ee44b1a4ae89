"""cnn-studio data"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.engine.datasets.base import Dataset
    from cnn_studio.engine.datasets.source import Source

SUMMARY = N_("List the data sets, look into one, or fetch one.")
EXAMPLES = (
    ("cnn-studio data list", N_("the sets that the studio knows")),
    ("cnn-studio data info photos/", N_("what is in a folder of one's own, and which files are damaged")),
    ("cnn-studio data fetch mnist", N_("from the network, checked by checksum")),
    ("cnn-studio data fetch mnist --from /media/stick", N_("from files already at hand")),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's own arguments."""
    parser.add_argument("action", choices=("list", "info", "fetch"), help=_("what to do"))
    parser.add_argument(
        "name", metavar="D", nargs="?", help=_("the name of a data set, or a folder or file of one's own")
    )
    parser.add_argument("--from", metavar=_("FOLDER"), dest="source", help=_("take the files from this folder"))
    parser.add_argument("--sheet", metavar=_("FILE"), help=_("write a sheet of samples as a picture (PNG)"))


def execute(options: argparse.Namespace) -> int:
    """Lists, describes or fetches."""
    from cnn_studio.cli.engine import engine_failures
    from cnn_studio.cli.parsing import UsageError, parser_of

    if (options.name is None) != (options.action == "list"):
        needed = _("“list” takes no name.") if options.name else _("Name a data set, or a folder or file of your own.")
        raise UsageError(needed, parser_of("data").format_usage().rstrip())
    with engine_failures():
        if options.action == "list":
            return _list(options.json)
        if options.action == "info":
            return _info(options)
        return _fetch(options)


def _facts(source: Source) -> dict[str, Any]:
    from cnn_studio.engine.datasets.opening import data_folder

    return {
        "name": source.name, "label": _(source.label), "about": _(source.about), "medium": source.medium,
        "sample": [source.sample.channels, *source.sample.sizes], "classes": len(source.classes),
        "counts": dict(source.counts), "download": source.size, "here": source.is_here(data_folder()),
        "licence": source.licence, "origin": _(source.origin),
    }  # fmt: skip


def _drawn_facts(name: str) -> dict[str, Any]:
    from cnn_studio.engine.datasets.drawings import drawings_folder, drawn_counts

    counts = drawn_counts(name)
    return {
        "name": name, "label": name, "about": _("Drawings of your own, {n} in all.").format(n=sum(counts.values())),
        "medium": "picture", "sample": None, "classes": len(counts), "counts": {"train": sum(counts.values())},
        "download": 0, "here": True, "licence": "", "origin": str(drawings_folder() / name),
    }  # fmt: skip


def _list(as_json: bool) -> int:
    from cnn_studio.cli import output
    from cnn_studio.cli.commands.evaluate import table
    from cnn_studio.core.words import shape_words
    from cnn_studio.engine.datasets import sources
    from cnn_studio.engine.datasets.drawings import drawn_sets
    from cnn_studio.i18n import data_size, integer

    facts = [*map(_facts, sources.values()), *map(_drawn_facts, drawn_sets())]
    if as_json:
        output.print_json(facts)
        return 0
    rows = [(_("Name"), _("Sample"), _("Classes"), _("Samples"), _("To fetch"))]
    for one in facts:
        shape = shape_words(one["sample"][0], tuple(one["sample"][1:])) if one["sample"] else ""
        to_fetch = _("is here") if one["here"] else data_size(one["download"])
        rows.append((one["name"], shape, str(one["classes"]), integer(sum(one["counts"].values())), to_fetch))
    lines = table(rows)
    output.print_text(
        "\n".join([lines[0], *(f"{line}\n    {one['about']}" for line, one in zip(lines[1:], facts, strict=True))])
    )
    return 0


def _info(options: argparse.Namespace) -> int:
    from pathlib import Path

    from cnn_studio.cli import output
    from cnn_studio.engine.datasets.opening import open_data
    from cnn_studio.engine.datasets.sheet import sheet_png

    data = open_data(options.name)
    if options.sheet:
        output.write_file(str(Path(options.sheet)), sheet_png(data))
    document = _described(data)
    if options.json:
        output.print_json(document)
    else:
        output.print_text("\n".join(_told(data, document)))
    return 0


def _described(data: Dataset) -> dict[str, Any]:
    import numpy as np

    splits = {}
    for name, samples in data.splits.items():
        counts = np.bincount(samples.labels, minlength=len(data.classes))
        splits[name] = {"samples": len(samples), "classes": dict(zip(data.classes, counts.tolist(), strict=True))}
    shape = data.train.shape
    return {
        "name": data.name, "medium": data.medium, "classes": list(data.classes),
        "sample": None if shape is None else [shape.channels, *shape.sizes], "splits": splits,
        "licence": data.licence, "source": data.source, "skipped": [{"file": file, "error": why} for file, why in data.skipped],
    }  # fmt: skip


def _told(data: Dataset, document: dict[str, Any]) -> list[str]:
    from cnn_studio.cli.commands.evaluate import table
    from cnn_studio.i18n import integer

    shape = data.train.shape
    lines = [f"{data.name}: {_several() if shape is None else shape}"]
    if data.licence:
        lines.append(_("Licence: {licence}; {source}").format(licence=data.licence, source=_(data.source)))
    rows = [("", *(_(split) for split in document["splits"]))]
    rows += [
        (_(name), *(integer(one["classes"][name]) for one in document["splits"].values())) for name in data.classes
    ]
    rows.append((_("together"), *(integer(one["samples"]) for one in document["splits"].values())))
    lines += table(rows)
    if data.skipped:
        lines += ["", _("Left out:"), *(f"  {why}" for _file, why in data.skipped)]
    return lines


def _several() -> str:
    return _("samples of several sizes")


def _fetch(options: argparse.Namespace) -> int:
    from pathlib import Path

    from cnn_studio.cli import output
    from cnn_studio.cli.common import Failure
    from cnn_studio.engine.datasets import sources
    from cnn_studio.engine.datasets.fetched import FetchedSource, fetch, take_from
    from cnn_studio.engine.datasets.opening import data_folder
    from cnn_studio.i18n import data_size

    source = sources.get(options.name)
    if source is None:
        raise Failure(
            _("There is no data set “{name}” to fetch; `cnn-studio data list` shows those there are.").format(
                name=options.name
            )
        )
    if isinstance(source, FetchedSource):
        folder = source.folder_in(data_folder())
        if options.source:
            take_from(source.files, Path(options.source), folder)
        else:
            output.message(
                _("{name}: {size} from {origin}").format(
                    name=source.label, size=data_size(source.size), origin=source.origin
                )
            )
            fetch(source.files, folder, _Meter())
            output.message("")
    if options.json:
        output.print_json(_facts(source))
    else:
        output.print_text(_("“{name}” is here").format(name=source.name))
    return 0


class _Meter:
    """Bytes fetched so far, on one line of standard error."""

    def __call__(self, name: str, count: int, total: int) -> None:
        import sys

        if sys.stderr.isatty() or count == total:
            sys.stderr.write(f"\r{name}: {100 * count // max(1, total)} %" + ("\n" if count == total else ""))
            sys.stderr.flush()
