"""Closed seasons, days drawn to stay shut, storms: by hand and against their law."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from corridor.planning import Axis
from corridor.planning.draws import Streams
from corridor.planning.openings import closed_stretches, closures, drawn_days, open_intervals
from corridor.scenarios import Scenario

from .small import DAY, HOUR, asked, planned, shipped, z_of_mean

FORTNIGHT = 14 * 1440

# Days since 1 December 2023, the start of the run: 2 Jan is day 32, 17 Jan day 47, 1 April 2024 day
# 31 + 31 + 29 + 31 = 122; 1 Dec 2024 is day 366, 2 Jan 2025 398, 17 Jan 413, 1 April 487, the end.
STRETCHES = {
    "seasonal": [[0, 122], [366, 487]],
    "special_openings": [[0, 32], [47, 122], [366, 398], [413, 487]],
    "year_round": [],
    "fair_weather": [],
}


@pytest.mark.parametrize("regime", STRETCHES)
def test_closed_stretches_of_khunjerab(regime: str) -> None:
    scenario = shipped(f"khunjerab_{regime}")
    found = closed_stretches(scenario.ports["khunjerab"], "coach", Axis.of(scenario), FORTNIGHT)
    assert (found / DAY).tolist() == STRETCHES[regime]


def test_short_stretches_are_waited_out() -> None:
    scenario = shipped("khunjerab_special_openings")
    port, axis = scenario.ports["khunjerab"], Axis.of(scenario)
    found = closed_stretches(port, "coach", axis, 32 * 1440)  # 32 days are not longer than 32 days
    assert (found / DAY).tolist() == [[47, 122], [413, 487]]


def test_a_stretch_that_began_before_the_run_keeps_its_length() -> None:
    scenario = shipped("khunjerab_seasonal")
    period = scenario.period.model_copy(update={"from_": date(2024, 3, 25)})
    late = scenario.model_copy(update={"period": period})
    found = closed_stretches(late.ports["khunjerab"], "coach", Axis.of(late), FORTNIGHT)
    assert (found[0] / DAY).tolist() == [-115, 7]  # a week is left, four months are counted


def working_days(scenario: Scenario, post: str) -> Counter[tuple[int, int]]:
    """Days open of each month, by the start of each opening on the clock of the period."""
    axis = Axis.of(scenario)
    rows = planned(scenario.model_copy(update={"flows": {}})).openings[post]
    starts = [axis.start + timedelta(milliseconds=int(a), hours=8) for a in rows[:, 0]]
    return Counter((t.year, t.month) for t in starts)


def test_year_round_on_paper_opens_as_many_winter_days_as_it_says() -> None:
    paper, open_ = shipped("khunjerab_fair_weather"), shipped("khunjerab_year_round")
    declared = {12: 10, 1: 6, 2: 6, 3: 6}
    for post in ("khunjerab/tashkurgan", "khunjerab/sost"):
        few, all_ = working_days(paper, post), working_days(open_, post)
        assert len(few) == 16
        for month, days in few.items():
            assert days == declared.get(month[1], all_[month])


def test_drawn_days_are_drawn_anew_in_each_replication_and_all_alike() -> None:
    scenario = shipped("khunjerab_fair_weather")
    axis = Axis.of(scenario)
    shut = [drawn_days(scenario, "khunjerab", axis, Streams(1, r)) for r in range(300)]
    assert len(set(shut)) == 300
    januaries = [d for d in axis.days() if (d.year, d.month) == (2024, 1) and d.weekday() < 5]
    works = [d for d in januaries if d != date(2024, 1, 1)]  # 22 working days, 6 of them open
    assert len(works) == 22
    opened = np.array([sum(day not in s for s in shut) for day in works])
    assert opened.sum() == 300 * 6
    p = 6 / 22  # each day open in a share p; counts of days are tied, hence the factor 22 / 21
    assert ((opened - 300 * p) ** 2).sum() / (300 * p * (1 - p)) * 21 / 22 < stats.chi2(21).ppf(
        1 - 1e-4
    )


def test_a_month_that_the_run_only_touches_is_open_in_proportion() -> None:
    scenario = shipped("khunjerab_fair_weather").model_copy(update={"flows": {}})
    period = scenario.period.model_copy(update={"from_": date(2025, 1, 20), "measure_from": None})
    scenario = scenario.model_copy(update={"period": period})
    axis = Axis.of(scenario)
    port = scenario.ports["khunjerab"]
    opened = []
    for r in range(200):
        shut = drawn_days(scenario, "khunjerab", axis, Streams(1, r))
        rows = open_intervals(scenario, port, port.posts["sost"], axis, shut=shut)
        opened.append(np.count_nonzero(rows[:, 0] < 12 * DAY))
    # January 2025 has 23 weekdays; the 1st and 28th to 31st are holidays; 20 to 27 January are 6.
    assert abs(z_of_mean(np.array(opened), 6 * 6 / 18)) <= 4


# -- storms --------------------------------------------------------------------------------------

STORMY = """
    title: A pass in the wind
    period: {from: 2024-11-01, until: 2025-05-01, clock: Asia/Shanghai}
    ports:
      gap:
        title: A gap
        posts:
          high:
            clock: Asia/Shanghai
            closing_rule: finish
            stations: {gate: {lanes: 1, service: 1 min}}
          low:
            clock: Asia/Karachi
            closing_rule: hold
            stations: {gate: {lanes: 1, service: 1 min}, desk: {lanes: 1, service: 1 min}}
    events:
      storms:
        title: Storms
        port: gap
        at: [high.gate, low.gate]
        sampled: {per_month: 1.5, during: 12-01..04-30, duration: LENGTH}
      strike:
        title: Strike
        port: gap
        at: [low.desk]
        dates: {two_days: {from: 2024-12-02, until: 2024-12-03}}
