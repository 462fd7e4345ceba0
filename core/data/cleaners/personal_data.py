"""What says who or where somebody is, or opens their door."""

import re
from collections.abc import Callable, Iterator

from core.data.cleaners.base import EVERY_TASK, Action, Context, Hit, with_texts
from core.data.cleaners.contacts import mails_in, phones_in
from core.data.cleaners.credentials import secrets_in
from core.data.cleaners.identifiers import cards_in, ibans_in, identities_in, machines_in
from core.data.examples import Example

_Finder = Callable[[str], Iterator[tuple[int, int]]]
# What is found first keeps its place: a card is no telephone number.
_NUMBERS: tuple[tuple[str, _Finder], ...] = (
    ("IBAN", ibans_in),
    ("ID", identities_in),
    ("CARD", cards_in),
    ("IP", machines_in),
    ("PHONE", phones_in),
)
# As many digits, signs between them or capitals after them, as the shortest of these numbers has.
_DIGITS = re.compile(r"\d(?:(?:[ \xa0().\-/–]{0,3}[\dA-Z]){6}|\d{3}[A-Z]|\d{0,2}\.\d{1,3}\.\d)", re.ASCII)


class PersonalData:
    """Masks mail addresses, numbers of people and of their papers, and secrets."""

    name = "personal_data"
    label = "Personal data and secrets"
    help = (
        "Finds mail addresses, telephone, card, account and identity numbers, IP addresses, keys and passwords. A "
        "model repeats what it learned to anybody, so each is replaced by a placeholder such as [EMAIL]."
    )
    actions: tuple[Action, ...] = ("fix", "drop", "keep")
    default: Action = "fix"
    tasks = EVERY_TASK

    def judge(self, example: Example, context: Context) -> Hit | None:
        """The example with placeholders."""
        found: list[tuple[str, str]] = []
        fixed = with_texts(example, lambda text: _masked(text, found))
        return Hit(_note(found), fixed) if found else None


def places(text: str) -> list[tuple[int, int, str]]:
    """Start, end and kind of all that is found, in the order of the text; nothing overlaps."""
    taken: list[tuple[int, int, str]] = []
    for kind, finder in _finders(text):
        for start, end in finder(text):
            if all(end <= other[0] or start >= other[1] for other in taken):
                taken.append((start, end, kind))
    return sorted(taken)


def _finders(text: str) -> Iterator[tuple[str, _Finder]]:
    """Those that may find something in a text; for most there is but one."""
    yield "SECRET", secrets_in
    if "@" in text:
        yield "EMAIL", mails_in
    if _DIGITS.search(text):
        yield from _NUMBERS
    elif text.count(":") > 3:
        yield "IP", machines_in


def _masked(text: str, found: list[tuple[str, str]]) -> str:
    parts, last = [], 0
    for start, end, kind in places(text):
        found.append((kind, text[start:end]))
        parts += [text[last:start], f"[{kind}]"]
        last = end
    return "".join((*parts, text[last:])) if parts else text


def _note(found: list[tuple[str, str]]) -> str:
    """Kinds with their counts, and the first of each, masked: “EMAIL 2 j…@…”."""
    kinds = dict.fromkeys(kind for kind, _ in found)
    firsts = {kind: next(place for other, place in found if other == kind) for kind in kinds}
    counts = {kind: sum(other == kind for other, _ in found) for kind in kinds}
    return ", ".join(f"{kind} {counts[kind]} {_veiled(kind, firsts[kind])}" for kind in kinds)


def _veiled(kind: str, place: str) -> str:
    if kind == "EMAIL":
        return f"{place[0]}…@…"
    return f"{place[:2]}…" if kind == "SECRET" else f"{place[:2]}…{place[-2:]}"
