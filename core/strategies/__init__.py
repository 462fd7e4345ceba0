"""The ways to train. Adding one is a new file and a line here."""

from core.registry import Table
from core.strategies.base import Strategy
from core.strategies.full import Full
from core.strategies.lora import Lora

STRATEGIES: Table[Strategy] = Table("strategy", Lora(), Full())

__all__ = ["STRATEGIES", "Strategy"]
