"""What a split gives, and what a mix will see, as HTML. Pure: data in, markup out."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.data.mix import MixRow
from core.data.split import SplitCounts
from ui.markup import Markup, div, join, tag
from ui.pieces import empty_state
from ui.quantities import percent
from ui.tabs.data_views import seen_text
from ui.words import Words

MOST_LABELS = 12


@dataclass(frozen=True)
class Choosable:
    """A dataset of the workspace that can be mixed, and whether it is; num_rows: what a training would take of it."""

    dataset: str
    title: str
    when: str
    num_rows: int
    on: bool = False
    weight: float = 1.0


def split_html(words: Words, counts: SplitCounts) -> Markup:
    """How many rows each part has, and by label."""
    total = counts.train + counts.validation + counts.test
    parts = (("train", counts.train), ("validation", counts.validation), ("test", counts.test))
    rows = [
        (
            words(f"data.part.{name}"),
            f"{count:,}",
            percent(count / total) if total else "–",
            words(f"data.part.{name}.help"),
        )
        for name, count in parts
    ]
    heads = [words(f"data.split.{name}") for name in ("part", "rows", "share", "use")]
    notes = [words.count("data.split.groups", counts.num_groups)]
    notes.append(words("data.split.compared" if counts.is_compared else "data.split.not_compared"))
    if counts.leaked:
        notes.append(words.count("data.split.leaked", counts.leaked))
    said = (tag("p", note, class_="note") for note in notes)
    return join(table_html(words("data.split.gives"), heads, rows), div("notes", *said), labels_html(words, counts))


def labels_html(words: Words, counts: SplitCounts) -> Markup | None:
    """Each label in each part, the most frequent first."""
    if not counts.by_label:
        return None
    heads = [words("data.split.label"), *(words(f"data.part.{name}") for name in ("train", "validation", "test"))]
    rows = [
        (one.label, f"{one.train:,}", f"{one.validation:,}", f"{one.test:,}") for one in counts.by_label[:MOST_LABELS]
    ]
    more = len(counts.by_label) - MOST_LABELS
    tail = tag("p", words("data.problem.more", count=more), class_="note") if more > 0 else None
    return join(table_html(words("data.split.labels"), heads, rows), tail)


def table_html(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Markup:
    """A table that becomes a list of cards where the page is narrow."""
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in heads)))
    body = (
        tag("tr", *(tag("td", cell, data_label=name) for name, cell in zip(heads, row, strict=True))) for row in rows
    )
    return tag("section", tag("h3", title), div("table-holder", tag("table", head, tag("tbody", *body))))


def mix_choice_html(words: Words, offered: Sequence[Choosable], seen: Sequence[MixRow], *, by_hand: bool) -> Markup:
    """Every dataset with a box to tick, its weight where that counts, and how often it would be seen."""
    if len(offered) < 2:
        return empty_state(words("data.mix.none"), words("data.mix.none.text"))
    said = {row.dataset: row for row in seen}
    return tag("ul", *(_choice(words, one, said.get(one.dataset), by_hand) for one in offered), class_="mix-rows")


def _choice(words: Words, one: Choosable, seen: MixRow | None, by_hand: bool) -> Markup:
    box = tag(
        "input",
        type="checkbox",
        name="on",
        id=f"mix-{one.dataset}",
        checked=one.on,
        data_action="mix",
        data_form=True,
    )
    name = tag(
        "label", box, tag("span", one.title), tag("small", words.count("data.mix.rows", one.num_rows, when=one.when))
    )
    weight = tag(
        "input",
        type="number" if by_hand and one.on else "hidden",
        name="weight",
        id=f"mix-weight-{one.dataset}",
        value=f"{one.weight:g}",
        min=0,
        step="any",
        data_action="mix",
        data_form=True,
        aria_label=words("data.mix.weight", title=one.title),
    )
    text = tag("p", seen_text(words, seen), class_="note") if seen else None
    return tag("li", div("mix-head", name, weight), text, data_item=one.dataset)
