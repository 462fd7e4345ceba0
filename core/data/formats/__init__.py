"""The shapes training data comes in."""

from core.data.formats.alpaca import Alpaca
from core.data.formats.base import Format
from core.data.formats.classification import Classification
from core.data.formats.messages import MESSAGES
from core.data.formats.passage import Passage
from core.data.formats.preference import Preference
from core.data.formats.prompt_completion import PromptCompletion
from core.data.formats.question_answer import QuestionAnswer
from core.data.formats.sharegpt import SHAREGPT
from core.data.formats.transcripts import Transcript
from core.registry import Table

# Where two fit equally well, the first is taken: pairs of answers before the lists of turns they are made of.
FORMATS: Table[Format] = Table(
    "format",
    Preference(),
    MESSAGES,
    SHAREGPT,
    Alpaca(),
    PromptCompletion(),
    Classification(),
    Transcript(),
    QuestionAnswer(),
    Passage(),
)
