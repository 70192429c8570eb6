"""How far an answer moves when a rival claim takes the place of the one in use."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from corridor import evidence, geodata
from corridor.analysis import Change, moved, rivals, trials
from corridor.cli import _status
from corridor.faults import Faults
from corridor.report.evidence import conflicts
from corridor.report.rivals import move_words, moves_lines
from corridor.scenarios import names, read_whole
from corridor.study import run

CLAIMS = evidence.load_claims()
NETWORK = geodata.load()
PAIR = ("khunjerab_seasonal", "khunjerab_year_round")
TRIALS = {
    (trial.used, trial.rival): trial
    for trial in trials([read_whole(name) for name in PAIR], NETWORK, CLAIMS)
}


def test_a_length_takes_the_place_of_another_on_its_link_and_in_sums_with_it() -> None:
    changes = {change.path: change for change in TRIALS["KK-03", "C14-1"].changes}
    assert changes["links.khunjerab_pass-sost.km"].words() == "86 to 75 km"
    # Sost to Gilgit is 270 - 86: it grows as the other shrinks.
    assert changes["links.sost-gilgit.km"].words() == "184 to 195 km"


@pytest.mark.parametrize(
    ("used", "rival", "changes"),
    [
        ("KH-01", "KH-01b", {"links.urumqi-khorgos_road.km": "660 to 670 km"}),
        ("KH-02", "KH-02c", {"links.nur_zholy-zharkent.km": "34 to 33 km",
                             "links.zharkent-almaty.km": "294 to 295 km"}),
        ("KH-03", "KH-03b", {"links.zharkent-almaty.km": "294 to 342 km"}),
    ],
)  # fmt: skip
def test_a_length_in_print_takes_the_place_of_one_of_general_knowledge(
    used: str, rival: str, changes: dict[str, str]
) -> None:
    found = trials([read_whole("khorgos_24h")], NETWORK, CLAIMS)
    (trial,) = (t for t in found if (t.used, t.rival) == (used, rival))
    assert {each.path: each.words() for each in trial.changes} == changes


def test_a_guess_beside_a_claim_does_not_follow_it() -> None:
    """Hyderabad to Karachi is assumed to be 160 km, of which 136 are in print (KK-24c)."""
    rival = replace(CLAIMS["KK-24c"], claim="X-1", value="140")
    known = {**CLAIMS, "X-1": rival}
    row = NETWORK.links.set_index("link", drop=False).loc["hyderabad-karachi"]
    entry = rivals._length(row)
    assert entry.evidence == "assumed"
    assert list(rivals._change(entry.path, entry, CLAIMS["KK-24c"], rival, known)) == []


def test_what_is_derived_moves_in_proportion() -> None:
    other = replace(CLAIMS["KJ-11"], claim="X-1", value="30000", low=None, high=None)
    with_other = {**CLAIMS, "X-1": other}
    found = trials([read_whole(name) for name in PAIR], NETWORK, with_other)
    (trial,) = (t for t in found if (t.used, t.rival) == ("KJ-11", "X-1"))
    (change,) = trial.changes
    assert change.path == "flows.khunjerab_laden_south.volume.tonnes"
    assert change.instead == pytest.approx(change.value * 30000 / 40900)
    assert "moves with it, in proportion" in trial.why


@pytest.mark.parametrize(
    ("used", "rival", "why"),
    [
        ("KJ-C12", "C2-5", "a date or words"),
        ("KJ-10", "KJ-11", "counts something else: cargo mass, in t"),
        ("KJ-10", "001-01", "says the same"),
        ("KJ-10", "KJ-14", "another series: border police, not customs; the two are never mixed"),
        ("KJ-10", "KJ-12", "another period: 2023-01 to 2023-10"),
        ("KJ-11", "KJ-12b", "another period: 2023-01 to 2023-10"),
        ("KK-05", "C16-2", "is of another place: thakot to havelian"),
    ],
)
def test_a_rival_that_is_no_input_says_why(used: str, rival: str, why: str) -> None:
    trial = TRIALS[used, rival]
    assert trial.changes == ()
    assert trial.why.startswith(why)


@pytest.mark.parametrize("name", names())
def test_every_rival_of_a_used_claim_is_tried_or_excused(name: str) -> None:
    for trial in trials([read_whole(name)], NETWORK, CLAIMS):
        assert trial.changes or trial.why, trial
        assert (trial.moves, trial.used != trial.rival) == ((), True)


def test_an_observation_is_no_input() -> None:
    found = trials([read_whole("khorgos_fixed_hours")], NETWORK, CLAIMS)
    rival = replace(CLAIMS["KR-17"], claim="X-1", value="40")
    more = trials([read_whole("khorgos_fixed_hours")], NETWORK, {**CLAIMS, "X-1": rival})
    (new,) = (t for t in more if t.rival == "X-1" and t.used == "KR-17")
    assert new.why == "not an input: an observation that the model is held against"
    assert len(more) > len(found)


def test_a_longer_road_takes_longer_and_the_same_claim_moves_nothing() -> None:
    found = moved([PAIR[1]], NETWORK, CLAIMS, only="C14-2", replications=2, jobs=1)
    (trial,) = found
    moves = {move.metric: move for move in trial.moves}
    assert moves["tfi1_mean"].moves > 0  # 125 km instead of 86
    assert moves["tfi1_mean"].pairs == 2
    assert moves["tfi1_mean"].scenario == PAIR[1]
    table = run(PAIR[1], replications=2, jobs=1).metrics
    keys = ["place", "class", "metric"]
    row = table.set_index(keys).loc[("khunjerab", "all", "tfi1_mean")]
    assert moves["tfi1_mean"].answer == pytest.approx(float(row["mean"]))
    same = {**CLAIMS, "C14-2": replace(CLAIMS["C14-2"], value="86.0000001")}
    (still,) = moved([PAIR[1]], NETWORK, same, only="C14-2", replications=2, jobs=1)
    assert all(abs(move.moves) < 1e-4 for move in still.moves)


def test_the_shares_of_a_closed_season_stay_one_whole() -> None:
    (trial,) = moved([PAIR[0]], NETWORK, CLAIMS, only="KJ-35c", replications=1, jobs=1)
    assert trial.moves
    assert {change.unit for change in trial.changes} == {"%"}


def test_a_value_that_the_scenario_refuses_is_excused() -> None:
    wild = {**CLAIMS, "KJ-35c": replace(CLAIMS["KJ-35c"], value="17.8")}  # a rush of 318%
    (trial,) = moved([PAIR[0]], NETWORK, wild, only="KJ-35c", replications=1, jobs=1)
    assert trial.why.startswith("the scenario does not allow it: ")
    assert trial.changes == trial.moves == ()


def test_more_than_two_scenarios_are_no_answer() -> None:
    with pytest.raises(Faults, match="one scenario, or the difference of two"):
        moved([*PAIR, "khunjerab_sit_in"], NETWORK, CLAIMS)


def test_a_change_is_typed_with_its_unit() -> None:
    assert Change("a.b", 86, 75, "km").setting() == "a.b=75 km"
    assert Change("a.b", 33, 31.75, "%").setting() == "a.b=31.75%"
    assert Change("a.b", 5850, 3387.4, "number").setting() == "a.b=3387.4"


def test_the_command_prints_moves_and_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sources", "KK-03", "--against", PAIR[1], "--replications", "2", "--jobs", "1"]
    assert _status([*words, "--quiet"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("How far the answer of khunjerab_year_round moves with another claim")
    assert "KK-03, Khunjerab Pass to Sost: 86 km" in said
    assert "C14-1 says 75 km (rejected)" in said
    assert "Time to clear, mean: −" in said
    assert _status([*words, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert {row["rival"] for row in data} == {"C14-1", "C14-2"}
    assert {move["metric"] for row in data for move in row["moves"]} >= {"tonnes", "tfi1_mean"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["KK-30"], "No rival of KK-30 is on record: no claim contradicts it"),
        (["KR-17"], "uses neither KR-17 nor one of its rivals (KR-15"),
    ],
)
def test_a_claim_with_nothing_to_try_says_so(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _status(["sources", *words, "--against", PAIR[0], "--quiet"]) == 0
    out = capsys.readouterr().out
    assert said in out
    assert "How far" not in out
    assert _status(["sources", *words, "--against", PAIR[0], "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_scenario_that_nothing_contradicts_says_so() -> None:
    (said,) = moves_lines([], CLAIMS, PAIR, 5)
    assert said.startswith("khunjerab_seasonal -> khunjerab_year_round uses no claim that another")


def test_bad_words_are_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert _status(["sources", "KJ-1000", "--against", PAIR[0]]) == 2
    assert "unknown claim 'KJ-1000'" in capsys.readouterr().err
    assert _status(["sources", "--against", "no_such_scenario"]) == 2


def test_what_does_not_move_says_so() -> None:
    (trial,) = moved([PAIR[0]], NETWORK, CLAIMS, only="KK-01b", replications=2, jobs=1)
    words = {move.metric: move_words(move) for move in trial.moves}
    assert words["tonnes"] == "does not move"  # Kashgar to Tashkurgan lies before the port


def record() -> dict[str, object]:
    cards = evidence.cards(CLAIMS, evidence.load_sources(), ["KJ-10", "KJ-C12", "KK-03"])
    return {
        "claims": cards,
        "inputs": [{"claim": "KJ-10"}],
        "scenarios": [{"name": name} for name in PAIR],
    }


def test_the_report_sets_rivals_side_by_side_and_says_how_to_see_them_move() -> None:
    rows = {claim.claim: claim for each in conflicts(record()) for claim in each.claims}
    assert rows["C14-1"].move == (
        "to see: corridor sources C14-1 --against khunjerab_seasonal --against khunjerab_year_round"
    )
    assert rows["KJ-14"].series == "border police"
    assert rows["KJ-14"].move.startswith("to see: corridor sources KJ-14")
    assert rows["001-01"].move == "says the same"
    assert rows["C2-5"].move.startswith("words or a date")
    assert rows["KJ-12b"].move == "counts something else than the claim in use"
    assert rows["KJ-10"].move == ""  # in use
    assert rows["KJ-10"].printed == ">11,000 vehicles"
    assert rows["C14-1"].instead == "86 km; see KK-03"


def test_of_many_used_claims_a_rival_is_told_of_the_one_that_counts_the_same() -> None:
    """Conflict C3 and C4 are vehicles and tonnes: the rival of both is one of its own kind."""
    cards = evidence.cards(CLAIMS, evidence.load_sources(), ["KJ-11", "KJ-10"])
    listed = [asdict(TRIALS[used, each["claim"]]) for used in ("KJ-11", "KJ-10") for each in cards
              if (used, each["claim"]) in TRIALS]  # fmt: skip
    for order in (listed, listed[::-1]):
        told = {**record(), "claims": cards, "rivals": order}
        rows = {claim.claim: claim for each in conflicts(told) for claim in each.claims}
        assert rows["KJ-10"].move == rows["KJ-11"].move == ""  # in use, whatever they rival
        assert rows["KJ-12"].move.startswith("another period: 2023-01 to 2023-10")
        assert rows["KJ-12b"].move.startswith("another period: 2023-01 to 2023-10")
        assert rows["001-01"].move == "says the same"
        assert rows["000-03"].move == "says the same"


def test_moves_on_record_are_shown() -> None:
    move = {"metric": "tfi1_mean", "unit": "h", "moves": -0.783, "low": -0.939, "high": -0.627}
    tried = {"rival": "C14-2", "moves": [move], "why": "another period: 2020"}
    refused = {"rival": "C14-1", "moves": [], "why": "another series"}
    told = {**record(), "rivals": [tried, refused]}
    rows = {claim.claim: claim for each in conflicts(told) for claim in each.claims}
    words = "Time to clear, mean −0.783\xa0h (−0.939 to −0.627) (another period: 2020)"
    assert rows["C14-2"].move == words
    assert rows["C14-1"].move == "another series"
