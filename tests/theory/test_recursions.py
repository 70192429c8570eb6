"""Random traffic, and every instant of it known: recursions a few lines long against the table.

What is compared is the table of visits, as a person gets it, for each unit and to the millisecond.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from planning.small import asked, ran

from corridor.results.tables import visits_of

QUESTION = """
    title: A desk
    period: {from: 2024-03-20, until: 2024-04-10, clock: CLOCK}
    arrivals: {poisson: RATE per hour}
    ports:
      p:
        title: P
        posts:
          q:
            clock: CLOCK
            hours: {daily: "OPEN-CLOSE"}
            closing_rule: RULE
            stations: {desk: {lanes: LANES, service: {erlang: {mean: 25 min, stages: 2}}}}
"""

Openings = list[tuple[int, int]]
Rows = list[tuple[int, int]]
NEVER = 2**62


def table(folder: Path, **words: object) -> pd.DataFrame:
    text = QUESTION
    for word, value in words.items():
        text = text.replace(word, str(value))
    visits = visits_of(ran(asked(folder, text)).ledger, "s")
    return visits.sort_values(["asked", "unit"]).reset_index(drop=True)


def openings(clock: str, begin: str, end: str) -> Openings:
    """From when to when it is open, ms since 1970, day by day on the wall clock."""
    zone, found = ZoneInfo(clock), []
    for day in range(-1, 25):
        date = datetime(2024, 3, 20) + timedelta(days=day)
        spell = []
        for word in (begin, end):
            hour, minute = map(int, word.split(":"))
            later = timedelta(days=int(end < begin and word == end), hours=hour, minutes=minute)
            # Added on the wall clock, then read as an instant.
            spell.append(round((date + later).replace(tzinfo=zone).timestamp() * 1000))
        found.append((spell[0], spell[1]))
    return found


def opened(open_: Openings, at: int) -> tuple[int, int]:
    """When one can begin who is there at `at`, and when it closes then."""
    return next((max(at, a), b) for a, b in open_ if at < b)


def finish(open_: Openings, come: list[int], work: list[int], lanes: int) -> Rows:
    """What is begun is done; nothing begins until the desk is open and a lane free."""
    free, rows = [0] * lanes, []
    for now, time in zip(come, work, strict=True):
        lane = free.index(min(free))
        begins, _ = opened(open_, max(now, free[lane]))
        free[lane] = begins + time
        rows.append((begins, begins + time))
    return rows


def hold(open_: Openings, come: list[int], work: list[int], lanes: int) -> Rows:
    """By a clock that stands while the desk is closed, a desk that never closes."""
    since = np.cumsum([0, *(b - a for a, b in open_)])
    opens, closes = np.array(open_).T

    def worked(at: int) -> int:
        i = int(np.searchsorted(opens, at, side="right")) - 1
        return int(since[i] + min(at, closes[i]) - opens[i])

    def at(clock: int, ends: bool) -> int:
        i = int(np.searchsorted(since, clock, side="left" if ends else "right")) - 1
        return int(opens[i] + clock - since[i])

    always = [(0, NEVER)]
    by_clock = finish(always, [worked(t) for t in come], work, lanes)
    return [(at(a, ends=False), at(b, ends=True)) for a, b in by_clock]


def recall(open_: Openings, come: list[int], work: list[int], lanes: int) -> Rows:
    """Day by day: what would not be done by closing keeps its lane till then, and comes again."""
    rows: dict[int, tuple[int, int]] = {}
    for opens, closes in open_:
        free = [opens] * lanes
        for unit in (unit for unit in range(len(come)) if unit not in rows):
            lane = free.index(min(free))
            begins = max(come[unit], free[lane])
            if begins >= closes:
                break
            free[lane] = min(begins + work[unit], closes)
            if begins + work[unit] <= closes:
                rows[unit] = begins, begins + work[unit]
    return [rows[unit] for unit in range(len(come))]


@pytest.mark.parametrize("rule", [finish, hold, recall], ids=lambda rule: rule.__name__)
@pytest.mark.parametrize(
    ("lanes", "rate", "clock", "begin", "end"),
    [
        (1, 0.8, "Asia/Shanghai", "09:00", "18:00"),
        (3, 2.2, "Asia/Shanghai", "09:00", "18:00"),
        (1, 0.7, "Europe/Warsaw", "20:00", "05:00"),  # an hour is left out on 31 March
        (2, 1.3, "America/Santiago", "18:30", "03:30"),  # and one comes twice on 7 April
    ],
)
def test_every_unit_of_a_desk_that_closes(
    rule: Callable[..., Rows], lanes: int, rate: float, clock: str, begin: str, end: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    visits = table(
        tmp_path, LANES=lanes, RATE=rate, RULE=rule.__name__, OPEN=begin, CLOSE=end, CLOCK=clock
    )
    done = visits[visits["ended"].notna()]
    assert len(done) > 250
    come = done["asked"].astype("datetime64[ms]").astype("int64").tolist()
    work = np.rint(done["service_min"] * 60_000).astype("int64").tolist()
    rows = rule(openings(clock, begin, end), come, work, lanes)
    found = done[["began", "ended"]].astype("datetime64[ms]").astype("int64")
    known = pd.DataFrame(rows, columns=["began", "ended"], index=done.index)
    pd.testing.assert_frame_equal(found, known, check_dtype=False)
    night = (done["closed_wait_min"] > 0).sum()
    assert night > 50, "nobody met a closing: this shows nothing"


def test_little_by_hand(tmp_path: Path) -> None:
    """The area under the number in line is the sum of all waits, to the millisecond."""
    text = QUESTION.replace('{daily: "OPEN-CLOSE"}', "always").replace("RULE", "finish")
    for word, value in (("LANES", "2"), ("RATE", "4.2"), ("CLOCK", "UTC")):
        text = text.replace(word, value)
    visits = visits_of(ran(asked(tmp_path, text)).ledger, "s").dropna()
    asked_at, began_at = (
        visits[column].astype("datetime64[ms]").astype("int64") for column in ("asked", "began")
    )
    at = np.concatenate([asked_at, began_at])
    step = np.repeat([1, -1], len(visits))
    order = np.lexsort([-step, at])
    in_line = np.cumsum(step[order])
    assert in_line.min() == 0 < in_line.max()
    area = int(in_line[:-1] @ np.diff(at[order]))
    assert area == int((began_at - asked_at).sum()) > 0
    assert visits["wait_min"].sum() * 60_000 == pytest.approx(area, rel=1e-12)
