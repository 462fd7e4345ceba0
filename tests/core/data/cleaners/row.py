"""What one check says about one example."""

from core.data.cleaners import CLEANERS
from core.data.cleaners.base import Context, Hit, RowCleaner
from core.data.examples import CONVERSATION, PASSAGE, Example
from core.data.rules import Rule
from tests.core.data.build import chat, said

SAME = "same"


def hit(name: str, example: Example, task: str = CONVERSATION, rules: tuple[Rule, ...] = ()) -> Hit | None:
    cleaner = CLEANERS.get(name)
    assert isinstance(cleaner, RowCleaner)
    return cleaner.judge(example, Context(task, rules))


def judged(name: str, *turns: tuple[str, str], task: str = CONVERSATION) -> list[tuple[str, str]] | str | None:
    """The turns a check makes of these; "same" where it finds nothing, None where it cannot put them right."""
    found = hit(name, chat("1", *turns), task)
    if found is None:
        return SAME
    return said(found.fixed.messages) if found.fixed else None


def answer(name: str, text: str, question: str = "question") -> str | None:
    """What a check makes of an answer."""
    made = judged(name, ("u", question), ("a", text))
    return made[-1][1] if isinstance(made, list) else made


def passage(name: str, text: str) -> Hit | None:
    return hit(name, chat("1", ("a", text)), PASSAGE)
