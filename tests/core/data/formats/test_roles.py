"""Who speaks: told by names, by the order of turns, or by the person."""

from pathlib import Path

import pytest

from core.data.formats.roles import LEFT_OUT, Cast, cast_of, roles_of, united
from core.data.formats.voices import names_in
from core.data.shapes import Choice
from core.errors import NotTrainingData, OptionRefused
from tests.core.data.build import raw, said, understood

TALK = [("u", "q"), ("a", "r"), ("u", "s"), ("a", "t")]


def sharegpt(*names: str, speaker: str = "from", text: str = "value"):
    """A conversation of these speakers, who say q, r, s, t."""
    return {"conversations": [{speaker: name, text: content} for name, content in zip(names, "qrst", strict=False)]}


@pytest.mark.parametrize(
    ("rows", "roles", "guessed"),
    [
        ([["user", "assistant"]], {"user": "user", "assistant": "assistant"}, ()),
        ([["Kunde", "Berater"]], {"Kunde": "user", "Berater": "assistant"}, ("Kunde", "Berater")),
        ([["顾客", "客服"]], {"顾客": "user", "客服": "assistant"}, ()),
        ([["甲方", "客服"]], {"甲方": "user", "客服": "assistant"}, ("甲方",)),
        ([["agent", "Kunde", "agent", "Kunde"]], {"agent": "assistant", "Kunde": "user"}, ("Kunde",)),
        ([["user", "bot_x"], ["User", "bot_x"]], {"user": "user", "bot_x": "assistant"}, ("bot_x",)),
        ([["user", "system"]], {"user": "user", "system": "assistant"}, ()),
        ([["system", "user", "system"]], {"system": "system", "user": "user"}, ()),
        (
            [["Regel", "Kunde", "Berater"], ["Regel", "Kunde", "Berater", "Kunde"]],
            {"Regel": "system", "Kunde": "user", "Berater": "assistant"},
            ("Regel", "Kunde", "Berater"),
        ),
        (
            [["Kunde", "Berater", "Notiz", "Kunde", "Berater"]],
            {"Kunde": "user", "Berater": "assistant", "Notiz": LEFT_OUT},
            ("Kunde", "Berater", "Notiz"),
        ),
        ([["user", "assistant"]] * 3 + [["narrator"]], {"user": "user", "assistant": "assistant", "narrator": ""}, ()),
        ([["narrator"]], {"narrator": ""}, ()),
    ],
)
def test_who_is_who(rows, roles, guessed):
    cast = cast_of(rows, {})
    assert dict(cast.roles) == roles
    assert set(cast.guessed) == set(guessed)


def test_what_a_person_says_comes_first():
    cast = cast_of([["Kunde", "agent"]], {"KUNDE": "assistant", "agent": "user"})
    assert cast == Cast({"Kunde": "assistant", "agent": "user"})


def test_names_of_many_people_are_no_roles():
    rows = [[f"person {number}", f"person {number + 1}"] for number in range(0, 20, 2)]
    assert set(cast_of(rows, {}).roles.values()) == {""}


def test_rows_of_several_kinds_have_one_cast():
    one, other = Cast({"user": "user", "x": ""}), Cast({"X": "assistant", "y": ""}, ("X",))
    assert united([one, other]) == Cast({"user": "user", "x": "assistant", "y": ""}, ("X",))


def test_unknown_names_are_understood_by_their_order(tmp_path: Path):
    rows = [sharegpt("Kunde", "Berater", "Kunde", "Berater")] * 3
    found, examples = understood(tmp_path, raw(*rows))
    assert [said(example.messages) for example in examples] == [TALK] * 3
    assert found.cast == Cast({"Kunde": "user", "Berater": "assistant"}, ("Kunde", "Berater"))


