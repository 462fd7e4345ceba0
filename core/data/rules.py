"""What a person demands of every answer, in words they write themselves."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from core.errors import OptionRefused
from core.registry import Table

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

    def found_in(self, answer: str) -> str:
        """What the rule looks for, as it stands in an answer; "" where it does not."""
        found = self._compiled().search(answer)
        return found[0] if found else ""

    def _compiled(self) -> re.Pattern[str]:
        return _pattern(self.text, self.is_pattern)


@lru_cache(maxsize=256)
def _pattern(text: str, is_pattern: bool) -> re.Pattern[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return re.compile("|".join(lines if is_pattern else map(re.escape, lines)), re.IGNORECASE)


@dataclass(frozen=True)
class RulePreset:
    """Rules that belong together."""

    name: str
    label: str
    help: str
    rules: tuple[Rule, ...]


_DOCTOR = r"""doctor|physician|\bGP\b|medical (?:advice|attention|help|care|professional)
healthcare (?:provider|professional)|pharmacist|dentist|nurse|clinic|hospital|emergency (?:room|services)
specialist|ambulance|\b911\b
就医|就诊|看医生|咨询医|请教医|医生|医师|医院|急诊|急救|药师|专科|门诊"""
_DOSAGE = r"""\d(?:[\d.,–-]| to )*\s?(?:mg|mcg|µg|μg|ml|mL|iu|毫克|微克|毫升|单位)(?![a-z²/])
\b(?:take|taking|give|dos(?:e|age))\b[^.\n]{0,30}\b(?:tablets?|pills?|capsules?|drops|puffs|teaspoons?)\b
\b(?:once|twice|(?:three|four|\d) times) (?:a day|daily)\b[^.\n]{0,40}(?:tablet|pill|capsule|dose)
[每一][日天][^。\n]{0,3}[一二两三四1-4]次|[一二两三四半1-4]\s?(?:片(?![面叶柠姜])|粒|颗(?![牙草])|支药)
(?:服用?|口服|每次)[^。\n]{0,12}[\d一二两三四半]\s?[片粒颗克袋滴支]"""
# Every answer refers to a doctor, and no dosage passes without somebody looking at it.
MEDICAL = (Rule("contains", _DOCTOR, is_pattern=True), Rule("not_contains", _DOSAGE, is_pattern=True))

RULE_PRESETS: Table[RulePreset] = Table(
    "rule preset",
    RulePreset(
        "medical",
        "Medical answers",
        "Every answer refers to a doctor or another professional, and no dosage passes without somebody looking at it.",
        MEDICAL,
    ),
)
