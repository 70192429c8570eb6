"""Small traces worked out on paper: to the second, and to the kilogram."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from planning.small import MINUTE, asked, planned, timed, told

from corridor.metrics import View
from corridor.results.tables import visits_of

PORT = """
    title: By hand
    period: {from: FROM, until: UNTIL}
    ports:
      p:
        title: P
POSTS
    flows:
      f: {port: p, class: truck, payload: 20 t, arrivals: {poisson: 60 per hour}}
"""
Row = tuple[int, str, str, str, str]
"""(unit, place, asked, began, ended); a time that never was is empty."""


def at(clock: str) -> int:
    """ms since the start, from ``09:30`` of the first day or ``2 09:30:15`` of the second."""
    day, _, time = clock.rpartition(" ")
    hour, minute, *second = map(int, time.split(":"))
    return ((int(day or 1) - 1) * 1440 + hour * 60 + minute) * MINUTE + 1000 * sum(second)


def seen(
    folder: Path, posts: str, come: list[str], start: str = "2024-05-01", end: str = "2024-05-03"
) -> tuple[View, list[Row]]:
    """A port whose trucks come at these times, and its table of visits."""
    indented = "\n".join(f"        {line}" for line in posts.strip("\n").splitlines())
    text = PORT.replace("POSTS", indented).replace("FROM", start).replace("UNTIL", end)
    view = timed(asked(folder, text), {"f": [at(clock) for clock in come]})
    view.ledger.check()
    visits = visits_of(view.ledger, "s")
    first = visits["asked"].min().normalize()

    def clock(stamp: object) -> str:
        if stamp != stamp or stamp is None:  # NaT
            return ""
        day, time = (stamp - first).days + 1, stamp.strftime("%H:%M:%S").removesuffix(":00")
        return time if day == 1 else f"{day} {time}"

    rows = [
        (
            int(row.unit),
            row.place.removeprefix("p/q/"),
            *map(clock, (row.asked, row.began, row.ended)),
        )
        for row in visits.itertuples()
    ]
    return view, rows


def test_patience(tmp_path: Path) -> None:
    """The third has waited ten minutes when a lane comes free: at that instant it is served."""
    posts = "posts: {q: {stations: {desk: {lanes: 1, service: 10 min, patience: 10 min}}}}"
    view, rows = seen(tmp_path, posts, ["08:00", "08:01", "08:10", "08:12", "08:19:59"])
    assert rows == [
        (0, "desk", "08:00", "08:00", "08:10"),
        (1, "desk", "08:01", "08:10", "08:20"),
        (2, "desk", "08:10", "08:20", "08:30"),
        (3, "desk", "08:12", "", "08:22"),
        (4, "desk", "08:19:59", "", "08:29:59"),
    ]
    found = told(view)
    assert found["p", "all", "turned_away_vehicles"] == 2
    assert found["p", "all", "turned_away_tonnes"] == 40
    assert found["p", "all", "tonnes"] == 60
    assert found["p", "all", "wait_mean"] * 60 == pytest.approx((0 + 9 + 10) / 3, rel=1e-12)
    assert found["p/q/desk", "all", "utilisation"] == pytest.approx(30 / 2880, rel=1e-12)


def test_a_line_too_long(tmp_path: Path) -> None:
    """Two may stand in line: the fourth finds two and goes, the fifth finds one and stays."""
    posts = "posts: {q: {stations: {desk: {lanes: 1, service: 10 min, turn_away_above: 2}}}}"
    view, rows = seen(tmp_path, posts, ["08:00", "08:01", "08:02", "08:03", "08:10"])
    assert rows == [
        (0, "desk", "08:00", "08:00", "08:10"),
        (1, "desk", "08:01", "08:10", "08:20"),
        (2, "desk", "08:02", "08:20", "08:30"),
        (3, "desk", "08:03", "", "08:03"),
        (4, "desk", "08:10", "08:30", "08:40"),
    ]
    assert told(view)["p", "all", "peak_queue"] == 2


def test_no_room(tmp_path: Path) -> None:
    """One place at the yard: the second keeps its lane of the desk for 18 minutes."""
    posts = """
posts:
  q:
    stations:
      desk: {lanes: 1, service: 2 min}
      yard: {lanes: 1, service: 20 min, room: 1}
