"""Bringing files, correcting what was understood, and opening earlier data."""

from itertools import islice

import gradio as gr
import pytest

from core.data.formats import FORMATS
from core.data.formats.roles import MOST_NAMES, ROLE_CHOICES, Cast
from core.errors import NoUsableColumns, TailorError
from ui.tabs import data, data_correct, data_import
from ui.words import words_for


@pytest.fixture
def calls(bench):
    from functools import partial

    cleared = partial(data.empty_updates, bench.tab, bench.words)
    return data_import.ImportCalls(bench.tab.files, *bench.common, cleared, bench.tab.shown)


@pytest.fixture
def sizes(tmp_path):
    path = tmp_path / "sizes.csv"
    path.write_text("height,weight\n1,2\n3,4\n5,6\n7,8\n", encoding="utf-8")
    return path


def last(results):
    return list(results)[-1]


def test_each_part_of_the_format_has_a_dropdown_with_the_columns(words):
    slots = data_correct.slot_updates(words, ("q", "a"), "question_answer", {"question": "q", "answer": "a"})
    assert [slot.value for slot in slots[:2]] == ["q", "a"]
    assert [value for _, value in slots[0].choices] == ["", "q", "a"]
    num_parts = len(FORMATS.get("question_answer").slots)
    assert [slot.visible for slot in slots] == [place < num_parts for place in range(data_correct.NUM_SLOTS)]


def test_columns_chosen_by_hand_become_a_mapping():
    chosen = {"slot_0": "q", "slot_1": "a", "slot_2": "", "slot_3": None}
    assert data_correct.mapping_of("question_answer", chosen) == {"question": "q", "answer": "a"}


def test_a_small_file_is_there_at_once(bench, calls, messy_file):
    updates = last(calls.receive([str(messy_file)], None, [], ""))
    assert bench.studio.dataset(bench.after(updates)).files == ("messy.csv",)
    assert not updates[bench.tab.desk.progress] and not updates[bench.tab.desk.timer].active


def test_a_second_file_only_checks(bench, calls, messy_file, tmp_path):
    held_back = tmp_path / "other" / "messy.csv"  # of the same name: only this one is held back
    held_back.parent.mkdir()
    held_back.write_text("question,answer\nIs this new?,Yes.\nAnd that?,No.\n", encoding="utf-8")
    id = bench.after(last(calls.receive([str(messy_file)], [str(held_back)], [], "")))
    assert [info.part for info in bench.studio.dataset(id).tables] == ["", "validation"]
    assert bench.studio.split_counts(id).validation == 2


def test_a_file_to_check_with_may_come_later(bench, calls, messy, tmp_path):
    held_back = tmp_path / "checks.csv"
    held_back.write_text("question,answer\nIs this new?,Yes.\n", encoding="utf-8")
    id = bench.after(last(calls.receive_checks(None, [str(held_back)], [], messy)))
    assert bench.studio.dataset(id).files == ("messy.csv", "checks.csv")
    assert list(calls.receive_checks(None, [str(held_back)], [], "")) == []  # it waits for the others


def test_a_refused_file_takes_the_old_data_off_the_page_and_offers_its_columns(bench, calls, messy, sizes):
    results = []
    with pytest.raises(NoUsableColumns):
        results.extend(calls.receive([str(sizes)], None, [], messy))  # nothing: the error ends the list
    steps = calls.receive([str(sizes)], None, [], messy)
    assert next(steps)[bench.tab.desk.job]  # that can be cancelled
    updates = next(steps)
    assert not updates[bench.tab.box].visible and not updates[bench.tab.top.next].interactive
    assert updates[bench.tab.files.correct.box].visible and updates[bench.tab.files.correct.box].open
    assert {value for _, value in updates[bench.tab.files.correct.slots[0]].choices} >= {"height", "weight"}
    with pytest.raises(TailorError):
        next(steps)


def test_columns_corrected_on_the_page_make_it_readable(bench, calls, sizes):
    chosen = {"slot_0": "height", "slot_1": "weight"}
    updates = last(calls.read_as("", [str(sizes)], None, "question_answer", -1, **chosen))
    dataset = bench.studio.dataset(bench.after(updates))
    assert dict(dataset.mapping) == {"question": "height", "answer": "weight"}


def test_a_dataset_is_read_in_another_way(bench, calls, messy):
    updates = last(calls.read_as(messy, None, None, "question_answer", -1, slot_0="answer", slot_1="question"))
    assert bench.tab.desk.changed in updates
    assert bench.studio.dataset(messy).mapping["question"] == "answer"


