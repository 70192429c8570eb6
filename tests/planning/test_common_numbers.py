"""Common random numbers: two scenarios differ in nothing but what was changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from corridor.planning import Fate, Manifest

from .small import asked, planned, shipped

BASE = """
    title: Two posts
    period: {from: 2024-03-01, until: 2024-03-15}
    ports:
      gap:
        title: A gap in the hills
        posts:
          upper:
            channels: {green: 0.6, red: 0.4}
            stations:
              gate: {lanes: 1, service: {exponential: {mean: 5 min}}}
              check: {lanes: 2, service: {lognormal: {mean: 20 min, cv: 0.8}}}
            stocks: {trucks: {amount: 9}}
          lower:
            stations:
              desk: {lanes: 2, service: {erlang: {mean: 9 min, stages: 3}}}
        travel: {tashkurgan-khunjerab_pass: {speed: 40 km/h, cv: 0.2}}
        procedures:
          lorry:
            down:
              - take: upper.trucks
              - upper.gate
              - select: upper
                routes: {green: [], red: [upper.check]}
              - travel: tashkurgan-khunjerab_pass
              - lower.desk
              - give: upper.trucks
                after: {exponential: {mean: 2 h}}
    flows:
      silk:
        port: gap
        class: lorry
        direction: down
        payload: 16 t
        payload_cv: 0.2
        volume: {vehicles: 900, per: month}
