"""Evidence: every number of every shipped scenario has its paper, and the paper says that."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from corridor import evidence
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
    assert len(inventory(scenario)) == len(found) > 0
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
    cited = {e.path: (e.claim, e.value) for e in inventory(read(name)) if e.evidence == "cited"}
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


def test_values_are_not_rounded() -> None:
    entries = {e.path: e for e in inventory(read("khorgos_fixed_hours"))}
    assert entries["flows.khorgos_laden_west.volume.vehicles"].value == "10150"
    assert entries["costs.haul.before"].value == "2042 USD"


def test_citations_point_at_the_key() -> None:
    paths = citations(read("khunjerab_seasonal"))
    assert ("ports", "khunjerab", "posts", "sost", "hours_claim") in paths["KJ-43"]
    assert ("costs", "fees", "khunjerab.sost", "claim") in paths["BM-06f"]
    assert "costs.fees.khunjerab.sost" in claims_of(read("khunjerab_seasonal"))["BM-06f"]