"""


def test_the_number_of_storms_follows_its_law(tmp_path: Path) -> None:
    text = STORMY.replace("LENGTH", "1 s").replace("per_month: 1.5", "per_month: 60")
    scenario = asked(tmp_path, text)
    axis = Axis.of(scenario)
    post, event = scenario.ports["gap"].posts["high"], scenario.events["storms"]
    spells = [closures(event, "storms", post, axis, Streams(3, r)) for r in range(800)]
    counts = np.array([len(s) for s in spells])
    mean = 60 * 151 / 30.4375  # 31 + 31 + 28 + 31 + 30 days; a second of storm hardly ever overlaps
    assert abs(counts.mean() - mean) <= 4 * np.sqrt(mean / 800)
    assert abs(counts.var(ddof=1) - mean) <= 4 * np.sqrt((2 * mean**2 + mean) / 800)
    begin = np.concatenate(spells)[:, 0]
    assert begin.min() >= 30 * DAY  # none in November
    assert stats.kstest((begin - 30 * DAY) / (151 * DAY), "uniform").pvalue > 1e-4


def test_storms_end_with_the_run_and_join_when_they_overlap(tmp_path: Path) -> None:
    scenario = asked(tmp_path, STORMY.replace("LENGTH", "60 d"))
    axis = Axis.of(scenario)
    post, event = scenario.ports["gap"].posts["high"], scenario.events["storms"]
    for r in range(50):
        rows = closures(event, "storms", post, axis, Streams(3, r))
        assert (rows[:, 0] < rows[:, 1]).all()
        assert (rows[1:, 0] > rows[:-1, 1]).all()
        assert rows.max(initial=0) <= axis.horizon


def test_a_storm_is_one_storm_whatever_the_clock_of_the_post(tmp_path: Path) -> None:
    manifest = planned(asked(tmp_path, STORMY.replace("LENGTH", "{exponential: {mean: 20 h}}")))
    high, low = (
        [
            (a, b)
            for _, place, a, b in manifest.incidents
            if place == f"gap/{post}" and _ == "Storms"
        ]
        for post in ("high", "low")
    )
    assert len(high) > 2
    assert high == low


def test_a_dated_closure_is_days_of_the_posts_clock_and_takes_one_station(tmp_path: Path) -> None:
    manifest = planned(asked(tmp_path, STORMY.replace("LENGTH", "1 s")))
    # 2 December 00:00 in Karachi is 03:00 in Shanghai, day 31 of the run; two days.
    begin = 31 * DAY + 3 * HOUR
    desk = manifest.openings["gap/low/desk"]
    assert desk.tolist() == [[0, begin], [begin + 2 * DAY, manifest.plan.horizon]]
    assert ("Strike", "gap/low", begin, begin + 2 * DAY) in manifest.incidents
    assert manifest.openings["gap/low"].tolist() == [[0, manifest.plan.horizon]]
    assert len(manifest.openings["gap/high/gate"]) > 1
