"""The border ports against the register, the places and the rules the scenarios simulate."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from ruamel.yaml import YAML

from corridor.faults import Faults
from corridor.geodata import Network
from corridor.geodata.hours import parts
from corridor.library import share

NAMED = {
    "khunjerab", "khorgos_road", "khorgos_rail", "khorgos_icbc", "alashankou_rail",
    "alashankou_road", "torugart", "irkeshtam", "baketu", "jeminay", "karasu", "brest",
    "malaszewicze",
}  # fmt: skip
"""The ports that were asked for; the others came with the roads and railways that cross there."""
APART_KM = 20.0  # the two posts of an ordinary crossing face each other
TANDEM = {"khunjerab", "torugart", "bedel"}  # the controls stand far before the pass
TANDEM_KM = 100.0


def _table(name: str) -> list[dict[str, str]]:
    with (share("geodata") / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PORTS = {row["port"]: row for row in _table("ports.csv")}
PLACES = {row["place"]: row for row in _table("places.csv")}
CLAIMS = {row["claim"]: row for row in _table("claims.csv")}


def _yaml(*path: str) -> Any:
    return YAML(typ="safe", pure=True).load(share("scenarios", *path).read_text("utf-8"))


def _ends(port: str) -> tuple[str, str]:
    return PORTS[port]["place"], PORTS[port]["across"]


def _claims(port: str) -> list[dict[str, str]]:
    return [CLAIMS[name] for name in PORTS[port]["claim"].split()]


def season_of(closed: str | None) -> str:
    """The season in the words of ``ports.csv`` of a closed span such as ``12-01..03-31``.

    >>> season_of("12-01..03-31")
    '1 April to 30 November'
    """
    if closed is None:
        return "all year"
    first, last = (date.fromisoformat(f"2023-{end}") for end in closed.split(".."))
    opens, shuts = last + timedelta(days=1), first - timedelta(days=1)
    return f"{opens.day} {opens:%B} to {shuts.day} {shuts:%B}"


def test_every_port_that_was_asked_for_is_there(network: Network) -> None:
    assert set(PORTS) >= NAMED
    assert list(network.ports.port) == list(PORTS)
    assert {PORTS[name]["kind"] for name in PORTS if name.startswith("khorgos_")} == {
        "road", "rail", "cooperation_centre",
    }  # fmt: skip


@pytest.mark.parametrize("port", PORTS)
def test_both_sides_exist_and_face_each_other(network: Network, port: str) -> None:
    one, other = _ends(port)
    assert one != other
    apart = network.great_circle_km(one, other)
    assert 0.3 <= apart <= (TANDEM_KM if port in TANDEM else APART_KM)
    countries = {PLACES[one]["country"], PLACES[other]["country"]}
    assert len(countries) == 2 or countries == {""}, "both posts stand in one country"


def _distances() -> Iterator[tuple[str, str, str]]:
    posts = {end for port in PORTS for end in _ends(port)}
    for name, row in CLAIMS.items():
        length = row["measure"].startswith("distance") and row["unit"] == "km"
        if length and row["source"] and {row["place"], row["to_place"]} <= posts:
            yield name, row["place"], row["to_place"]


@pytest.mark.parametrize(("claim", "one", "other"), list(_distances()))
def test_positions_agree_with_the_distances_on_record(
    network: Network, claim: str, one: str, other: str
) -> None:
    """No road is shorter than the great circle, less what the positions may be off."""
    off = sum(float(PLACES[place]["within_km"]) for place in (one, other))
    published = float(CLAIMS[claim]["high"] or CLAIMS[claim]["value"])
    assert network.great_circle_km(one, other) - off <= published
    if CLAIMS[claim]["status"] == "accepted":
        assert published <= 2.5 * (network.great_circle_km(one, other) + off)


def test_distances_of_many_ports_are_on_record() -> None:
    measured = {frozenset((one, other)) for _, one, other in _distances()}
    pairs = {port for port in PORTS if frozenset(_ends(port)) in measured}
    assert pairs >= {"khunjerab", "torugart", "baketu", "jeminay", "dulata", "muzart"}


def test_the_road_post_of_khorgos_stands_where_its_source_says(network: Network) -> None:
    """2 km straight to the edge of the centre, 343 ha of which lie in China; 15 km to Altynkol."""
    edge = float(CLAIMS["BP-11c"]["value"])
    assert edge <= network.great_circle_km("khorgos_road", "icbc") <= edge + 2.0
    assert 0.6 <= network.great_circle_km("khorgos_road", "altynkol") / 15 <= 1
    order = [PLACES[p]["lon"] for p in ("nur_zholy", "khorgos_road")]
    assert order == sorted(order), "the Kazakh post lies west of the Chinese one"


@pytest.mark.parametrize("port", PORTS)
def test_a_port_rests_on_claims(port: str) -> None:
    row = PORTS[port]
    assert row["claim"]
    assert {claim["status"] for claim in _claims(port)} <= {"accepted", "contested"}
    assert (row["evidence"] == "cited") != bool(row["why"]), (
        "a reason where, and only where, it is not cited"
    )


@pytest.mark.parametrize("port", [port for port in PORTS if PORTS[port]["elevation_m"]])
def test_a_height_is_that_of_its_claim_and_of_its_place(port: str) -> None:
    height = float(PORTS[port]["elevation_m"])
    assert height == float(PLACES[PORTS[port]["place"]]["elevation_m"])
    known = [float(claim["value"]) for claim in _claims(port) if claim["measure"] == "altitude"]
    assert any(abs(height - value) < 0.5 for value in known)


def test_every_altitude_on_record_of_a_port_is_used() -> None:
    ends = {end: port for port in PORTS for end in _ends(port)}
    for claim in CLAIMS.values():
        known = claim["measure"] == "altitude" and claim["status"] == "accepted"
        if known and claim["place"] in ends:
            height = float(PLACES[claim["place"]]["elevation_m"])
            assert abs(height - float(claim["value"])) <= 50, claim["claim"]


@pytest.mark.parametrize("port", PORTS)
def test_gauges(port: str) -> None:
    gauges = [PORTS[port][name] for name in ("gauge_mm", "gauge_across_mm")]
    wanted = ["1435", "1520"] if PORTS[port]["kind"] == "rail" else ["", ""]
    assert gauges == wanted
    if PORTS[port]["kind"] == "rail":
        said = " ".join(" ".join((c["value"], c["definition"], c["reason"])) for c in _claims(port))
        assert "1,435" in said
        assert "1,520" in said


@pytest.mark.parametrize("port", PORTS)
def test_codes_are_those_of_the_two_places(port: str) -> None:
    for end, column in zip(_ends(port), ("unlocode", "unlocode_across"), strict=True):
        assert PORTS[port][column] == PLACES[end]["unlocode"]


@pytest.mark.parametrize("port", PORTS)
def test_a_code_has_a_claim_and_a_missing_one_its_reason(port: str) -> None:
    row = PORTS[port]
    known = {claim["value"] for claim in _claims(port) if claim["measure"] == "UN/LOCODE"}
    for end, column in zip(_ends(port), ("unlocode", "unlocode_across"), strict=True):
        code, name = row[column], PLACES[end]["name"]
        if not code:
            assert re.search(rf"UN/LOCODE of .*{re.escape(name)}.* not found", row["note"])
        else:
            assert code in known


def test_a_code_begins_with_the_country_of_its_place() -> None:
    coded = [row for row in PLACES.values() if row["unlocode"]]
    assert len(coded) > 60
    for row in coded:
        assert re.fullmatch("[A-Z]{2}[A-Z2-9]{3}", row["unlocode"])
        # Gilgit's code is listed under Pakistan, Khunjerab's under China; we colour neither
        assert row["country"] in ("", row["unlocode"][:2]), row["place"]


@pytest.mark.parametrize("port", [port for port in PORTS if PORTS[port]["hours"]])
def test_hours_can_be_read(port: str) -> None:
    parts(PORTS[port]["hours"])


@pytest.mark.parametrize(
    "text",
    [
        "mondays", "daily 25:00-26:00 Asia/Shanghai", "daily 18:00-10:00 Asia/Shanghai",
        "daily 10:00-18:00", "daily 10:00-14:00, 13:00-19:00 Asia/Shanghai",
        "daily 10:00-24:30 Asia/Shanghai", "weekdays 10:00-18:00 Asia/Khunjerab",
    ],
)  # fmt: skip
def test_hours_no_clock_shows_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"write|must rise|time zone"):
        parts(text)


def _regimes(port: str) -> dict[str, Any]:
    folder = share("scenarios", "regimes", port)
    return {path.stem: _yaml("regimes", port, path.name) for path in sorted(folder.glob("*.yaml"))}


def test_khunjerab_is_open_when_the_regime_in_force_says() -> None:
    row, model = PORTS["khunjerab"], _yaml("ports", "khunjerab.yaml")
    named = row["claim"].split()
    standing = [regime for regime in _regimes("khunjerab").values() if regime["claim"] in named]
    assert len(standing) == 1
    assert standing[0]["from"] == date(2024, 12, 1)
    assert season_of(standing[0]["changes"]["season"]["closed"]) == row["season"]
    before = season_of(model["season"]["closed"])
    assert before == "1 April to 30 November"
    assert f"before that {before} ({model['season']['claim']})" in row["note"]
    days, spans, _ = parts(row["hours"])
    for post in model["posts"].values():
        assert list(post["hours"]) == [days]
    assert spans == []  # gap G4: the hours of the day in the model are assumed


def test_khorgos_is_open_when_the_regime_in_force_says() -> None:
    row, model = PORTS["khorgos_road"], _yaml("ports", "khorgos.yaml")
    named = row["claim"].split()
    standing = _regimes("khorgos")["round_the_clock"]
    assert standing["claim"] in named
    posts = standing["changes"]["posts"]
    assert {post["hours"] for post in posts.values()} == {"always"}
    assert {post["hours_claim"] for post in posts.values()} <= set(named)
    assert parts(row["hours"]) == ("daily", ["00:00-24:00"], "Asia/Shanghai")
    assert "season" not in model
    assert row["season"] == "all year"
    assert model["posts"]["khorgos"]["hours"]["daily"].replace(", ", " and ") in row["note"]
    places = {post["place"] for post in model["posts"].values()}
    assert set(_ends("khorgos_road")) <= places


def test_a_shut_port_lets_nobody_through(network: Network) -> None:
    def legs(a: str, b: str, *closed: str) -> list[str]:
        way = network.route(a, b, by="distance", modes=("road",), closed=closed)
        return [step.name for step in way.steps if step.what == "leg"]

    assert "khunjerab_pass-sost" in legs("kashgar", "gilgit", "khorgos_road")
    with pytest.raises(Faults):
        legs("kashgar", "gilgit", "khunjerab")
    assert "khorgos_road-nur_zholy" in legs("urumqi", "zharkent", "khunjerab")
    roads = {port for port, row in PORTS.items() if row["kind"] == "road"}
    with pytest.raises(Faults):
        legs("urumqi", "zharkent", *roads)
