"""The evidence room: why we believe a number. It alone reads ``claims.csv`` and ``sources.csv``."""

from __future__ import annotations

from corridor.evidence.checks import check, mapped, placed
from corridor.evidence.claims import Claim, Source, load_claims, load_sources
from corridor.evidence.counts import Doubt
from corridor.evidence.describe import Entry, card, cards, entries, portrait, rivals
from corridor.evidence.means import slipped_point
from corridor.evidence.series import Observed, mixed_series
from corridor.evidence.trade import TradeFigure, trade

__all__ = [
    "Claim",
    "Doubt",
    "Entry",
    "Observed",
    "Source",
    "TradeFigure",
    "card",
    "cards",
    "check",
    "entries",
    "load_claims",
    "load_sources",
    "mapped",
    "mixed_series",
    "placed",
    "portrait",
    "rivals",
    "slipped_point",
    "trade",
]
