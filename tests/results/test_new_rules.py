"""Patience, room, lines of their own and trains by hand: who waits, who is busy, who turns away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from planning.small import DAY, HOUR, MINUTE, asked, timed, told

from corridor.engine import simulate
from corridor.metrics import View
from corridor.results import Ledger
from corridor.results.tables import series_of, visits_of

PORT = """
    title: One post
    period: {from: 2024-05-01, until: 2024-05-03, measure_from: 2024-05-02}
    ports:
      gap:
        title: The gap
        posts:
          post:
            place: tashkurgan
            stations: {STATIONS}
            trains: {ferry: {capacity: 2, timetable: {at: ["06:00", "12:00"]}}}
        procedures: {lorry: {out: [STEPS]}}
    flows:
      silk:
        port: gap
        class: lorry
        direction: out
        payload: 10 t
        volume: {vehicles: 9000, per: month}
"""


def day(folder: Path, stations: str, steps: str, *minutes: int) -> View:
    """The second day, on which lorries come at so many minutes past midnight."""
    text = PORT.replace("STATIONS", stations).replace("STEPS", steps)
    view = timed(asked(folder, text), {"silk": [DAY + minute * MINUTE for minute in minutes]})
    view.ledger.check()
    return view


def at_hours(view: View) -> dict[tuple[str, str], list[int]]:
    labels, values = series_of(view.ledger)
    return dict(zip(labels, values.tolist(), strict=True))


def test_who_loses_patience_is_gone_and_has_not_passed(tmp_path: Path) -> None:
    """The first is served till 01:00; two give up at 00:40 and 00:50; one comes 00:55, stays."""
    view = day(
        tmp_path, "desk: {lanes: 1, service: 1 h, patience: 30 min}", "post.desk", 0, 10, 20, 55
    )
    found = told(view)
    assert found["gap", "all", "turned_away_vehicles"] == 2
    assert found["gap", "lorry", "turned_away_tonnes"] == 20
    assert found["gap", "all", "demand_vehicles"] == 4
    assert found["gap", "all", "vehicles"] == found["gap/post", "all", "vehicles"] == 2
    assert found["gap", "all", "unserved_vehicles"] == 0
    for place in ("gap", "gap/post"):  # 60 and 65 min
        assert found[place, "all", "tfi1_mean"] == pytest.approx(62.5 / 60)
    assert found["gap", "all", "wait_mean"] == pytest.approx(2.5 / 60)
    assert found["gap/post/desk", "all", "station_wait_mean"] == pytest.approx(2.5 / 60)
    assert found["gap", "all", "peak_queue"] == found["gap/post", "all", "peak_queue"] == 2
    assert found["gap/post/desk", "all", "utilisation"] == pytest.approx(2 / 24)
    series = at_hours(view)
    assert series["gap", "in_system"][:4] == series["gap/post", "in_system"][:4] == [1, 1, 0, 0]
    assert series["gap", "throughput"][:3] == series["gap/post", "throughput"][:3] == [0, 1, 1]
    visits = visits_of(view.ledger, "s").sort_values("asked")
    assert visits["wait_min"].tolist() == [0, 30, 30, 5]
    assert visits["began"].isna().tolist() == [False, True, True, False]
    assert visits["service_min"].isna().tolist() == [False, True, True, False]
    gone = pd.Timestamp("2024-05-02 00:40"), pd.Timestamp("2024-05-02 00:50")
    assert tuple(visits["ended"].iloc[1:3]) == gone


def test_nobody_is_asked_who_cannot_turn_away(tmp_path: Path) -> None:
    view = day(tmp_path, "desk: {lanes: 1, service: 1 h}", "post.desk", 0)
    assert not [metric for _, _, metric in told(view) if "turned" in metric]


def test_who_turns_away_at_the_second_station_has_left_the_first(tmp_path: Path) -> None:
    stations = (
        "gate: {lanes: 9, service: 10 min}, desk: {lanes: 1, service: 1 h, turn_away_above: 0}"
    )
    view = day(tmp_path, stations, "post.gate, post.desk", 0, 20)
    found = told(view)
    assert found["gap", "all", "turned_away_vehicles"] == 1  # at 00:30, when the desk is busy
    assert found["gap/post/gate", "all", "utilisation"] == pytest.approx(20 / (9 * 24 * 60))
    assert found["gap/post", "all", "vehicles"] == 1
    assert found["gap/post", "all", "tfi1_mean"] == pytest.approx(70 / 60)
    (calls,) = view.ledger.calls
    out = sorted(zip(calls.gate_in, calls.gate_out, calls.gone, strict=True))[-2:]
    assert [(int(a) - DAY, int(b), int(c) - DAY) for a, b, c in out][1] == (
        20 * MINUTE, -1, 30 * MINUTE,
    )  # fmt: skip


def test_who_turns_away_before_the_measured_part_is_no_part_of_it(tmp_path: Path) -> None:
    stations = "desk: {lanes: 1, service: 1 h, patience: 30 min}"
    view = day(tmp_path, stations, "post.desk", -120, -110)
    found = told(view)
    assert found["gap", "all", "turned_away_vehicles"] == 0
    assert found["gap", "all", "start_vehicles"] == 0


def test_a_lane_that_is_kept_is_busy(tmp_path: Path) -> None:
    """There is room for one at the desk, so the gate is blocked from 00:20 and from 01:20.

    ====  =============  ===============  ===========
    come  gate           room             desk
    ====  =============  ===============  ===========
    0:00  0:00-0:10      0:10             0:10-1:10
    0:05  0:10-0:20      1:10, waits 50   1:10-2:10
    0:30  1:10-1:20      2:10, waits 50   2:10-3:10
    ====  =============  ===============  ===========
    """
    stations = "gate: {lanes: 1, service: 10 min}, desk: {lanes: 1, service: 1 h, room: 1}"
    view = day(tmp_path, stations, "post.gate, post.desk", 0, 5, 30)
    found = told(view)
    assert found["gap/post/gate", "all", "utilisation"] == pytest.approx((10 + 60 + 60) / 1440)
    assert found["gap/post/desk", "all", "utilisation"] == pytest.approx(180 / 1440)
    assert found["gap/post/gate", "all", "station_wait_mean"] == pytest.approx((5 + 40) / 3 / 60)
    room = found["gap/post/desk/room", "all", "station_wait_mean"]
    assert room == pytest.approx((50 + 50) / 3 / 60)
    assert found["gap", "all", "wait_mean"] == pytest.approx((5 + 40 + 100) / 3 / 60)
    assert found["gap", "all", "tfi1_mean"] == pytest.approx((70 + 125 + 160) / 3 / 60)
    assert found["gap", "all", "peak_queue"] == 2
    series = at_hours(view)
    assert series["gap/post", "queue"][:4] == [0, 2, 1, 0]
    assert series["gap/post/gate", "queue"][:4] == [0, 1, 0, 0]
    assert series["gap/post/gate", "busy"][:4] == [1, 1, 1, 0]
    assert series["gap/post/desk", "busy"][:4] == [0, 1, 1, 1]
    assert series["gap/post", "in_system"][:4] == [1, 3, 2, 1]


def test_lanes_with_lines_of_their_own_are_one_place(tmp_path: Path) -> None:
    """Two lanes: taken at 0:00 and 0:10; the third stands behind the first, the fourth behind the
    second though the first is as long by then.
    """
    view = day(tmp_path, "desk: {lanes: 2, service: 1 h, lines: each}", "post.desk", 0, 10, 20, 30)
    found = told(view)
    assert found["gap/post/desk", "all", "utilisation"] == pytest.approx(4 / 48)
    assert found["gap/post/desk", "all", "station_wait_mean"] == pytest.approx((40 + 40) / 4 / 60)
    series = at_hours(view)
    assert series["gap/post/desk", "open_lanes"] == [2] * 24
    assert series["gap/post/desk", "busy"][:4] == [1, 2, 1, 0]  # the third is done at 2:00
    assert series["gap/post/desk", "queue"][:4] == [0, 1, 0, 0]


def test_work_is_held_by_the_lane_it_is_on(tmp_path: Path) -> None:
    """Both lanes close from 1:00 to 2:00; then only the second."""
    text = "desk: {lanes: 2, service: 2 h, lines: each, closing_rule: hold, hours: HOURS}"
    text = text.replace("HOURS", '{daily: "00:00-01:00, 02:00-24:00"}')
    view = day(tmp_path, text, "post.desk", 0, 10)
    assert told(view)["gap", "all", "wait_mean"] == 1
    m = view.ledger.manifest
    lanes = m.plan.lane_open.copy()
    lanes[: m.plan.lane_first[1]] = 1
    m = replace(m, plan=replace(m.plan, lane_open=lanes))
    view = View(Ledger(m, simulate(m.plan)), view.scenario, {})
    view.ledger.check()
    assert told(view)["gap", "all", "wait_mean"] == 0.5
    assert at_hours(view)["gap/post/desk", "busy"][:5] == [1, 1, 1, 1, 0]
    assert at_hours(view)["gap/post/desk", "queue"][:4] == [0, 1, 0, 0]


def test_a_train_is_waited_for_in_line(tmp_path: Path) -> None:
    """Two leave at 06:00, one at 12:00."""
    stations = "gate: {lanes: 1, service: 1 h}"
    view = day(tmp_path, stations, "{depart: post.ferry}", *[5 * 60] * 3)
    found = told(view)
    assert found["gap/post/ferry", "all", "station_wait_mean"] == 3
    assert found["gap", "all", "wait_mean"] == found["gap", "all", "tfi1_mean"] == 3
    assert found["gap", "all", "peak_queue"] == 3
    series = at_hours(view)
    assert series["gap/post", "queue"][4:14] == [0, 3, 1, 1, 1, 1, 1, 1, 0, 0]
    assert series["gap", "throughput"][5:13] == [0, 2, 0, 0, 0, 0, 0, 1]
    visits = visits_of(view.ledger, "s")
    assert visits["place"].tolist() == ["gap/post/ferry"] * 3
    assert sorted(visits["wait_min"]) == [60, 60, 420]
    assert visits["service_min"].tolist() == [0] * 3
    assert view.ledger.out.max() == DAY + 12 * HOUR
