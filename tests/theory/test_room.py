"""A line that not everyone joins, part of it in a room: what theory says of the whole line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from planning.small import asked, planned, z_of_mean

from corridor.engine import Verb, simulate

from .closed_forms import mmck

TEXT = """
    title: A room and a line before it
    period: {from: 2024-05-01, until: 2024-05-11}
    ports:
      p:
        title: P
        posts:
          q:
            stations: {desk: {lanes: LANES, service: {exponential: {mean: 5 min}}, MORE}}
    flows:
      f: {port: p, class: truck, arrivals: {poisson: 12 per hour}}
"""


def found(folder: Path, lanes: int, more: str, replication: int = 0) -> tuple[np.ndarray, float]:
    """When each was served, (n, 2), -1 if it was not; and the share that went away."""
    text = TEXT.replace("LANES", str(lanes)).replace("MORE", more)
    m = planned(asked(folder, text), replication)
    journal = simulate(m.plan, "fast", thorough=True)
    if replication == 0:
        assert journal.equal(simulate(m.plan, "simpy", thorough=True))
    (serve,) = np.flatnonzero(m.plan.verb == Verb.SERVE)
    (limit,) = np.flatnonzero(m.plan.verb == Verb.LIMIT)
    line = m.plan.cells(int(limit) + 1)
    away = (journal.began[line] < 0) & (journal.ended[line] >= 0)
    cells = m.plan.cells(int(serve))
    began, ended = journal.began[cells], journal.ended[cells]
    return np.stack([began, np.where(began < 0, -1, ended)], axis=1), float(away.mean())


@pytest.mark.parametrize(
    ("lanes", "room", "outside"), [(1, 2, 3), (1, 1, 4), (1, 5, 0), (2, 3, 1), (2, 2, 0), (3, 1, 2)]
)
def test_so_many_inside_and_so_many_outside(
    lanes: int, room: int, outside: int, tmp_path: Path
) -> None:
    """Served is who would be of one line as long as both, and at the same time, whatever it is.

    A room for fewer than there are lanes has as many lanes as places.
    """
    at_once = min(lanes, room)
    line = room - at_once + outside
    in_two, away = found(tmp_path, lanes, f"room: {room}, turn_away_above: {outside}")
    in_one, expected = found(tmp_path, at_once, f"turn_away_above: {line}")
    assert np.array_equal(in_two, in_one)
    assert away == expected
    assert away > 0.02, "a test that can fail"


def test_with_a_room_it_is_a_line_of_that_length(tmp_path: Path) -> None:
    """M/M/1/5 at its limit: two in the room and three outside; one more or less is far off."""
    more = "room: 2, turn_away_above: 3"
    lost = np.array([found(tmp_path, 1, more, replication)[1] for replication in range(20)])
    assert abs(z_of_mean(lost, mmck(1, 1.0, 5)[-1])) <= 4
    for most in (4, 6):
        assert abs(z_of_mean(lost, mmck(1, 1.0, most)[-1])) > 4
