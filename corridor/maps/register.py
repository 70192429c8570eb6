"""Drawing office: the layers of an export that rest on the register: trade, claims, sources."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridor.maps.dealings import trade_layer
from corridor.maps.world import REPORTER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.evidence import Claim, Source, TradeFigure
    from corridor.geodata import Network

__all__ = ["MADE", "register_tables"]

#: The layers this module makes, as the catalogue names them.
MADE = ("trade", "claims", "sources")


def register_tables(
    network: Network,
    figures: list[TradeFigure],
    claims: Mapping[str, Claim],
    sources: Mapping[str, Source],
) -> dict[str, Any]:
    """Trade on the ground of its partners, and the register that every layer cites.

    Parameters
    ----------
    network : Network
        Its places and countries, EPSG:4326.
    figures : list of TradeFigure
        From `corridor.evidence.trade`.
    claims, sources : mapping
        From `corridor.evidence.load_claims` and `load_sources`.

    Returns
    -------
    dict
        ``trade`` with positions; ``claims`` and ``sources`` without, columns as in the CSV files,
        so that an id such as KK-30 is looked up where the layers lie.
    """
    capital = network.places.geometry[network.places.place == REPORTER].iloc[0]
    return {
        "trade": trade_layer(figures, network.basemap["countries"], capital),
        "claims": _claims(claims).astype({"low": float, "high": float}),
        "sources": pd.DataFrame([asdict(source) for source in sources.values()]),
    }


def _claims(claims: Mapping[str, Claim]) -> pd.DataFrame:
    """A claim a row: lists as in the file, days as ISO 8601 words."""
    rows = []
    for claim in claims.values():
        row = {}
        for name, value in asdict(claim).items():
            if isinstance(value, tuple | list):
                value = ";".join(value)
            elif name.startswith("period_"):
                value = value.isoformat() if value else ""
            row[name] = value
        rows.append(row)
    return pd.DataFrame(rows)
