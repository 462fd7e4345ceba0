"""Tells a thought from an answer: some models think first, between <think> and </think>."""

from dataclasses import dataclass

OPEN, CLOSE = "<think>", "</think>"


@dataclass(frozen=True)
class Said:
    """What a model wrote, in its two parts; a thought of nothing is empty."""

    thought: str
    answer: str


def parted(text: str, *, thinks: bool = False) -> Said:
    """Thought and answer of what was written so far; only what stands at the very beginning is a thought.

    Args:
        thinks: the prompt ended with the opening mark, so that the text begins inside the thought.
    """
    begun = text.lstrip()
    if begun.startswith(OPEN):
        begun = begun.removeprefix(OPEN)
    elif not thinks:
        return Said("", text)
    thought, _, answer = begun.partition(CLOSE)
    return Said(thought.strip(), answer.lstrip())
