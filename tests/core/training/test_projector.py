"""The film strip: answers at each check, and a training that does not notice."""

from pathlib import Path

import pytest

from core.data.store import Dataset
from core.errors import OptionRefused
from core.studio import Studio
from core.training.events import Event
from core.training.filmstrip import MOST_NEW_TOKENS, Frame, frames_of
from core.training.plan import TrainingPlan
from tests.core.runs.steering import checks, finish, losses
from tests.helpers.plans import tiny_plan

PROMPTS = ("Where is parcel 3?", "包裹4在哪里？")


@pytest.fixture
def plan(dataset: Dataset, tiny: Path) -> TrainingPlan:
    """Random masks in every step: whatever touches the random state is seen in the losses."""
    return tiny_plan(tiny, dataset.id, epochs=8, early_stopping_patience=0, lora_dropout=0.1, learning_rate=2e-2)


def test_every_question_is_answered_at_every_check_and_the_losses_are_those_without(studio: Studio, plan: TrainingPlan):
    without = finish(studio, plan)
    view = finish(studio, plan.asking(PROMPTS))
    assert losses(studio, view.id) == losses(studio, without.id)
    assert checks(studio, view.id) == checks(studio, without.id)
    frames = studio.filmstrip(view.id)
    assert [frame.step for frame in frames] == list(checks(studio, view.id))
    assert all(len(frame.answers) == 2 for frame in frames)
    assert frames[0].answers != frames[-1].answers
    assert studio.filmstrip(without.id) == ()


def test_an_answer_ends(studio: Studio, plan: TrainingPlan):
    """The random base babbles: it is cut off. A tokenizer of bytes gives at most so many characters."""
    frames = studio.filmstrip(finish(studio, plan.changed({"max_steps": 1}).asking(PROMPTS)).id)
    assert all(0 < len(answer) <= 8 * MOST_NEW_TOKENS for answer in frames[0].answers)


def test_a_question_longer_than_the_model_reads_is_answered_from_its_end(studio: Studio, plan: TrainingPlan):
    view = finish(studio, plan.changed({"max_steps": 1}).asking(["word " * 2000]))
    assert view.status.state == "finished"
    assert len(studio.filmstrip(view.id)[0].answers) == 1


def test_frames_that_were_made_again_count_once():
    def event(kind, step, **facts):
        return Event(kind, step, 0.0, facts)

    told = [
        event("answers", 0, answers=["a"]),
        event("answers", 5, answers=["b"]),
        event("answers", 10, answers=["lost"]),
        event("resumed", 5),
        event("answers", 10, answers=["c"]),
    ]
    assert frames_of(told) == (Frame(0, ("a",)), Frame(5, ("b",)), Frame(10, ("c",)))
    assert frames_of(told[:4]) == (Frame(0, ("a",)), Frame(5, ("b",)))


def test_five_questions_at_most_and_empty_lines_are_none(plan: TrainingPlan):
    assert plan.asking(["  a ", "", "b"]).prompts == ("a", "b")
    with pytest.raises(OptionRefused, match="at most 5"):
        plan.asking("abcdef")
