"""What the Plan tab says before anything starts."""

from dataclasses import replace
from html import unescape

import pytest

from core.data.examples import Example, Message
from core.data.split import split
from core.errors import NothingToLearn, UnseenLabels
from core.models.catalog import open_base
from core.strategies import STRATEGIES
from core.training.plan import Schedule
from core.training.preflight import Preview, Segment
from tests.helpers.rows import write_conversations
from tests.helpers.rows_of_tasks import WRITE
from tests.helpers.views import DEVICE, check, run
from tests.helpers.views import plan as a_plan
from ui.page import build_page
from ui.session import build_session
from ui.tabs import plan
from ui.tabs.plan_views import costs_html, issues_html, preview_html, start_label
from ui.tabs.plan_way import way_html

ISSUE = NothingToLearn(max_length=16, found=10, rows=20, expected=128)


def test_costs_in_plain_words_with_the_numbers(words):
    shown = costs_html(words, check(), DEVICE)
    for number in ("4,194,304", "6,742,609,920", "0.06 %", "133", "15", "170", "157", "1.00", "16"):
        assert number in shown


def test_examples_that_are_cut_are_counted_with_the_length_that_keeps_them(words):
    assert words.count("plan.length.cut", 12, limit="157") in costs_html(words, check(num_cut=12), DEVICE)
    assert words("plan.length.whole") in costs_html(words, check(), DEVICE)


def test_what_is_held_back_is_told_with_its_rule_and_its_number(words):
    assert words.count("plan.held", 15, share="10 %") in costs_html(words, check(), DEVICE)
    few = split([Example(f"f:{n}", (Message("user", f"{n}?"), Message("assistant", "x"))) for n in range(20)])
    assert len(few.validation) == 8 and "8" in words.count("plan.held", 8, share="10 %")  # the rule as the page has it
    nothing = replace(check(), stats=replace(check().stats, num_validation=0))
    assert words("plan.held.none") in costs_html(words, nothing, DEVICE)


def test_a_term_has_one_sentence_that_the_keyboard_reaches(words):
    shown = costs_html(words, check(), DEVICE)
    assert words("term.token") in shown and words("term.token.help") in shown
    assert shown.count('class="term" tabindex="0"') == shown.count('role="tooltip"') == 3


def test_what_is_learned_is_in_colour_and_the_stop_token_is_named(words):
    shown = preview_html(words, check().preview)
    assert '<span class="learned">Hello, shop here.</span>' in shown
    assert '<span class="read">user: hello</span>' in shown
    assert "&lt;|im_end|&gt;" in shown and "lost" not in shown
    assert "stop lost" in preview_html(words, check(stop_learned=False).preview)


def test_the_button_says_what_happens_next(english):
    assert start_label(english, check()) == "Train 148 conversations, about 2 minutes"


def test_a_plan_with_issues_cannot_be_started_and_says_why(words, build):
    tab = build(plan)
    updates = plan.check_updates(tab, words, check(issues=[ISSUE]), DEVICE)
    assert updates[tab.top.next].interactive is False
    assert "max_length" in updates[tab.issues] and "128" in updates[tab.issues]
    assert plan.check_updates(tab, words, check(), DEVICE)[tab.top.next].interactive is True
    assert issues_html(words, []) == ""


def test_no_more_than_seven_fields_in_sight(words, build):
    tab = build(plan)
    hidden = {id(part) for part in (*tab.fields.reads.values(), tab.prompts)}  # behind "All details"
    assert sum(part.visible is True and id(part) not in hidden for part in tab.reads.values()) <= 7


def test_a_base_model_of_ones_own_comes_from_the_text_field():
    raw = {"goal": "voice", "preset": "quick", "strategy": "lora", "base": plan.OTHER_BASE, "other_base": " ./m "}
    raw["continue_from"] = ""
    assert plan.Choice.of(raw).base == "./m"
    assert plan.Choice.of({**raw, "base": "starter"}).base == "starter"
    assert plan.Choice.of({**raw, "other_base": None}).base == "starter"


def test_going_on_from_a_run_takes_its_base_model_and_way_and_locks_them(studio, wired, started, words):
    dataset = studio.import_sample("python_style").id
    raw = {**form_of(wired, dataset), "continue_from": "r0", "base": plan.OTHER_BASE, "other_base": "./parent"}
    updates = wired.draft(dataset, **raw)
    assert not updates[wired.tab.base].interactive and updates[wired.tab.base].value == "./parent"
    assert ("./parent", "./parent") in updates[wired.tab.base].choices
    assert not updates[wired.tab.strategy].interactive
    mark = updates[wired.tab.drafted]
    chosen = {"base": "./parent", "other_base": "", "task": updates[wired.tab.task].value}
    settled = {**raw, **chosen, "drafted": mark, "epochs": 2}
    wired.start(dataset, **settled)
    assert (started[-1].continue_from, started[-1].base, started[-1].schedule.epochs) == ("r0", "./parent", 2)
    free = wired.draft(dataset, **{**settled, "continue_from": ""})
    assert free[wired.tab.base].interactive and free[wired.tab.strategy].interactive


