"""Small data for each task, written to files."""

import json
from pathlib import Path

from tests.helpers.rows import write_conversations

THINGS = ("box", "parcel", "letter", "order", "chair", "table")
PLACES = ("here", "there", "today", "now")


def write_labels(path: Path, num_rows: int = 96) -> Path:
    """Texts of two labels that one word tells apart."""
    words = {"praise": ("good", "quick"), "complaint": ("bad", "slow")}
    rows = []
    for number in range(num_rows):
        label = ("praise", "complaint")[number % 2]
        word = words[label][number // 2 % 2]
        thing, place = THINGS[number // 4 % len(THINGS)], PLACES[number // 24 % len(PLACES)]
        rows.append({"text": f"the {thing} was {word} {place} {number // 2}", "label": label})
    return _write(path, rows)


def write_preferences(path: Path, num_rows: int = 48) -> Path:
    """Pairs in which the polite answer is the better one."""
    rows = []
    for number in range(num_rows):
        asked = f"Where is parcel {number}?"
        rows.append({"prompt": asked, "chosen": "It is on its way.", "rejected": f"Look for {number}."})
    return _write(path, rows)


def write_passages(path: Path, num_rows: int = 24) -> Path:
    """Texts of several sentences each, some of them longer than a block."""
    rows = []
    for number in range(num_rows):
        sentence = f"Parcel {number} is on its way. Open the box and look. "
        rows.append({"text": sentence * (1 + number % 4)})
    return _write(path, rows)


WRITE = {
    "classification": write_labels,
    "preference": write_preferences,
    "passage": write_passages,
    "conversation": write_conversations,
}


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
