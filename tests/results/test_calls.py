"""Calls, seasons of a class, days and labels where a port is less plain than usual."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from planning.small import DAY, HOUR, MINUTE, asked, planned, ran, timed, told

from corridor.metrics import Leg, View, staircase
from corridor.results.tables import series_of, visits_of

TWICE = """
    title: To the upper post, to the lower, and back to the upper
    period: {from: 2024-05-01, until: 2024-05-03, measure_from: 2024-05-02}
    ports:
      gap:
        title: The gap
        posts:
          upper:
            place: tashkurgan
            channels: {free: 1}
            stations: {gate: {lanes: 1, service: 20 min}, desk: {lanes: 1, service: 1 h}}
          lower: {stations: {desk: {lanes: 1, service: 30 min}}}
        travel: {road: {speed: 40 km/h, cv: 0}}
        procedures:
          lorry:
            round: [upper.gate, {travel: road}, lower.desk, {travel: road}, upper.gate]
            circle: [upper.gate, {travel: road}, upper.desk]
            straight: [upper.gate, upper.desk]
            none: [{select: upper, routes: {free: []}}]
    flows:
      ROUND
"""
FLOW = (
    "{port: gap, class: lorry, direction: WAY, payload: 10 t, volume: {vehicles: 9000, per: month}}"
)


def way(folder: Path, direction: str, come: list[int]) -> View:
    text = TWICE.replace("ROUND", f"silk: {FLOW.replace('WAY', direction)}")
    return timed(asked(folder, text), {"silk": come}, {"road": 20})


def minutes(view: View) -> list[tuple[int, int]]:
    """Gate-in and gate-out of each call, in minutes of the second day."""
    calls = view.ledger.calls
    ends = [end for call in calls for end in zip(call.gate_in, call.gate_out, strict=True)]
    return [(int(a - DAY) // MINUTE, int(b - DAY) // MINUTE) for a, b in ends if a >= 0]


def test_two_calls_at_one_post_are_two(tmp_path: Path) -> None:
    view = way(tmp_path, "round", [DAY])
    assert minutes(view) == [(0, 20), (50, 80), (110, 130)]  # the road takes half an hour
    found = told(view)
    assert found["gap/upper", "all", "tfi1_mean"] == pytest.approx(40 / 60)  # both calls
    assert found["gap/lower", "all", "tfi1_mean"] == pytest.approx(30 / 60)
    assert found["gap", "all", "tfi1_mean"] == pytest.approx(70 / 60)  # without the road
    assert found["gap/upper", "all", "vehicles"] == 2  # two gate-outs
    assert found["gap", "all", "vehicles"] == 1


def test_a_post_counts_the_calls_of_the_measured_part(tmp_path: Path) -> None:
    view = way(tmp_path, "round", [DAY - 21 * MINUTE])  # the first gate-out at 23:59
    found = told(view)
    assert found["gap/upper", "all", "tfi1_mean"] == pytest.approx(20 / 60)
    assert found["gap", "all", "tfi1_mean"] == pytest.approx(70 / 60)


def test_a_journey_splits_a_call_even_to_the_same_post(tmp_path: Path) -> None:
    view = way(tmp_path, "circle", [DAY])
    assert minutes(view) == [(0, 20), (50, 110)]
    assert told(view)["gap", "all", "tfi1_mean"] == pytest.approx(80 / 60)
    assert minutes(way(tmp_path, "straight", [DAY])) == [(0, 80)]


def test_a_unit_that_never_leaves_stays_inside(tmp_path: Path) -> None:
    view = way(tmp_path, "circle", [2 * DAY - 10 * MINUTE])
    labels, values = series_of(view.ledger)
    inside = dict(zip(labels, values.tolist(), strict=True))["gap", "in_system"]
    assert inside == [0] * 24  # it came after the last full hour
    view = way(tmp_path, "round", [2 * DAY - 61 * MINUTE] * 3)
    labels, values = series_of(view.ledger)
    series = dict(zip(labels, values.tolist(), strict=True))
    assert series["gap", "in_system"][-1] == 3
    assert sum(series["gap", "throughput"]) == 0
    found = told(view)
    assert found["gap", "all", "unserved_vehicles"] == 3
    assert np.isnan(found["gap", "all", "tfi1_mean"])


def test_who_has_nothing_to_do_is_through_at_once(tmp_path: Path) -> None:
    view = way(tmp_path, "none", [DAY + HOUR, DAY + 2 * HOUR])
    view.ledger.check()
    found = told(view)
    assert found["gap", "all", "vehicles"] == 2
    assert found["gap", "all", "unserved_vehicles"] == 0
    assert found["gap", "all", "tfi1_mean"] == 0


# -- a season of one class -----------------------------------------------------------------------

BY_CLASS = """
    title: Coaches stay away in winter
    period: {from: 2024-03-20, until: 2024-04-04}
    ports:
      gap:
        title: The gap
        season: {by_class: {coach: 11-01..03-31}}
        posts: {post: {stations: {desk: {lanes: 1, service: 1 h}}}}
    flows:
      coaches: {port: gap, class: coach, volume: {vehicles: 900, per: month}}
      lorries: {port: gap, class: lorry, volume: {vehicles: 900, per: month}}
