"""A small made-up study in the shapes of Results and Network, for the tests of the maps."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

BASE, OTHER = "khunjerab_seasonal", "khunjerab_year_round"
MONTHS = [f"2024-{m:02d}" for m in range(4, 13)] + [f"2025-{m:02d}" for m in range(1, 4)]
POSTS = ("tashkurgan", "sost")
SIMULATED = ("tashkurgan-khunjerab_pass", "khunjerab_pass-sost", "sost-gilgit")
PLACES = [
    # place, name, local name, kind, rank, lat, lon
    ("kashgar", "Kashgar", "喀什", "city", 1, 39.4672, 75.9868),
    ("tashkurgan", "Tashkurgan", "塔什库尔干", "town", 2, 37.7776, 75.2248),
    ("khunjerab_pass", "Khunjerab Pass", "درہ خنجراب", "pass", 1, 36.8503, 75.4283),
    ("sost", "Sost", "سوست", "border_post", 2, 36.69, 74.82),
    ("gilgit", "Gilgit", "گلگت", "town", 1, 35.9187, 74.3124),
    ("karachi", "Karachi", "کراچی", "sea_port", 1, 24.8608, 67.0104),
    ("irkeshtam", "Irkeshtam post", "", "border_post", 3, 39.69, 73.92),
    ("urumqi", "Urumqi", "乌鲁木齐", "city", 1, 43.801, 87.6005),
    ("almaty", "Almaty", "Алматы", "city", 1, 43.2525, 76.9115),
]
LINKS = [
    # from, to, mode, name, km, evidence, claim, traffic
    ("kashgar", "tashkurgan", "road", "G314", 290, "cited", "KK-01", None),
    ("tashkurgan", "khunjerab_pass", "road", "G314", 130, "cited", "KK-02", 40900.0),
    ("khunjerab_pass", "sost", "road", "N-35", 86, "cited", "KK-03", None),
    ("sost", "gilgit", "road", "N-35", 184, "derived", "KK-04 KK-03", None),
    ("gilgit", "karachi", "road", "N-35 and M-5", 1900, "assumed", "", None),
    ("urumqi", "almaty", "rail", "Northern Xinjiang line", 1000, "assumed", "", 27.5e6),
    ("kashgar", "urumqi", "rail", "Southern Xinjiang line", 1480, "assumed", "", None),
]


def network(names: dict[str, str] | None = None) -> Any:
    """Places, links, a corridor and a basemap; `names` replaces names of places."""
    names = names or {}
    places = gpd.GeoDataFrame(
        [
            {
                "place": place, "name": names.get(place, name), "local_name": local, "kind": kind,
                "country": "", "mode": "both", "elevation_m": None, "rank": rank,
                "within_km": 15.0 if kind == "border_post" else 3.0,
                "source": "GeoNames", "evidence": "cited", "note": "",
                "geometry": Point(lon, lat),
            }
            for place, name, local, kind, rank, lat, lon in PLACES
        ],
        crs=4326,
    )  # fmt: skip
    at = {row[0]: (row[6], row[5]) for row in PLACES}
    links = gpd.GeoDataFrame(
        [
            {
                "link": f"{a}-{b}" + ("_rail" if mode == "rail" else ""), "from_place": a,
                "to_place": b, "mode": mode, "name": names.get(name, name), "km": km,
                "evidence": evidence, "claim": claim, "why": "", "traffic_t": tonnes,
                "traffic_trains": None, "traffic_claim": "RL-04" if tonnes else "",
                "traffic_period": "2024" if tonnes else "", "geometry": LineString([at[a], at[b]]),
                "section": "", "speed_kmh": 47.5, "speed_low": 40.0, "speed_high": 55.0,
                "speed_evidence": "assumed", "speed_claim": "", "speed_why": "a mountain leg",
                "class": "trunk" if mode == "road" else "main",
                "gauge_mm": 1435.0 if mode == "rail" else None,
                "winter_kmh": 31.0 if b == "tashkurgan" else None, "winter_evidence": "assumed",
                "winter_claim": "", "winter_why": "ice", "drawn": "terrain" if a == "sost"
                else "straight", "drawn_credit": "NOAA GLOBE",
            }
            for a, b, mode, name, km, evidence, claim, tonnes in LINKS
        ],
        crs=4326,
    )  # fmt: skip
    along = ("kashgar", "tashkurgan", "khunjerab_pass", "sost", "gilgit", "karachi")
    return SimpleNamespace(
        places=places,
        links=links,
        corridors={"cpec_road": SimpleNamespace(places=along, title="Kashgar to Karachi")},
        basemap=_basemap(),
    )


def _basemap() -> dict[str, Any]:
    def table(geometries: list[Any], **columns: list[str]) -> Any:
        return gpd.GeoDataFrame(columns | {"geometry": geometries}, crs=4326)

    return {
        "land": table([MultiPolygon([box(60, 24.9, 95, 50), box(55, 30, 58, 33)])]),
        "rivers": table([LineString([(81.0, 31.5), (74.6, 35.6), (71.5, 32.0), (67.6, 25.0)])]),
        "lakes": table([Polygon([(76, 42.3), (78, 42.2), (77, 42.6)])]),
        "boundaries": table(
            [LineString([(66, 37), (74.8, 37.2)]), LineString([(74, 36.9), (78, 35.4)])],
            status=["international", "disputed"],
        ),
    }


def results(
    names: tuple[str, ...] = (BASE, OTHER), monthly: bool = True, **record: Any
) -> SimpleNamespace:
    """Tables of one scenario or more; `record` replaces entries of the run record."""
    metrics = pd.DataFrame(
        [row for k, name in enumerate(names) for row in _metrics(name, k)],
        columns=["scenario", "place", "class", "metric", "unit", "mean", "low", "high", "n"],
    )
    return SimpleNamespace(
        record=_record(names) | record,
        metrics=metrics,
        monthly=_monthly(names if monthly else ()),
        series=_series(names),
        staircase=pd.DataFrame({"scenario": names[:1], "corridor": ["cpec_road"]}),
        differences=_differences(metrics, names) if len(names) > 1 else None,
    )


def _metrics(name: str, k: int) -> list[list[Any]]:
    rows: list[list[Any]] = []

    def add(place: str, class_: str, metric: str, unit: str, mean: float) -> None:
        rows.append([name, place, class_, metric, unit, mean, mean * 0.93, mean * 1.08, 30])

    tonnes = 40900.0 * (1 + 0.32 * k)
    for place, hours in (("khunjerab", 52.4), ("khunjerab/tashkurgan", 19.6),
                         ("khunjerab/sost", 32.8)):  # fmt: skip
        add(place, "all", "tfi1_mean", "h", hours * (1 - 0.21 * k))
        add(place, "all", "tfi1_p90", "h", hours * (2.2 - 0.5 * k))
        add(place, "all", "tonnes", "t", tonnes)
        add(place, "all", "vehicles", "vehicles", tonnes / 3.7)
    for link in SIMULATED:
        add(f"link/{link}", "all", "tonnes", "t", tonnes)
        add(f"link/{link}", "all", "vehicles", "vehicles", tonnes / 3.7)
        add(f"link/{link}", "all south", "tonnes", "t", tonnes * 0.9)
        add(f"link/{link}", "all north", "tonnes", "t", tonnes * 0.1)
    return rows


def _monthly(names: tuple[str, ...]) -> pd.DataFrame:
    columns = ["scenario", "place", "class", "month", "metric", "unit", "mean", "low", "high", "n"]
    places = [f"khunjerab/{post}" for post in POSTS] + [f"link/{link}" for link in SIMULATED]
    rows = []
    for k, name in enumerate(names):
        for place in places:
            for month in MONTHS:
                season = 4 <= int(month[5:]) <= 11
                tonnes = 5112.5 if season else 4368.0 * k
                rows.append([name, place, "all", month, "tonnes", "t", tonnes, tonnes * 0.9,
                             tonnes * 1.1, 30])  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _series(names: tuple[str, ...]) -> pd.DataFrame:
    hours = pd.date_range("2024-04-01", periods=24 * 60, freq="h")
    wave = 10 + 8 * np.sin(np.arange(len(hours)) / 90)
    parts = [
        pd.DataFrame(
            {
                "scenario": name, "place": f"khunjerab/{post}", "measure": "queue",
                "hour": hours, "mean": wave, "p10": wave - 2, "p50": wave, "p90": wave + 2,
            }
        )
        for name in names
        for post in POSTS
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _differences(metrics: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    keys = ["place", "class", "metric", "unit"]
    base = metrics[metrics["scenario"] == names[0]].set_index(keys)["mean"]
    parts = []
    for other in names[1:]:
        gap = metrics[metrics["scenario"] == other].set_index(keys)["mean"] - base
        part = gap.rename("difference").reset_index()
        parts.append(part.assign(base=names[0], other=other))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(low=table["difference"] - 1, high=table["difference"] + 1, pairs=30)


def _record(names: tuple[str, ...]) -> dict[str, Any]:
    titles = ("April to November season", "Year-round operation", "Fair-weather winter")
    return {
        "schema": "corridor/run/1",
        "run_id": "0a1b2c3d",
        "headline": "Year-round opening adds 13,100 t a year, give or take 3,200 t",
        "scenarios": [
            {
                "name": name,
                "title": f"Khunjerab: {titles[k % 3].lower()}",
                "regime": {
                    "port": "khunjerab", "name": name, "title": titles[k % 3], "claim": "KJ-C12",
                },
                "period": {
                    "from": "2023-04-01T00:00:00+08:00", "until": "2025-04-01T00:00:00+08:00",
                    "measure_from": "2024-04-01T00:00:00+08:00", "measured_days": 365,
                },
                "resolved": {
                    "ports": {
                        "khunjerab": {
                            "posts": {
                                "tashkurgan": {"place": "tashkurgan", "title": "Chinese hall"},
                                "sost": {
                                    "place": "sost", "title": "Sost dry port",
                                    "hours_claim": "KJ-43",
                                },
                            }
                        }
                    }
                },
            }
            for k, name in enumerate(names)
        ],
        "inputs": [
            {"scenario": names[k], "path": f"ports.khunjerab.posts.{path}", "evidence": evidence,
             "claim": claim}
            for k, path, evidence, claim in (
                (0, "sost.stations.documents.lanes", "cited", "KJ-40 KJ-31"),
                (0, "sost.stations.scanner.service", "assumed", ""),
                (0, "tashkurgan.stations.gate.lanes", "cited", "KJ-42"),
                (1, "sost.stations.scanner.service", "derived", ""),
            )
            if k < len(names)
        ],
    }  # fmt: skip
