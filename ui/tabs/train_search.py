"""What Train shows of a search: the trials as curves and as a table, the best first."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from core.runs.store import RunView
from core.training.search import TrialView, best_of
from ui.figures import trials_figure
from ui.guard import Updates
from ui.markup import Markup, join, tag
from ui.pieces import badge, facts_html, section, with_term
from ui.quantities import duration, number
from ui.words import Words

COLUMNS = ("trial", "params", "loss", "state")


def sentence_html(words: Words, run: RunView, trials: Sequence[TrialView]) -> Markup | None:
    """How the search goes; None in a state that every run has its words for."""
    best = best_of(trials)
    told = {"count": len(trials), "best": best.number if best else "–", "loss": number(best.loss if best else None)}
    keys = {
        "running": "running",
        "finished": "finished",
        **dict.fromkeys(("stopped", "paused", "interrupted"), "stopped"),
    }
    key = keys.get(run.status.state)
    return tag("p", words(f"train.says.search.{key}", **told), class_="says", role="status") if key else None


def figures_html(words: Words, run: RunView, trials: Sequence[TrialView]) -> Markup:
    """The best so far, how many trials there were, and the time."""
    best, status = best_of(trials), run.status
    return facts_html(
        (
            (with_term(words, words("train.loss"), "loss"), number(best.loss if best else None), ""),
            (words("train.trials.number"), str(len(trials)), ""),
            (words("train.elapsed"), duration(words, status.seconds), status.device),
        )
    )


def trials_html(words: Words, trials: Sequence[TrialView]) -> Markup:
    """Every trial with its settings, the best first; what is still going stands behind."""
    if not trials:
        return section(words("train.trials"), tag("p", words("train.trials.none"), class_="note"))
    best = best_of(trials)
    ranked = sorted(trials, key=lambda trial: (trial.state != "done", trial.loss if trial.loss is not None else 1e9))
    header = tag("tr", *(tag("th", words(_heading(name)), scope="col") for name in COLUMNS))
    rows = (_row(words, trial, trial is best) for trial in ranked)
    table = tag("table", tag("thead", header), tag("tbody", *rows))
    return section(words("train.trials"), tag("div", table, class_="table-holder"))


def _heading(column: str) -> str:
    return "train.trial" if column == "trial" else f"train.trial.{column}"


def _row(words: Words, trial: TrialView, is_best: bool) -> Markup:
    params = join(*(tag("div", f"{name} = {value}") for name, value in trial.params.items()))
    state = badge(words(f"train.trial.{trial.state}"), "finished" if is_best else trial.state)
    cells = (str(trial.number), params, number(trial.loss), state)
    named = zip(COLUMNS, cells, strict=True)
    return tag(
        "tr",
        *(tag("td", cell, data_label=words(_heading(name))) for name, cell in named),
        class_="watched" if is_best else None,
    )


def search_updates(tab: Any, words: Words, run: RunView, trials: Sequence[TrialView], shown: Updates) -> Updates:
    """The tab for a search: what any run shows, with the trials in place of steps and loss.

    shown: what `run_updates` says of the run.
    """
    sentence = sentence_html(words, run, trials)
    return {
        **shown,
        tab.top.next: gr.Button(words("train.next.waiting"), interactive=False),
        tab.resume: gr.Button(words("train.resume"), visible=run.is_resumable),
        tab.figures: figures_html(words, run, trials),
        **({tab.sentence: sentence} if sentence else {}),
        tab.chart: trials_figure(words, trials),
        tab.strip: trials_html(words, trials),
    }
