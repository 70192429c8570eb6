"""Events: exactly one kind each, and a closure says where."""

from typing import Any

import pytest
from pydantic import ValidationError

from corridor.scenarios.event import Event

SPELL = {"a": {"from": "2024-01-01", "until": "2024-01-02"}}
STORM = {"per_month": 1.5, "during": "11-01..04-30", "duration": "30 h"}
SLUMP = {"flows": ["f"], "factor": 0.5, "from": "2024-01-01", "until": "2024-02-01"}
AT = {"port": "p", "at": ["post.gate"]}


@pytest.mark.parametrize(
    "data", [{**AT, "dates": SPELL}, {**AT, "sampled": STORM}, {"demand": SLUMP}]
)
def test_the_three_kinds_read_back(data: dict[str, Any]) -> None:
    event = Event.model_validate({"title": "x", **data})
    assert (
        Event.model_validate(event.model_dump(mode="json", by_alias=True, exclude_none=True))
        == event
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (AT, "exactly one of dates, sampled, demand"),
        ({**AT, "dates": SPELL, "sampled": STORM}, "exactly one of"),
        ({**AT, "dates": SPELL, "demand": SLUMP}, "exactly one of"),
        ({"dates": SPELL}, "a closure needs port and at"),
        ({"port": "p", "sampled": STORM}, "a closure needs port and at"),
        ({**AT, "at": ["gate"], "dates": SPELL}, "is not a station: write post.station"),
        ({"demand": {**SLUMP, "until": "2023-12-31"}}, "lies before"),
        ({"demand": {**SLUMP, "factor": -1}}, "is negative"),
        ({**AT, "sampled": {**STORM, "during": "winter"}}, "write MM-DD..MM-DD"),
        ({**AT, "sampled": {**STORM, "duration": "30"}}, "missing unit"),
    ],
)
def test_what_is_no_event(data: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        Event.model_validate({"title": "x", **data})
    assert said in str(error.value)
