"""ShareGPT: an array of conversations whose turns have `from` and `value`."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from core.data.examples import CLASSIFICATION, CONVERSATION, Example
from core.data.tools import turns_and_tools
from core.data.writers.arrays import write_array
from core.data.writers.base import Row, Shape, whole_set
from core.data.writers.facts import WholeSet
from core.data.writers.shapes import beside
from core.errors import DoesNotFit

_SPEAKERS = {"system": "system", "user": "human", "assistant": "gpt", "tool": "observation"}


class ShareGptWriter:
    """[{"conversations": [{"from": "human", "value": "…"}, {"from": "gpt", "value": "…"}]}, …]."""

    name = "sharegpt"
    label = "Chats (ShareGPT JSON)"
    help = "An array of conversations, as Axolotl, LLaMA-Factory and Unsloth take them."
    suffix = ".sharegpt.json"
    tasks = frozenset({CONVERSATION, CLASSIFICATION})

    def write(self, examples: Iterable[Example], path: Path, task: str = CONVERSATION) -> None:
        """Every turn, the system turn as the first of them.

        Raises:
            DoesNotFit: an example with a second answer.
        """
        with whole_set(examples, path.parent) as whole:
            write_array(path, _rows(whole, path))


def _rows(examples: WholeSet, path: Path) -> Iterator[Row]:
    columns = ("conversations", *(["tools"] if examples.facts.tools else ()))

    def row(example: Example) -> Row:
        turns, tools = turns_and_tools(example)
        return dict(zip(columns, ([_turn(turn) for turn in turns], tools), strict=False))

    shape = beside(examples, Shape(columns, row))
    for example in examples:
        if example.rejected:
            raise DoesNotFit(
                file=path.name, id=example.id, found="a second answer", expected="one answer to a question"
            )
        yield shape.row(example)


def _turn(turn: dict[str, Any]) -> Row:
    extra = {name: value for name, value in turn.items() if name not in ("role", "content")}
    return {"from": _SPEAKERS[turn["role"]], "value": turn["content"], **extra}
