"""Load before a run: more vehicles than a run can carry, and who asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor.faults import Faults
from corridor.scenarios import read, read_whole
from corridor.study.load import MOST_VEHICLES, idle
from corridor.study.sense import placed

BOOM = """\
title: A desk with a fair
period: {from: 2024-01-01, length: 30 d}
ports:
  plain: {title: P, posts: {q: {stations: {desk: {lanes: unlimited, service: 0 min}}}}}
flows:
  lorries: {port: plain, class: lorry, arrivals: {poisson: RATE per hour, batch: 2}}
  coaches: {port: plain, class: coach, arrivals: {poisson: 1 per hour}}
events:
  fair:
    title: A fair
    demand: {flows: [lorries, coaches], factor: FACTOR, from: 2024-01-11, until: 2024-01-20}
"""


def written(folder: Path, rate: int, factor: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(BOOM.replace("RATE", str(rate)).replace("FACTOR", factor))
    return path


def test_what_an_event_adds_counts_as_vehicles(tmp_path: Path) -> None:
    """41 an hour for 720 hours are 29,520; a thousandfold for 240 hours adds 9,830,160."""
    with pytest.raises(Faults) as error:
        placed(read_whole(written(tmp_path, 20, "1000")))
    (fault,) = error.value.faults
    assert fault.path == "events.fair.demand.factor"
    assert fault.mark is not None
    assert (fault.mark.line, fault.mark.column) == (11, 49)
    assert "about 9,859,680 vehicles in a run" in fault.message
    assert "shorten the event or check its factor" in fault.message


def test_the_bound_is_met_by_flows_and_events_together(tmp_path: Path) -> None:
    """41 x (720 + 240 x (factor - 1)) vehicles: 2,000,000 are passed from a factor of 201.3 on."""
    assert 41 * (720 + 240 * 200) < MOST_VEHICLES < 41 * (720 + 240 * 201)
    assert not list(idle(read(written(tmp_path, 20, "201"))))
    assert list(idle(read(written(tmp_path, 20, "202"))))


def test_an_event_that_takes_away_makes_no_room(tmp_path: Path) -> None:
    """Vehicles that it takes away are planned too; the fault stands at the flow."""
    for factor in ("0", "1", "1.01"):
        ((path, message),) = idle(read(written(tmp_path, 1400, factor)))
        assert path == ("flows", "lorries", "arrivals", "poisson")
        assert message.endswith("shorten the period or check the volumes")
