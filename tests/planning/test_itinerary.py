"""Itineraries: the steps of a lorry, how long each takes, and in which order lines are served."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from corridor.engine import ClosingRule, Verb
from corridor.planning import Manifest
from corridor.planning.clock import zone

from .small import HOUR, MINUTE, asked, planned, way_of, z_of_mean

WAY = """
    title: There and back
    period: {from: 2024-02-01, until: 2024-05-01, clock: Asia/Shanghai}
    ports:
      gap:
        title: The gap
        posts:
          a:
            channels: {green: 0.6, yellow: 0.3, red: 0.1}
            stations:
              gate: {lanes: 1, service: {exponential: {mean: 5 min}}}
              scan: {lanes: 1, service: 3 min}
            stocks: {trucks: {amount: 5}}
        travel: {road: {speed: 30 km/h, cv: 0.25, winter: 0.5}}
        procedures:
          lorry:
            round:
              - take: a.trucks
              - a.gate
              - select: a
                routes: {green: [], yellow: [a.scan], red: [a.scan, a.gate]}
              - travel: road
              - travel: road
              - a.gate
              - give: a.trucks
                after: {uniform: {low: 2 h, high: 4 h}}
    flows:
      silk:
        {port: gap, class: lorry, direction: round, priority: 7, arrivals: {poisson: 5 per hour}}
"""
KM = {"road": 45.0}  # an hour and a half


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return planned(asked(tmp_path_factory.mktemp("way"), WAY), km=KM)


def column(m: Manifest, k: int) -> np.ndarray:
    """The time of the k-th step of each unit, ms; from the end of its route if negative."""
    first = m.plan.route_first
    row = (first[:-1] + k if k >= 0 else first[1:] + k)[m.plan.route]
    return m.plan.time[m.plan.cell_first[row] + m.plan.rank]


def lengths(m: Manifest) -> np.ndarray:
    return np.diff(m.plan.route_first)[m.plan.route]


def test_each_channel_has_its_steps(plan: Manifest) -> None:
    steps = lengths(plan)
    n = len(steps)
    for length, share, way in (
        (6, 0.6, ["trucks", "gate", "road", "road", "gate", "trucks"]),
        (7, 0.3, ["trucks", "gate", "scan", "road", "road", "gate", "trucks"]),
        (8, 0.1, ["trucks", "gate", "scan", "gate", "road", "road", "gate", "trucks"]),
    ):
        mine = np.flatnonzero(steps == length)
        assert abs(len(mine) - n * share) <= 4 * np.sqrt(n * share * (1 - share))
        assert [place.split("/")[-1] for place in way_of(plan, mine[0])] == way
        assert way_of(plan, mine[0])[0].startswith("TAKE")
        assert way_of(plan, mine[0])[-1].startswith("GIVE")
    taken = np.isin(plan.plan.verb, (Verb.TAKE, Verb.GIVE))
    assert (plan.plan.amount == taken).all()
    assert (plan.plan.priority == 7).all()


def test_a_second_visit_draws_anew(plan: Manifest) -> None:
    green = lengths(plan) == 6
    first, last = (column(plan, k)[green] / MINUTE for k in (1, -2))
    assert abs(z_of_mean(first, 5)) <= 4
    assert abs(z_of_mean(last, 5)) <= 4
    assert abs(np.corrcoef(first, last)[0, 1]) <= 4 / np.sqrt(green.sum())
    one, two = (column(plan, k) for k in (-4, -3))
    assert not np.array_equal(one, two)


def test_roads_are_slow_in_winter(plan: Manifest) -> None:
    """February and March at half the speed, by the month in which a lorry starts."""
    clock = zone("Asia/Shanghai")
    came = [plan.start + timedelta(milliseconds=int(t)) for t in plan.plan.start]
    winter = np.array([t.astimezone(clock).month < 4 for t in came])
    hours = column(plan, -4) / HOUR
    for who, mean in ((winter, 3.0), (~winter, 1.5)):
        assert who.sum() > 2000
        assert abs(z_of_mean(hours[who], mean)) <= 4
        assert hours[who].std() / mean == pytest.approx(0.25, rel=0.08)


def test_a_truck_is_back_after_its_law(plan: Manifest) -> None:
    hours = column(plan, -1) / HOUR
    assert hours.min() >= 2
    assert hours.max() <= 4
    assert abs(z_of_mean(hours, 3)) <= 4


def test_two_trucks_of_one_pool_come_back_independently(tmp_path: Path) -> None:
    """One pool lent twice on one way: two laws, two streams, and the channels share both."""
    text = WAY.replace(
        "              - give: a.trucks\n",
        "              - take: a.trucks\n"
        "              - give: a.trucks\n"
        "                after: {exponential: {mean: 1 h}}\n"
        "              - give: a.trucks\n",
    )
    m = planned(asked(tmp_path, text), km=KM)
    first, last = (column(m, k) / HOUR for k in (-2, -1))
    assert abs(z_of_mean(first, 1)) <= 4
    assert abs(z_of_mean(last, 3)) <= 4
    assert abs(stats.spearmanr(first, last).statistic) <= 4 / np.sqrt(len(first))
    backs = [p for p in m.purposes if "/give/" in p]
    assert backs == ["silk/gap/a/trucks/give/0", "silk/gap/a/trucks/give/1"]
    twice = planned(asked(tmp_path, text.replace("green: 0.6", "green: 0.5").replace(
        "yellow: 0.3", "yellow: 0.4")), km=KM)  # fmt: skip
    assert not np.array_equal(lengths(m), lengths(twice))
    for k in (-2, -1):  # by whatever channel it came
        assert np.array_equal(column(m, k), column(twice, k))


def test_without_procedures_every_station_in_order(tmp_path: Path) -> None:
    text = """
        title: Plain
        period: {length: 2 d}
        arrivals: {poisson: 5 per hour}
        ports:
          p:
            title: P
            posts:
              x: {stations: {b: {lanes: 1, service: 1 min}, a: {lanes: 1, service: 2 min}}}
              w: {stations: {c: {lanes: 1, service: 3 min}}}
    """
    m = planned(asked(tmp_path, text))
    assert [m.places[i] for i in m.place] == ["p/x/b", "p/x/a", "p/w/c"]
    assert (lengths(m) == 3).all()


def test_a_stations_own_closing_rule_and_hours_go_before_the_posts(tmp_path: Path) -> None:
    text = """
        title: Rules
        period: {length: 2 d}
        arrivals: {poisson: 5 per hour}
        ports:
          p:
            title: P
            posts:
              x:
                hours: {daily: "08:00-18:00"}
                closing_rule: hold
                stations:
                  a: {lanes: 3, service: 1 min}
                  b: {lanes: 1, service: 1 min, closing_rule: recall}
                  c: {lanes: 1, service: 1 min, hours: {daily: "08:00-20:00"}}
    """
    m = planned(asked(tmp_path, text))
    assert m.stations == ("p/x/a", "p/x/b", "p/x/c")
    assert m.plan.closing.tolist() == [ClosingRule.HOLD, ClosingRule.RECALL, ClosingRule.HOLD]
    hours = [m.openings[name][0].tolist() for name in ("p/x", *m.stations)]
    assert hours == [[8 * HOUR, 18 * HOUR]] * 3 + [[8 * HOUR, 20 * HOUR]]
    assert m.plan.lane_open[:3].tolist() == [0, 3, 0]
