"""Clocks: what they show is what their zones say, clock changes and half hours included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from corridor.planning.clock import calendar, zone


@given(
    st.sampled_from(["Asia/Almaty", "Asia/Kolkata", "Europe/Berlin", "Africa/Casablanca",
                     "Australia/Lord_Howe", "Asia/Shanghai"]),
    st.datetimes(datetime(1970, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 2000),
)  # fmt: skip
def test_the_hours_of_a_clock_are_those_of_its_zone(
    clock: str, start: datetime, hours: int
) -> None:
    """Day by day where its offset stays, and hour by hour where it changes."""
    start = start.replace(microsecond=0)
    local = [(start + timedelta(hours=h)).astimezone(zone(clock)) for h in range(hours)]
    month, weekday, hour = calendar(start, hours, clock)
    assert month.tolist() == [t.month - 1 for t in local]
    assert weekday.tolist() == [t.weekday() for t in local]
    assert hour.tolist() == [t.hour for t in local]
