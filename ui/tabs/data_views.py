"""What the Data tab says about a dataset as a whole, as HTML. Pure: data in, markup out."""

from collections.abc import Iterable, Sequence

from core.data.cleaners import CLEANERS
from core.data.cleaning import CleaningReport
from core.data.examples import Example
from core.data.formats import FORMATS
from core.data.intake import ShapeUse
from core.data.mix import MixRow
from core.data.quality import QualityCard, Reason
from core.data.samples import SAMPLES
from core.data.store import Dataset
from core.data.table import Problem
from ui.markup import Markup, div, join, span, tag
from ui.pieces import action_button, conversation_html, figures_html, section
from ui.quantities import times
from ui.words import Words

NUM_SHOWN = 5
MOST_PROBLEMS = 20
MOST_SHAPES = 8
SURE, FAIRLY_SURE = 0.9, 0.6  # scores from which a format is called so
GOOD, FAIR = 80, 50  # scores of the card
LEADS = {"read": "correct", "add": "add", "review": "review", "check": "check", "balance": "pictures"}


def summary_html(words: Words, dataset: Dataset, report: CleaningReport, num_learned: int) -> Markup:
    """What came in, what it was taken for, and what is left of it."""
    figures = (
        (words("data.read"), f"{dataset.rows_read:,}"),
        (words("data.kept"), f"{num_learned:,}"),
        (words("data.dropped"), f"{max(0, dataset.rows_read - num_learned):,}"),
        (words("data.changed"), f"{report.num_changed:,}"),
    )
    details = (
        repeated_html(words, dataset),
        cast_html(words, dataset),
        shapes_html(words, dataset),
        problems_html(words, dataset),
    )
    note = words("data.source.mix") if dataset.mix else source_text(words, dataset)
    return section(words("data.understood"), figures_html(figures), *details, note=note)


def repeated_html(words: Words, dataset: Dataset) -> Markup | None:
    """How many rows say what an earlier row said, whatever they mean; None for none."""
    num_repeated = sum(table.num_repeated for table in dataset.tables)
    return tag("p", words.count("data.repeated", num_repeated), class_="note") if num_repeated else None


def cast_html(words: Words, dataset: Dataset) -> Markup | None:
    """Who was taken for whom, where the names do not say it; None where they do."""
    cast = dataset.understood.cast
    if not cast.guessed:
        return None
    told = [(name, cast.roles[name]) for name in cast.guessed if cast.roles.get(name)]
    said = (words("data.cast.one", name=name, role=words(f"data.role.{role}")) for name, role in told)
    text = words("data.cast.guessed", cast=words("list.comma").join(said), correct=words("data.correct"))
    return tag("p", text, class_="note")


def source_text(words: Words, dataset: Dataset) -> str:
    """The files, and what they were taken for: how sure that is, and what else they could be."""
    known = dataset.understood
    files = words("list.comma").join(dataset.files)
    name = format_name(words, known.format)
    if dataset.settings.choice.format:
        return words("data.source.chosen", files=files, format=name)
    sure = "sure" if known.score >= SURE else "fairly" if known.score >= FAIRLY_SURE else "unsure"
    other = words("data.runner_up", format=format_name(words, known.runner_up)) if known.runner_up else ""
    return words("data.source", files=files, format=name, sure=words(f"data.sure.{sure}"), other=other)


def format_name(words: Words, format: str) -> str:
    """A format as people call it."""
    return words.core(f"format.{format}.label", FORMATS.get(format).label)


def check_name(words: Words, check: str) -> str:
    """A check as people call it."""
    return words.core(f"cleaner.{check}.label", CLEANERS.get(check).label)


def shapes_html(words: Words, dataset: Dataset) -> Markup | None:
    """The shapes of a file in which rows differ; None where all are alike."""
    shapes = dataset.understood.shapes
    if len(shapes) < 2:
        return None
    lines = [tag("li", _shape(words, shape)) for shape in shapes[:MOST_SHAPES]]
    more = len(shapes) - MOST_SHAPES
    tail = tag("li", words("data.problem.more", count=more)) if more > 0 else None
    title = words("data.shapes", count=len(shapes))
    return tag("details", tag("summary", title), tag("ul", *lines, tail), class_="shapes")


