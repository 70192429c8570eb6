"""Queueing theory through a person's own file: parser, units, calendars, tables and all."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from planning.small import asked, ran, told

from corridor.scenarios import Scenario, read_whole
from corridor.study import study

RUNS = 30  # replications; with fewer a slow queue's standard error is low just when its mean is


def values(scenario: Scenario) -> dict[str, np.ndarray]:
    """Values over replications of each metric, all classes: "place metric" -> (RUNS,)."""
    rows = [told(ran(scenario, r)) for r in range(RUNS)]
    return {
        f"{place} {metric}": np.array([row[place, class_, metric] for row in rows])
        for place, class_, metric in rows[0]
        if class_ == "all"
    }


def station(folder: Path, arrivals: str, body: str, days: int, warm: int) -> Scenario:
    text = f"""
        title: Q
        period: {{length: {days} d, warm_up: {warm} d}}
        arrivals: {{poisson: {arrivals}}}
        ports: {{p: {{title: P, posts: {{{body}}}}}}}
    """
    return asked(folder, text)


def agrees(values: np.ndarray, truth: float, within: float) -> None:
    """|z| <= 4, and a standard error small enough for that to mean something."""
    error = values.std(ddof=1) / math.sqrt(len(values))
    assert error < within * truth, "a test that can fail"
    assert abs(values.mean() - truth) <= 4 * error, (values.mean(), truth, error)


def erlang_c(lanes: int, load: float) -> float:
    """Mean wait of M/M/c in units of the mean service [Erlang 1917]."""
    a = lanes * load
    tail = a**lanes / math.factorial(lanes) / (1 - load)
    chance = tail / (sum(a**k / math.factorial(k) for k in range(lanes)) + tail)
    return chance / (lanes * (1 - load))


# name: arrivals, service law, lanes, mean wait in min; the load is 0.7
HEAVY = 8 * 0.7 / 0.3  # of M/M/1; by Pollaczek and Khinchine times (1 + cv^2) / 2 for other laws
ONE = {
    "M/M/1": ("5.25 per hour", "{exponential: {mean: 8 min}}", 1, HEAVY),
    "M/M/3": ("15.75 per hour", "{exponential: {mean: 8 min}}", 3, 8 * erlang_c(3, 0.7)),
    "M/D/1": ("5.25 per hour", "8 min", 1, HEAVY / 2),
    "M/E4/1": ("5.25 per hour", "{erlang: {mean: 8 min, stages: 4}}", 1, HEAVY * 1.25 / 2),
    "M/LN/1": ("5.25 per hour", "{lognormal: {mean: 8 min, cv: 0.5}}", 1, HEAVY * 1.25 / 2),
}


@pytest.mark.parametrize("name", ONE)
def test_one_station(name: str, tmp_path: Path) -> None:
    arrivals, service, lanes, wait = ONE[name]
    days, warm = (44, 4) if lanes == 1 else (23, 3)
    body = f"q: {{stations: {{desk: {{lanes: {lanes}, service: {service}}}}}}}"
    found = values(station(tmp_path, arrivals, body, days, warm))
    agrees(found["p wait_mean"] * 60, wait, 0.03)
    agrees(found["p/q/desk station_wait_mean"] * 60, wait, 0.03)
    agrees(found["p tfi1_mean"] * 60, wait + 8, 0.03)
    agrees(found["p/q/desk utilisation"], 0.7, 0.01)
    rate = float(arrivals.split()[0]) * 24 * (days - warm)
    agrees(found["p vehicles"], rate, 0.01)
    agrees(found["p demand_vehicles"], rate, 0.01)


def test_the_whole_way_gives_the_same_numbers(tmp_path: Path) -> None:
    """`study` and its tables add nothing and lose nothing."""
    body = "q: {stations: {desk: {lanes: 1, service: {exponential: {mean: 8 min}}}}}"
    direct = values(station(tmp_path, "5.25 per hour", body, 9, 2))
    table = study([read_whole(tmp_path / "small.yaml")], replications=RUNS, jobs=1).metrics
    row = table[(table["place"] == "p") & (table["class"] == "all")].set_index("metric").loc
    for metric in ("wait_mean", "tfi1_mean", "vehicles", "peak_queue"):
        assert row[metric]["mean"] == pytest.approx(direct[f"p {metric}"].mean(), rel=1e-12)
    assert row["wait_mean"]["low"] < HEAVY / 60 < row["wait_mean"]["high"]


def test_a_quarter_goes_to_the_hall_as_well(tmp_path: Path) -> None:
    """M/D/1, then an infinite hall for the red channel: M/G/infinity, nobody waits there."""
    text = """
        title: Green and red
        period: {length: 60 d, warm_up: 4 d}
        arrivals: {poisson: 4 per hour}
        ports:
          p:
            title: P
            posts:
              q:
                channels: {green: 0.75, red: 0.25}
                stations:
                  desk: {lanes: 1, service: 10 min}
                  hall: {lanes: unlimited, service: {exponential: {mean: 60 min}}}
            procedures:
              vehicle:
                through:
                  - select: q
                    routes: {green: [q.desk], red: [q.desk, q.hall]}
    """
    found = values(asked(tmp_path, text))
    load = 4 * 10 / 60
    wait = 10 * load / (1 - load) / 2
    agrees(found["p wait_mean"] * 60, wait, 0.03)
    agrees(found["p tfi1_mean"] * 60, wait + 10 + 0.25 * 60, 0.03)
    assert (found["p/q/hall station_wait_mean"] == 0).all()


def test_green_and_red_at_one_lane(tmp_path: Path) -> None:
    """M/M/1 where a quarter joins the line again for a second service: load 5/12."""
    text = """
        title: Feedback
        period: {length: 44 d, warm_up: 4 d}
        arrivals: {poisson: 4 per hour}
        ports:
          p:
            title: P
            posts:
              q:
                channels: {green: 0.75, red: 0.25}
                stations: {desk: {lanes: 1, service: {exponential: {mean: 5 min}}}}
            procedures:
              vehicle:
                through:
                  - q.desk
                  - select: q
                    routes: {green: [], red: [q.desk]}
    """
    found = values(asked(tmp_path, text))
    agrees(found["p/q/desk utilisation"], 5 / 12, 0.01)
    agrees(found["p tfi1_mean"] * 60, feedback(4 / 60, 1 / 5, 0.25), 0.03)


def feedback(rate: float, speed: float, again: float) -> float:
    """Mean sojourn, by mean values: exact, as the service is exponential and the line is FIFO.

    A first visit finds n1 first and n2 second visits (PASTA) and is through after
    T1 = (n1 + n2 + 1) / speed. Then the line holds who came meanwhile, rate T1, and `again` of the
    n1: T2 = (rate T1 + again n1 + 1) / speed. Little: n1 = rate T1, n2 = rate again T2.
    """
    t1 = t2 = 0.0
    for _ in range(10_000):
        n1, n2 = rate * t1, rate * again * t2
        t1 = (n1 + n2 + 1) / speed
        t2 = (rate * t1 + again * n1 + 1) / speed
    return t1 + again * t2


def test_stations_in_a_row_are_each_on_their_own(tmp_path: Path) -> None:
    """Tandem of M/M/1 and M/M/2: by Burke the second sees Poisson arrivals, and times add up."""
    body = (
        "a: {stations: {one: {lanes: 1, service: {exponential: {mean: 5 min}}}}},"
        "b: {stations: {two: {lanes: 2, service: {exponential: {mean: 10 min}}}}}"
    )
    found = values(station(tmp_path, "8 per hour", body, 34, 4))
    load = 8 * 5 / 60
    first, second = 5 * load / (1 - load), 10 * erlang_c(2, load)
    agrees(found["p/a/one station_wait_mean"] * 60, first, 0.03)
    agrees(found["p/b/two station_wait_mean"] * 60, second, 0.03)
    agrees(found["p/a tfi1_mean"] * 60, first + 5, 0.03)
    agrees(found["p/b tfi1_mean"] * 60, second + 10, 0.03)
    agrees(found["p tfi1_mean"] * 60, first + second + 15, 0.03)


def test_littles_law_is_exact_on_the_path(tmp_path: Path) -> None:
    """The area under the number in the port is the time spent there, to the millisecond."""
    text = """
        title: Little
        period: {length: 20 d}
        arrivals: {poisson: 9 per hour}
        ports:
          p:
            title: P
            posts:
              q:
                stations:
                  a: {lanes: 1, service: {exponential: {mean: 6 min}}}
                  b: {lanes: 1, service: 5 min}
    """
    ledger = ran(asked(tmp_path, text)).ledger
    m = ledger.manifest
    out = np.where(ledger.out >= 0, ledger.out, m.plan.horizon)
    at = np.concatenate([m.plan.start, out])
    step = np.repeat([1, -1], len(out))
    order = np.lexsort([-step, at])
    inside = np.cumsum(step[order])
    area = int(np.sum(inside[:-1] * np.diff(at[order])))
    assert inside.min() >= 0
    assert area == int((out - m.plan.start).sum())
    calls = ledger.calls
    gone = calls.gate_out >= 0
    spent = calls.gate_out[gone] - calls.gate_in[gone]
    work = np.bincount(m.unit, m.plan.time)[calls.unit[gone]]
    waited = np.bincount(m.unit, ledger.waited)[calls.unit[gone]]
    assert np.array_equal(spent, (work + waited).astype(np.int64))
