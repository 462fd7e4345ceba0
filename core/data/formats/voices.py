"""Names that stand before what is said, of whatever kind: "Kunde: …", "顾客：…", "bot_x: …"."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from core.data.formats.speakers import known_role, name_key

_ANY_NAME = re.compile(r"(?:^|\n)[ \t]*([^\s:：,.;!?，。；！？][^:：\n,.;!?，。；！？]{0,29})[:：](?!//)")
_MOST_VOICES = 6
_LEAST_SHARE = 0.2  # of the texts a name speaks in; what is rarer is part of what is said


def names_in(texts: Sequence[str]) -> tuple[str, ...]:
    """The names by which these texts tell who speaks, as `name_key` gives them; none where they tell something else.

    A form has such names too: in a talk one of them comes again in the same text, or is known as that of a side.
    """
    counts, num_again, num_known = Counter[str](), 0, 0
    for text in texts:
        spoken = [name_key(mark[1]) for mark in _ANY_NAME.finditer(text.lstrip())] if _ANY_NAME.match(text) else []
        counts.update(set(spoken))
        num_again += len(spoken) > len(set(spoken)) > 1
        num_known += any(known_role(name) in ("user", "assistant") for name in spoken)
    names = tuple(name for name, count in counts.items() if count >= _LEAST_SHARE * len(texts))
    is_talk = 2 * max(num_again, num_known) >= len(texts)
    return names if is_talk and 2 <= len(names) <= _MOST_VOICES else ()


def marks_of(names: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds these names where they begin a line, with the name in a group."""
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?:^|\n)[ \t]*({'|'.join(map(re.escape, longest_first))})[ \t]*[:：][ \t]*", re.IGNORECASE)
