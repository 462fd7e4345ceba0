"""Answers in a conversation: the assistant's words are learned, everything else is only read."""

from core.data.examples import CLASSIFICATION, CONVERSATION, PREFERENCE
from core.tasks.writing import Writing


class Conversation(Writing):
    """Supervised fine-tuning. Of a text with a label the label is the answer; of two answers the better is learned."""

    name = CONVERSATION
    label = "Answers"
    summary = (
        "It learns to write the answers: it stays a model to talk to. Of two answers, only the better one is used."
    )
    suits: tuple[str, ...] = (CONVERSATION, CLASSIFICATION, PREFERENCE)
