"""A made-up but plausible comparison: Khunjerab's old season against year-round operation."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from corridor.metrics import estimate

# tests/browser.py, when this folder is run alone
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

SCENARIOS = {
    "khunjerab_seasonal": "Open April to November",
    "khunjerab_year_round": "Year-round opening",
}
POSTS = {"khunjerab/tashkurgan": "Asia/Shanghai", "khunjerab/sost": "Asia/Karachi"}
BEGIN, END = pd.Timestamp("2024-04-01"), pd.Timestamp("2025-04-01")
PAIRS = 20
# metric: unit, mean under the season, mean all year, spread within, spread of the difference
MEANS: dict[str, tuple[str, float, float, float, float]] = {
    "vehicles": ("vehicles", 11840, 13110, 160, 60),
    "tonnes": ("t", 47210, 62345, 900, 310),
    "teu": ("TEU", 4720, 6235, 90, 31),
    "tfi1_mean": ("h", 61.2, 44.0, 2.1, 1.1),
    "tfi1_median": ("h", 42.6, 38.4, 1.0, 0.7),
    "tfi1_p90": ("h", 118, 81, 6.0, 4.1),
    "tfi1_p95": ("h", 190, 98, 9.5, 6.0),
    "wait_mean": ("h", 44.8, 27.9, 2.0, 1.0),
    "peak_queue": ("vehicles", 412, 188, 22, 15),
    "unserved_vehicles": ("vehicles", 268, 31, 12, 10),
    "unserved_tonnes": ("t", 2140, 240, 95, 80),
    "lost_vehicles": ("vehicles", 0, 0, 0, 0),
    "lost_tonnes": ("t", 6120, 0, 140, 140),
    "demand_tonnes": ("t", 55470, 62585, 900, 0),
    "open_days": ("days", 158, 233, 0, 0),
    "open_hours": ("h", 1722, 2540, 12, 12),
    "joint_open_hours": ("h", 790, 1165, 6, 6),
    "utilisation": ("share", 0.71, 0.58, 0.012, 0.02),
    "tfi2_mean": ("USD", 412, 407, 6.1, 4.8),
    "tfi3_mean": ("USD per 500 km per 20 t", 746, 744, 4, 3.9),
    "swod": ("km/h", 27.6, 27.5, 0.1, 0.09),
    "swd": ("km/h", 6.1, 7.4, 0.2, 0.1),
    "co2_idling": ("t", 384, 301, 9, 6),
}


@dataclass(frozen=True)
class Made:
    """The shape of corridor.results.Results, filled by hand."""

    record: dict[str, Any]
    metrics: pd.DataFrame
    replications: pd.DataFrame
    series: pd.DataFrame
    visits: pd.DataFrame
    monthly: pd.DataFrame
    calendar: pd.DataFrame
    targets: pd.DataFrame
    staircase: pd.DataFrame
    differences: pd.DataFrame | None


def _replications(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for metric, (unit, base, other, spread, apart) in MEANS.items():
        first = base + spread * rng.standard_normal(PAIRS)
        second = first + (other - base) + apart * rng.standard_normal(PAIRS)
        places = [("khunjerab", "all", 1.0)]
        if metric in ("tonnes", "vehicles", "tfi1_p95"):
            shares = (1, 1) if unit == "h" else (0.74, 0.26)
            places += [("khunjerab", "all south", shares[0]), ("khunjerab", "all north", shares[1])]
        if metric in ("wait_mean", "peak_queue", "utilisation"):
            places += [("khunjerab/sost", "all", 0.7), ("khunjerab/sost/documents", "all", 0.5)]
        for place, cls, share in places:
            for name, values in zip(SCENARIOS, (first, second), strict=True):
                rows += [
                    (name, i, place, cls, metric, unit, float(v * share))
                    for i, v in enumerate(values)
                ]
    columns = ["scenario", "replication", "place", "class", "metric", "unit", "value"]
    return pd.DataFrame(rows, columns=columns)


def _metrics(replications: pd.DataFrame) -> pd.DataFrame:
    rows = []
    keys = ["scenario", "place", "class", "metric", "unit"]
    for key, group in replications.groupby(keys, sort=False):
        e = estimate.interval(group["value"])
        rows.append((*key, float(e.mean), float(e.low), float(e.high), e.n))
    return pd.DataFrame(rows, columns=[*keys, "mean", "low", "high", "n"])


def _differences(replications: pd.DataFrame) -> pd.DataFrame:
    base, other = SCENARIOS
    rows = []
    for key, group in replications.groupby(["place", "class", "metric", "unit"], sort=False):
        two = [group.loc[group["scenario"] == s, "value"].to_numpy() for s in (base, other)]
        d = estimate.paired(*two)
        rows.append(
            (
                base,
                other,
                *key,
                float(d.difference),
                float(d.low),
                float(d.high),
                d.pairs,
                float(d.variance_reduction),
                float(d.p),
            )
        )
    return pd.DataFrame(
        rows,
        columns=[
            "base",
            "other",
            "place",
            "class",
            "metric",
            "unit",
            "difference",
            "low",
            "high",
            "pairs",
            "variance_reduction",
            "p_adjusted",
        ],
    )


def _queue(name: str, rng: np.random.Generator) -> pd.DataFrame:
    """Hourly vehicles waiting at the port, by a plain fluid queue over ten sampled years."""
    hours = pd.date_range(BEGIN, END, freq="h", inclusive="left")
    month, day = hours.month.to_numpy(), hours.day_of_week.to_numpy()
    utc = hours.hour.to_numpy()
    open_ = (day < 5) & (utc >= 4) & (utc < 11)
    closed = np.isin(month, [12, 1, 2, 3]) if "seasonal" in name else np.zeros(len(hours), bool)
    rush = np.where(month == 11, 1.8, np.where(np.isin(month, [12, 1, 2, 3]), 0.75, 1.0))
    rush = np.where(closed, 0.03, rush) * np.where(utc % 24 < 16, 1.5, 0.1)
    paths = []
    for _ in range(10):
        arrivals = rng.poisson(1.55 * rush * (day < 6))
        level, path = 330.0 if "seasonal" in name else 20.0, []
        for a, works in zip(arrivals, open_ & ~closed, strict=True):
            level = max(0.0, level + a - (11.5 if works else 0.0))
            path.append(level)
        paths.append(path)
    p = np.array(paths)
    low, middle, high = np.percentile(p, [10, 50, 90], axis=0)
    return pd.DataFrame(
        {
            "scenario": name,
            "place": "khunjerab",
            "measure": "queue",
            "hour": hours.astype("datetime64[ms]"),
            "mean": p.mean(axis=0),
            "p10": low,
            "p50": middle,
            "p90": high,
        }
    )


def _monthly(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    base = [3900, 4600, 5300, 5700, 5900, 6300, 7100, 8400, 0, 0, 0, 0]
    other = [4300, 4800, 5400, 5600, 5800, 6100, 6400, 6300, 5000, 3900, 4200, 4500]
    for name, values in zip(SCENARIOS, (base, other), strict=True):
        for month, tonnes in zip(
            pd.period_range("2024-04", "2025-03", freq="M"), values, strict=True
        ):
            for metric, unit, x in (("tonnes", "t", tonnes), ("vehicles", "vehicles", tonnes / 4)):
                half = x * rng.uniform(0.01, 0.05)
                rows.append(
                    (
                        name,
                        "khunjerab",
                        "all",
                        str(month),
                        metric,
                        unit,
                        float(x),
                        x - half,
                        x + half,
                        PAIRS,
                    )
                )
    return pd.DataFrame(
        rows,
        columns=[
            "scenario",
            "place",
            "class",
            "month",
            "metric",
            "unit",
            "mean",
            "low",
            "high",
            "n",
        ],
    )


# fmt: off
HOLIDAYS = {
    "khunjerab/tashkurgan": [("Qingming", "2024-04-04", 3), ("Labour Day", "2024-05-01", 5),
                             ("National Day", "2024-10-01", 7), ("New Year", "2025-01-28", 6)],
    "khunjerab/sost": [("Eid al-Fitr", "2024-04-10", 3), ("Eid al-Adha", "2024-06-17", 3),
                       ("Ashura", "2024-07-16", 2), ("Independence Day", "2024-08-14", 1)],
}
# fmt: on


def _calendar() -> pd.DataFrame:
    rows: list[tuple[str, str, str, str, str, str]] = []
    offsets = {"khunjerab/tashkurgan": "+08:00", "khunjerab/sost": "+05:00"}
    for name in SCENARIOS:
        for place, offset in offsets.items():
            opens, shuts = ("09:30", "18:30") if "tash" in place else ("09:00", "17:00")
            off = {
                str((pd.Timestamp(d) + pd.Timedelta(days=k)).date())
                for _, d, n in HOLIDAYS[place]
                for k in range(n)
            }
            for day in pd.date_range(BEGIN, END, freq="D", inclusive="left"):
                shut = "seasonal" in name and day.month in (12, 1, 2, 3)
                if day.weekday() < 5 and not shut and str(day.date()) not in off:
                    rows.append(
                        (
                            name,
                            place,
                            "open",
                            "",
                            f"{day.date()}T{opens}:00{offset}",
                            f"{day.date()}T{shuts}:00{offset}",
                        )
                    )
            if "seasonal" in name:
                rows.append(
                    (
                        name,
                        place,
                        "season_closed",
                        "winter closure",
                        f"2024-12-01T00:00:00{offset}",
                        f"2025-04-01T00:00:00{offset}",
                    )
                )
            rows += [
                (
                    name,
                    place,
                    "holiday",
                    holiday,
                    f"{first}T00:00:00{offset}",
                    f"{(pd.Timestamp(first) + pd.Timedelta(days=n)).date()}T00:00:00{offset}",
                )
                for holiday, first, n in HOLIDAYS[place]
            ]
        rows.append(
            (
                name,
                "khunjerab/sost",
                "event",
                "Sost sit-in",
                "2024-08-05T00:00:00+05:00",
                "2024-08-08T00:00:00+05:00",
            )
        )
    rows.append(
        (
            "khunjerab_seasonal",
            "khunjerab",
            "special_opening",
            "special opening",
            "2025-01-06T00:00:00+05:00",
            "2025-01-18T00:00:00+05:00",
        )
    )
    return pd.DataFrame(rows, columns=["scenario", "place", "kind", "name", "from", "until"])


TARGETS = """
khunjerab_seasonal|kj_2024_v|Vehicles, January to October 2024|fitted|vehicles|vehicles|2024-01-01|2024-11-01|KJ-10|11000|10870|10510|11230
khunjerab_seasonal|kj_2024_t|Cargo, January to October 2024|fitted|tonnes|t|2024-01-01|2024-11-01|KJ-11|40900|41200|39300|43100
khunjerab_year_round|kj_2025_v|Vehicles, January to March 2025|held_out|vehicles|vehicles|2025-01-01|2025-04-01|KJ-17|1271|2610|2380|2840
khunjerab_year_round|kj_2025_t|Cargo, January to March 2025|held_out|tonnes|t|2025-01-01|2025-04-01|KJ-17|12432|12600|11300|13900
"""  # noqa: E501


def _targets() -> pd.DataFrame:
    columns = ["scenario", "target", "title", "role", "metric", "unit", "from", "until", "claim",
               "observed", "mean", "low", "high"]  # fmt: skip
    table = pd.read_csv(io.StringIO(TARGETS), sep="|", names=columns)
    inside = (table["low"] <= table["observed"]) & (table["observed"] <= table["high"])
    return table.assign(place="khunjerab", n=PAIRS, inside=inside)


def _staircase() -> pd.DataFrame:
    rows = []
    # fmt: off
    south = [
        ("leg", "kashgar", "Kashgar", 0, 0, 0), ("leg", "tashkurgan", "Tashkurgan", 290, 6.6, 95),
        ("post", "khunjerab/tashkurgan", "Tashkurgan", 290, 24.8, 180),
        ("leg", "khunjerab_pass", "Khunjerab Pass", 420, 31.1, 236),
        ("leg", "sost", "Sost", 506, 35.0, 275), ("post", "khunjerab/sost", "Sost", 506, 75.0, 520),
        ("leg", "gilgit", "Gilgit", 690, 83.8, 610),
        ("leg", "islamabad", "Islamabad", 1290, 108.0, 880),
    ]
    # fmt: on
    total_km, total_usd = 1290, 880
    for name, quicker in zip(SCENARIOS, (1.0, 0.55), strict=True):
        for direction in ("south", "north"):
            border, previous = 0.0, 0.0
            out = []
            for order, (kind, place, label, km, hours, usd) in enumerate(south):
                step = hours - previous
                previous = hours
                border += step * (quicker if kind == "post" else 1.0)
                wide = 0.05 * border + (4.0 if hours > 24 else 0) * quicker
                out.append(
                    (
                        name,
                        "Karakoram Highway",
                        "truck_laden",
                        direction,
                        order,
                        place,
                        kind,
                        label,
                        float(km),
                        border,
                        border - wide,
                        border + 1.9 * wide,
                        float(usd),
                    )
                )
            if direction == "north":
                out = _turned(out, total_km, total_usd)
            rows += out
    return pd.DataFrame(
        rows,
        columns=[
            "scenario",
            "corridor",
            "class",
            "direction",
            "order",
            "place",
            "kind",
            "name",
            "km",
            "hours_mean",
            "hours_p10",
            "hours_p90",
            "usd_mean",
        ],
    )


def _turned(out: list[tuple[Any, ...]], km: float, usd: float) -> list[tuple[Any, ...]]:
    """The same legs from the other end, with the cumulated columns run again."""
    ends = out[-1][9:12]
    turned = [(*out[-1][:4], 0, *out[-1][5:8], 0.0, 0.0, 0.0, 0.0, 0.0)]
    for i in range(len(out) - 1, 0, -1):
        row, before = out[i], out[i - 1]
        place = before[5] if row[6] == "leg" else row[5]
        turned.append(
            (
                *row[:4],
                len(turned),
                place,
                row[6],
                before[7],
                km - before[8],
                *(e - b for e, b in zip(ends, before[9:12], strict=True)),
                usd - before[12],
            )
        )
    return turned


INPUTS = """
ports.khunjerab.season.closed|closed season|12-01 to 03-31|||||cited|KJ-C0|
ports.khunjerab.posts.sost.stations.documents.lanes|Sost, document lanes|2|lanes|1|4||assumed||no published count; set to peak flow
ports.khunjerab.posts.sost.stations.documents.service|Sost, document check|25|min|15|45|lognormal, cv 0.8|assumed||one traveller's account from 2017
flows.trucks.tonnes|laden payload|16|t|12|20||derived||between 15.8 t (TIR) and 18.3 t (special opening)
flows.trucks.volume|freight vehicles a year|11,000|vehicles|9,900|12,100||cited|KJ-10|
flows.winter.waits|share of winter goods that wait for April|45%|share|20%|70%||assumed||no survey of shippers exists
flows.mystery|a number without papers|3|h||||none||
"""  # noqa: E501

CLAIMS = """
KJ-10|vehicles through Khunjerab|>11,000|vehicles|2024-01..2024-10|S05|Xinhua|accepted||C3|yes|https://example.org/paper
KJ-10b|vehicles through Khunjerab|>11,000|vehicles|2023|001|a seed article|rejected|the year is 2024|C3||seed file 001
KJ-11|cargo through Khunjerab|40,900|t|2024-01..2024-10|S05|Xinhua|accepted|||yes|https://www.example.org/b_(c)
KJ-C0|closed season of the 1985 protocol|1 Dec to 31 Mar||to 2024|S09|China Daily|superseded|||yes|
KJ-C12|year-round from 1 December 2024|open||2024-12-01|S03|Xinhua|contested|some papers of 29 November 2024 say closed|C2|yes|https://example.org/c
KJ-C12b|closed again in winter 2024-25|closed||2024-11-30..2025-03-30|S14|Pakistani press|contested|trucks passed on 3 February 2025|C2||https://example.org/d
KJ-17|vehicles and cargo, first quarter|1,271; 12,432|vehicles; t|2025-01..2025-03|S01|Xinhua|accepted|||yes|https://example.org/e
"""  # noqa: E501


def _inputs() -> list[dict[str, Any]]:
    columns = ["path", "title", "value", "unit", "low", "high", "distribution", "evidence", "claim",
               "why"]  # fmt: skip
    rows = []
    for line in INPUTS.strip().splitlines():
        row: dict[str, Any] = dict(zip(columns, line.split("|"), strict=True))
        for name in SCENARIOS:
            changed = row["title"] == "closed season" and "year_round" in name
            value = "none" if changed else row["value"]
            rows.append({**row, "scenario": name, "value": value,
                         "differs": row["title"] == "closed season"})  # fmt: skip
    return rows


def _claims() -> list[dict[str, Any]]:
    columns = ["claim", "subject", "value", "unit", "period", "source", "publisher", "status",
               "reason", "conflict", "used", "address"]  # fmt: skip
    lines = [line.split("|") for line in CLAIMS.strip().splitlines()]
    rows = [dict(zip(columns, line, strict=True)) for line in lines]
    return [{**row, "used": row["used"] == "yes"} for row in rows]


def _record() -> dict[str, Any]:
    base, other = SCENARIOS
    period = {
        "from": "2024-01-01",
        "until": "2025-04-01",
        "measure_from": "2024-04-01",
        "clock": "Asia/Karachi",
        "measured_days": 365,
    }
    asks = "What does winter operation add, once the pre-closure rush is counted?"
    return {
        "schema": "corridor/run/1",
        "version": "0.1.0",
        "commit": "1a2b3c4d5e6f",
        "command": ["corridor", "compare", base, other, "--replications", str(PAIRS)],
        "scenarios": [
            {
                "name": name,
                "title": f"Khunjerab, {title[:1].lower()}{title[1:]}",
                "asks": asks,
                "regime": {
                    "port": "khunjerab",
                    "name": name.split("_", 1)[1],
                    "title": title,
                    "claim": claim,
                    "why": "",
                },
                "period": period,
                "resolved": {},
                "sha256": digit * 64,
                "files": [{"path": f"scenarios/{name}.yaml", "sha256": digit * 64}],
            }
            for (name, title), claim, digit in zip(
                SCENARIOS.items(), ("KJ-C0", "KJ-C12"), "ab", strict=True
            )
        ],
        "changes": [
            {
                "base": base,
                "other": other,
                "words": [
                    "ports.khunjerab.season.closed 12-01 to 03-31 -> none",
                    "ports.khunjerab.posts.sost.stations.documents.lanes 2 -> 2 "
                    "(unchanged in number, open in winter)",
                ],
            }
        ],
        "held_equal": [
            "demand: the same lorries, in the same order",
            "lanes, staff and service times at every station",
            "storms: the same closures of the pass",
            "both countries' holidays",
        ],
        "inputs": _inputs(),
        "claims": _claims(),
        "data": [
            {"path": "geodata/claims.csv", "sha256": "c" * 64},
            {"path": "geodata/places.csv", "sha256": "d" * 64},
        ],
        "random": {
            "seed": 20241204,
            "bit_generator": "PCG64DXSM",
            "scheme": "spawn_key=(replication, blake2 of purpose)",
            "purposes": ["arrivals", "mix", "service", "storms"],
        },
        "design": {
            "kind": "terminating",
            "replications": PAIRS,
            "start_state": "empty on 1 January 2024",
            "warm_up": "three months, not measured",
            "interval": "t, Willink-corrected",
            "pairing": "common random numbers",
            "multiplicity": "Holm",
        },
        "warnings": ["3 inputs have no range; they cannot appear in a sensitivity analysis."],
        "packages": {"numpy": "2.4.6", "simpy": "4.1.2"},
        "run_id": "5f0c9a17",
    }


@pytest.fixture(scope="session")
def results() -> Made:
    rng = np.random.default_rng(20241204)
    replications = _replications(rng)
    return Made(
        record=_record(),
        metrics=_metrics(replications),
        replications=replications,
        series=pd.concat([_queue(name, rng) for name in SCENARIOS], ignore_index=True),
        visits=pd.DataFrame(),
        monthly=_monthly(rng),
        calendar=_calendar(),
        targets=_targets(),
        staircase=_staircase(),
        differences=_differences(replications),
    )
