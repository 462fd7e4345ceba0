"""Each figure on cases counted by hand."""

import pytest

from core.evaluation import FIGURES

# Right label and chosen label: of three 0 two are found, of one 1 one is found, 2 is never found and never chosen.
MIXED = [(0, 0), (0, 0), (0, 1), (1, 1), (2, 0)]


@pytest.mark.parametrize(
    ("name", "pairs", "expected"),
    [
        ("accuracy", [(0, 0), (1, 1)], 1.0),
        ("accuracy", [(0, 1), (1, 0)], 0.0),
        ("accuracy", MIXED, 3 / 5),
        ("accuracy", [(-100, 0), (1, 1)], 0.5),
        # 0: precision 2/3, recall 2/3; 1: precision 1/2, recall 1; 2: nothing.
        ("macro_f1", MIXED, (2 / 3 + 2 / 3 + 0) / 3),
        # Nine of one label, one of another that is never found: right in 90 %, and yet not half as good.
        ("macro_f1", [(0, 0)] * 9 + [(1, 0)], (18 / 19 + 0) / 2),
        ("macro_f1", [(0, 0), (1, 1)], 1.0),
        ("macro_f1", [(-100, 0), (0, 0)], (0 + 2 / 3) / 2),
        ("reward_accuracy", [(1.0, 0.0), (0.0, 1.0), (0.5, 0.5), (-1.0, -2.0)], 0.5),
        ("reward_margin", [(1.0, 0.0), (0.0, 0.5), (-1.0, -2.0)], 0.5),
    ],
)
def test_by_hand(name: str, pairs: list[tuple[float, float]], expected: float):
    assert FIGURES.get(name).of_pairs(pairs) == pytest.approx(expected)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_a_figure_says_what_it_is_and_is_higher_for_the_better(figure):
    assert figure.name.isidentifier()
    assert figure.label and figure.help.endswith(".")
    assert figure.higher_is_better
    best, worst = [(1.0, 1.0), (0.0, 0.0)], [(1.0, 0.0), (0.0, 1.0)]
    if figure.name.startswith("reward"):
        best, worst = [(1.0, 0.0), (2.0, 0.0)], [(0.0, 1.0), (0.0, 2.0)]
    assert figure.of_pairs(best) > figure.of_pairs(worst)
