"""The reader's language: choosing it, switching it, and numbers written in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnn_studio import i18n

VARIABLES = ("CNN_STUDIO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")
NARROW = "\u202f"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", "en"),
        ("es", "es"),
        ("es_AR.UTF-8", "es"),
        ("es-MX", "es"),
        ("ES", "es"),
        ("es@euro", "es"),
        ("gl:es:en", "es"),
        ("fr", "en"),
        ("C", "en"),
        ("est", "en"),
        ("", "en"),
    ],
)
def test_the_nearest_language_is_taken(code, expected):
    i18n.set_language(code)
    assert i18n.language() == expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "es_ES.ISO-8859-1"}, "es"),
        ({"LANGUAGE": "es:en"}, "es"),
        ({"LC_ALL": "C", "LANG": "es_ES.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "es_ES", "LANG": "en_GB"}, "es"),
        ({"CNN_STUDIO_LANGUAGE": "es", "LC_ALL": "en_US.UTF-8"}, "es"),
        ({"CNN_STUDIO_LANGUAGE": "en", "LANG": "es_ES.UTF-8"}, "en"),
    ],
)
def test_the_environment_chooses_the_language(monkeypatch, environment, expected):
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    assert i18n.system_language() == expected


def test_every_language_names_itself_and_can_be_chosen():
    assert i18n.languages() == {"en": "English", "es": "español"}
    for code in i18n.languages():
        i18n.set_language(code)
        assert i18n.language() == code


def test_texts_change_with_the_language():
    i18n.set_language("es")
    assert i18n._("Convolution") == "Convolución"
    assert i18n._("no such text") == "no such text"
    assert i18n._("") == ""
    i18n.set_language("en")
    assert i18n._("Convolution") == "Convolution"


def test_plurals_and_contexts_fall_back_to_the_source():
    for code in i18n.languages():
        i18n.set_language(code)
        assert i18n.ngettext("{n} unheard of", "{n} unheards of", 1) == "{n} unheard of"
        assert i18n.ngettext("{n} unheard of", "{n} unheards of", 2) == "{n} unheards of"
        assert i18n.pgettext("place", "unheard of") == "unheard of"


def test_a_marked_text_is_translated_only_when_it_is_looked_up():
    i18n.set_language("es")
    assert i18n.N_("Convolution") == "Convolution"


@pytest.mark.parametrize(
    ("n", "english", "spanish"),
    [
        (0, "0", "0"),
        (156, "156", "156"),
        (1516, "1,516", "1516"),
        (-1516, "-1,516", "-1516"),
        (61706, "61,706", f"61{NARROW}706"),
        (-61706, "-61,706", f"-61{NARROW}706"),
        (138357544, "138,357,544", f"138{NARROW}357{NARROW}544"),
    ],
)
def test_whole_numbers(n, english, spanish):
    assert i18n.integer(n) == english
    i18n.set_language("es")
    assert i18n.integer(n) == spanish


@pytest.mark.parametrize(
    ("x", "digits", "english", "spanish"),
    [
        (0.5, 1, "0.5", "0,5"),
        (0.987654, 4, "0.9877", "0,9877"),
        (1234.5, 2, "1,234.50", "1234,50"),
        (12345.678, 1, "12,345.7", f"12{NARROW}345,7"),
        (-0.001, 2, "0.00", "0,00"),
        (2.5, 0, "2", "2"),
        (float("nan"), 2, "nan", "nan"),
        (float("-inf"), 2, "-inf", "-inf"),
    ],
)
def test_decimals(x, digits, english, spanish):
    assert i18n.decimal(x, digits) == english
    i18n.set_language("es")
    assert i18n.decimal(x, digits) == spanish


def plain(text: str) -> str:
    """A written number as Python reads it."""
    if i18n.language() == "es":
        return text.replace(NARROW, "").replace(",", ".")
    return text.replace(",", "")


@given(st.integers(), st.sampled_from(["en", "es"]))
def test_a_whole_number_can_be_read_back(n, code):
    i18n.set_language(code)
    assert int(plain(i18n.integer(n))) == n


@given(st.floats(-1e15, 1e15), st.integers(0, 6), st.sampled_from(["en", "es"]))
@example(-1e-9, 3, "es")
@example(9999.9999, 3, "es")
def test_a_decimal_can_be_read_back(x, digits, code):
    i18n.set_language(code)
    written = plain(i18n.decimal(x, digits))
    assert float(written) == round(x, digits)
    assert len(written.partition(".")[2]) == digits
    assert not written.startswith("-0.0") or float(written) != 0


@pytest.mark.parametrize(
    ("n_bytes", "written"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (246824, "247 kB"),
        (999_949, "1 MB"),
        (1_500_000, "1.5 MB"),
        (12_345_678, "12.3 MB"),
        (4_000_000_000, "4 GB"),
        (1_234_000_000_000_000, "1,230 TB"),
        (-1500, "-1.5 kB"),
    ],
)
def test_sizes_of_data(n_bytes, written):
    assert i18n.data_size(n_bytes) == written


@pytest.mark.parametrize(
    ("n", "english", "spanish"),
    [
        (0, "0", "0"),
        (706, "706", "706"),
        (61706, "61.7 k", "61,7 k"),
        (4_100_840, "4.1 M", "4,1 M"),
        (3_858_000_000, "3.86 G", "3,86 G"),
        (999_999, "1 M", "1 M"),
    ],
)
def test_big_numbers_in_short(n, english, spanish):
    assert i18n.count_short(n) == english
    i18n.set_language("es")
    assert i18n.count_short(n) == spanish


@given(st.integers(-(10**14), 10**14))
def test_a_short_number_is_right_to_three_digits(n):
    number, _, unit = i18n.count_short(n).partition(" ")
    value = float(plain(number)) * {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}[unit]
    assert abs(value - n) <= abs(n) * 0.005 + 1e-6
    assert len(plain(number).replace("-", "").replace(".", "")) <= 3


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_without_a_sign_gets_the_nearest_one(encoding):
    code = (
        "from cnn_studio import __main__ as start\n"
        "start._print_everywhere()\n"
        f"print('61{NARROW}706 convoluci\u00f3n \u2192')"
    )
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment, cwd=root)
    expected = {
        "ascii": "61 706 convolucion ->",
        "latin-1": "61 706 convoluci\u00f3n ->",
        "utf-8": f"61{NARROW}706 convoluci\u00f3n \u2192",
    }
    assert done.stdout.decode(encoding).rstrip("\r\n") == expected[encoding]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"), (1.5, "1.5"), (0.012345, "0.0123"), (1234.5, "1,234"), (123456.7, "123,457"), (1.2e-7, "1.20e-07"),
        (-0.5, "-0.5"), (100.0, "100"), (float("nan"), "?"), (float("inf"), "∞"), (float("-inf"), "-∞"),
    ],
)  # fmt: skip
def test_figures_have_three_digits(number, written):
    assert i18n.figure(number) == written


def test_figures_in_spanish():
    i18n.set_language("es")
    assert i18n.figure(0.012345) == "0,0123"
