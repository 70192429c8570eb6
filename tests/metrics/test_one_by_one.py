"""Every indicator and every series equals what counting units one by one gives, on random ports."""

from __future__ import annotations

from functools import cache
from math import isnan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planning.small import ran, told
from pydantic import ValidationError

from corridor.engine import Verb
from corridor.metrics import Leg, View
from corridor.metrics.monthly import monthly
from corridor.metrics.peaks import peak
from corridor.metrics.stays import Spread, _spread, quantiles
from corridor.results.tables import series_of
from corridor.scenarios import Scenario

from .naive import Naive

RULES = ("finish", "hold", "recall")
ROAD = (Leg("start", "here", 90, 50, "start-here"), Leg("here", "end", 210, 60, "here-end"))
SEEDS = st.integers(0, 2**32 - 1)


def some(rng: np.random.Generator, **chances: tuple[float, Any]) -> dict[str, Any]:
    """Each of the things with its chance."""
    return {key: thing for key, (chance, thing) in chances.items() if rng.random() < chance}


def station(rng: np.random.Generator) -> dict[str, Any]:
    law = rng.choice(["exponential", "constant"])  # with constants, much happens at one instant
    mean = f"{5 * rng.integers(1, 20)} min"
    hours = {"hours": {"daily": "07:00-21:00"}, "closing_rule": str(rng.choice(RULES))}
    return {
        "lanes": int(rng.integers(1, 4)),
        "service": {law: {"mean": mean} if law == "exponential" else mean},
        **(hours if rng.random() < 0.3 else {}),
        **some(
            rng,
            lines=(0.3, "each"),
            room=(0.4, int(rng.integers(1, 5))),
            turn_away_above=(0.2, int(rng.integers(0, 6))),
            patience=(0.2, {"exponential": {"mean": "3 h"}}),
        ),
    }


def post(rng: np.random.Generator, clock: str) -> dict[str, Any]:
    hours = str(rng.choice(["always", "08:00-12:00, 13:00-18:00", "20:00-05:00"]))
    return {
        "clock": clock,
        "hours": hours if hours == "always" else {"daily": hours},
        "closing_rule": str(rng.choice(RULES)),
        "channels": {"green": 0.6, "red": 0.4},
        "stations": {"gate": station(rng), "desk": station(rng)},
        "stocks": {"trucks": {"amount": int(rng.integers(1, 9))}},
        "trains": {"shuttle": {"capacity": 3, "when_full": True, "timetable": {"every": "5 h"}}},
    }


def flow(rng: np.random.Generator, class_: str, direction: str, payload: str) -> dict[str, Any]:
    return {
        "port": "gap",
        "class": class_,
        "direction": direction,
        "volume": {"vehicles": int(rng.integers(100, 700)), "per": "month"},
        "payload": payload,
        "payload_cv": 0.3,
        "teu": "1.5 TEU",
        "priority": int(rng.integers(0, 3)),
        **some(rng, corridor=(0.8, "road")),
        **some(rng, closed_season=(0.8, {
            "rush": 0.3, "wait": 0.4, "lost": 0.3, "rush_window": "2 d", "wait_window": "1 d",
            "after": "6 h",
        })),
    }  # fmt: skip


def port(rng: np.random.Generator) -> Scenario | None:
    """A small port with anything a port may have; None if it cannot be."""
    west = ["west.gate", {"select": "west", "routes": {"green": [], "red": ["west.desk"]}}]
    give = {"give": "west.trucks", "after": {"exponential": {"mean": "9 h"}}}
    seasons = {"closed": (0.3, "02-28..02-29"), "by_class": (0.3, {"coach": "02-01..02-29"})}
    storm = {"title": "S", "port": "gap", "at": ["west.gate", "east.desk"],
             "sampled": {"per_month": 9, "during": "01-01..12-31", "duration": "3 h"}}  # fmt: skip
    try:
        return Scenario.model_validate({
            "title": "Drawn",
            "seed": int(rng.integers(2**31)),
            "period": {
                "from": "2024-02-27", "until": "2024-03-03", "clock": "Asia/Shanghai",
                "measure_from": str(rng.choice(["2024-02-27", "2024-02-28"])),
            },
            "ports": {"gap": {
                "title": "G", "season": some(rng, **seasons),
                "posts": {"west": post(rng, "Asia/Shanghai") | {"place": "here"},
                          "east": post(rng, "Asia/Karachi")},
                "travel": {"way": {"speed": "30 km/h", "cv": 0.2}},
                "procedures": {
                    "lorry": {
                        "out": [{"take": "west.trucks"}, *west, {"travel": "way"}, "east.gate",
                                "east.desk", give],
                        "home": ["east.gate", "east.desk", {"depart": "east.shuttle"},
                                 {"travel": "way"}, *west, {"travel": "way"}, "east.desk"],
                    },
                    "coach": {"out": ["west.desk", "west.gate", "east.gate"]},
                },
            }},
            "flows": {"silk": flow(rng, "lorry", "out", "16 t"),
                      "tea": flow(rng, "lorry", "out", "9 t"),
                      "empties": flow(rng, "lorry", "home", "0 t"),
                      "tours": flow(rng, "coach", "out", "0 t")},
            "events": {"storm": storm} if rng.random() < 0.5 else {},
            "costs": {"fees": {"gap.west": "100 USD", "gap.east": "30 USD"},
                      "waiting": "10 USD per hour", "idling_co2_kg_per_h": 5.4,
                      "haul": {"before": "1000 USD", "after": "500 USD"}},
        })  # fmt: skip
    except ValidationError:
        return None


