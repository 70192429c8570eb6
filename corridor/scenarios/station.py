"""What is asked: a station with its lanes, its line, its room; and a stock."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from corridor.scenarios.base import Model, Text
from corridor.scenarios.calendar import Hours
from corridor.scenarios.chance import Chance
from corridor.scenarios.quantity import Count

__all__ = ["RULES", "UNLIMITED", "ClosingRule", "Station", "Stock", "at_least_one"]

UNLIMITED = 1_000_000
"""Lanes of a station that never makes anyone wait while it is open (a pass, a parking field)."""

ClosingRule = Literal["finish", "hold", "recall"]
"""What happens to work in progress at closing: finish it, hold it overnight, or send it back."""

RULES = "write finish, hold or recall"
"""What to do where a closing rule is missing."""


def _lanes(value: Any) -> Any:
    if value == "unlimited":
        return {"value": UNLIMITED, "derived": "unlimited: a gate, not a server"}
    return value


def at_least_one(name: str, count: Count) -> None:
    """Insist that a count of things is not zero."""
    if count.value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1")


class Station(Model):
    """One point of service with parallel lanes. Hours and closing rule default to the post's.

    What anything may close needs a closing rule, here or at the post.
    """

    lanes: Annotated[
        Count, BeforeValidator(_lanes, json_schema_input_type=Count | Literal["unlimited"])
    ]
    service: Chance
    title: Text | None = None
    hours: Hours | None = None
    hours_claim: str | None = None
    hours_assumed: str | None = None
    closing_rule: ClosingRule | None = None
    closing_rule_assumed: str | None = None
    lines: Literal["one", "each"] = Field(
        default="one",
        description="one: a common line feeds all lanes. each: every lane has a line of its own;"
        " who comes joins the lane at which the fewest are, and stays there.",
    )
    lines_claim: str | None = None
    lines_assumed: str | None = None
    room: Count | None = Field(
        default=None,
        description="How many units the station holds in all, waiting and being worked on. Who"
        " finds no room waits outside, on the lane of the station right before if there is one:"
        " that lane is blocked. Else outside is the line of the station, from which it may go away"
        " by turn_away_above or patience; who is in stays.",
    )
    turn_away_above: Count | None = Field(
        default=None,
        description="The longest line that anyone joins: who finds so many ahead, or more, goes"
        " away at once. 0: who cannot be served at once goes away. Of a station with room: so many"
        " waiting outside; 0: who finds no room goes away.",
    )
    patience: Chance | None = Field(
        default=None,
        description="How long a unit stands in line before it gives up and goes away. Who has"
        " once begun, or has found room, gives up no more.",
    )

    @field_validator("lanes", "room")
    @classmethod
    def _whole(cls, count: Count | None, info: Any) -> Count | None:
        if count is not None:
            at_least_one(info.field_name, count)
        return count

    @model_validator(mode="after")
    def _finite(self) -> Self:
        if self.lines == "each" and self.lanes.value == UNLIMITED:
            raise ValueError("lines: each needs a number of lanes: without limit nobody lines up")
        return self

    @property
    def turns_away(self) -> bool:
        """Whether a unit may leave its line unserved."""
        return self.turn_away_above is not None or self.patience is not None


class Stock(Model):
    """A pool that units take from and give back to, such as the onward trucks of a dry port."""

    amount: Count
    title: Text | None = None

    @field_validator("amount")
    @classmethod
    def _whole(cls, amount: Count) -> Count:
        at_least_one("amount", amount)
        return amount
