"""The film strip in Train: each question, and how its answer changed from check to check."""

from collections.abc import Sequence

from core.training.filmstrip import Frame
from ui.markup import Markup, div, paragraphs, tag
from ui.pieces import section
from ui.words import Words


def strip_html(words: Words, prompts: Sequence[str], frames: Sequence[Frame]) -> Markup:
    """A row of answers for each question, the first before anything was learned; nothing without questions."""
    if not prompts:
        return Markup("")
    rows = (_row(words, number, prompt, frames) for number, prompt in enumerate(prompts))
    return section(words("train.strip"), *rows, note=words("train.strip.help"))


def _row(words: Words, number: int, prompt: str, frames: Sequence[Frame]) -> Markup:
    told = (_frame(words, frame.step, frame.answers[number]) for frame in frames)
    shown = (
        tag("ol", *told, class_="strip", tabindex=0, aria_label=prompt)
        if frames
        else tag("p", words("train.strip.soon"))
    )
    return div("strip-row", tag("h4", prompt), shown)


def _frame(words: Words, step: int, answer: str) -> Markup:
    at = words("train.strip.step", step=f"{step:,}") if step else words("train.strip.before")
    return tag(
        "li", div("note", at), paragraphs(answer) if answer else tag("p", words("train.strip.nothing"), class_="note")
    )
