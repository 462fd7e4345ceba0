"""The tools a conversation may call: a row has them beside its turns, an example with its first turn."""

import json
from typing import Any

from core.data.examples import Example, Message

Tools = list[Any]


def turns_and_tools(example: Example) -> tuple[list[dict[str, Any]], Tools]:
    """The turns as chat templates take them, and the tools those templates are told of."""
    turns = example.as_dicts()
    tools = turns[0].pop("tools", None) if turns else None
    return turns, tools if isinstance(tools, list) else []


def with_tools(messages: tuple[Message, ...], tools: object) -> tuple[Message, ...]:
    """The turns, the first of them with the tools."""
    if not tools or not messages:
        return messages
    first = messages[0]
    extra = {**(json.loads(first.extra) if first.extra else {}), "tools": tools}
    return (Message(first.role, first.content, json.dumps(extra, ensure_ascii=False)), *messages[1:])
