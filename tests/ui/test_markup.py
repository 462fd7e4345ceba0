"""HTML that nobody's text can break."""

from ui.markup import Markup, div, join, paragraphs, tag


def test_text_is_escaped_and_markup_is_not():
    assert tag("p", "<b>", Markup("<i></i>")) == "<p>&lt;b&gt;<i></i></p>"


def test_attributes_are_escaped_and_renamed():
    assert tag("a", class_="x", data_value='"&', hidden=True, title=None, open=False) == (
        '<a class="x" data-value="&quot;&amp;" hidden></a>'
    )


def test_nothing_is_nothing():
    assert join("a", None, 3) == "a3"
    assert div("row") == '<div class="row"></div>'


def test_code_in_an_answer_is_code():
    shown = paragraphs("Look:\n```python\nprint('<x>')\n```\nDone")
    assert "<p>Look:</p>" in shown and "<p>Done</p>" in shown
    assert "<pre><code>print(&#x27;&lt;x&gt;&#x27;)</code></pre>" in shown


def test_code_that_is_still_being_written_is_code():
    assert paragraphs("```python\nx = 1") == "<pre><code>x = 1</code></pre>"
