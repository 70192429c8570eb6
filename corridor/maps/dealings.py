"""Drawing office: trade as a layer for a GIS, every figure a row with ground, value and verdict."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from corridor.maps.commerce import FLOWS, GROUPS, WHOLE, chosen, in_usd

if TYPE_CHECKING:
    import geopandas as gpd

    from corridor.evidence import TradeFigure

__all__ = ["trade_layer"]

#: All partners together have no ground: a disc where the trading place's capital stands, and the
#: rejected ones in a row east of it, so that none covers another. Radius and step in km.
RADIUS_KM, STEP_KM = 60.0, 140.0
_KM_PER_DEGREE = 111.2
_DECIMALS = 4
_STANDS = ("accepted", "contested")
_FIGURES = ("value", "usd", "stands_low", "stands_high")


def trade_layer(
    figures: Iterable[TradeFigure], countries: gpd.GeoDataFrame, capital: Any
) -> gpd.GeoDataFrame:
    """Every trade figure as a row.

    Parameters
    ----------
    figures : iterable of TradeFigure
    countries : GeoDataFrame
        ``iso_a3`` and polygons without contested ground, in EPSG:4326.
    capital : Point
        Where the marks of all partners together stand, degrees.

    Returns
    -------
    GeoDataFrame
        ``value`` as printed, in ``currency``; ``stands_low`` to ``stands_high`` is what stands,
        missing where nothing takes a rejected figure's place under its flow, and ``correction``
        says it in words; ``usd`` is what stands, in USD, for the class of a colour. ``colours`` is
        ``latest`` in the one row of a partner that a map shows first, ``earlier`` in those of other
        years and flows, empty in the others.
    """
    kept = list(figures)
    ground = dict(zip(countries["iso_a3"], countries.geometry, strict=True))
    known = {figure.claim: figure for figure in kept}
    colours = _colours(kept)
    rows, struck = [], 0
    for figure in kept:
        members = [figure.iso] if figure.iso else list(GROUPS.get(figure.partner, ()))
        parts = shapely.get_parts(shapely.union_all([ground[c] for c in members if c in ground]))
        struck += not len(parts) and figure.status not in _STANDS
        place = 0 if figure.status in _STANDS else struck
        whole = shapely.MultiPolygon(list(parts)) if len(parts) else _disc(capital, place)
        rows.append({
            **_said(figure, known), "members": " ".join(members),
            "colours": colours.get(figure.claim, ""),
            "ground": "partner" if len(parts) else "mark", "geometry": whole,
        })  # fmt: skip
    table = type(countries)(rows, geometry="geometry", crs="EPSG:4326")
    return table.astype(dict.fromkeys(_FIGURES, float))


def _said(figure: TradeFigure, known: dict[str, TradeFigure]) -> dict[str, Any]:
    """The columns of one figure that are no ground."""
    value = figure.usd if figure.usd is not None else figure.cny
    own = (value, value) if figure.status in _STANDS else (None, None)
    low, high = figure.adjudicated or own
    flow, claim = figure.belongs or ("", "")
    return {
        "claim": figure.claim, "partner": figure.partner, "flow": figure.flow,
        "year": figure.first.year if figure.first else 0,
        "from": str(figure.first or ""), "to": str(figure.last or ""),
        "currency": _currency(figure), "value": value,
        "usd": None if low is None else in_usd(figure), "status": figure.status,
        "stands_low": low, "stands_high": high, "correction": _correction(figure, known),
        "belongs_flow": flow, "belongs_claim": claim, "reason": figure.reason,
        "source": figure.source, "confidence": figure.confidence,
    }  # fmt: skip


def _currency(figure: TradeFigure) -> str:
    return "USD" if figure.usd is not None else "CNY"


def _correction(figure: TradeFigure, known: dict[str, TradeFigure]) -> str:
    """What stands in the place of a figure that fell, in words; empty for one that stands."""
    if figure.status in _STANDS:
        return ""
    flow = FLOWS.get(figure.flow, figure.flow)
    if figure.belongs is None:
        if figure.adjudicated is None:
            return "nothing takes its place"
        return f"stands corrected at {_span(figure.adjudicated)} {_currency(figure)}"
    under, claim = figure.belongs
    there = known[claim].adjudicated if claim in known else None
    words = f"nothing stands for {flow}: the figure is {WHOLE.get(under, under)}, see {claim}"
    return f"{words}, corrected there to {_span(there)} {_currency(figure)}" if there else words


def _span(ends: tuple[float, float]) -> str:
    low, high = (f"{end / 1e9:,.4g}" for end in ends)
    return f"{low} bn" if low == high else f"{low} to {high} bn"


def _colours(figures: list[TradeFigure]) -> dict[str, str]:
    """By claim: ``latest`` or ``earlier`` for the figures that may give their partner a colour."""
    groups: dict[tuple[str, int, str], list[TradeFigure]] = {}
    for figure in figures:
        if figure.first:
            key = (figure.partner, figure.first.year, figure.flow)
            groups.setdefault(key, []).append(figure)
    found: dict[str, str] = {}
    newest: dict[str, tuple[bool, bool, int]] = {}
    first: dict[str, str] = {}
    for (partner, year, flow), rows in groups.items():
        one = chosen(rows)
        if one is None:
            continue
        found[one.claim] = "earlier"
        order = (flow == "both", flow == "export", year)
        if order > newest.get(partner, (False, False, 0)):
            newest[partner], first[partner] = order, one.claim
    return found | dict.fromkeys(first.values(), "latest")


def _disc(capital: Any, place: int) -> shapely.MultiPolygon:
    """A disc of `RADIUS_KM`, `place` steps east of the capital."""
    north = 1 / _KM_PER_DEGREE
    east = north / math.cos(math.radians(capital.y))
    centre = np.array([capital.x + place * STEP_KM * east, capital.y])
    turns = np.linspace(0, 2 * np.pi, 49)[:-1]
    ring = np.column_stack([np.cos(turns) * east, np.sin(turns) * north]) * RADIUS_KM
    return shapely.MultiPolygon([shapely.Polygon((centre + ring).round(_DECIMALS))])
