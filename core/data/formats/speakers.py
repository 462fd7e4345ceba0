"""Who speaks, under the many names turns give their sides."""

from collections.abc import Mapping
from typing import cast

from core.data.examples import Message, Role
from core.data.formats.base import ConversionProblem, as_text

_NAMES: dict[Role, tuple[str, ...]] = {
    "system": ("system", "developer"),
    "user": (
        *("user", "human", "prompter", "customer", "question", "client", "visitor", "guest", "caller", "buyer"),
        *("patient", "student", "seeker", "用户", "人类", "客户", "顾客", "患者", "病人", "学生", "用戶"),
    ),
    "assistant": (
        *("assistant", "gpt", "chatgpt", "gpt4", "gpt-4", "bot", "chatbot", "model", "ai", "bard", "bing", "claude"),
        *("gemini", "llama", "moss", "answer", "response", "agent", "operator", "support", "seller", "doctor"),
        *("therapist", "counselor", "counsellor", "teacher", "tutor", "supporter", "wizard"),
        *("助手", "机器人", "客服", "医生", "老师", "商家", "助理", "機器人"),
    ),
}
_ROLES: dict[str, Role] = {name: role for role, names in _NAMES.items() for name in names}
_RESULTS = ("tool", "function", "function_response", "tool_response", "tool_result", "observation", "ipython")
CALLS = ("function_call", "tool_call")  # turns of ShareGPT that are nothing but a call


class UnknownSpeaker(ConversionProblem):
    """A turn of somebody whose role nobody told."""

    def __init__(self, name: str) -> None:
        super().__init__(f"a turn of {name[:40]!r}", "turns of system, user or assistant")
        self.name = name


def name_key(speaker: object) -> str:
    """One text for every way to write a name."""
    return str(speaker).strip().lower()


def known_role(speaker: object) -> Role | None:
    """The role of whoever speaks; None for nobody known."""
    name = name_key(speaker)
    if name in _RESULTS:
        return "tool"
    return "assistant" if name in CALLS else _ROLES.get(name)


def role_of(speaker: object, roles: Mapping[str, str] | None = None) -> Role:
    """The role of whoever speaks, in `roles` (by `name_key`) or by the name.

    Raises:
        UnknownSpeaker: nobody known.
    """
    role = cast(Role | None, (roles or {}).get(name_key(speaker))) or known_role(speaker)
    if role is None:
        raise UnknownSpeaker(as_text(speaker).strip())
    return role


def answered(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The turns with an assistant in them: where none is named, the "system" that answers a user is one."""
    roles = [turn.role for turn in messages]
    if "assistant" in roles or "user" not in roles or "system" not in roles[roles.index("user") :]:
        return messages
    first = roles.index("user")
    answers = (Message("assistant", turn.content, turn.extra) for turn in messages[first:] if turn.role == "system")
    return (*messages[:first], *(next(answers) if turn.role == "system" else turn for turn in messages[first:]))
