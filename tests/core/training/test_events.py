from pathlib import Path

import pytest

from core.training.events import Event, EventLog


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    return EventLog(tmp_path / "events.jsonl")


def step(number: int) -> Event:
    return Event("step", number, number / 10, {"loss": 1.5, "word": "客\r\n服"})


def test_a_log_that_is_not_there_yet_is_empty(log: EventLog):
    assert log.read() == ((), 0)
    assert log.read(7) == ((), 7)


def test_a_cursor_gives_only_what_is_new(log: EventLog):
    log.append(step(1))
    first, cursor = log.read()
    assert first == (step(1),)
    assert log.read(cursor) == ((), cursor)
    log.append(step(2))
    log.append(step(3))
    assert log.read(cursor)[0] == (step(2), step(3))


def test_half_a_line_is_left_for_later(log: EventLog):
    log.append(step(1))
    whole = log.path.read_bytes()
    log.append(step(2))
    both = log.path.read_bytes()
    log.path.write_bytes(both[:-5])
    events, cursor = log.read()
    assert events == (step(1),)
    assert cursor == len(whole)
    log.path.write_bytes(both)
    assert log.read(cursor)[0] == (step(2),)


def test_the_torn_line_of_a_killed_process_spoils_nothing(log: EventLog):
    log.append(step(1))
    with log.path.open("ab") as file:
        file.write(b'{"kind": "step", "st\xe5')
    _, cursor = log.read()
    log.append(step(2))
    log.append(step(3))
    assert log.read()[0] == (step(1), step(2), step(3))
    assert log.read(cursor)[0] == (step(2), step(3))


def test_lines_of_another_kind_are_passed_over(log: EventLog):
    log.path.write_text('{"other": 1}\n[]\nnull\n\n', encoding="utf-8")
    log.append(step(1))
    assert log.read()[0] == (step(1),)
