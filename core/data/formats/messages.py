"""OpenAI chats: {"messages": [{"role": "user", "content": "…"}, …]}, under whatever name the list stands."""

from core.data.formats.turns import TurnFormat

MESSAGES = TurnFormat(
    name="messages",
    label="Chats (messages with role and content)",
    slot="messages",
    speaker="role",
    said="content",
)
