"""Demand: how much, when, and what a closed season makes of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from corridor.planning import Axis, Fate, Manifest, expected
from corridor.planning.clock import zone
from corridor.planning.demand import _inverse, added, units_of
from corridor.planning.draws import Streams
from corridor.scenarios import Scenario

from .small import DAY, asked, planned, shipped, z_of_mean

PORT = """
    title: A pass
    period: {from: START, until: END, clock: Asia/Shanghai}
    ports:
      gap:
        title: A gap
        season: {closed: CLOSED}
        posts:
          post:
            holidays: [china]
            closing_rule: finish
            stations: {gate: {lanes: unlimited, service: 0 min}}
    flows:
      silk:
        port: gap
        class: lorry
        clock: Asia/Karachi
        volume: {VOLUME}
        weekdays: {saturday: 0.5, sunday: 0}
        hours: {"09:00-11:00": 2, "11:00-16:00": 1, "16:00-18:00": 1.5}
        months: {"12-03": 0.65, "07": 2}
        payload: 16 t
        payload_cv: 0.15
"""
SEASON = """
        closed_season:
          {rush: 0.33, wait: 0.42, lost: 0.25, rush_window: 30 d, wait_window: 60 d, after: 14 d}
"""


def pass_(folder: Path, more: str = "", **words: str) -> Scenario:
    words = {
        "START": "2023-08-01", "END": "2024-08-01", "CLOSED": "null",
        "VOLUME": "vehicles: 3000, per: month", **words,
    }  # fmt: skip
    text = PORT
    for key, value in words.items():
        text = text.replace(key, value)
    return asked(folder, text.rstrip() + "\n" + more)


def local(manifest: Manifest, ms: np.ndarray, clock: str = "Asia/Karachi") -> list[datetime]:
    tz = zone(clock)
    return [(manifest.start + timedelta(milliseconds=int(t))).astimezone(tz) for t in ms]


# -- how much ------------------------------------------------------------------------------------


@pytest.mark.parametrize("months", ['{"02": 1, "03-01": 0}', '{"12-03": 0.2}', "{}"])
def test_an_annual_volume_is_what_comes_in_a_year(months: str, tmp_path: Path) -> None:
    """Over four years, leap year and all, to a day's worth: however the months weigh."""
    years = {"START": "2024-01-01", "END": "2028-01-01", "VOLUME": "vehicles: 9000, per: year"}
    scenario = pass_(tmp_path, **{'{"12-03": 0.65, "07": 2}': months}, **years)
    assert scenario.flows["silk"].month_weights()[6] == (0 if "03-01" in months else 1)
    assert expected(scenario.flows["silk"], Axis.of(scenario)) == pytest.approx(36_000, rel=0.004)


def test_a_monthly_volume_is_that_of_a_month_of_weight_one(tmp_path: Path) -> None:
    scenario = pass_(tmp_path, START="2024-09-02", END="2024-10-28")  # 8 whole weeks, weight 1
    assert expected(scenario.flows["silk"], Axis.of(scenario)) == pytest.approx(3000 * 56 / 30.4375)


def test_a_volume_in_tonnes_is_lorries_by_their_payload(tmp_path: Path) -> None:
    weeks = {"START": "2024-09-02", "END": "2024-10-28"}
    scenario = pass_(tmp_path, VOLUME="tonnes: 4000, per: month", **weeks)
    tonnes = 4000 * 56 / 30.4375
    assert expected(scenario.flows["silk"], Axis.of(scenario)) == pytest.approx(tonnes / 16)
    loads = [planned(scenario, r).payload_kg for r in range(80)]
    assert abs(z_of_mean(np.array([kg.sum() / 1000 for kg in loads]), tonnes)) <= 4
    each = np.concatenate(loads)
    assert abs(z_of_mean(each, 16_000)) <= 4
    assert each.std() / each.mean() == pytest.approx(0.15, rel=0.03)


