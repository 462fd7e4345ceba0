"""What the Data tab says about a dataset, as HTML. Pure: data in, markup out."""

import re
from dataclasses import replace

from core.data.cleaners import CLEANERS
from core.data.cleaning import CleaningReport, Finding
from core.data.examples import Example
from core.data.formats import FORMATS
from core.data.store import Dataset
from ui.markup import Markup, div, tag
from ui.pieces import conversation_html, figures_html, section
from ui.words import Words

NUM_SHOWN = 5
NUM_CHANGES = 3
_STRAY = re.compile(r"^\s+|[^\S\n]+(?=\n)|\s+$")


def summary_html(words: Words, dataset: Dataset, report: CleaningReport) -> Markup:
    """What came in, what it was taken for, and what is left of it."""
    kept = len(report.kept)
    name = words.core(f"format.{dataset.format}.label", FORMATS.get(dataset.format).label)
    figures = (
        (words("data.read"), f"{dataset.rows_read:,}"),
        (words("data.kept"), f"{kept:,}"),
        (words("data.dropped"), f"{dataset.rows_read - kept:,}"),
        (words("data.changed"), f"{report.changed:,}"),
    )
    source = words("data.source", files=words("list.comma").join(dataset.files), format=name)
    return section(words("data.understood"), figures_html(figures), problems_html(words, dataset), note=source)


def problems_html(words: Words, dataset: Dataset) -> Markup | None:
    """Rows nobody could use: where, what was there, what should have been."""
    if not dataset.problems:
        return None
    several = len(dataset.files) > 1
    lines = (
        tag(
            "li",
            tag(
                "strong",
                words("data.problem.file", file=problem.file, line=problem.line)
                if several
                else words("data.problem.line", line=problem.line),
            ),
            " ",
            words("data.problem.text", found=words.phrase(problem.found), expected=words.phrase(problem.expected)),
        )
        for problem in dataset.problems[:20]
    )
    more = len(dataset.problems) - 20
    tail = tag("li", words("data.problem.more", count=more)) if more > 0 else None
    title = words.count("data.problems", len(dataset.problems))
    return tag(
        "details", tag("summary", title), tag("ul", *lines, tail), class_="problems", open=len(dataset.problems) <= 3
    )


def check_label(words: Words, finding: Finding) -> str:
    """A check's name with what it found."""
    name = words.core(f"cleaner.{finding.check}.label", CLEANERS.get(finding.check).label)
    return words("data.check", name=name, found=words.count("data.check.found", finding.count))


def finding_html(words: Words, finding: Finding) -> Markup:
    """A few rows before and after."""
    rows = (
        div(
            "change",
            tag("div", tag("small", words("data.before")), conversation_html(words, with_blanks_seen(change.before))),
            tag(
                "div",
                tag("small", words("data.after")),
                conversation_html(words, change.after)
                if change.after
                else tag("p", words("data.left_out"), class_="lost"),
            ),
        )
        for change in finding.rows[:NUM_CHANGES]
    )
    return tag("details", tag("summary", words("data.show_changes")), *rows)


def with_blanks_seen(example: Example) -> Example:
    """The example with a dot for each stray blank, and a hook for each stray line break."""
    turns = (replace(turn, content=_STRAY.sub(_seen, turn.content)) for turn in example.messages)
    return replace(example, messages=tuple(turns))


def _seen(blanks: re.Match[str]) -> str:
    return "".join("\u21b5\n" if letter == "\n" else "\u00b7" for letter in blanks.group())


def clean_html(words: Words, report: CleaningReport) -> Markup:
    """The checks that found nothing."""
    quiet = [finding.check for finding in report.findings if not finding.count]
    names = (words.core(f"cleaner.{name}.label", CLEANERS.get(name).label) for name in quiet)
    return (
        tag("p", words("data.nothing_found", checks=words("list.comma").join(names)), class_="note")
        if quiet
        else Markup("")
    )


def examples_html(words: Words, report: CleaningReport) -> Markup:
    """The first conversations, as they will be learned."""
    shown = report.kept[:NUM_SHOWN]
    note = words("data.first_of", shown=len(shown), count=f"{len(report.kept):,}")
    return section(words("data.as_conversations"), *(conversation_html(words, example) for example in shown), note=note)
