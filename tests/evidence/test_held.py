"""Figures of the layers against the claims of their rows: each slip is named with file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from corridor.cli import _status
from corridor.evidence import load_claims
from corridor.evidence.held import Stated, disagrees, misdated, unsaid
from corridor.evidence.rates import implied
from corridor.library import share
from corridor.study import witness

CLAIMS = load_claims()
Slip = Callable[[str, str, str, str], str]
SLIPS = {
    "stay": ("terminals.csv", "khorgos_road,", "51.4,16.4", "5.14,1.64",
             "hours is 5.14 h, but the claims say 51.4 h (KR-17)"),
    "stay of a year before": ("terminals.csv", "khorgos_road,", "51.4,", "16.4,",
                              "hours is 16.4 h, but the claims say 51.4 h (KR-17), 16.4 h"),
    "low end": ("terminals.csv", "khorgos_road,", "16.4", "1.64",
                "hours_low is 1.64 h, but the claims say"),
    "sum of two stays": ("terminals.csv", "dostyk,rail,rail,84.1", "84.1", "8.41",
                         "hours is 8.41 h, but the claims say 14.4 h (RL-14)"),
    "national mean": ("terminals.csv", "nur_zholy,road,road,4.2,4.2", "4.2,4.2", "42,4.2",
                      "hours is 42 h, far from its ground: the claims say 4.2 h (BM-08)"),
    "cost": ("terminals.csv", "khorgos_road,", "1861", "18610",
             "usd_per_teu is 18,610 USD, but the claim says 1,861 USD (KR-18)"),
    "height": ("ports.csv", "khunjerab,Khunjerab", ",4693,", ",3693,",
               "elevation_m is 3,693 m, but the claim says 4,693 m (C13-1)"),
    "height of the other post": ("ports.csv", "torugart,Torugart", ",3795,", ",2000,",
                                 "elevation_m is 2,000 m, but the claim says 3,795 m (OP-05b)"),
    "height of a place": ("places.csv", 'topa,"Topa', ",2000,", ",200,",
                          "elevation_m is 200 m, but the claim says 2,000 m (BP-03)"),
    "gauge": ("ports.csv", "manzhouli,", ",1435,1520,", ",1345,1520,",
              "gauge_mm is 1,345 mm, but no claim says so"),
    "hours": ("ports.csv", "karasu,", "weekdays 12:00-19:00", "weekdays 02:00-19:00",
              "hours is weekdays 02:00-19:00 Asia/Shanghai, but no claim says so"),
    "no hours": ("ports.csv", "erenhot,", ",all year,,", ",all year,whenever,",
                 "hours: 'whenever': write daily, weekdays or Monday to Saturday"),
    "days": ("ports.csv", "khunjerab,Khunjerab", "all year,weekdays", "all year,daily",
             "hours is daily, but no claim says so"),
    "season": ("ports.csv", "karasu,", ",all year,", ",1 April to 30 November,",
               "season is 1 April to 30 November, but no claim says so"),
    "day": ("incidents.csv", "besham_2024,", ",2024-03-26,2024", ",2023-03-26,2024",
            "from is 2023-03-26, but the claims begin on 2024-03-26 (KK-42d)"),
    "days shut": ("incidents.csv", "sost_sit_in_2025,", ",68,", ",680,",
                  "closed_days is 680 days, but the claim says 68 days (KJ-C17)"),
    "hours shut": ("incidents.csv", "kharmang_2023,", ",1.5,", ",36,",
                   "closed_days is 36 days, but the claim says 36 h (KK-40f)"),
    "trains": ("links/rail.geojson", '"link": "khorgos_station-altynkol_rail"', '8730', '87300',
               "traffic_trains is 87,300 trains, but the claim says 8,730 trains (RL-01)"),
    "tonnes less tonnes": ("links/rail.geojson", '"link": "alashankou-dostyk_rail"', "15400000",
                           "1540000", "traffic_t is 1,540,000 t, but the claims say 27.5 m t"),
    "year of the traffic": ("links/rail.geojson", '"link": "alashankou-dostyk_rail"',
                            '"traffic_period": "2024"', '"traffic_period": "2025"',
                            "traffic_period is 2025, but the claims count 2024"),
    "length": ("links/road.geojson", '"link": "khunjerab_pass-sost"', '"km": 86', '"km": 68',
               "km is 68 km, but the claim says 86 km (KK-03)"),
    "difference of two kilometres": (
        "links/rail.geojson", '"link": "ulan_ude-irkutsk_rail"', '"km": 456', '"km": 546',
        "km is 546 km, but the nearest its claims come to is 456 km (RW-19e - RW-19d)"),
    "claim of another road": (
        "links/road.geojson", '"link": "yarik-zhob"', '"claim": "KK-14"', '"claim": "KK-01"',
        "km is 210 km, but the nearest its claims come to is 290 km (KK-01)"),
    "end of a range": (
        "links/road.geojson", '"link": "urumqi-kashgar"',
        '"speed_high": 83.5', '"speed_high": 85.3',
        "speed_high is 85.3 km/h, but the nearest its claims come to is 83.5 km/h (KK-32g)"),
    "speed of winter": (
        "links/road.geojson", '"link": "topa-torugart"', '"winter_kmh": 30.9', '"winter_kmh": 39',
        "winter_kmh is 39 km/h, but 65% (KK-30j) of the year's 47.5 is 23.8 to 38"),
    "sum of legs": ("totals.csv", "cpec_road,khunjerab_pass,burhan", ",793,", ",739,",
                    "km is 739 km, but the claim says 793 km (KK-10)"),
    "rate by road": ("haulage.csv", "road,CN,", "4.084,2.042,4.084", "40.84,2.042,40.84",
                     "usd_per_teu_km is 40.84 USD per TEU-km, but the claims come to 2.04 to 4.08"),
    "rate by rail": ("haulage.csv", "rail,1520 mm,", "0.303", "0.033",
                     "usd_per_teu_km is 0.033 USD per TEU-km, but the claims come to 0.239 to"),
    "assumed rate": ("haulage.csv", "road,,", "2.0,1.0", "20.0,1.0",
                     "usd_per_teu_km is 20 USD per TEU-km, but the claims come to 0.569 to 4.08"),
}  # fmt: skip


@pytest.fixture
def slip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Slip:
    """Spoil one row of a copy of the layers, which all commands then read; say where it stands."""
    shutil.copytree(share("geodata"), tmp_path / "geodata")
    (tmp_path / "scenarios").symlink_to(share("scenarios"))
    monkeypatch.setattr("corridor.library._PACKAGE", tmp_path / "corridor")

    def spoil(name: str, row: str, old: str, new: str) -> str:
        path = tmp_path / "geodata" / name
        lines = path.read_text("utf-8").splitlines(keepends=True)
        (at,) = (i for i, line in enumerate(lines) if row in line[:80])
        assert old in lines[at]
        lines[at] = lines[at].replace(old, new, 1)
        path.write_text("".join(lines), "utf-8")
        return f"geodata/{name}:{at + 1}:1: "

    return spoil


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_named_with_file_and_line(slip: Slip, name: str) -> None:
    file, row, old, new, words = SLIPS[name]
    where = slip(file, row, old, new)
    (fault, *_) = found = [str(each) for each in witness.held(CLAIMS)]
    assert fault.startswith(where), found
    assert words in fault


def test_nothing_is_said_of_the_shipped_layers() -> None:
    assert witness.held(CLAIMS) == []


def test_both_commands_say_it_and_are_strict_about_it(
    slip: Slip, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = {
        name: (slip(*SLIPS[name][:4]), SLIPS[name][4])
        for name in ("stay", "cost", "hours", "day", "trains")
    }
    for command in (["check", "plain_station"], ["geodata", "check"]):
        assert _status(command) == 0
        said = capsys.readouterr().out
        for where, words in wanted.values():
            assert any(where in line and words in line for line in said.splitlines()), words
        assert _status([*command, "--strict"]) == 2
        capsys.readouterr()


def test_a_claim_that_moves_is_held_against_the_row_that_names_it() -> None:
    fallen = {**CLAIMS, "KR-17": replace(CLAIMS["KR-17"], value="5.14")}
    assert "hours is 51.4 h, but the claims say 5.14 h" in "\n".join(map(str, witness.held(fallen)))


def test_rows_that_cannot_be_read_are_left_to_who_reads_them(slip: Slip, tmp_path: Path) -> None:
    slip("incidents.csv", "besham_2024,", ",2024-03-26,", ",in March,")
    slip("haulage.csv", "road,CN,", "4.084", "dear")
    slip("terminals.csv", "khorgos_road,", ",51.4,16.4,77.5,", ",")  # too few cells
    header = (tmp_path / "geodata" / "totals.csv").read_text("utf-8").replace("km,", "length,", 1)
    (tmp_path / "geodata" / "totals.csv").write_text(header, "utf-8")
    assert not [f for f in witness.held(CLAIMS) if "totals" in str(f)]


@pytest.mark.parametrize(
    ("text", "unit", "evidence", "names", "good"),
    [
        ("60", "h", "cited", "CR-15 CR-15c", True),  # 2.5 days
        ("2.5", "h", "cited", "CR-15 CR-15c", False),
        ("84.1", "h", "derived", "RL-14 RL-14g", True),  # 14.4 + 69.7
        ("84.1", "h", "cited", "RL-14 RL-14g", False),
        ("55.3", "h", "derived", "RL-14 RL-14g", True),  # the difference
        ("84.2", "h", "derived", "RL-14 RL-14g", False),
        ("30", "h", "assumed", "RL-14", False),
        ("28", "h", "assumed", "RL-14", True),
        ("16.8", "h", "cited", "BM-07f", False),  # a cost says nothing of hours
        ("16.8", "h", "assumed", "BM-07f", True),
        ("1", "h", "cited", "NO-1", True),  # an unknown claim has its own fault
    ],
)  # fmt: skip
def test_marks(text: str, unit: str, evidence: str, names: str, good: bool) -> None:
    stated = Stated("hours", text, unit, evidence, tuple(names.split()))
    assert (disagrees(CLAIMS, stated) == "") == good


def test_a_cited_figure_needs_a_claim_of_its_kind() -> None:
    said = disagrees(CLAIMS, Stated("hours", "16.8", "h", "cited", ("BM-07f",)))
    assert said == "hours is cited, but none of its claims is of a figure in h"


def test_days_where_the_claims_leave_them_open() -> None:
    assert misdated(CLAIMS, "", "", ("KK-42d",)) == []
    assert misdated(CLAIMS, "2024-01-01", "", ("C13-1",)) == []
    assert misdated(CLAIMS, "2024-03-26", "2024-03-27", ("KK-42d",)) == [
        "to is 2024-03-27, but the claims end on 2024-03-26 (KK-42d)"
    ]


def test_words_that_must_stand_in_a_claim() -> None:
    assert not unsaid(CLAIMS, ("BP-28",), ("Monday to Friday", "daily"))
    assert unsaid(CLAIMS, ("BP-28",), ("Monday to Friday",), ("12:00-19:00",))
    assert not unsaid(CLAIMS, ("BP-28", "BP-28b"), ("Monday to Friday",), ("12:00-19:00",))


def test_a_rate_by_rail_is_a_price_over_a_length() -> None:
    """3,289 USD per two TEU over 5,430 km; and (5,675 - 3,289) / 2 over 11,179 - 5,430 km."""
    assert any(abs(r - 3289 / 2 / 5430) < 1e-9 for r in implied(CLAIMS, ("CR-12", "CR-08c")))
    names = ("CR-13", "CR-12", "CR-08", "CR-08c")
    assert any(abs(r - (5675 - 3289) / 2 / 5749) < 1e-9 for r in implied(CLAIMS, names))
    assert implied(CLAIMS, ("CR-14",)) == []  # no length: no rate
