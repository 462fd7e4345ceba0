"""What many tests need: a tiny base model, and a studio on a workspace of its own."""

import os

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # two workers on two cores; more threads slow each other tenfold
os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a test never talks to a hub; those about the hub set it themselves


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """A folder with a tiny base model."""
    from tests.helpers.tiny import tiny_base

    return tiny_base(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def studio(tmp_path):
    """A Studio on an empty workspace."""
    from core.studio import Studio
    from core.workspace import Workspace

    return Studio(Workspace(tmp_path / "workspace"))


@pytest.fixture
def dataset(studio, tmp_path):
    """24 short conversations, imported."""
    from tests.helpers.rows import write_conversations

    return studio.import_files([write_conversations(tmp_path / "parcels.jsonl")])


@pytest.fixture(scope="session")
def trained(tiny, tmp_path_factory):
    """A studio with two finished runs on the tiny base, `lora` and `full`; for tests that change nothing in them."""
    from tests.helpers.trained import train_both

    return train_both(tiny, tmp_path_factory.mktemp("trained"))


@pytest.fixture(scope="session")
def ways(trained, tmp_path_factory):
    """A run of every strategy, each trained when it is asked for."""
    from tests.helpers.trained import every_way

    return every_way(trained.base, tmp_path_factory.mktemp("ways"))


@pytest.fixture(scope="session")
def bert(tmp_path_factory):
    """A folder with a tiny encoder."""
    from tests.helpers.tiny import tiny_bert

    return tiny_bert(tmp_path_factory.mktemp("bert"))
