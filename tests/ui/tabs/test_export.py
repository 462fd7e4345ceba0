"""What the Export tab says."""

from pathlib import Path

from core.export import EXPORTERS, Export
from tests.helpers.views import plan, run
from ui.tabs import export


def made(**changes):
    values = {
        "target": "adapter",
        "path": Path("/x/shop-adapter.zip"),
        "bytes": 11_500_000,
        "verified": True,
        "sha256": "a41a",
        "how_to": "print('<hello>')",
    }
    return Export(**{**values, **changes})


def test_what_was_made_is_named_measured_checked_and_explained(words):
    shown = export.result_html(words, made())
    for part in ("shop-adapter.zip", "11.5 MB", words("export.verified"), "a41a", "&lt;hello&gt;"):
        assert part in shown
    assert words("export.unverified") in export.result_html(words, made(verified=False))


def test_only_targets_that_fit_the_strategy_are_offered(words, build):
    tab = build(export)
    for strategy in ("lora", "full"):
        view = run("finished", has_result=True)
        view = type(view)(view.id, plan(strategy=strategy), view.status, True, False)
        updates = export.run_updates(tab, words, view)
        offered = {name for name, card in tab.cards.items() if updates[card.column].visible}
        assert offered == {entry.name for entry in EXPORTERS if strategy in entry.strategies}


def test_nothing_is_offered_before_there_is_a_result(words, build):
    tab = build(export)
    updates = export.empty_updates(tab, words)
    assert not updates[tab.top.next].interactive
    assert not any(updates[card.column].visible for card in tab.cards.values())