def test_runs_with_a_result_are_offered_to_go_on_from(wired, words):
    done = run("finished", has_result=True)
    offered = wired.tab.start.offered(words, [done, replace(run("running", has_result=True), id="r2")], done.id)
    part = offered[wired.tab.continue_from]
    assert [value for _, value in part.choices] == ["", done.id] and part.visible and part.value == done.id
    gone = wired.tab.start.offered(words, [], done.id)[wired.tab.continue_from]
    assert gone.value == "" and not gone.visible


def test_the_questions_of_the_form_reach_the_plan_one_a_line(studio, wired, started):
    dataset = studio.import_sample("python_style").id
    wired.start(dataset, **form_of(wired, dataset, prompts="How?\n\n  Why? "))
    assert started[-1].prompts == ("How?", "Why?")


def test_a_rarer_way_comes_from_the_list_and_only_then():
    raw = {"goal": "voice", "preset": "quick", "base": "starter", "other_base": "", "other_strategy": "ia3"}
    assert plan.Choice.of({**raw, "strategy": plan.OTHER_WAY}).strategy == "ia3"
    assert plan.Choice.of({**raw, "strategy": "full"}).strategy == "full"


def test_every_way_is_a_card_or_in_the_list_and_says_when_what_and_from_where(words, build):
    tab = build(plan)
    cards = [value for _, value in tab.strategy.choices if value != plan.OTHER_WAY]
    listed = [value for _, value in tab.other_strategy.choices]
    assert sorted([*cards, *listed]) == sorted(STRATEGIES.names())
    assert 2 <= len(cards) <= 3 and not tab.other_strategy.visible
    for entry in STRATEGIES:
        said = unescape(str(way_html(words, entry)))
        for part in ("when", "cost"):
            assert words.core(f"strategy.{entry.name}.{part}", getattr(entry, part)) in said
        assert entry.paper in said
        assert (words.core(f"strategy.{entry.name}.summary", entry.summary) in said) != entry.usual


def test_the_list_shows_when_it_is_wanted_and_its_choice_is_drafted_with_its_own_options(studio, wired, started):
    for chosen, shows in ((plan.OTHER_WAY, True), ("full", False)):
        assert wired.choose_strategy(chosen)[wired.tab.other_strategy].visible is shows
    dataset = studio.import_sample("python_style").id
    raw = {**form_of(wired), "strategy": plan.OTHER_WAY, "other_strategy": "road"}
    updates = wired.draft(dataset, **raw)
    assert "arXiv:2409.00119" in updates[wired.tab.way]
    assert [name for name, part in wired.tab.own_columns.items() if updates[part].visible] == ["road", "conversation"]
    settled = {"task": updates[wired.tab.task].value, "drafted": updates[wired.tab.drafted]}
    wired.start(dataset, **{**raw, **settled, "road__variant": "road_2"})
    assert (started[-1].strategy, started[-1].options["variant"]) == ("road", "road_2")
    for trigger in ("plan-strategy", "plan-strategy-other"):
        assert any("plan-way" in written for triggers, _, written in wiring(studio) if trigger in triggers)


def test_a_sample_brings_its_goal():
    assert plan.goal_for("python_style", "voice") == "format"
    assert plan.goal_for("", "skill") == "skill"


def test_a_file_of_ones_own_with_a_samples_name_keeps_the_goal_that_was_chosen(studio, tmp_path):
    own = studio.import_files([write_conversations(tmp_path / "python_style.jsonl")])
    assert own.title == "python_style" and plan.goal_for(own.sample, "voice") == "voice"
    assert plan.goal_for(studio.import_sample("python_style").sample, "voice") == "format"


def form_of(wired, dataset="", **changes):
    """The form as it is first built; its details belong to its choices and these data."""
    raw = {**{name: part.value for name, part in wired.tab.reads.items()}, **changes}
    return {**raw, "drafted": plan.Choice.of(raw).mark(dataset)} if dataset else raw


