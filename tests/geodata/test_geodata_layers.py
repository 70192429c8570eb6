"""Every rule on ports, terminals, gauges, incidents, rates, totals, lines and heights, broken."""

from __future__ import annotations

import csv
import dataclasses
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely

from corridor.faults import Faults
from corridor.geodata import Network, cautions, checks, disagreements
from corridor.geodata.alignments import drawn_km, off_km
from corridor.geodata.layers import LAYERS
from corridor.geodata.seasons import is_open, season

Say = Callable[[], str]
Spoil = Callable[[str, str, str], None]


def change(network: Network, layer: str, at: int = 0, **new: Any) -> Network:
    """The network with cells of one row of a layer replaced."""
    table = getattr(network, layer).copy()
    for column, value in new.items():
        values = table[column].tolist()
        values[at] = value
        table[column] = values
    return dataclasses.replace(network, **{layer: table})


def row_of(network: Network, layer: str, **known: Any) -> int:
    """Where the row stands that has these values."""
    rows = getattr(network, layer).to_dict("records")
    return next(i for i, r in enumerate(rows) if all(r[k] == v for k, v in known.items()))


def said(network: Network) -> str:
    return "\n".join(map(str, checks(network)))


def doubted(network: Network) -> str:
    return "\n".join(map(str, cautions(network)))


def test_the_shipped_layers_are_sound_and_nothing_is_left_to_doubt(network: Network) -> None:
    assert checks(network) == []
    assert cautions(network) == []
    assert disagreements() == []
    for name in LAYERS:
        assert name == "accepted" or len(getattr(network, name)), name


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ({"place": "tashkurgann"}, "no place 'tashkurgann' in places.csv (did you mean"),
        ({"across": "nowhere"}, "no place 'nowhere'"),
        ({"across": "khunjerab_pass", "place": "khunjerab_pass"}, "a post on either side"),
        ({"gauge_mm": 1435.0}, "not a railway port: leave the gauges empty"),
        ({"kind": "rail"}, "a railway port: give both gauges"),
        ({"unlocode": "DEHAM", "place": "kashgar"}, "unlocode DEHAM is not of CN"),
        ({"evidence": "cited", "claim": ""}, "cited: name the claim"),
        ({"evidence": "assumed", "why": ""}, "assumed: give the reason in why"),
    ],
)
def test_bad_ports(network: Network, new: dict[str, Any], words: str) -> None:
    at = row_of(network, "ports", port="khunjerab")
    found = said(change(network, "ports", at, **new))
    assert words in found
    assert "geodata/ports.csv:" in found


@pytest.mark.parametrize(
    ("layer", "new", "words"),
    [
        ("terminals", {"place": "sosst"}, "no place 'sosst' in places.csv (did you mean 'sost'?)"),
        ("terminals", {"hours_low": 1e6}, "hours_low, hours, hours_high must rise"),
        ("terminals", {"evidence": "derived", "claim": ""}, "derived: name the claim"),
        ("incidents", {"link": "sost-giglit"}, "no link 'sost-giglit' (did you mean"),
        ("incidents", {"place": "nowhere"}, "no place 'nowhere'"),
        ("incidents", {"geometry": shapely.Point(999, 0)}, "the position is not on the earth"),
        ("incidents", {"from": datetime.date(2024, 2, 1), "to": datetime.date(2024, 1, 1)},
         "it ends before it begins"),
        ("haulage", {"low": 1e6}, "low, usd_per_teu_km, high must rise"),
        ("totals", {"km": 271.0}, "the legs add up to 270 km, 271 km are published"),
        ("totals", {"corridor": "cpec_raod"}, "no corridor 'cpec_raod' (did you mean"),
        ("totals", {"to_place": "warsaw"}, "both places must lie on the corridor"),
        ("totals", {"claim": ""}, "name the claim that publishes this length"),
        ("profiles", {"link": "nowhere"}, "no link 'nowhere'"),
        ("profiles", {"km": 0.01}, "km runs from 0.01 to"),
        ("links", {"class": "path"}, "class 'path' is not one of motorway, trunk"),
        ("links", {"drawn": "by hand"}, "drawn 'by hand' is not one of"),
        ("links", {"drawn_credit": ""}, "say whose data the line is made of"),
        ("links", {"winter_kmh": float("nan"), "winter_evidence": "cited"}, "without a winter_kmh"),
        ("links", {"winter_kmh": 500.0}, "winter_kmh 500 must be above 0, at most speed_high"),
        ("links", {"winter_kmh": 20.0, "winter_evidence": ""}, "winter_evidence: write cited"),
        ("links", {"winter_kmh": 20.0, "winter_evidence": "cited", "winter_claim": ""},
         "winter_claim: name the claim"),
        ("links", {"winter_kmh": 20.0, "winter_evidence": "assumed", "winter_why": ""},
         "winter_why: give the reason"),
        ("links", {"gauge_mm": 1435.0}, "gauge_mm 1435: write one of"),
        ("links", {"via": "duisburg"}, "the line passes"),
    ],
)  # fmt: skip
def test_bad_rows(network: Network, layer: str, new: dict[str, Any], words: str) -> None:
    assert words in said(change(network, layer, **new))


