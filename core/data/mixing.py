"""Puts several datasets together as one: what each has left after cleaning and review, with every row once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.data.cleaners import CLEANERS
from core.data.examples import CLASSIFICATION, CONVERSATION
from core.data.intake import Understanding
from core.data.lines import ExampleWriter
from core.data.mix import DEFAULT_CAP, PROPORTIONAL, MixPart, mixed_example, planned
from core.data.review import Review, review_of
from core.data.settings import Settings
from core.data.store import Dataset, DatasetStore
from core.data.workshop import Workshop, now
from core.errors import OptionRefused
from core.progress import nobody_watches
from core.workspace import DatasetFolder


@dataclass(frozen=True)
class Weighting:
    """How the datasets of a mix share the rows that are seen; cap: how often one row may be seen per epoch."""

    mode: str = PROPORTIONAL
    cap: float = DEFAULT_CAP


def mixed(
    workshop: Workshop, store: DatasetStore, title: str, parts: Sequence[MixPart], weighting: Weighting
) -> Dataset:
    """A new dataset of several; later changes of those do not change it.

    Raises:
        DatasetMissing: one of them is not there.
        OptionRefused: fewer than two, one without rows, a bad weight, or kinds of data that do not go together.
    """
    reviews = {part.dataset: review_of(store, part.dataset) for part in parts}
    sizes = {id: review.counts().num_learned for id, review in reviews.items()}
    titled = [replace(part, title=store.get(part.dataset).title) for part in parts]
    mix = planned(sizes, titled, weighting.mode, weighting.cap)
    task = _task(sorted({store.get(part.dataset).task for part in parts}))

    def fill(folder: DatasetFolder) -> Dataset:
        num_rows = _written(folder, reviews)
        understood = Understanding("messages", {}, 1.0, None, task, (), 0, (), num_examples=num_rows)
        dataset = Dataset(folder.id, title, (), (), understood, _as_it_is(), now(), mix=mix)
        return workshop.checked(dataset, folder, nobody_watches)

    return workshop.keep(title, fill)


def _written(folder: DatasetFolder, reviews: dict[str, Review]) -> int:
    folder.examples.parent.mkdir(parents=True)
    with ExampleWriter(folder.examples) as writer:
        for id, review in reviews.items():
            for example in review.learned():
                writer.add(mixed_example(id, example))
        return writer.num_rows


def _task(tasks: Sequence[str]) -> str:
    if len(tasks) == 1:
        return tasks[0]
    if set(tasks) == {CLASSIFICATION, CONVERSATION}:
        return CONVERSATION
    raise OptionRefused(name="datasets", found=" and ".join(tasks), expected="data of the same kind")


def _as_it_is() -> Settings:
    """Every check looks and none changes anything: the datasets were cleaned where they are."""
    return Settings(actions=dict.fromkeys(CLEANERS.names(), "keep"))
