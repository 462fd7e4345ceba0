from pathlib import Path

import pytest

from core.data.readers.faq import asked_in, tables_in
from tests.core.data.build import write
from tests.core.data.readers.tables import read_table, tables_of

ANSWERS = ("We open at nine.\n\nEvery day.", "Yes, within seven days.", "Free above fifty.")
QUESTIONS = ("When do you open?", "Can I return it?", "运费是多少？")


@pytest.mark.parametrize("mark", ["## {}", "### 2. {}", "**{}**", "1. {}", "2、{}"])
def test_questions_that_stand_out(tmp_path: Path, mark: str):
    text = "# Questions\n\n" + "\n\n".join(
        f"{mark.format(asked)}\n\n{said}" for asked, said in zip(QUESTIONS, ANSWERS, strict=True)
    )
    table = read_table(write(tmp_path / "f.md", text))
    assert [row.values for row in table.rows] == [
        {"question": asked, "answer": said} for asked, said in zip(QUESTIONS, ANSWERS, strict=True)
    ]
    assert table.rows[0].line == 3


def test_a_heading_without_a_question_ends_an_answer():
    rows = asked_in("## When?\nAt nine o'clock.\n# More\n## Where is it?\nIn the north.\n## Who is it?\nThe owner.\n")
    assert [row.values["answer"] for row in rows] == ["At nine o'clock.", "In the north.", "The owner."]


def test_prose_that_asks_now_and_then_stays_prose():
    prose = "\n\nThe river rises in the north of the country and runs for ninety miles to the sea."
    assert (
        asked_in("".join(f"## Part {n}{prose * 3}\n\n" for n in range(4)) + "## Why?\nx\n## How?\ny\n## Who?\nz") == []
    )
    assert asked_in("## When?\nAt nine.\n## Where?\nHere.\n") == []


def test_a_table_in_markdown(tmp_path: Path):
    text = "# FAQ\n\n| Question | Answer |\n| --- | :-: |\n| a \\| b? | c |\n| d? | e |\n\nThe end of it.\n"
    _, table = tables_of(write(tmp_path / "f.md", text))
    assert [(row.line, row.values) for row in table.rows] == [
        (5, {"Question": "a | b?", "Answer": "c"}),
        (6, {"Question": "d?", "Answer": "e"}),
    ]
    assert tables_in("| a | b |\n| c | d |\n") == []
