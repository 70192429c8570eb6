"""What the figures of the world rest on: print or measure for lengths, the survey for stays."""

from __future__ import annotations

import csv

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
    means = network.links[network.links.speed_claim.isin(["KK-30", "KK-32", "RL-15", "SE-02"])]
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
    assert (october["low"], october["high"]) == ("4300000000", "4800000000")
    assert float(october["low"]) < float(october["value"]) < float(october["high"])
    assert october["confidence"] == "L"
