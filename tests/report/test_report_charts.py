"""The charts' own reckoning: clocks, calendars, labels; and one drawing that serves every page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from corridor.report.charts.canvas import COLOUR, chart
from corridor.report.charts.staircase import staircases
from corridor.report.charts.strip import open_days, runs, year
from corridor.report.charts.time import clocks, local, spans
from corridor.report.charts.week import worst_week


def calendar(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    columns = ["place", "kind", "from", "until"]
    return pd.DataFrame(rows, columns=columns).assign(scenario="a", name="")


def test_both_clocks_are_named(results: Any) -> None:
    assert clocks(results) == (
        "Hours are in Asia/Karachi (UTC+5); Tashkurgan is 3 h ahead (UTC+8); "
        "Sost is on the same clock (UTC+5)."
    )


def test_a_clock_that_changes_within_the_period_is_told(results: Any) -> None:
    changed = calendar(
        ("k/nur_zholy", "open", "2024-02-28T10:00+06:00", "2024-02-28T18:00+06:00"),
        ("k/nur_zholy", "open", "2024-03-01T10:00+05:00", "2024-03-01T18:00+05:00"),
    )
    text = clocks(replace(results, calendar=changed))
    assert "Nur Zholy is 1 h ahead (UTC+6), on the same clock from 1 March 2024 (UTC+5)" in text


def test_a_bare_date_is_the_whole_day() -> None:
    table = spans(calendar(("k", "holiday", "2024-10-01", "2024-10-07")), "Asia/Karachi")
    assert (table["end"] - table["begin"]).iloc[0] == pd.Timedelta(days=7)


def test_a_day_is_open_only_when_every_post_is() -> None:
    table = spans(
        calendar(
            ("k/a", "open", "2024-04-01T09:00+05:00", "2024-04-01T17:00+05:00"),
            ("k/a", "open", "2024-04-02T09:00+05:00", "2024-04-02T17:00+05:00"),
            ("k/b", "open", "2024-04-02T12:00+08:00", "2024-04-02T20:00+08:00"),
        ),
        "Asia/Karachi",
    )
    days = open_days(table, pd.Timestamp("2024-04-01"), pd.Timestamp("2024-04-04"))
    assert days.tolist() == [False, True, False]
    assert runs(days) == [(1, 1)]


def test_round_the_clock_is_every_day() -> None:
    table = spans(
        calendar(("k/a", "open", "2024-04-01T00:00+05:00", "2024-04-04T00:00+05:00")),
        "Asia/Karachi",
    )
    assert open_days(table, pd.Timestamp("2024-04-01"), pd.Timestamp("2024-04-04")).all()


def test_hours_are_the_ports_own() -> None:
    index = local(
        pd.Series(pd.to_datetime(["2024-02-29T20:00", "2024-03-01T20:00"])), "Asia/Almaty"
    )
    assert [str(t) for t in index] == ["2024-03-01 01:00:00", "2024-03-02 01:00:00"]


def test_the_finding_of_the_year_is_the_longest_median_queue(results: Any) -> None:
    drawn = year(results)
    assert drawn is not None
    queue = results.series[results.series["scenario"] == "khunjerab_year_round"]
    assert f"under “Year-round opening” ({queue['p50'].max():.0f} vehicles)" in drawn.title


def test_the_worst_week_holds_the_peak_and_seven_days(results: Any) -> None:
    drawn = worst_week(results)
    assert drawn is not None
    assert drawn.table is not None
    assert len(drawn.table.rows) <= 168
    values = [cell.value for row in drawn.table.rows for cell in row if cell.value is not None]
    assert max(results.series["p50"].max(), 0) in values


def test_the_staircase_tells_the_share_of_the_border(results: Any) -> None:
    first = staircases(results)[0]
    rows = results.staircase
    rows = rows[(rows["scenario"] == "khunjerab_seasonal") & (rows["direction"] == "south")]
    steps = rows["hours_mean"].diff().fillna(rows["hours_mean"])
    border = steps[rows["kind"] == "post"].sum()
    assert f"{border:.1f} of {rows['hours_mean'].iloc[-1]:.0f}\xa0h" in first.title


def test_a_drawing_takes_the_pages_colours_and_keeps_its_ids_apart() -> None:
    def paint(figure: Figure, narrow: bool) -> None:
        ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
        ax.plot(np.arange(3), color=COLOUR["base"])
        ax.text(1, 1, "$x$ <b>&", color=COLOUR["ink"])

    drawn = chart("t", paint, (100, 100), "a <title>", "b", "c")
    assert "var(--base)" in drawn.wide
    assert "$x$ &lt;b&gt;&amp;" in drawn.wide
    assert 'aria-label="a &lt;title&gt;. b."' in drawn.wide
    wide, narrow = (set(re.findall(r' id="([^"]+)"', str(s))) for s in (drawn.wide, drawn.narrow))
    assert wide
    assert not wide & narrow
    assert not re.search(r"<metadata|<style|http|c0ffe|DejaVu", drawn.wide)
