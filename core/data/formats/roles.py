"""Which role each speaker has: as the person says, as the name says, or as the order of the turns suggests."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Protocol, runtime_checkable

from core.data.formats.base import Format
from core.data.formats.speakers import known_role, name_key
from core.data.table import RawRow
from core.errors import OptionRefused

LEFT_OUT = "none"  # the role of who is not learned from: what they say is left out
ROLE_CHOICES = ("user", "assistant", "system", "tool", LEFT_OUT)
MOST_NAMES = 8  # that can be given roles; where more speak, names are no roles


@dataclass(frozen=True)
class Cast:
    """Who speaks.

    roles: each name as the file writes it, in the order they come up, to its role; "" where nobody can tell.
    guessed: the names whose role only the order of the turns suggests.
    """

    roles: Mapping[str, str]
    guessed: tuple[str, ...] = ()

    @property
    def by_key(self) -> dict[str, str]:
        """The roles, whatever the case of the names."""
        return {name_key(name): role for name, role in self.roles.items()}


@runtime_checkable
class Spoken(Format, Protocol):
    """A format whose rows name who speaks."""

    def speakers(self, rows: Iterable[RawRow], mapping: Mapping[str, str]) -> list[list[str]]:
        """The names of each row, turn by turn."""
        ...

    def hearing(self, roles: Mapping[str, str]) -> "Spoken":
        """The same format, once roles are told; names as `name_key` gives them."""
        ...


def cast_of(rows: Sequence[Sequence[str]], chosen: Mapping[str, str]) -> Cast:
    """The role of everyone who speaks in these rows (names, turn by turn); what a person chose comes first."""
    told = {name_key(name): role for name, role in chosen.items()}
    spelt = dict[str, str]()
    for row in rows:
        for name in row:
            spelt.setdefault(name_key(name), name)
    roles = {key: told.get(key) or known_role(key) or "" for key in spelt}
    guessed = _guess(roles, [[name_key(name) for name in row] for row in rows])
    return Cast({spelt[key]: role for key, role in roles.items()}, tuple(spelt[key] for key in guessed))


def united(casts: Iterable[Cast]) -> Cast:
    """Of several kinds of rows, at most MOST_NAMES; the first that tells somebody's role is right."""
    roles, spelt, guessed = dict[str, str](), dict[str, str](), dict[str, None]()
    for cast in casts:
        for name, role in cast.roles.items():
            known = spelt.setdefault(name_key(name), name)
            roles[known] = roles.get(known) or role
        guessed.update(dict.fromkeys(cast.guessed))
    return Cast(dict(islice(roles.items(), MOST_NAMES)), tuple(guessed))


def roles_of(text: str) -> dict[str, str]:
    """What `--roles` means: Kunde=user,Agent=assistant,Note=none.

    Raises:
        OptionRefused: a name without a role, or no such role.
    """
    roles = {}
    for part in filter(str.strip, text.split(",")):
        name, _, role = (piece.strip() for piece in part.rpartition("="))
        if not name or role not in ROLE_CHOICES:
            raise OptionRefused(name="roles", found=part.strip(), expected=f"NAME= and {' or '.join(ROLE_CHOICES)}")
        roles[name] = role
    return roles


def _guess(roles: dict[str, str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Fills in who asks and who answers where no name says so; gives the names whose role the order told. Who else
    speaks all the time is left out."""
    unknown = [name for name, role in roles.items() if not role]
    if len(roles) < 2 or len(unknown) > MOST_NAMES:
        return []
    if "system" not in roles.values():
        _give("system", _framing(roles, rows), roles)
    if "user" not in roles.values():
        _give("user", _asking(roles, rows), roles)
    if "assistant" not in roles.values():
        _give("assistant", _answering(roles, rows), roles)
    for name in unknown:
        if not roles[name] and 2 * sum(name in row for row in rows) >= len(rows):
            roles[name] = LEFT_OUT
    return [name for name in unknown if roles[name]]


def _give(role: str, name: str, roles: dict[str, str]) -> None:
    if name:
        roles[name] = role


def _framing(roles: Mapping[str, str], rows: Sequence[Sequence[str]]) -> str:
    """The unknown who begins every row before two others, and says nothing more."""
    first = rows[0][0] if rows and rows[0] else ""
    is_framing = all(row[:1] == [first] and row.count(first) == 1 and len(set(row)) > 2 for row in rows)
    return first if first and not roles[first] and is_framing else ""


def _asking(roles: Mapping[str, str], rows: Sequence[Sequence[str]]) -> str:
    """Of the unknown the one who speaks before the assistant, or where nobody is that, who most often begins."""
    spoken = [[name for name in row if roles[name] not in ("system", "tool", LEFT_OUT)] for row in rows]
    before = Counter(
        one for row in spoken for one, other in _pairs(row) if not roles[one] and roles[other] == "assistant"
    )
    begins = Counter(row[0] for row in spoken if len(set(row)) > 1 and not roles[row[0]])
    return _most(before) or _most(begins)


def _answering(roles: Mapping[str, str], rows: Sequence[Sequence[str]]) -> str:
    """Who most often speaks after the user: of the unknown, or a "system" that never speaks before."""
    after = Counter(other for row in rows for one, other in _pairs(row) if roles[one] == "user")
    unknown = Counter({name: count for name, count in after.items() if not roles[name]})
    firsts = {row[0] for row in rows if row}
    systems = Counter({name: after[name] for name in after if roles[name] == "system" and name not in firsts})
    return _most(unknown) or _most(systems)


def _pairs(row: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Each turn and the next, where another speaks."""
    return ((one, other) for one, other in pairwise(row) if one != other)


def _most(counts: Counter[str]) -> str:
    return counts.most_common(1)[0][0] if counts else ""
