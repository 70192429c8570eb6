"""What stations, rooms, limits and trains become: the steps of a lorry, one by one."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from textwrap import indent

import numpy as np
import pytest

from corridor.engine import LONGEST, Journal, Verb, check, simulate
from corridor.planning import Axis, Manifest, expected
from corridor.planning.trains import departures
from corridor.scenarios.train import Train

from .small import DAY, HOUR, MINUTE, asked, planned, rows_of, shipped, way_of, z_of_mean

GAP = """
    title: A gap
    period: {from: 2024-03-01, until: 2024-03-11}
    ports:
      gap:
        title: The gap
        posts:
          a:
            channels: {green: 0.5, red: 0.5}
            stations:
              gate: {lanes: 2, service: {exponential: {mean: 5 min}}GATE}
              scan: {lanes: 1, service: {exponential: {mean: 4 min}}SCAN}
              desk: {lanes: 3, service: {exponential: {mean: 6 min}}DESK}
            stocks: {wagons: {amount: 40}, slots: {amount: 9}}
            trains: {ferry: {capacity: 4, when_full: true}}
        travel: {tashkurgan-khunjerab_pass: {speed: 30 km/h, cv: 0.1}}
        procedures:
          lorry:
            down:
STEPS
    flows:
      silk:
        {port: gap, class: lorry, direction: down, priority: 6, arrivals: {poisson: 9 per hour}}
