"""What the Export tab says."""

from pathlib import Path

from core.export import EXPORTERS, Export, fits
from core.strategies import STRATEGIES
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
    for strategy in STRATEGIES.names():
        view = run("finished", has_result=True)
        view = type(view)(view.id, plan(strategy=strategy), view.status, True, False)
        updates = export.run_updates(tab, words, view)
        offered = {name for name, card in tab.cards.items() if updates[card.column].visible}
        assert offered == {entry.name for entry in EXPORTERS if fits(entry, strategy)}
        assert ("merged" in offered) == STRATEGIES.get(strategy).merges
        assert ("adapter" in offered) == (STRATEGIES.get(strategy).saves == "adapter")


def test_nothing_is_offered_before_there_is_a_result(words, build):
    tab = build(export)
    updates = export.empty_updates(tab, words)
    assert not updates[tab.top.next].interactive
    assert not any(updates[card.column].visible for card in tab.cards.values())
    assert not updates[tab.own].visible and not updates[tab.download].visible


LORA = run("finished", has_result=True)


def test_the_primary_button_makes_what_fits_best_and_then_downloads_it(words, build):
    tab = build(export)
    before = export.run_updates(tab, words, LORA)
    label = export.label_of(words, "adapter")
    assert before[tab.top.next].visible and before[tab.top.next].value == words("export.next.make", what=label)
    assert not before[tab.download].visible and not before[tab.own].visible
    after = export.run_updates(tab, words, LORA, [made()])
    assert not after[tab.top.next].visible and after[tab.download].visible and after[tab.own].visible
    assert after[tab.download].label == words("export.next.download", what=label, size="11.5 MB")
    assert set(before) | set(after) <= set(tab.shown)


def test_what_was_made_before_is_there_to_download_again(words, build):
    tab = build(export)
    updates = export.run_updates(tab, words, LORA, [made()])
    adapter, merged = tab.cards["adapter"], tab.cards["merged"]
    assert updates[adapter.file].visible and "a41a" in updates[adapter.result] and not updates[adapter.make].visible
    assert updates[merged.make].visible and updates[merged.result] == ""


def test_while_files_are_made_nothing_else_can_be_made(words, build):
    tab = build(export)
    busy = tab.making(tab.busy, "x")
    assert not any(update["interactive"] for update in busy.during.values()) and len(busy.during) == 3
    assert busy.after.keys() == busy.during.keys()
