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
