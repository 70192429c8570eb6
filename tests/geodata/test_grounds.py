"""What the figures of the world rest on: print or measure for lengths, the survey for stays."""

from __future__ import annotations

import csv
import re

import pytest

from corridor.geodata import Network
from corridor.library import share


def _table(name: str, key: str) -> dict[str, dict[str, str]]:
    with (share("geodata") / name).open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize(("mode", "most"), [("road", 0.125), ("rail", 0.03)])
def test_few_lengths_rest_on_general_knowledge(network: Network, mode: str, most: float) -> None:
    links = network.links[network.links["mode"] == mode]
    assert links.km[links.evidence == "assumed"].sum() <= most * links.km.sum()


def test_a_cited_length_is_the_one_its_claim_gives(network: Network) -> None:
    claims = _table("claims.csv", "claim")
    cited = network.links[(network.links.evidence == "cited") & (network.links["mode"] == "rail")]
    assert len(cited) >= 8
    for row in cited.itertuples():
        assert row.km == float(claims[row.claim.split()[0]]["value"]), row.link


@pytest.mark.parametrize(
    ("place", "stay", "lowest", "highest"),
    [
        ("alashankou_road", "OP-11f", "OP-11g", "OP-11f"),
        ("torugart", "OP-07", "OP-07c", "OP-07"),
        ("irkeshtam_kg", "OP-07d", "OP-07e", "OP-07f"),
    ],
)
def test_stays_at_posts_of_the_survey_are_the_survey_s(
    place: str, stay: str, lowest: str, highest: str
) -> None:
    """Same definition as at Khorgos: door-in to door-out, a sample survey of shipments (CPMM)."""
    row, claims = _table("terminals.csv", "place")[place], _table("claims.csv", "claim")
    assert row["evidence"] != "assumed"
    for column, claim in (("hours", stay), ("hours_low", lowest), ("hours_high", highest)):
        assert float(row[column]) == float(claims[claim]["value"])
        assert claim in row["claim"].split()
        assert "CPMM" in claims[claim]["definition"]


def test_a_season_of_the_railways_is_seen_in_winter_counts() -> None:
    ports, claims = _table("ports.csv", "port"), _table("claims.csv", "claim")
    for port in ("manzhouli", "erenhot"):
        assert ports[port]["season"] == "all year"
        counts = [claims[c] for c in ports[port]["claim"].split() if claims[c]["unit"] == "trains"]
        assert any(row["period_from"][5:] == "01-01" for row in counts), port


def test_a_mean_of_a_country_or_a_fleet_is_not_cited_for_one_leg(network: Network) -> None:
    """KK-30, KK-32, RL-15 and SE-02 name no leg: to take them for one is our inference."""
    claims = _table("claims.csv", "claim")
    for row in network.links.itertuples():
        if row.speed_evidence == "cited":
            ends = {row.from_place, row.to_place}
            assert all(claims[c]["place"] in ends for c in row.speed_claim.split()), row.link
    first = network.links.speed_claim.str.split().str[0]  # the others are of the range's ends
    means = network.links[first.isin(["KK-30", "KK-32", "RL-15", "SE-02"])]
    assert len(means) > 50
    assert set(means.speed_evidence) == {"derived"}
    assert all("taken for this" in why for why in means.speed_why)


def test_what_a_shipment_costs_is_not_cited_for_a_container() -> None:
    row = _table("terminals.csv", "place")["khorgos_road"]
    assert (row["evidence"], row["usd_evidence"]) == ("cited", "derived")


def test_trade_read_at_a_mirror_is_held_for_less() -> None:
    claims, sources = _table("claims.csv", "claim"), _table("sources.csv", "source")
    assert sources["S86"]["reliability"] == "M"
    for name, row in claims.items():
        if "S86" in row["source"] or "TR-09" in row["derived_from"]:
            assert row["confidence"] != "H", name
    october = claims["C1-1"]  # what stands for the rejected 48 bn is a range, no count
    assert (october["low"], october["high"]) == ("4300000000", "4850000000")
    assert float(october["low"]) < float(october["value"]) < float(october["high"])
    assert october["confidence"] == "L"


@pytest.mark.parametrize(
    ("link", "figure"),
    [
        ("baketu-bakhty", "BP-06"), ("jeminay-maikapshagai", "BP-07"),
        ("hyderabad-karachi", "KK-24c"), ("urumqi-khorgos_road", "KH-01"),
        ("zharkent-almaty", "KH-03"), ("khorgos_road-nur_zholy", "KH-04"),
        ("islamabad-pindi_bhattian", "KK-23"), ("pindi_bhattian-multan", "KK-23d"),
    ],
)  # fmt: skip
def test_an_assumed_length_names_the_figure_that_there_is(
    network: Network, link: str, figure: str
) -> None:
    row = network.links.set_index("link").loc[link]
    assert row.evidence == "assumed"
    assert figure in row.claim.split()
    assert f"({figure}" in row.why


def test_rival_lengths_of_the_ways_that_scenarios_travel_are_on_record() -> None:
    claims = _table("claims.csv", "claim")
    for used, rivals in (
        ("KH-01", {"KH-01b"}), ("KH-02", {"KH-02b", "KH-02c"}),
        ("KH-03", {"KH-03b", "KH-03c", "KH-03d"}), ("KK-23d", {"KK-23b"}),
    ):  # fmt: skip
        name = claims[used]["conflict"]
        assert {c for c, row in claims.items() if row["conflict"] == name} == {used, *rivals}


def test_a_sum_of_measures_names_its_terms(network: Network) -> None:
    claims, row = _table("claims.csv", "claim"), network.links.set_index("link")
    rail = row.loc["zhezkazgan-beyneu_rail"]
    parts = [float(claims[c]["value"]) for c in ("ML-70b", "ML-70c", "ML-70d")]
    assert sum(parts) - 5 == rail.km
    assert {"ML-70b", "ML-70c", "ML-70d"} <= set(rail.claim.split())
    straight = [c for c, r in claims.items() if r["definition"].startswith("straight between")]
    assert len(straight) >= 5
    assert not [c for c in straight if "drawn" in claims[c]["subject"]]
    road = row.loc["yarik-zhob"]
    assert (road.evidence, road.km) == ("derived", float(claims["KK-14"]["low"]))


def test_the_sum_of_a_sea_lane_comes_out(network: Network) -> None:
    claims = _table("claims.csv", "claim")
    lanes = network.links[network.links["mode"] == "sea"]
    for row in lanes.itertuples():
        lane, rest = re.findall(r"([-+]?[\d,]+) km", row.why)[:2]
        assert float(lane.replace(",", "")) == float(claims[row.claim]["value"]), row.link
        assert abs(float(lane.replace(",", "")) + float(rest) - row.km) <= 1, row.link
