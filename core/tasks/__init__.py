"""What a model can be tuned for. Adding a task is a new file and a line here."""

from core.errors import BaseOnlyReads
from core.models.catalog import BaseModel
from core.registry import Table
from core.tasks.base import Preview, Segment, Task
from core.tasks.classification import Classification
from core.tasks.conversation import Conversation
from core.tasks.passages import Passages
from core.tasks.preference import Preference

TASKS: Table[Task] = Table("task", Classification(), Preference(), Passages(), Conversation())
AUTO = "auto"  # the task that fits the data best

__all__ = [
    "AUTO",
    "TASKS",
    "Preview",
    "Segment",
    "Task",
    "refuse_unfit",
    "task_named",
    "task_names_for",
    "task_of_data",
]


def task_named(name: str) -> Task:
    """A task by the name a plan has. A run from before there were tasks names none: it learned answers.

    Raises:
        UnknownName: there is none of this name.
    """
    return TASKS.get(Conversation.name if name == AUTO else name)


def task_names_for(kind: str) -> tuple[str, ...]:
    """The tasks that examples of this kind (`core.data.examples.TASKS`) can be used for, the first choice first."""
    return tuple(task.name for task in TASKS if kind in task.suits)


def task_of_data(name: str, kind: str) -> Task:
    """The task that a name means for examples of this kind.

    Raises:
        UnknownName: there is none of this name, or these examples cannot be used for it.
    """
    from core.errors import UnknownName

    fitting = task_names_for(kind)
    chosen = fitting[0] if name == AUTO else TASKS.get(name).name
    if chosen not in fitting:
        raise UnknownName(kind="task for these data", name=name, choices=", ".join(fitting))
    return TASKS.get(chosen)


def refuse_unfit(task: Task, base: BaseModel) -> None:
    """Raises:
    BaseOnlyReads: the task is to write, and the base model cannot.
    """
    if task.writes and not base.writes:
        raise BaseOnlyReads(name=base.name, found=base.architecture)