def test_rows_of_a_profile_rise(network: Network) -> None:
    later = network.profiles.km.tolist()[1]
    assert "km must rise" in said(change(network, "profiles", 2, km=later))


def test_a_town_on_the_highway_lies_on_its_line(network: Network) -> None:
    at = row_of(network, "places", place="gilgit")
    moved = change(network, "places", at, geometry=shapely.Point(74.27, 35.89))
    assert "km from gilgit, more than 3" in said(moved)


def test_a_link_without_a_rate(network: Network) -> None:
    bare = dataclasses.replace(network, haulage=network.haulage[network.haulage["mode"] == "sea"])
    assert "haulage.csv has no rate for it, nor one for road at large" in said(bare)


def test_a_gauge_does_not_change_without_a_terminal(network: Network) -> None:
    rows = network.terminals
    kept = rows[~((rows.from_mode == "rail") & (rows.to_mode == "rail"))]
    found = said(dataclasses.replace(network, terminals=kept))
    assert found.count("the gauge changes at") >= 4  # two breaks on each of two corridors


def test_ships_call_at_sea_ports(network: Network) -> None:
    at = row_of(network, "places", place="karachi")
    assert "a sea lane ends at a sea_port" in said(change(network, "places", at, kind="city"))


def test_ships_go_round_a_continent_but_not_round_the_world_twice(network: Network) -> None:
    at = row_of(network, "links", link="shanghai-hamburg_sea_cape")
    assert "more than 4 great circles" in said(change(network, "links", at, km=80_000.0))


def test_a_ferry_joins_railways(network: Network) -> None:
    at_sea = network.links["mode"] == "sea"
    ferries = at_sea & (network.links.section == "Middle corridor")
    cut = dataclasses.replace(network, links=network.links[~ferries])
    assert "no rail link joins" in said(cut)


def test_a_line_longer_or_much_shorter_than_the_road_is_doubted(network: Network) -> None:
    at = row_of(network, "links", link="sost-gilgit")
    drawn = drawn_km(network.links.geometry.iloc[at])
    assert "another road? (drawn_length)" in doubted(change(network, "links", at, km=drawn / 1.1))
    assert "a part is missing" in doubted(change(network, "links", at, km=drawn / 0.6))
    assert "another road?" in said(change(network, "links", at, km=drawn / 1.6))


def test_a_pass_has_its_height(network: Network) -> None:
    at = row_of(network, "places", place="khunjerab_pass")
    assert "khunjerab_pass lies at 5,693 m" in doubted(
        change(network, "places", at, elevation_m=5693.0)
    )


def test_what_nobody_can_use_or_reach_is_doubted(network: Network) -> None:
    rows = network.terminals
    kept = rows[(rows.from_mode != "sea") & (rows.to_mode != "sea")]
    assert "no load can change over (unreached_sea)" in doubted(
        dataclasses.replace(network, terminals=kept)
    )
    idle = change(network, "terminals", 0, place="gilgit", from_mode="sea", to_mode="rail")
    assert "no rail or sea link reaches it" in doubted(idle)
    at = row_of(network, "links", mode="rail")
    assert "gauge_mm is not given" in doubted(change(network, "links", at, gauge_mm=float("nan")))
    at = next(i for i, link in enumerate(network.incidents.link) if link)
    far = change(network, "incidents", at, geometry=shapely.Point(10, 50))
    assert "more than it may be off (far_incident)" in doubted(far)


