"""Evidence: every number of every shipped scenario has its paper, and the paper says that."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from corridor import evidence
from corridor.library import share
from corridor.scenarios import names, read
from corridor.scenarios.inventory import citations, claims_of, inventory
from corridor.scenarios.quantity import Quantity
from corridor.scenarios.scenario import Scenario

REGISTER = evidence.load_claims()
HELD_OUT = {"KJ-17", "KJ-17b"}  # the first open winter, January to March 2025

shipped = pytest.mark.parametrize("name", names())


def quantities(thing: object) -> Iterator[Quantity]:
    """All numbers, found in another way than the inventory finds them."""
    if isinstance(thing, Quantity):
        yield thing
    elif isinstance(thing, BaseModel):
        for value in dict(thing).values():
            yield from quantities(value)
    elif isinstance(thing, dict | tuple | list):
        for value in thing.values() if isinstance(thing, dict) else thing:
            yield from quantities(value)


@shipped
def test_the_inventory_misses_no_number(name: str) -> None:
    scenario = read(name)
    papers = ("period", "targets", "calendars", "regimes")
    found = [q for part in set(Scenario.model_fields) - set(papers)
             for q in quantities(getattr(scenario, part))]  # fmt: skip
    assert len([e for e in inventory(scenario) if not e.rule]) == len(found) > 0
    paths = [entry.path for entry in inventory(scenario)]
    assert len(set(paths)) == len(paths)


@shipped
def test_every_number_has_evidence(name: str) -> None:
    assert [e.path for e in inventory(read(name)) if e.evidence == "none"] == []


@shipped
def test_every_assumption_and_derivation_says_why(name: str) -> None:
    entries = inventory(read(name))
    assert [
        e.path for e in entries if e.evidence in ("assumed", "derived") and len(e.why) < 8
    ] == []
    assert [e.path for e in entries if e.evidence == "cited" and not e.claim] == []


@shipped
def test_every_claim_stands_in_the_register_and_is_not_rejected(name: str) -> None:
    status = {c: REGISTER[c].status if c in REGISTER else "unknown" for c in claims_of(read(name))}
    assert {c: s for c, s in status.items() if s in ("unknown", "rejected", "superseded")} == {}


@shipped
def test_cited_values_are_what_their_claims_say(name: str) -> None:
    entries = [e for e in inventory(read(name)) if not e.rule]
    cited = {e.path: (e.claim, e.value) for e in entries if e.evidence == "cited"}
    assert evidence.checks.cited_values(REGISTER, cited) == []


@shipped
def test_observations_are_what_their_claims_say(name: str) -> None:
    cited = {
        f"targets.{key}": (target.claim, f"{target.observed.value:.17g}")
        for key, target in read(name).targets.items()
        if not target.observed.derived
    }
    assert evidence.checks.cited_values(REGISTER, cited) == []


@shipped
def test_nothing_kept_for_comparison_is_fitted(name: str) -> None:
    scenario = read(name)
    fitted = [t.claim for t in scenario.targets.values() if t.role == "fitted"]
    assert evidence.checks.never_fitted(REGISTER, fitted) == []
    never = {claim for claim, card in REGISTER.items() if card.fit == "never"}
    assert never >= HELD_OUT
    held = {t.claim for t in scenario.targets.values() if t.role == "held_out"}
    assert never & set(claims_of(scenario)) <= held


def test_the_first_open_winter_is_held_out_and_nothing_else() -> None:
    """January to March 2025 stands beside the prediction; no input and no fit knows of it."""
    for name in names():
        scenario = read(name)
        for claim in HELD_OUT:
            targets = {f"targets.{key}" for key, t in scenario.targets.items() if t.claim == claim}
            for path in claims_of(scenario).get(claim, []):
                assert path in targets | {f"{target}.observed" for target in targets}
            roles = {t.role for t in scenario.targets.values() if t.claim == claim}
            assert roles <= {"held_out"}
    seen = {t.claim for t in read("khunjerab_year_round").targets_here().values()}
    assert seen == HELD_OUT
    assert not HELD_OUT & {t.claim for t in read("khunjerab_seasonal").targets_here().values()}


def test_a_wrong_citation_would_be_seen() -> None:
    speed = next(e for e in inventory(read("khunjerab_seasonal")) if e.claim == "KK-30")
    assert speed.value == "24.8 km/h"
    assert not evidence.checks.cited_values(REGISTER, {speed.path: ("KK-30", speed.value)})
    assert evidence.checks.cited_values(REGISTER, {speed.path: ("KK-30", "25.8 km/h")})
    assert evidence.checks.never_fitted(REGISTER, ["KJ-17"])


def test_a_law_lends_its_evidence_to_its_numbers() -> None:
    entries = {e.path: e for e in inventory(read("plain_station"))}
    mean = entries["ports.plain.posts.post.stations.desk.service.exponential.mean"]
    assert (mean.value, mean.evidence, mean.distribution) == ("8 min", "assumed", "exponential")
    lanes = read("khorgos_24h_same_staff")
    entry = {e.path: e for e in inventory(lanes)}[
        "ports.khorgos.posts.khorgos.stations.documents.lanes"
    ]
    assert (entry.value, entry.low, entry.high, entry.claim) == ("3", "2", "5", "KR-06")
    assert entry.evidence == "derived"


SCANNER = "ports.khunjerab.posts.tashkurgan.stations.scanner.service.lognormal.mean"


def test_a_law_lends_its_derivation_to_a_cited_number() -> None:
    """Three minutes were measured at Irkeshtam: at Tashkurgan they are derived, not cited."""
    mean = {e.path: e for e in inventory(read("khunjerab_seasonal"))}[SCANNER]
    assert (mean.value, mean.claim, mean.evidence) == ("3 min", "OP-02b", "derived")
    assert "Irkeshtam" in mean.why


def rules(name: str, *settings: str) -> dict[str, tuple[str, str, str]]:
    entries = inventory(read(name, settings))
    return {e.path: (e.value, e.evidence, e.claim) for e in entries if e.rule}


def test_hours_seasons_holidays_and_closing_rules_are_inputs() -> None:
    here = "ports.khunjerab."
    found = rules("khunjerab_seasonal")
    assert found[here + "season.closed"] == ("12-01..03-31", "cited", "KJ-C0")
    assert found[here + "posts.tashkurgan.hours"] == ("weekdays: 10:00-18:00", "assumed", "KJ-42")
    assert found[here + "posts.sost.holidays"] == ("china, pakistan", "assumed", "KJ-58")
    assert found[here + "posts.sost.working_days"] == (
        "2025-02-03, 2025-02-04", "cited", "KJ-C15")  # fmt: skip
    assert found[here + "posts.sost.keeps_season"] == ("false", "assumed", "")
    assert found[here + "posts.sost.closing_rule"] == ("hold", "assumed", "")
    assert found[here + "posts.sost.stations.immigration.hours"][:2] == (
        "weekdays: 09:00-20:00", "assumed")  # fmt: skip
    assert rules("plain_station") == {}


def test_the_levers_of_a_regime_are_inputs_with_its_papers() -> None:
    season = "ports.khunjerab.season."
    assert rules("khunjerab_year_round")[season + "closed"] == ("none", "cited", "KJ-C12")
    by_class = rules("khunjerab_by_class")
    assert by_class[season + "by_class.truck_laden"] == ("11-30..04-30", "cited", "KJ-57")
    special = rules("khunjerab_special_openings")
    assert special[season + "special_openings.january_2024"] == (
        "2024-01-02..2024-01-16", "cited", "KJ-C9")  # fmt: skip
    assert special[season + "special_openings.january_2025"][1] == "assumed"
    always = rules("khorgos_24h")
    assert always["ports.khorgos.posts.khorgos.hours"] == ("always", "cited", "KR-01")
    assert always["ports.khorgos.posts.nur_zholy.hours"] == ("always", "cited", "KR-02")
    kept = ("china, kazakhstan", "assumed", "BP-25c")  # round the clock, but not on public holidays
    assert always["ports.khorgos.posts.nur_zholy.holidays"] == kept
    assert always["ports.khorgos.posts.khorgos.stations.transshipment.hours"][0] == "always"


def test_a_rule_without_paper_has_no_evidence() -> None:
    post = "ports.plain.posts.post."
    hours = 'hours={weekdays: "08:00-12:00", saturday: "09:00-10:00"}'
    others = ("closing_rule=hold", "holidays=[china]")
    found = rules("plain_station", *(post + word for word in (hours, *others)))
    assert found == {
        post + "hours": ("weekdays: 08:00-12:00, saturday: 09:00-10:00", "none", ""),
        post + "holidays": ("china", "none", ""),
        post + "closing_rule": ("hold", "none", ""),
    }


def test_rooms_limits_and_trains_are_inputs(tmp_path: Path) -> None:
    text = share("scenarios", "plain_station.yaml").read_text("utf-8")
    text = text.replace("20 per hour,", "20 per hour, range: [10 per hour, 30 per hour],")
    text = text.replace(
        "          desk: {",
        """          desk:
            {lines: each, lines_assumed: seen, room: {value: 4, range: [3, 9], claim: KJ-31},
             turn_away_above: 5, patience: {uniform: {low: 1 h, high: 2 h}, assumed: a guess}, """,
    )
    text += """
        trains:
          shuttle:
            {capacity: {value: 9, assumed: one boat}, when_full: true,
             timetable: {every: 30 min, from: "06:00", until: "22:00", claim: KJ-43}}
          ferry: {capacity: 2, timetable: {at: ["14:00", "08:00"], days: [weekends]}}
"""
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    found = {e.path: e for e in inventory(read(tmp_path / "mine.yaml"))}

    def told(path: str) -> tuple[str, str, str, bool]:
        entry = found[f"ports.plain.posts.post.{path}"]
        return entry.value, entry.evidence, entry.claim, entry.rule

    assert told("stations.desk.lines") == ("each", "assumed", "", True)
    assert told("stations.desk.room") == ("4", "cited", "KJ-31", False)
    assert found["ports.plain.posts.post.stations.desk.room"].high == "9"
    assert told("stations.desk.turn_away_above") == ("5", "none", "", False)
    assert told("stations.desk.patience.uniform.low") == ("60 min", "assumed", "", False)
    assert told("trains.shuttle.capacity") == ("9", "assumed", "", False)
    assert told("trains.shuttle.when_full") == ("true", "none", "", True)
    assert told("trains.shuttle.timetable") == (
        "every 30 min from 06:00 until 22:00", "cited", "KJ-43", True)  # fmt: skip
    assert told("trains.shuttle.timetable.every") == ("30 min", "cited", "KJ-43", False)
    assert told("trains.ferry.timetable") == ("14:00, 08:00, weekends", "none", "", True)
    assert "ports.plain.posts.post.trains.ferry.when_full" not in found


def test_a_gate_without_end_is_unlimited() -> None:
    entries = {e.path: e for e in inventory(read("khunjerab_seasonal"))}
    assert entries["ports.khunjerab.posts.pass.stations.gate.lanes"].value == "unlimited"


def test_values_are_not_rounded() -> None:
    entries = {e.path: e for e in inventory(read("khorgos_fixed_hours"))}
    assert entries["flows.khorgos_laden_west.volume.vehicles"].value == "10150"
    assert entries["costs.haul.before"].value == "2042 USD"


def test_citations_point_at_the_key() -> None:
    paths = citations(read("khunjerab_seasonal"))
    assert ("ports", "khunjerab", "posts", "sost", "hours_claim") in paths["KJ-43"]
    assert ("costs", "fees", "khunjerab.sost", "claim") in paths["BM-06f"]
    assert "costs.fees.khunjerab.sost" in claims_of(read("khunjerab_seasonal"))["BM-06f"]
