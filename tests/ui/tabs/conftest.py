"""A tab's components, made outside a page; the Data tab with a set that has something of many kinds in it."""

import csv
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from ui.session import build_session
from ui.tabs import data
from ui.words import words_for


@pytest.fixture
def build(words):
    """Builds a tab in the language of the test."""

    def built(module, *extra):
        with gr.Blocks():
            return module.build(words, *extra)

    return built


@dataclass(frozen=True)
class Workbench:
    """The Data tab in English, and what its calls take."""

    tab: Any
    words: Any
    studio: Any
    session: Any

    @property
    def common(self):
        """What every part's calls take after the part."""
        return self.words, self.studio, self.session, self.tab.desk

    def after(self, updates):
        """The dataset that is looked at after a callback, "" where it did not say."""
        return updates.get(self.session.dataset, "")


@pytest.fixture
def bench(studio, monkeypatch):
    """The whole Data tab on an empty workspace; its work is over when a callback returns, however busy the machine."""
    monkeypatch.setattr("core.work.SHORT_S", 60)
    words = words_for("en")
    with gr.Blocks():
        return Workbench(data.build(words, "here"), words, studio, build_session())


@pytest.fixture
def messy_file(tmp_path):
    """12 different rows, one of them twice, one with a mail address, one with stray blanks, two that contradict."""
    rows = [
        *((f"Where is parcel {number}?", f"Parcel {number} is on its way to you.") for number in range(8)),
        ("Where is parcel 0?", "Parcel 0 is on its way to you."),
        ("Whom do I write to?", "Write to anna.berger@gmail.com about it."),
        ("When do you open?  ", "We open at nine.  "),
        ("How long is the warranty?", "The warranty is 2 years."),
        ("How long is the warranty?", "The warranty is 5 years."),
    ]
    path = tmp_path / "messy.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("question", "answer"), *rows])
    return path


@pytest.fixture
def messy(studio, messy_file):
    """The id of the same, imported."""
    return studio.import_files([messy_file]).id


def event(action, value="", items="[]"):
    """What a press in our own HTML sends."""
    return SimpleNamespace(action=action, value=value, items=items)


@pytest.fixture
def press():
    """Makes such an event."""
    return event
