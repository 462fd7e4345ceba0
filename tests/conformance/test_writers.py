"""Every writer, on every kind of data it holds: what is written comes back as it was, and other programs take it."""

import itertools
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.data.examples import CLASSIFICATION, CONVERSATION, PASSAGE, PREFERENCE, TASKS, Example, Message, Role
from core.data.intake import Choice, Understanding, understand
from core.data.lines import ExampleLines
from core.data.readers import open_tables
from core.data.spool import spool
from core.data.writers import WRITERS
from core.data.writers.base import Writer
from core.errors import DoesNotFit
from core.progress import nobody_watches
from core.workspace import DatasetFolder

CALL = json.dumps({"tool_calls": [{"type": "function", "function": {"name": "find", "arguments": {"id": 7}}}]})
RESULT = json.dumps({"tool_call_id": "1", "name": "find"})
TOOLS = json.dumps({"tools": [{"type": "function", "function": {"name": "find", "parameters": {}}}]})
PROSE = "A lamp stands on the shelf by the window, and nobody knows who lit it. "
ROLES: dict[str, Role] = {"s": "system", "u": "user", "a": "assistant", "t": "tool"}


def say(*turns: str, rejected: str = "", part: str = "", source: str = "") -> Example:
    """Each turn as "u: words"."""
    return Example("f:1", tuple(Message(ROLES[turn[0]], turn[3:]) for turn in turns), rejected, part, source)


SETS: dict[str, tuple[str, tuple[Example, ...]]] = {
    "pairs": (CONVERSATION, (say("u: Where is it?", "a: On its way."), say("u: 你好", "a: 您好！"))),
    "difficult texts": (
        CONVERSATION,
        (
            say('u: a "quoted", text; with\ttabs | bars', "a: two\nlines\n\nand 'more'"),
            say("u: =SUM(A1:A9)", "a: -1+1"),
            say("u:  blanks before and behind ", "a: \n- a list\n"),
            say("u: 007", "a: true"),
            say("u: null", "a: \\n is no line break, \u2028 is"),
            say("u: 🙂\ufeff", "a: a\u200bb"),
        ),
    ),
    "marks of an old format": (CONVERSATION, (say("u: Ask ->", "a:  Answer END"), say("u: a", "a: b"))),
    "system turns": (CONVERSATION, (say("s: Be brief.", "u: a", "a: b"), say("u: c", "a: d"))),
    "several turns": (
        CONVERSATION,
        (say("u: a", "a: b"), say("s: Be brief.", "u: c", "a: d", "u: e", "a: f"), say("u: x", "a: y", "u: z", "a: ")),
    ),
    "sources": (CONVERSATION, (say("u: a", "a: b", source="chat 1"), say("u: c", "a: d"))),
    "parts": (CONVERSATION, (say("u: a", "a: b", part="validation"), say("u: c", "a: d"))),
    "labels": (
        CLASSIFICATION,
        tuple(say(f"u: text {number}, good", f"a: {'pos' if number % 2 else 'neg'}") for number in range(9)),
    ),
    "labels under a system turn": (
        CLASSIFICATION,
        tuple(say("s: Sort.", f"u: text {number}", f"a: {number % 2}") for number in range(9)),
    ),
    "answers that are no labels": (
        CLASSIFICATION,
        tuple(say(f"u: text {number}", f"a: a long answer {number}") for number in range(50)),
    ),
    "two answers": (
        PREFERENCE,
        (say("u: a", "a: good", rejected="bad"), say("u: c", "a: fine", rejected="poor, really")),
    ),
    "two answers in long conversations": (
        PREFERENCE,
        (say("s: s", "u: a", "a: b", "u: c", "a: good", rejected="bad"), say("u: c", "a: [1]", rejected="[]")),
    ),
    "passages": (PASSAGE, (say(f"a: {PROSE * 3}"), say(f'a: "{PROSE}"\n\n{PROSE}'))),
}
CALLS = (
    Example(
        "f:1",
        (
            Message("system", "s", TOOLS),
            Message("user", "a"),
            Message("assistant", "", CALL),
            Message("tool", "7 is here", RESULT),
            Message("assistant", "Here."),
        ),
    ),
    say("u: a", "a: b"),
)
CASES = [(writer, name) for writer in WRITERS for name, (task, _) in SETS.items() if task in writer.tasks]
JSON = [WRITERS.get("messages"), WRITERS.get("sharegpt")]


def imported(path: Path) -> tuple[Understanding, tuple[Example, ...]]:
    folder = DatasetFolder(path.with_suffix(".dataset"))
    folder.examples.parent.mkdir(parents=True, exist_ok=True)
    tables = spool(open_tables(path), folder, nobody_watches)
    understood = understand(folder, tables, Choice(), nobody_watches)
    return understood, tuple(ExampleLines(folder.examples))


