"""Lengths that nobody published: how many they are, and which lie far from what was measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corridor.evidence import load_claims
from corridor.library import share
from corridor.study import witness
from corridor.study.measured import far_off, told, unpublished

CLAIMS = load_claims()  # ML-02 is 238.7 km measured on the line; KK-03 and ML-09 are 86 and 1.1


def leg(
    claim: str, km: float, mode: str = "road", drawn: str = "osm", evidence: str = "derived"
) -> dict[str, Any]:
    return {"link": f"a-{claim}", "mode": mode, "km": km, "claim": claim, "drawn": drawn,
            "evidence": evidence}  # fmt: skip


def test_legs_with_and_without_a_published_length_are_told_apart() -> None:
    found = unpublished(CLAIMS, [leg("ML-02", 30), leg("KK-03", 60), leg("KK-03 ML-02", 10),
                                 leg("", 20), leg("SE-18", 5, "sea")])  # fmt: skip
    assert found["road"][:3] == (1, 4, 0.25)  # no claim: no_source
    assert found["sea"][:3] == (1, 1, 1.0)
    assert told(found)[0] == (
        "By road 1 of 4 legs, 25% of km, rest on a length measured on our own drawing, not on a"
        " published one."
    )


def test_what_was_measured_is_said_of_each_mode() -> None:
    """By rail it is the track in the graph, which our line is shorter than; one leg is straight."""
    ways = [leg("ML-54", 559, "rail"), leg("ML-70 ML-70b", 1197, "rail"), leg("ML-73", 80, "rail"),
            leg("SE-18", 5, "sea"), leg("KK-03", 60)]  # fmt: skip
    found = unpublished(CLAIMS, ways)
    track = "the track of OpenStreetMap's routing graph"
    assert found["rail"].on == {track: 2, "our own drawing": 1}
    assert f"measured on {track} (1 of them on our own drawing), not on" in str(found["rail"])
    assert "measured on the lanes of searoute, not on a published one" in str(found["sea"])
    assert found["road"].on == {}


@pytest.mark.parametrize(
    ("claim", "km", "drawn", "said"),
    [
        ("ML-02", 267, "osm", "km is 267 (derived), +12% of the 238.7 km measured"),
        ("ML-02", 250, "osm", ""),
        ("ML-02", 225, "osm", "-6%"),
        ("ML-02", 258, "terrain", ""),  # 8% more than the line, as such legs are
        ("ML-02", 267, "terrain", "+12%"),
        ("ML-02", 258, "terrain_coarse", ""),
        ("ML-09", 2, "straight", ""),  # rounded to a whole km
        ("KK-03", 999, "osm", ""),  # published: other checks
    ],
)
def test_a_length_far_from_the_measured_one(claim: str, km: float, drawn: str, said: str) -> None:
    found = far_off(CLAIMS, [leg(claim, km, drawn=drawn)])
    assert bool(found) == bool(said)
    assert said in found.get(f"a-{claim}", "")


def test_a_figure_in_print_that_an_assumed_length_names_is_not_that_length() -> None:
    """As 800 m in print beside 1.8 km between the two positions, and 2 km assumed."""
    ways = [leg("KK-03 ML-02", 267), leg("KK-23 ML-02", 267),
            leg("KK-03 ML-02", 267, evidence="assumed")]  # fmt: skip
    assert CLAIMS["KK-23"].confidence == "GK"
    assert [unpublished(CLAIMS, [way])["road"].legs for way in ways] == [0, 1, 1]
    assert [bool(far_off(CLAIMS, [way])) for way in ways] == [False, True, True]


def test_a_leg_measured_in_parts_is_near_to_their_sum() -> None:
    assert far_off(CLAIMS, [leg("ML-02 ML-09", 239.8), leg("ML-02 ML-04", 511.4)]) == {}
    (said,) = far_off(CLAIMS, [leg("ML-02 ML-04", 600)]).values()
    assert "+17% of the 511.4 km measured (ML-02 + ML-04)" in said


def test_what_was_looked_into_stands_in_the_list_and_nothing_else() -> None:
    assert witness.cautions(CLAIMS) == []
    listed = (share("geodata") / "accepted.csv").read_text("utf-8").splitlines()
    known = [*far_off(CLAIMS, witness.links())]
    assert len(known) >= 5
    assert all(sum(row.startswith(f"measured_length,{n},") for row in listed) == 1 for n in known)


def test_a_caution_that_is_not_listed_and_a_row_that_is_past(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "geodata" / "accepted.csv"
    path.parent.mkdir()
    text = (share("geodata") / "accepted.csv").read_text("utf-8")
    kept = [row for row in text.splitlines() if "pindi_bhattian-multan" not in row]
    path.write_text("\n".join([*kept, "slipped_point,BM-07,once it was", ""]), "utf-8")
    monkeypatch.setattr("corridor.study.witness.share", lambda *parts: (
        path if parts[-1] == "accepted.csv" else share(*parts)))  # fmt: skip
    said = [str(fault) for fault in witness.cautions(CLAIMS)]
    assert len(said) == 2
    assert "pindi_bhattian-multan: km is 318 (assumed), +17% of the 272.7 km measured" in said[0]
    assert said[0].startswith("geodata/links/road.geojson:")
    assert said[0].endswith("(measured_length)")
    where = f"geodata/accepted.csv:{len(kept) + 1}:1: BM-07: "
    assert said[1] == f"{where}there is no slipped_point any more; drop it (slipped_point)"


def test_a_slip_in_the_register_is_a_doubt_of_the_command() -> None:
    slip = {**CLAIMS, "BM-07": replace(CLAIMS["BM-07"], value="168", raw_value="168")}
    (said,) = (text for text in witness.doubts(slip) if "BM-07: 168 h in 2023 is far" in text)
    assert said.startswith("geodata/claims.csv:")
