"""What was said in a comparison: the person's questions, and for each side its own answers."""

from dataclasses import dataclass
from typing import Literal

Side = Literal["base", "tuned"]
SIDES: tuple[Side, Side] = ("base", "tuned")


@dataclass(frozen=True)
class Answers:
    """One answer a side, as far as it has come."""

    base: str
    tuned: str
    done: bool = False
    seconds: float = 0.0
    base_tokens: int = 0
    tuned_tokens: int = 0

    def of(self, side: Side) -> str:
        """The answer of one side."""
        return self.base if side == "base" else self.tuned


@dataclass(frozen=True)
class Turn:
    """One question of the person, and both answers; None while it is being answered."""

    question: str
    answers: Answers | None = None


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
        return Conversation(self.system, (*self.turns[:-1], Turn(self.turns[-1].question, answers)))

    def without_last_answer(self) -> "Conversation":
        """For asking the last question again."""
        return Conversation(self.system, (*self.turns[:-1], Turn(self.turns[-1].question))) if self.turns else self

    def messages(self, side: Side) -> list[dict[str, str]]:
        """The conversation as one side knows it, as a chat template takes it."""
        said = [{"role": "system", "content": self.system}] if self.system.strip() else []
        for turn in self.turns:
            said.append({"role": "user", "content": turn.question})
            if turn.answers is not None:
                said.append({"role": "assistant", "content": turn.answers.of(side)})
        return said
