"""Stations and stocks: room, lines, and who goes away."""

from typing import Any

import pytest
from pydantic import ValidationError

from corridor.scenarios.station import Station

GATE: dict[str, Any] = {"lanes": 2, "service": "3 min"}


def station(**more: Any) -> Station:
    return Station.model_validate({**GATE, **more})


def test_nothing_said_is_one_line_without_end() -> None:
    plain = station()
    assert (plain.lines, plain.room, plain.turn_away_above, plain.patience) == (
        "one", None, None, None)  # fmt: skip
    assert not plain.turns_away


def test_what_is_said_is_read_with_its_evidence_and_reads_back() -> None:
    whole = station(
        room={"value": 4, "range": [3, 8], "assumed": "a photograph"},
        lines="each",
        lines_assumed="as seen at Sost",
        turn_away_above=0,
        patience={"exponential": {"mean": "2 h"}, "assumed": "a guess"},
    )
    assert (whole.room, whole.turn_away_above) != (None, None)
    assert whole.room is not None
    assert (whole.room.value, whole.room.low, whole.room.evidence) == (4, 3, "assumed")
    assert whole.turns_away
    assert station(patience="1 h").turns_away
    assert station(turn_away_above=0).turns_away
    written = whole.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert Station.model_validate(written) == whole


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"room": 0}, "room must be a whole number of at least 1"),
        ({"room": 2.5}, "is not whole"),
        ({"room": "unlimited"}, "cannot read 'unlimited'"),
        ({"turn_away_above": -1}, "is negative"),
        ({"turn_away_above": 1.5}, "is not whole"),
        ({"patience": 3}, "missing unit: write '3 min'"),
        ({"patience": {"exponential": {"mean": "0 min"}}}, "needs a mean above zero"),
        ({"lines": "two"}, "Input should be 'one' or 'each'"),
        ({"lines": "each", "lanes": "unlimited"}, "lines: each needs a number of lanes"),
    ],
)
def test_what_a_station_cannot_be(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        station(**more)
    assert said in str(error.value)