@cache
def drawn(seed: int) -> View:
    """A run at such a port: the first that can be."""
    rng = np.random.default_rng(seed)
    scenario = None
    while scenario is None:
        scenario = port(rng)
    return ran(scenario, km={"way": 20}, corridors={"road": ROAD})


@settings(max_examples=30, deadline=None, derandomize=True)
@given(SEEDS)
def test_indicators(seed: int) -> None:
    view, naive = drawn(seed), Naive(drawn(seed))
    view.ledger.check()
    expected = naive.counts() | naive.times() | naive.capacity()
    found = told(view)
    assert set(found) == set(expected)
    for key, value in found.items():
        assert value == pytest.approx(expected[key], rel=1e-11, nan_ok=True), key


@settings(max_examples=30, deadline=None, derandomize=True)
@given(SEEDS)
def test_series(seed: int) -> None:
    labels, values = series_of(drawn(seed).ledger)
    found = dict(zip(labels, values.tolist(), strict=True))
    expected = Naive(drawn(seed)).series()
    assert set(found) == set(expected)
    for label, counts in found.items():
        assert counts == expected[label], label


@settings(max_examples=30, deadline=None, derandomize=True)
@given(SEEDS)
def test_months(seed: int) -> None:
    found = {key: value for key, value in monthly(drawn(seed)).items() if value}
    expected = {key: value for key, value in Naive(drawn(seed)).monthly().items() if value}
    assert found == pytest.approx(expected, rel=1e-11)


def test_the_ports_drawn_have_it_all() -> None:
    """Else the tests above would hold of nothing."""
    seen: dict[str, int] = {}
    for seed in range(12):
        ledger = drawn(seed).ledger
        verbs, plan = ledger.manifest.plan.verb, ledger.manifest.plan
        again = [v for v in ledger.visits if plan.verb[v.row] == Verb.SERVE]
        worked = [ledger.journal.worked[plan.cells(v.row)] for v in again]
        for what, count in {
            "turned away": (ledger.turned_away >= 0).sum(),
            "chose a lane": (ledger.journal.joined > 0).sum(),
            "held": len(ledger.held.row),
            "kept a lane": sum((v.free > v.ended).sum() for v in again),
            "threw work away": sum(
                (w > v.ended - v.began)[v.ended >= 0].sum()
                for v, w in zip(again, worked, strict=True)
            ),
            "left by train": sum((v.began >= 0).sum() for v in ledger.visits
                                 if verbs[v.row] == Verb.DEPART),
            "lost": ledger.lost.sum(),
            "unserved": ledger.backlog(ledger.manifest.axis.horizon).sum(),
            "waited outside": (ledger.arrived > ledger.manifest.entry).sum(),
        }.items():  # fmt: skip
            seen[what] = seen.get(what, 0) + int(count)
    assert not [what for what, count in seen.items() if count < 5], seen


# -- the parts that are clever -------------------------------------------------------------------


def counted(begin: np.ndarray, end: np.ndarray) -> int:
    """The peak by sorting everything."""
    instants = np.unique(begin)
    level = np.searchsorted(np.sort(begin), instants, side="right")
    level -= np.searchsorted(np.sort(end), instants, side="right")
    return int(level.max(initial=0))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(SEEDS, st.integers(0, 3000), st.sampled_from([1, 50, 10**4, 10**10]), st.booleans())
def test_the_peak_is_the_peak(seed: int, n: int, span: int, crowded: bool) -> None:
    rng = np.random.default_rng(seed)
    begin = rng.integers(0, span, n)
    if crowded:  # at a few instants
        begin = begin // 7 * 7
    end = begin + 1 + rng.integers(0, 1 + span // (1 + n // 9), n)
    assert peak([(begin, end)]) == counted(begin, end)
    middle = n // 3  # in parts, one of them empty
    parts = [(begin[some], end[some]) for some in (slice(middle), slice(0), slice(middle, None))]
    assert peak(parts) == counted(begin, end)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(SEEDS, st.integers(1, 400), st.sampled_from([1, 2, 9, 10**9]))
def test_quantiles_are_those_of_numpy_to_the_last_digit(seed: int, n: int, kinds: int) -> None:
    hours = np.random.default_rng(seed).integers(0, kinds, n) / 3_600_000
    expected = np.mean(hours), np.median(hours), *np.percentile(hours, [90, 95])
    before = hours.copy()
    assert _spread(hours) == Spread(*map(float, expected))
    shares = (0.9, 0.6, 0.6, 0.1)
    assert quantiles(hours, shares) == np.percentile(hours, [90, 60, 60, 10]).tolist()
    assert np.array_equal(hours, before)


def test_nobody_has_no_quantiles() -> None:
    spread = _spread(np.zeros(0))
    assert all(isnan(value) for value in (spread.mean, spread.median, spread.p90, spread.p95))
