"""How many of a sample's held-back questions each side answers in the taught style."""

from dataclasses import dataclass

from core.chat.conversation import Answers, Conversation
from core.chat.settings import ChatSettings
from core.data.samples import Sample
from core.studio import Studio


@dataclass(frozen=True)
class StyleShares:
    """Shares from 0 to 1, and what was answered."""

    base: float
    tuned: float
    answers: tuple[tuple[str, Answers], ...]


def style_shares(studio: Studio, run: str, sample: Sample) -> StyleShares:
    """Asks every held-back question in Compare's own way, greedily."""
    asked = []
    for question in sample.questions:
        *_, last = studio.ask(run, Conversation().asked(question.text), ChatSettings(max_new_tokens=160))
        asked.append((question, last))
    return StyleShares(
        base=sum(question.is_answered_in_style(last.base) for question, last in asked) / len(asked),
        tuned=sum(question.is_answered_in_style(last.tuned) for question, last in asked) / len(asked),
        answers=tuple((question.text, last) for question, last in asked),
    )
