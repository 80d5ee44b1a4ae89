"""The Markdown of the guide, read into blocks and written as HTML."""

from cnn_studio.core import markdown
from cnn_studio.core.markdown import CODE, HEADING, ITEMS, NUMBERED, PARAGRAPH, PICTURE, QUOTE, TABLE

PAGE = """<!-- a note
over two lines -->

# The title

A paragraph
in two lines with `a * b`, **File ▸ Open**, *slanted* and [a `link`](other.md#here).

- one
  that goes on
- two

1. first
2. second

| Key | What |
| --- | --- |
| `A` | **b** |

```
code | with <marks>
```

    y = x

> said
> twice

## The title

![a picture](../pictures/one.png)
"""


def test_every_kind_of_block_is_read():
    blocks = markdown.parse(PAGE)
    assert [block.kind for block in blocks] == [
        HEADING, PARAGRAPH, ITEMS, NUMBERED, TABLE, CODE, CODE, QUOTE, HEADING, PICTURE,
    ]  # fmt: skip
    assert blocks[2].lines == ("one that goes on", "two")
    assert blocks[4].lines == ("| Key | What |", "| `A` | **b** |")
    assert blocks[5].lines == ("code | with <marks>",)
    assert blocks[6].lines == ("y = x",)
    assert blocks[7].lines == ("said twice",)
    assert blocks[9].lines == ("a picture", "../pictures/one.png")


def test_words_without_marks():
    blocks = markdown.parse(PAGE)
    assert blocks[1].plain == "A paragraph in two lines with a * b, File ▸ Open, slanted and a link."
    assert blocks[4].plain == "Key What A b"


def test_anchors_are_those_of_links_elsewhere():
    assert [name for _block, name in markdown.anchors(markdown.parse(PAGE))] == ["the-title", "the-title-1"]
    odd = markdown.parse("# Ajuste: ¿qué hace `F1`, y por qué?\n")
    assert markdown.anchors(odd)[0][1] == "ajuste-qué-hace-f1-y-por-qué"


def test_links_bold_words_and_code_of_a_page():
    assert markdown.links(PAGE) == ["other.md#here", "../pictures/one.png"]
    assert markdown.bold(PAGE) == ["File ▸ Open", "b"]
    assert markdown.code(PAGE) == ["a * b", "A"]


def test_html_is_escaped_and_marked():
    html = markdown.html(markdown.parse(PAGE))
    assert '<h1><a class="heading" name="the-title">The title</a></h1>' in html
    assert "<code>a * b</code>" in html
    assert "<b>File ▸ Open</b>" in html
    assert "<i>slanted</i>" in html
    assert '<a href="other.md#here">a <code>link</code></a>' in html
    assert "code | with &lt;marks&gt;" in html
    assert '<img src="../pictures/one.png" alt="a picture" />' in html
    assert "a note" not in html


def test_text_without_an_end_is_read():
    assert markdown.parse("```\nopen") == [markdown.Block(CODE, ("open",))]
    assert markdown.parse("") == []
    assert markdown.html(markdown.parse("| | |\n| --- | --- |\n| a | b |")).count("<th") == 0
