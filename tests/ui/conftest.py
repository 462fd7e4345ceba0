"""What the tests of the page share."""

import pytest

from ui.words import words_for


@pytest.fixture(params=["en", "zh"])
def words(request):
    return words_for(request.param)


@pytest.fixture
def english():
    return words_for("en")


@pytest.fixture
def chinese():
    return words_for("zh")
