"""Calendars against a wall calendar: hours, spans of the year, seasons, clocks."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from corridor.scenarios.base import Clock
from corridor.scenarios.calendar import (
    ALWAYS,
    Day,
    Hours,
    MonthDays,
    Season,
    Spell,
    Windows,
    within,
)

CLOCK, DAY, SPAN, WINDOWS = map(TypeAdapter, (Clock, Day, MonthDays, Windows))


def refused(kind: Any, value: Any) -> str:
    with pytest.raises(ValidationError) as error:
        kind.model_validate(value) if hasattr(kind, "model_validate") else kind.validate_python(
            value
        )
    return str(error.value)


# -- hours ------------------------------------------------------------------------------------

MONDAY = date(2024, 4, 1)
DAY_9_17 = ((540, 1020),)


def week(hours: Hours) -> list[tuple[tuple[int, int], ...]]:
    return [hours.of(MONDAY + timedelta(i)) for i in range(7)]


def test_a_nearer_name_wins_over_a_wider_one_in_any_order() -> None:
    text = {
        "sunday": "10:00-12:00", "weekends": "closed", "daily": "09:00-17:00",
        "friday": "09:00-12:00, 14:00-17:00",
    }  # fmt: skip
    expected = [DAY_9_17] * 4 + [((540, 720), (840, 1020)), (), ((600, 720),)]
    assert week(Hours.model_validate(text)) == expected
    assert week(Hours.model_validate(dict(reversed(text.items())))) == expected


def test_words_and_days_that_are_not_named() -> None:
    assert week(ALWAYS) == [((0, 1440),)] * 7
    assert week(Hours.model_validate("closed")) == [()] * 7
    assert week(Hours.model_validate({"weekdays": "09:00-17:00"})) == [DAY_9_17] * 5 + [()] * 2


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("20:00-04:00", ((1200, 1680),)),  # over midnight: it ends on the next day
        ("15:00-19:00, 10:30-14:00", ((630, 840), (900, 1140))),
        ("9:00-24:00", ((540, 1440),)),
        ("00:00-00:30,23:30-00:00", ((0, 30), (1410, 1440))),
        ("closed", ()),
    ],
)
def test_windows_in_minutes_after_midnight(text: str, spans: Any) -> None:
    assert WINDOWS.validate_python(text) == spans


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("25:00-26:00", "there is no time 25:00: write 00:00 to 24:00"),
        ("09:00-24:01", "there is no time 24:01"),
        ("09:60-10:00", "there is no time 09:60"),
        ("9-17", "'9' is not a time of day: write HH:MM"),
        ("09:00", "is not a window: write 09:00-17:00 or closed"),
        ("09:00-09:00", "is empty: write 00:00-24:00 for all day"),
        ("09:00-13:00, 12:59-17:00", "windows overlap"),
        (900, "900 is not opening hours: write 09:00-17:00 or closed"),
    ],
)
def test_windows_that_cannot_be(text: Any, said: str) -> None:
    assert said in refused(WINDOWS, text)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({"weekday": "09:00-17:00"}, "unknown key 'weekday' (did you mean 'weekdays'?)"),
        ({"montag": "09:00-17:00"}, "unknown key 'montag'"),
        ({"daily": "20:00-04:00, 03:00-05:00"}, "monday is open into tuesday morning"),
        ({"monday": "20:00-04:00", "tuesday": "03:59-05:00"}, "monday is open into tuesday"),
        ({"sunday": "20:00-04:00", "monday": "03:00-05:00"}, "sunday is open into monday"),
        ("sometimes", "write always, closed, or a mapping"),
        (24, "write always, closed, or a mapping"),
    ],
)
def test_hours_that_cannot_be(hours: Any, said: str) -> None:
    assert said in refused(Hours, hours)


def test_a_night_may_end_when_the_next_day_begins() -> None:
    hours = Hours.model_validate({"monday": "20:00-04:00", "tuesday": "04:00-05:00"})
    assert hours.monday == ((1200, 1680),)


def test_hours_are_written_as_they_are_read() -> None:
    hours = Hours.model_validate({"daily": "20:00-04:00", "sunday": "closed"})
    assert hours.model_dump()["monday"] == "20:00-04:00"
    assert Hours.model_validate(hours.model_dump()) == hours


@given(st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True))
def test_windows_round_trip(minutes: list[int]) -> None:
    ends = sorted(minutes)[: len(minutes) // 2 * 2]
    spans = tuple(zip(ends[::2], ends[1::2], strict=True))
    assert WINDOWS.validate_python(WINDOWS.dump_python(spans)) == spans


@given(st.integers(1, 1439), st.integers(0, 1438))
def test_a_window_over_midnight_round_trips(start: int, back: int) -> None:
    spans = ((start, 1440 + back % start),)  # ends before it began, on the next day
    if spans[0][1] > 1440:
        assert WINDOWS.validate_python(WINDOWS.dump_python(spans)) == spans


# -- spans of the year ------------------------------------------------------------------------

MONTH_DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda d: (d.month, d.day))


@given(MONTH_DAYS, MONTH_DAYS)
def test_spans_of_the_year_round_trip(first: tuple[int, int], last: tuple[int, int]) -> None:
    assert SPAN.validate_python(SPAN.dump_python((first, last))) == (first, last)


@given(MONTH_DAYS, MONTH_DAYS, st.sampled_from([2023, 2024]))
def test_a_span_holds_the_days_that_a_walk_from_first_to_last_meets(
    first: tuple[int, int], last: tuple[int, int], year: int
) -> None:
    ring = [(d.month, d.day) for d in days(2024)]  # a leap year has every day
    start, end = ring.index(first), ring.index(last)
    walked = ring[start : end + 1] if start <= end else ring[start:] + ring[: end + 1]
    inside = [d for d in days(year) if within(d, (first, last))]
    assert inside == [d for d in days(year) if (d.month, d.day) in walked]


def days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(i) for i in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize(
    "text", ["12-01", "13-01..01-01", "12-01..02-30", "Dec..Mar", 3, "04-31..05-01"]
)
def test_spans_that_cannot_be(text: Any) -> None:
    assert "write MM-DD..MM-DD" in refused(SPAN, text)


# -- seasons ----------------------------------------------------------------------------------

WINTER = Season.model_validate({"closed": "12-01..03-31"})


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        ("2023-11-30", False), ("2023-12-01", True), ("2023-12-31", True), ("2024-01-01", True),
        ("2024-02-29", True), ("2024-03-31", True), ("2024-04-01", False),
    ],
)  # fmt: skip
def test_a_winter_season_around_its_edges(day: str, closed: bool) -> None:
    assert WINTER.closed_on(date.fromisoformat(day)) is closed


def test_a_season_that_ends_on_leap_day() -> None:
    season = Season.model_validate({"closed": "02-01..02-29"})
    assert season.closed_on(date(2024, 2, 29))
    assert season.closed_on(date(2023, 2, 28))
    assert not season.closed_on(date(2023, 3, 1))
    late = Season.model_validate({"closed": "02-29..03-02"})
    assert [d.day for d in days(2023) if late.closed_on(d)] == [1, 2]
    assert [d.day for d in days(2024) if late.closed_on(d)] == [29, 1, 2]


def test_special_openings_cut_a_hole_both_ends_included() -> None:
    spell = {"from": "2024-01-02", "until": "2024-01-16"}
    season = Season.model_validate({"closed": "12-01..03-31", "special_openings": {"jan": spell}})
    opened = [d for d in days(2024)[:91] if not season.closed_on(d)]
    assert opened == Spell.model_validate(spell).days()
    assert len(opened) == 15
    assert season.closed_on(date(2025, 1, 10))  # dated: not every year


def test_a_class_has_its_own_season_on_top_of_the_port_s() -> None:
    season = Season.model_validate(
        {
            "closed": "12-01..03-31",
            "by_class": {"coach": "11-01..04-30"},
            "special_openings": {"apr": {"from": "2024-04-08", "until": "2024-04-09"}},
        }
    )
    tenth = date(2024, 4, 10)
    assert season.closed_to("coach", tenth)
    assert not season.closed_to("truck_laden", tenth)
    assert not season.closed_on(tenth)
    assert season.closed_to("truck_laden", date(2024, 1, 10))
    assert not season.closed_to("coach", date(2024, 4, 8))  # special openings are for everybody


@pytest.mark.parametrize("month", ["0", "13", "001", "jan", "1.0", "²"])
def test_months_are_one_to_twelve(month: str) -> None:
    assert 'write "01" to "12"' in refused(Season, {"open_days": {month: 3}})


def test_open_days_by_month() -> None:
    season = Season.model_validate({"open_days": {"01": 6, "12": 10}})
    assert {m: int(n.value) for m, n in season.open_days.items()} == {1: 6, 12: 10}
    assert Season.model_validate(season.model_dump(mode="json", by_alias=True)) == season


# -- dates and clocks -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024-02-30", "there is no day 2024-02-30"),
        ("2024-2-3", "write YYYY-MM-DD"),
        ("9999-01-01", "lies outside 1990 to 2060"),
        ("0001-01-01", "lies outside 1990 to 2060"),
        (20240401, "write YYYY-MM-DD"),
        ("2024-04-01T09:00", "write YYYY-MM-DD"),
    ],
)
def test_dates_that_cannot_be(text: Any, said: str) -> None:
    assert said in refused(DAY, text)


def test_spells_have_an_order() -> None:
    assert "lies before" in refused(Spell, {"from": "2024-04-02", "until": "2024-04-01"})


@pytest.mark.parametrize("name", ["Asia/Shanghai", "Asia/Karachi", "Asia/Almaty", "UTC", "Etc/UTC"])
def test_clocks(name: str) -> None:
    assert CLOCK.validate_python(name) == name
    assert ZoneInfo(name)


@pytest.mark.parametrize("name", ["GMT+5", "Etc/GMT+5", "UTC-8", "Etc/GMT-0"])
def test_a_clock_with_a_sign_is_a_trap(name: str) -> None:
    assert "write a place, such as Asia/Almaty" in refused(CLOCK, name)


@pytest.mark.parametrize(
    "name", ["Asia/Shangai", "asia/shanghai", "localtime", "Asia", "+05:00", ""]
)
def test_clocks_that_the_pinned_table_has_not(name: str) -> None:
    assert "write an IANA zone" in refused(CLOCK, name)
