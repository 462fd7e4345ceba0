"""Rows whose conversation lies deeper: exports of chats and of annotation tools, and data sets in trees."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from core.data.readers.json_lists import are_turns
from core.data.table import Problem, RawRow

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]

_LISTS = ("conversation", "conversations", "dialog", "dialogue", "turns", "utterances", "chat", "data")
_SIDES = (("human", "assistant"), ("user", "assistant"), ("user", "bot"), ("question", "answer"), ("input", "output"))
_SPOKEN = (("role", "content"), ("from", "value"))


def opened(rows: Iterable[RawRow | Problem]) -> Iterator[RawRow | Problem]:
    """The rows; one that holds several gives each of them, and those behind it move down by as many lines."""
    moved = 0
    for row in rows:
        found = _opened(row.values) if isinstance(row, RawRow) else None
        if found is None:
            yield replace(row, line=row.line + moved) if moved else row
            continue
        yield from (RawRow(row.line + moved + place, values) for place, values in enumerate(found))
        moved += len(found) - 1


def _opened(values: Row) -> Rows | None:
    """What a row of a known shape holds; None for a plain one."""
    for name, value in values.items():
        if isinstance(value, dict | list):
            found = _SHAPES[name](values) if name in _SHAPES else None
            found = found or (_turns_in(values, name, value) if not are_turns(value) else None)
            if found:
                return found
    return None


# One shape each; None where the row only shares a name with it -----------------------------------------------------


def _chatgpt(values: Row) -> Rows | None:
    """ChatGPT's conversations.json: a tree of messages, of which the branch last seen counts."""
    nodes = values["mapping"]
    if not isinstance(nodes, dict) or not all(isinstance(node, dict) for node in nodes.values()):
        return None
    key, path = values.get("current_node") or next(reversed(nodes), None), list[Row]()
    while isinstance(key, str) and key in nodes and len(path) <= len(nodes):
        path.append(nodes[key])
        key = nodes[key].get("parent")
    turns = [turn for node in reversed(path) if (turn := _chatgpt_turn(node.get("message")))]
    known = values.get("conversation_id") or values.get("id") or ""
    return [{"messages": turns, "conversation_id": known}] if turns else None


def _chatgpt_turn(message: object) -> dict[str, str] | None:
    if not isinstance(message, dict):
        return None
    author, content = message.get("author"), message.get("content")
    parts = content.get("parts") if isinstance(content, dict) else None
    role = author.get("role") if isinstance(author, dict) else None
    text = "\n".join(part for part in parts if isinstance(part, str)) if isinstance(parts, list) else ""
    return {"role": role, "content": text} if role in ("system", "user", "assistant") and text.strip() else None


def _squad(values: Row) -> Rows | None:
    """SQuAD: questions on each paragraph of a document."""
    asked = [
        {
            "context": paragraph.get("context", ""),
            "question": question.get("question", ""),
            "answer": first_answer(question.get("answers")),
            "document_id": values.get("title", ""),
        }
        for paragraph in _dicts(values["paragraphs"])
        for question in _dicts(paragraph.get("qas"))
    ]
    return asked or None


def _label_studio(values: Row) -> Rows | None:
    """Label Studio: the text, and what the first annotator chose or wrote."""
    data, annotations = values.get("data"), _dicts(values["annotations"])
    texts = [text for text in data.values() if isinstance(text, str)] if isinstance(data, dict) else []
    said = [
        str(word)
        for result in _dicts(annotations[0].get("result") if annotations else None)
        if isinstance(result.get("value"), dict)
        for kind in ("choices", "text")
        for word in (result["value"].get(kind) or ())
        if isinstance(result["value"].get(kind), list)
    ]
    return [{"text": texts[0], "label": ", ".join(said)}] if texts and said else None


def _intents(values: Row) -> Rows | None:
    """intents.json of chatbot courses: what people say, and what the bot answers."""
    asked, said = values["patterns"], values.get("responses")
    if not isinstance(asked, list) or not asked:
        return None
    if not isinstance(said, list) or not said:
        return [{"text": text, "label": values.get("tag", "")} for text in asked]
    return [{"question": text, "answer": said[place % len(said)]} for place, text in enumerate(asked)]


