"""What is asked: a port as an ordered set of posts, each with a place, a clock, hours, stations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from corridor.faults import did_you_mean
from corridor.scenarios.base import Clock, Id, Model, StationRef, Text
from corridor.scenarios.calendar import ALWAYS, Day, Hours, Season
from corridor.scenarios.chance import Chance
from corridor.scenarios.quantity import Count, Number, Share, Speed

__all__ = ["UNLIMITED", "ClosingRule", "Port", "Post", "Station", "Step", "Stock", "Travel"]

UNLIMITED = 1_000_000
"""Lanes of a station that never makes anyone wait while it is open (a pass, a parking field)."""

ClosingRule = Literal["finish", "hold", "recall"]
"""What happens to work in progress at closing: finish it, hold it overnight, or send it back."""


def _lanes(value: Any) -> Any:
    if value == "unlimited":
        return {"value": UNLIMITED, "derived": "unlimited: a gate, not a server"}
    return value


class Station(Model):
    """One point of service with parallel lanes. Hours and closing rule default to the post's."""

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

    @field_validator("lanes")
    @classmethod
    def _whole(cls, lanes: Count) -> Count:
        if lanes.value != int(lanes.value) or lanes.value < 1:
            raise ValueError("lanes must be a whole number of at least 1")
        return lanes


class Stock(Model):
    """A pool that units take from and give back to, such as the onward trucks of a dry port."""

    amount: Count
    title: Text | None = None

    @field_validator("amount")
    @classmethod
    def _whole(cls, amount: Count) -> Count:
        if amount.value != int(amount.value) or amount.value < 1:
            raise ValueError("amount must be a whole number of at least 1")
        return amount


class Post(Model):
    """One country's side of a port, or a point between: place, clock, hours, stations."""

    title: Text | None = None
    place: Id | None = None
    clock: Clock = "UTC"
    hours: Hours = ALWAYS
    hours_claim: str | None = None
    hours_assumed: str | None = None
    holidays: tuple[Id, ...] = ()
    holidays_claim: str | None = None
    holidays_assumed: str | None = None
    working_days: tuple[Day, ...] = ()
    working_days_claim: str | None = None
    keeps_season: bool = True
    """Whether the port's season closes this post too; a dry port may clear what has arrived."""
    keeps_season_assumed: str | None = None
    closing_rule: ClosingRule | None = None
    closing_rule_assumed: str | None = None
    channels: dict[Id, Share] = Field(default_factory=dict)
    stations: dict[Id, Station] = Field(min_length=1)
    stocks: dict[Id, Stock] = Field(default_factory=dict)

    @field_validator("channels")
    @classmethod
    def _sum(cls, channels: dict[str, Share]) -> dict[str, Share]:
        total = sum(share.value for share in channels.values())
        if channels and abs(total - 1) > 1e-9:
            raise ValueError(f"channel shares sum to {total:.6g}: make them sum to 1")
        return channels

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.hours != ALWAYS and self.closing_rule is None:
            missing = [n for n, s in self.stations.items() if s.closing_rule is None]
            if missing:
                raise ValueError(
                    "a post with opening hours needs closing_rule: write finish, hold or recall"
                )
        return self


class Travel(Model):
    """How vehicles run over a link inside the port."""

    speed: Speed
    cv: Number
    winter: Share | None = None
    """Speed in the winter months as a share of `speed`; the months are December to March."""

    @model_validator(mode="after")
    def _moves(self) -> Self:
        for name, value in (("speed", self.speed), ("winter", self.winter)):
            if value is not None and value.value <= 0:
                raise ValueError(f"{name}: must be above zero, or nobody ever arrives")
        return self


class Step(Model):
    """One step of a procedure: a station by name, or travel, select, take, give."""

    serve: StationRef | None = None
    travel: Text | None = None
    select: Id | None = None
    routes: dict[Id, tuple[Step, ...]] | None = None
    take: StationRef | None = None
    give: StationRef | None = None
    after: Chance | None = None

    @model_validator(mode="before")
    @classmethod
    def _name(cls, data: Any) -> Any:
        return {"serve": data} if isinstance(data, str) else data

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """For editors: a station by name, or one of the other steps."""
        name = {"type": "string", "examples": ["sost.documents"]}
        return {"title": cls.__name__, "anyOf": [name, handler(core_schema)]}

    @model_validator(mode="after")
    def _one(self) -> Self:
        kinds = (self.serve, self.travel, self.select, self.take, self.give)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("a step is one of: post.station, travel, select, take, give")
        if (self.select is None) != (self.routes is None):
            raise ValueError("select and routes go together: name the post, then a route a channel")
        if self.after is not None and self.give is None:
            raise ValueError("after goes with give: how long until the amount is back")
        return self


class Port(Model):
    """A border-crossing point (BCP)."""

    title: Text
    local_title: Text | None = None
    regime: Id | None = None
    claim: str | None = None
    season: Season = Season()
    posts: dict[Id, Post] = Field(min_length=1)
    travel: dict[str, Travel] = Field(default_factory=dict)
    procedures: dict[Id, dict[Id, tuple[Step, ...]]] = Field(default_factory=dict)
    """class -> direction -> steps. Without any, every station of every post in order."""

    @model_validator(mode="after")
    def _refer(self) -> Self:
        wrong = [
            fault
            for class_, ways in self.procedures.items()
            for direction, steps in ways.items()
            for fault in self._wrong(steps, f"procedures.{class_}.{direction}")
        ]
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    def _wrong(self, steps: tuple[Step, ...], where: str) -> Iterator[str]:
        """What the steps name that the port has not, each with its place in the file."""
        if not steps and ".routes." not in where:  # a green channel has no steps
            yield f"{where}: no steps: write at least one station, such as sost.documents"
        for i, step in enumerate(steps):
            here = f"{where}[{i}]"
            for kind, ref in (("station", step.serve), ("stock", step.take or step.give)):
                names = [] if ref is None else self._names(kind)
                if ref is not None and ref not in names:
                    yield f"{here}: unknown {kind} '{ref}'{_known(ref, names)}"
            if step.travel is not None and step.travel not in self.travel:
                yield (
                    f"{here}: travel over '{step.travel}' has no speed: add it under travel"
                    f"{did_you_mean(step.travel, self.travel)}"
                )
            if step.select is not None and step.routes is not None:
                yield from self._wrong_routes(step.select, step.routes, here)

    def _wrong_routes(
        self, select: str, routes: dict[str, tuple[Step, ...]], here: str
    ) -> Iterator[str]:
        post = self.posts.get(select)
        if post is None:
            yield f"{here}: unknown post '{select}'{_known(select, list(self.posts))}"
        elif set(routes) != set(post.channels):
            named = ", ".join(post.channels) or "none; add channels to the post"
            yield f"{here}: write one route for each channel of {select}: {named}"
        for channel, steps in routes.items():
            yield from self._wrong(steps, f"{here}.routes.{channel}")

    def _names(self, kind: str) -> list[str]:
        """All stations or stocks, as ``post.station``."""
        return [
            f"{name}.{leaf}"
            for name, post in self.posts.items()
            for leaf in (post.stations if kind == "station" else post.stocks)
        ]


def _known(name: str, names: list[str]) -> str:
    return did_you_mean(name, names) or f": there are {', '.join(names) or 'none'}"
