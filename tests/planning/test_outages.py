"""Lanes that events take: how many are open and when, by hand and against the law of breakdowns."""

from pathlib import Path

import numpy as np
import pytest

from corridor.engine import lanes
from corridor.planning.draws import Streams
from corridor.planning.openings import Axis, closures, spells

from .small import DAY, HOUR, MINUTE, asked, planned, timed, told

DESKS = """
    title: A hall whose desks fail
    period: {from: 2024-03-01, until: 2024-03-11}
    arrivals: {poisson: 2 per hour}
    ports:
      p:
        title: P
        posts:
          q:
            closing_rule: RULE
            stations:
              desk: {lanes: 3, service: 30 min}
              exit: {lanes: 1, service: 1 min}
"""
DATED = """
    events:
      one: {title: One, port: p, at: [q.desk], lanes: 1, dates: {a: FIRST, b: SECOND}}
      two: {title: Two, port: p, at: [q.desk, q.exit], lanes: 1, dates: {c: THIRD}}
"""
DAYS = {
    "FIRST": "{from: 2024-03-02, until: 2024-03-05}",
    "SECOND": "{from: 2024-03-04, until: 2024-03-07}",
    "THIRD": "{from: 2024-03-05, until: 2024-03-10}",
}


def hall(events: str = DATED, rule: str = "hold") -> str:
    text = DESKS.replace("RULE", rule).rstrip() + events
    for word, days in DAYS.items():
        text = text.replace(word, days)
    return text


def open_lanes(manifest, station: str) -> tuple[list[int], list[int]]:
    """When how many lanes are open: days, lanes."""
    i, plan = manifest.stations.index(station), manifest.plan
    rows = slice(plan.lane_first[i], plan.lane_first[i + 1])
    return (plan.lane_at[rows] // DAY).tolist(), plan.lane_open[rows].tolist()


def test_spells_that_overlap_add_up_and_no_lane_is_out_twice(tmp_path: Path) -> None:
    """Two of one event overlap on the 4th and 5th, on the 5th those of another as well."""
    m = planned(asked(tmp_path, hall()))
    assert open_lanes(m, "p/q/desk") == ([0, 1, 3, 4, 5, 7], [3, 2, 1, 0, 1, 2])
    assert open_lanes(m, "p/q/exit") == ([0, 4], [1, 0])  # to the end of the run
    assert m.openings["p/q/desk"].tolist() == [[0, 4 * DAY], [5 * DAY, 10 * DAY]]
    assert m.openings["p/q/exit"].tolist() == [[0, 4 * DAY]]
    assert m.openings["p/q"].tolist() == [[0, 10 * DAY]]
    assert m.incidents == ()  # nothing is closed
    twice = hall(DATED.replace("SECOND", "FIRST"))  # both from the same instant on
    assert open_lanes(planned(asked(tmp_path, twice)), "p/q/desk") == ([0, 1, 4, 5], [3, 1, 0, 2])
    more = hall(DATED.replace("lanes: 1, dates: {a", "lanes: 3, dates: {a"))
    assert open_lanes(planned(asked(tmp_path, more)), "p/q/desk") == ([0, 1, 7], [3, 0, 2])


def test_lanes_out_and_hours_and_closures_together(tmp_path: Path) -> None:
    text = hall(DATED.replace("q.exit], lanes: 1,", "q.exit],"))
    text = text.replace(
        "closing_rule:", 'hours: {weekdays: "00:00-24:00"}\n            closing_rule:'
    )
    m = planned(asked(tmp_path, text))
    # 1 March 2024 is a Friday, the 4th a Monday; on the 5th, day 4, all is closed to the end.
    assert open_lanes(m, "p/q/desk") == ([0, 1, 3, 4], [3, 0, 1, 0])
    assert [title for title, *_ in m.incidents] == ["Two"]


@pytest.mark.parametrize(
    ("rule", "ends"),
    [
        ("finish", ["0 23:50", "1 00:10", "1 00:20", "1 00:25", "1 00:55"]),
        # The two that began last stop at midnight, with 20 and 25 minutes to go.
        ("hold", ["0 23:50", "1 00:10", "1 00:30", "1 00:55", "1 01:25"]),
        ("recall", ["0 23:50", "1 00:10", "1 00:40", "1 01:10", "1 01:40"]),
    ],
)
def test_what_a_lane_leaves_behind_is_for_the_closing_rule(
    rule: str, ends: list[str], tmp_path: Path
) -> None:
    """Two of three desks fail at midnight, when all are at work and one stands in line."""
    text = hall(
        "\n    events:\n      e: {title: E, port: p, at: [q.desk], lanes: 2, dates: {a: FIRST}}\n",
        rule,
    )
    come = [23 * HOUR + m * MINUTE for m in (20, 40, 50, 55, 58)]
    view = timed(asked(tmp_path, text), {"arrivals": come})
    desk = view.ledger.visits[0]
    assert view.ledger.manifest.places[desk.place] == "p/q/desk"
    told_ends = [
        f"{t // DAY} {t % DAY // HOUR:02d}:{t % HOUR // MINUTE:02d}" for t in desk.ended[:5]
    ]
    assert told_ends == ends
    view.ledger.check()


FAILING = """
    events:
      breaks:
        title: A desk fails
        port: p
        at: [q.desk]
        lanes: 1
        sampled: {per_month: 300, during: 01-01..12-31, duration: {exponential: {mean: 2 h}}}
"""


def test_breakdowns_come_as_closures_do_and_overlap_by_their_law(tmp_path: Path) -> None:
    """How many are out at once is Poisson, as of M/M/inf: so is known what is left of three."""
    scenario = asked(tmp_path, hall(FAILING))
    axis, post = Axis.of(scenario), scenario.ports["p"].posts["q"]
    event, lost = scenario.events["breaks"], []
    for r in range(200):
        streams = Streams(scenario.seed, r)
        rows = spells(event, "breaks", post, axis, streams)
        assert np.array_equal(lanes.union(rows), closures(event, "breaks", post, axis, streams))
        m = planned(scenario, r)
        i = m.stations.index("p/q/desk")
        change = slice(m.plan.lane_first[i], m.plan.lane_first[i + 1])
        at, lanes_open = m.plan.lane_at[change], m.plan.lane_open[change]
        out = (rows[:, :1] <= at) & (at < rows[:, 1:])
        assert np.array_equal(lanes_open, np.maximum(3 - out.sum(axis=0), 0))
        span = np.array([5 * DAY]), np.array([10 * DAY])  # the run begins with none out
        lost.append(3 - int(lanes.lane_time(at, lanes_open, *span)[0]) / (5 * DAY))
    load = 300 / 30.4375 / 24 * 2
    chance = np.exp(-load) * load ** np.arange(40) / np.cumprod([1.0, *range(1, 40)])
    known = chance @ np.minimum(np.arange(40), 3)
    error = np.std(lost, ddof=1) / np.sqrt(200)
    assert error < 0.03 * known
    assert abs(np.mean(lost) - known) <= 4 * error


def test_a_breakdown_is_open_time_lost(tmp_path: Path) -> None:
    text = hall(DATED.split("      two:")[0]).replace("service: 30 min", "service: 24 h")
    view = timed(asked(tmp_path, text), {"arrivals": [0, 0, 0]})
    # On the first day all work; then of 9 days two lanes on 2, one on 2, two on 2, three on 3.
    assert told(view)["p/q/desk", "all", "utilisation"] == pytest.approx(3 / (3 + 4 + 2 + 4 + 9))
