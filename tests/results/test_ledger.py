"""The Ledger tells when something is lost on the way, and how it counts by the hour."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planning.small import DAY, HOUR, MINUTE, asked, timed

from corridor.engine import Verb
from corridor.planning import Axis
from corridor.results import Ledger
from corridor.results.hours import area, hours_of, lasted, past, within
from corridor.results.tables import every, visits_of

PORT = """
    title: Two stations
    period: {from: 2024-05-01, until: 2024-05-03, measure_from: 2024-05-02}
    ports:
      gap: {title: The gap, posts: {post: {stations: {
        gate: {lanes: 1, service: 10 min}, desk: {lanes: 1, service: 1 h}}}}}
    flows:
      silk: {port: gap, class: lorry, direction: out, volume: {vehicles: 900, per: month}}
      tea: {port: gap, class: van, direction: home, volume: {vehicles: 900, per: month}}
"""


TEXT = ("scenario", "flow", "class", "direction", "place", "channel")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    come = {"silk": [DAY - 2 * HOUR, DAY, DAY + MINUTE], "tea": [DAY - HOUR, 2 * DAY - MINUTE]}
    return timed(asked(tmp_path, PORT), come).ledger


def test_all_is_well(ledger: Ledger) -> None:
    ledger.check()


@pytest.mark.parametrize("stamp", ["asked", "ended"])
def test_a_unit_is_in_one_step_at_a_time(ledger: Ledger, stamp: str) -> None:
    """Between two steps of a unit nothing may be missing, not a millisecond."""
    times = getattr(ledger.journal, stamp).copy()
    plan = ledger.manifest.plan
    cells = [plan.cells(row) for row in np.flatnonzero(plan.verb == Verb.SERVE)]
    between = cells[1] if stamp == "asked" else cells[0]
    times[between.start + np.argmax(times[between])] += 1
    spoilt = replace(ledger.journal, **{stamp: times})
    with pytest.raises(RuntimeError, match="time in the port"):
        Ledger(ledger.manifest, spoilt).check()


def test_nobody_may_leave_before_the_run_counts_them(ledger: Ledger) -> None:
    entry = ledger.manifest.entry.copy()
    early = int(np.flatnonzero((ledger.out >= 0) & (ledger.out < DAY))[0])
    entry[early] = DAY + 1
    with pytest.raises(RuntimeError, match="not conserved"):
        Ledger(replace(ledger.manifest, entry=entry), ledger.journal).check()


def test_units_stand_flow_after_flow(ledger: Ledger) -> None:
    flow = ledger.manifest.flow[::-1].copy()
    with pytest.raises(RuntimeError, match="flow after flow"):
        Ledger(replace(ledger.manifest, flow=flow), ledger.journal).check()


# -- by the hour ---------------------------------------------------------------------------------

STAMPS = st.lists(st.integers(-1, 3 * HOUR - 1) | st.sampled_from([-1, 0, HOUR, 2 * HOUR]))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, 2 * HOUR), STAMPS, STAMPS)
def test_counting_by_the_hour(measured: int, times: list[int], lengths: list[int]) -> None:
    """Also where hours are no full hours of the run, and the last one is cut short."""
    axis = Axis(pd.Timestamp("2024-01-01", tz="UTC").to_pydatetime(), 3 * HOUR, measured, "UTC")
    stamps = np.array(times, dtype=np.int64)
    hours = hours_of(axis)
    assert past(axis, stamps).tolist() == [sum(0 <= t <= h for t in times) for h in hours]
    assert within(axis, stamps).tolist() == [sum(h <= t < h + HOUR for t in times) for h in hours]
    begin = np.array([t for t in times if t >= 0][: len(lengths)], dtype=np.int64)
    end = begin + np.abs(np.array(lengths, dtype=np.int64))[: len(begin)]
    end[end >= axis.horizon] = -1
    spent = sum(
        max(0, (b if b >= 0 else axis.horizon) - max(a, measured))
        for a, b in zip(begin.tolist(), end.tolist(), strict=True)
    )
    assert lasted(axis, begin, end) == area(axis, begin, end) == spent


# -- single visits -------------------------------------------------------------------------------


def test_every_visit_is_there(ledger: Ledger) -> None:
    assert every(ledger) == 1
    visits = visits_of(ledger, "s")
    assert visits["unit"].is_monotonic_increasing
    assert visits["place"].tolist() == (["gap/post/gate", "gap/post/desk"] * 5)[:9]
    assert visits["flow"].tolist() == ["silk"] * 6 + ["tea"] * 3


def test_a_busy_year_is_thinned_by_units(ledger: Ledger) -> None:
    """Whole units of every flow, so that a unit's visits still tell its way."""
    whole = visits_of(ledger, "s")
    step = every(ledger, most=4)
    assert step == 3
    thin = visits_of(ledger, "s", step)
    expected = whole[whole["unit"] % 3 == 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(thin, expected)
    assert every(ledger, most=9) == 1
    assert every(ledger, most=8) == 2


def test_visits_come_back_from_a_file(ledger: Ledger, tmp_path: Path) -> None:
    visits = visits_of(ledger, "s")
    visits.to_parquet(tmp_path / "visits.parquet", index=False)
    back = pd.read_parquet(tmp_path / "visits.parquet")
    pd.testing.assert_frame_equal(back, visits)
    assert all(isinstance(visits[c].dtype, pd.CategoricalDtype) for c in TEXT)
