"""What a person demands of every answer, in words they write themselves."""

import re
from dataclasses import dataclass
from typing import Literal

from core.errors import OptionRefused

RuleKind = Literal["contains", "not_contains"]
_LONGEST_PATTERN = 500  # characters


@dataclass(frozen=True)
class Rule:
    """ "Every answer contains …" or "no answer contains …".

    text: several alternatives stand on a line each; any one will do.
    is_pattern: the text is a regular expression.

    Raises:
        OptionRefused: nothing to look for, or no regular expression.
    """

    kind: RuleKind
    text: str
    is_pattern: bool = False

    def __post_init__(self) -> None:
        if not self.text.strip() or len(self.text) > _LONGEST_PATTERN:
            raise OptionRefused(name="rule", found=self.text[:40], expected=f"1 to {_LONGEST_PATTERN} characters")
        try:
            self._compiled()
        except re.error as error:
            raise OptionRefused(
                name="rule", found=self.text[:40], expected=f"a regular expression ({error})"
            ) from error

    def is_kept_by(self, answer: str) -> bool:
        """Whether an answer does as the rule says. Upper and lower case are the same."""
        found = self._compiled().search(answer) is not None
        return found if self.kind == "contains" else not found

    def _compiled(self) -> re.Pattern[str]:
        lines = [line.strip() for line in self.text.splitlines() if line.strip()]
        return re.compile("|".join(lines if self.is_pattern else map(re.escape, lines)), re.IGNORECASE)
