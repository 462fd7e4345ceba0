"""The files examples can be taken along as. What each of them holds comes back by import as it was."""

from core.data.writers.alpaca import AlpacaWriter
from core.data.writers.base import Writer
from core.data.writers.csv import CsvWriter
from core.data.writers.messages import MessagesWriter
from core.data.writers.parquet import ParquetWriter
from core.data.writers.sharegpt import ShareGptWriter
from core.registry import Table

# The first is what is written where nobody chose; an ending that two share means the first of them.
WRITERS: Table[Writer] = Table(
    "writer",
    MessagesWriter(),
    ShareGptWriter(),
    AlpacaWriter(),
    CsvWriter(),
    ParquetWriter(),
)
