"""Drawing office: from the layers to the scene of the map of the world, as plain data.

Nothing is computed here but sums along a chain of links; what a layer does not hold is None.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import shapely

from corridor.maps.commerce import trade_scene
from corridor.maps.gauges import gauge_at, gauge_breaks
from corridor.maps.ground import CROSSINGS, basemap, labels, path, point, text
from corridor.maps.names import areas

if TYPE_CHECKING:
    from corridor.evidence import TradeFigure
    from corridor.geodata import Network

__all__ = ["build_world"]

#: Kinds of place that have a spot of their own at street scale.
SPOTS = CROSSINGS | {"station", "sea_port"}

#: Where the region stands whose trade is shown: the capital of Xinjiang.
REPORTER = "urumqi"

#: How far a post may lie from the town whose name stands for it, degrees: some 2 km.
_TOWN = 0.02


def build_world(
    network: Network, figures: Iterable[TradeFigure], sources: Mapping[str, str]
) -> dict[str, Any]:
    """The scene: all that the map of the world shows, as dicts, lists, text and numbers.

    Parameters
    ----------
    network : Network
        Every layer, EPSG:4326.
    figures : iterable of TradeFigure
        The trade of one place, from `corridor.evidence.trade`.
    sources : mapping of str to str
        Claim id to the words that name its source.

    Returns
    -------
    dict
        ``ports``, ``spots`` (places at street scale), ``links``, ``corridors``, ``terminals``,
        ``incidents``, ``trade``, ``reporter`` (a point), ``labels``, ``areas`` (names of countries
        and seas), ``whole`` (a box round all links on land, degrees), ``roads`` (one round the
        roads alone, what a phone is shown first) and ``basemap``.
    """
    places = {row["place"]: row for row in network.places.to_dict("records")}
    ports = [_port(row, places) for row in network.ports.to_dict("records")]
    breaks = gauge_breaks(network, places)
    for port in ports:
        port["named"] = _named(port, places)
        port["gauge_at"] = gauge_at(port, ports, breaks)
    used = {place for port in ports for place in (port["place"], port["across"])}
    spots = [_spot(row) for row in places.values() if row["kind"] in SPOTS or row["place"] in used]
    land = network.links[network.links["mode"] != "sea"]
    whole = _box(land)
    roads = land[land["mode"] == "road"]
    countries = network.basemap.get("countries")
    trade = trade_scene(figures, countries, sources)
    touched = {text(each) for each in network.places["country"]} - {""}
    return {
        "schema": "corridor/world/1",
        "ports": ports,
        "spots": spots,
        "links": [_link(row, places) for row in network.links.to_dict("records")],
        "corridors": [_corridor(network, name, places) for name in network.corridors],
        "terminals": [_terminal(row, places) for row in network.terminals.to_dict("records")],
        "incidents": [_incident(row) for row in network.incidents.to_dict("records")],
        "trade": trade,
        "reporter": point(places[REPORTER]["geometry"]) if REPORTER in places else None,
        "labels": labels(network, (spot["place"] for spot in spots)),
        "areas": areas(countries, whole, touched, trade["shapes"], land.union_all()),
        "whole": whole,
        "roads": _box(roads) if len(roads) else whole,
        "basemap": basemap(network),
    }


def _box(links: Any) -> list[list[float]]:
    """South-west and north-east corner of the lines of some links, degrees."""
    vertices = shapely.get_coordinates(links.geometry.to_numpy())
    (west, south), (east, north) = vertices.min(axis=0), vertices.max(axis=0)
    return [[round(float(y), 2), round(float(x), 2)] for y, x in ((south, west), (north, east))]


def _number(value: Any, decimals: int = 3) -> float | None:
    """A float the page can hold, or None for what is not a finite number."""
    number = math.nan if value is None else float(value)
    return round(number, decimals) if math.isfinite(number) else None


def _rests(row: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """What a figure rests on: its mark, its claims, its ground."""
    return {
        "evidence": text(row[f"{prefix}evidence"]),
        "claims": text(row[f"{prefix}claim"]).split(),
        "why": text(row[f"{prefix}why"]),
    }


def _port(row: Mapping[str, Any], places: Mapping[str, Any]) -> dict[str, Any]:
    """A port, drawn half way between its two posts."""
    ends = [places[key] for key in (row["place"], row["across"]) if key in places]
    at = [point(end["geometry"]) for end in ends]
    return {
        "port": text(row["port"]),
        "name": text(row["name"]),
        "local": text(row["local_name"]),
        "kind": text(row["kind"]),
        "mode": text(row["mode"]),
        "place": text(row["place"]),
        "across": text(row["across"]),
        "posts": [text(end["name"]) for end in ends],
        "at": [round(sum(each) / len(at), 4) for each in zip(*at, strict=True)] if at else None,
        "box": at,
        "rank": min((int(end["rank"]) for end in ends), default=3),
        "season": text(row["season"]),
        "hours": text(row["hours"]),
        "elevation_m": _number(row["elevation_m"], 0),
        "gauges": [_number(row["gauge_mm"], 0), _number(row["gauge_across_mm"], 0)],
        "codes": [
            {"code": text(row[column]), "of": text(places[row[key]]["name"])}
            for key, column in (("place", "unlocode"), ("across", "unlocode_across"))
            if row[key] in places and text(row[column])
        ],
        "note": text(row["note"]),
        **_rests(row),
    }


def _named(port: Mapping[str, Any], places: Mapping[str, Any]) -> list[str]:
    """Posts and stations that the note of a port speaks of, by their name or their town's.

    Controls may stand a hundred kilometres from the border: the card then leads to them.
    """
    spoken = [row for row in places.values() if _speaks(port["note"], text(row["name"]))]
    own = [places[key] for key in (port["place"], port["across"]) if key in places]

    def near(row: Mapping[str, Any], others: list[Any]) -> bool:
        return any(row["geometry"].distance(each["geometry"]) < _TOWN for each in others)

    return [
        text(key)
        for key, row in places.items()
        if row["kind"] in SPOTS and near(row, spoken) and not near(row, own)
    ]


def _speaks(note: str, name: str) -> bool:
    return len(name) > 3 and re.search(rf"\b{re.escape(name)}\b", note) is not None


def _spot(row: Mapping[str, Any]) -> dict[str, Any]:
    """A place that is drawn by itself at street scale, with how far off it may be."""
    return {
        "place": text(row["place"]),
        "name": text(row["name"]),
        "local": text(row["local_name"]),
        "kind": text(row["kind"]),
        "at": point(row["geometry"]),
        "within_km": _number(row["within_km"]),
        "elevation_m": _number(row["elevation_m"], 0),
        "code": text(row["unlocode"]),
        "rank": int(row["rank"]),
        "source": text(row["source"]),
        "evidence": text(row["evidence"]),
        "note": text(row["note"]),
    }


def _link(row: Mapping[str, Any], places: Mapping[str, Any]) -> dict[str, Any]:
    """A link with its true shape, its length and its speeds."""
    ends = (row["from_place"], row["to_place"])
    winter = _number(row["winter_kmh"], 1)
    return {
        "link": text(row["link"]),
        "name": text(row["name"]),
        "section": text(row["section"]),
        "ends": [text(places[end]["name"]) if end in places else text(end) for end in ends],
        "mode": text(row["mode"]),
        "class": text(row["class"]),
        "gauge_mm": _number(row["gauge_mm"], 0),
        "line": path(row["geometry"]),
        "km": _number(row["km"], 1),
        **_rests(row),
        "speed": {
            "kmh": [_number(row[key], 1) for key in ("speed_kmh", "speed_low", "speed_high")],
            **_rests(row, "speed_"),
        },
        "winter": None if winter is None else {"kmh": winter, **_rests(row, "winter_")},
        "drawn": text(row["drawn"]),
        "drawn_credit": text(row["drawn_credit"]),
        "cited": {
            "tonnes": _number(row["traffic_t"]),
            "trains": _number(row["traffic_trains"]),
            "claims": text(row["traffic_claim"]).split(),
            "period": text(row["traffic_period"]),
        },
    }


def _corridor(network: Network, name: str, places: Mapping[str, Any]) -> dict[str, Any]:
    """A chain of links: its legs in order, its length and running time, its heights."""
    legs = network.chain(name)
    corridor = network.corridors[name]
    return {
        "corridor": text(name),
        "title": text(corridor.title),
        "mode": text(corridor.mode),
        "links": [leg.link for leg in legs],
        "names": [text(places[place]["name"]) for place in corridor.places],
        "km": [_number(leg.km, 1) for leg in legs],
        "hours": _number(sum(leg.hours for leg in legs), 1),
        "evidence": [leg.evidence for leg in legs],
        "tops": [_number(places[place]["elevation_m"], 0) for place in corridor.places],
        "profile": _profile(network, legs),
    }


def _profile(network: Network, legs: list[Any]) -> list[list[float]]:
    """Heights along the chain, [km from its start, m], up to the first leg that has none."""
    ends = dict(zip(network.links["link"], network.links["from_place"], strict=True))
    heights = {
        link: [(float(km), float(m)) for km, m in zip(part["km"], part["elevation_m"], strict=True)]
        for link, part in network.profiles.groupby("link", sort=False)
    }
    found: list[list[float]] = []
    for leg in legs:
        if leg.link not in heights:
            break
        start, rows = leg.until_km - leg.km, heights[leg.link]
        if leg.from_place != ends[leg.link]:
            rows = [(float(leg.km) - km, m) for km, m in reversed(rows)]
        found += [[round(float(start) + km, 1), round(m)] for km, m in rows]
    return found


def _terminal(row: Mapping[str, Any], places: Mapping[str, Any]) -> dict[str, Any]:
    """Where a load changes mode or gauge, or waits at a border: road to road is such a wait."""
    place = places.get(row["place"])
    return {
        "place": text(row["place"]),
        "name": text(place["name"]) if place else text(row["place"]),
        "at": point(place["geometry"]) if place else None,
        "modes": [text(row["from_mode"]), text(row["to_mode"])],
        "hours": [_number(row[key], 1) for key in ("hours", "hours_low", "hours_high")],
        "usd_per_teu": _number(row["usd_per_teu"], 0),
        **_rests(row),
    }


def _incident(row: Mapping[str, Any]) -> dict[str, Any]:
    """A hazard or an incident on record."""
    return {
        "incident": text(row["incident"]),
        "kind": text(row["kind"]),
        "name": text(row["name"]),
        "link": text(row["link"]),
        "at": point(row["geometry"]),
        "within_km": _number(row["within_km"]),
        "position": text(row.get("position")),
        "from": text(row["from"])[:10].replace("NaT", ""),
        "to": text(row["to"])[:10].replace("NaT", ""),
        "stopped": text(row.get("stopped")),
        "days": [
            _number(row.get(key), 2)
            for key in ("closed_days", "closed_days_low", "closed_days_high")
        ],
        **_rests(row),
    }