"""
    view, rows = seen(tmp_path, posts, ["08:00", "08:00", "08:05"])
    assert rows == [
        (0, "desk", "08:00", "08:00", "08:02"),
        (0, "yard/room", "08:02", "08:02", "08:02"),
        (0, "yard", "08:02", "08:02", "08:22"),
        (1, "desk", "08:00", "08:02", "08:04"),
        (1, "yard/room", "08:04", "08:22", "08:22"),
        (1, "yard", "08:22", "08:22", "08:42"),
        (2, "desk", "08:05", "08:22", "08:24"),
        (2, "yard/room", "08:24", "08:42", "08:42"),
        (2, "yard", "08:42", "08:42", "09:02"),
    ]
    busy = (2 + 20 + 20) / 2880  # 08:00 to 08:42, blocked for the most part
    assert told(view)["p/q/desk", "all", "utilisation"] == pytest.approx(busy, rel=1e-12)


def test_a_line_too_long_for_the_room(tmp_path: Path) -> None:
    """One may wait for room: the fourth finds one waiting, and so does the last, who came with it.

    At 08:10 and at 08:20 the room that comes free is taken before who comes counts the line.
    """
    posts = (
        "posts: {q: {stations: {desk: {lanes: 1, service: 10 min, room: 2, turn_away_above: 1}}}}"
    )
    come = ["08:00", "08:01", "08:02", "08:03", "08:10", "08:20", "08:20"]
    view, rows = seen(tmp_path, posts, come)
    assert rows == [
        (0, "desk/room", "08:00", "08:00", "08:00"),
        (0, "desk", "08:00", "08:00", "08:10"),
        (1, "desk/room", "08:01", "08:01", "08:01"),
        (1, "desk", "08:01", "08:10", "08:20"),
        (2, "desk/room", "08:02", "08:10", "08:10"),
        (2, "desk", "08:10", "08:20", "08:30"),
        (3, "desk/room", "08:03", "", "08:03"),
        (4, "desk/room", "08:10", "08:20", "08:20"),
        (4, "desk", "08:20", "08:30", "08:40"),
        (5, "desk/room", "08:20", "08:30", "08:30"),
        (5, "desk", "08:30", "08:40", "08:50"),
        (6, "desk/room", "08:20", "", "08:20"),
    ]
    found = told(view)
    assert found["p", "all", "turned_away_vehicles"] == 2
    assert found["p", "all", "vehicles"] == 5
    assert found["p", "all", "peak_queue"] == 2
    assert found["p", "all", "wait_mean"] * 60 == pytest.approx((0 + 9 + 18 + 20 + 20) / 5)


def test_patience_for_room(tmp_path: Path) -> None:
    """Two lose it outside; the second waits longer inside, and the fourth gets in just in time."""
    posts = "posts: {q: {stations: {desk: {lanes: 1, service: 30 min, room: 2, patience: 10 min}}}}"
    view, rows = seen(tmp_path, posts, ["08:00", "08:01", "08:05", "08:20", "08:21"])
    assert rows == [
        (0, "desk/room", "08:00", "08:00", "08:00"),
        (0, "desk", "08:00", "08:00", "08:30"),
        (1, "desk/room", "08:01", "08:01", "08:01"),
        (1, "desk", "08:01", "08:30", "09:00"),
        (2, "desk/room", "08:05", "", "08:15"),
        (3, "desk/room", "08:20", "08:30", "08:30"),
        (3, "desk", "08:30", "09:00", "09:30"),
        (4, "desk/room", "08:21", "", "08:31"),
    ]
    assert told(view)["p", "all", "turned_away_vehicles"] == 2


def test_the_shorter_line(tmp_path: Path) -> None:
    """Of two lines alike the first; the fourth joins the second, where one is, not two."""
    posts = "posts: {q: {stations: {desk: {lanes: 2, lines: each, service: 10 min}}}}"
    _, rows = seen(tmp_path, posts, ["08:00", "08:01", "08:02", "08:03", "08:10", "08:11"])
    assert rows == [
        (0, "desk", "08:00", "08:00", "08:10"),  # first lane
        (1, "desk", "08:01", "08:01", "08:11"),  # second
        (2, "desk", "08:02", "08:10", "08:20"),  # first
        (3, "desk", "08:03", "08:11", "08:21"),  # second
        (4, "desk", "08:10", "08:20", "08:30"),  # first: one there has just gone
        (5, "desk", "08:11", "08:21", "08:31"),  # second: likewise
    ]


def test_trains(tmp_path: Path) -> None:
    """Two seats, by the clock and when full; one who comes as it leaves is in time."""
    posts = """
