"""The colours can be read by everybody, in light and in dark."""

import re

import pytest

from core.workspace import ASSETS
from ui.theme import build_theme

CSS = (ASSETS / "theme.css").read_text(encoding="utf-8")
TEXT = 4.5  # WCAG 2.1, level AA, for text of normal size
MARK = 3.0  # for lines and edges that carry meaning

PAIRS = [
    ("ink", "page", TEXT),
    ("ink", "surface", TEXT),
    ("ink", "sunken", TEXT),
    ("ink", "accent-soft", TEXT),
    ("ink", "base-soft", TEXT),
    ("ink", "lost-soft", TEXT),
    ("muted", "page", TEXT),
    ("muted", "surface", TEXT),
    ("muted", "sunken", TEXT),
    ("muted", "accent-soft", TEXT),
    ("muted", "base-soft", TEXT),
    ("accent", "page", TEXT),
    ("accent", "surface", TEXT),
    ("accent", "sunken", TEXT),
    ("accent", "accent-soft", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("lost", "page", TEXT),
    ("lost", "surface", TEXT),
    ("lost", "lost-soft", TEXT),
    ("edge", "page", MARK),
    ("edge", "surface", MARK),
]


def colours(selector):
    block = CSS.split(selector, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


SCHEMES = {"light": colours(":root, .gradio-container {"), "dark": colours(".dark, .dark .gradio-container {")}


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first, second):
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_text_stands_out(scheme, front, ground, least):
    assert contrast(SCHEMES[scheme][front], SCHEMES[scheme][ground]) >= least


def test_both_schemes_name_the_same_colours():
    assert SCHEMES["light"].keys() == SCHEMES["dark"].keys()


def test_no_font_is_fetched_from_elsewhere():
    assert build_theme()._stylesheets == []
    assert "http" not in CSS and "@import" not in CSS
