"""A tab's components, made outside a page."""

import gradio as gr
import pytest


@pytest.fixture
def build(words):
    """Builds a tab in the language of the test."""

    def built(module, *extra):
        with gr.Blocks():
            return module.build(words, *extra)

    return built
