"""What a plan may have besides: an earlier run to go on from, and questions that are answered while it learns."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.runs.store import RunView
from core.strategies import STRATEGIES
from core.training.filmstrip import MOST_PROMPTS
from ui.guard import Updates
from ui.pieces import section
from ui.quantities import when
from ui.tabs.plan_way import way_updates
from ui.words import Words

USUAL_MINUTES = 10


def run_choices(words: Words, runs: Iterable[RunView]) -> list[tuple[str, str]]:
    """The base model itself, and every run that learned something."""
    learned = ((words("plan.start.run", title=run.plan.title, when=when(run.id)), run.id) for run in runs)
    return [(words("plan.start.base"), ""), *learned]


def build_start(words: Words) -> gr.Dropdown:
    """The choice of a run to go on from; in sight once there is one."""
    return gr.Dropdown(
        run_choices(words, ()),
        value="",
        label=words("plan.start"),
        info=words("plan.start.help"),
        visible=False,
        elem_id="plan-start-from",
    )


def build_prompts(words: Words) -> gr.Textbox:
    """The questions of the film strip, one a line."""
    return gr.Textbox(
        label=words("plan.prompts"),
        info=words("plan.prompts.help", most=MOST_PROMPTS),
        lines=2,
        max_lines=MOST_PROMPTS,
        elem_id="plan-prompts",
    )


@dataclass(frozen=True)
class SearchPart:
    """The way to a search for settings: for how many minutes, and the button that begins it."""

    minutes: gr.Number
    go: gr.Button


def build_search(words: Words) -> SearchPart:
    """The part, as small as it can be."""
    gr.HTML(section(words("plan.search"), note=words("plan.search.help")))
    with gr.Row(elem_classes="button-row"):
        minutes = gr.Number(
            USUAL_MINUTES, label=words("plan.search.minutes"), elem_id="plan-search-minutes", min_width=96
        )
        go = gr.Button(words("plan.search.go"), elem_id="plan-search", min_width=120)
    return SearchPart(minutes, go)


@dataclass(frozen=True)
class Start:
    """Where a plan starts: the fields for base model and strategy, which an earlier run decides when one is chosen."""

    run: gr.Dropdown
    base: gr.Dropdown
    strategy: gr.Radio
    other_strategy: gr.Dropdown

    def offered(self, words: Words, runs: Iterable[RunView], chosen: str) -> Updates:
        """The runs there are; one that was deleted is chosen no longer."""
        usable = [run for run in runs if run.has_result and not run.status.is_active and _can_go_on(run)]
        value = chosen if chosen in {run.id for run in usable} else ""
        return {self.run: gr.Dropdown(run_choices(words, usable), value=value, visible=bool(usable))}

    def decided(self, continue_from: str, *, base: str, strategy: str, choices: list[Any]) -> Updates:
        """Base model and strategy as the earlier run has them, not to be changed; free without one."""
        free = not continue_from
        if free:
            return {
                self.base: gr.Dropdown(interactive=True),
                self.strategy: gr.Radio(interactive=True),
                self.other_strategy: gr.Dropdown(interactive=True),
            }
        known = choices if base in {value for _, value in choices} else [*choices, (base, base)]
        return {
            self.base: gr.Dropdown(known, value=base, interactive=False),
            **way_updates(self.strategy, self.other_strategy, strategy),
        }


def _can_go_on(run: RunView) -> bool:
    return STRATEGIES.get(run.plan.strategy).continues
