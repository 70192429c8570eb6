"""What is asked: a port as an ordered set of posts, each with a place, a clock, hours, stations."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from corridor.scenarios.base import Id, Model, StationRef, Text
from corridor.scenarios.calendar import ALWAYS, Clock, Day, Hours, Season
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

    lanes: Annotated[Count, BeforeValidator(_lanes)]
    service: Chance
    title: Text | None = None
    hours: Hours | None = None
    closing_rule: ClosingRule | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.lanes.value != int(self.lanes.value) or self.lanes.value < 1:
            raise ValueError("lanes must be a whole number of at least 1")
        return self


class Stock(Model):
    """A pool that units take from and give back to, such as the onward trucks of a dry port."""

    amount: Count
    title: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.amount.value != int(self.amount.value) or self.amount.value < 1:
            raise ValueError("amount must be a whole number of at least 1")
        return self


class Post(Model):
    """One country's side of a port, or a point between: place, clock, hours, stations."""

    title: Text | None = None
    place: Id | None = None
    clock: Clock = "UTC"
    hours: Hours = ALWAYS
    hours_claim: str | None = None
    hours_assumed: str | None = None
    holidays: tuple[Id, ...] = ()
    working_days: tuple[Day, ...] = ()
    working_days_claim: str | None = None
    keeps_season: bool = True
    """Whether the port's season closes this post too; a dry port may clear what has arrived."""
    closing_rule: ClosingRule | None = None
    closing_rule_assumed: str | None = None
    channels: dict[Id, Share] = Field(default_factory=dict)
    stations: dict[Id, Station]
    stocks: dict[Id, Stock] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        total = sum(share.value for share in self.channels.values())
        if self.channels and abs(total - 1) > 1e-9:
            raise ValueError(f"channel shares sum to {total:.6g}: make them sum to 1")
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
        for class_, ways in self.procedures.items():
            for direction, steps in ways.items():
                for step in steps:
                    self._check_step(step, f"procedures.{class_}.{direction}")
        return self

    def _check_step(self, step: Step, where: str) -> None:
        for ref in (step.serve, step.take, step.give):
            if ref is None:
                continue
            post, name = ref.split(".")
            known: Any = self.posts.get(post)
            shelf = {} if known is None else known.stations if step.serve else known.stocks
            if name not in shelf:
                kind = "station" if step.serve else "stock"
                names = [
                    f"{p}.{s}"
                    for p, q in self.posts.items()
                    for s in (q.stations if step.serve else q.stocks)
                ]
                raise ValueError(f"{where}: unknown {kind} '{ref}': there are {', '.join(names)}")
        if step.travel is not None and step.travel not in self.travel:
            raise ValueError(
                f"{where}: travel over '{step.travel}' has no speed: add it under travel"
            )
        if step.select is not None and step.routes is not None:
            post_ = self.posts.get(step.select)
            if post_ is None or set(step.routes) != set(post_.channels):
                channels = ", ".join(post_.channels) if post_ else "no such post"
                raise ValueError(
                    f"{where}: routes of select {step.select} must be its channels: {channels}"
                )
            for steps in step.routes.values():
                for inner in steps:
                    self._check_step(inner, where)
