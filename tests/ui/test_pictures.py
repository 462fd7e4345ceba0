"""Pictures of a dataset."""

import json
from dataclasses import replace

from core.data.profile import Bin, Cluster, FlowStep, Profile, Tally
from ui.figures import ACCENT, LOST
from ui.pictures import (
    MOST_BARS,
    clusters_figure,
    flow_figure,
    flow_name,
    language_name,
    languages_figure,
    lengths_figure,
    tally_figure,
    turns_figure,
)

PROFILE = Profile(
    num_rows=10,
    lengths=(Bin(0, 50, 6), Bin(50, 100, 3), Bin(100, 150, 1)),
    limit=100,
    longest=120,
    kept_95=100,
    kept_99=120,
    kept_100=120,
    num_cut=1,
    num_emptied=0,
    turns=(Tally("2", 9), Tally("4", 1)),
    languages=(Tally("en", 8), Tally("", 2)),
    labels=(),
    clusters=(Cluster(2, 3),),
    flow=(FlowStep("read", 12, 12), FlowStep("duplicates", 3, 9), FlowStep("added", 1, 10), FlowStep("kept", 10, 10)),
)
EMPTY = Profile(0, (), 0, 0, 0, 0, 0, 0, 0, (), (), (), (), ())


def test_lengths_have_the_limit_drawn_in_and_what_is_cut_in_red(words):
    figure = json.loads(lengths_figure(words, PROFILE))
    assert figure["layout"]["shapes"][0]["x0"] == 100
    assert figure["data"][0]["marker"]["color"] == [ACCENT, ACCENT, LOST]
    assert figure["layout"]["annotations"][0]["text"] == words("picture.limit", limit="100")


def test_a_limit_far_away_is_not_drawn(words):
    assert "shapes" not in json.loads(lengths_figure(words, replace(PROFILE, limit=100_000)))["layout"]


def test_rows_flow_from_read_to_learned_and_none_are_lost(words):
    link = json.loads(flow_figure(words, PROFILE.flow))["data"][0]["link"]
    assert sum(link["value"]) == 12 + 1  # all that came in, from the file and by hand
    into_kept = [value for value, target in zip(link["value"], link["target"], strict=True) if target == 2]
    assert sum(into_kept) == 10


def test_every_step_of_the_flow_has_a_name(words):
    for code in ("read", "unusable", "rejected", "open", "added", "kept", "duplicates"):
        assert flow_name(words, code)


def test_rare_values_stand_together_as_the_last(words):
    tallies = [Tally(f"label {number}", 100 - number) for number in range(MOST_BARS + 5)]
    bars = json.loads(tally_figure(words, tallies))["data"][0]
    assert len(bars["y"]) == MOST_BARS + 1 and bars["y"][0] == words("picture.others", count=5)


def test_languages_have_names(words):
    named = json.loads(languages_figure(words, PROFILE))["data"][0]["y"]
    assert named == [words("language.unknown"), words("language.en")]
    assert language_name(words, "tlh") == "tlh"


def test_without_rows_every_picture_says_so(words):
    drawn = [lengths_figure(words, EMPTY), turns_figure(words, EMPTY), clusters_figure(words, EMPTY)]
    drawn += [tally_figure(words, ()), flow_figure(words, ())]
    for figure in drawn:
        made = json.loads(figure)
        assert made["data"] == [] and made["layout"]["annotations"][0]["text"]


def test_the_few_bars_of_a_small_set_are_no_walls(words):
    assert json.loads(clusters_figure(words, PROFILE))["layout"]["bargap"] > 0.5
