"""The checks examples go through, in this order: each works on what the one before left."""

from core.data.cleaners.base import Cleaner
from core.data.cleaners.duplicates import Duplicates
from core.data.cleaners.empty import Empty
from core.data.cleaners.encoding import Encoding
from core.data.cleaners.html import Html
from core.data.cleaners.personal_data import PersonalData
from core.data.cleaners.role_order import RoleOrder
from core.data.cleaners.rules import Rules
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
    Duplicates(),
)
