"""ShareGPT chats: {"conversations": [{"from": "human", "value": "…"}, {"from": "gpt", "value": "…"}]}."""

from core.data.formats.turns import TurnFormat

SHAREGPT = TurnFormat(
    name="sharegpt",
    label="Chats (ShareGPT conversations)",
    slot="conversations",
    speaker="from",
    said="value",
    also=(
        *(("from", "content"), ("role", "value"), ("role", "text"), ("speaker", "text"), ("author", "content")),
        *(("sender", "text"), ("role", "parts"), ("role", "message"), ("speaker", "utterance"), ("author", "text")),
    ),
)
