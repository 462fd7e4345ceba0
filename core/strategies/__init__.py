"""The ways to train. Adding one is a new file and a line here."""

from core.registry import Table
from core.strategies.base import Strategy
from core.strategies.dora import Dora
from core.strategies.freeze import Freeze
from core.strategies.full import Full
from core.strategies.ia3 import Ia3
from core.strategies.lora import Lora
from core.strategies.p_tuning import PTuning
from core.strategies.prefix_tuning import PrefixTuning
from core.strategies.prompt_tuning import PromptTuning
from core.strategies.qlora import Qlora
from core.strategies.road import Road

STRATEGIES: Table[Strategy] = Table(
    "strategy",
    Lora(),
    Dora(),
    Full(),
    Freeze(),
    Qlora(),
    Road(),
    Ia3(),
    PrefixTuning(),
    PTuning(),
    PromptTuning(),
)

__all__ = ["STRATEGIES", "Strategy"]
