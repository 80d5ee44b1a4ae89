"""Texts in figures are written as the standard library would write them."""

from xml.sax.saxutils import escape, quoteattr

import pytest

from cnn_studio.core.export.figure.text import _escape, _quoted


@pytest.mark.parametrize(
    "text", ["plain", 'a "word"', "it's", """both " and '""", "a < b & c > d", "line\nbreak\ttab\rreturn"]
)
def test_texts_are_quoted_as_the_standard_library_does(text):
    assert _escape(text) == escape(text)
    assert _quoted(text) == quoteattr(text)
