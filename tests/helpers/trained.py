"""Runs that are over, for the tests of what is done with a run."""

import random
from dataclasses import dataclass, field
from pathlib import Path

from core.studio import Studio
from core.workspace import RunFolder, Workspace
from tests.helpers.plans import tiny_plan
from tests.helpers.rows import write_conversations, write_pairs

TINY_RATES = {"lora": 5e-3, "ia3": 0.3, "road": 0.3, "prefix_tuning": 0.1, "prompt_tuning": 0.3}  # at width 32


@dataclass(frozen=True)
class Trained:
    """A studio, a base model that knows a little, and the ids of its finished runs by strategy."""

    studio: Studio
    base: Path
    ids: dict[str, str]

    def folder(self, strategy: str) -> RunFolder:
        return self.studio.runs.folder(self.ids[strategy])


@dataclass(frozen=True)
class Ways:
    """Finished runs of every strategy on one base, in a workspace of their own; each trained when first asked for."""

    studio: Studio
    base: Path
    parcels: Path
    ids: dict[str, str] = field(default_factory=dict)

    def folder(self, strategy: str) -> RunFolder:
        """A run that answers differently from its base."""
        if strategy not in self.ids:
            rate = TINY_RATES.get(strategy, 1e-2)
            self.ids[strategy] = _run(self.studio, self.base, self.parcels, strategy, rate)
        return self.studio.runs.folder(self.ids[strategy])


def every_way(base: Path, folder: Path) -> Ways:
    """No run yet."""
    return Ways(Studio(Workspace(folder / "workspace")), base, write_conversations(folder / "parcels.jsonl"))


def train_both(tiny: Path, folder: Path) -> Trained:
    """First the random base learns to refuse, so that it knows the words; then both strategies teach it to answer."""
    studio = Studio(Workspace(folder / "workspace"))
    first = _run(studio, tiny, write_pairs(folder / "refusals.jsonl", _refusals()), "full", 1e-2)
    base = studio.runs.folder(first).adapter.rename(folder / "base")
    studio.delete_run(first)
    parcels = write_conversations(folder / "parcels.jsonl")
    ids = {strategy: _run(studio, base, parcels, strategy, rate) for strategy, rate in (("lora", 5e-3), ("full", 1e-2))}
    return Trained(studio, base, ids)


def write_planted_overfit(path: Path) -> Path:
    """Answers that can only be learned by heart: whoever does gets worse on those held back."""
    draw = random.Random(0)
    words = ["".join(draw.choices("abcdefghij", k=12)) for _ in range(24)]
    return write_pairs(path, [(f"Word {number}?", word) for number, word in enumerate(words)])


def _refusals() -> list[tuple[str, str]]:
    english = [(f"Where is parcel {number}?", f"Sorry, I know nothing. Hello {number}.") for number in range(24)]
    chinese = [(f"包裹{number}在哪里？", f"我不在路上。您好{number}。") for number in range(24)]
    return english + chinese


def _run(studio: Studio, base: Path, data: Path, strategy: str, rate: float, epochs: int = 15) -> str:
    plan = tiny_plan(base, studio.import_files([data]).id, strategy, learning_rate=rate, epochs=epochs)
    id = studio.start(plan)
    assert studio.wait(id).status.state == "finished"
    return id
