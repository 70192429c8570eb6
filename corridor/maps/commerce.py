"""Drawing office: trade by partner and year, as the colours and the table of a map.

Every value is a figure of the register, in the currency it was printed in. A colour needs one
currency, so a figure in yuan takes the class of its value at `CNY_PER_USD`; the classes are a
factor of ten wide, and the table shows the figure as printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

import shapely

from corridor.geodata.styles import LEVELS
from corridor.maps.ground import text

if TYPE_CHECKING:
    import geopandas as gpd

    from corridor.evidence import TradeFigure

__all__ = ["FLOWS", "GROUPS", "LEVELS", "WHOLE", "chosen", "in_usd", "trade_scene"]

#: To choose a class only: about the mean of 2020 to 2025, in which a year's mean was 6.4 to 7.2.
CNY_PER_USD = 7.0

#: A shorter period is listed, not coloured: a month beside a year would look like a small trade.
LEAST_DAYS = 180

#: Partners that are groups, as Chinese customs reports use the name.
GROUPS = {"Central Asia": ("KAZ", "KGZ", "TJK", "TKM", "UZB")}

FLOWS = {"both": "exports and imports", "export": "exports", "import": "imports"}
WHOLE = {**FLOWS, "both": "total trade (exports and imports together)"}
_DECIMALS = 2


def trade_scene(
    figures: Iterable[TradeFigure], countries: gpd.GeoDataFrame | None, sources: Mapping[str, str]
) -> dict[str, Any]:
    """The trade of one place, by year and flow.

    Parameters
    ----------
    figures : iterable of TradeFigure
        Sorted by partner, flow and period, what stands before what was rejected.
    countries : GeoDataFrame or None
        ``iso_a3``, ``name`` and polygons without contested ground; None leaves the colours out.
    sources : mapping of str to str
        Claim id to the words that name its source.

    Returns
    -------
    dict
        ``slices`` (each a year and a flow with its partners and their figures), ``levels``,
        ``rate`` and ``shapes`` (ISO code to the coordinates of a multi-part polygon).
    """
    dated = [figure for figure in figures if figure.first is not None]
    known = {figure.claim: figure for figure in dated}
    slices: list[dict[str, Any]] = []
    for (year, flow), part in groupby(sorted(dated, key=_slice), key=_slice):
        partners = [
            _partner(name, list(rows), sources, known)
            for name, rows in groupby(part, key=lambda figure: figure.partner)
        ]
        partners.sort(key=lambda partner: (partner["partner"] != "World", -partner["usd"]))
        slices.append(
            {
                "key": f"{year}-{flow}",
                "title": f"{year}, {FLOWS.get(flow, flow)}",
                "partners": partners,
                "coloured": any(each["level"] is not None and each["members"] for each in partners),
            }
        )
    wanted = {
        code for each in slices for partner in each["partners"] for code in partner["members"]
    }
    return {
        "slices": slices,
        "levels": list(LEVELS),
        "rate": CNY_PER_USD,
        "shapes": {} if countries is None else _shapes(countries, wanted),
    }


def _slice(figure: TradeFigure) -> tuple[int, str]:
    return (figure.first.year if figure.first else 0), figure.flow


def _partner(
    name: str,
    rows: list[TradeFigure],
    sources: Mapping[str, str],
    known: Mapping[str, TradeFigure],
) -> dict[str, Any]:
    """A partner's figures of one year and flow, and the one that gives the colour."""
    best = chosen(rows)
    usd = 0.0 if best is None else in_usd(best)
    iso = rows[0].iso
    ordered = sorted(rows, key=lambda row: (row is not best, row.status == "rejected"))
    return {
        "partner": text(name),
        "members": [iso] if iso else list(GROUPS.get(name, ())),
        "group": not iso,
        "usd": usd,
        "level": None if best is None else sum(usd >= level for level in LEVELS),
        "figures": [
            {**_figure(row, row is best, sources), "belongs": _belongs(row, known)}
            for row in ordered
        ],
    }


def chosen(rows: list[TradeFigure]) -> TradeFigure | None:
    """The figure of the longest period that stands; one replaced by a value stands corrected."""
    usable = [row for row in rows if _days(row) >= LEAST_DAYS]
    for status in ("accepted", "contested"):
        found = [row for row in usable if row.status == status]
        if found:  # of two for the same period, the one in dollars: no rate is needed
            return max(found, key=lambda row: (_days(row), row.usd is not None))
    return next((row for row in usable if row.adjudicated), None)


def _days(figure: TradeFigure) -> int:
    return (figure.last - figure.first).days + 1 if figure.first and figure.last else 0


def in_usd(figure: TradeFigure) -> float:
    """The value that stands, in USD, for the class of its colour."""
    value = figure.usd if figure.usd is not None else (figure.cny or 0.0)
    if figure.status in ("rejected", "superseded") and figure.adjudicated:
        value = sum(figure.adjudicated) / 2
    return value if figure.usd is not None else value / CNY_PER_USD


def _figure(figure: TradeFigure, drawn: bool, sources: Mapping[str, str]) -> dict[str, Any]:
    return {
        "currency": "USD" if figure.usd is not None else "CNY",
        "value": figure.usd if figure.usd is not None else figure.cny,
        "from": figure.first.isoformat() if figure.first else "",
        "to": figure.last.isoformat() if figure.last else "",
        "claim": text(figure.claim),
        "status": text(figure.status),
        "instead": list(figure.adjudicated) if figure.adjudicated else [],
        "reason": text(figure.reason),
        "source": text(sources.get(figure.claim)),
        "drawn": drawn,
    }


def _belongs(figure: TradeFigure, known: Mapping[str, TradeFigure]) -> dict[str, Any] | None:
    """Where the correction of a mislabelled figure stands: its flow in words, claim and slice."""
    if figure.belongs is None:
        return None
    flow, claim = figure.belongs
    there = known.get(claim)
    return {
        "own": FLOWS.get(figure.flow, text(figure.flow)),
        "flow": WHOLE.get(flow, text(flow)),
        "claim": text(claim),
        "slice": "" if there is None else "{}-{}".format(*_slice(there)),
        "instead": list(there.adjudicated) if there and there.adjudicated else [],
    }


def _shapes(countries: gpd.GeoDataFrame, wanted: set[str]) -> dict[str, Any]:
    rows = zip(countries["iso_a3"], countries.geometry, strict=True)
    return {code: _outline(shape) for code, shape in sorted(rows, key=_first) if code in wanted}


def _first(row: tuple[str, Any]) -> str:
    return row[0]


def _outline(shape: Any) -> list[Any]:
    """The coordinates of a MultiPolygon, longitude and latitude."""
    return [
        [_ring(part.exterior), *map(_ring, part.interiors)]
        for part in shapely.get_parts(shape)
        if not part.is_empty
    ]


def _ring(line: Any) -> list[list[float]]:
    return [[round(x, _DECIMALS), round(y, _DECIMALS)] for x, y, *_ in line.coords]
