"""Train: watch the run, in a chart, in numbers and in one sentence; stop, pause and go on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.evaluation import FIGURES
from core.runs.curves import Curves, smoothed
from core.runs.status import RunStatus
from core.runs.store import RunView
from core.studio import Studio
from ui.figures import chart, empty_figure, loss_figure
from ui.guard import Guard, Updates
from ui.markup import Markup, div, join, span, tag
from ui.pieces import Top, build_top, facts_html, state_badge, with_term
from ui.quantities import duration, easier, number, percent, times
from ui.session import Session
from ui.tabs.train_search import search_updates
from ui.tabs.train_strip import strip_html
from ui.words import Words

CHECKS_TO_JUDGE = 3  # fewer checks on held-back examples say nothing about a direction


@dataclass(frozen=True)
class TrainTab:
    """The components of the tab."""

    top: Top
    progress: gr.HTML
    stop: gr.Button
    pause: gr.Button
    resume: gr.Button
    buttons: gr.Row
    figures: gr.HTML
    sentence: gr.HTML
    chart: gr.HTML
    strip: gr.HTML

    @property
    def shown(self) -> list[Any]:
        """What a run fills."""
        buttons = [self.stop, self.pause, self.resume, self.buttons]
        return [self.top.next, self.progress, *buttons, self.figures, self.sentence, self.chart, self.strip]


# Presenters -------------------------------------------------------------------------------------------------


def progress_html(words: Words, run: RunView, place: int = 0) -> Markup:
    """Which run, where it stands, and how far it has come."""
    status = run.status
    share = 1.0 if status.state == "finished" else status.share_done  # one that ended early is as done as it gets
    left = (
        words("train.left", time=duration(words, status.seconds_left))
        if status.is_active and status.seconds_left
        else ""
    )
    line = div("run-line", tag("strong", run.plan.title), state_badge(words, status, place))
    bar = div(
        "bar", div("bar-fill", style=f"width:{share * 100:.1f}%"), role="progressbar", aria_valuenow=round(share * 100)
    )
    counted = {"step": f"{status.step:,}", "steps": f"{status.num_steps:,}"}
    is_counted = status.num_steps and not run.plan.search_minutes  # not known before it has begun; a search counts time
    steps = words("train.step_of", **counted) if is_counted else ""
    return join(line, bar, div("run-line note", span("", steps), span("", left)))


def figures_html(words: Words, status: RunStatus, curves: Curves) -> Markup:
    """The figures of now, each with its unit."""
    return facts_html(
        (
            (with_term(words, words("train.loss"), "loss"), *_loss(words, status, curves)),
            *_held_back(words, status),
            (with_term(words, words("train.epoch"), "epoch"), times(status.epoch), ""),
            (words("train.speed"), words("train.speed.value", speed=number(status.tokens_per_second, 0)), ""),
            (words("train.memory"), words("train.memory.value", memory=number(status.memory_gib)), ""),
            (words("train.elapsed"), duration(words, status.seconds), expected_text(words, status)),
        )
    )


def expected_text(words: Words, status: RunStatus) -> str:
    """What was measured before the first step, beside where it is measured."""
    if status.expected_seconds is None:
        return status.device
    time, memory = duration(words, status.expected_seconds), number(status.expected_memory_gib)
    return words("train.expected", time=time, memory=memory)


def _held_back(words: Words, status: RunStatus) -> Iterator[tuple[str, str, str]]:
    """What the task measures besides: of now, what it means, in the reader's words."""
    for name, value in status.figures.items():
        figure = FIGURES.get(name)
        label, help = (words.core(f"figure.{name}.{part}", getattr(figure, part)) for part in ("label", "help"))
        yield label, percent(value) if figure.is_share else number(value), help


def _loss(words: Words, status: RunStatus, curves: Curves) -> tuple[str, str]:
    """How far the loss fell, and what that means."""
    first, last = status.first_validation_loss, status.best_loss
    if first is None or last is None:
        if not curves.train:
            return "–", words("train.loss.none")
        first, last = curves.train[0].loss, smoothed(curves.train)[-1].loss
    value = words("train.loss.value", first=number(first), last=number(last))
    if status.figures:  # no word is foretold, so nothing is to be said of the next one
        return value, ""
    factor = easier(first, last)
    return value, words(
        "train.loss.easier", times=number(factor, 1 if factor < 10 else 0)
    ) if factor >= 1.05 else words("train.loss.same")


def sentence_key(status: RunStatus, curves: Curves) -> str:
    """Which one plain sentence says how it goes."""
    if status.state == "finished" and status.learned_little:
        return "train.says.little"
    if status.state == "finished":
        return "train.says.stopped_early" if status.stopped_early else "train.says.finished"
    if status.state != "running":
        return f"train.says.{status.state}"
    checks = curves.validation
    if len(checks) < CHECKS_TO_JUDGE:
        return "train.says.begun"
    since_best = sum(check.step > (curves.kept.step if curves.kept else 0) for check in checks)
    if since_best >= 2:
        return "train.says.by_heart"
    gain = checks[-CHECKS_TO_JUDGE].loss - checks[-1].loss
    return "train.says.going_well" if gain > 0.01 else "train.says.levelling"


def sentence_html(words: Words, run: RunView, curves: Curves, place: int = 0) -> Markup:
    """How it goes, in one plain sentence. place: in the queue, 1 for the next."""
    status = run.status
    key = sentence_key(status, curves)
    best = curves.kept.step if curves.kept else status.step
    counted = {"step": f"{status.step:,}", "best": f"{best:,}", "steps": f"{status.num_steps:,}"}
    text = words(key, **counted, place=place, reason=reason(words, status))
    said = tag("p", text, class_="says lost" if status.state == "failed" else "says", role="status")
    return join(said, *(tag("p", note_text(words, note), class_="note") for note in status.notes))


