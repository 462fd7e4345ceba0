from dataclasses import dataclass

import pytest

from core.errors import UnknownName
from core.registry import Table


@dataclass(frozen=True)
class Thing:
    name: str


def test_the_order_is_the_order_of_writing():
    table = Table("thing", Thing("b"), Thing("a"), Thing("c"))
    assert table.names() == ("b", "a", "c")
    assert [thing.name for thing in table] == ["b", "a", "c"]
    assert len(table) == 3


def test_an_entry_is_found_by_its_name():
    table = Table("thing", Thing("a"), Thing("b"))
    assert table.get("b") == Thing("b")
    assert "b" in table
    assert "z" not in table


def test_two_entries_of_one_name_are_refused():
    with pytest.raises(ValueError, match="share a name"):
        Table("thing", Thing("a"), Thing("b"), Thing("a"))


def test_an_unknown_name_is_answered_with_those_there_are():
    with pytest.raises(UnknownName) as caught:
        Table("thing", Thing("a"), Thing("b")).get("z")
    assert caught.value.facts == {"kind": "thing", "name": "z", "choices": "a, b"}
