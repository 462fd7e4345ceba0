"""Numbers with their units and their meaning, in words."""

import math
from datetime import datetime

from ui.words import Words

MINUTE, HOUR = 60, 3600


def duration(words: Words, seconds: float | None) -> str:
    """About how long: "40 seconds", "2 minutes", "3 hours 20 minutes"."""
    if seconds is None:
        return words("time.unknown")
    if seconds < 50:
        return words.count("time.seconds", max(1, round(seconds)))
    if seconds < HOUR - 30:
        return words.count("time.minutes", max(1, round(seconds / MINUTE)))
    hours, minutes = divmod(round(seconds / MINUTE), 60)
    long = words.count("time.hours", hours)
    return f"{long} {words.count('time.minutes', minutes)}" if minutes else long


def size(num_bytes: float) -> str:
    """A file's size: "3.1 MB"."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if num_bytes >= factor:
            return f"{num_bytes / factor:.1f} {unit}"
    return f"{num_bytes:.0f} B"


def percent(share: float) -> str:
    """A share of 0 to 1: "62 %", "0.06 %"."""
    hundredths = share * 100
    digits = 0 if hundredths >= 10 or not share else 1 if hundredths >= 1 else 2
    return f"{hundredths:.{digits}f} %"


def number(value: float | None, digits: int = 2) -> str:
    """A figure, or a dash where there is none yet."""
    return "–" if value is None or math.isnan(value) else f"{value:,.{digits}f}"


def times(value: float) -> str:
    """How often: "3", "2.5"."""
    return f"{value:.0f}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"


def easier(first: float, last: float) -> float:
    """How many times as likely the right next word became when the loss fell (mean nats per token)."""
    return math.exp(first - last)


def when(created: str) -> str:
    """The local time that an id begins with ("20261124-081230-…"): "2026-11-24 08:12"."""
    try:
        return datetime.strptime(created[:15], "%Y%m%d-%H%M%S").strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return created