def note_text(words: Words, note: dict[str, Any]) -> str:
    """What was put right on the way."""
    return words(f"train.note.{note['code']}", **{name: value for name, value in note.items() if name != "code"})


def reason(words: Words, status: RunStatus) -> str:
    """Why a run failed, in the reader's language."""
    error = status.error or {}
    return words.error_of(str(error.get("code", "")), error.get("facts", {}), str(error.get("message", "")))


def next_label(words: Words, run: RunView, place: int = 0) -> str:
    """What comes after the run."""
    if run.status.state == "queued":
        return words("train.next.queued", place=place)
    if run.has_result and not run.status.is_active:
        return words("train.next")
    if run.status.is_active:
        return words("train.next.going", left=duration(words, run.status.seconds_left))
    if run.is_resumable and run.status.step:
        return words("train.next.resume")
    return words("train.next.waiting")


def run_updates(tab: TrainTab, words: Words, run: RunView, curves: Curves, place: int = 0) -> Updates:
    """The whole tab for one run. place: in the queue, 1 for the next."""
    active, queued = run.status.is_active, run.status.state == "queued"
    left = run.status.num_steps - run.status.step
    resume = words("train.resume.left", steps=f"{left:,}") if left > 0 else words("train.resume")
    return {
        tab.top.next: gr.Button(next_label(words, run, place), interactive=run.has_result and not (active or queued)),
        tab.progress: progress_html(words, run, place),
        tab.buttons: gr.Row(visible=active or queued or run.is_resumable),
        tab.stop: gr.Button(
            words("train.cancel" if queued else "train.stop"), visible=active or queued, interactive=True
        ),
        tab.pause: gr.Button(words("train.pause"), visible=active, interactive=True),
        tab.resume: gr.Button(resume, visible=run.is_resumable),
        tab.figures: figures_html(words, run.status, curves),
        tab.sentence: sentence_html(words, run, curves, place),
        tab.chart: loss_figure(words, curves, run.status.num_steps),
    }


def empty_updates(tab: TrainTab, words: Words) -> Updates:
    """The tab before there is a run."""
    return {
        tab.top.next: gr.Button(words("train.next.waiting"), interactive=False),
        tab.progress: tag("p", words("train.empty"), class_="note"),
        tab.buttons: gr.Row(visible=False),
        tab.figures: "",
        tab.sentence: "",
        tab.chart: empty_figure(words("chart.empty")),
        tab.strip: "",
    }


# Building and wiring ----------------------------------------------------------------------------------------


def build(words: Words) -> TrainTab:
    """The components."""
    top = build_top(words, "train", "train-next")
    with gr.Row(elem_classes="columns"):
        with gr.Column(elem_classes="decide", min_width=280):
            progress = gr.HTML(tag("p", words("train.empty"), class_="note"), elem_id="train-progress")
            with gr.Row(visible=False, elem_classes="button-row") as buttons:
                stop = gr.Button(words("train.stop"), elem_id="train-stop", min_width=96)
                pause = gr.Button(words("train.pause"), elem_id="train-pause", min_width=96)
                resume = gr.Button(
                    words("train.resume"), elem_id="train-resume", min_width=96, elem_classes="accent-button"
                )
            figures = gr.HTML("", elem_id="train-figures")
        with gr.Column(elem_classes="see", min_width=320):
            sentence = gr.HTML("", elem_id="train-sentence", elem_classes="reserve-line")
            plot = chart("train-chart", words("chart.name"))
            strip = gr.HTML("", elem_id="train-strip")
    return TrainTab(
        top=top,
        progress=progress,
        stop=stop,
        pause=pause,
        resume=resume,
        buttons=buttons,
        figures=figures,
        sentence=sentence,
        chart=plot,
        strip=strip,
    )


def wire(tab: TrainTab, guard: Guard, studio: Studio, session: Session) -> Callable[[str], Updates]:
    """The buttons. Returns what shows a run, for the page to bind to a new id and to the clock."""
    words = guard.words

    def show(run: str) -> Updates:
        if not run:
            return empty_updates(tab, words)
        view = studio.run(run)
        shown = run_updates(tab, words, view, studio.curves(run), studio.queue.place_of(run))
        if view.plan.search_minutes:
            return search_updates(tab, words, view, studio.trials(run), shown)
        return {**shown, tab.strip: strip_html(words, view.plan.prompts, studio.filmstrip(run))}

    def stop(run: str) -> Updates:
        studio.stop(run)
        if not studio.run(run).status.is_active:  # it waited, and has left the queue
            return show(run)
        return {
            tab.stop: gr.Button(words("train.stopping"), interactive=False),
            tab.pause: gr.Button(interactive=False),
        }

    def pause(run: str) -> Updates:
        studio.pause(run)
        return {tab.pause: gr.Button(words("train.pausing"), interactive=False), tab.stop: gr.Button(interactive=False)}

    def resume(run: str) -> Updates:
        studio.resume(run)
        return show(run)

    here = {"run": session.run}
    guard.bind(tab.stop.click, call=stop, reads=here, writes=tab.shown)
    guard.bind(tab.pause.click, call=pause, reads=here, writes=[tab.stop, tab.pause])
    guard.bind(tab.resume.click, call=resume, reads=here, writes=tab.shown)
    return show
