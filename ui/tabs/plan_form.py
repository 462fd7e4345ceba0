"""The Plan tab's components, and what a check, or the lack of one, fills them with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from core.errors import TailorError
from ui.forms import PlanFields
from ui.guard import Busy, Updates
from ui.markup import join
from ui.pieces import Top, empty_state
from ui.tabs.plan_extras import SearchPart, Start
from ui.tabs.plan_views import costs_html, issues_html, notes_html, preview_html, start_label
from ui.words import Words

if TYPE_CHECKING:
    from core.hardware import Device
    from core.training.preflight import PlanCheck


@dataclass(frozen=True)
class PlanTab:
    """The components of the tab.

    drafted: what the details were filled for, see `Choice.mark`; a hidden field and no state of the server, so that a
        callback gets it as it was when the details were.
    opening: while other data are read there is nothing to start.
    checking: an edit leaves Start as it is, so that no click is lost (`PlanCalls.start` starts what the form shows);
        what cannot be checked cannot be started.
    """

    top: Top
    goal: gr.Radio
    preset: gr.Radio
    base: gr.Dropdown
    other_base: gr.Textbox
    strategy: gr.Radio
    other_strategy: gr.Dropdown
    way: gr.HTML
    task: gr.Radio
    continue_from: gr.Dropdown
    prompts: gr.Textbox
    search: SearchPart
    fields: PlanFields
    own_columns: dict[str, gr.Column]
    decide: gr.Column
    busy: gr.HTML
    issues: gr.HTML
    costs: gr.HTML
    trial: gr.Row
    measure: gr.Button
    measured: gr.HTML
    elsewhere: gr.Accordion
    orientation: gr.HTML
    preview: gr.HTML
    drafted: gr.Textbox

    opening: Busy
    checking: Busy
    starting: Busy
    measuring: Busy

    @property
    def reads(self) -> dict[str, Any]:
        """The whole form, by name, and what its details were filled for."""
        choices = {"goal": self.goal, "preset": self.preset, "base": self.base, "strategy": self.strategy}
        others = {"other_base": self.other_base, "other_strategy": self.other_strategy}
        more = {**others, "task": self.task, "continue_from": self.continue_from, "prompts": self.prompts}
        return {**choices, **more, "drafted": self.drafted, **self.fields.reads}

    @property
    def start(self) -> Start:
        """The fields that an earlier run decides."""
        return Start(self.continue_from, self.base, self.strategy, self.other_strategy)

    @property
    def shown(self) -> list[Any]:
        """What a check fills."""
        said = [self.costs, self.elsewhere, self.orientation, self.preview]
        return [self.top.next, self.issues, *said, self.trial, self.measured]

    @property
    def filled(self) -> list[Any]:
        """What a draft fills besides."""
        choices = [self.other_base, self.goal, self.base, self.strategy, self.other_strategy, self.way, self.task]
        return [*self.fields.reads.values(), *self.own_columns.values(), *choices, self.drafted]

    @property
    def opened(self) -> list[Any]:
        """What opening the tab changes. An edit leaves the form alone, so that it does not flicker under the hand."""
        return [*self.shown, *self.filled, self.decide, self.continue_from]


# Presenters -------------------------------------------------------------------------------------------------


def check_updates(tab: PlanTab, words: Words, check: "PlanCheck", device: "Device") -> Updates:
    """Everything a check says."""
    return {
        tab.top.next: gr.Button(start_label(words, check), interactive=not check.issues),
        tab.issues: join(issues_html(words, check.issues), notes_html(words, check.notes)),
        tab.costs: costs_html(words, check, device),
        tab.preview: preview_html(words, check.preview),
    }


def blocked_updates(tab: PlanTab, words: Words, error: TailorError) -> Updates:
    """The tab for data of which no plan can be made."""
    return {
        tab.top.next: gr.Button(words("plan.next.issues"), interactive=False),
        tab.issues: issues_html(words, [error]),
        tab.costs: "",
        tab.trial: gr.Row(visible=False),
        tab.elsewhere: gr.Accordion(visible=False),
        tab.preview: "",
        tab.decide: gr.Column(visible=True),
    }


def empty_updates(tab: PlanTab, words: Words) -> Updates:
    """The tab before there are data."""
    return {
        tab.top.next: gr.Button(words("plan.next.waiting"), interactive=False),
        tab.issues: "",
        tab.costs: empty_state(words("plan.empty.title"), words("plan.empty.text")),
        tab.trial: gr.Row(visible=False),
        tab.elsewhere: gr.Accordion(visible=False),
        tab.preview: "",
        tab.decide: gr.Column(visible=False),
    }
