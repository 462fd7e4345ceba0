"""What was said in a comparison: the person's questions, and for each side its own answers."""

from dataclasses import dataclass, replace
from typing import Literal

Side = Literal["base", "tuned"]
SIDES: tuple[Side, Side] = ("base", "tuned")


@dataclass(frozen=True)
class Chance:
    """One label, and how likely a classifier finds it, 0 to 1."""

    label: str
    probability: float


@dataclass(frozen=True)
class Answers:
    """One answer a side, as far as it has come; what a side thought before it answered is kept apart.

    chances: of a classifier, all labels, the likeliest first; its base has no answer, for it never had these labels
    """

    base: str
    tuned: str
    done: bool = False
    seconds: float = 0.0
    base_tokens: int = 0
    tuned_tokens: int = 0
    base_thought: str = ""
    tuned_thought: str = ""
    chances: tuple[Chance, ...] = ()

    def of(self, side: Side) -> str:
        """The answer of one side."""
        return self.base if side == "base" else self.tuned

    def thought_of(self, side: Side) -> str:
        """What one side thought first; empty for models that do not think."""
        return self.base_thought if side == "base" else self.tuned_thought


@dataclass(frozen=True)
class Turn:
    """One question of the person, and both answers; None while it is being answered.

    tries: how often it was asked again
    """

    question: str
    answers: Answers | None = None
    tries: int = 0


@dataclass(frozen=True)
class Conversation:
    """A system prompt and the turns so far; the last turn may be unanswered."""

    system: str = ""
    turns: tuple[Turn, ...] = ()

    def asked(self, question: str) -> "Conversation":
        """With one more question at its end."""
        return Conversation(self.system, (*self.turns, Turn(question)))

    def answered(self, answers: Answers) -> "Conversation":
        """With the last question answered."""
        return Conversation(self.system, (*self.turns[:-1], replace(self.turns[-1], answers=answers)))

    def asked_again(self) -> "Conversation":
        """With the last question waiting for another answer."""
        if not self.turns:
            return self
        last = self.turns[-1]
        return Conversation(self.system, (*self.turns[:-1], Turn(last.question, tries=last.tries + 1)))

    @property
    def tries(self) -> int:
        """How often the last question was asked again."""
        return self.turns[-1].tries if self.turns else 0

    def messages(self, side: Side) -> list[dict[str, str]]:
        """The conversation as one side knows it, as a chat template takes it."""
        said = [{"role": "system", "content": self.system}] if self.system.strip() else []
        for turn in self.turns:
            said.append({"role": "user", "content": turn.question})
            if turn.answers is not None:
                said.append({"role": "assistant", "content": turn.answers.of(side)})
        return said
