"""Real files of other people, with the counts a separate script took. They lie beside a developer's checkout only."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.data.steps import DataSteps, Upload
from core.errors import NoUsableColumns
from core.workspace import Workspace

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the files of other people are not here")


@dataclass(frozen=True)
class Counts:
    """What is known of a file. num_rows: read, usable or not. found: by check."""

    num_rows: int
    task: str
    num_problems: int = 0
    num_repeated: int | None = None
    found: dict[str, int] = field(default_factory=dict)


KNOWN = {
    "chat/toy_chat_fine_tuning.jsonl": Counts(5, "conversation"),
    "instruct/alpaca_en_demo.json": Counts(999, "conversation", 0, 14, {"duplicates": 14}),
    "instruct/alpaca_zh_demo.json": Counts(1000, "conversation", 0, 8, {"duplicates": 8}),
    "instruct/instruction-data.json": Counts(1100, "conversation", 0, 0),
    "preference/instruction-data-with-preference.json": Counts(1100, "preference"),
    "prompt_completion/wwdc25_train.jsonl": Counts(1800, "conversation", 0, 437, {"duplicates": 437}),
    "prompt_completion/wwdc25_valid.jsonl": Counts(144, "conversation"),
    "classify/banking77_train.csv": Counts(10003, "classification"),
    "classify/banking77_test.csv": Counts(3080, "classification"),
    "classify/AG_news_samples.csv": Counts(2000, "classification"),
    "nested/clinc_small.json": Counts(16200, "classification"),
    "tables/medical_gb18030.csv": Counts(7644, "conversation", 0, 378, {"duplicates": 378}),
    "tables/airline_faq.xlsx": Counts(114, "conversation"),
    "tables/customs.parquet": Counts(48, "conversation"),
    "tables/poetry_sui.csv": Counts(1170, "passage"),
    "text/the-verdict.txt": Counts(16, "passage"),
}


@pytest.fixture
def steps(tmp_path: Path) -> DataSteps:
    return DataSteps(Workspace(tmp_path / "workspace"))


@pytest.mark.parametrize("name", KNOWN)
def test_a_file_has_the_rows_and_duplicates_that_were_counted(steps: DataSteps, name: str):
    known = KNOWN[name]
    dataset = steps.import_files([SHARED / name])
    report = steps.report(dataset.id)
    assert (dataset.rows_read, dataset.task, dataset.num_problems) == (known.num_rows, known.task, known.num_problems)
    if known.num_repeated is not None:
        assert sum(table.num_repeated for table in dataset.tables) == known.num_repeated
    assert {check: report.finding(check).count for check in known.found} == known.found


def test_what_was_held_back_and_is_in_the_training_part_as_well(steps: DataSteps):
    files = [SHARED / "prompt_completion" / f"wwdc25_{part}.jsonl" for part in ("train", "valid")]
    dataset = steps.import_files(Upload(files, validation=["wwdc25_valid.jsonl"]))
    assert steps.report(dataset.id).finding("leakage").count == 16


def test_a_mess_of_shapes_has_its_lines_and_its_repetitions(steps: DataSteps):
    dataset = steps.import_files([SHARED / "messy" / "training_data.jsonl"])
    table = dataset.tables[0]
    assert (table.num_rows, table.num_problems, table.num_repeated) == (2062, 3, 692)
    assert len(dataset.understood.shapes) >= 166
    assert dataset.rows_read == 2065


def test_the_columns_a_person_has_to_choose(steps: DataSteps):
    with pytest.raises(NoUsableColumns, match="'question'"):
        steps.import_files([SHARED / "tables" / "airline_questions.xlsx"])
    faq = steps.import_files([SHARED / "tables" / "bilingual_faq.csv"])
    assert {"q_fr", "a_fr"} <= set(faq.columns)
