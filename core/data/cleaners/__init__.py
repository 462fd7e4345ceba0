"""The checks examples go through, in this order: each works on what the one before left."""

from core.data.cleaners.base import Cleaner
from core.data.cleaners.empty import Empty
from core.data.cleaners.role_order import RoleOrder
from core.data.cleaners.whitespace import Whitespace
from core.registry import Table

# Single examples first, put right before they are compared: what differs only by blanks is the same.
CLEANERS: Table[Cleaner] = Table("cleaner", Whitespace(), Empty(), RoleOrder())
