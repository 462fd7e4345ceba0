"""What a person demands of every answer."""

from core.data.cleaners.base import EVERY_TASK, Action, Context, Hit, is_blank
from core.data.examples import CLASSIFICATION, Example
from core.data.rules import Rule


class Rules:
    """Finds answers that do not do as the person's own rules say."""

    name = "rules"
    label = "Your own rules"
    help = "Finds answers that break a rule you wrote, such as “every answer contains …”. Look at them and decide."
    actions: tuple[Action, ...] = ("keep", "drop")
    default: Action = "keep"
    tasks = EVERY_TASK - {CLASSIFICATION}

    def judge(self, example: Example, context: Context) -> Hit | None:
        """The first rule an answer breaks: what should not be there, or what is missing."""
        for rule in context.rules:
            for turn in example.messages:
                if turn.role == "assistant" and not is_blank(turn.content) and not rule.is_kept_by(turn.content):
                    return Hit(_note(rule, turn.content))
        return None


def _note(rule: Rule, answer: str) -> str:
    first, *others = rule.text.strip().splitlines()
    wanted = first.strip()[:60] + ("…" if others or len(first) > 60 else "")
    return rule.found_in(answer) if rule.kind == "not_contains" else wanted
