"""The geodata room: what a TEU costs a km on a link, from ``haulage.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from corridor.faults import Faults

__all__ = ["OCEAN", "Rate", "rate", "sections"]

OCEAN = (0.02, 0.4)
"""USD per TEU-km over an ocean: 400 USD a TEU over 20,000 km in a glut, 8,000 at the peak of 2021.

Of general knowledge and wide: it finds a slipped digit. A short ferry costs more, and is a section
of its own.
"""


class Rate(NamedTuple):
    """USD per TEU and km, its range, and what it rests on."""

    usd_per_teu_km: float
    low: float
    high: float
    evidence: str
    claims: tuple[str, ...]


def sections(link: Mapping[str, Any], country: Mapping[str, str]) -> tuple[str, ...]:
    """The words by which a link is looked up in the column `section`, the nearest first.

    Its own id; the country that holds its ends (one of which may lie in a territory of disputed
    status, that has none); its section; its gauge, such as ``1520 mm``; nothing, which is
    the mode's default.
    """
    named = {country.get(link[end], "") for end in ("from_place", "to_place")} - {""}
    gauge = link["gauge_mm"]
    return tuple(
        word
        for word in (
            link["link"],
            named.pop() if len(named) == 1 else None,
            link["section"] or None,
            f"{gauge:.0f} mm" if gauge == gauge and gauge is not None else None,
            "",
        )
        if word is not None
    )


def rate(haulage: pd.DataFrame, link: Mapping[str, Any], country: Mapping[str, str]) -> Rate:
    """The rate of one link.

    Parameters
    ----------
    haulage : DataFrame
        As `Network.haulage`.
    link : mapping
        A row of the links.
    country : mapping of str to str
        The country of every place.

    Raises
    ------
    Faults
        No row for this link, nor for its mode.
    """
    rows = {(r["mode"], r["section"]): r for r in haulage.to_dict("records")}
    for word in sections(link, country):
        if row := rows.get((link["mode"], word)):
            claims = tuple(row["claim"].split())
            usd = row["usd_per_teu_km"], row["low"], row["high"]
            return Rate(*usd, row["evidence"], claims)
    raise Faults.one(f"haulage.csv has no rate for {link['mode']}", link["link"])