def test_several_sheets_can_be_chosen_from(bench, calls, tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("question,answer\nA?,Yes.\nB?,No.\n", encoding="utf-8")
    second.write_text("question,answer\nC?,Yes.\nD?,No.\nE?,Maybe.\n", encoding="utf-8")
    id = bench.after(last(calls.receive([str(first), str(second)], None, [], "")))
    choice = data_correct.table_update(bench.words, bench.studio.dataset(id))
    assert choice.visible and len(choice.choices) == 3 and choice.value == data_correct.ALL_TABLES
    list(calls.read_table(id, None, None, 1))
    assert bench.studio.dataset(id).rows_read == 3


def test_one_table_leaves_nothing_to_choose(bench, messy):
    assert not data_correct.table_update(bench.words, bench.studio.dataset(messy)).visible


def test_earlier_data_are_listed_and_opened(bench, calls, messy):
    sample = bench.studio.import_sample("python_style").id
    shown = calls.show(messy)[bench.tab.files.earlier]
    assert {value for _, value in shown.choices} == {messy, sample} and shown.value == messy
    assert any(name.startswith("A code style") for name, _ in shown.choices)
    assert calls.open_earlier(sample) == {bench.session.dataset: sample}
    assert calls.open_earlier(None) == {}


def test_work_that_nobody_knows_any_more_is_forgotten(bench, calls):
    (updates,) = calls.tick("", "import-gone", None, None)
    assert updates[bench.tab.desk.job] == "" and not updates[bench.tab.desk.timer].active


def test_the_column_is_built_in_every_language(build, words):
    with gr.Blocks():
        part = data_import.build(words, "/home/anna")
    assert (
        part.upload.label
        == words("data.upload")
        != (words_for("zh" if words.language == "en" else "en"))("data.upload")
    )


def test_another_file_takes_the_place_of_a_refused_one(bench, calls, sizes, messy_file):
    steps = calls.receive([str(sizes)], None, [], "")
    refused = list(islice(steps, 2))[-1][bench.tab.files.refused]
    assert refused == [str(sizes)]
    id = bench.after(last(calls.receive([str(sizes), str(messy_file)], None, refused, "")))
    assert bench.studio.dataset(id).files == ("messy.csv",)


def test_an_import_can_be_cancelled_before_it_begins(bench, calls, messy_file):
    steps = calls.receive([str(messy_file)], None, [], "")
    first = next(steps)
    assert first[bench.tab.desk.progress]
    bench.studio.cancel_job(first[bench.tab.desk.job])
    updates = last(steps)
    assert bench.after(updates) == "" and updates[bench.tab.desk.job] == "" and updates[bench.tab.files.upload] is None
    assert not bench.studio.datasets.list()


@pytest.fixture
def swapped(bench, tmp_path):
    """A dataset in which each side has the name of the other."""
    path = tmp_path / "swapped.jsonl"
    turns = '{"from": "%s", "value": "%s"}'
    talk = [
        turns % (name, text)
        for name, text in zip(["gpt", "human"] * 2, ["Open?", "At nine.", "And?", "No."], strict=True)
    ]
    path.write_text(f'{{"conversations": [{", ".join(talk)}]}}\n' * 2, encoding="utf-8")
    return bench.studio.import_files([path]).id


def test_each_name_that_speaks_has_a_dropdown_with_its_role(words):
    updates = data_correct.role_updates(words, Cast({"Kunde": "user", "x": ""}, ("Kunde",)))
    assert [role.value for role in updates[:2]] == ["user", None] and "Kunde" in updates[0].label
    assert [value for _, value in updates[0].choices] == list(ROLE_CHOICES)
    assert [role.visible for role in updates] == [True, True, *[False] * (MOST_NAMES - 2)]


def test_names_whose_role_was_guessed_are_shown_to_be_checked(words):
    said = {
        data_correct.cast_html(words, cast) for cast in (Cast({}), Cast({"a": "user"}), Cast({"a": "user"}, ("a",)))
    }
    assert len(said) == 3 and "" in said


def test_roles_corrected_on_the_page_and_taken_back(bench, calls, swapped):
    def first():
        return [(turn.role, turn.content) for turn in next(iter(bench.studio.examples(swapped))).messages][:2]

    before = first()
    assert before[0] == ("user", "At nine.")  # what stands before the first question is not learned
    list(calls.read_as(swapped, None, None, "sharegpt", -1, slot_0="conversations", role_0="user", role_1="assistant"))
    assert first() == [("user", "Open?"), ("assistant", "At nine.")]
    assert bench.studio.last_change(swapped) == "choice"
    shown = calls.show(swapped)
    assert [shown[role].value for role in bench.tab.files.correct.roles[:2]] == ["user", "assistant"]
    list(calls.read_as(swapped, None, None, "sharegpt", -1))  # another format, columns detected: who speaks stays
    assert first()[0] == ("user", "Open?")
    bench.studio.wait_for(bench.studio.undo(swapped).id)
    bench.studio.wait_for(bench.studio.undo(swapped).id)
    assert first() == before
