"""The commands of the layers: what they print, and with which status they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from corridor import geodata
from corridor.cli import main
from corridor.geodata import Network
from corridor.maps.register import MADE


class Answer(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Answer:
        with pytest.raises(SystemExit) as ended:
            main(["geodata", *words])
        heard = capsys.readouterr()
        return Answer(int(ended.value.code or 0), heard.out, heard.err)

    return run


Say = Callable[..., Answer]


@pytest.fixture
def elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The commands read a folder of ours instead of the bundled one."""
    for module in ("files", "catalogue"):
        monkeypatch.setattr(f"corridor.geodata.{module}.share", lambda *parts: folder)
    return folder


def test_the_shipped_layers_pass_the_strict_check(say: Say) -> None:
    answer = say("check", "--strict")
    assert answer.status == 0, answer.out
    assert "no fault found, 0 warnings" in answer.out
    found = json.loads(say("check", "--json").out)
    assert found["warnings"] == []
    for mode in ("road", "rail", "sea"):
        assert sum(found["rests_on"][mode]["km"].values()) == pytest.approx(1)
        own = found["measured"][mode]
        assert 0 < own["legs"] <= own["of_legs"]
        line = f"{own['legs']} of {own['of_legs']} legs, {own['share']:.0%} of km, rest on a length"
        assert f"{line} measured on {next(iter(own['on']))}" in answer.out


def test_warnings_fail_the_strict_check_only(say: Say, elsewhere: Path) -> None:
    path = elsewhere / "accepted.csv"
    path.write_text(path.read_text("utf-8") + "drawn_length,nowhere,because\n", "utf-8")
    answer = say("check")
    assert answer.status == 0
    assert "nowhere: accepted.csv: there is no drawn_length any more; drop it" in answer.out
    assert "accepted.csv has other bytes" in answer.out  # the catalogue's checksum
    assert say("check", "--strict").status == 2


def test_a_claim_that_does_not_exist_is_a_fault(say: Say, elsewhere: Path) -> None:
    path = elsewhere / "haulage.csv"
    path.write_text(path.read_text("utf-8").replace(",BM-07g,", ",BM-99,", 1), "utf-8")
    answer = say("check")
    assert answer.status == 2
    assert "geodata/haulage.csv:2:1: haulage/road CN: claim: no claim 'BM-99'" in answer.err


def test_a_rejected_claim_is_a_warning(say: Say, elsewhere: Path) -> None:
    path = elsewhere / "haulage.csv"
    path.write_text(path.read_text("utf-8").replace(",BM-07g,", ",C11-1,", 1), "utf-8")
    assert "the claim C11-1 is rejected" in say("check").out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ((), ["places", "rail", "ports", "trade", "claims", "cpec_road", "licence", "2,733"]),
        (("khunjerab",), ["port ", "khunjerab_pass", "season", "claim"]),
        (("cpec_road",), ["until_km", "kashgar-tashkurgan", "KK-01"]),
        (("sost-gilgit",), ["from_place", "184", "speed_kmh"]),
        (("sost",), ["36.", "within_km"]),
        (("terminals",), ["from_mode", "malaszewicze"]),
        (("haulage",), ["usd_per_teu_km", "1520 mm"]),
        (("trade",), ["confidence", "003-01", "rejected", "GK"]),
        (("claims",), ["KK-30", "raw_value"]),
        (("sources",), ["S81", "publisher"]),
    ],
)
def test_show(say: Say, name: tuple[str, ...], words: list[str]) -> None:
    answer = say("show", *name)
    assert answer.status == 0
    for word in words:
        assert word in answer.out
    assert json.loads(say("show", *name, "--json").out)


def test_show_of_what_is_not_there(say: Say) -> None:
    answer = say("show", "khunjrab")
    assert answer.status == 2
    assert "(did you mean 'khunjerab'?)" in answer.err


def test_control_characters_are_made_visible(say: Say, elsewhere: Path) -> None:
    ports = elsewhere / "ports.csv"
    ports.write_text(ports.read_text("utf-8").replace(",Khunjerab,", ",Khun\x1b[31mjerab,", 1))
    out = say("show", "khunjerab").out
    assert "\x1b" not in out
    assert "\\u001b[31m" in out


def test_route_adds_up_and_says_what_it_rests_on(say: Say, network: Network) -> None:
    answer = say("route", "kashgar", "islamabad", "--mode", "road")
    assert answer.status == 0
    route = network.route("kashgar", "islamabad", modes=("road",))
    assert f"{route.km:,.0f} km" in answer.out
    assert f"{route.hours:,.1f} h" in answer.out
    assert f"{route.usd:,.0f} USD per TEU" in answer.out
    assert "border" in answer.out
    found = json.loads(say("route", "kashgar", "islamabad", "--mode", "road", "--json").out)
    assert found["km"] == pytest.approx(sum(step["km"] for step in found["steps"]))
    assert found["rests_on"]["km"]["cited"] == pytest.approx(route.resting_on("km")["cited"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("kashgr", "sost"), "did you mean 'kashgar'"),
        (("kashgar", "sost", "--by", "mood"), "write one of time, distance, cost"),
        (("kashgar", "sost", "--season", "monsoon"), "write one of year, winter"),
        (("kashgar", "sost", "--mode", "air"), "write one of road, rail, sea"),
        (("kashgar", "sost", "--closed", "khunjrab"), "did you mean 'khunjerab'"),
        (("kashgar", "sost", "--mode", "road", "--closed", "khunjerab"), "no way by road"),
    ],
)
def test_ways_that_cannot_be(say: Say, words: tuple[str, ...], said: str) -> None:
    answer = say("route", *words)
    assert answer.status == 2
    assert said in answer.err


def test_export(say: Say, tmp_path: Path) -> None:
    assert say("export", "--out", "a").out == f"Wrote {Path('a') / 'corridor.gpkg'}\n"
    wrote = json.loads(say("export", "--out", "b", "--format", "all", "--json").out)["wrote"]
    made = len(MADE)  # trade, and the register
    assert len(wrote) == 1 + 2 * (len(geodata.export_tables(geodata.load())) + made)
    assert all((tmp_path / path).stat().st_size for path in wrote)
    assert say("export", "--out", "c", "--format", "shp").status == 2
