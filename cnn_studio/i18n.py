"""The reader's language: translated texts and numbers.

Every lookup asks for the language of the moment, so the language can be changed while the program runs.
"""

import gettext as _gettext
import os
from collections.abc import Mapping
from functools import cache
from math import floor, isfinite, isnan, log10
from pathlib import Path

DOMAIN = "cnn_studio"
LOCALE_FOLDER = Path(__file__).parent / "resources" / "locale"

_SOURCE = "en"
_LANGUAGES = {"en": "English", "es": "español"}
_NARROW_SPACE = "\u202f"
_VARIABLES = ("CNN_STUDIO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")

_current = _SOURCE


def _(text: str) -> str:
    """The text in the reader's language."""
    return _catalogue(_current).gettext(text) if text else ""


def in_language(code: str, text: str) -> str:
    """The text in a language that need not be the reader's, as for a search that knows names in all of them."""
    return _catalogue(_nearest(code)).gettext(text) if text else ""


def ngettext(one: str, many: str, n: int) -> str:
    """The form of the text that goes with n things."""
    return _catalogue(_current).ngettext(one, many, n)


def pgettext(context: str, text: str) -> str:
    """The text where the same English word has several translations; the context tells which is meant."""
    return _catalogue(_current).pgettext(context, text)


def N_(text: str) -> str:  # noqa: N802 - the name by which gettext tools know it
    """Marks a text for translation that is looked up later, with _."""
    return text


def languages() -> Mapping[str, str]:
    """Code of every language the studio speaks -> the language's name for itself."""
    return dict(_LANGUAGES)


def language() -> str:
    """The code of the language in use."""
    return _current


def set_language(code: str) -> None:
    """Changes the language; 'es_AR.UTF-8' means 'es', and a language the studio does not speak means English."""
    global _current  # noqa: PLW0603 - one reader, one language
    _current = _nearest(code)


def asked_language() -> str:
    """The language that CNN_STUDIO_LANGUAGE asks for, whatever was chosen before; "" when it does not."""
    wanted = os.environ.get(_VARIABLES[0])
    return _nearest(wanted) if wanted else ""


def system_language() -> str:
    """The language that the environment asks for."""
    for variable in _VARIABLES:
        if wanted := os.environ.get(variable):
            return _nearest(wanted)
    return _SOURCE


def _nearest(code: str) -> str:
    """The first language spoken here in a locale name ('es_ES@euro') or a list of them ('gl:es:en')."""
    for name in code.split(":"):
        short = name.replace("-", "_").split("_")[0].split(".")[0].split("@")[0].lower()
        if short in _LANGUAGES:
            return short
    return _SOURCE


@cache
def _catalogue(code: str) -> _gettext.NullTranslations:
    if code == _SOURCE:
        return _gettext.NullTranslations()
    return _gettext.translation(DOMAIN, LOCALE_FOLDER, [code])


def integer(n: int) -> str:
    """61706 -> '61,706'; in Spanish '61 706' with a narrow space, and four digits stay together."""
    return _written(f"{n:,}")


def decimal(x: float, digits: int) -> str:
    """The number with so many decimal digits: '0.50', in Spanish '0,50'."""
    return _written(f"{x:z,.{digits}f}")


def duration(seconds: float) -> str:
    """Minutes and seconds, or hours and minutes: "0:21", "1 h 05 min"."""
    whole = max(0, round(seconds))
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
    return f"{whole // 60}:{whole % 60:02d}"


def percent(share: float) -> str:
    """A share as a percentage: "99.0 %"."""
    return f"{decimal(100 * share, 1)} %"


def figure(x: float, digits: int = 3) -> str:
    """A number of any size in so many significant digits: '0.0123', '1.5', '1,230', '1.2e-07'."""
    if not isfinite(x):
        return "?" if isnan(x) else "∞" if x > 0 else "-∞"
    size = floor(log10(abs(x))) if x else 0
    if not -4 <= size < 6:
        return _written(f"{x:.{digits - 1}e}")
    text = f"{x:z,.{max(0, digits - 1 - size)}f}"
    return _written(text.rstrip("0").rstrip(".") if "." in text else text)


def data_size(n_bytes: int) -> str:
    """246824 -> '247 kB': three significant digits."""
    return _scaled(n_bytes, ("B", "kB", "MB", "GB", "TB"))


def count_short(n: int) -> str:
    """4100840 -> '4.1 M': three significant digits."""
    return _scaled(n, ("", "k", "M", "G", "T")).rstrip()


def _scaled(n: int, units: tuple[str, ...]) -> str:
    rounded = float(f"{n:.3g}")
    index = min((len(str(int(abs(rounded)))) - 1) // 3, len(units) - 1)
    number = f"{rounded / 1000**index:,.2f}".rstrip("0").rstrip(".")
    return f"{_written(number)} {units[index]}"


def _written(number: str) -> str:
    """A number as Python writes it in English ('1,234.5') in the reader's way."""
    if _current == _SOURCE:
        return number
    whole, point, fraction = number.partition(".")
    long = len(whole.replace(",", "").lstrip("-")) > 4
    return whole.replace(",", _NARROW_SPACE if long else "") + point.replace(".", ",") + fraction
