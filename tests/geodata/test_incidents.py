"""Hazards and incidents on record: what stopped, for how long, and what the position rests on."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest

from corridor.cli import main
from corridor.geodata import Network, events
from corridor.library import share


def _table(name: str, key: str) -> dict[str, dict[str, str]]:
    with (share("geodata") / name).open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


INCIDENTS = _table("incidents.csv", "incident")
CLAIMS = _table("claims.csv", "claim")


@pytest.mark.parametrize("name", [name for name, row in INCIDENTS.items() if row["closed_days"]])
def test_closed_days_are_of_something_that_stopped(name: str) -> None:
    row = INCIDENTS[name]
    assert row["stopped"]
    days = float(row["closed_days"])
    assert float(row["closed_days_low"] or days) <= days <= float(row["closed_days_high"] or days)


def test_a_sit_in_at_a_dry_port_does_not_close_the_road() -> None:
    """KJ-C11 and KJ-C17 hold goods; the highway and the passengers stopped later, and shorter."""
    for year, days in (("2024", "14"), ("2025", "68")):
        row = INCIDENTS[f"sost_sit_in_{year}"]
        assert (row["stopped"], row["closed_days"], row["link"]) == ("cargo", days, "")
    blockade, passengers = INCIDENTS["sost_blockade_2024"], INCIDENTS["sost_passengers_2025"]
    assert (blockade["stopped"], blockade["from"]) == ("road", "2024-08-05")
    assert float(blockade["closed_days"]) == float(CLAIMS["KJ-C11c"]["value"]) == 3
    assert "blocked from 5 August" in CLAIMS["KJ-C11"]["value"]
    assert (passengers["stopped"], passengers["from"]) == (
        "passengers", CLAIMS["KJ-C17b"]["period_from"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("february_2024", "1", "2"), ("kohistan_2024", "1", ""), ("aliabad_2025", "4", "")],
)
def test_a_range_in_print_is_kept(name: str, low: str, high: str) -> None:
    row = INCIDENTS[name]
    assert (row["closed_days_low"], row["closed_days_high"]) == (low, high)


def test_boats_over_the_lake_are_told() -> None:
    row = INCIDENTS["attabad_2010"]
    assert "boats" in row["name"]
    assert "not shut all that time" in row["why"]


def test_a_position_by_general_knowledge_is_assumed() -> None:
    for name, row in INCIDENTS.items():
        assert ("general knowledge" in row["why"]) == (row["position"] == "assumed"), name
    guessed = {name for name, row in INCIDENTS.items() if row["position"] == "assumed"}
    assert guessed == {"shatial_2019", "harban_2023", "february_2024"}


def test_the_layer_has_what_stopped(network: Network) -> None:
    rows: Any = network.incidents.set_index("incident")
    assert rows.stopped["sost_sit_in_2025"] == "cargo"
    assert rows.closed_days_high["february_2024"] == 2.0


def test_a_leg_tells_what_is_on_record_of_it(network: Network) -> None:
    told = {each["incident"]: each for each in events(network, "sost-gilgit")}
    assert told["attabad_2010"]["where"] == "the leg"
    assert told["sost_blockade_2024"]["where"] == "sost"
    assert told["sost_sit_in_2025"]["where"] == "sost_dry_port"  # beside Sost, an end of the leg
    assert not set(told) & {"dasu_2021", "karachi_airport_2024"}
    days = [each["from"] for each in told.values()]
    assert days == sorted(days)
    for name, row in INCIDENTS.items():
        if row["link"]:
            assert name in {each["incident"] for each in events(network, row["link"])}
    assert events(network, "lahore-multan") == []


def test_show_lists_the_incidents_of_a_leg(capsys: pytest.CaptureFixture[str]) -> None:
    def shown(*words: str) -> str:
        with pytest.raises(SystemExit):
            main(["geodata", "show", *words])
        return capsys.readouterr().out

    out = shown("sost-gilgit")
    assert "on record" in out
    assert "attabad_2010" not in out.split("on record")[0]
    assert "2025-07-21" in out.split("on record")[1]
    (row,) = json.loads(shown("sost-gilgit", "--json"))
    assert row["incidents"][0]["incident"] == "attabad_2010"
    assert "on record" not in shown("lahore-multan")
