"""A clean set of short shop conversations, and one with faults planted in it whose rows are known."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.data.examples import Example, Message

_THINGS = """kettle|desk lamp|rain jacket|garden hose|bread knife|yoga mat|suitcase|wall clock|coffee grinder|bicycle
pump|bookshelf|tent|frying pan|office chair|wool blanket|violin|camera strap|sewing machine|fish tank|door mat|ladder
|picture frame|water filter|toaster|snow shovel|tea pot|pillow|hiking boots|flower pot|radio|mirror|cutting board"""
_CASES = """while the old one is being repaired|for a friend who lives abroad|before the holidays begin|without an
account|when the first parcel got lost
|if the box was opened|with a gift card from last spring|because the colour looks wrong
|after the trial month|as part of a larger order|although the label is missing|for my small workshop|since I moved
house|in time for a wedding|with two different addresses|on a Sunday evening|from the phone in the train|as a present
for my mother|next to the things I saved|against the price in your window"""
_WISHES = """order|return|exchange|track|insure|collect|reserve|clean|assemble|store|resize|engrave|paint|fold up
|recycle|borrow|pay for|send back|pick up|look after"""
_OPENERS = """How do I|Where can I|Is it possible to|When should I|May I|What does it cost to|Who helps me to|Do I need
a form to|Can your staff|How soon could I"""
_FIRST = """Open your basket and choose the second line|Write to the desk on the ground floor|Show the card at the blue
counter|Ask the driver for the yellow slip|Take a picture of the side with the seal|Call the workshop between nine and
noon|Leave it with the neighbour who signed|Press the round button under the list|Bring the booklet that came with it
|Wait for the letter with the green stamp|Put everything into the large box|Choose the smaller of the two sizes"""
_THEN = """a colleague then confirms it within a day|the amount goes back to the same card|we print the sheet for you
|nothing else has to be signed|the lorry comes on the following morning|you hear from us by the end of the week|the new
one is kept at the door|our bench looks at it first|the shelf stays reserved until Friday|you may keep the cover|that is
free of charge|the desk writes the date on it|the rest happens by itself|the guarantee stays as it is"""
_ENDS = """Take care of the lid on the way|The small screws are in the bag|Two people carry it best|It needs a dry place
|The key hangs behind the till|There is coffee while you wait|The lift is next to the stairs|Parking is behind the
bakery|The manual shows it with drawings|Children get a balloon|The paper tray is usually full|Bring an umbrella"""


def _options(text: str) -> tuple[str, ...]:
    return tuple(option.strip() for option in text.replace("\n", " ").split("|"))


_PARTS = {
    "thing": _options(_THINGS),
    "case": _options(_CASES),
    "wish": _options(_WISHES),
    "opener": _options(_OPENERS),
    "first": _options(_FIRST),
    "then": _options(_THEN),
    "end": _options(_ENDS),
}


@dataclass
class Planted:
    """Rows as they are written to a file, and by check the places (0 is the first) where a fault was planted."""

    rows: list[dict[str, object]] = field(default_factory=list)
    faults: dict[str, set[int]] = field(default_factory=dict)

    def add(self, question: str, answer: str, *checks: str) -> int:
        """One conversation, with the faults it has."""
        self.rows.append(conversation(question, answer))
        for check in checks:
            self.faults.setdefault(check, set()).add(len(self.rows) - 1)
        return len(self.rows) - 1

    def write(self, path: Path) -> Path:
        """As JSONL."""
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.rows), encoding="utf-8")
        return path


def conversation(question: str, answer: str) -> dict[str, object]:
    """A row in the messages format."""
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def clean_pairs(count: int, seed: int = 0) -> Iterator[tuple[str, str]]:
    """Questions and answers that are all different and have nothing wrong with them; about 40 words each pair."""
    chosen = random.Random(seed)
    asked: set[int] = set()
    while len(asked) < count:
        part = {name: chosen.choice(options) for name, options in _PARTS.items()}
        other = {name: chosen.choice(options) for name, options in _PARTS.items()}
        question = f"{part['opener']} {part['wish']} the {part['thing']} {part['case']}, and the {other['thing']} too?"
        if hash(question) in asked:
            continue
        asked.add(hash(question))
        yield (
            question,
            (
                f"{part['first']} for the {part['thing']}, and {part['then']}. "
                f"{other['first']} for the {other['thing']}, and {other['then']}. {part['end']}."
            ),
        )


def as_example(row: dict[str, object], id: str) -> Example:
    """A written row as an example."""
    turns: list[dict[str, str]] = row["messages"]  # type: ignore[assignment]
    return Example(id, tuple(Message(turn["role"], turn["content"]) for turn in turns))  # type: ignore[arg-type]
