import pytest

from tests.core.data.cleaners.row import answer, judged


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>Hello <b>world</b></p><p>Second<br>line</p>", "Hello world\n\nSecond\nline"),
        ("AT&amp;T&nbsp;rocks &#39;yes&#39; &copy;2020 &#x4f60;", "AT&T rocks 'yes' ©2020 你"),
        ("<p>你好，请问</p>怎么退货<br/>谢谢", "你好，请问\n\n怎么退货\n谢谢"),
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
        ('See <a href="https://x.org/a?b=1&amp;c=2">our page</a>.', "See [our page](https://x.org/a?b=1&c=2)."),
        ('<a href="https://x.org">https://x.org</a> <a href="#top">up</a>', "https://x.org up"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a | b\nc | d"),
        ("x<sup>2</sup> and H<sub>2</sub>O", "x² and H₂O"),
        ("<pre><code>if a &lt; b:\n  x</code></pre><p>ok</p>", "```\nif a < b:\n  x\n```\n\nok"),
        ("&amp;lt;p&amp;gt;hi&amp;lt;/p&amp;gt;", "hi"),
        ("a &lt; b &amp;&amp; c", "a < b && c"),
        (
            "Blunt #39;s plan, Paris #39; bid, quot;yes quot; Tire amp; Rubber",
            "Blunt's plan, Paris' bid, \"yes\" Tire & Rubber",
        ),
        ('<img src="x.png" alt="a cat"> sits <!-- note -->here', "a cat sits here"),
    ],
)
def test_tags_and_entities_become_text(text: str, expected: str):
    assert answer("html", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "List<String> names; a < b and b > c; Map<K, V>",
        "<think>hm</think><tool_call>{}</tool_call>",
        "<s>[INST] hi [/INST]</s>",
        "The vectors <a, b> and <b>, <i> and <p>.",
        "```html\n<p>x</p>\n```",
        "Use `<br>` and `&nbsp;` here.",
        "Put a <p> tag around it.",
        "for (i=0;i<n;i++) x &= 3; R&D; Q&A;",
        '<div class="a">\n  <p>x</p>\n  <p>y</p>\n</div>',
        "<!DOCTYPE html><p>x</p>",
        "I <3 it; #1; tag #12; &c.",
    ],
)
def test_what_only_looks_like_it_stays(text: str):
    assert answer("html", text) == "same"


@pytest.mark.parametrize(
    "question", ["Write an HTML page", "How do I center it in CSS?", "<b> 标签是什么意思？", "A React list"]
)
def test_who_asks_for_tags_gets_them(question: str):
    assert judged("html", ("u", question), ("a", "<ul><li>One</li></ul>")) == "same"
