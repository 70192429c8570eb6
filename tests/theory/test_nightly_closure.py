"""A desk that closes at night, by hand and to the second, under each closing rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from planning.small import DAY, HOUR, MINUTE, asked, timed, told

from corridor.metrics import View
from corridor.results.tables import visits_of

DESK = """
    title: A desk that closes at night
    period: {from: 2024-05-01, until: 2024-05-03, measure_from: MEASURED}
    arrivals: {poisson: 2 per hour}
    ports:
      p:
        title: P
        posts:
          q:
            hours: {daily: "09:00-17:00"}
            closing_rule: RULE
            stations: {desk: {lanes: LANES, service: 30 min}}
"""


def at(day: int, clock: str) -> int:
    """ms since the start of the run; day 1 is the first."""
    hour, minute = map(int, clock.split(":"))
    return (day - 1) * DAY + hour * HOUR + minute * MINUTE


def clock(ms: int) -> str:
    return f"{ms // DAY + 1} {ms % DAY // HOUR:02d}:{ms % HOUR // MINUTE:02d}"


COME = [
    at(1, "15:45"),
    at(1, "16:00"),
    at(1, "16:20"),
    at(1, "16:50"),
    at(1, "18:00"),
    at(2, "09:10"),
]


def served(
    folder: Path, rule: str, come: list[int], lanes: int = 1, measured: str = "2024-05-01"
) -> View:
    text = DESK.replace("RULE", rule).replace("LANES", str(lanes)).replace("MEASURED", measured)
    return timed(asked(folder, text), {"arrivals": come})


def stamps(view: View, units: int) -> list[tuple[str, str]]:
    """When each began and ended, by its number: the only step of all, in cells by their starts."""
    j, mine = view.ledger.journal, view.ledger.manifest.plan.rank[:units]
    assert (j.ended[mine] >= 0).all()
    return [
        (clock(int(b)), clock(int(e))) for b, e in zip(j.began[mine], j.ended[mine], strict=True)
    ]


BY_HAND = {
    # The third begins at 16:45 and would end at 17:15.
    "finish": [("1 15:45", "1 16:15"), ("1 16:15", "1 16:45"), ("1 16:45", "1 17:15"),
               ("2 09:00", "2 09:30"), ("2 09:30", "2 10:00"), ("2 10:00", "2 10:30")],
    # It is a quarter of an hour in work when the desk closes, and has another to go next morning.
    "hold": [("1 15:45", "1 16:15"), ("1 16:15", "1 16:45"), ("1 16:45", "2 09:15"),
             ("2 09:15", "2 09:45"), ("2 09:45", "2 10:15"), ("2 10:15", "2 10:45")],
    # That quarter is in vain.
    "recall": [("1 15:45", "1 16:15"), ("1 16:15", "1 16:45"), ("2 09:00", "2 09:30"),
               ("2 09:30", "2 10:00"), ("2 10:00", "2 10:30"), ("2 10:30", "2 11:00")],
}  # fmt: skip
WAITS = {  # minutes in no service, and of it with the desk closed; a night is 960 min
    "finish": [(0, 0), (15, 0), (25, 0), (970, 960), (930, 900), (50, 0)],
    "hold": [(0, 0), (15, 0), (985, 960), (985, 960), (945, 900), (65, 0)],
    "recall": [(0, 0), (15, 0), (1000, 960), (1000, 960), (960, 900), (80, 0)],
}


@pytest.mark.parametrize("rule", BY_HAND)
def test_begun_and_ended(rule: str, tmp_path: Path) -> None:
    view = served(tmp_path, rule, COME)
    assert stamps(view, 6) == BY_HAND[rule]
    visits = visits_of(view.ledger, "s")
    assert len(visits) == 6
    waits = list(zip(visits["wait_min"], visits["closed_wait_min"], strict=True))
    assert waits == WAITS[rule]
    assert (visits["service_min"] == 30).all()
    dwell = (visits["ended"] - visits["asked"]).dt.total_seconds() / 60
    assert (dwell == visits["wait_min"] + visits["service_min"]).all()
    mean = sum(wait for wait, _ in WAITS[rule]) / 6 / 60
    assert told(view)["p", "all", "wait_mean"] == pytest.approx(mean, rel=1e-12)
    assert told(view)["p", "all", "tfi1_mean"] == pytest.approx(mean + 0.5, rel=1e-12)


@pytest.mark.parametrize(
    ("rule", "both", "second"),
    [
        # Six services in two days of eight hours; of the second day, what was worked on it.
        ("finish", 180 / 960, 90 / 480),
        ("hold", 180 / 960, 105 / 480),
        # 15 min were in vain; they count where their service ends.
        ("recall", 195 / 960, 135 / 480),
    ],
)
def test_utilisation_is_work_in_the_measured_part(
    rule: str, both: float, second: float, tmp_path: Path
) -> None:
    for measured, share in (("2024-05-01", both), ("2024-05-02", second)):
        found = told(served(tmp_path, rule, COME, measured=measured))
        assert found["p/q/desk", "all", "utilisation"] == pytest.approx(share, rel=1e-12)


def test_a_service_cut_off_by_the_end_of_the_run_counts_as_far_as_it_went(tmp_path: Path) -> None:
    # Ten lorries at 16:00 of the last day: two half-hours, then the desk is closed for good.
    view = served(tmp_path, "finish", [at(2, "16:00")] * 10)
    assert told(view)["p/q/desk", "all", "utilisation"] == pytest.approx(60 / 960)
    # From 16:45 the third is in work, held at 17:00, and never ends.
    view = served(tmp_path, "hold", [at(2, "15:45")] * 10)
    assert told(view)["p/q/desk", "all", "utilisation"] == pytest.approx(75 / 960)
    assert told(view)["p", "all", "peak_queue"] == 9  # at once when the first is in work
    assert told(view)["p", "all", "unserved_vehicles"] == 8


def test_the_held_stand_in_the_queue_overnight(tmp_path: Path) -> None:
    """Three lanes: three are held at 17:00, and two more in line; all five are in no service."""
    view = served(tmp_path, "hold", [at(1, "16:40")] * 5, lanes=3)
    assert told(view)["p", "all", "peak_queue"] == 5
    assert stamps(view, 5) == [("1 16:40", "2 09:10")] * 3 + [("2 09:10", "2 09:40")] * 2
    finish = served(tmp_path, "finish", [at(1, "16:40")] * 5, lanes=3)
    assert told(finish)["p", "all", "peak_queue"] == 2


EDGES = {
    # ends as the desk closes: ended, not held
    "ends at closing": ("hold", [at(1, "16:30")], [("1 16:30", "1 17:00")]),
    # asks as it closes: the change of lanes comes first
    "asks at closing": ("finish", [at(1, "17:00")], [("2 09:00", "2 09:30")]),
    "asks a millisecond before": ("finish", [at(1, "17:00") - 1], [("1 16:59", "1 17:29")]),
    # asks as it opens, with nobody waiting
    "asks at opening": ("hold", [at(2, "09:00")], [("2 09:00", "2 09:30")]),
    # of two at one instant the lower number goes first; what is held goes before both
    "held goes first": (
        "hold",
        [at(2, "09:00"), at(1, "16:45"), at(1, "16:45")],
        [("2 09:45", "2 10:15"), ("1 16:45", "2 09:15"), ("2 09:15", "2 09:45")],
    ),
}


@pytest.mark.parametrize("edge", EDGES)
def test_boundary_instants(edge: str, tmp_path: Path) -> None:
    rule, come, expected = EDGES[edge]
    view = served(tmp_path, rule, come)
    assert stamps(view, len(come)) == expected
    held = view.ledger.held
    assert len(held.row) == (edge == "held goes first")
    if len(held.row):
        assert (held.begin.tolist(), held.end.tolist()) == ([at(1, "17:00")], [at(2, "09:00")])


def test_who_leaves_at_the_start_of_the_measured_part_leaves_in_it(tmp_path: Path) -> None:
    text = DESK.replace("RULE", "hold").replace("LANES", "1").replace("MEASURED", "2024-05-02")
    text = text.replace('"09:00-17:00"', '"20:00-02:00"')
    view = timed(asked(tmp_path, text), {"arrivals": [at(1, "23:00"), at(1, "23:30")]})
    view.ledger.check()
    found = told(view)
    assert clock(int(view.ledger.out[1])) == "2 00:00"
    assert found["p", "all", "start_vehicles"] == found["p", "all", "vehicles"] == 1


def test_a_service_may_be_held_over_many_nights(tmp_path: Path) -> None:
    text = DESK.replace("RULE", "hold").replace("LANES", "1").replace("MEASURED", "2024-05-01")
    text = text.replace("30 min", "20 h").replace("2024-05-03", "2024-05-06")
    view = timed(asked(tmp_path, text), {"arrivals": [at(1, "15:00")]})
    # 2 h on day 1, 8 on days 2 and 3, the last 2 on day 4.
    assert stamps(view, 1) == [("1 15:00", "4 11:00")]
    held = view.ledger.held
    assert held.begin.tolist() == [at(day, "17:00") for day in (1, 2, 3)]
    assert held.end.tolist() == [at(day, "09:00") for day in (2, 3, 4)]
    assert visits_of(view.ledger, "s")["closed_wait_min"].tolist() == [3 * 16 * 60]
