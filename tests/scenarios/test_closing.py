"""What closes a station needs a closing rule, and what takes lanes must find them there."""

from pathlib import Path

import pytest

from corridor.faults import Faults
from corridor.scenarios import Scenario, read

DESK = """\
title: A desk that never closes
arrivals: {poisson: 2 per hour}
period: {length: 5 d}
ports:
  p:
    title: P
    posts:
      q:
        stations:
          desk: {lanes: 3, service: 9 min}
          gate: {lanes: unlimited, service: 0 min}
          booth: {lanes: 2, lines: each, service: 1 min}
"""
POST, STATION, PORT = "        stations:\n", "{lanes: 3, ", "    posts:\n"
MISSING = "closing_rule: write finish, hold or recall"
STORM = """\
events:
  storm:
    title: Storm
    port: p
    at: [q.AT]
    LANES
    sampled: {per_month: 2, during: 01-01..12-31, duration: 3 h}
"""
SPELL = "sampled: {per_month: 2, during: 01-01..12-31, duration: 3 h}"


def scenario(folder: Path, text: str) -> Scenario:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def storm(station: str = "desk", lanes: str = "") -> str:
    text = STORM.replace("AT", station)
    return text.replace("LANES", f"lanes: {lanes}") if lanes else text.replace("    LANES\n", "")


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(Faults) as error:
        scenario(folder, text)
    return [f"{f.mark.line if f.mark else 0}:{f.mark.column if f.mark else 0} {f.path}: {f.message}"
            for f in error.value.faults]  # fmt: skip


CLOSERS = {
    "hours of the post": (
        POST, f'        hours: {{daily: "08:00-17:00"}}\n{POST}',
        "8:7 ports.p.posts.q: a post with opening hours needs",
    ),
    "hours of the station": (
        STATION, STATION + 'hours: {daily: "08:00-17:00"}, ',
        "10:17 ports.p.posts.q.stations.desk: a station with opening hours needs",
    ),
    "holidays": (
        POST, f"        holidays: [china]\n{POST}",
        "9:19 ports.p.posts.q.holidays: a post that keeps holidays needs",
    ),
    "season": (
        PORT, f"    season: {{closed: 12-01..03-31}}\n{PORT}",
        "7:22 ports.p.season.closed: closes posts.q, which needs",
    ),
    "days drawn to stay shut": (
        PORT, f'    season: {{open_days: {{"12": 6}}}}\n{PORT}',
        "7:25 ports.p.season.open_days: closes posts.q, which needs",
    ),
    "event": ("", storm(), "17:10 events.storm.at[0]: this event closes q.desk, which needs"),
    "breakdown": (
        "", storm(lanes="1"), "17:10 events.storm.at[0]: this event closes q.desk, which needs"
    ),
    "dated event": (
        "", storm().replace(SPELL, "dates: {d: {from: 2024-01-02, until: 2024-01-02}}"),
        "17:10 events.storm.at[0]: this event closes q.desk, which needs",
    ),
}  # fmt: skip


@pytest.mark.parametrize("closer", CLOSERS)
def test_what_closes_a_station_needs_a_closing_rule(closer: str, tmp_path: Path) -> None:
    old, new, said = CLOSERS[closer]
    text = DESK.replace(old, new, 1) if old else DESK + new
    assert [fault.startswith(f"{said} {MISSING}") for fault in faults(tmp_path, text)] == [True]
    at_post = text.replace(POST, f"        closing_rule: hold\n{POST}")
    post = scenario(tmp_path, at_post).ports["p"].posts["q"]
    assert {post.rule_of(name) for name in post.stations} == {"hold"}


@pytest.mark.parametrize("closer", ["hours of the station", "event", "breakdown"])
def test_a_rule_at_the_station_that_closes_is_enough(closer: str, tmp_path: Path) -> None:
    old, new, _ = CLOSERS[closer]
    text = DESK.replace(old, new, 1) if old else DESK + new
    text = text.replace(STATION, STATION + "closing_rule: recall, ")
    post = scenario(tmp_path, text).ports["p"].posts["q"]
    assert [post.rule_of(name) for name in post.stations] == ["recall", None, None]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (STATION, STATION),
        (POST, f"        hours: always\n{POST}"),
        (POST, f'        hours: {{daily: "00:00-24:00"}}\n{POST}'),
        (POST, f"        holidays: []\n{POST}"),
        (POST, f"        keeps_season: false\n{POST}"),  # with a season, below
        (PORT, f"    season: {{by_class: {{vehicle: 12-01..03-31}}}}\n{PORT}"),  # a gate of no time
    ],
)
def test_what_nothing_closes_needs_none(old: str, new: str, tmp_path: Path) -> None:
    text = DESK.replace(old, new, 1)
    if "keeps_season" in new:
        text = text.replace(PORT, f"    season: {{closed: 12-01..03-31}}\n{PORT}")
    post = scenario(tmp_path, text).ports["p"].posts["q"]
    assert post.rule_of("desk") is None


def test_a_setting_that_closes_is_told_where_it_was_set(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(DESK, encoding="utf-8")
    with pytest.raises(Faults) as error:
        read(path, ["ports.p.season.closed=12-01..03-31"])
    (fault,) = error.value.faults
    assert fault.mark is not None
    assert fault.mark.file == "--set"
    assert MISSING in fault.message


@pytest.mark.parametrize(
    ("station", "lanes", "said"),
    [
        ("desk", "0", "lanes must be a whole number of at least 1"),
        ("desk", "1.5", "is not whole"),
        ("desk", "4", "q.desk has no more lanes than 3: write a number up to that"),
        ("gate", "1", "q.gate has lanes without limit, so that none is ever missed: write how"),
        ("booth", "1", "at q.booth every lane has a line of its own"),
    ],
)
def test_lanes_that_are_not_there_cannot_be_out(
    station: str, lanes: str, said: str, tmp_path: Path
) -> None:
    text = DESK.replace(POST, f"        closing_rule: hold\n{POST}") + storm(station, lanes)
    (fault,) = faults(tmp_path, text)
    assert fault.startswith("19:12 events.storm.lanes: ")
    assert said in fault


def test_lanes_are_out_with_their_evidence(tmp_path: Path) -> None:
    text = DESK.replace(POST, f"        closing_rule: hold\n{POST}")
    lanes = "{value: 3, range: [1, 3], assumed: a test}"
    event = scenario(tmp_path, text + storm(lanes=lanes)).events["storm"]
    assert event.lanes is not None
    assert (event.lanes.value, event.lanes.low, event.lanes.evidence) == (3, 1, "assumed")


def test_a_change_of_demand_takes_no_lanes(tmp_path: Path) -> None:
    slump = "demand: {flows: [arrivals], factor: 2, from: 2024-01-01, until: 2024-01-02}"
    text = DESK + storm(lanes="1").replace(SPELL, slump)
    (fault,) = faults(tmp_path, text)
    assert fault.startswith("18:12 events.storm.lanes: a change of demand takes no lanes")
