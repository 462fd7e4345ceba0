"""Studio: one short method per step of the journey. The page and the command line hold nothing else of the engine."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.chat.settings import ChatSettings
from core.data.steps import DataSteps
from core.runs.queue import Direction, RunQueue, going
from core.runs.store import RunStore, RunView, view_of
from core.workspace import Workspace

if TYPE_CHECKING:  # their libraries load behind the page
    from core.chat.conversation import Answers, Conversation
    from core.data.examples import Example
    from core.export.base import Export
    from core.hardware import Device
    from core.models.catalog import BaseModel
    from core.runs.curves import Curves
    from core.training.cost import Orientation
    from core.training.filmstrip import Frame
    from core.training.plan import TrainingPlan
    from core.training.preflight import PlanCheck
    from core.training.rehearsal import Rehearsal
    from core.training.search import TrialView


class Studio(DataSteps):
    """Everything a front end can do; what is done to data stands in `DataSteps`.

    Made once, in app.py or by the command line.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.runs = RunStore(workspace)
        self.queue = RunQueue(workspace, self.runs)
        self._desks: _Desks | None = None
        self._opening = threading.Lock()  # two first clicks must not make two leases of one device

    # Plan ------------------------------------------------------------------------------------------------------

    def device(self) -> "Device":
        """Where training and chat take place."""
        return self._open().device

    def bases(self) -> "tuple[BaseModel, ...]":
        """The base models on this machine, `starter` first."""
        from core.models.catalog import find_bases

        return find_bases()

    def draft(
        self,
        dataset: str,
        base: str,
        *,
        strategy: str,
        goal: str,
        preset: str,
        task: str = "auto",
        continue_from: str = "",
    ) -> "TrainingPlan":
        """A plan with sane defaults for these data, and this base model or what an earlier run made of one.

        The task "auto" is the one that fits the data best.
        """
        from core.runs.lineage import continued, parent_of
        from core.training.preflight import draft_for

        parent = parent_of(self.runs, continue_from) if continue_from else None
        if parent:
            made = view_of(parent).plan
            base, strategy = made.base, made.strategy
        tokens, chosen = self._open().tokenizations, {"strategy": strategy, "goal": goal, "preset": preset}
        plan = draft_for(self.datasets, tokens, dataset, base, **chosen, task=task)
        return continued(plan, parent, continue_from) if parent else plan

    def check(self, plan: "TrainingPlan") -> "PlanCheck":
        """What the plan costs, what will be learned, and what stands in its way. Starts nothing."""
        from core.training.preflight import check_plan

        return check_plan(self.datasets, self._open().tokenizations, plan, self.device(), self.workspace.root)

    def orientation(self, check: "PlanCheck") -> "Orientation":
        """What a plan costs in energy, on other machines and as a hosted job; for orientation."""
        from core.training.cost import orientation, read_rates

        return orientation(check, self.device(), read_rates(self.workspace))

    def measure(self, plan: "TrainingPlan") -> "Rehearsal":
        """What the plan needs, from a few real steps on its longest rows, of which nothing is kept."""
        return self._open().run_desk.measure(plan)

    # Train -----------------------------------------------------------------------------------------------------

    def start(self, plan: "TrainingPlan", id: str | None = None) -> str:
        """Starts a run in the background, or queues it while another goes, and returns its id at once."""
        return self._open().run_desk.start(plan, id)

    def serve_queue(self) -> None:
        """Starts the waiting runs by themselves, those of processes that are gone too; for a page, which stays."""
        self._open().run_desk.serve()

    def move(self, run: str, direction: Direction) -> None:
        """Lets a run that waits change places with the one before or behind it."""
        self.queue.move(run, direction)

    def search(self, plan: "TrainingPlan", minutes: float, id: str | None = None) -> str:
        """Looks for good settings in the background for so long; what is best becomes a run of its own."""
        return self.start(plan.searching(minutes), id)

    def stop(self, run: str) -> None:
        """Asks a run to stop after its current step; what it learned is kept. One that waits leaves the queue."""
        if not self.queue.cancel(run):
            self._open().run_desk.ask(run, "stop")

    def pause(self, run: str) -> None:
        """Asks a run to save a checkpoint after its current step and to free the device."""
        self._open().run_desk.ask(run, "pause")

    def resume(self, run: str) -> None:
        """Goes on from the last checkpoint, or queues for it while another run goes."""
        self._open().run_desk.resume(run)

    def wait(self, run: str, watch: "Callable[[RunView], None] | None" = None) -> RunView:
        """Blocks until a run has had its turn and has ended; for the command line."""
        return self._open().run_desk.wait(run, watch)

    def run(self, id: str) -> RunView:
        """A run's plan and status."""
        return self.runs.get(id)

    def curves(self, id: str) -> "Curves":
        """A run's curves so far."""
        return self.runs.curves(id)

    def filmstrip(self, id: str) -> "tuple[Frame, ...]":
        """What a run answered to the plan's own questions, at each check so far."""
        return self.runs.filmstrip(id)

    def trials(self, id: str) -> "tuple[TrialView, ...]":
        """The trials of a search so far."""
        return self.runs.trials(id)

    def active_run(self) -> RunView | None:
        """The run that goes now, if any."""
        return going(self.runs.list())

    def interrupted_runs(self) -> tuple[RunView, ...]:
        """Runs whose process died, and that can go on from a checkpoint."""
        return tuple(run for run in self.runs.list() if run.status.state == "interrupted" and run.is_resumable)

    # Compare ---------------------------------------------------------------------------------------------------

    def ask(self, run: str, conversation: "Conversation", settings: ChatSettings) -> "Iterator[Answers]":
        """Both models' answers, growing; the last item is final."""
        return self._open().chat_desk.ask(self.runs.folder(run), conversation, settings)

    def held_back(self, run: str) -> "tuple[Example, ...]":
        """The examples a run never learned from."""
        return self.runs.held_back(run)

    # Export ----------------------------------------------------------------------------------------------------

    def export(self, run: str, target: str, out: Path | None = None) -> "Export":
        """Writes what a target wants, loads it back in a fresh process, and offers it only when it answers the same."""
        from core.export import export_run
        from core.export.record import write_record

        folder = self.runs.folder(run)
        with self._open().for_export():
            made = export_run(self.workspace, folder, target, out)
        if out is None:
            write_record(self.workspace, folder, made)
        return made

    def exports(self, run: str) -> "tuple[Export, ...]":
        """What was made of a run before, checked, and is still there to download."""
        from core.export.record import read_records

        return tuple(read_records(self.workspace, self.runs.folder(run)))

    def delete_run(self, run: str) -> None:
        """Removes a run and all it made."""
        self.runs.delete(run)

    def _open(self) -> "_Desks":
        """The parts that need torch; made at first use, so that the page opens before."""
        with self._opening:
            if self._desks is None:
                self._desks = _Desks(self)
            return self._desks