"""
STAMP = "              stamp: {lanes: 1, service: 1 min}\n"
Steps = dict[str, tuple[np.ndarray, ...]]


def units(m: Manifest, flow: str) -> np.ndarray:
    return np.flatnonzero(m.flow == [f.name for f in m.flows].index(flow))


def arrivals(m: Manifest, flow: str) -> tuple[np.ndarray, ...]:
    mine = units(m, flow)
    return m.plan.start[mine], m.entry[mine], m.payload_kg[mine], m.fate[mine]


def steps(m: Manifest, flow: str) -> Steps:
    """Of each place: who does what there, for how long, in which channel; units by their rank."""
    mine = units(m, flow)
    rank = np.full(len(m.flow), -1)
    rank[mine] = np.arange(len(mine))
    found = {}
    for i, place in enumerate(m.places):
        rows = (m.where == i) & (rank[m.unit] >= 0)
        if rows.any():
            channel = np.array([*m.channels, ""])[m.channel[rows]]
            found[place] = (rank[m.unit[rows]], m.plan.verb[rows], m.plan.time[rows], channel)
    return found


def same(one: tuple[np.ndarray, ...], other: tuple[np.ndarray, ...]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


CHANGES: dict[str, tuple[str, str, set[str]]] = {
    "a lane": ("gate: {lanes: 1,", "gate: {lanes: 4,", set()),
    "a mean at one station": ("mean: 20 min", "mean: 25 min", {"gap/upper/check"}),
    "another law at one station": (
        "{exponential: {mean: 5 min}}",
        "{uniform: {low: 1 min, high: 9 min}}",
        {"gap/upper/gate"},
    ),
    "hours": (
        "          lower:\n",
        """          lower:
            closing_rule: hold
            hours: {daily: "08:00-17:00"}\n""",
        set(),
    ),
    "a stock": ("amount: 9", "amount: 2", set()),
    "the way back": ("mean: 2 h", "mean: 3 h", {"gap/upper/trucks"}),
    "a speed": ("40 km/h", "30 km/h", {"link/tashkurgan-khunjerab_pass"}),
    "a station": (
        "              - lower.desk\n",
        "              - lower.desk\n              - lower.stamp\n",
        {"gap/lower/stamp"},
    ),
    "a flow before": (
        "    flows:\n",
        """    flows:
      coal: {port: gap, class: lorry, direction: down, arrivals: {poisson: 1 per hour}}\n""",
        set(),
    ),
    "an event": (
        "    flows:\n",
        """    events:
      slide:
        title: Slide
        port: gap
        at: [upper.gate]
        sampled: {per_month: 9, during: 03-01..03-31, duration: {exponential: {mean: 9 h}}}
    flows:\n""",
        set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_one_change_moves_no_other_draw(change: str, tmp_path: Path) -> None:
    old, new, touched = CHANGES[change]
    assert old in BASE
    text = BASE.replace(old, new)
    if change == "a station":
        text = text.replace("              desk:", STAMP + "              desk:")
    a, b = (planned(asked(tmp_path, t)) for t in (BASE, text))
    assert same(arrivals(a, "silk"), arrivals(b, "silk"))
    before, after = steps(a, "silk"), steps(b, "silk")
    assert len(before["gap/upper/gate"][0]) > 300
    moved = {
        p
        for p in before | after
        if p not in before or p not in after or not same(before[p], after[p])
    }
    assert moved == touched  # nothing else moved, and what should have moved did
    assert set(a.purposes) <= set(b.purposes)


def test_another_replication_or_seed_moves_everything(tmp_path: Path) -> None:
    scenario = asked(tmp_path, BASE)
    base = planned(scenario)
    for other in (planned(scenario, 1), planned(scenario.model_copy(update={"seed": 5}))):
        before, after = steps(base, "silk"), steps(other, "silk")
        for place in ("gap/upper/gate", "gap/lower/desk", "link/tashkurgan-khunjerab_pass"):
            assert not np.isin(before[place][2], after[place][2]).mean() > 0.01


def test_a_date_draws_the_same_wherever_the_run_begins() -> None:
    """The winter days that year-round on paper opens."""
    paper = shipped("khunjerab_fair_weather")

    def since(day: date) -> Manifest:
        period = paper.period.model_copy(update={"from_": day})
        return planned(paper.model_copy(update={"flows": {}, "period": period}))

    whole, late = since(date(2023, 12, 1)), since(date(2024, 1, 20))
    shift = int((late.start - whole.start).total_seconds() * 1000)
    a, b = (m.openings["khunjerab/sost"] for m in (whole, late))
    assert len(b) > 150
    assert np.array_equal(a[a[:, 0] >= shift] - shift, b)


REGIMES = ("seasonal", "special_openings", "year_round", "fair_weather")


@pytest.fixture(scope="module")
def four() -> dict[str, Manifest]:
    return {name: planned(shipped(f"khunjerab_{name}")) for name in REGIMES}


def test_every_regime_meets_the_same_lorries(four: dict[str, Manifest]) -> None:
    base = four["seasonal"]
    for other in four.values():
        assert np.array_equal(other.payload_kg, base.payload_kg)
        assert np.array_equal(other.flow, base.flow)
        come = (other.fate == Fate.COMES) & (base.fate == Fate.COMES)
        both = np.flatnonzero(come & (other.plan.start == base.plan.start))
        assert len(both) > 5000
        for unit in both[:: len(both) // 500]:
            assert way(other, unit) == way(base, unit)


def way(m: Manifest, unit: int) -> list[tuple[str, int]]:
    """Place and time of each step of a unit."""
    rows = slice(*m.plan.first[unit : unit + 2])
    places = [m.places[i] for i in m.where[rows]]
    return list(zip(places, m.plan.time[rows].tolist(), strict=True))


def test_every_regime_meets_the_same_storms(four: dict[str, Manifest]) -> None:
    base = four["seasonal"]
    assert len(base.incidents) > 5
    for other in four.values():
        assert other.incidents == base.incidents


def test_an_output_moves_nothing(tmp_path: Path) -> None:
    """Targets and costs are looked at after the run: with or without, the same plan."""
    base = shipped("khunjerab_seasonal", "period.until=2024-06-01")
    bare = base.model_copy(update={"targets": {}, "costs": type(base.costs)()})
    a, b = planned(base), planned(bare)
    assert a.purposes == b.purposes
    for field in ("start", "time", "verb", "where", "first"):
        assert np.array_equal(getattr(a.plan, field), getattr(b.plan, field))
