"""Errors that a reviewer planted in the layers and that passed both checks: each is named now."""

from __future__ import annotations

import csv
import dataclasses
from collections import defaultdict
from datetime import date
from typing import Any

import pytest
import shapely

from corridor.evidence import load_claims
from corridor.evidence.rates import implied
from corridor.geodata import Network, cautions, checks
from corridor.geodata.hours import zones_of
from corridor.geodata.seasons import is_open_on
from corridor.library import share
from corridor.study.layers import contradictions
from corridor.study.points import of_incident, of_port, passed_while_shut

REGISTER = load_claims()
SEEN_AT = {"ports": "ports.csv", "incidents": "incidents.csv", "terminals": "terminals.csv",
           "places": "places.csv", "totals": "totals.csv", "haulage": "haulage.csv",
           "profiles": "profiles.csv"}  # fmt: skip


def _rows(name: str, key: str) -> dict[str, dict[str, str]]:
    with (share("geodata") / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


PORTS = _rows("ports", "port")
INCIDENTS = _rows("incidents", "incident")


def _spoilt(network: Network, layer: str, where: dict[str, Any], new: dict[str, Any]) -> Network:
    """The network with other cells in the rows that are as `where` says, of which there is one."""
    table = getattr(network, layer).copy()
    hit = (table[list(where)] == list(where.values())).all(axis=1)
    assert hit.sum() == 1
    for column, value in new.items():
        table.loc[hit, column] = value
    return dataclasses.replace(network, **{layer: table})


def test_nothing_is_named_where_nothing_was_planted(network: Network) -> None:
    assert checks(network) == []
    assert cautions(network) == []
    assert contradictions(REGISTER, []) == []


@pytest.mark.parametrize(
    ("layer", "where", "new", "words"),
    [
        ("ports", {"port": "khorgos_rail"}, {"hours": "daily 00:00-24:00 Europe/Paris"},
         "Europe/Paris is the clock of neither CN nor KZ"),
        ("ports", {"port": "karasu"}, {"place": "karasu", "across": "kulma"},
         "unlocode is empty, but places.csv has CNKLS for karasu"),
        ("ports", {"port": "baketu"}, {"unlocode": "CNDLT"},
         "unlocode is CNDLT, but places.csv has CNBKT for baketu"),
        ("places", {"place": "kashgar"}, {"within_km": 300.0},
         "within_km 300: a position that is cited is known to 10 km or better"),
        ("haulage", {"mode": "sea", "section": ""}, {"usd_per_teu_km": 1.27, "high": 2.6},
         "over an ocean a TEU costs 0.02 to 0.4 USD a km"),
        ("totals", {"to_place": "karachi"}, {"why": ""}, "within: say in why"),
    ],
)  # fmt: skip
def test_a_fault(
    network: Network, layer: str, where: dict[str, Any], new: dict[str, Any], words: str
) -> None:
    found = [str(fault) for fault in checks(_spoilt(network, layer, where, new))]
    assert any(words in each and f"geodata/{SEEN_AT[layer]}:" in each for each in found), found


@pytest.mark.parametrize(
    ("layer", "where", "new", "words"),
    [
        ("incidents", {"incident": "gwadar_hotel_2019"},
         {"geometry": shapely.Point(67.010, 24.861)}, "from gwadar, more than it may be off"),
        ("incidents", {"incident": "turbat_2024"},
         {"geometry": shapely.Point(63.048, 29.001)}, "332 km from turbat, more than it may be"),
        ("places", {"place": "sukkur"}, {"country": "CN"}, "country is CN, but it lies in PK"),
        ("places", {"place": "sukkur"}, {"country": ""}, "country is empty, but it lies in PK"),
        ("places", {"place": "aktau"}, {"name": "<script>alert(1)</script>"}, "has '<' in it"),
        ("terminals", {"place": "aktau"}, {"hours": 30.0},
         "hours is 30, but 48 at"),
        ("terminals", {"place": "topa"}, {"hours": 23.3}, "hours is 23.3, but 16.8 at"),
        ("totals", {"from_place": "islamabad"}, {"within": 0.5}, "within 0.5, but the legs come"),
    ],
)  # fmt: skip
def test_a_caution(
    network: Network, layer: str, where: dict[str, Any], new: dict[str, Any], words: str
) -> None:
    found = [str(fault) for fault in cautions(_spoilt(network, layer, where, new))]
    assert any(words in each and f"geodata/{SEEN_AT[layer]}:" in each for each in found), found


def test_marks_in_the_name_of_a_link(network: Network) -> None:
    spoilt = _spoilt(network, "links", {"link": "urumqi-tacheng"}, {"name": "<img src=x>"})
    (found,) = cautions(spoilt)
    assert str(found).startswith("geodata/links/road.geojson:")
    assert "urumqi-tacheng: name has '<' in it" in str(found)


def test_the_gauge_of_a_line_on_no_corridor(network: Network) -> None:
    where = {"link": "aktogay-almaty_rail"}
    assert not any(
        {"aktogay", "almaty"} <= set(each.places)
        and ("aktogay", "almaty") in {*each.pairs, *(pair[::-1] for pair in each.pairs)}
        for each in network.corridors.values()
    )
    found = [str(fault) for fault in checks(_spoilt(network, "links", where, {"gauge_mm": 1435.0}))]
    for place in ("aktogay", "almaty"):
        words = f"aktogay-almaty_rail: the gauge changes at {place}, 1435 and 1520 mm"
        assert any(each.startswith("geodata/links/rail.geojson:") and words in each
                   for each in found)  # fmt: skip


def test_one_height_of_a_profile_above_both_its_neighbours(network: Network) -> None:
    rows = network.profiles[network.profiles.link == "surab-hoshab"]
    (at,) = rows.index[(rows.km > 200) & (rows.km < 202.5)][:1]
    table = network.profiles.copy()
    table.loc[at, "elevation_m"] += 350
    found = [str(fault) for fault in checks(dataclasses.replace(network, profiles=table))]
    assert len(found) == 1
    assert "geodata/profiles.csv:" in found[0]
    assert "a slipped digit?" in found[0]


def _said(port: str, **new: str) -> str:
    return "\n".join(of_port(REGISTER, defaultdict(str, {**PORTS[port], **new})))


@pytest.mark.parametrize(
    ("port", "new", "words"),
    [
        ("baketu", {"season": "1 May to 30 October"}, "season is 1 May to 30 October, but no"),
        ("torugart", {"hours": "daily 08:00-12:00 Asia/Bishkek"}, "hours is daily 08:00-12:00"),
        ("karasu", {"hours": "weekdays 12:00-19:00 Asia/Dushanbe"}, "on the clock of Asia/Shang"),
        ("jeminay", {"hours": "Monday to Saturday 10:00-18:00 Asia/Shanghai"}, "10:00-18:00"),
        ("baketu", {"hours": "daily 10:00-19:00 Asia/Shanghai"}, "hours is daily 10:00-19:00"),
        ("baketu", {"unlocode": "CNDLT"}, "unlocode is CNDLT, but no claim says so"),
        ("dulata", {"unlocode": "CNBKT"}, "unlocode is CNBKT, but no claim says so"),
        ("karasu", {"unlocode_across": "CNBKT"}, "unlocode_across is CNBKT, but no claim"),
    ],
)
def test_a_port_that_its_claims_do_not_say(port: str, new: dict[str, str], words: str) -> None:
    assert _said(port) == ""
    assert words in _said(port, **new)


def test_a_closed_season_within_which_something_was_counted() -> None:
    """The season before December 2024, and the flows of the winter after it."""
    claims = f"{PORTS['khunjerab']['claim']} KJ-C0"
    season = "1 April to 30 November"
    said = _said("khunjerab", season=season, claim=claims)
    assert "but no claim says so" not in said
    assert f"season is {season}, but then passed" in said
    assert "(check calendar_and_flow)" in said
    assert not is_open_on(season, date(2025, 2, 1))
    flows = passed_while_shut(REGISTER, season)
    assert {claim.place for claim in flows} >= {"khunjerab"}
    assert all(claim.period_to and claim.period_from for claim in flows)
    assert passed_while_shut(REGISTER, "1 January to 31 December") == []


@pytest.mark.parametrize(
    ("incident", "old", "new", "number"),
    [
        ("besham_2024", "5 Chinese", "50 Chinese", "50"),
        ("dasu_2021", "4 others", "40 others", "40"),
        ("attabad_2010", "14 September 2015", "14 September 2016", "2016"),
    ],
)
def test_a_number_in_the_name_of_an_incident(
    incident: str, old: str, new: str, number: str
) -> None:
    row = defaultdict(str, INCIDENTS[incident])
    assert list(of_incident(REGISTER, row)) == []
    assert old in row["name"]
    row["name"] = row["name"].replace(old, new)
    (said,) = of_incident(REGISTER, row)
    assert said.startswith(f"name has {number}, which none of its claims says")


def test_the_ocean_rate_is_that_of_its_price_and_lane() -> None:
    with (share("geodata") / "haulage.csv").open(encoding="utf-8", newline="") as file:
        row = next(r for r in csv.DictReader(file) if (r["mode"], r["section"]) == ("sea", ""))
    rates = implied(REGISTER, tuple(row["claim"].split()))
    assert rates
    assert float(row["usd_per_teu_km"]) == pytest.approx(rates[0], rel=0.01)


def test_the_zones_of_a_country_are_those_of_the_iana_table() -> None:
    assert "Europe/Warsaw" in zones_of("PL")
    assert "Asia/Almaty" in zones_of("KZ")
    assert zones_of("XX") == ()


def test_no_row_of_these_tables_is_lost() -> None:
    """A check sees what stands there; that a whole row is gone only a list can tell."""
    assert set(PORTS) >= {
        "khunjerab", "khorgos_road", "khorgos_rail", "khorgos_icbc", "alashankou_rail",
        "alashankou_road", "torugart", "irkeshtam", "baketu", "jeminay", "dulata", "muzart",
        "karasu", "bedel", "manzhouli", "erenhot", "brest", "malaszewicze",
    }  # fmt: skip
    used = {claim for row in INCIDENTS.values() for claim in row["claim"].split()}
    dated = {
        claim.claim for claim in REGISTER.values()
        if claim.claim.startswith(("KK-40", "KK-42")) and claim.status == "accepted"
        and claim.period_from and claim.period_to and claim.place
        and (claim.period_to - claim.period_from).days < 40
    }  # fmt: skip
    assert len(dated) > 15
    assert dated <= used
    totals = {(row["from_place"], row["to_place"]) for row in _totals()}
    assert totals >= {
        ("khunjerab_pass", "gilgit"), ("khunjerab_pass", "raikot_bridge"),
        ("khunjerab_pass", "burhan"), ("khunjerab_pass", "islamabad"), ("islamabad", "karachi"),
        ("khunjerab_pass", "gwadar"), ("dostyk", "brest"), ("dostyk", "mointy"),
        ("petropavl", "moscow"), ("moscow", "brest"), ("shu", "petropavl"),
    }  # fmt: skip


def _totals() -> list[dict[str, str]]:
    with (share("geodata") / "totals.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