"""


def gap(folder: Path, steps: str, replication: int = 0, **stations: str) -> Manifest:
    """A plan of this procedure, checked; `gate`, `scan` and `desk` are more of their keys."""
    listed = "\n".join(f"- {step}" for step in steps.split("; "))
    text = GAP.replace("STEPS", indent(listed, 14 * " "))
    for name in ("gate", "scan", "desk"):
        more = stations.get(name, "")
        text = text.replace(name.upper(), f", {more}" if more else "")
    manifest = planned(asked(folder, text), replication)
    check(manifest.plan)
    return manifest


def kinds(m: Manifest, unit: int = 0) -> list[str]:
    """The steps of a unit in short; a lane that is kept is marked."""
    short = [step.replace("gap/a/", "") for step in way_of(m, unit)]
    rows = rows_of(m, unit)
    kept = [m.plan.verb[r] == Verb.SERVE and m.plan.amount[r] == 1 for r in rows]
    return [f"{step} kept" if keep else step for step, keep in zip(short, kept, strict=True)]


# -- room ----------------------------------------------------------------------------------------


def test_room_is_taken_before_the_service_and_given_back_after_it(tmp_path: Path) -> None:
    m = gap(tmp_path, "a.desk", desk="room: 5")
    assert kinds(m) == ["TAKE desk/room", "SERVE desk", "GIVE desk/room"]
    room = m.plan.where[rows_of(m, 0)[0]]
    assert m.plan.stock_level[room] == 5
    assert {m.places[i] for i in m.post} == {"gap/a"}
    assert (m.plan.time[m.plan.cells(0)] == 0).all()
    assert (m.plan.time[m.plan.cells(2)] == 0).all()


def test_who_finds_no_room_keeps_the_lane_and_the_room_it_has(tmp_path: Path) -> None:
    m = gap(tmp_path, "a.gate; a.scan; a.desk; a.gate", scan="room: 2", desk="room: 5")
    assert kinds(m) == [
        "SERVE gate kept", "TAKE scan/room", "SERVE scan kept", "TAKE desk/room", "GIVE scan/room",
        "SERVE desk", "GIVE desk/room", "SERVE gate",
    ]  # fmt: skip
    assert m.plan.stock_level.tolist() == [2, 5, 40, 9]


@pytest.mark.parametrize(
    ("step", "between"),
    [
        ("take: a.slots", "TAKE slots"),
        ("give: a.slots", "GIVE slots"),
        ("depart: a.ferry", "DEPART ferry"),
        ("travel: tashkurgan-khunjerab_pass", "MOVE link/tashkurgan-khunjerab_pass"),
    ],
)
def test_only_the_station_right_before_is_blocked(step: str, between: str, tmp_path: Path) -> None:
    m = gap(tmp_path, f"a.scan; {step}; a.desk", scan="room: 2", desk="room: 5")
    way = kinds(m)
    assert way[:5] == ["TAKE scan/room", "SERVE scan", "GIVE scan/room", between, "TAKE desk/room"]


def test_a_lane_is_kept_on_the_way_that_leads_to_the_room_and_on_no_other(tmp_path: Path) -> None:
    steps = "a.gate; {select: a, routes: {green: [], red: [a.scan]}}; a.desk"
    m = gap(tmp_path, steps, scan="room: 2")
    ways = {tuple(kinds(m, unit)) for unit in range(len(m.flow))}
    assert ways == {
        ("SERVE gate", "SERVE desk"),
        ("SERVE gate kept", "TAKE scan/room", "SERVE scan", "GIVE scan/room", "SERVE desk"),
    }
    free = gap(tmp_path, steps)
    assert np.array_equal(served(m, "gap/a/gate"), served(free, "gap/a/gate"))


def served(m: Manifest, place: str) -> np.ndarray:
    """How long each unit is served at a place, in the order of units, ms; 0 if it never is."""
    time = np.zeros(len(m.flow), dtype=np.int64)
    for route, (first, end) in enumerate(pairwise(m.plan.route_first)):
        for row in range(first, end):
            if m.plan.verb[row] == Verb.SERVE and m.places[m.place[row]] == place:
                time[m.plan.units(route)] += m.plan.time[m.plan.cells(row)]
    return time


def test_who_is_served_twice_running_stays_in_the_room(tmp_path: Path) -> None:
    """To ask for a second place while holding the first would block the room for ever."""
    m = gap(tmp_path, "a.desk; a.desk", desk="room: 1")
    assert kinds(m) == ["TAKE desk/room", "SERVE desk", "SERVE desk", "GIVE desk/room"]


# -- who goes away -------------------------------------------------------------------------------


def landing(m: Manifest, unit: int = 0) -> list[list[str]]:
    """Of each LIMIT of a unit: the steps that are left to it when it gives up."""
    way, rows = kinds(m, unit), rows_of(m, unit)
    found = []
    for i, row in enumerate(rows):
        if m.plan.verb[row] == Verb.LIMIT:
            given_up = i + 1 + way[i + 1].startswith("JOIN")
            found.append(way[given_up + 1 + m.plan.where[row] :])
    return found


def test_a_limit_stands_before_the_service_and_lands_at_the_end(tmp_path: Path) -> None:
    m = gap(
        tmp_path, "a.gate; a.scan; a.desk", scan="turn_away_above: 7", desk="turn_away_above: 0"
    )
    assert kinds(m) == ["SERVE gate", "LIMIT -", "SERVE scan", "LIMIT -", "SERVE desk"]
    assert landing(m) == [[], []]
    rows = rows_of(m, 0)
    assert m.plan.amount[[rows[1], rows[3]]].tolist() == [7, 0]
    assert m.place[rows[1]] == -1
    assert m.places[m.post[rows[1]]] == "gap/a"
    assert (m.plan.time[m.plan.cells(rows[1])] == LONGEST).all()  # of endless patience


def test_patience_follows_its_law(tmp_path: Path) -> None:
    m = gap(tmp_path, "a.desk", desk="patience: {exponential: {mean: 20 min}}")
    minutes = m.plan.time[m.plan.cells(0)] / MINUTE
    assert abs(z_of_mean(minutes, 20)) <= 4
    assert m.plan.amount[0] == LONGEST
    both = gap(tmp_path, "a.desk", desk="patience: 20 min, turn_away_above: 3")
    assert (both.plan.time[both.plan.cells(0)] == 20 * MINUTE).all()
    assert both.plan.amount[0] == 3


def test_who_gives_up_gives_back_what_it_holds_and_nothing_else(tmp_path: Path) -> None:
    steps = "take: a.wagons; a.gate; a.scan; take: a.slots; a.desk; give: a.slots; give: a.wagons"
    away = "turn_away_above: 3"
    m = gap(tmp_path, steps, gate=away, scan=away, desk=f"{away}, room: 4")
    assert kinds(m)[-3:] == ["GIVE desk/room", "GIVE slots", "GIVE wagons"]
    assert landing(m) == [["GIVE wagons"], ["GIVE wagons"], ["GIVE slots", "GIVE wagons"]]


def test_who_waits_for_room_may_go_away_and_who_has_it_stays(tmp_path: Path) -> None:
    steps = "take: a.wagons; a.desk; a.desk; a.gate; give: a.wagons"
    m = gap(tmp_path, steps, desk="room: 4, patience: 20 min, turn_away_above: 3")
    assert kinds(m) == [
        "TAKE wagons", "LIMIT -", "TAKE desk/room", "SERVE desk", "SERVE desk", "GIVE desk/room",
        "SERVE gate", "GIVE wagons",
    ]  # fmt: skip
    assert landing(m) == [["GIVE wagons"]]
    first = gap(tmp_path, "a.desk; a.gate", desk="room: 4, turn_away_above: 3")
    assert landing(first) == [[]]


# -- lines ---------------------------------------------------------------------------------------


def test_each_lane_has_its_line_and_is_a_station_of_its_own(tmp_path: Path) -> None:
    m = gap(tmp_path, "a.gate; a.desk", desk="lines: each, turn_away_above: 2")
    assert kinds(m) == ["SERVE gate", "LIMIT -", "JOIN desk", "SERVE desk"]
    assert m.stations == ("gap/a/gate", "gap/a/scan", *["gap/a/desk"] * 3)
    assert len(set(m.places)) == len(m.places)
    rows = rows_of(m, 0)
    assert (m.plan.where[rows[2]], m.plan.amount[rows[2]]) == (2, 3)
    assert m.plan.where[rows[3]] == 2
    lanes = [m.plan.lane_open[a:b].tolist() for a, b in pairwise(m.plan.lane_first)]
    assert lanes == [[2], [1], [1], [1], [1]]
    assert landing(m) == [[]]
    room = gap(tmp_path, "a.desk", desk="lines: each, room: 9, turn_away_above: 2")
    assert kinds(room) == [
        "LIMIT -", "TAKE desk/room", "JOIN desk", "SERVE desk", "GIVE desk/room",
    ]  # fmt: skip
    assert landing(room) == [[]]
    one = gap(tmp_path, "a.gate; a.scan", scan="lines: each")
    assert kinds(one) == ["SERVE gate", "SERVE scan"]  # of one lane there is nothing to choose


def test_a_steps_own_priority_goes_before_the_flows(tmp_path: Path) -> None:
    steps = "a.gate; {serve: a.desk, priority: 2}; {take: a.slots, priority: 0}; give: a.slots"
    m = gap(tmp_path, steps, desk="room: 2, lines: each")
    turn = dict(zip(kinds(m), m.plan.priority[list(rows_of(m, 0))].tolist(), strict=True))
    assert turn["SERVE gate kept"] == 6
    assert turn["TAKE desk/room"] == turn["JOIN desk"] == turn["SERVE desk"] == 2
    assert turn["TAKE slots"] == 0


# -- trains --------------------------------------------------------------------------------------


def leaving(folder: Path, train: str, post: str = "", period: str = "") -> Manifest:
    text = f"""
        title: A station
        period: {{{period or "from: 2024-03-29, until: 2024-04-03"}, clock: Europe/Warsaw}}
        ports:
          p:
            title: P
            season: {{closed: 04-02..04-02}}
            posts:
              x:
                clock: Europe/Warsaw
                closing_rule: finish
                {post}
                stations: {{gate: {{lanes: 1, service: 1 min}}}}
                trains: {{shuttle: {train}, ferry: {{capacity: 4, when_full: true}}}}
            procedures: {{wagon: {{west: [x.gate, depart: x.shuttle]}}}}
        flows:
          w: {{port: p, class: wagon, direction: west, arrivals: {{poisson: 9 per hour}}}}
    """
    m = planned(asked(folder, text))
    check(m.plan)
    return m


OFFICE = 'hours: {weekdays: "08:00-18:00"}'


def hours(m: Manifest, platform: int = 0) -> list[float]:
    """Departures in hours since the start."""
    return (m.plan.train_at[slice(*m.plan.train_first[platform : platform + 2])] / HOUR).tolist()


def test_a_platform_by_hand(tmp_path: Path) -> None:
    """29 March 2024 is a Friday; on Sunday the 31st the day lasts 23 hours in Warsaw.

    On Tuesday 2 April the season closes the post.
    """
    m = leaving(tmp_path, '{capacity: 20, timetable: {at: ["14:00", "08:30"]}}', OFFICE)
    assert way_of(m, 0) == ["SERVE p/x/gate", "DEPART p/x/shuttle"]
    assert m.places[m.post[1]] == "p/x"
    assert m.plan.capacity.tolist() == [20, 4]
    assert m.plan.when_full.tolist() == [0, 1]
    assert hours(m) == [8.5, 14, 71 + 8.5, 71 + 14]  # Friday and Monday
    assert hours(m, 1) == []


def test_trains_of_named_days_leave_whether_the_post_is_open_or_not(tmp_path: Path) -> None:
    timetable = '{at: ["08:30"], days: [weekends, tuesday]}'
    m = leaving(tmp_path, f"{{capacity: 20, timetable: {timetable}}}", OFFICE)
    assert hours(m) == [24 + 8.5, 47 + 8.5, 95 + 8.5]


def test_trains_every_so_often_from_the_first_to_the_last(tmp_path: Path) -> None:
    timetable = '{every: 90 min, from: "06:00", until: "10:30", days: [friday]}'
    m = leaving(tmp_path, f"{{capacity: 20, timetable: {timetable}}}")
    assert hours(m) == [6, 7.5, 9, 10.5]
    night = '{every: 80 min, from: "22:00", until: "01:00", days: [friday, saturday]}'
    m = leaving(tmp_path, f"{{capacity: 20, timetable: {night}}}")
    late = [22, 22 + 4 / 3, 22 + 8 / 3]
    assert hours(m) == pytest.approx([*late, *(24 + h for h in late)])
    m = leaving(tmp_path, "{capacity: 1, timetable: {every: 90 s}}", period="length: 2 d")
    assert np.array_equal(m.plan.train_at, np.arange(0, 2 * DAY, 90_000))


def test_the_clock_set_forward_moves_trains_and_set_back_repeats_none(tmp_path: Path) -> None:
    hourly = "{capacity: 1, timetable: {every: 1 h}}"
    spring = leaving(tmp_path, hourly, period="from: 2024-03-31, until: 2024-04-01")
    # 02:00 is skipped; read with the offset before the change it is 03:00, which leaves too.
    assert hours(spring) == list(range(23))
    autumn = leaving(tmp_path, hourly, period="from: 2024-10-27, until: 2024-10-28")
    # 02:00 comes twice: the first counts, and no train leaves at the second.
    assert hours(autumn) == [h for h in range(25) if h != 3]


def test_drawn_days_keep_trains_in() -> None:
    scenario = shipped("khunjerab_fair_weather").model_copy(update={"flows": {}})
    train = Train.model_validate({"capacity": 1, "timetable": {"at": ["12:00"]}})
    port = scenario.ports["khunjerab"]
    axis = Axis.of(scenario)
    all_ = departures(scenario, port, port.posts["sost"], train, axis)
    shut = {day for day in axis.days() if (day.year, day.month) == (2024, 2)}
    some = departures(scenario, port, port.posts["sost"], train, axis, shut)
    gone = np.setdiff1d(all_, some)
    # February 2024 has 21 weekdays; what holidays leave of them is not on.
    assert 10 < len(gone) <= 21
    assert len(np.unique(gone // DAY)) == len(gone)


# -- convoys -------------------------------------------------------------------------------------


def test_a_convoy_comes_at_one_instant(tmp_path: Path) -> None:
    text = GAP.replace("STEPS", 14 * " " + "- a.gate").replace("poisson: 9 per hour", "ARRIVALS")
    for name in ("GATE", "SCAN", "DESK"):
        text = text.replace(name, "")
    text = text.replace("priority: 6", "payload: 20 t, payload_cv: 0.3")
    one = planned(asked(tmp_path, text.replace("ARRIVALS", "poisson: 9 per hour")))
    scenario = asked(tmp_path, text.replace("ARRIVALS", "poisson: 9 per hour, batch: 5"))
    five = planned(scenario)
    assert np.array_equal(five.plan.start, np.repeat(one.plan.start, 5))
    assert np.array_equal(five.entry, np.repeat(one.entry, 5))
    assert expected(scenario.flows["silk"], Axis.of(scenario)) == 9 * 240 * 5
    assert abs(len(five.flow) / 5 - 9 * 240) <= 4 * np.sqrt(9 * 240)
    loads = five.payload_kg.reshape(-1, 5)
    assert (loads.std(axis=1) > 0).all()  # each lorry has a load of its own


# -- and run -------------------------------------------------------------------------------------


def stamps(m: Manifest, journal: Journal, verb: Verb, place: str) -> tuple[np.ndarray, np.ndarray]:
    """When the steps of a kind at a place began and ended, ms."""
    cells = [
        m.plan.cells(row)
        for row in range(len(m.plan.verb))
        if m.plan.verb[row] == verb and m.places[m.place[row]] == place
    ]
    return tuple(np.concatenate([of[c] for c in cells]) for of in (journal.began, journal.ended))


def test_who_goes_away_leaves_nothing_taken(tmp_path: Path) -> None:
    """Of all that were ever taken, those are out that units still in the port hold."""
    steps = (
        "take: a.wagons; a.gate; {select: a, routes: {green: [], red: [a.scan]}};"
        " depart: a.ferry; a.desk; give: a.wagons"
    )
    m = gap(
        tmp_path, steps,
        gate="patience: {exponential: {mean: 3 min}}", scan="room: 2",
        desk="lines: each, turn_away_above: 1, patience: 1 min",
    )  # fmt: skip
    journal = simulate(m.plan, "simpy", thorough=True)
    assert journal.equal(simulate(m.plan, "fast", thorough=True))
    for verb, place in ((Verb.SERVE, "gap/a/gate"), (Verb.SERVE, "gap/a/desk")):
        began, ended = stamps(m, journal, verb, place)
        gave_up = np.count_nonzero((began < 0) & (ended >= 0))
        assert gave_up > 20
    taken, _ = stamps(m, journal, Verb.TAKE, "gap/a/wagons")
    given, _ = stamps(m, journal, Verb.GIVE, "gap/a/wagons")
    assert 0 <= np.count_nonzero(taken >= 0) - np.count_nonzero(given >= 0) <= 12
    taken, _ = stamps(m, journal, Verb.TAKE, "gap/a/scan/room")
    given, _ = stamps(m, journal, Verb.GIVE, "gap/a/scan/room")
    assert 0 <= np.count_nonzero(taken >= 0) - np.count_nonzero(given >= 0) <= 2


def test_who_may_not_wait_is_lost_as_erlang_says(tmp_path: Path) -> None:
    """M/M/3/3: with 0.9 lorries at work on average, B = (0.9^3 / 6) / sum of 0.9^k / k!."""
    lost = []
    for replication in range(20):
        m = gap(tmp_path, "a.desk", replication, desk="turn_away_above: 0")
        began, _ = stamps(m, simulate(m.plan), Verb.SERVE, "gap/a/desk")
        lost.append(np.mean(began < 0))
    load = np.cumprod([1, 0.9, 0.9 / 2, 0.9 / 3])
    assert abs(z_of_mean(np.array(lost), load[-1] / load.sum())) <= 4


def test_a_ferry_leaves_when_it_is_full(tmp_path: Path) -> None:
    m = gap(tmp_path, "depart: a.ferry")
    began, _ = stamps(m, simulate(m.plan), Verb.DEPART, "gap/a/ferry")
    start = np.sort(m.plan.start)
    fours = len(start) // 4
    assert np.array_equal(np.sort(began[began >= 0]), np.repeat(start[3 : 4 * fours : 4], 4))
