"""The choice of a way to train: the usual ones as cards, the others behind one of them, and what is said of each."""

import gradio as gr

from core.strategies import STRATEGIES, Strategy
from ui.guard import Updates
from ui.markup import Markup, div, tag
from ui.pieces import card_text
from ui.tabs.plan_cards import cards
from ui.tabs.plan_choice import OTHER_WAY
from ui.words import Words

FIRST = "lora"
SAID = ("summary", "when", "cost")


def build_way(words: Words) -> tuple[gr.Radio, gr.Dropdown, gr.HTML]:
    """The cards, the list of what is less usual, and the place for what is said of the one chosen."""
    other = (card_text(words("plan.strategy.other"), words("plan.strategy.other.help")), OTHER_WAY)
    usual = [entry for entry in STRATEGIES if entry.usual]
    strategy = cards(words, "strategy", usual, "summary", FIRST, other)
    rest = [(_label(words, entry), entry.name) for entry in STRATEGIES if not entry.usual]
    others = gr.Dropdown(
        rest,
        value=rest[0][1],
        label=words("plan.strategy.which"),
        visible=False,
        elem_id="plan-strategy-other",
    )
    return strategy, others, gr.HTML(way_html(words, STRATEGIES.get(FIRST)), elem_id="plan-way")


def way_updates(usual: gr.Radio, others: gr.Dropdown, strategy: str) -> Updates:
    """Both fields as one way has them, not to be changed."""
    if STRATEGIES.get(strategy).usual:
        return {usual: gr.Radio(value=strategy, interactive=False), others: gr.Dropdown(visible=False)}
    return {
        usual: gr.Radio(value=OTHER_WAY, interactive=False),
        others: gr.Dropdown(value=strategy, visible=True, interactive=False),
    }


def way_html(words: Words, strategy: Strategy) -> Markup:
    """When to take it, what it costs and where it comes from; and what it is, where no card says so."""
    parts = {part: words.core(f"strategy.{strategy.name}.{part}", getattr(strategy, part)) for part in SAID}
    summary = None if strategy.usual else tag("p", parts["summary"])
    said = (
        (words("plan.strategy.when"), parts["when"]),
        (words("plan.strategy.cost"), parts["cost"]),
        (words("plan.strategy.paper"), strategy.paper),
    )
    rows = (div("fact", tag("dt", name), tag("dd", text)) for name, text in said)
    return div("way", summary, tag("dl", *rows, class_="facts"))


def _label(words: Words, strategy: Strategy) -> str:
    return words.core(f"strategy.{strategy.name}.label", strategy.label)