def test_a_border_is_not_crossed_for_nothing(network: Network) -> None:
    rows = network.terminals
    kept = rows[~rows.place.isin(["khorgos_road", "nur_zholy"])]
    found = doubted(dataclasses.replace(network, terminals=kept))
    assert "khorgos_road: terminals.csv has no row from road to road at khorgos_road or" in found


def test_what_was_looked_into_is_no_caution_and_what_is_gone_is_one(network: Network) -> None:
    at = row_of(network, "links", link="sost-gilgit")
    wrong = change(network, "links", at, km=drawn_km(network.links.geometry.iloc[at]) / 1.1)
    row = {"caution": "drawn_length", "name": "sost-gilgit", "why": "known"}
    accepted = pd.concat([network.accepted, pd.DataFrame([row])], ignore_index=True)
    assert "sost-gilgit" not in doubted(dataclasses.replace(wrong, accepted=accepted))
    assert "there is no drawn_length any more" in doubted(
        dataclasses.replace(network, accepted=accepted)
    )


def test_a_distance_from_a_line_by_hand() -> None:
    line = shapely.LineString([(70, 40), (71, 40)])
    assert off_km(line, (70.5, 40.1)) == pytest.approx(11.1, rel=0.01)  # a tenth of a degree
    assert off_km(line, (71.1, 40)) == pytest.approx(8.54, rel=0.01)  # cos 40 of that
    assert drawn_km(line) == pytest.approx(85.4, rel=0.01)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("ports.csv", "\nkhunjerab,", "\nKhunjerab!,", "write an id of lower case"),
        ("ports.csv", ",all year,", ",always,", "'always': write 'all year'"),
        ("terminals.csv", ",road,road,51.4", ",road,air,51.4", "'air' is not known"),
        ("terminals.csv", ",51.4,", ",inf,", "'inf' is not hours of 0 or more"),
        ("terminals.csv", ",51.4,", ",-1,", "'-1' is not hours of 0 or more"),
        ("terminals.csv", "\nnur_zholy,road,road", "\nkhorgos_road,road,road", "stands twice"),
        ("haulage.csv", "mode,section", "section,mode", "haulage.csv:1:1: the columns must be"),
        ("totals.csv", "KK-04,", "KK-04", "write 7 cells"),
        ("profiles.csv", "link,km", "link,KM", "profiles.csv:1:1: the columns must be"),
    ],
)
def test_broken_tables(
    spoil: Spoil, complaint: Say, name: str, old: str, new: str, words: str
) -> None:
    spoil(name, old, new)
    assert words in complaint()


def test_hostile_tables(folder: Path, complaint: Say) -> None:
    path = folder / "haulage.csv"
    whole = path.read_bytes()
    path.write_bytes(b"\xff\xfe" + whole)
    assert "haulage.csv:1:1: not UTF-8" in complaint()
    path.write_bytes(b"")
    assert "haulage.csv:1:1: the columns must be" in complaint()
    path.write_bytes(whole + b'road,"' + b"x" * (csv.field_size_limit() + 1) + b'"\n')
    assert "not CSV: field larger than field limit" in complaint()


@pytest.mark.parametrize("text", ["31 February to 1 March", "0 May to 1 June", "May", "1 May"])
def test_seasons_that_do_not_exist(text: str) -> None:
    with pytest.raises(ValueError, match=r"write 'all year'|there is no"):
        season(text)


@pytest.mark.parametrize(
    ("text", "travel", "open_"),
    [
        ("all year", "winter", True),
        ("", "winter", True),
        ("1 April to 30 November", "winter", False),
        ("1 April to 30 November", "autumn", True),
        ("1 April to 30 November", "year", True),
        ("15 May to 14 October", "spring", False),
        ("16 January to 14 July", "winter", False),
        ("15 January to 15 July", "summer", True),
        ("1 November to 31 March", "winter", True),
        ("1 November to 31 March", "summer", False),
    ],
)
def test_open_in_a_season(text: str, travel: str, open_: bool) -> None:
    assert is_open(season(text), travel) is open_


def test_every_layer_is_required(folder: Path) -> None:
    from corridor.geodata import read

    for name in LAYERS:
        path = folder / f"{name}.csv"
        kept = path.read_bytes()
        path.unlink()
        with pytest.raises(Faults, match="not a regular file"):
            read(folder)
        path.write_bytes(kept)