"""


def test_a_class_waits_outside_for_its_season(tmp_path: Path) -> None:
    # 1 April is day 12. Two coaches are ready on days 2 and 10; a lorry passes on day 3.
    come = {"coaches": [2 * DAY, 10 * DAY], "lorries": [3 * DAY]}
    view = timed(asked(tmp_path, BY_CLASS), come)
    found = told(view)
    assert found["gap", "coach", "opening_wait_mean"] == pytest.approx((10 + 2) / 2 * 24)
    assert found["gap", "lorry", "opening_wait_mean"] == 0
    # at the post the second coach waits for the first, an hour; what went before is not dwell
    assert found["gap", "coach", "wait_mean"] == pytest.approx(0.5)
    assert found["gap", "coach", "tfi1_mean"] == pytest.approx(1.5)
    assert found["gap", "all", "peak_queue"] == 1
    labels, values = series_of(view.ledger)
    series = dict(zip(labels, values.tolist(), strict=True))
    assert series["gap", "waiting_for_opening"][11 * 24] == 2
    assert series["gap", "waiting_for_opening"][12 * 24] == 0
    assert series["gap", "in_system"][11 * 24] == 0
    assert series["gap", "in_system"][12 * 24] == 2
    gate = visits_of(view.ledger, "s").query("place == 'gap/season/coach'")
    assert gate.wait_min.tolist() == gate.closed_wait_min.tolist() == [14_400, 2_880]


# -- days open -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "days"),
    [("always", 5), ('{daily: "22:00-06:00"}', 5), ('{friday: "22:00-06:00"}', 2), ("closed", 0)],
)
def test_days_open(hours: str, days: int, tmp_path: Path) -> None:
    """Thursday 2 to Monday 6 May are measured; around the clock counts every day."""
    text = f"""
        title: Days
        period: {{from: 2024-04-20, measure_from: 2024-05-02, until: 2024-05-07}}
        ports:
          p:
            title: P
            posts:
              q: {{hours: {hours}, closing_rule: hold, stations: {{a: {{lanes: 1, service: 1 h}}}}}}
              r: {{stations: {{a: {{lanes: 1, service: 1 h}}}}}}
    """
    found = told(ran(asked(tmp_path, text)))
    assert found["p/q", "all", "open_days"] == days
    assert found["p/r", "all", "open_days"] == 5
    assert found["p", "all", "open_days"] == days


# -- flows that share a label --------------------------------------------------------------------

SHARED = """
    title: Two goods in one class
    period: {from: 2024-05-01, until: 2024-05-03}
    ports:
      gap: {title: G, posts: {a: {place: here, stations: {desk: {lanes: 9, service: 1 h}}},
                              b: {place: there, stations: {desk: {lanes: 9, service: 2 h}}}}}
      other: {title: O, posts: {a: {place: here, stations: {desk: {lanes: 9, service: 9 h}}}}}
    flows:
      silk: {port: gap, corridor: road, payload: 10 t, SAME}
      coal: {port: gap, corridor: road, payload: 20 t, SAME}
      rest: {port: other, corridor: track, payload: 20 t, SAME}
    costs:
      fees: {gap.a: 100 USD, other.a: 900 USD}
      waiting: 10 USD per hour
      haul: {before: 1000 USD, after: 500 USD}
