"""The checks examples go through, in this order: each works on what the one before left."""

from core.data.cleaners.base import Cleaner
from core.data.cleaners.contradictions import Contradictions
from core.data.cleaners.duplicates import Duplicates
from core.data.cleaners.empty import Empty
from core.data.cleaners.encoding import Encoding
from core.data.cleaners.html import Html
from core.data.cleaners.labels import Labels
from core.data.cleaners.language import Language
from core.data.cleaners.leakage import Leakage
from core.data.cleaners.length import Length
from core.data.cleaners.near_duplicates import NearDuplicates
from core.data.cleaners.personal_data import PersonalData
from core.data.cleaners.role_order import RoleOrder
from core.data.cleaners.rules import Rules
from core.data.cleaners.style import Style
from core.data.cleaners.system_prompts import SystemPrompts
from core.data.cleaners.tool_calls import ToolCalls
from core.data.cleaners.truncated import Truncated
from core.data.cleaners.typography import Typography
from core.data.cleaners.whitespace import Whitespace
from core.registry import Table

# Single examples first, put right before they are compared: what differs only by blanks is the same.
CLEANERS: Table[Cleaner] = Table(
    "cleaner",
    Encoding(),
    Html(),
    Whitespace(),
    Typography(),
    Empty(),
    ToolCalls(),
    RoleOrder(),
    PersonalData(),
    Truncated(),
    Rules(),
    # Copies on the side that checks are leaks; they leave before copies on one side are counted.
    Leakage(),
    Duplicates(),
    NearDuplicates(),
    Contradictions(),
    SystemPrompts(),
    Language(),
    Labels(),
    Style(),
    Length(),
)
