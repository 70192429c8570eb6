"""Figures that no claim can save: each is refused with the file and the line of its row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from corridor.geodata import Network
from corridor.geodata.bounds import (
    GAUGES,
    HEIGHTS,
    RATES,
    SPEEDS,
    STEEPEST,
    TIMES,
    bound_checks,
)

Say = Callable[[], str]
FEATURE = '{"type": "Feature", "properties": {'
SLIPS = [
    ("ports.csv", "karasu,", "weekdays 12:00-19:00", "whenever",
     "karasu.hours: 'whenever Asia/Shanghai': write daily, weekdays or Monday to Saturday"),
    ("ports.csv", "karasu,", "12:00-19:00", "19:00-12:00", "the hours must rise"),
    ("ports.csv", "karasu,", "Asia/Shanghai", "Asia/Kulma", "'Asia/Kulma' is not a time zone"),
    ("ports.csv", "erenhot,", ",1435,1520,", ",1345,1520,",
     "erenhot: gauge_mm 1345: write one of (1000, 1067, 1435"),
    ("ports.csv", "erenhot,", ",1435,1520,", ",1520,1520,",
     "erenhot: gauge_mm 1520, but the rails at erenhot are of 1435 mm"),
    ("ports.csv", "khunjerab,", ",4693,", ",3693,",
     "khunjerab: elevation_m 3,693, but khunjerab_pass lies at 4,693 m"),
    ("places.csv", "khunjerab_pass,", ",4693,", ",46930,",
     "khunjerab_pass: elevation_m 46,930: no road or railway here lies outside -200 to 6,000 m"),
    ("profiles.csv", "sost-gilgit,2.0,", "sost-gilgit,2.0,", "sost-gilgit,2.0,1",
     "elevation_m 12,"),
    ("profiles.csv", "sost-gilgit,2.0,", "sost-gilgit,2.0,2", "sost-gilgit,2.0,3",
     " m in 2 km: a slipped digit?"),
    ("incidents.csv", "sost_sit_in_2025,", ",68,", ",680,",
     "sost_sit_in_2025: shut for 680 days, but its own days are 69"),
    ("incidents.csv", "february_2024,", ",1.5,1,2,", ",1.5,2,1,", "closed_days_high must rise"),
    ("haulage.csv", "road,CN,", "4.084,2.042,4.084", "40.84,2.042,40.84",
     "usd_per_teu_km 40.84: by road a TEU costs 0.2 to 10 USD a km anywhere"),
    ("terminals.csv", "malaszewicze,", ",144,", ",14400,", "no stay of a mean is that long"),
    ("links/rail.geojson", '"link": "erenhot-zamyn_uud_rail"', '"gauge_mm": 1435',
     '"gauge_mm": 1345', "erenhot-zamyn_uud_rail: gauge_mm 1345: write one of"),
    ("links/road.geojson", '"link": "multan-sukkur"',
     '"speed_kmh": 60, "speed_low": 40, "speed_high": 70',
     '"speed_kmh": 600, "speed_low": 40, "speed_high": 700',
     "multan-sukkur: speed_kmh 600: by road a load runs at 8 to 110 km/h anywhere"),
    ("links/road.geojson", '"link": "multan-sukkur"', '"speed_kmh": 60, "speed_low": 40',
     '"speed_kmh": 6, "speed_low": 4', "multan-sukkur: speed_kmh 6: by road"),
    ("links/road.geojson", '"link": "urumqi-kashgar"', '"speed_high": 83.5', '"speed_high": 835',
     "urumqi-kashgar: speed_high 835: by road"),
    ("links/road.geojson", '"link": "khunjerab_pass-sost"', '"winter_kmh": 16', '"winter_kmh": 1.6',
     "khunjerab_pass-sost: winter_kmh 1.6: by road"),
    ("links/road.geojson", '"link": "khunjerab_pass-sost"', '"winter_kmh": 16', '"winter_kmh": 26',
     "khunjerab_pass-sost: winter_kmh 26 is faster than the year's 24.8"),
    ("links/rail.geojson", '"link": "xian-lanzhou_rail"', '"speed_low": 60', '"speed_low": 6',
     "speed_low 6 and speed_kmh 80.2 lie more than 4 times apart"),
    ("links/sea.geojson", '"link": "shanghai-karachi_sea"',
     '"speed_kmh": 25.93', '"speed_kmh": 259.3',
     "shanghai-karachi_sea: speed_kmh 259.3: by sea a load runs at 10 to 50 km/h"),
    ("links/sea.geojson", '"link": "shanghai-karachi_sea"', '"km": 9611', '"km": 9161',
     "shanghai-karachi_sea: km is 9,161, but its line is 9,611 km long"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "row", "old", "new", "words"), SLIPS)
def test_a_slipped_digit_is_refused_where_it_stands(
    folder: Path, complaint: Say, name: str, row: str, old: str, new: str, words: str
) -> None:
    path = folder / name
    lines = path.read_text("utf-8").splitlines(keepends=True)
    (at,) = (i for i, line in enumerate(lines) if line.startswith((row, FEATURE + row)))
    assert old in lines[at]
    lines[at] = lines[at].replace(old, new, 1)
    path.write_text("".join(lines), "utf-8")
    said = complaint()
    assert f"geodata/{name}:{at + 1}:1: " in said
    assert words in said


def test_what_is_shipped_lies_well_inside(network: Network) -> None:
    assert bound_checks(network) == []
    heights = network.profiles.elevation_m
    assert HEIGHTS[0] < heights.min() < heights.max() < HEIGHTS[1]
    steps = network.profiles.groupby("link")
    steepest = (steps.elevation_m.diff().abs() / steps.km.diff()).max()
    assert STEEPEST / 3 < steepest < STEEPEST / 1.2  # not so wide that nothing is caught
    assert set(network.links.gauge_mm.dropna()) <= set(GAUGES)
    for row in network.haulage.to_dict("records"):
        low, high = RATES[row["mode"]]
        assert low < row["low"] <= row["high"] < high
    for row in network.links.to_dict("records"):
        low, high = SPEEDS[row["mode"]]
        assert low < row["speed_low"] < row["speed_high"] < high
    widest = (network.links.speed_high / network.links.speed_low).max()
    assert TIMES / 1.5 < widest < TIMES
