"""cnn-studio doctor"""

from __future__ import annotations

import argparse

from cnn_studio.i18n import N_, _

SUMMARY = N_("Say what is missing on this machine, and the command that mends it.")
EXAMPLES = (
    ("cnn-studio doctor", N_("checks this machine")),
    ("cnn-studio doctor --thorough", N_("also loads each large library once, which takes some seconds")),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's own options."""
    parser.add_argument("--thorough", action="store_true", help=_("also load each large library once"))


def execute(options: argparse.Namespace) -> int:
    """Prints every check; 1 when something necessary is missing."""
    from cnn_studio.cli import checks, output

    found = list(checks.all_checks(options.thorough))
    sound = all(check.status != checks.PROBLEM for check in found)
    if options.json:
        rows = [{"name": one.name, "status": one.status, "message": one.words, "mend": one.mend} for one in found]
        output.print_json({"ok": sound, "checks": rows})
        return 0 if sound else 1
    labels = {status: _(label) for status, label in checks.STATUS_LABELS.items()}
    first, second = max(map(len, labels.values())), max(len(check.name) for check in found)
    for check in found:
        output.print_text(f"{labels[check.status]:{first}}  {check.name:{second}}  {check.words}")
        if check.mend:
            output.print_text(f"{'':{first}}  {'':{second}}  {check.mend}")
    output.print_text("")
    if sound:
        output.print_text(_("Everything necessary is there."))
    else:
        output.print_text(_("Something necessary is missing: the commands above mend it."))
    return 0 if sound else 1
