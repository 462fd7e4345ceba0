"""Which pictures are shown, and what is said of them."""

from dataclasses import replace

import pytest

from core.errors import OptionRefused
from ui.tabs import data_pictures
from ui.tabs.data_pictures import PICTURES, text_html


@pytest.fixture
def calls(bench):
    return data_pictures.PicturesCalls(bench.tab.pictures, *bench.common)


def test_every_picture_of_a_dataset_is_drawn_and_labels_only_where_there_are_any(bench, calls, messy):
    updates = calls.show(messy)
    part = bench.tab.pictures
    assert all(updates[part.charts[name]] for name in PICTURES)
    assert not updates[part.boxes["labels"]].visible
    assert calls.show(messy, "overview") == {}


def test_the_limit_that_would_keep_all_is_said(words, studio, messy):
    profile = studio.profile(messy)
    assert f"{profile.kept_100:,}" in text_html(words, "lengths", profile)
    cut = text_html(words, "lengths", replace(profile, num_cut=3, num_emptied=1))
    assert words.count("picture.lengths.cut", 3, emptied="1").strip() in cut
    assert words("picture.lengths.help") in text_html(words, "lengths", replace(profile, lengths=()))


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_has_words(words, studio, messy, name):
    assert words(f"picture.{name}") in text_html(words, name, studio.profile(messy))


def test_lengths_are_counted_by_another_limit_and_that_can_be_undone(bench, calls, studio, messy):
    before = studio.profile(messy)
    calls.count(messy, "starter", 3)
    part = bench.tab.pictures
    assert studio.profile(messy).limit == 3
    assert studio.profile(messy).num_cut > before.num_cut
    assert calls.show(messy)[part.limit] == 3
    studio.wait_for(studio.undo(messy).id)
    assert studio.profile(messy) == before
    with pytest.raises(OptionRefused):
        calls.count(messy, "starter", -1)
