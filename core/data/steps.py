"""The Data half of the Studio: one short method per step. Front ends see it as part of the Studio."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.data import samples
from core.data.cleaners.base import Action
from core.data.cleaning import CleaningReport
from core.data.differences import RowChange, changes_of
from core.data.examples import Example, Message
from core.data.intake import columns_of
from core.data.mix import DEFAULT_CAP, PROPORTIONAL, MixPart, MixRow, mix_rows
from core.data.profile import Profile, profile_of
from core.data.quality import QualityCard, quality_of
from core.data.review import Query, Review, ReviewPage, review_of
from core.data.rules import MEDICAL, Rule
from core.data.settings import Settings
from core.data.shapes import Choice
from core.data.split import SplitCounts, SplitSettings
from core.data.store import Dataset, DatasetStore
from core.data.workshop import Brought, Workshop
from core.errors import OptionRefused
from core.progress import Progress, nobody_watches
from core.work import JobView, WorkDesk
from core.workspace import Workspace


@dataclass(frozen=True)
class Upload:
    """Files as a person brings them.

    names: what they call the files, where the paths do not say. validation: names of files that only check.
    """

    paths: Sequence[Path]
    names: Sequence[str] = ()
    validation: Sequence[str] = ()
    choice: Choice = field(default_factory=Choice)


class DataSteps:
    """Everything a front end can do to data."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.datasets = DatasetStore(workspace)
        self._workshop = Workshop(self.datasets)
        self._work = WorkDesk()

    # Bringing --------------------------------------------------------------------------------------------------

    def samples(self) -> tuple[samples.Sample, ...]:
        """The data sets that come with Tailor."""
        return tuple(samples.SAMPLES)

    def import_sample(self, name: str) -> Dataset:
        """A sample as a dataset of the workspace; the same one when it was imported before."""
        sample = samples.sample_named(name)
        known = next((dataset for dataset in self.datasets.list() if dataset.sample == sample.name), None)
        settings = Settings(approved_only=sample.is_reviewed, rules=MEDICAL if sample.is_reviewed else ())
        brought = Brought([sample.path], [sample.path.name], title=sample.name, sample=sample.name, settings=settings)
        return known or self._workshop.bring(brought, nobody_watches)

    def import_files(self, files: Upload | Sequence[Path], progress: Progress = nobody_watches) -> Dataset:
        """One dataset from one or more files; format and columns are detected unless the person chose."""
        upload = files if isinstance(files, Upload) else Upload(files)
        names = list(upload.names or [path.name for path in upload.paths])
        settings = Settings(choice=upload.choice)
        return self._workshop.bring(Brought(list(upload.paths), names, upload.validation, settings=settings), progress)

    def reserve_job(self, kind: str) -> str:
        """The id of work that is about to begin, so that it can be cancelled from the first moment."""
        return self._work.reserve(kind)

    def begin_import(self, upload: Upload, job: str = "") -> JobView:
        """The same in the background, as the job that was reserved; over at once for small files."""
        return self._work.start("import", lambda progress: self.import_files(upload, progress).id, job)

    def columns(self, upload: Upload) -> tuple[str, ...]:
        """The columns of files of which nothing was detected, for the person to choose from."""
        return columns_of(upload.paths, upload.names or [path.name for path in upload.paths])

    def job(self, id: str) -> JobView:
        """How work in the background stands."""
        return self._work.view(id)

    def cancel_job(self, id: str) -> None:
        """Asks it to stop; what was there before stays."""
        self._work.cancel(id)

    def wait_for(self, id: str) -> JobView:
        """Blocks until it has ended; for the command line and tests."""
        return self._work.wait(id)

    # Looking ---------------------------------------------------------------------------------------------------

    def dataset(self, id: str) -> Dataset:
        """What was understood of an import, and what the person decided."""
        return self.datasets.get(id)

    def report(self, id: str) -> CleaningReport:
        """What the checks found and did."""
        return self.datasets.report(self.dataset(id))

    def changes(self, id: str, check: str, start: int = 0, count: int = 3) -> tuple[RowChange, ...]:
        """Rows a check means, before and after."""
        dataset = self.dataset(id)
        return changes_of(dataset, self.datasets.cleaned(dataset), check, range(start, start + count))

    def profile(self, id: str) -> Profile:
        """Counts for the pictures."""
        return profile_of(self.datasets, self.dataset(id))

    def quality(self, id: str) -> QualityCard:
        """A score with its reasons, and what to do first."""
        return quality_of(self.dataset(id), self.report(id), self.profile(id))

    def examples(self, id: str) -> Iterator[Example]:
        """What a training takes: cleaned and reviewed."""
        return self._review(id).learned()

    # Changing --------------------------------------------------------------------------------------------------

    def begin_change(self, id: str, change: Callable[[Settings], Settings], what: str, who: str = "") -> JobView:
        """Other settings, in the background: `change` makes them of those that hold. Can be undone."""
        change(self.dataset(id).settings)  # what is refused is refused before anything begins
        return self._work.start("change", lambda progress: self._workshop.change(id, change, what, progress, who).id)

    def set_actions(self, id: str, actions: Mapping[str, Action], who: str = "") -> JobView:
        """What is done about the finds of some checks."""
        return self.begin_change(id, lambda settings: settings.with_actions(actions), " ".join(actions), who)

    def set_rules(self, id: str, rules: Sequence[Rule], who: str = "") -> JobView:
        """What every answer must or must not contain."""
        return self.begin_change(id, lambda settings: replace(settings, rules=tuple(rules)), "rules", who)

    def reinterpret(self, id: str, choice: Choice, who: str = "") -> JobView:
        """The same rows read in another way."""
        return self.begin_change(id, lambda settings: replace(settings, choice=choice), "choice", who)

    def set_limit(self, id: str, base: str, max_length: int) -> JobView:
        """Whose tokens are counted, and the length limit; 0 for what the base model reads.

        Raises:
            OptionRefused: a limit below 0.
        """
        if max_length < 0:
            raise OptionRefused(name="max_length", found=max_length, expected="0 or more")
        changed = {"base": base, "max_length": max_length}
        return self.begin_change(id, lambda settings: replace(settings, **changed), "length")  # type: ignore[arg-type]

    def set_approved_only(self, id: str, on: bool, who: str = "") -> None:
        """Whether only what somebody approved is trained on."""
        self._set(id, "approved_only", who, approved_only=on)

    def set_split(self, id: str, split: SplitSettings, who: str = "") -> None:
        """How much is held back, and how."""
        self._set(id, "split", who, split=split)

    def undo(self, id: str) -> JobView:
        """Takes the last change back, of the settings or of a row."""
        return self._work.start("undo", lambda progress: self._workshop.undo(id, progress).id)

    def last_change(self, id: str) -> str:
        """What undo would take back: approve, reject, open, edit, add, or the name of a setting; "" for nothing."""
        last = self.datasets.journal(self.dataset(id)).last()
        return "" if last is None else last.what or last.kind

    def delete_dataset(self, id: str) -> None:
        """Removes a dataset and its files; runs keep the data they were made with."""
        self.datasets.delete(id)

    # Reviewing -------------------------------------------------------------------------------------------------

    def review(self, id: str, query: Query | None = None, start: int = 0, count: int = 20) -> ReviewPage:
        """The table of examples, as it is searched and filtered."""
        return self._review(id).page(query or Query(), start, count)

    def decide(self, id: str, kind: str, rows: Sequence[int], who: str) -> None:
        """kind: "approve", "reject", or "open" to take either back."""
        self._review(id).decide(kind, rows, who)

    def approve_unproblematic(self, id: str, who: str) -> int:
        """Approves every open row that no check means, and says how many those were."""
        review = self._review(id)
        rows = review.unproblematic()
        review.decide("approve", rows, who)
        return len(rows)

    def edit(self, id: str, row: int, messages: Sequence[Message], who: str) -> None:
        """Another text for an example."""
        self._review(id).edit(row, messages, who)

    def add_example(self, id: str, messages: Sequence[Message], who: str) -> int:
        """An example made by hand; its row."""
        return self._review(id).add(messages, who)

    # Splitting, mixing, taking along ---------------------------------------------------------------------------

    def split_counts(self, id: str) -> SplitCounts:
        """What the split gives."""
        from core.data.split import count_split

        return count_split(self.examples(id), self.dataset(id).split)

    def mix(self, title: str, parts: Sequence[MixPart], mode: str = PROPORTIONAL, cap: float = DEFAULT_CAP) -> Dataset:
        """One dataset of several, each seen as often as its weight says."""
        from core.data.mixing import Weighting, mixed

        return mixed(self._workshop, self.datasets, title, parts, Weighting(mode, cap))

    def begin_mix(
        self, title: str, parts: Sequence[MixPart], mode: str = PROPORTIONAL, cap: float = DEFAULT_CAP
    ) -> JobView:
        """The same in the background."""
        return self._work.start("mix", lambda progress: self.mix(title, parts, mode, cap).id)

    def mix_table(self, id: str) -> tuple[MixRow, ...]:
        """Sees x of y rows, z times: a line for each dataset of a mix."""
        return mix_rows(self.dataset(id).mix)

    def save_data(self, id: str, writer: str, out: Path | None = None) -> Path:
        """Writes the cleaned and reviewed examples as a file that other programs read."""
        from core.data.writers import WRITERS

        chosen = WRITERS.get(writer)
        path = out or self.workspace.exports / id / f"{self.dataset(id).title}{chosen.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        chosen.write(self.examples(id), path, self.dataset(id).task)
        return path

    def begin_save(self, id: str, writer: str) -> JobView:
        """The same in the background; its result is the path."""
        return self._work.start("save", lambda progress: str(self.save_data(id, writer)))

    def _review(self, id: str) -> Review:
        return review_of(self.datasets, id)

    def _set(self, id: str, what: str, who: str, **values: object) -> None:
        """A setting that the checks do not depend on."""

        def change(settings: Settings) -> Settings:
            return replace(settings, **values)  # type: ignore[arg-type]

        self._workshop.change(id, change, what, nobody_watches, who)
