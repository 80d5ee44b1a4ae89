"""Sentences with numbers in them."""

import pytest

from cnn_studio import i18n
from cnn_studio.core import words
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import Pointed, float_words, one_line, say, short_decimal, times, word
from cnn_studio.i18n import N_


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (True, "yes", "sí"),
        (False, "no", "no"),
        (61_706, "61,706", "61\u202f706"),
        (0.75, "0.75", "0,75"),
        (2.0, "2", "2"),
        (Pointed(1002.0), "1,002.0", "1002,0"),
        (1e-05, "1e-05", "1e-05"),
        (float("inf"), "inf", "inf"),
        (float("nan"), "nan", "nan"),
        ((3, 5), "3×5", "3×5"),
        (Shape(1, (28, 28)), "28×28×1", "28×28×1"),
        ("conv1", "conv1", "conv1"),
        (say("{n} + {m}", n=1, m=0.5), "1 + 0.5", "1 + 0,5"),
    ],
)
def test_values_are_written_as_the_reader_writes_them(value, english, spanish):
    assert word(value) == english
    i18n.set_language("es")
    assert word(value) == spanish


def test_a_sentence_is_translated_when_it_is_read():
    sentence = say(N_("{label} must be at least {limit}, but it is {value}"), label="k", limit=1000, value=0)
    assert str(sentence) == "k must be at least 1,000, but it is 0"
    i18n.set_language("es")
    assert str(sentence) == "k: debe ser al menos 1000, pero es 0"


def test_a_sentence_may_stand_in_another():
    assert str(say("“{name}”: {problem}", name="a", problem=say("{n} left", n=3))) == "“a”: 3 left"


def test_the_notation_is_one_for_all():
    assert words.notation() == "last"
    words.set_notation("first")
    assert (words.notation(), word(Shape(3, (8, 9)))) == ("first", "3×8×9")
    words.set_notation("last")
    with pytest.raises(ValueError, match="middle"):
        words.set_notation("middle")


def test_sizes_and_decimals():
    assert times((3, 1024)) == "3×1,024"
    assert float_words(1234.5) == "1,234.5"
    assert float_words(0.1) == "0.1"
    assert short_decimal(1 / 3) == "0.333333"


def test_a_strangers_text_stays_on_one_short_line():
    assert one_line("plain") == "plain"
    assert one_line("a\nb\u202ec") == "a\ufffdb\ufffdc"
    assert one_line("x" * 41) == "x" * 40 + "…"
    assert one_line("x" * 40) == "x" * 40
