"""Drawing office: from tables to the scene, the plain data that the map script draws.

Every number in the scene is a number of the tables; nothing is computed here. An interval is
``[mean, low, high]``; what a table does not hold is None.
"""

from __future__ import annotations

import math
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from corridor.maps.ground import basemap, labels, path, point, text, views

if TYPE_CHECKING:
    from corridor.geodata import Network
    from corridor.results import Results

__all__ = ["build"]

Interval = list[float | None]
Table = dict[tuple[str, ...], Interval]

#: What a popup may say of a post or link; each is a metric of metrics.csv.
MEASURES = ("tfi1_mean", "tfi1_p90", "wait_mean", "tonnes", "vehicles")


def build(results: Results, network: Network) -> dict[str, Any]:
    """The scene: all that one map page shows, as dicts, lists, text and numbers.

    Parameters
    ----------
    results : Results
    network : Network

    Returns
    -------
    dict
        ``headline``, ``run``, ``period``, ``scenarios``, ``months``, ``posts``, ``unplaced`` (posts
        with no place to draw them at), ``roads``, ``rails``, ``labels``, ``views``, ``basemap``.
    """
    record = results.record
    scenarios = [_scenario(item) for item in record["scenarios"]]
    names = [scenario["name"] for scenario in scenarios]
    facts = _Facts(results, names)
    posts, unplaced = _posts(facts, record, network)
    corridors = dict.fromkeys(map(text, results.staircase["corridor"]))
    for scenario in scenarios:
        scenario["port_measures"] = facts.measures(scenario["port"]).get(scenario["name"], {})
    return {
        "schema": "corridor/scene/1",
        "headline": text(record.get("headline")),
        "run": text(record.get("run_id")),
        "period": _period(record),
        "scenarios": scenarios,
        "months": facts.months,
        "posts": posts,
        "unplaced": unplaced,
        "roads": _roads(facts, network),
        "rails": _links(network, "rail"),
        "labels": labels(network, (post["place_id"] for post in posts)),
        "views": views(network, posts, corridors),
        "basemap": basemap(network),
    }


class _Facts:
    """The tables of one Results, indexed by what the map asks of them."""

    def __init__(self, results: Results, names: list[str]) -> None:
        self.names = names
        self.metrics = _table(results.metrics, ("scenario", "place", "class", "metric"), "mean")
        self.monthly = _table(
            results.monthly, ("scenario", "place", "class", "metric", "month"), "mean"
        )
        self.months = sorted({key[4] for key in self.monthly if key[3] == "tonnes"})
        self.differences: Table = {}
        if results.differences is not None:
            keys = ("base", "other", "place", "class", "metric")
            self.differences = _table(results.differences, keys, "difference")
        self._series = results.series
        self.places = list(dict.fromkeys(key[1] for key in self.metrics))
        self.ways = sorted({key[2] for key in self.metrics if key[2].startswith("all ")})

    def measures(self, place: str) -> dict[str, dict[str, Interval]]:
        """scenario -> metric -> interval, for all classes together."""
        return {name: self._of(name, place, "all") for name in self.names}

    def by_way(self, place: str) -> dict[str, dict[str, dict[str, Interval]]]:
        """scenario -> direction -> metric -> interval."""
        found = {}
        for name in self.names:
            ways = {way.removeprefix("all "): self._of(name, place, way) for way in self.ways}
            found[name] = {way: values for way, values in ways.items() if values}
        return found

    def changes(self, place: str) -> dict[str, dict[str, Interval]]:
        """scenario -> metric -> paired difference to the base, with its interval."""
        base, *others = self.names
        found: dict[str, dict[str, Interval]] = {}
        for other in others:
            keys = {metric: (base, other, place, "all", metric) for metric in MEASURES}
            found[other] = {
                m: self.differences[k] for m, k in keys.items() if k in self.differences
            }
        return found

    def by_month(self, place: str) -> dict[str, list[Interval]]:
        """scenario -> interval of the tonnes of each month of `months`; {} if none is known."""
        found = {}
        for name in self.names:
            keys = [(name, place, "all", "tonnes", month) for month in self.months]
            if any(key in self.monthly for key in keys):
                found[name] = [self.monthly.get(key, [None, None, None]) for key in keys]
        return found

    def by_day(self, place: str) -> dict[str, Any]:
        """scenario -> mean queue of each day, vehicles, from the hourly series; for a sparkline."""
        rows = self._series
        rows = rows[(rows["place"] == place) & (rows["measure"] == "queue")]
        found = {}
        for name, part in rows.groupby("scenario", sort=False):
            days = part.set_index("hour")["mean"].resample("D").mean()
            found[str(name)] = {
                "from": days.index[0].strftime("%Y-%m-%d"),
                "values": [_number(value, 2) for value in days],
            }
        return found

    def _of(self, name: str, place: str, class_: str) -> dict[str, Interval]:
        keys = {metric: (name, place, class_, metric) for metric in MEASURES}
        return {metric: self.metrics[key] for metric, key in keys.items() if key in self.metrics}


def _table(frame: Any, keys: tuple[str, ...], middle: str) -> Table:
    """key columns -> [middle, low, high]."""
    columns = [frame[name] for name in (*keys, middle, "low", "high")]
    return {
        tuple(map(str, row[: len(keys)])): [_number(value) for value in row[len(keys) :]]
        for row in zip(*columns, strict=True)
    }


