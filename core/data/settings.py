"""What a person decided about a dataset. Every change is kept, so that it can be taken back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from core.data.cleaners import CLEANERS
from core.data.cleaners.base import Action, Context
from core.data.rules import Rule
from core.data.shapes import Choice
from core.data.split import SplitSettings
from core.errors import OptionRefused


@dataclass(frozen=True)
class Settings:
    """All decisions about one dataset.

    actions: what is done about a check's finds, where it is not the default.
    base, max_length: whose tokens are counted, and the limit; 0 for what the base model reads.
    """

    choice: Choice = field(default_factory=Choice)
    actions: Mapping[str, Action] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    base: str = "starter"
    max_length: int = 0
    approved_only: bool = False
    split: SplitSettings = field(default_factory=SplitSettings)

    def action(self, check: str) -> Action:
        """What is done about the finds of a check."""
        return self.actions.get(check, CLEANERS.get(check).default)

    def all_actions(self) -> dict[str, Action]:
        """The same for every check, in the order of the table."""
        return {cleaner.name: self.action(cleaner.name) for cleaner in CLEANERS}

    def with_actions(self, actions: Mapping[str, Action]) -> "Settings":
        """With other actions for some of the checks.

        Raises:
            UnknownName: no such check.
            OptionRefused: the check cannot do that.
        """
        for check, action in actions.items():
            possible = CLEANERS.get(check).actions
            if action not in possible:
                raise OptionRefused(name=check, found=action, expected=" or ".join(possible))
        return replace(self, actions={**self.actions, **actions})

    def context(self, task: str) -> Context:
        """What the checks are told."""
        return Context(task, self.rules, self.base, self.max_length)

    def as_record(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def settings_of(record: Mapping[str, Any]) -> Settings:
    """What `as_record` gave."""
    return Settings(
        choice=Choice(**record["choice"]),
        actions=dict(record["actions"]),
        rules=tuple(Rule(**rule) for rule in record["rules"]),
        base=record["base"],
        max_length=record["max_length"],
        approved_only=record["approved_only"],
        split=SplitSettings(**record["split"]),
    )