def _questions(values: Row) -> Rows | None:
    """One answer to a question asked in several ways."""
    asked, kept = values["questions"], {name: value for name, value in values.items() if name != "questions"}
    are_texts = isinstance(asked, list) and all(isinstance(text, str) for text in asked)
    return [{"question": text, **kept} for text in asked] if are_texts and "question" not in values else None


def _instances(values: Row) -> Rows | None:
    """Self-Instruct: one instruction with several inputs."""
    told = values.get("instruction")
    return [{"instruction": told, **instance} for instance in _dicts(values["instances"])] if told else None


def _tree(values: Row) -> Rows | None:
    """OpenAssistant: a prompt and its replies, the best of which is followed."""
    node, turns = values["prompt"], list[dict[str, Any]]()
    while isinstance(node, dict) and isinstance(node.get("text"), str):
        turns.append({"role": node.get("role", ""), "content": node["text"]})
        replies = _dicts(node.get("replies"))
        node = min(replies, key=lambda reply: _rank(reply.get("rank")), default=None)
    return [{"messages": turns}] if len(turns) > 1 else None


def _rank(value: object) -> float:
    return value if isinstance(value, int | float) else float("inf")


_SHAPES: Mapping[str, Callable[[Row], Rows | None]] = {
    "mapping": _chatgpt,
    "paragraphs": _squad,
    "annotations": _label_studio,
    "patterns": _intents,
    "instances": _instances,
    "prompt": _tree,
    "questions": _questions,
}


# Turns written otherwise -------------------------------------------------------------------------------------------


def _turns_in(values: Row, name: str, value: object) -> Rows | None:
    """The row with a list of turns in place of what stood there."""
    turns = _of_columns(value) if isinstance(value, dict) else None
    if turns is None and name in _LISTS and isinstance(value, list) and len(value) > 0:
        turns = _of_pairs(value) or _of_texts(value)
    if turns is not None:
        return [{**values, name: turns}]
    return _deeper(values, name, value) if isinstance(value, dict) else None


def _of_columns(value: Row) -> Rows | None:
    """Turns as two lists, the way `datasets` keeps a list of objects."""
    for speaker, said in _SPOKEN:
        who, what = value.get(speaker), value.get(said)
        if isinstance(who, list) and isinstance(what, list) and len(who) == len(what) > 0:
            return [{speaker: one, said: other} for one, other in zip(who, what, strict=True)]
    return None


def _of_pairs(value: list[Any]) -> Rows | None:
    """A list of what both said, one object for the two."""
    first = value[0] if isinstance(value[0], dict) else {}
    asked, said = next((sides for sides in _SIDES if set(sides) <= first.keys()), ("", ""))
    if not asked or not all(isinstance(pair, dict) and asked in pair for pair in value):
        return None
    turns = [({"role": "user", "content": p[asked]}, {"role": "assistant", "content": p.get(said, "")}) for p in value]
    return [turn for pair in turns for turn in pair]


def _of_texts(value: list[Any]) -> Rows | None:
    """A list of what was said, one after the other."""
    if len(value) < 2 or not all(isinstance(text, str) for text in value):
        return None
    return alternating(value)


def alternating(texts: Iterable[str]) -> Rows:
    """Turns of a person and the assistant, the person first."""
    return [{"role": ("user", "assistant")[place % 2], "content": text} for place, text in enumerate(texts)]


def _deeper(values: Row, name: str, value: Row) -> Rows | None:
    """A request to a chat service as a row: {"custom_id": …, "body": {"messages": […]}}."""
    if any(are_turns(inner) for inner in value.values()):
        kept = {other: inner for other, inner in values.items() if other != name and other not in value}
        return [{**kept, **value}]
    return None


def first_answer(value: object) -> object:
    """The answer among several that are all right: SQuAD has them as objects, or as one object of lists."""
    if isinstance(value, dict) and isinstance(value.get("text"), list):
        value = value["text"]
    if isinstance(value, list):
        value = value[0] if value else ""
    return value["text"] if isinstance(value, dict) and isinstance(value.get("text"), str) else value


def _dicts(value: object) -> Rows:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
