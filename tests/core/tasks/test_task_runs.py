"""A short real run of each task through the Studio: what it learns, what it records, what it answers, what is shown."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.chat.conversation import Conversation
from core.chat.settings import ChatSettings
from core.cli.parser import run_command
from core.errors import (
    BaseOnlyReads,
    ConversationTooLong,
    NoTurnMarks,
    OptionRefused,
    TooFewLabels,
    UnknownName,
    UnseenLabels,
)
from core.evaluation.report import read_report
from core.runs.store import RunView
from core.studio import Studio
from core.tasks import TASKS, task_names_for
from core.training.plan import TrainingPlan
from core.workspace import read_json, write_json
from tests.core.runs.steering import at_step
from tests.helpers.rows_of_tasks import WRITE, write_labels, write_passages, write_preferences
from tests.helpers.tiny import tiny_base

Draft = Callable[..., TrainingPlan]


@pytest.fixture
def draft(studio: Studio, tmp_path: Path) -> Draft:
    """A quick plan for the data of a task, with some options changed."""

    def make(kind: str, base: Path, strategy: str = "lora", task: str = "auto", **changes: Any) -> TrainingPlan:
        dataset = studio.import_files([WRITE[kind](tmp_path / f"{kind}.jsonl")])
        made = studio.draft(dataset.id, str(base), strategy=strategy, goal="voice", preset="quick", task=task)
        return made.changed({"precision": "fp32", **changes})

    return make


def trained(studio: Studio, plan: TrainingPlan) -> RunView:
    view = studio.wait(studio.start(plan))
    assert view.status.state == "finished", view.status.error
    return view


def asked(studio: Studio, run: str, question: str) -> Any:
    *_, last = studio.ask(run, Conversation().asked(question), ChatSettings(max_new_tokens=12))
    return last


def scores_of(studio: Studio, run: str) -> dict[str, Any]:
    return {score.name: score for score in read_report(studio.runs.folder(run))}


@pytest.mark.parametrize("strategy", ["lora", "full"])
@pytest.mark.parametrize("encoder", [True, False])
def test_labels_that_can_be_told_apart_are(
    studio: Studio, draft: Draft, tiny: Path, bert: Path, encoder: bool, strategy: str
):
    plan = draft(
        "classification", bert if encoder else tiny, strategy, learning_rate=4e-3, epochs=20, early_stopping_patience=0
    )
    view = trained(studio, plan)
    assert view.plan.task == "classification"
    scores = scores_of(studio, view.id)
    assert scores.keys() == {"accuracy", "macro_f1"}
    assert scores["accuracy"].tuned >= 0.9 and scores["macro_f1"].tuned >= 0.9
    assert scores["accuracy"].base is None  # its head was never taught
    checks = [event for event in studio.runs.events(view.id)[0] if event.kind == "validation"]
    assert all({"loss", "accuracy", "macro_f1"} <= check.facts.keys() for check in checks)
    held_back, right = studio.held_back(view.id), 0
    for example in held_back:
        answers = asked(studio, view.id, example.question)
        assert (answers.base, answers.done, answers.chances[0].label) == ("", True, answers.tuned)
        assert sum(chance.probability for chance in answers.chances) == pytest.approx(1)
        right += answers.tuned == example.answer
    assert right / len(held_back) == pytest.approx(scores["accuracy"].tuned)  # Compare says what was measured
    config = read_json(studio.runs.folder(view.id).adapter / "config.json")
    assert config["id2label"] == {"0": "complaint", "1": "praise"}


@pytest.mark.parametrize("strategy", ["lora", "full"])
def test_the_better_answers_are_preferred(studio: Studio, draft: Draft, tiny: Path, strategy: str):
    view = trained(studio, draft("preference", tiny, strategy, learning_rate=3e-3, epochs=3))
    assert view.plan.task_options == {"beta": 0.1}
    scores = scores_of(studio, view.id)
    assert scores["reward_accuracy"].base == 0 and scores["reward_accuracy"].tuned >= 0.9
    assert scores["reward_margin"].base == pytest.approx(0, abs=1e-4) and scores["reward_margin"].tuned > 0.1
    assert view.status.first_validation_loss == pytest.approx(0.6931, abs=1e-3)
    assert not view.status.learned_little
    assert asked(studio, view.id, "Where is parcel 3?").chances == ()


def test_a_run_of_pairs_that_was_paused_ends_where_it_would_have_ended(
    studio: Studio, draft: Draft, tiny: Path, monkeypatch: pytest.MonkeyPatch
):
    plan = draft("preference", tiny, learning_rate=3e-3, max_steps=12)
    whole = trained(studio, plan)
    at_step(monkeypatch, 7, studio.pause)
    paused = studio.wait(studio.start(plan))
    assert paused.status.state == "paused"
    studio.resume(paused.id)
    again = studio.wait(paused.id)
    assert again.status.state == "finished"
    assert again.status.best_loss == pytest.approx(whole.status.best_loss, abs=1e-5)


@pytest.mark.parametrize("strategy", ["lora", "full"])
def test_pairs_after_answers_are_held_to_what_the_answers_taught(
    studio: Studio, draft: Draft, tiny: Path, strategy: str
):
    first = trained(studio, draft("conversation", tiny, strategy, learning_rate=1e-2, max_steps=8))
    plan = draft("preference", tiny, strategy, learning_rate=3e-3, max_steps=4)
    view = trained(studio, plan.model_copy(update={"continue_from": first.id}))
    assert view.status.first_validation_loss == pytest.approx(math.log(2), abs=1e-4)


def test_a_classifier_learns_on_only_with_the_labels_it_has(studio: Studio, draft: Draft, bert: Path, tmp_path: Path):
    first = trained(studio, draft("classification", bert, max_steps=2))
    same = draft("classification", bert, max_steps=2).model_copy(update={"continue_from": first.id})
    assert trained(studio, same).plan.task == "classification"
    rows = [{"text": f"{word} {number}", "label": word} for number in range(12) for word in ("late", "soon")]
    path = tmp_path / "other.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    other = same.model_copy(update={"dataset": studio.import_files([path]).id})
    with pytest.raises(OptionRefused, match="complaint, praise"):
        studio.start(other)


def test_texts_are_learned_whole_on_a_base_without_turns(studio: Studio, draft: Draft, tmp_path: Path):
    plain = tiny_base(tmp_path / "plain", template=None)
    plan = draft("passage", plain, "full", learning_rate=1e-2, epochs=12, max_length=32)
    check = studio.check(plan)
    assert check.plan.task == "passage" and check.stats.num_cut == 0
    assert check.stats.num_train > 16  # more pieces than texts
    assert check.estimate.num_rows == check.stats.num_train
    view = trained(studio, plan)
    assert view.status.num_steps == check.estimate.num_steps
    scores = scores_of(studio, view.id)
    assert scores["perplexity"].tuned < scores["perplexity"].base / 10
    assert "box" in asked(studio, view.id, "Parcel 3 is on its way. Open the").tuned


@pytest.mark.parametrize("kind", ["classification", "preference"])
def test_such_data_can_be_learned_as_a_conversation_too(studio: Studio, draft: Draft, tiny: Path, kind: str):
    plan = draft(kind, tiny, task="conversation", max_steps=2)
    view = trained(studio, plan)
    assert view.plan.task == "conversation"
    assert scores_of(studio, view.id).keys() == {"loss", "perplexity"}
    assert asked(studio, view.id, "Hello").chances == ()


def test_a_run_from_before_there_were_tasks_learned_answers(studio: Studio, draft: Draft, tiny: Path):
    view = trained(studio, draft("conversation", tiny, max_steps=2))
    folder = studio.runs.folder(view.id)
    old = read_json(folder.plan)
    del old["task"], old["task_options"]
    write_json(folder.plan, old)
    assert studio.run(view.id).plan.learns.name == "conversation"
    assert asked(studio, view.id, "Hello").chances == ()


# What does not fit is said before the start ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["conversation", "preference", "passage"])
def test_an_encoder_is_refused_where_something_is_to_be_written(draft: Draft, bert: Path, kind: str):
    with pytest.raises(BaseOnlyReads, match="BertForMaskedLM"):
        draft(kind, bert)


def test_a_base_without_turns_is_refused_for_conversations(draft: Draft, tmp_path: Path):
    with pytest.raises(NoTurnMarks):
        draft("conversation", tiny_base(tmp_path / "plain", template=None))


@pytest.mark.parametrize("kind", WRITE)
def test_a_task_that_the_data_are_not_for_is_refused(draft: Draft, tiny: Path, kind: str):
    for task in TASKS:
        if task.name not in task_names_for(kind):
            with pytest.raises(UnknownName):
                draft(kind, tiny, task=task.name)


def test_one_label_is_refused_and_an_unseen_one_is_said(studio: Studio, bert: Path, tmp_path: Path):
    path = write_labels(tmp_path / "rows.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def checked(labels: list[str]) -> Any:
        parts = ["validation" if number % 8 == 0 else "train" for number in range(len(rows))]
        changed = ({**row, "label": label, "split": part} for row, label, part in zip(rows, labels, parts, strict=True))
        path.write_text("".join(json.dumps(row) + "\n" for row in changed), encoding="utf-8")
        data = studio.import_files([path])
        return studio.check(studio.draft(data.id, str(bert), strategy="lora", goal="voice", preset="quick"))

    (note,) = checked(
        [["rare", "a", "b"][(number % 8 > 0) + (number % 3 == 1 and number % 8 > 0)] for number in range(96)]
    ).notes
    assert isinstance(note, UnseenLabels) and note.facts["found"] == "rare"
    with pytest.raises(TooFewLabels):
        checked(["a"] * 96)


def test_the_plan_of_pairs_has_their_option_and_smaller_steps(studio: Studio, draft: Draft, tiny: Path):
    pairs, answers = draft("preference", tiny), draft("preference", tiny, task="conversation")
    assert pairs.schedule.learning_rate == pytest.approx(answers.schedule.learning_rate / 4, rel=0.02)
    assert pairs.changed({"beta": 0.3}).task_options == {"beta": 0.3}
    assert studio.check(pairs).estimate.activations_gib == pytest.approx(
        2 * studio.check(answers).estimate.activations_gib
    )


def test_the_estimate_counts_the_head(studio: Studio, draft: Draft, bert: Path):
    estimate = studio.check(draft("classification", bert)).estimate
    view = trained(studio, draft("classification", bert, max_steps=1))
    from safetensors import safe_open

    with safe_open(studio.runs.folder(view.id).adapter / "adapter_model.safetensors", framework="pt") as weights:
        saved = sum(weights.get_tensor(name).numel() for name in weights.keys())  # noqa: SIM118 - it is no dict
    assert estimate.parameters.trainable == saved


# Taking it home, and the command line ------------------------------------------------------------------------------


@pytest.mark.parametrize(("base_name", "target"), [("bert", "adapter"), ("bert", "merged"), ("tiny", "adapter")])
def test_a_classifier_is_taken_home(
    studio: Studio, draft: Draft, request: pytest.FixtureRequest, tmp_path: Path, base_name: str, target: str
):
    import os
    import shutil
    import subprocess
    import sys

    base = request.getfixturevalue(base_name)
    view = trained(studio, draft("classification", base, learning_rate=5e-3, max_steps=8))
    out = tmp_path / "out"
    assert studio.export(view.id, target, out).verified
    shutil.copytree(base, out / "path" / "to" / base.name)  # where the script says to put it
    script = (out / "use_it.py").read_text(encoding="utf-8").replace('"Hello"', '"the box was good"')
    command, env = [sys.executable, "-c", f"__file__ = {str(out / 'use_it.py')!r}\n{script}"], {**os.environ}
    done = subprocess.run(
        command, env={**env, "OMP_NUM_THREADS": "1"}, cwd=out, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = eval(done.stdout)
    answers = asked(studio, view.id, "the box was good")
    assert found == pytest.approx({chance.label: chance.probability for chance in answers.chances}, abs=2e-3)


def test_files_that_judge_otherwise_are_not_offered(studio: Studio, draft: Draft, bert: Path, tmp_path: Path):
    from safetensors.torch import load_file, save_file

    from core.errors import ExportDiffers
    from core.export.adapter import AdapterTarget
    from core.export.verify import verify

    view = trained(studio, draft("classification", bert, learning_rate=5e-3, max_steps=8))
    folder, out = studio.runs.folder(view.id), tmp_path / "out"
    out.mkdir()
    AdapterTarget().write(folder, view.plan, out)
    verify(folder, view.plan, out)
    path = out / "adapter_model.safetensors"
    weights = load_file(path)
    changed = {
        name: weight + 0.5 * ("classifier.bias" in name) * (weight == weight[0]) for name, weight in weights.items()
    }
    save_file(changed, path, metadata={"format": "pt"})
    with pytest.raises(ExportDiffers):
        verify(folder, view.plan, out)


def test_too_long_a_text_is_said(studio: Studio, draft: Draft, bert: Path):
    view = trained(studio, draft("classification", bert, max_steps=1))
    with pytest.raises(ConversationTooLong):
        asked(studio, view.id, "good " * 200)


def test_labels_on_the_command_line(bert: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    data, out = write_labels(tmp_path / "labels.jsonl"), tmp_path / "run"
    options = ["--base", bert, "--preset", "quick", "--set", "precision=fp32", "--set", "max_steps=3", "--json"]

    def called(*arguments: object) -> Any:
        assert run_command([*map(str, arguments)]) == 0
        return json.loads(capsys.readouterr().out)

    assert {"accuracy", "macro_f1"} <= called("train", "--data", data, "--out", out, *options).keys()
    printed = called("chat", "--run", out, "--prompt", "the box was good", "--json")
    assert printed["base"] is None and printed["tuned"] in printed["probabilities"]
    assert called("estimate", "--base", bert, "--json")["trainable_parameters"] > 0


def test_a_task_on_the_command_line(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    data = write_preferences(tmp_path / "pairs.jsonl")
    new = ["train", "--data", data, "--base", tiny, "--set", "precision=fp32", "--set", "max_steps=2", "--json"]
    for name, more in (("one", ["--set", "beta=0.3"]), ("two", ["--task", "conversation"])):
        assert run_command([*map(str, new), *more, "--out", str(tmp_path / name)]) == 0
    one, two = (read_json(tmp_path / name / "plan.json") for name in ("one", "two"))
    assert (one["task"], one["task_options"]) == ("preference", {"beta": 0.3})
    assert (two["task"], two["task_options"]) == ("conversation", {})
    again = [*map(str, new), "--plan", str(tmp_path / "two" / "plan.json"), "--task", "preference"]
    assert run_command([*again, "--out", str(tmp_path / "three")]) == 0
    three = read_json(tmp_path / "three" / "plan.json")
    assert three["schedule"]["learning_rate"] == one["schedule"]["learning_rate"]
    capsys.readouterr()


def test_texts_are_taken_home(studio: Studio, draft: Draft, tmp_path: Path):
    plain = tiny_base(tmp_path / "plain", template=None)
    view = trained(studio, draft("passage", plain, learning_rate=1e-2, max_steps=4))
    made = studio.export(view.id, "adapter", tmp_path / "out")
    assert made.verified and "apply_chat_template" not in made.how_to


def test_the_helpers_write_what_they_say(studio: Studio, tmp_path: Path):
    assert studio.import_files([write_passages(tmp_path / "p.jsonl")]).task == "passage"
