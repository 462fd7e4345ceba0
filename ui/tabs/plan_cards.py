"""The choices of the Plan tab as cards, and what their entries are called."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import gradio as gr

from core.models.catalog import STARTER
from core.tasks import TASKS, task_names_for
from ui.pieces import card_text
from ui.words import Words

if TYPE_CHECKING:
    from core.models.catalog import BaseModel


def base_name(words: Words, base: "BaseModel") -> str:
    """What a base model is called in the list; an encoder is told from those that write."""
    if base.name == STARTER:
        return words("plan.base.starter")
    return base.name if base.writes else words("plan.base.reads", name=base.name)


def task_update(words: Words, kind: str, chosen: str) -> Any:
    """The choice of what is learned, where data of this kind leave one."""
    names = task_names_for(kind)
    choices = [(_card(words, "task", TASKS.get(name), "summary"), name) for name in names]
    return gr.Radio(choices=choices, value=chosen, visible=len(names) > 1)


def cards(
    words: Words,
    kind: str,
    table: Iterable[Any],
    text: str,
    chosen: str | None,
    *more: tuple[str, str],
    visible: bool = True,
) -> gr.Radio:
    """A choice of cards: name in the first line, reason below; `more` are text and value of further ones."""
    choices = [*((_card(words, kind, entry, text), entry.name) for entry in table), *more]
    look: dict[str, Any] = {"elem_id": f"plan-{kind}", "elem_classes": "cards", "visible": visible}
    return gr.Radio(choices, value=chosen, label=words(f"plan.{kind}"), **look)


def _card(words: Words, kind: str, entry: Any, text: str) -> str:
    label = words.core(f"{kind}.{entry.name}.label", entry.label)
    return card_text(label, words.core(f"{kind}.{entry.name}.{text}", getattr(entry, text)))
