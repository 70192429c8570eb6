"""A small made-up world in the shapes of Network and TradeFigure, for the tests of its map."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import map_fixture
from shapely.geometry import LineString, Point, box

from corridor.evidence import TradeFigure

RESTS = {"evidence": "cited", "claim": "KJ-40", "why": ""}
SOURCES = {"003-01": "A paper", "TR-07": "Customs"}


def network(words: str | None = None) -> Any:
    """The world; `words` takes the place of every text that people write."""
    made = map_fixture.network()
    at = dict(zip(made.places["place"], made.places.geometry, strict=True))

    def table(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(rows, geometry="geometry", crs=4326)

    sea = made.links.iloc[0].to_dict() | {
        "link": "karachi-gwadar_sea", "from_place": "karachi", "to_place": "irkeshtam",
        "mode": "sea", "class": "lane", "drawn": "sea_lane", "name": "Sea leg",
        "geometry": LineString([at["karachi"], Point(62, 24), Point(58, 10)]),
    }  # fmt: skip
    links = made.links.astype({"gauge_mm": float, "winter_kmh": float})
    links.loc[links["link"] == "kashgar-urumqi_rail", "gauge_mm"] = 1520.0
    made.links = table([*links.to_dict("records"), sea])
    made.places["unlocode"] = "CNKHG"
    made.places.loc[made.places["place"] == "khunjerab_pass", "elevation_m"] = 4693.0
    made.ports = table([_port("khunjerab", "road", at), _port("khunjerab_rail", "rail", at)])
    made.terminals = table(
        [
            {"place": "urumqi", "from_mode": "rail", "to_mode": "rail", "hours": 12.0,
             "hours_low": 6.0, "hours_high": 24.0, "usd_per_teu": 90.0, **RESTS,
             "geometry": at["urumqi"]},
            {"place": "gilgit", "from_mode": "road", "to_mode": "road", "hours": 33.1,
             "hours_low": 28.2, "hours_high": 55.7, "usd_per_teu": 238.0, **RESTS,
             "geometry": at["gilgit"]},
            {"place": "kashgar", "from_mode": "road", "to_mode": "rail", "hours": 24.0,
             "hours_low": 6.0, "hours_high": 72.0, "usd_per_teu": 100.0, **RESTS,
             "geometry": at["kashgar"]},
        ]
    )  # fmt: skip
    made.incidents = table([_incident("slide", "landslide"), _incident("event", "attack")])
    made.profiles = table(_heights())
    made.basemap["countries"] = table(
        [
            {"iso_a2": "PK", "iso_a3": "PAK", "name": "Pakistan", "geometry": box(62, 25, 73, 36)},
            {
                "iso_a2": "KZ",
                "iso_a3": "KAZ",
                "name": "Kazakhstan",
                "geometry": box(60, 43, 80, 50),
            },
            {"iso_a2": "FR", "iso_a3": "FRA", "name": "France", "geometry": box(0, 43, 7, 50)},
        ]
    )
    made.corridors = {"cpec_road": _corridor()}
    made.chain = lambda name: _legs(made)
    if words is not None:
        _say(made, words)
    return made


def _port(name: str, kind: str, at: dict[str, Point]) -> dict[str, Any]:
    return {
        "port": name, "name": f"Khunjerab {kind}", "local_name": "红其拉甫", "kind": kind,
        "place": "tashkurgan", "across": "sost", "mode": kind, "season": "1 April to 30 November",
        "hours": "weekdays 10:00-18:00 Asia/Shanghai", "elevation_m": 4693.0, "gauge_mm": None,
        "gauge_across_mm": None, "unlocode": "CNKJP", "unlocode_across": "PKSOS", **RESTS,
        "note": "The highest of them; goods are cleared at Karachi", "geometry": at["tashkurgan"],
    }  # fmt: skip


def _incident(name: str, kind: str) -> dict[str, Any]:
    return {
        "incident": name, "kind": kind, "name": f"On record: {kind}", "link": "sost-gilgit",
        "place": "", "within_km": 5.0, "position": "derived", "from": date(2010, 1, 4), "to": None,
        "stopped": "road", "closed_days": None, "closed_days_low": None, "closed_days_high": None,
        **RESTS, "geometry": Point(74.87, 36.34),
    }  # fmt: skip


def _heights() -> list[dict[str, Any]]:
    """Of the first three links; the third is travelled against the way it is kept."""
    kept = {
        "kashgar-tashkurgan": ((0.0, 1290.0), (150.0, 3900.0), (290.0, 3090.0)),
        "tashkurgan-khunjerab_pass": ((0.0, 3090.0), (130.0, 4693.0)),
        "khunjerab_pass-sost": ((0.0, 4693.0), (86.0, 2790.0)),
    }
    return [
        {"link": link, "km": km, "elevation_m": m, "geometry": Point(75, 37)}
        for link, rows in kept.items()
        for km, m in rows
    ]


def _corridor() -> Any:
    places = ("sost", "khunjerab_pass", "tashkurgan", "kashgar", "urumqi")
    return SimpleNamespace(places=places, title="Sost to Urumqi", mode="road")


def _legs(made: Any) -> Iterator[Any]:
    """The chain of the corridor: three links backwards, and one that has no heights."""
    until = 0.0
    legs = []
    kept = ("khunjerab_pass-sost", "tashkurgan-khunjerab_pass", "kashgar-tashkurgan",
            "kashgar-urumqi_rail")  # fmt: skip
    ends = made.corridors["cpec_road"].places
    for link, start in zip(kept, ends, strict=False):
        row = made.links[made.links["link"] == link].iloc[0]
        until += row["km"]
        legs.append(SimpleNamespace(link=link, from_place=start, km=row["km"], until_km=until,
                                    hours=row["km"] / 47.5, evidence=row["evidence"]))  # fmt: skip
    return legs


def _say(made: Any, words: str) -> None:
    """Put `words` wherever people write."""
    made.places["name"] = made.places["local_name"] = made.places["note"] = words
    made.places["source"] = made.places["unlocode"] = words
    for column in ("name", "section", "why", "claim", "speed_why", "drawn_credit", "winter_why"):
        made.links[column] = words
    for column in ("name", "local_name", "season", "hours", "note", "why", "unlocode", "mode"):
        made.ports[column] = words
    made.incidents["name"] = made.incidents["why"] = made.terminals["why"] = words
    made.corridors["cpec_road"].title = words


def figures(words: str = "ten times too large") -> list[TradeFigure]:
    """Trade of one year: a total with a rejected rival, a group, a country, a month alone."""
    year = (date(2023, 1, 1), date(2023, 12, 31))

    def figure(partner: str, iso: str, first: date, last: date, usd: float | None,
               cny: float | None, claim: str, status: str = "accepted",
               instead: tuple[float, float] | None = None) -> TradeFigure:  # fmt: skip
        reason = words if status == "rejected" else ""
        return TradeFigure(
            partner, iso, "both", first, last, usd, cny, claim, status, instead, reason
        )

    return [
        figure("Central Asia", "", *year, None, 283.67e9, "TR-07d"),
        figure("France", "FRA", date(2023, 12, 1), date(2023, 12, 31), 14.6e6, None, "004-03"),
        figure("Pakistan", "PAK", *year, None, 2.92e9, "KJ-37"),
        figure("World", "", *year, 50.25e9, None, "TR-07b"),
        figure("World", "", date(2023, 1, 1), date(2023, 10, 31), 409.2e9, None, "003-01",
               "rejected", (40.4e9, 40.9e9)),
        TradeFigure("World", "", "export", date(2023, 1, 1), date(2023, 10, 31), 409e9, None,
                    "002-01", "rejected", None, words, belongs=("both", "003-01")),
    ]  # fmt: skip