def _shape(words: Words, shape: ShapeUse) -> str:
    name = format_name(words, shape.format) if shape.format else words("data.shape.none")
    used = list(shape.mapping.values()) or list(shape.columns)
    columns = words("list.comma").join(used[:MOST_SHAPES])
    return words.count("data.shape", shape.num_rows, format=name, columns=columns)


def problems_html(words: Words, dataset: Dataset) -> Markup | None:
    """Rows nobody could use: where, what was there, what should have been."""
    if not dataset.num_problems:
        return None
    several = len(dataset.files) > 1
    lines = (_problem(words, problem, several) for problem in dataset.problems[:MOST_PROBLEMS])
    more = dataset.num_problems - MOST_PROBLEMS
    tail = tag("li", words("data.problem.more", count=f"{more:,}")) if more > 0 else None
    title = words.count("data.problems", dataset.num_problems)
    return tag(
        "details", tag("summary", title), tag("ul", *lines, tail), class_="problems", open=dataset.num_problems <= 3
    )


def _problem(words: Words, problem: Problem, several: bool) -> Markup:
    place = (
        words("data.problem.file", file=problem.file, line=problem.line)
        if several
        else words("data.problem.line", line=problem.line)
    )
    said = words("data.problem.text", found=words.phrase(problem.found), expected=words.phrase(problem.expected))
    return tag("li", tag("strong", place), " ", said)


# How good it is ---------------------------------------------------------------------------------------------------


def quality_html(words: Words, card: QualityCard) -> Markup:
    """The score with its reasons, whether there are enough, and one thing to do first."""
    kind = "good" if card.score >= GOOD else "fair" if card.score >= FAIR else "poor"
    score = div(
        f"score {kind}",
        tag("strong", str(card.score)),
        tag("small", words("data.score.of")),
        role="img",
        aria_label=words("data.score", score=card.score),
    )
    reasons = [reason for reason in card.reasons if reason.points]
    listed = tag("ul", *(_reason_item(words, reason) for reason in reasons), class_="reasons") if reasons else None
    said = div(
        "advice",
        tag("p", words(f"quality.size.{card.size}")),
        listed,
        tag("p", first_text(words, card), class_="first"),
        _first_button(words, card),
    )
    return section(words("data.quality"), div("quality", score, said))


def _reason_item(words: Words, reason: Reason) -> Markup:
    return tag("li", span("points", f"−{reason.points}"), " ", reason_text(words, reason))


def reason_text(words: Words, reason: Reason) -> str:
    """Why points are lost, in words."""
    facts = dict(reason.facts)
    if "check" in facts:
        facts["check"] = check_name(words, str(facts["check"]))
    key = f"quality.reason.{reason.code}"
    if key in words.texts:
        return words(key, **facts)
    return words.count(key, int(facts.pop("count")), **facts)


def first_text(words: Words, card: QualityCard) -> str:
    """What helps most now."""
    check = check_name(words, card.first_check) if card.first_check else ""
    return words(f"quality.first.{card.first}", check=check)


def _first_button(words: Words, card: QualityCard) -> Markup | None:
    lead = LEADS.get(card.first)
    if lead is None:
        return None
    return action_button(words(f"data.lead.{lead}"), lead, card.first_check, class_="lead-button")


def mix_html(words: Words, rows: Sequence[MixRow]) -> Markup | str:
    """How often each dataset of a mix is seen."""
    if not rows:
        return ""
    return section(words("data.mix.seen"), tag("ul", *(tag("li", seen_text(words, row)) for row in rows)))


def seen_text(words: Words, row: MixRow) -> str:
    """Sees x of y rows, z times."""
    seen, rows = f"{row.num_seen:,}", f"{row.num_rows:,}"
    often = times(row.times)
    key = "data.mix.sees.once" if often == "1" else "data.mix.sees"
    sample = SAMPLES.get(row.title) if row.title in SAMPLES.names() else None
    title = words.core(f"sample.{sample.name}.label", sample.label) if sample else row.title
    return words(key, title=title, seen=seen, rows=rows, times=often)


def examples_html(words: Words, examples: Iterable[Example], count: int) -> Markup:
    """The first conversations, as they will be learned."""
    shown = list(examples)[:NUM_SHOWN]
    note = words("data.first_of", shown=len(shown), count=f"{count:,}")
    return section(words("data.as_conversations"), join(*(conversation_html(words, one) for one in shown)), note=note)
