"""What every mistake has: a code, an English sentence, and the facts in it."""

import re
from typing import ClassVar

UNEXPECTED = "unexpected"  # the code under which a run records a failure that is ours


class TailorError(Exception):
    """A mistake or circumstance the person can do something about."""

    code: ClassVar[str] = "error"  # of a subclass: its name, in snake case
    template: ClassVar[str] = "Something went wrong: {reason}"

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.template.format(**facts))
