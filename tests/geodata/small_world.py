"""Small networks to route on: places on a grid, links of any mode, terminals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from corridor.geodata import Network
from corridor.geodata.layers import LAYERS
from corridor.geodata.links import LINK

WORDS = dict.fromkeys(LINK, "")


def link(a: str, b: str, mode: str = "road", km: float = 10.0, **more: Any) -> dict[str, Any]:
    """A link as a row of the links table; 10 km at 50 km/h when nothing else is said."""
    suffix = "" if mode == "road" else f"_{mode}"
    numbers = {"km": km, "speed_kmh": 50.0, "speed_low": 50.0, "speed_high": 50.0}
    unknown = dict.fromkeys(("traffic_t", "traffic_trains", "gauge_mm", "winter_kmh"), float("nan"))
    named = {"link": f"{a}-{b}{suffix}", "from_place": a, "to_place": b, "mode": mode}
    ground = {"evidence": "assumed", "speed_evidence": "assumed", "drawn": "straight"}
    return {**WORDS, **unknown, **numbers, **named, **ground, **more}


def terminal(place: str, one: str, other: str, hours: float = 0.0, usd: float = 0.0) -> Any:
    """A stay, as a row of the terminals."""
    return {
        "place": place, "from_mode": one, "to_mode": other, "hours": hours, "hours_low": hours,
        "hours_high": hours, "usd_per_teu": usd, "evidence": "assumed", "usd_evidence": "assumed",
        "claim": "", "why": "made up",
    }  # fmt: skip


def port(name: str, place: str, across: str, season: str, kind: str = "road") -> dict[str, Any]:
    """A border port, as a row of the ports."""
    row: dict[str, Any] = dict.fromkeys(LAYERS["ports"][0], "")
    numbers = dict.fromkeys(("elevation_m", "gauge_mm", "gauge_across_mm"), float("nan"))
    return {**row, **numbers, "port": name, "place": place, "across": across, "season": season,
            "kind": kind}  # fmt: skip


def world(
    links: Iterable[dict[str, Any]],
    terminals: Iterable[dict[str, Any]] = (),
    ports: Iterable[dict[str, Any]] = (),
    usd: dict[str, float] | None = None,
    abroad: Iterable[str] = (),
) -> Network:
    """A network of these links; its places lie 0.2 degrees apart, USD per TEU-km 1 by any mode.

    Those `abroad` are of another country.
    """
    rows = list(links)
    names = sorted({row[end] for row in rows for end in ("from_place", "to_place")})
    points = [shapely.Point(70 + i / 5, 40) for i in range(len(names))]
    at = dict(zip(names, points, strict=True))
    country = ["B" if name in set(abroad) else "A" for name in names]
    places = gpd.GeoDataFrame({"place": names, "country": country}, geometry=points, crs=4326)
    lines = [shapely.LineString([at[r["from_place"]], at[r["to_place"]]]) for r in rows]
    prices = {"road": 1.0, "rail": 1.0, "sea": 1.0} | (usd or {})
    haulage = pd.DataFrame(
        [{"mode": mode, "section": "", "usd_per_teu_km": price, "low": price, "high": price,
          "evidence": "assumed", "claim": "", "why": "made up"} for mode, price in prices.items()]
    )  # fmt: skip
    empty = {name: pd.DataFrame(columns=list(LAYERS[name][0])) for name in LAYERS}
    given = {
        "haulage": haulage,
        "terminals": pd.DataFrame(list(terminals), columns=list(LAYERS["terminals"][0])),
        "ports": pd.DataFrame(list(ports), columns=list(LAYERS["ports"][0])),
    }
    table = gpd.GeoDataFrame(rows, geometry=lines, crs=4326)
    return Network(places, table, {}, {}, **(empty | given))