def content(examples: Sequence[Example]) -> list[tuple[object, ...]]:
    return [(example.messages, example.rejected, example.part, example.source) for example in examples]


def written(writer: Writer, examples: Sequence[Example], folder: Path, task: str = CONVERSATION) -> Path:
    path = folder / f"out{writer.suffix}"
    writer.write(iter(examples), path, task)
    assert [left for left in folder.iterdir() if left.name.startswith(".")] == []
    return path


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_a_writer_says_what_it_is(writer: Writer):
    assert writer.suffix.startswith(".")
    assert writer.label and writer.help
    assert writer.tasks and writer.tasks <= set(TASKS)


@pytest.mark.parametrize(("writer", "name"), CASES, ids=lambda case: getattr(case, "name", case))
def test_what_is_written_comes_back_as_it_was(writer: Writer, name: str, tmp_path: Path):
    task, examples = SETS[name]
    understood, again = imported(written(writer, examples, tmp_path, task))
    assert content(again) == content(examples)
    assert understood.num_problems == 0
    kept = {PREFERENCE, PASSAGE} | ({CLASSIFICATION} if name.startswith("labels") and writer.name == "csv" else set())
    assert understood.task == (task if task in kept else CONVERSATION)


@pytest.mark.parametrize("writer", [*JSON, WRITERS.get("csv"), WRITERS.get("parquet")], ids=lambda writer: writer.name)
def test_calls_of_tools_come_back_as_they_were(writer: Writer, tmp_path: Path):
    _, again = imported(written(writer, CALLS, tmp_path))
    assert content(again) == content(CALLS)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
TALKS = st.lists(st.tuples(TEXTS.filter(str.strip), TEXTS.filter(str.strip)), min_size=1, max_size=3)


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(talks=st.lists(st.tuples(TALKS, st.none() | TEXTS.filter(str.strip)), min_size=1, max_size=4))
def test_any_conversation_comes_back_as_it_was(writer: Writer, talks: list, tmp_path_factory: pytest.TempPathFactory):
    examples = []
    for pairs, system in talks:
        turns = [Message("system", system)] if system else []
        for question, answer in pairs:
            turns += [Message("user", question), Message("assistant", answer)]
        examples.append(Example("f:1", tuple(turns)))
    path = written(writer, examples, tmp_path_factory.mktemp("out"))
    assert content(imported(path)[1]) == content(examples)


COLUMNS = {
    ("messages", "pairs"): {"messages"},
    ("messages", "several turns"): {"messages"},
    ("messages", "sources"): {"messages", "conversation_id"},
    ("messages", "two answers"): {"prompt", "chosen", "rejected"},
    ("messages", "passages"): {"text"},
    ("parquet", "several turns"): {"messages"},
    ("parquet", "labels"): {"messages"},
    ("parquet", "two answers in long conversations"): {"prompt", "chosen", "rejected"},
    ("parquet", "passages"): {"text"},
    ("csv", "pairs"): {"prompt", "completion"},
    ("csv", "system turns"): {"prompt", "completion", "system"},
    ("csv", "labels"): {"text", "label"},
    ("csv", "two answers"): {"prompt", "chosen", "rejected"},
    ("csv", "several turns"): {"messages"},
    ("csv", "passages"): {"text"},
    ("alpaca", "several turns"): {"instruction", "input", "output", "system", "history"},
    ("alpaca", "pairs"): {"instruction", "input", "output"},
    ("sharegpt", "several turns"): {"conversations"},
}


@pytest.mark.parametrize(("writer", "name"), COLUMNS, ids="-".join)
def test_datasets_loads_it_without_a_word(writer: str, name: str, tmp_path: Path):
    from datasets import load_dataset

    task, examples = SETS[name]
    path = written(WRITERS.get(writer), examples, tmp_path, task)
    kind = {".csv": "csv", ".parquet": "parquet"}.get(path.suffix, "json")
    loaded = load_dataset(kind, data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))
    assert set(loaded.column_names) == COLUMNS[writer, name]
    assert len(loaded) == len(examples)
    first = examples[0]
    if "messages" in loaded.column_names and writer != "csv":
        assert loaded[0]["messages"] == first.as_dicts()
    if "chosen" in loaded.column_names and writer != "csv":
        assert loaded[0]["prompt"] + loaded[0]["chosen"] == first.as_dicts()
        assert loaded[0]["rejected"] == [{"role": "assistant", "content": first.rejected}]
    if "completion" in loaded.column_names:
        assert (loaded[0]["prompt"], loaded[0]["completion"]) == (first.question, first.answer)


