"""The loss chart, and what all charts share: Plotly figures in our colours, drawn by assets/chart.js so that a tick
never resets a zoom."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr
import plotly
import plotly.graph_objects as go

from core.runs.curves import Curves, Point, smoothed, thinned
from core.training.search import TrialView, best_of
from core.workspace import ASSETS
from ui.words import Words

# Names of colours in theme.css, by their value in light; chart.js puts in what they are now.
ACCENT, INK, MUTED, LINE = "#0f766e", "#1d2327", "#59636b", "#e2e4e0"
PAPER, PAGE = "#ffffff", "#f8f8f5"
ACCENT_SOFT, LOST, LOST_SOFT = "#e2f2ef", "#b42318", "#fdecea"
PALETTE = {
    **{ACCENT: "--accent", INK: "--ink", MUTED: "--muted", LINE: "--line", PAPER: "--surface", PAGE: "--page"},
    **{ACCENT_SOFT: "--accent-soft", LOST: "--lost", LOST_SOFT: "--lost-soft"},
}
AXIS = {"gridcolor": LINE, "zeroline": False, "tickfont": {"color": MUTED, "size": 12}, "gridwidth": 1}
AXIS_TITLE = {"font": {"color": MUTED, "size": 12}}
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
CHART = ASSETS / "chart.js"
ROOM_FOR_A_NAME = 0.6  # of the axis: behind it a name no longer fits between the end of the line and the edge


def chart(elem_id: str, label: str, *, visible: bool = True, is_small: bool = False) -> gr.HTML:
    """A place for a figure. Gradio's own plot is made anew at every change, which loses zoom and hover."""
    return gr.HTML(
        "",
        html_template=f'<div class="chart" role="img" aria-label="{label}"></div>',
        js_on_load=f"const palette = {json.dumps(PALETTE)};\n{CHART.read_text(encoding='utf-8')}",
        head=f'<script src="gradio_api/file={PLOTLY.as_posix()}"></script>',
        elem_id=elem_id,
        elem_classes="chart-holder small" if is_small else "chart-holder",
        visible=visible,
    )


def loss_figure(words: Words, curves: Curves, num_steps: int) -> str:
    """Loss over steps: what is learned from faint and smooth, the held-back part, and the step that is kept."""
    if not curves.train and not curves.validation:
        return empty_figure(words("chart.empty"))
    smooth = thinned(smoothed(curves.train))
    checks = thinned(curves.validation, keep=(curves.kept.step,) if curves.kept else ())
    figure = go.Figure(layout=_layout(words, num_steps))
    figure.add_trace(_line(thinned(curves.train), ACCENT, words("chart.raw"), width=1, opacity=0.3, hover="skip"))
    figure.add_trace(_line(smooth, ACCENT, words("chart.train"), width=2.5))
    figure.add_trace(_line(checks, INK, words("chart.validation"), width=2, markers=True))
    if curves.kept:
        figure.add_trace(_kept(words, curves.kept))
    lower = not (smooth and curves.validation) or smooth[-1].loss <= curves.validation[-1].loss
    _name_directly(figure, words("chart.train"), smooth, ACCENT, above=not lower)
    _name_directly(figure, words("chart.validation"), curves.validation, INK, above=lower)
    return str(figure.to_json())


def trials_figure(words: Words, trials: Sequence[TrialView]) -> str:
    """Held-out loss over the share of its own steps, a line for each trial; the best in colour."""
    if not any(trial.points for trial in trials):
        return empty_figure(words("chart.trials.empty"))
    best = best_of(trials)
    axis = {**AXIS, "title": {"text": words("chart.share"), **AXIS_TITLE}, "range": [0, 1.02], "tickformat": ".0%"}
    loss = {**AXIS, "title": {"text": words("chart.loss"), **AXIS_TITLE}}
    figure = go.Figure(layout=house_layout(hovermode="closest", xaxis=axis, yaxis=loss))
    for trial in sorted(trials, key=lambda trial: trial is best):
        figure.add_trace(_trial(words, trial, is_best=trial is best))
    return str(figure.to_json())


def _trial(words: Words, trial: TrialView, *, is_best: bool) -> go.Scatter:
    colour = ACCENT if is_best else MUTED
    return go.Scatter(
        x=[round(share, 4) for share, _ in trial.points],
        y=[round(loss, 4) for _, loss in trial.points],
        mode="lines+markers",
        name=words("chart.trial", number=trial.number),
        opacity=1.0 if is_best else 0.45,
        hoverinfo="y+name",
        line={"color": colour, "width": 2.5 if is_best else 1.5},
        marker={"size": 5, "color": colour},
    )


def empty_figure(text: str) -> str:
    """A chart with nothing in it yet: says what will appear, and when."""
    layout = go.Layout(
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={"visible": False, "fixedrange": True},
        yaxis={"visible": False, "fixedrange": True},
        annotations=[{"text": text, "showarrow": False, "font": {"color": MUTED, "size": 15}}],
    )
    return str(go.Figure(layout=layout).to_json())


def _layout(words: Words, num_steps: int) -> go.Layout:
    return house_layout(
        hovermode="x unified",
        xaxis={
            **AXIS,
            "title": {"text": words("chart.steps"), **AXIS_TITLE},
            "range": [-0.01 * num_steps, num_steps * 1.02],
            "showgrid": False,
        },
        yaxis={**AXIS, "title": {"text": words("chart.loss"), **AXIS_TITLE}},
    )


def house_layout(**own: Any) -> go.Layout:
    """What every chart looks like, and what is its own."""
    shared = {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 48, "r": 16, "t": 16, "b": 44},
        "showlegend": False,
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": LINE, "font": {"color": INK}},
        "uirevision": "keep",
        "font": {"family": "inherit"},
    }
    return go.Layout(**{**shared, **own})


def _line(
    points: tuple[Point, ...],
    colour: str,
    name: str,
    *,
    width: float,
    opacity: float = 1.0,
    hover: str = "y+name",
    markers: bool = False,
) -> go.Scatter:
    return go.Scatter(
        x=[point.step for point in points],
        y=[round(point.loss, 4) for point in points],
        mode="lines+markers" if markers else "lines",
        name=name,
        opacity=opacity,
        hoverinfo=hover,
        line={"color": colour, "width": width, "shape": "linear"},
        marker={"size": 5, "color": colour},
    )


def _kept(words: Words, point: Point) -> go.Scatter:
    """A ring around the step whose weights are kept."""
    return go.Scatter(
        x=[point.step],
        y=[round(point.loss, 4)],
        mode="markers",
        name=words("chart.kept"),
        hoverinfo="name",
        marker={"size": 14, "color": "rgba(0,0,0,0)", "line": {"color": ACCENT, "width": 2.5}},
    )


def _name_directly(figure: go.Figure, name: str, points: tuple[Point, ...], colour: str, *, above: bool) -> None:
    """The line's name at its end, in its colour, in place of a legend; behind the end while there is room."""
    if not points:
        return
    room = points[-1].step < ROOM_FOR_A_NAME * figure.layout.xaxis.range[1]
    figure.add_annotation(
        x=points[-1].step,
        y=points[-1].loss,
        text=name,
        showarrow=False,
        xanchor="left" if room else "right",
        xshift=12 if room else 0,
        yanchor="bottom" if above else "top",
        yshift=8 if above else -8,
        bgcolor=PAGE,
        opacity=0.9,
        font={"color": colour, "size": 13},
    )
