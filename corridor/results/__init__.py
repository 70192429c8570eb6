"""What happened: ledgers, tables, run records."""

from corridor.results.ledger import Ledger
from corridor.results.results import Results
from corridor.results.schema import COLUMNS, FILES

__all__ = ["COLUMNS", "FILES", "Ledger", "Results"]