def _number(value: Any, decimals: int = 6) -> float | None:
    """A float the page can hold, or None for what is not a finite number."""
    number = math.nan if value is None else float(value)
    return round(number, decimals) if math.isfinite(number) else None


def _scenario(item: dict[str, Any]) -> dict[str, Any]:
    regime = item.get("regime") or {}
    return {
        "name": text(item["name"]),
        "title": text(item.get("title")) or text(item["name"]),
        "regime": text(regime.get("title")),
        "claim": text(regime.get("claim")),
        "port": text(regime.get("port")),
    }


def _period(record: dict[str, Any]) -> dict[str, Any]:
    period = record["scenarios"][0].get("period") or {}
    start = period.get("measure_from") or period.get("from")
    until = text(period.get("until"))[:10]
    with suppress(ValueError):  # `until` is the first day after the period
        until = (date.fromisoformat(until) - timedelta(days=1)).isoformat()
    return {
        "from": text(start)[:10],
        "last": until,
        "days": _number(period.get("measured_days", math.nan), 1),
    }


def _posts(
    facts: _Facts, record: dict[str, Any], network: Network
) -> tuple[list[dict[str, Any]], list[str]]:
    """The posts of the study in their order, and those that have no place to draw them at."""
    places = network.places.set_index("place")
    posts, unplaced = [], []
    for key in facts.places:
        if key.startswith("link/") or key.count("/") != 1:
            continue
        asked = _asked(record, key)
        site = text(asked.get("place")) or key.partition("/")[2]
        if site not in places.index:
            unplaced.append(text(asked.get("title")) or key)
            continue
        row = places.loc[site]
        months = facts.by_month(key)
        posts.append(
            {
                "place": key,
                "place_id": site,
                "name": text(row["name"]),
                "local": text(row["local_name"]),
                "role": text(asked.get("title")),
                "at": point(row["geometry"]),
                "within_km": _number(row["within_km"]),
                "at_assumed": text(row["evidence"]) == "assumed",
                "measures": facts.measures(key),
                "ways": facts.by_way(key),
                "changes": facts.changes(key),
                "months": months,
                "days": {} if months else facts.by_day(key),
                "evidence": {name: _evidence(record, k, key) for k, name in enumerate(facts.names)},
            }
        )
    return posts, unplaced


def _asked(record: dict[str, Any], key: str) -> dict[str, Any]:
    """What the first scenario that knows the post "port/post" asks of it; {} if none does."""
    port, _, post = key.partition("/")
    for scenario in record["scenarios"]:
        ports = (scenario.get("resolved") or {}).get("ports") or {}
        posts = (ports.get(port) or {}).get("posts") or {}
        if isinstance(posts.get(post), dict):
            return dict(posts[post])
    return {}


def _evidence(record: dict[str, Any], k: int, key: str) -> dict[str, Any]:
    """The claims behind a post in scenario number `k`, and how many of its inputs are assumed.

    The record lists the inputs of the base, and of the others those that differ.
    """
    prefix = "ports.{}.posts.{}.".format(*key.split("/"))
    inputs = {}
    for name in (record["scenarios"][0]["name"], record["scenarios"][k]["name"]):
        for row in record.get("inputs") or []:
            if row["scenario"] == name and f"{row['path']}.".startswith(prefix):
                inputs[row["path"]] = row
    regime = record["scenarios"][k].get("regime") or {}
    claims = {regime.get("claim")} | {
        value for word, value in _asked(record, key).items() if word.endswith("claim")
    }
    named = {each for claim in claims for each in text(claim).split()}
    named |= {each for row in inputs.values() for each in text(row["claim"]).split()}
    assumed = sum(row["evidence"] in ("assumed", "none") for row in inputs.values())
    return {"claims": sorted(named), "assumed": assumed}


def _links(network: Network, mode: str) -> list[dict[str, Any]]:
    """The links of a mode: their line, their length, and the traffic that papers report."""
    names = dict(zip(network.places["place"], network.places["name"], strict=True))
    rows = network.links[network.links["mode"] == mode].to_dict("records")
    return [
        {
            "link": text(row["link"]),
            "name": text(row["name"]),
            "ends": [text(names.get(row["from_place"])), text(names.get(row["to_place"]))],
            "line": path(row["geometry"]),
            "km": _number(row["km"], 1),
            "km_evidence": text(row["evidence"]),
            "km_claims": text(row["claim"]).split(),
            "cited": {
                "tonnes": _number(row["traffic_t"]),
                "trains": _number(row["traffic_trains"]),
                "claims": text(row["traffic_claim"]).split(),
                "period": text(row["traffic_period"]),
            },
        }
        for row in rows
    ]


def _roads(facts: _Facts, network: Network) -> list[dict[str, Any]]:
    """Road links with the traffic each scenario simulates on them; {} where none is simulated."""
    roads = []
    for link in _links(network, "road"):
        place = f"link/{link['link']}"
        simulated = {
            "measures": facts.measures(place),
            "ways": facts.by_way(place),
            "months": facts.by_month(place),
        }
        roads.append(link | simulated)
    return roads
