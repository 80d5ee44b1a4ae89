"""Keeps the Spanish catalogue in step with the code.

    tools/translations.py sync [fragment.json]    take over new texts, drop unused ones, merge the fragment, compile
    tools/translations.py check                   change nothing; fail where a sync would change something

A fragment maps a text to its translation: {"Open": "Abrir", "{n} layer": ["{n} capa", "{n} capas"]}; a text with a
context is written "context\\u0004text". Both commands print what is not yet translated as a fragment to fill in.
"""

import argparse
import fcntl
import io
import json
import os
import string
import sys
import tempfile
import tokenize
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "cnn_studio"
LANGUAGE = "es"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
CONTEXT_MARK = "\u0004"

Text = str | list[str]
"""One form, or the singular and the plural."""


class SpanishCatalog(Catalog):
    """A catalogue whose header holds no dates and no versions: the same texts give the same bytes."""

    def __init__(self) -> None:
        super().__init__(locale=LANGUAGE, fuzzy=False, header_comment="# Spanish texts of CNN Studio.")

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "CNN Studio"),
            ("Language", LANGUAGE),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", f"{self.plural_forms}\n"),
        ]


class UnusableError(Exception):
    """The work cannot be done; the message says why."""


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    sync_command = commands.add_parser("sync", help="bring the catalogue up to date with the code")
    sync_command.add_argument("fragment", nargs="?", type=Path, help="JSON file with translations to merge")
    commands.add_parser("check", help="fail if the catalogue is not what a sync would give, or a translation is wrong")
    arguments = parser.parse_args(argv)
    folder = root / PACKAGE / "resources" / "locale" / LANGUAGE / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with locked(folder):
            if arguments.command == "sync":
                return sync(root, folder, arguments.fragment)
            return check(root, folder)
    except UnusableError as error:
        print(error, file=sys.stderr)
        return 2


def sync(root: Path, folder: Path, fragment: Path | None) -> int:
    """Writes the catalogue; 1 when texts are left without translation."""
    news = read_fragment(fragment) if fragment else {}
    catalog = assemble(root, folder, news)
    write_all(catalog, folder)
    for unknown in sorted(news.keys() - {key(message) for message in texts(catalog)}):
        print(f"not in the code, left out: {unknown!r}", file=sys.stderr)
    return report(catalog)


def check(root: Path, folder: Path) -> int:
    """Says what is wrong with the catalogue as it is; 0 when nothing is."""
    catalog = assemble(root, folder, {})
    failed = report(catalog)
    for file, content in compiled(catalog, folder).items():
        if not file.exists() or file.read_bytes() != content:
            print(f"{file.relative_to(root)} is out of date: run tools/translations.py sync", file=sys.stderr)
            failed = 1
    return failed


def report(catalog: Catalog) -> int:
    """Prints what lacks a translation (JSON, standard output) and what is translated wrongly; 1 if there is any."""
    missing = {key(message): blank(message) for message in texts(catalog) if not translated(message)}
    print(json.dumps(missing, ensure_ascii=False, indent=1))
    wrong = [problem for message in texts(catalog) if translated(message) and (problem := wrong_fields(message))]
    for problem in wrong:
        print(problem, file=sys.stderr)
    return 1 if missing or wrong else 0


def assemble(root: Path, folder: Path, news: dict[str, Text]) -> Catalog:
    """The texts of the code, sorted, with the translations known so far and the new ones."""
    found = extract(root)
    known = known_translations(folder)
    catalog = SpanishCatalog()
    for message in sorted(texts(found), key=lambda message: (forms(message.id), message.context or "")):
        translation = news.get(key(message)) or known.get(key(message))
        if translation is None or isinstance(translation, list) != message.pluralizable:
            translation = blank(message)
        added = catalog.add(message.id, translation, message.locations, context=message.context)
        added.flags.discard("python-format")  # these texts use named fields; a "%" in them is a per cent sign
    return catalog


def extract(root: Path) -> Catalog:
    """Every text that the code marks for translation, with the files it stands in."""
    catalog = Catalog()
    for file in [*sorted((root / PACKAGE).rglob("*.py")), *root.glob("run.py")]:
        name = file.relative_to(root).as_posix()
        try:
            for _line, text, _comments, context in extract_from_file("python", file, KEYWORDS):
                if text:
                    catalog.add(text, locations=[(name, 0)], context=context)  # line 0 is not written down
        except (tokenize.TokenError, SyntaxError) as error:
            raise UnusableError(f"{name} cannot be read as Python: {error}") from error
    return catalog


def known_translations(folder: Path) -> dict[str, Text]:
    file = po_file(folder)
    if not file.exists():
        return {}
    with file.open("rb") as stream:
        catalog = read_po(stream, locale=LANGUAGE)
    return {
        key(message): message.string if isinstance(message.string, str) else list(forms(message.string))
        for message in texts(catalog)
        if translated(message)
    }


def read_fragment(file: Path) -> dict[str, Text]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnusableError(f"{file} cannot be read: {error}") from error
    if not isinstance(content, dict) or not all(is_text(value) for value in content.values()):
        raise UnusableError(f'{file} must map each text to its translation, or to ["singular", "plural"].')
    return {text: translation for text, translation in content.items() if all(forms(translation))}


def is_text(value: object) -> bool:
    if isinstance(value, list):
        return len(value) == 2 and all(isinstance(form, str) for form in value)
    return isinstance(value, str)


def texts(catalog: Catalog) -> Iterator[Message]:
    """The messages without the catalogue's header."""
    return (message for message in catalog if message.id)


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """A text as its forms: one, or singular and plural."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def key(message: Message) -> str:
    """The name of a message in a fragment."""
    singular = forms(message.id)[0]
    return f"{message.context}{CONTEXT_MARK}{singular}" if message.context else singular


def blank(message: Message) -> Text:
    return ["", ""] if message.pluralizable else ""


def translated(message: Message) -> bool:
    return all(forms(message.string))


def wrong_fields(message: Message) -> str:
    """A sentence if a translation has not the {fields} of its text; a singular may leave out the number."""
    sources = forms(message.id)
    expected = fields(sources[-1])
    if expected is None:  # braces that no format reads: the text is shown as it is
        return ""
    for index, translation in enumerate(forms(message.string)):
        found = fields(translation)
        singular = message.pluralizable and index == 0
        if found is None or not found <= expected or (found != expected and not singular):
            return f"fields differ: {sources[-1]!r} -> {translation!r}"
    return ""


def fields(text: str) -> set[str] | None:
    """The names in braces; None when the braces are no format."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return None
    return {name for _text, name, _format, _conversion in parts if name is not None}


def po_file(folder: Path) -> Path:
    return folder / f"{PACKAGE}.po"


def compiled(catalog: Catalog, folder: Path) -> dict[Path, bytes]:
    """The content of the readable and of the compiled file."""
    readable, binary = io.BytesIO(), io.BytesIO()
    write_po(readable, catalog, width=0)
    write_mo(binary, catalog)
    return {po_file(folder): readable.getvalue(), po_file(folder).with_suffix(".mo"): binary.getvalue()}


def write_all(catalog: Catalog, folder: Path) -> None:
    """Replaces each file at once, so that a program that starts meanwhile reads the old one or the new one."""
    for file, content in compiled(catalog, folder).items():
        if file.exists() and file.read_bytes() == content:
            continue
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as stream:
            stream.write(content)
        temporary = Path(stream.name)
        temporary.chmod(0o644)
        temporary.replace(file)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One at a time: the lock is on the folder itself and leaves no file behind."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


if __name__ == "__main__":
    sys.exit(main())
