"""``corridor geodata route``: names, what the totals rest on, the next best crossing, no way."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from corridor.cli import main
from corridor.geodata import Network

Ask = Callable[..., SimpleNamespace]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run the command and return its status, output and complaint."""

    def run(*words: str) -> SimpleNamespace:
        with pytest.raises(SystemExit) as stopped:
            main(["geodata", "route", *words])
        said = capsys.readouterr()
        return SimpleNamespace(status=stopped.value.code, out=said.out, err=said.err)

    return run


def test_names_stand_for_places_and_ports(ask: Ask) -> None:
    assert ask("Kashgar", "SOST", "--mode", "road").out == ask("喀什", "سوست", "--mode", "road").out
    said = ask("Kashgar", "Sost", "--mode", "road", "--closed", "Khunjerab")
    assert said.status == 2
    assert "no way by road" in said.err
    assert "khunjerab as asked" in said.err


@pytest.mark.parametrize("words", ["road,rail", "road, rail", "road rail"])
def test_a_list_of_modes_in_one_word_says_what_to_write(ask: Ask, words: str) -> None:
    said = ask("kashgar", "sost", "--mode", words)
    assert said.status == 2
    assert "write --mode road --mode rail" in said.err


def test_from_and_to_may_be_one_place(ask: Ask) -> None:
    said = ask("kashgar", "Kashgar")
    assert said.status == 0
    assert "the same place" in said.out
    assert "0 km" not in said.out
    assert json.loads(ask("kashgar", "kashgar", "--json").out)["steps"] == []


def test_the_table_says_of_all_three_sums_what_they_rest_on(ask: Ask, network: Network) -> None:
    lines = ask("urumqi", "almaty").out.splitlines()
    head = next(line for line in lines if line.startswith("leg or place"))
    assert head.endswith("km, h, USD rest on")
    for step in network.route("urumqi", "almaty").steps:
        row = next(line for line in lines if line.startswith(f"{step.name} "))
        each = (step.km_evidence or "-", step.hours_evidence, step.usd_evidence)
        assert row.endswith(", ".join(each))


def test_the_next_best_crossing_is_printed_with_its_stays(ask: Ask, network: Network) -> None:
    out = ask("urumqi", "almaty").out
    found = json.loads(ask("urumqi", "almaty", "--json").out)
    names = dict(zip(network.ports.port, network.ports["name"], strict=True))
    assert found["runners_up"]
    for other in found["runners_up"]:
        ours, theirs = (" and ".join(names[p] for p in other[k]) for k in ("ports", "instead"))
        assert f"Crossing: {ours}" in out
        assert f"by {theirs}: {other['hours']:+,.1f} h, {other['km']:+,.0f} km, " in out
        for stay in (*other["stays"], *other["stays_instead"]):
            assert f"{stay['hours']:,.1f} h {stay['hours_evidence']}" in out
    unlike = [other for other in found["runners_up"] if not other["alike"]]
    assert ("the choice between the two rests on the assumption" in out) == bool(unlike)
    assert unlike, "Khorgos is surveyed, the posts around it are not"
    cost = ask("urumqi", "almaty", "--by", "cost").out
    assert "USD assumed" in cost


def test_where_there_is_no_other_crossing_or_only_the_sea(ask: Ask) -> None:
    alone = ask("kashgar", "sost", "--mode", "road").out
    assert "this data has no other way by road" in alone
    assert "there is no other way" not in alone, "on the ground there may be one"
    assert "the next best way is by sea: +" in ask("kashgar", "karachi").out
    assert "Crossing" not in ask("sost", "gilgit").out
    home = ask("shanghai", "kashgar", "--by", "cost").out  # by sea and the pass, or not abroad
    assert "the next best way is by no border port at all: " in home
    assert "for the least cost: the shortest way is" in home


def test_a_way_by_several_modes_on_assumed_stays_warns_before_its_table(ask: Ask) -> None:
    head, _, table = ask("shanghai", "hamburg").out.partition("leg or place")
    title, warning, *_ = head.splitlines()
    assert title.startswith("Shanghai port to Hamburg")
    assert warning.startswith("Warning: it changes mode on stays that are assumed, not surveyed: ")
    assert "Urumqi 24.0 h" in warning
    assert "Warning" not in table
    assert (
        "assumed, not surveyed" in json.loads(ask("shanghai", "hamburg", "--json").out)["warning"]
    )
    assert "Warning" not in ask("kashgar", "karachi", "--mode", "road").out
    assert json.loads(ask("kashgar", "sost", "--json").out)["warning"] == ""


def test_what_the_register_would_have_read_again_is_noted(ask: Ask) -> None:
    (note,) = (n for n in json.loads(ask("urumqi", "kashgar", "--json").out)["notes"]
               if n.startswith("To be read again"))  # fmt: skip
    assert "BM-07g (CPMM transport cost, China)" in note
    assert "re-check" in note
    assert "read again" not in ask("aktau", "baku").out


def test_what_is_not_known_is_noted(ask: Ask) -> None:
    out = ask("kashgar", "karachi", "--season", "summer", "--mode", "road").out
    assert "Note: No leg of it has a speed of its own in summer" in out
    out = ask("kashgar", "karachi", "--season", "winter", "--mode", "road").out
    assert "khunjerab_pass-sost" in out.split("Note: In winter ")[1]
    notes = json.loads(ask("kashgar", "sost", "--season", "summer", "--json").out)["notes"]
    assert any("run as in the year" in note for note in notes)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Muzart post", "narynkol"), "no road, rail or sea link reaches muzart in this data"),
        (("icbc", "icbc_kz"), "no road, rail or sea link reaches icbc in this data"),
        (("karachi", "lahore", "--mode", "rail"), "in this data, only links by road and sea"),
        (("khorgos", "almaty"), "one reaches khorgos_road, 5 km off"),
        (("伊尔克什坦口岸", "osh"), "write irkeshtam or irkeshtam_hall"),
    ],
)
def test_no_way_and_why(ask: Ask, words: tuple[str, ...], said: str) -> None:
    answer = ask(*words)
    assert answer.status == 2
    assert said in answer.err
    assert "season" not in answer.err
