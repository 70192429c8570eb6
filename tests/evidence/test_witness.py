"""What ``corridor check`` says of observations, links and tables, with the register in hand."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from corridor.cli import _status
from corridor.evidence import load_claims
from corridor.scenarios import names, read_whole
from corridor.study import witness

CLAIMS = load_claims()
MIXTURE = """\
title: Customs and police in one set
extends: khunjerab_seasonal
targets:
  vehicles_police:
    title: Vehicles as the border police counted them
    role: held_out
    metric: vehicles
    port: khunjerab
    from: 2024-04-01
    until: 2024-09-16
    claim: KJ-14
    observed: {value: 6700, claim: KJ-14}
    series: border_police
"""


def check(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    return _status(["check", "mine.yaml"])


def test_two_series_in_one_set_are_an_error_that_explains_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path, MIXTURE, monkeypatch) == 2
    said = capsys.readouterr().err
    assert said.startswith("mine.yaml:13:13: targets.vehicles_police.series: ")
    assert "KJ-10 was counted by customs (supervised conveyances)" in said
    assert "KJ-14 by the border police (their own count)" in said
    assert "the series differ up to threefold: keep one of them" in said


def test_a_series_called_by_another_name_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = MIXTURE.replace("series: border_police", "series: customs")
    assert check(tmp_path, text, monkeypatch) == 2
    assert "says series customs, but KJ-14 was counted by the border police" in (
        capsys.readouterr().err
    )


def test_one_series_alone_is_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = MIXTURE.replace("targets:\n", "targets:\n  vehicles_2024: null\n").replace(
        "  vehicles_police", "  vehicles_winter_2025: null\n  vehicles_police"
    )
    assert check(tmp_path, alone, monkeypatch) == 0, capsys.readouterr().err


@pytest.mark.parametrize("name", names())
def test_no_shipped_scenario_mixes(name: str) -> None:
    assert witness.mixed(read_whole(name), CLAIMS) == []


def test_the_shipped_links_and_tables_raise_no_doubt() -> None:
    assert witness.doubts(CLAIMS) == []
    links = witness.links()
    assert len(links) > 30
    assert any(witness._tables().values())


def test_a_link_that_is_not_what_its_claim_says() -> None:
    moved = {**CLAIMS, "KK-03": replace(CLAIMS["KK-03"], value="75")}
    said = "\n".join(witness.doubts(moved))
    assert "khunjerab_pass-sost: km is 86 km, but the claim says 75 km (KK-03)" in said
    speed = {**CLAIMS, "KK-32": replace(CLAIMS["KK-32"], value="62", low=None, high=None)}
    said = "\n".join(witness.doubts(speed))
    assert "speed_kmh is 80.5 km/h, but the nearest its claims come to is 62 km/h (KK-32)" in said


def test_a_slipped_point_says_where_its_cell_stands() -> None:
    slip = {**CLAIMS, "KR-17": replace(CLAIMS["KR-17"], value="514", low=None, high=None)}
    found = [fault for fault in witness.cautions(slip) if fault.path == "KR-17"]
    for fault in found:
        assert str(fault).startswith("geodata/claims.csv:")
        assert fault.message.count("slipped_point") == 1
    assert found


def test_a_link_whose_claim_is_gone_or_rejected() -> None:
    gone = {name: claim for name, claim in CLAIMS.items() if name != "KK-03"}
    assert "names an unknown claim 'KK-03'" in "\n".join(witness.doubts(gone))
    fallen = {**CLAIMS, "KK-03": replace(CLAIMS["KK-03"], status="rejected", reason="a test")}
    assert "rests on claim KK-03, rejected: a test" in "\n".join(witness.doubts(fallen))


def test_a_doubt_of_the_map_is_a_warning_of_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    believed = {**CLAIMS, "KK-20e": replace(CLAIMS["KK-20e"], status="accepted")}
    monkeypatch.setattr("corridor.evidence.load_claims", lambda: believed)
    assert _status(["check", "plain_station", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert any("49 km from dera ghazi khan" in warning for warning in data["warnings"])
    assert "no warnings" not in data["lines"]
    assert _status(["check", "plain_station", "--strict"]) == 2


def test_the_shipped_library_is_clean_under_strict(capsys: pytest.CaptureFixture[str]) -> None:
    assert _status(["check", "--strict"]) == 0
    assert capsys.readouterr().out.endswith("no warnings\n")


@pytest.mark.parametrize("words", ["check plain_station", "sources", "sources KJ-10"])
def test_a_reader_that_stops_reading_is_no_fault(words: str) -> None:
    command = f"{shlex.quote(sys.executable)} -m corridor {words} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("0\n", "")