def test_rows_of_one_file_have_the_same_columns(tmp_path: Path):
    rows = (
        say("u: a", "a: b"),
        say("u: c", "a: d", source="x"),
        say("u: e", "a: f", part="test"),
    )
    path = written(WRITERS.get("messages"), rows, tmp_path)
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert {tuple(line) for line in lines} == {("messages", "conversation_id", "split")}
    assert [line["split"] for line in lines] == ["", "", "test"]


@pytest.mark.parametrize("name", ["alpaca", "sharegpt", "csv", "parquet"])
def test_what_a_file_cannot_hold_is_refused_and_the_old_file_stays(name: str, tmp_path: Path):
    writer = WRITERS.get(name)
    path = written(writer, SETS["pairs"][1], tmp_path)
    before = path.read_bytes()
    with pytest.raises(DoesNotFit, match=r"f:1 has .* JSONL"):
        written(writer, (say("u: a", "a: b", rejected="c"), say("u: a", "a: b")), tmp_path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "example", [say("u: a", "u: b", "a: c"), say("u: a"), say("s:  ", "u: a", "a: b"), CALLS[0], say("a: only")]
)
def test_alpaca_holds_questions_and_answers_in_turn(example: Example, tmp_path: Path):
    with pytest.raises(DoesNotFit):
        written(WRITERS.get("alpaca"), (example,), tmp_path)


@pytest.mark.parametrize(
    "blank",
    [say("a: "), say("u: ", "a:  "), say("a: \x01 code"), say("u: a\x7f", "a: b")],
    ids=["", "two", "code", "del"],
)
def test_a_table_holds_what_a_cell_cannot_as_json(blank: Example, tmp_path: Path):
    rows = (blank, say(*(f"{turn.role[0]}: {PROSE}" for turn in blank.messages)))
    assert content(imported(written(WRITERS.get("csv"), rows, tmp_path))[1]) == content(rows)


def test_an_example_made_by_hand_among_pairs_of_answers_is_kept(tmp_path: Path):
    rows = (*SETS["two answers"][1], say("u: by hand", "a: one answer"))
    path = written(WRITERS.get("messages"), rows, tmp_path)
    assert content(imported(path)[1]) == content(rows)


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_nothing_to_write_is_a_file_all_the_same(writer: Writer, tmp_path: Path):
    assert written(writer, (), tmp_path).exists()


def test_examples_stream_through(tmp_path: Path):
    """A hundred thousand rows, and no more memory than for one thousand."""
    program = (
        "import resource, sys; from pathlib import Path; from core.data.examples import Example, Message;"
        "from core.data.writers import WRITERS\n"
        "def rows(count):\n"
        "    for n in range(count):\n"
        "        yield Example(f'f:{n}', (Message('user', f'question {n} ' * 20), Message('assistant', 'yes ' * 20)))\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for writer in WRITERS: writer.write(rows(6_000), Path(sys.argv[1]) / 'out')\n"
        "before = peak()\n"
        "for writer in WRITERS: writer.write(rows(60_000), Path(sys.argv[1]) / 'out')\n"
        "print((peak() - before) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 20  # MiB; the rows alone are 30


TRAINABLE = itertools.product(("messages", "parquet"), ("several turns", "two answers", "passages"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("writer", "name"), [*TRAINABLE, ("csv", "pairs"), ("csv", "passages")], ids=lambda case: case)
def test_trl_trains_on_it_as_it_is(writer: str, name: str, tiny: Path, tmp_path: Path):
    """Checked with TRL 1.16; it is no dependency, so this is skipped where it is not installed."""
    trl = pytest.importorskip("trl")
    from datasets import load_dataset
    from transformers import AutoTokenizer

    task, examples = SETS[name]
    path = written(WRITERS.get(writer), [*examples] * 3, tmp_path, task)
    kind = {".csv": "csv", ".parquet": "parquet"}.get(path.suffix, "json")
    loaded = load_dataset(kind, data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))
    pair = (trl.DPOConfig, trl.DPOTrainer) if task == PREFERENCE else (trl.SFTConfig, trl.SFTTrainer)
    options = {"max_steps": 1, "report_to": "none", "save_strategy": "no", "use_cpu": True, "bf16": False}
    config = pair[0](output_dir=str(tmp_path / "run"), per_device_train_batch_size=2, **options)
    tokenizer = AutoTokenizer.from_pretrained(tiny)
    trainer = pair[1](model=str(tiny), args=config, train_dataset=loaded, processing_class=tokenizer)
    assert trainer.train().global_step == 1