@pytest.fixture
def started(studio, monkeypatch):
    """The plans that were started; drafts are made without a tokenizer."""
    plans = []
    monkeypatch.setattr(type(studio), "start", lambda self, plan: plans.append(plan) or "r1")

    def draft(self, dataset, base, *, strategy, goal, preset, task="auto", continue_from=""):
        epochs = {"quick": 1, "balanced": 5, "thorough": 10}[preset]
        made = {"dataset": dataset, "base": base, "strategy": strategy, "goal": goal, "preset": preset}
        return a_plan(**made, schedule=Schedule(epochs=epochs)).changed({})

    monkeypatch.setattr(type(studio), "draft", draft)
    monkeypatch.setattr(type(studio), "check", lambda self, plan: check())
    monkeypatch.setattr(type(studio), "device", lambda self: DEVICE)
    return plans


@pytest.fixture
def wired(studio, build, words):
    tab = build(plan)
    return plan.PlanCalls(tab, words, studio, build_session())


def events(studio, path=""):
    """The page's events: what they write and whether they stream, by what triggers them."""
    config = build_page(studio).get_config_file()
    names = {part["id"]: part["props"].get("elem_id") or "" for part in config["components"]}
    columns = {part["id"] for part in config["components"] if part["type"] == "column"}
    wanted = set(config["page"][path]["dependencies"])
    for event in config["dependencies"]:
        if event["id"] in wanted:
            yield {names.get(id, "") for id, _ in event["targets"]}, event, columns


def test_an_edit_of_a_detail_says_that_it_is_being_checked_and_leaves_the_form_alone(studio):
    (edit,) = ((event, columns) for names, event, columns in events(studio) if "knob-epochs" in names)
    event, columns = edit
    assert event["types"]["generator"]
    assert not set(event["outputs"]) & columns and not set(event["outputs"]) & set(event["inputs"])


def test_a_check_writes_what_it_may(studio, wired, words, monkeypatch):
    monkeypatch.setattr(type(studio), "check", lambda self, plan: check())
    monkeypatch.setattr(type(studio), "device", lambda self: DEVICE)
    dataset = studio.import_sample("python_style").id
    raw = form_of(wired, dataset)
    assert set(wired.check(dataset, **raw)) == set(wired.tab.shown)
    again = wired.open(dataset, **raw)
    assert again[wired.tab.decide].visible and set(again) <= set(wired.tab.opened)
    assert wired.check("", **raw) == {} and set(wired.open("", **raw)) <= set(wired.tab.opened)


def test_an_empty_tab_says_what_to_do(words, build):
    tab = build(plan)
    updates = plan.empty_updates(tab, words)
    assert words("plan.empty.text") in updates[tab.costs]
    assert not updates[tab.decide].visible and not updates[tab.top.next].interactive


def test_start_starts_what_is_written_in_the_form(studio, wired, started):
    dataset = studio.import_sample("python_style").id
    wired.start(dataset, **form_of(wired, dataset, epochs=2, lora__r=4))
    (made,) = started
    assert (made.schedule.epochs, made.options["r"], made.preset) == (2, 4, "balanced")


def test_start_right_after_a_choice_starts_that_choice_though_its_details_are_not_there_yet(studio, wired, started):
    dataset = studio.import_sample("python_style").id
    pressed_at_once = {**form_of(wired, dataset), "preset": "quick"}
    wired.start(dataset, **pressed_at_once)
    (made,) = started
    assert (made.preset, made.schedule.epochs) == ("quick", 1)
    assert wired.start(dataset, **{**form_of(wired, "older-data")})
    assert started[-1].schedule.epochs == 5 and started[-1].dataset == dataset


def test_a_draft_marks_its_details_as_those_of_its_choices(studio, wired, started):
    dataset = studio.import_sample("python_style").id
    opened = wired.open(dataset, **form_of(wired))
    mark = opened[wired.tab.drafted]
    assert opened[wired.tab.goal] == "format" and plan.dataset_of(mark) == dataset
    settled = {**form_of(wired), "goal": "format", "task": opened[wired.tab.task].value, "drafted": mark, "epochs": 3}
    wired.start(dataset, **settled)
    assert started[-1].schedule.epochs == 3


def test_an_edit_loses_no_click_on_start_and_what_cannot_be_checked_cannot_be_started(studio, wired):
    start, checking = wired.tab.top.next, wired.tab.checking
    assert start not in checking.during and checking.after[start]["interactive"] is False
    assert checking.after[start]["value"] == wired.words("plan.next.issues")
    assert wired.tab.opening.during[start]["interactive"] is False
    assert wired.tab.starting.after[start]["interactive"] is True
    for trigger in ("plan-preset", "plan-base", "knob-epochs", "plan-base-other"):
        assert any("plan-start" in written for triggers, _, written in wiring(studio) if trigger in triggers)