class _Desks:
    """What holds the device: one lease, shared by training and chat."""

    def __init__(self, studio: Studio) -> None:
        from core.chat.session import ChatDesk
        from core.hardware import DeviceLease, find_device
        from core.runs.run import RunDesk
        from core.training.tokenizations import Tokenizations

        quiet_libraries()
        self.device: Device = find_device()
        lease = DeviceLease()
        self._lease = lease
        self.tokenizations = Tokenizations()
        self.chat_desk: ChatDesk = ChatDesk(self.device, lease)
        self.run_desk: RunDesk = RunDesk(
            studio.workspace,
            studio.datasets,
            studio.runs,
            self.device,
            lease,
            tokenizations=self.tokenizations,
            queue=studio.queue,
            make_room=self.chat_desk.release,
        )

    @contextmanager
    def for_export(self) -> Iterator[None]:
        """The device and the memory of the chat, for loading a model twice; refused while a run trains."""
        with self._lease.held_by("an export"):
            self.chat_desk.release()
            yield


def quiet_libraries() -> None:
    """Progress bars and advice to programmers would go to a terminal nobody reads; what matters is in the event log."""
    import warnings

    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
    warnings.filterwarnings("ignore", message="Position ids are not supported", module="peft")  # it counts them itself


def warm_up(studio: Studio) -> Any:
    """Loads the heavy libraries, so that the first click does not wait for them, and goes on with what waits."""
    import peft
    import transformers

    studio.serve_queue()
    return peft, transformers