""".replace("SAME", "class: lorry, direction: out, volume: {vehicles: 9000, per: month}")
ROADS = {
    "road": (Leg("start", "here", 100, 50, "start-here"), Leg("here", "there", 100, 50, "x")),
    "track": (Leg("start", "here", 300, 50, "start-here"), Leg("here", "end", 100, 50, "y")),
}


def test_flows_that_share_a_label_are_one_row(tmp_path: Path) -> None:
    """One silk lorry, three of coal; dwell 3 h each, 130 USD each; 200 km in 4 h."""
    come = {"silk": [0], "coal": [HOUR, 2 * HOUR, 3 * HOUR], "rest": [0]}
    view = timed(asked(tmp_path, SHARED), come, corridors=ROADS)
    found = told(view)
    label = "lorry out"
    assert found["gap", label, "swod"] == 50
    assert found["gap", label, "swd"] == pytest.approx(200 / 7)
    assert found["other", label, "swd"] == pytest.approx(400 / 17)
    assert found["gap", "all", "tfi2_mean"] == 130
    assert found["other", "all", "tfi2_mean"] == 900 + 90
    # 100 km before and after: 200 + 100 USD; the border 260 USD per 20 t of silk, 130 of coal
    expected = 500 / 200 * (300 + (260 + 3 * 130) / 4)
    assert found["gap", label, "tfi3_mean"] == pytest.approx(expected)
    for flow in view.ledger.manifest.flows[:2]:
        stairs = staircase(view, flow)
        assert [len(hours) for *_, hours in stairs] == [4] * 5
        assert [float(hours.mean()) for *_, hours in stairs] == [0, 2, 3, 3, 5]
    assert [len(s[4]) for s in staircase(view, view.ledger.manifest.flows[2])] == [1] * 4
    assert found["link/start-here", "all", "vehicles"] == 5


def test_a_post_that_is_passed_by_is_no_stair(tmp_path: Path) -> None:
    text = TWICE.replace("ROUND", f"silk: {FLOW.replace('WAY', 'straight')}")
    text = text.replace("class: lorry,", "class: lorry, corridor: road,")
    text = text.replace("lower: {stations", "lower: {place: sost, stations")
    legs = (
        Leg("kashgar", "tashkurgan", 300, 50, "a"),
        Leg("tashkurgan", "sost", 200, 50, "b"),
        Leg("sost", "gilgit", 100, 50, "c"),
    )
    view = timed(asked(tmp_path, text), {"silk": [DAY]}, {"road": 20}, {"road": legs})
    stairs = staircase(view, view.ledger.manifest.flows[0])
    assert [(s[2], s[1], round(float(s[4][0]), 9)) for s in stairs] == [
        ("kashgar", "start", 0),
        ("gap/upper", "leg", 6),
        ("gap/upper", "post", round(6 + 80 / 60, 9)),
        ("sost", "leg", round(10 + 80 / 60, 9)),
        ("gilgit", "leg", round(12 + 80 / 60, 9)),
    ]


def test_a_selection_within_a_selection(tmp_path: Path) -> None:
    text = """
        title: Red of the red
        period: {from: 2024-05-01, until: 2024-05-21}
        ports:
          p:
            title: P
            posts:
              a:
                channels: {green: 0.5, red: 0.5}
                stations: {one: {lanes: unlimited, service: 1 min}}
              b:
                channels: {green: 0.8, red: 0.2}
                stations:
                  two: {lanes: unlimited, service: 2 min}
                  six: {lanes: unlimited, service: 6 min}
            procedures:
              lorry:
                on:
                  - select: a
                    routes:
                      green: [a.one]
                      red:
                        - a.one
                        - select: b
                          routes: {green: [b.two], red: [b.two, b.six]}
        flows: {f: {port: p, class: lorry, direction: on, arrivals: {poisson: 20 per hour}}}
    """
    m = planned(asked(tmp_path, text))
    n = len(m.flow)
    lengths = np.diff(m.plan.route_first)[m.plan.route]
    for steps, share in ((1, 0.5), (2, 0.4), (3, 0.1)):
        assert abs((lengths == steps).sum() - n * share) <= 4 * np.sqrt(n * share * (1 - share))
