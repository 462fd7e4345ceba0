"""A curve as SVG, with logarithmic axes: no library of the project writes pictures without a browser."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

_WIDTH, _HEIGHT, _MARGIN = 640, 360, 60
_COLOURS = ("#0f766e", "#1d2327", "#b45309")


def draw(path: Path, title: str, curves: Mapping[str, Sequence[tuple[float, float]]]) -> None:
    """Writes lines with a dot and its value at each point; both axes by powers of ten."""
    points = [point for curve in curves.values() for point in curve]
    x_low, x_high = (bound(math.log10(x) for x, _ in points) for bound in (min, max))
    y_low = math.floor(min(math.log10(y) for _, y in points))
    y_high = math.ceil(max(math.log10(y) for _, y in points))

    def place(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - x_low) / (x_high - x_low)
        up = (math.log10(y) - y_low) / (y_high - y_low)
        return _MARGIN + across * (_WIDTH - 2 * _MARGIN), _HEIGHT - _MARGIN - up * (_HEIGHT - 2 * _MARGIN)

    parts = [_text(_MARGIN, 28, title, "#1d2327", "start", 15)]
    for power in range(y_low, y_high + 1):
        _, y = place(10**x_low, 10**power)
        parts.append(f'<line x1="{_MARGIN}" x2="{_WIDTH - _MARGIN}" y1="{y:.0f}" y2="{y:.0f}" stroke="#e2e4e0"/>')
        parts.append(_text(_MARGIN - 8, y + 4, f"{10**power:,}", "#59636b", "end"))
    for x in sorted({x for x, _ in points}):
        parts.append(_text(place(x, 10**y_low)[0], _HEIGHT - _MARGIN + 20, f"{x:,.0f}", "#59636b", "middle"))
    for (name, curve), colour in zip(curves.items(), _COLOURS, strict=False):
        placed = [place(x, y) for x, y in curve]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for (x, y), (_, value) in zip(placed, curve, strict=True):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
            parts.append(_text(x, y - 8, f"{value:,.3g}" if value < 1000 else f"{value:,.0f}", colour, "middle"))
        parts.append(_text(placed[0][0] + 8, placed[0][1] + 18, name, colour, "start", 13))
    body = "\n".join(parts)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif">\n'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>\n{body}\n</svg>\n',
        encoding="utf-8",
    )


def _text(x: float, y: float, text: str, colour: str, anchor: str, size: int = 11) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" fill="{colour}" text-anchor="{anchor}" font-size="{size}">{text}</text>'
