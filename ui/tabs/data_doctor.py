"""Check: what the data doctor found, what is done about it, and a person's own rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.data.rules import RULE_PRESETS, Rule
from core.studio import Studio
from core.workspace import ASSETS
from ui.guard import Busy, Guard, Updates
from ui.markup import tag
from ui.pieces import ACTIONS
from ui.session import Session
from ui.tabs.data_desk import Desk
from ui.tabs.data_doctor_views import checks_html, rules_html
from ui.tabs.data_views import quality_html
from ui.words import Words

FIRST_ROWS, MORE_ROWS = 3, 10
KINDS = ("contains", "not_contains")


@dataclass(frozen=True)
class DoctorPart:
    """The components of the part; opened: by check, how many of its rows are shown."""

    busy: gr.HTML
    quality: gr.HTML
    checks: gr.HTML
    rules: gr.HTML
    kind: gr.Radio
    text: gr.Textbox
    is_pattern: gr.Checkbox
    add: gr.Button
    presets: dict[str, gr.Button]
    opened: gr.State

    @property
    def shown(self) -> list[Any]:
        """Everything a dataset fills."""
        return [self.quality, self.checks, self.rules, self.opened]


def workshop_js() -> str:
    """What lets our own HTML speak to Python."""
    return (ASSETS / "workshop.js").read_text(encoding="utf-8")


def build(words: Words) -> DoctorPart:
    """The components."""
    busy = gr.HTML("")
    quality = gr.HTML("", elem_id="data-check-quality", js_on_load=ACTIONS)
    checks = gr.HTML("", elem_id="data-checks", js_on_load=workshop_js())
    with gr.Accordion(words("data.rules"), open=False, elem_id="data-rules-box"):
        gr.HTML(tag("p", words("data.rules.help"), class_="note"))
        rules = gr.HTML("", elem_id="data-rules", js_on_load=workshop_js())
        kind = gr.Radio(
            [(words(f"data.rule.{name}"), name) for name in KINDS],
            value=KINDS[0],
            label=words("data.rules.kind"),
            elem_id="data-rule-kind",
        )
        text = gr.Textbox(
            label=words("data.rules.text"), info=words("data.rules.text.help"), lines=2, elem_id="data-rule-text"
        )
        is_pattern = gr.Checkbox(
            label=words("data.rules.pattern"), info=words("data.rules.pattern.help"), elem_id="data-rule-pattern"
        )
        with gr.Row(elem_classes="button-row"):
            add = gr.Button(words("data.rules.add"), elem_id="data-rule-add", min_width=120)
            presets = {preset.name: _preset_button(words, preset.name) for preset in RULE_PRESETS}
    return DoctorPart(busy, quality, checks, rules, kind, text, is_pattern, add, presets, gr.State({}))


def _preset_button(words: Words, name: str) -> gr.Button:
    label = words.core(f"rule_preset.{name}.label", RULE_PRESETS.get(name).label)
    return gr.Button(words("data.rules.preset", name=label), elem_id=f"data-preset-{name}", min_width=160)


@dataclass(frozen=True)
class DoctorCalls:
    """What the part does."""

    part: DoctorPart
    words: Words
    studio: Studio
    session: Session
    desk: Desk

    def show(self, dataset: str, opened: Mapping[str, int], part: str = "check") -> Updates:
        """The dataset this page looks at, while the part is open; `opened` rows stay so."""
        if part != "check" or not dataset:
            return {}
        report = self.studio.report(dataset)
        found = {finding.check for finding in report.findings if finding.count}
        shown = {check: count for check, count in opened.items() if check in found}
        rows = {check: self.studio.changes(dataset, check, 0, count) for check, count in shown.items()}
        return {
            self.part.quality: quality_html(self.words, self.studio.quality(dataset)),
            self.part.checks: checks_html(self.words, report, rows),
            self.part.rules: rules_html(self.words, self.studio.dataset(dataset).rules),
            self.part.opened: shown,
        }

    def arrive(self, dataset: str) -> Updates:
        """Another dataset: no rows are opened yet."""
        return {self.part.opened: {}, **self.show(dataset, {})}

    def open_rows(self, dataset: str, check: str) -> Updates:
        """The part with some rows of one check, and nothing else opened."""
        return self.show(dataset, {check: FIRST_ROWS})

    def act(self, event: gr.EventData, dataset: str, opened: dict[str, int], who: str) -> Updates:
        """What a press in the list does."""
        action, value = str(event.action), str(event.value)
        if action == "act":
            check, chosen = value.split(" ")
            view = self.studio.set_actions(dataset, {check: chosen}, who)  # type: ignore[dict-item]
            return self.desk.follow(self.words, view, dataset, self.session)
        counts = {"rows": FIRST_ROWS, "hide": 0, "more": opened.get(value, 0) + MORE_ROWS}
        if action not in counts:
            return {}
        others = {check: count for check, count in opened.items() if check != value}
        return self.show(dataset, others | ({value: counts[action]} if counts[action] else {}))

    def add_rule(self, dataset: str, who: str, kind: str, text: str, is_pattern: bool) -> Updates:
        """One more thing every answer must or must not say."""
        rule = Rule(kind, text, is_pattern)  # type: ignore[arg-type]
        return {**self._set(dataset, [*self.studio.dataset(dataset).rules, rule], who), self.part.text: ""}

    def add_preset(self, name: str, dataset: str, who: str) -> Updates:
        """Rules that belong together."""
        known = self.studio.dataset(dataset).rules
        return self._set(dataset, [*known, *(rule for rule in RULE_PRESETS.get(name).rules if rule not in known)], who)

    def forget(self, event: gr.EventData, dataset: str, who: str) -> Updates:
        """Takes a rule back, or those of a preset."""
        kind, _, name = str(event.value).partition(" ")
        known = self.studio.dataset(dataset).rules
        doomed: Sequence[Rule] = RULE_PRESETS.get(name).rules if kind == "preset" else [known[int(name)]]
        return self._set(dataset, [rule for rule in known if rule not in doomed], who)

    def _set(self, dataset: str, rules: Sequence[Rule], who: str) -> Updates:
        view = self.studio.set_rules(dataset, tuple(dict.fromkeys(rules)), who)
        return self.desk.follow(self.words, view, dataset, self.session)


def wire(calls: DoctorCalls, guard: Guard, tab: gr.Tab) -> None:
    """The events that stay inside the part; opening its tab shows it."""
    part, session, desk = calls.part, calls.session, calls.desk
    here = {"dataset": session.dataset}
    opened, signed = {**here, "opened": part.opened}, {**here, "who": desk.who}
    changed = [session.dataset, *desk.followed]
    busy = Busy(part.busy, guard.words("data.checking"))
    guard.bind(tab.select, call=calls.show, reads=opened, writes=part.shown, quiet=True)
    guard.bind(session.dataset.change, call=calls.arrive, reads=here, writes=part.shown, quiet=True)
    reads = {**opened, "part": desk.part}
    guard.bind(desk.changed.change, call=calls.show, reads=reads, writes=part.shown, quiet=True)
    guard.bind(part.checks.select, call=calls.act, reads={**opened, **signed}, writes=[*changed, *part.shown])
    rule = {**signed, "kind": part.kind, "text": part.text, "is_pattern": part.is_pattern}
    guard.bind(part.add.click, call=calls.add_rule, reads=rule, writes=[*changed, part.text], busy=busy)
    guard.bind(part.rules.select, call=calls.forget, reads=signed, writes=changed, busy=busy)
    for name, button in part.presets.items():
        guard.bind(button.click, call=_preset(calls, name), reads=signed, writes=changed, busy=busy)


def _preset(calls: DoctorCalls, name: str) -> Any:
    def add(dataset: str, who: str) -> Updates:
        return calls.add_preset(name, dataset, who)

    return add