@pytest.mark.parametrize("names", [("from", "value"), ("role", "content")])
def test_swapped_roles_are_put_right(tmp_path: Path, names):
    row = sharegpt("gpt", "human", "gpt", "human", speaker=names[0], text=names[1])
    wrong, examples = understood(tmp_path / "1", raw(row))
    assert said(examples[0].messages)[0] == ("a", "q")
    assert wrong.cast.roles == {"gpt": "assistant", "human": "user"}
    right, examples = understood(tmp_path / "2", raw(row), choice=Choice(roles={"gpt": "user", "human": "assistant"}))
    assert said(examples[0].messages) == TALK
    assert right.cast.roles == {"gpt": "user", "human": "assistant"}


def test_turns_can_be_left_out(tmp_path: Path):
    row = sharegpt("human", "supervisor", "gpt")
    choice = Choice(roles={"supervisor": LEFT_OUT})
    _, examples = understood(tmp_path / "1", raw(row, row), choice=choice)
    assert said(examples[0].messages) == [("u", "q"), ("a", "s")]
    with pytest.raises(NotTrainingData, match="left out"):
        understood(
            tmp_path / "2", raw(row), choice=Choice(roles=dict.fromkeys(("human", "gpt", "supervisor"), LEFT_OUT))
        )


def test_a_name_met_late_is_offered_too(tmp_path: Path):
    rows = [sharegpt("human", "gpt")] * 300 + [sharegpt("human", "stranger")]
    found, _ = understood(tmp_path, raw(*rows))
    assert found.cast.roles == {"human": "user", "gpt": "assistant", "stranger": ""}
    assert found.num_problems == 1 and "stranger" in found.problems[0].found


@pytest.mark.parametrize(
    "text",
    [
        "Kunde: q\nBerater: r\nKunde: s\nBerater: t",
        "顾客：q\n客服：r\n顾客：s\n客服：t",
        "bot_u: q\nbot_x: r\nbot_u: s\nbot_x: t",
    ],
)
def test_names_of_any_kind_in_one_text(tmp_path: Path, text: str):
    found, examples = understood(tmp_path, raw(*[{"chat": text}] * 3, kind="csv"))
    assert found.format == "transcript" and len(found.cast.roles) == 2
    assert said(examples[0].messages) == TALK


def test_names_in_one_text_can_be_swapped(tmp_path: Path):
    rows = [{"chat": "Berater: q\nKunde: r\nBerater: s\nKunde: t"}] * 3
    choice = Choice("transcript", {"text": "chat"}, roles={"Kunde": "assistant", "Berater": "user"})
    assert said(understood(tmp_path, raw(*rows), choice=choice)[1][0].messages) == TALK


@pytest.mark.parametrize(
    "texts",
    [
        ["Name: Anna\nStreet: Long Road\nCity: Rome"] * 5,
        ["The shop opens at nine: come early.\nNote: it is closed on Sunday."] * 5,
        ["See https://a.b/c\nand https://d.e/f"] * 5,
        [f"Speaker {number}: a\nListener {number}: b" for number in range(9)],
    ],
)
def test_forms_and_prose_are_no_talks(texts):
    assert names_in(texts) == ()


def test_turns_a_row_each_with_names_of_any_kind(tmp_path: Path):
    turns = [
        {"ticket_id": str(number // 4), "sender": name, "text": text}
        for number, (name, text) in enumerate(zip(["Kunde", "Berater"] * 4, "qrst" * 2, strict=True))
    ]
    from core.data.readers.chatlog import gathered
    from core.data.table import RawRow, RawTable

    table = RawTable("f", gathered(RawRow(line, row) for line, row in enumerate(turns, 1)), "csv")
    found, examples = understood(tmp_path, table)
    assert [said(example.messages) for example in examples] == [TALK, TALK]
    assert found.cast.guessed == ("Kunde", "Berater")


def test_roles_as_they_are_typed():
    assert roles_of("Kunde=user, Agent = assistant,a=b=none") == {
        "Kunde": "user",
        "Agent": "assistant",
        "a=b": LEFT_OUT,
    }
    assert roles_of("") == {}
    for text in ("Kunde", "=user", "Kunde=boss"):
        with pytest.raises(OptionRefused, match="user or assistant"):
            roles_of(text)