posts:
  q:
    stations: {gate: {lanes: unlimited, service: 0 min}}
    trains: {train: {capacity: 2, timetable: {at: ["09:00", "14:00"]}, when_full: FULL}}
procedures: {truck: {through: [{depart: q.train}]}}
"""
    come = ["08:00", "08:30", "09:00", "13:00", "14:00", "14:00:01"]
    _, by_clock = seen(tmp_path, posts.replace("FULL", "false"), come)
    leaves = ["09:00", "09:00", "14:00", "14:00", "2 09:00", "2 09:00"]
    assert [row[3] for row in by_clock] == leaves
    _, when_full = seen(tmp_path, posts.replace("FULL", "true"), come)
    leaves = ["08:30", "08:30", "09:00", "14:00", "14:00", "2 09:00"]
    assert [row[3] for row in when_full] == leaves


def test_convoys_come_together(tmp_path: Path) -> None:
    """Three of the three that come are at the gate at one instant, and keep their numbers."""
    posts = "posts: {q: {stations: {desk: {lanes: 2, service: 7 min}}}}"
    text = PORT.replace("60 per hour", "1 per hour, batch: 3").replace("FROM", "2024-05-01")
    text = text.replace("UNTIL", "2024-05-08").replace("POSTS", f"        {posts}")
    scenario = asked(tmp_path, text)
    view = timed(scenario, {"f": [at("08:00")] * 3 + [at("09:00")] * 3})
    visits = visits_of(view.ledger, "s")
    assert visits["unit"].tolist() == list(range(6))
    assert visits["wait_min"].tolist() == [0, 0, 7] * 2
    starts = planned(scenario).plan.start.reshape(-1, 3)
    assert (starts == starts[:, :1]).all()
    assert len(set(starts[:, 0].tolist())) == len(starts) > 100


OPEN = """
posts:
  q:
    clock: CLOCK
    hours: {daily: "HOURS"}
    closing_rule: hold
    stations: {desk: {lanes: 1, service: 2 h}}
"""


@pytest.mark.parametrize(
    ("clock", "hours", "day", "come", "known"),
    [
        # Kazakhstan left UTC+6 on 1 March 2024: 29 February, a leap day, lasted 25 hours.
        # 09:00 is 03:00 UTC on the first day, 04:00 UTC on the second.
        ("Asia/Almaty", "09:00-17:00", "2024-02-29", ["02:00", "09:30", "23:30"],
         [("03:00", "05:00"), ("09:30", "2 04:30"), ("2 04:30", "2 06:30")]),
        # Warsaw, 31 March: 01:00 UTC is 02:00 and at once 03:00. Night hours 20:00 to 05:00
        # are 18:00 (19:00 in winter) to 03:00 UTC, 8 hours instead of 9.
        ("Europe/Warsaw", "20:00-05:00", "2024-03-30", ["19:30", "2 02:00", "2 02:30"],
         [("19:30", "21:30"), ("2 02:00", "2 19:00"), ("2 19:00", "2 21:00")]),
        # The night before, in winter time, closed at 04:00 UTC.
        ("Europe/Warsaw", "20:00-05:00", "2024-03-30", ["03:00"], [("03:00", "20:00")]),
        # And back on 27 October: 20:00 to 05:00 are 18:00 to 04:00 UTC, 10 hours.
        ("Europe/Warsaw", "20:00-05:00", "2024-10-26", ["18:30", "2 02:00", "2 03:00"],
         [("18:30", "20:30"), ("2 02:00", "2 04:00"), ("2 19:00", "2 21:00")]),
        # Nepal, 5 h 45 min ahead.
        ("Asia/Kathmandu", "10:00-17:00", "2024-05-01", ["10:00"], [("10:00", "2 05:00")]),
    ],
)  # fmt: skip
def test_clocks(
    clock: str, hours: str, day: str, come: list[str], known: list[tuple[str, str]], tmp_path: Path
) -> None:
    posts = OPEN.replace("CLOCK", clock).replace("HOURS", hours)
    until = str(date.fromisoformat(day) + timedelta(days=3))
    _, rows = seen(tmp_path, posts, come, day, until)
    assert [row[3:] for row in rows] == known