def test_totals_are_poisson_and_lorries_come_by_month_weekday_and_hour(tmp_path: Path) -> None:
    scenario = pass_(tmp_path, VOLUME="vehicles: 12000, per: month")
    axis = Axis.of(scenario)
    mean = expected(scenario.flows["silk"], axis)
    counts = np.array(
        [len(units_of(scenario, "silk", axis, Streams(2, r)).start) for r in range(150)]
    )
    assert abs(counts.mean() - mean) <= 4 * np.sqrt(mean / 150)
    assert 0.6 < counts.var(ddof=1) / mean < 1.6

    manifest = planned(scenario)
    months = dict.fromkeys(range(1, 13), 1.0) | dict.fromkeys((12, 1, 2, 3), 0.65) | {7: 2.0}
    days = [1, 1, 1, 1, 1, 0.5, 0]
    hours = [
        2.0 if 9 <= h < 11 else 1.0 if 11 <= h < 16 else 1.5 if 16 <= h < 18 else 0.0
        for h in range(24)
    ]
    starts = np.arange(0, axis.horizon, 3_600_000)
    clock = local(manifest, starts)
    weight = np.array([months[t.month] * days[t.weekday()] * hours[t.hour] for t in clock])
    came = local(manifest, manifest.plan.start)
    for part in ("month", "hour", "day of the week"):
        key = {"month": lambda t: t.month, "hour": lambda t: t.hour}.get(part, datetime.weekday)
        want = np.bincount([key(t) for t in clock], weight)
        seen = np.bincount([key(t) for t in came], minlength=len(want))
        assert not seen[want == 0].any()
        share = want[want > 0] / want.sum()
        assert stats.chisquare(seen[want > 0], share * seen.sum()).pvalue > 1e-4, part
    minute = np.array([t.minute * 60 + t.second for t in came])
    assert stats.chisquare(np.bincount(minute // 60, minlength=60)).pvalue > 1e-4


def test_a_constant_stream_is_constant(tmp_path: Path) -> None:
    text = """
        title: Desk
        period: {length: 300 d}
        arrivals: {poisson: 20 per hour}
        ports: {p: {title: P, posts: {q: {stations: {desk: {lanes: unlimited, service: 0 min}}}}}}
    """
    start = np.sort(planned(asked(tmp_path, text)).plan.start)
    gaps = np.diff(start) / 60_000
    assert abs(z_of_mean(gaps, 3.0)) <= 4
    assert stats.kstest(gaps[:20_000], stats.expon(scale=3).cdf).pvalue > 1e-4


# -- events and holidays -------------------------------------------------------------------------

EVENT = """
    events:
      change:
        title: A change of trade
        demand: {flows: [silk], factor: FACTOR, from: 2024-05-01, until: 2024-05-31}
"""


def test_less_demand_takes_lorries_away_and_moves_none(tmp_path: Path) -> None:
    base, less = (planned(pass_(tmp_path, more)) for more in ("", EVENT.replace("FACTOR", "0.4")))
    assert np.array_equal(base.plan.start, less.plan.start)
    a, b = base.axis.at(date(2024, 5, 1)), base.axis.at(date(2024, 6, 1))
    inside = (base.plan.start >= a) & (base.plan.start < b)
    assert (less.fate[~inside] == Fate.COMES).all()
    stay, n = np.count_nonzero(less.fate[inside] == Fate.COMES), inside.sum()
    assert abs(stay - 0.4 * n) <= 4 * np.sqrt(n * 0.4 * 0.6)
    assert (less.fate[inside & (less.fate != Fate.COMES)] == Fate.ABSENT).all()
    last = inside & (base.plan.start >= b - DAY)  # 31 May is its last day
    assert (less.fate[last] == Fate.ABSENT).any()


def test_more_demand_adds_lorries_and_moves_none(tmp_path: Path) -> None:
    round_the_clock = {'{"09:00-11:00": 2, "11:00-16:00": 1, "16:00-18:00": 1.5}': "{}"}
    texts = ("", EVENT.replace("FACTOR", "2.5"))
    base, more = (planned(pass_(tmp_path, text, **round_the_clock)) for text in texts)
    n = len(base.plan.start)
    assert np.array_equal(base.plan.start, more.plan.start[:n])
    assert np.array_equal(base.payload_kg, more.payload_kg[:n])
    extra = more.plan.start[n:]
    a, b = base.axis.at(date(2024, 5, 1)), base.axis.at(date(2024, 6, 1))
    assert extra.min() >= a
    assert b - DAY < extra.max() < b
    inside = np.count_nonzero((base.plan.start >= a) & (base.plan.start < b))
    assert abs(len(extra) - 1.5 * inside) <= 4 * np.sqrt(1.5 * inside + 1.5**2 * inside)


def test_what_an_event_adds_is_expected(tmp_path: Path) -> None:
    """May 2024 has 23 weekdays and 4 Saturdays; to the 10th 8 and 1, if the run ends there."""
    for factor, end, days in (
        ("2.5", "2024-08-01", 23 + 4 * 0.5),
        ("1000", "2024-08-01", 23 + 4 * 0.5),
        ("3", "2024-05-11", 8 + 0.5),
        ("1", "2024-08-01", 0),
        ("0.4", "2024-08-01", 0),
    ):
        scenario = pass_(tmp_path, EVENT.replace("FACTOR", factor), END=end)
        change = scenario.events["change"].demand
        assert change is not None
        more = (float(factor) - 1) * 3000 / 30.4375 * days * 7 / 5.5
        found = added(scenario.flows["silk"], change, Axis.of(scenario))
        assert found == pytest.approx(more)


def test_who_stays_away_on_holidays_comes_on_none(tmp_path: Path) -> None:
    come, away = (
        planned(pass_(tmp_path, f"        on_holidays: {how}\n")) for how in ("come", "stay_away")
    )
    feasts = set(pass_(tmp_path).calendars["china"].holidays)
    dates = [{t.date() for t in local(m, m.plan.start)} for m in (come, away)]
    assert dates[0] & feasts
    assert not dates[1] & feasts
    assert dates[0] - feasts == dates[1]
    base = shipped("khunjerab_seasonal")
    flows = {"khunjerab_coach_south": base.flows["khunjerab_coach_south"]}
    coaches = planned(base.model_copy(update={"flows": flows}))
    days = {t.date() for t in local(coaches, coaches.plan.start, "Asia/Shanghai")}
    post = base.ports["khunjerab"].posts["tashkurgan"]
    kept = {d for name in post.holidays for d in base.calendars[name].holidays}
    assert not days & (kept - set(post.working_days))


# -- a closed season -----------------------------------------------------------------------------


def twins(folder: Path, **words: str) -> tuple[Manifest, Manifest]:
    """The same demand through a pass that is open all year, and one that closes in winter."""
    open_ = planned(pass_(folder, SEASON, VOLUME="vehicles: 6000, per: month", **words))
    words = {"CLOSED": "12-01..03-31", **words}
    return open_, planned(pass_(folder, SEASON, VOLUME="vehicles: 6000, per: month", **words))


def binomial(seen: int, n: int, p: float) -> bool:
    return abs(seen - n * p) <= 4 * np.sqrt(n * p * (1 - p))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Manifest, Manifest]:
    return twins(tmp_path_factory.mktemp("twins"))


CLOSING, OPENING = 122, 244  # days from 1 August 2023 to 1 December and to 1 April


def test_rush_wait_and_loss_come_in_their_shares(pair: tuple[Manifest, Manifest]) -> None:
    open_, shut = pair
    ready, a, b = open_.plan.start, CLOSING * DAY, OPENING * DAY
    winter = (ready >= a) & (ready < b)
    n = int(winter.sum())
    assert n > 10_000
    lost = winter & (shut.fate == Fate.LOST)
    rush = winter & (shut.fate == Fate.COMES) & (shut.plan.start < a)
    wait = winter & (shut.fate == Fate.COMES) & (shut.plan.start >= b)
    assert (lost | rush | wait)[winter].all()
    assert binomial(lost.sum(), n, 0.25)
    assert binomial(rush.sum(), n, 0.33)
    assert binomial(wait.sum(), n, 0.42)
    # who is not touched is not moved; payloads are theirs whatever becomes of them
    assert np.array_equal(shut.plan.start[~winter], ready[~winter])
    assert np.array_equal(shut.payload_kg, open_.payload_kg)
    # a lost or waiting lorry counts from when it was ready, a rushing one from when it comes
    assert np.array_equal(shut.entry[lost | wait], ready[lost | wait])
    assert np.array_equal(shut.entry[rush], shut.plan.start[rush])
    # windows: 30 days before closing, 60 after opening; nothing starts in between
    assert shut.plan.start[rush].min() >= a - 30 * DAY
    assert shut.plan.start[wait].max() < b + 60 * DAY
    comes = shut.plan.start[shut.fate == Fate.COMES]
    assert not ((comes >= a) & (comes < b)).any()


def test_the_rush_keeps_the_hours_of_its_trade(pair: tuple[Manifest, Manifest]) -> None:
    open_, shut = pair
    moved = (shut.fate == Fate.COMES) & (shut.plan.start != open_.plan.start)
    times = local(shut, shut.plan.start[moved])
    assert len(times) > 8000
    assert {t.hour for t in times} == set(range(9, 18))
    assert {t.weekday() for t in times} == set(range(6))
    for window in (range(92, 122), range(244, 304)):  # level over the window, every month alike
        day = shut.plan.start[moved] // DAY
        inside = [d for d in day if d in window]
        want = np.array(
            [
                [1, 1, 1, 1, 1, 0.5, 0][(shut.start + timedelta(d, hours=12)).weekday()]
                for d in window
            ]
        )
        seen = np.bincount(np.array(inside) - window[0], minlength=len(want))
        keep = want > 0
        assert stats.chisquare(seen[keep], want[keep] / want.sum() * seen.sum()).pvalue > 1e-4


def test_a_run_that_ends_at_closing_still_has_its_rush(
    pair: tuple[Manifest, Manifest], tmp_path: Path
) -> None:
    """The lorries of a winter that the run does not reach come forward into it all the same."""
    _, whole = pair
    rush = rushing(whole)
    for end in ("2023-12-01", "2024-01-15"):
        _, short = twins(tmp_path, END=end)
        n = rushing(short)
        later = short.entry >= short.plan.horizon
        assert later.any()
        assert (short.fate[later] == Fate.ABSENT).all()
        assert abs(n - rush) <= 4 * np.sqrt(2 * rush), end
    _, half = twins(tmp_path, END="2023-11-16")
    assert abs(rushing(half, 92, 107) - rushing(whole, 92, 107)) <= 4 * np.sqrt(rush)


def rushing(m: Manifest, first: int = 92, last: int = 122) -> int:
    """Lorries in November beyond the 6,000 a month of an open year."""
    inside = (m.plan.start >= first * DAY) & (m.plan.start < last * DAY) & (m.fate == Fate.COMES)
    usual = expected_of(first, last)
    return int(inside.sum() - usual)


def expected_of(first: int, last: int) -> float:
    weekday = [(date(2023, 8, 1) + timedelta(d)).weekday() for d in range(first, last)]
    return sum([1, 1, 1, 1, 1, 0.5, 0][w] for w in weekday) * 6000 / 30.4375 * 7 / 5.5


def test_a_run_that_ends_soon_after_opening_does_not_squeeze_the_surge(tmp_path: Path) -> None:
    """Who would come in April and May still waits when a run ends on 16 April."""
    open_, short = twins(tmp_path, END="2024-04-16")
    winter = (open_.plan.start >= CLOSING * DAY) & (open_.plan.start < OPENING * DAY)
    wait = winter & (short.fate == Fate.COMES) & (short.entry >= CLOSING * DAY)
    here = wait & (short.plan.start < short.plan.horizon)
    days = [(date(2024, 4, 1) + timedelta(d)).weekday() for d in range(60)]
    weight = np.array([1, 1, 1, 1, 1, 0.5, 0])[days]
    assert binomial(here.sum(), wait.sum(), weight[:15].sum() / weight.sum())
    assert (short.plan.start[wait & ~here] == short.plan.horizon).all()


def test_a_run_that_starts_in_the_rush_has_the_rest_of_it(tmp_path: Path) -> None:
    open_, late = twins(tmp_path, START="2023-11-16")
    winter = (open_.plan.start >= 15 * DAY) & (open_.plan.start < 137 * DAY)
    n = int(winter.sum())
    absent = winter & (late.fate == Fate.ABSENT)
    assert binomial(absent.sum(), n, 0.33 / 2)
    rush = winter & (late.fate == Fate.COMES) & (late.plan.start < 15 * DAY)
    assert binomial(rush.sum(), n, 0.33 / 2)


def test_a_run_that_starts_in_winter_has_no_rush(tmp_path: Path) -> None:
    open_, late = twins(tmp_path, START="2023-12-20")
    winter = open_.plan.start < 103 * DAY
    assert binomial(np.count_nonzero(late.fate[winter] == Fate.ABSENT), winter.sum(), 0.33)
    assert (late.plan.start[winter & (late.fate == Fate.COMES)] >= 103 * DAY).all()


# -- the inverse of the cumulative rate ----------------------------------------------------------

pieces = st.lists(st.sampled_from([0.0, 0.0, 1e-6, 0.3, 1.0, 40.0]), min_size=1, max_size=60)


@given(pieces, st.lists(st.floats(0, 1), max_size=40))
def test_the_inverse_is_that_of_numpy_to_the_last_bit(rate: list[float], u: list[float]) -> None:
    rising = np.concatenate([[0.0], np.cumsum(rate)])
    grid = np.arange(len(rising)) * 3_600_000.0
    near = [np.nextafter(rising, -np.inf), rising, np.nextafter(rising, np.inf)]
    x = np.clip(np.concatenate([np.array(u) * rising[-1], *near]), 0.0, rising[-1])
    assert np.array_equal(_inverse(rising, grid, x), np.interp(x, rising, grid))