def test_a_base_model_that_was_typed_is_checked_when_its_field_is_left_and_edits_of_the_same_stay(
    studio, wired, started
):
    dataset = studio.import_sample("python_style").id
    raw = form_of(wired, dataset, epochs=2, base=plan.OTHER_BASE, other_base="./m")
    assert wired.tab.fields.shared["epochs"] not in wired.leave(dataset, **raw)
    assert wired.tab.fields.shared["epochs"] in wired.leave(dataset, **{**raw, "other_base": "./n"})
    assert any("blur" in how for triggers, how, _ in wiring(studio) if "plan-base-other" in triggers)


def wiring(studio):
    """For each event: the ids that trigger it, how, and the ids of what it and its followers write."""
    config = build_page(studio).get_config_file()
    names = {part["id"]: part["props"].get("elem_id") or "" for part in config["components"]}
    for event in config["dependencies"]:
        followers = [other for other in config["dependencies"] if other["trigger_after"] == event["id"]]
        written = {names[id] for one in (event, *followers) for id in one["outputs"]}
        yield {names.get(id, "") for id, _ in event["targets"]}, {how for _, how in event["targets"]}, written


def test_plan_follows_the_data_whenever_they_arrive(studio):
    """Not only the tab's being opened fills it, but the dataset's change too: a click may come before the data."""
    changes = [written for _, how, written in wiring(studio) if how == {"change"}]
    assert any({"plan-start", "plan-costs"} <= written for written in changes)


def test_data_of_which_no_plan_can_be_made_say_so_in_plan(studio, wired, tmp_path):
    path = tmp_path / "one.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n')
    updates = wired.open(studio.import_files([path]).id, **form_of(wired))
    assert "one.jsonl" in updates[wired.tab.issues] and not updates[wired.tab.top.next].interactive
    assert set(updates) <= set(wired.tab.opened)


# What is learned ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "offered"), [("classification", 2), ("preference", 2), ("passage", 1), ("conversation", 1)]
)
def test_what_is_learned_is_a_choice_only_where_the_data_leave_one(studio, wired, tmp_path, tiny, kind, offered):
    data = studio.import_files([WRITE[kind](tmp_path / "rows.jsonl")])
    calls, tab = wired, wired.tab
    raw = {name: part.value for name, part in tab.reads.items()}
    opened = calls.open(data.id, **{**raw, "base": plan.OTHER_BASE, "other_base": str(tiny)})
    choice = opened[tab.task]
    assert (choice.visible, len(choice.choices), choice.value) == (offered > 1, offered, kind)
    assert opened[tab.own_columns[kind]].visible is True
    assert opened[tab.top.next].interactive is True
    raw |= {"base": plan.OTHER_BASE, "other_base": str(tiny), "task": "conversation", "drafted": opened[tab.drafted]}
    if offered > 1:
        redrafted = calls.draft(data.id, **raw)
        assert redrafted[tab.task].value == "conversation"
        assert redrafted[tab.own_columns[kind]].visible is False
    other = studio.import_files([WRITE["conversation"](tmp_path / "talk.jsonl")])
    assert calls.open(other.id, **raw)[tab.task].value == "conversation"


def test_an_option_of_a_task_is_a_field_and_reaches_the_plan(build, words):
    tab = build(plan)
    start = a_plan(task="preference").changed({"beta": 0.4})
    filled = tab.fields.filled(start)
    raw = {key: filled.get(part, "unused") for key, part in tab.fields.reads.items()}
    assert raw["preference__beta"] == 0.4
    raw["preference__beta"] = 0.7
    assert start.changed(tab.fields.values("lora", raw, "preference")).task_options == {"beta": 0.7}


def test_the_worse_answer_is_shown_as_what_to_avoid(words):
    segments = (Segment("user: hello", False), Segment("Hello.", True), Segment("Hm.", False, avoided=True))
    shown = preview_html(words, Preview(segments, "<|im_end|>", stop_learned=True))
    assert '<span class="avoided">Hm.</span>' in shown and words("plan.avoided") in shown
    assert words("plan.avoided") not in preview_html(words, check().preview)


def test_a_label_is_learned_without_a_stop_token(words):
    shown = preview_html(words, Preview((Segment("a", False), Segment("praise", True)), "", stop_learned=True))
    assert '<span class="learned">praise</span>' in shown and 'class="stop' not in shown


def test_what_should_be_known_is_said_and_stops_nobody(words, build):
    tab = build(plan)
    note = UnseenLabels(found="rare", rows=2)
    updates = plan.check_updates(tab, words, replace(check(), notes=(note,)), DEVICE)
    assert "rare" in updates[tab.issues] and 'role="alert"' not in updates[tab.issues]
    assert updates[tab.top.next].interactive is True


def test_an_encoder_is_told_from_models_that_write(words, bert, tiny):
    labels = [label for label, _ in plan.base_choices(words, (open_base(str(bert)), open_base(str(tiny))))]
    assert labels[0] == words("plan.base.reads", name=str(bert)) and labels[1] == str(tiny)
