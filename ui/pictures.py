"""Pictures of a dataset: Plotly figures in the house's colours, of nothing but counts."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.data.cleaners import CLEANERS
from core.data.profile import FlowStep, Profile, Tally
from ui.figures import (
    ACCENT,
    ACCENT_SOFT,
    AXIS,
    AXIS_TITLE,
    INK,
    LINE,
    LOST,
    MUTED,
    PAGE,
    empty_figure,
    house_layout,
)
from ui.words import Words

MOST_BARS = 12
FAR = 2  # a limit this many times the longest example is not drawn: there is nothing near it
NAME_LETTERS = 28
FULL = 6  # so many bars fill a chart; fewer are no wider than they would be then


def lengths_figure(words: Words, profile: Profile) -> str:
    """How many examples have how many tokens, with the limit drawn in."""
    if not profile.lengths:
        return empty_figure(words("picture.lengths.none"))
    bins = profile.lengths
    is_cut = [bool(profile.limit) and one.start >= profile.limit for one in bins]
    width = bins[0].end - bins[0].start
    bars = go.Bar(
        x=[one.start + width / 2 for one in bins],
        y=[one.count for one in bins],
        width=[width * 0.92] * len(bins),
        marker={"color": [LOST if cut else ACCENT for cut in is_cut]},
        customdata=[
            words("picture.lengths.bar", start=one.start, end=one.end - 1, count=f"{one.count:,}") for one in bins
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure = go.Figure(bars, layout=_bar_layout(words("picture.tokens"), words("picture.examples")))
    if profile.limit and profile.limit <= FAR * profile.longest:
        _limit_line(figure, words("picture.limit", limit=f"{profile.limit:,}"), profile.limit)
    return str(figure.to_json())


def _limit_line(figure: go.Figure, text: str, limit: int) -> None:
    figure.add_shape(type="line", x0=limit, x1=limit, y0=0, y1=1, yref="paper", line={"color": INK, "width": 1.5})
    figure.add_annotation(
        x=limit,
        y=1,
        yref="paper",
        text=text,
        showarrow=False,
        xanchor="right",
        xshift=-6,
        yanchor="top",
        bgcolor=PAGE,
        opacity=0.9,
        font={"color": INK, "size": 13},
    )


def turns_figure(words: Words, profile: Profile) -> str:
    """How many turns conversations have."""
    tallies = profile.turns[:MOST_BARS]
    if not tallies:
        return empty_figure(words("picture.none"))
    bars = _columns([one.value for one in tallies], [one.count for one in tallies])
    layout = _bar_layout(words("picture.turns.axis"), words("picture.examples"), len(tallies))
    return str(go.Figure(bars, layout=layout).to_json())


def languages_figure(words: Words, profile: Profile) -> str:
    """Which languages are spoken."""
    named = [Tally(language_name(words, one.value), one.count) for one in profile.languages]
    return tally_figure(words, named)


def tally_figure(words: Words, tallies: Sequence[Tally]) -> str:
    """Values with their counts, the most frequent at the top; the rare ones together as the last."""
    if not tallies:
        return empty_figure(words("picture.none"))
    shown = list(tallies[:MOST_BARS])
    rest = sum(one.count for one in tallies[MOST_BARS:])
    if rest:
        shown.append(Tally(words("picture.others", count=len(tallies) - MOST_BARS), rest))
    shown.reverse()
    bars = go.Bar(
        x=[one.count for one in shown],
        y=[_short(one.value) for one in shown],
        orientation="h",
        marker={"color": ACCENT},
        text=[f"{one.count:,}" for one in shown],
        textposition="outside",
        textfont={"color": INK},
        cliponaxis=False,
        hoverinfo="none",
    )
    layout = house_layout(
        bargap=_gap(len(shown)),
        margin={"l": 8, "r": 64, "t": 8, "b": 8},
        xaxis={"visible": False, "fixedrange": True},
        yaxis={**AXIS, "showgrid": False, "automargin": True, "fixedrange": True, "type": "category"},
    )
    return str(go.Figure(bars, layout=layout).to_json())


def clusters_figure(words: Words, profile: Profile) -> str:
    """How many groups of the same or almost the same rows there are, by their size."""
    if not profile.clusters:
        return empty_figure(words("picture.clusters.none"))
    shown = profile.clusters[:MOST_BARS]
    bars = _columns([f"{one.size:,}" for one in shown], [one.count for one in shown])
    layout = _bar_layout(words("picture.clusters.axis"), words("picture.clusters.count"), len(shown))
    return str(go.Figure(bars, layout=layout).to_json())


def flow_figure(words: Words, flow: Sequence[FlowStep]) -> str:
    """Where rows went: from what was read to what is learned, and out at each check."""
    if not flow or not flow[0].count:
        return empty_figure(words("picture.none"))
    kept = flow[-1]
    sources = [step for step in flow if step.code in ("read", "added")]
    lost = [step for step in flow[1:-1] if step.code != "added"]
    nodes = [*sources, kept, *lost]
    goal = len(sources)
    added = sum(step.count for step in sources[1:])
    links = [(0, goal, max(0, kept.count - added), ACCENT_SOFT)]
    links += [(number, goal, step.count, ACCENT_SOFT) for number, step in enumerate(sources[1:], 1)]
    links += [(0, goal + 1 + number, step.count, LINE) for number, step in enumerate(lost)]
    colours = [*[MUTED] * len(sources), ACCENT, *[LOST] * len(lost)]
    sankey = go.Sankey(
        arrangement="snap",
        node={
            "label": [f"{flow_name(words, step.code)} {step.count:,}" for step in nodes],
            "color": colours,
            "pad": 18,
            "thickness": 14,
            "line": {"width": 0},
            "hovertemplate": "%{label}<extra></extra>",
        },
        link={
            "source": [link[0] for link in links],
            "target": [link[1] for link in links],
            "value": [link[2] for link in links],
            "color": [link[3] for link in links],
            "hoverinfo": "none",
        },
        textfont={"color": INK, "size": 13, "shadow": "none"},
    )
    return str(go.Figure(sankey, layout=house_layout(margin={"l": 8, "r": 8, "t": 16, "b": 16})).to_json())


def flow_name(words: Words, code: str) -> str:
    """A step of the flow as people call it."""
    if code in CLEANERS.names():
        return words.core(f"cleaner.{code}.label", CLEANERS.get(code).label)
    return words(f"picture.flow.{code}")


def language_name(words: Words, code: str) -> str:
    """A language by its name, where we know it."""
    key = f"language.{code or 'unknown'}"
    return words(key) if key in words.texts else code


def _columns(names: Sequence[str], counts: Sequence[int]) -> go.Bar:
    return go.Bar(
        x=[f"{name} " for name in names],  # a name, though it is a number
        y=list(counts),
        cliponaxis=False,
        marker={"color": ACCENT},
        text=[f"{count:,}" for count in counts],
        textposition="outside",
        textfont={"color": INK},
        hoverinfo="none",
    )


def _gap(num_bars: int) -> float:
    return 1 - 0.8 * min(1.0, num_bars / FULL)


def _bar_layout(across: str, up: str, num_bars: int = FULL) -> go.Layout:
    return house_layout(
        bargap=_gap(num_bars),
        xaxis={**AXIS, "title": {"text": across, **AXIS_TITLE}, "showgrid": False},
        yaxis={**AXIS, "title": {"text": up, **AXIS_TITLE}, "rangemode": "tozero"},
    )


def _short(name: str) -> str:
    line = " ".join(name.split()) or "–"
    return line if len(line) <= NAME_LETTERS else f"{line[:NAME_LETTERS]}…"
