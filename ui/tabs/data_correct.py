"""What was understood of a file, to be corrected: its shape, its sheet, its columns, and who speaks in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.data.formats import FORMATS
from core.data.formats.roles import MOST_NAMES, ROLE_CHOICES, Cast
from core.data.shapes import Choice
from core.data.store import Dataset
from ui.guard import Updates
from ui.markup import Markup, join, tag
from ui.words import Words

NUM_SLOTS = max(len(entry.slots) for entry in FORMATS)
HAND_MADE = "question_answer"  # what a table is when a person says which column is what
ALL_TABLES = -1


@dataclass(frozen=True)
class CorrectPart:
    """The components.

    slots: one for each part of the chosen format. roles: one for each name that speaks; `said` stands above them.
    """

    box: gr.Accordion
    format: gr.Dropdown
    table: gr.Dropdown
    slots: tuple[gr.Dropdown, ...]
    said: gr.HTML
    roles: tuple[gr.Dropdown, ...]
    apply: gr.Button

    @property
    def shown(self) -> list[Any]:
        """Everything a dataset fills."""
        return [self.box, self.format, self.table, *self.slots, self.said, *self.roles]

    @property
    def chosen(self) -> dict[str, Any]:
        """The columns and the roles, by name."""
        slots = {f"slot_{index}": slot for index, slot in enumerate(self.slots)}
        return slots | {f"role_{index}": role for index, role in enumerate(self.roles)}


def build(words: Words) -> CorrectPart:
    """The components, closed and hidden until there is something to correct."""
    choices = [(words.core(f"format.{entry.name}.label", entry.label), entry.name) for entry in FORMATS]
    with gr.Accordion(words("data.correct"), open=False, visible=False, elem_id="data-correct") as box:
        format = gr.Dropdown(choices, label=words("data.format"), elem_id="data-format")
        table = gr.Dropdown([], label=words("data.table"), visible=False, elem_id="data-table")
        slots = tuple(
            gr.Dropdown([], label=words("data.column"), visible=False, elem_id=f"data-slot-{index}")
            for index in range(NUM_SLOTS)
        )
        said = gr.HTML("", elem_id="data-roles")
        roles = tuple(
            gr.Dropdown([], label=words("data.roles"), visible=False, elem_id=f"data-role-{index}")
            for index in range(MOST_NAMES)
        )
        apply = gr.Button(words("data.apply"), elem_id="data-apply")
    return CorrectPart(box, format, table, slots, said, roles, apply)


def slot_updates(words: Words, columns: Sequence[str], format: str, mapping: Mapping[str, str]) -> list[Any]:
    """One dropdown per part of the format, with the columns of the file; the rest hidden."""
    slots = FORMATS.get(format).slots
    choices = [(words("data.no_column"), ""), *((column, column) for column in columns)]
    updates: list[Any] = []
    for slot in slots:
        label = words.core(f"slot.{format}.{slot.name}", slot.label)
        title = label if slot.required else words("data.optional", label=label)
        updates.append(gr.Dropdown(choices=choices, value=mapping.get(slot.name, ""), label=title, visible=True))
    return updates + [gr.Dropdown(visible=False)] * (NUM_SLOTS - len(slots))


def mapping_of(format: str, chosen: Mapping[str, str | None]) -> dict[str, str]:
    """The columns chosen by hand, by the part they fill."""
    slots = FORMATS.get(format).slots
    return {slot.name: column for index, slot in enumerate(slots) if (column := chosen.get(f"slot_{index}"))}


def role_updates(words: Words, cast: Cast) -> list[Any]:
    """One dropdown per name that speaks, with what it was understood as; the rest hidden."""
    choices = [(words(f"data.role.{role}"), role) for role in ROLE_CHOICES]
    updates: list[Any] = [
        gr.Dropdown(choices=choices, value=role or None, label=words("data.role.of", name=name), visible=True)
        for name, role in cast.roles.items()
    ]
    return updates[:MOST_NAMES] + [gr.Dropdown(visible=False)] * (MOST_NAMES - len(updates))


def roles_chosen(cast: Cast, chosen: Mapping[str, str | None]) -> dict[str, str]:
    """The roles chosen by hand, by the names of the file."""
    return {name: role for index, name in enumerate(cast.roles) if (role := chosen.get(f"role_{index}"))}


def cast_html(words: Words, cast: Cast) -> Markup | str:
    """What the roles are for, and how sure they are."""
    if not cast.roles:
        return ""
    note = "guessed" if cast.guessed else "unknown" if "" in cast.roles.values() else "named"
    return join(tag("h4", words("data.roles")), tag("p", words(f"data.roles.{note}"), class_="note"))


def table_update(words: Words, dataset: Dataset) -> Any:
    """The sheets and lists of the files, where there are several."""
    tables = [
        (words("data.table.option", name=info.label, count=f"{info.num_rows:,}"), number)
        for number, info in enumerate(dataset.tables)
    ]
    choices = [(words("data.table.all"), ALL_TABLES), *tables]
    chosen = dataset.settings.choice.table
    return gr.Dropdown(choices=choices, value=ALL_TABLES if chosen is None else chosen, visible=len(tables) > 1)


def number_of(table: int | None) -> int | None:
    """The number of a sheet or list; None for all that are alike."""
    return table if table is not None and table >= 0 else None


def correct_updates(part: CorrectPart, words: Words, dataset: Dataset) -> Updates:
    """What was understood of one dataset; open where it was guessed who speaks."""
    cast = dataset.understood.cast
    slots = slot_updates(words, dataset.columns, dataset.format, dataset.mapping)
    return {
        part.box: gr.Accordion(visible=not dataset.mix, open=bool(cast.guessed)),
        part.format: dataset.format,
        part.table: table_update(words, dataset),
        part.said: cast_html(words, cast),
        **dict(zip(part.slots, slots, strict=True)),
        **dict(zip(part.roles, role_updates(words, cast), strict=True)),
    }


def offered_updates(part: CorrectPart, words: Words, columns: Sequence[str]) -> Updates:
    """The columns of files of which nothing was understood."""
    return {
        part.box: gr.Accordion(visible=True, open=True),
        part.format: HAND_MADE,
        part.said: "",
        **dict(zip(part.slots, slot_updates(words, columns, HAND_MADE, {}), strict=True)),
        **dict(zip(part.roles, role_updates(words, Cast({})), strict=True)),
    }


@dataclass(frozen=True)
class Corrected:
    """What a person chose in the panel, before it is known for which files.

    format, table: "" and None for what is detected. chosen: columns and roles, as `CorrectPart.chosen` names them.
    """

    format: str = ""
    table: int | None = None
    chosen: Mapping[str, str | None] | None = None

    def choice(self, known: Dataset | None) -> Choice:
        """How to read: `known` are the data that are looked at; the roles somebody told stay until others are told."""
        mapping = mapping_of(self.format, self.chosen or {}) if self.format else {}
        roles = dict(known.settings.choice.roles) if known else {}
        if known and self.chosen:
            roles |= roles_chosen(known.understood.cast, self.chosen)
        return Choice(self.format or None, mapping, number_of(self.table), roles)
