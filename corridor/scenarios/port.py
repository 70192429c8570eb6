"""What is asked: a port as an ordered set of posts, each with a place, a clock, hours, stations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from pydantic import Field, field_validator, model_validator

from corridor.faults import did_you_mean
from corridor.scenarios.base import Clock, Id, Model, Text
from corridor.scenarios.calendar import ALWAYS, Day, Hours, Season
from corridor.scenarios.procedure import (
    Step,
    Way,
    bound_to_a_lane,
    count_ways,
    kept_by_leavers,
    ways_of,
)
from corridor.scenarios.quantity import Number, Share, Speed
from corridor.scenarios.station import RULES, UNLIMITED, ClosingRule, Station, Stock
from corridor.scenarios.train import Train

__all__ = [
    "UNLIMITED",
    "ClosingRule",
    "Port",
    "Post",
    "Station",
    "Step",
    "Stock",
    "Train",
    "Travel",
]

_MOST_WAYS = 1000


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
    trains: dict[Id, Train] = Field(
        default_factory=dict, description="What units wait for and leave with: depart: post.train."
    )

    @field_validator("channels")
    @classmethod
    def _sum(cls, channels: dict[str, Share]) -> dict[str, Share]:
        total = sum(share.value for share in channels.values())
        if channels and abs(total - 1) > 1e-9:
            raise ValueError(f"channel shares sum to {total:.6g}: make them sum to 1")
        return channels

    @model_validator(mode="after")
    def _complete(self) -> Self:
        silent = {n: self.stations[n].hours for n in self.stations if self.rule_of(n) is None}
        if self.hours != ALWAYS and None in silent.values():
            raise ValueError(f"a post with opening hours needs closing_rule: {RULES}")
        wrong = [
            f"stations.{name}: a station with opening hours needs closing_rule: {RULES}"
            for name, hours in silent.items()
            if hours not in (None, ALWAYS)
        ]
        if silent and self.holidays and not wrong:
            wrong = [f"holidays: a post that keeps holidays needs closing_rule: {RULES}"]
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    def rule_of(self, station: str) -> ClosingRule | None:
        """What closing does to work in progress at a station; None if nobody has said."""
        return self.stations[station].closing_rule or self.closing_rule

    @model_validator(mode="after")
    def _apart(self) -> Self:
        taken: dict[str, str] = {}
        for kind in ("stations", "stocks", "trains"):
            for name in getattr(self, kind):
                if name in taken:
                    raise ValueError(f"{kind}.{name}: {taken[name]} has this name too: rename one")
                taken[name] = f"one of the {kind}"
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
        wrong += self._wrong_season()
        wrong = wrong or list(dict.fromkeys(self._wrong_ways()))
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    def _wrong_season(self) -> Iterator[str]:
        """Posts that the season closes, and that do not say what closing does."""
        for name, post in self.posts.items():
            key = "open_days" if self.season.open_days else ""  # drawn for all posts alike
            key = "closed" if self.season.closed and post.keeps_season else key
            if key and any(post.rule_of(station) is None for station in post.stations):
                yield f"season.{key}: closes posts.{name}, which needs closing_rule: {RULES} there"

    def _wrong(self, steps: tuple[Step, ...], where: str) -> Iterator[str]:
        """What the steps name that the port has not, each with its place in the file."""
        if not steps and ".routes." not in where:  # a green channel has no steps
            yield f"{where}: no steps: write at least one station, such as sost.documents"
        for i, step in enumerate(steps):
            here = f"{where}[{i}]"
            for kind, ref in (
                ("station", step.serve),
                ("stock", step.take or step.give),
                ("train", step.depart),
            ):
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

    def _wrong_ways(self) -> Iterator[str]:
        """What is wrong with a procedure as a whole, though each of its steps is right."""
        for way in [] if self.procedures else [self._default()]:
            yield from self._wrong_leaving(way)
        for class_, directions in self.procedures.items():
            for direction, steps in directions.items():
                where, count = f"procedures.{class_}.{direction}", count_ways(steps)
                if count > _MOST_WAYS:
                    yield f"{where}: {count} ways through it: select at fewer posts"
                    continue
                for way in ways_of(steps, where):
                    yield from self._wrong_leaving(way)

    def _wrong_leaving(self, way: Way) -> Iterator[str]:
        stations = {
            f"{p}.{s}": it for p, post in self.posts.items() for s, it in post.stations.items()
        }
        for here, kept in kept_by_leavers(way, stations):
            yield (
                f"{here}: who gives up here would keep {kept} for good: give it back in the last"
                " steps of the procedure, all that is held and nothing else, or let nobody give up"
            )
        for here, lane, room in bound_to_a_lane(way, stations):
            yield (
                f"{here}: who finds no room at {room} keeps its lane of {lane} and cannot go away:"
                f" write turn_away_above and patience at {lane} instead, or leave out the room of"
                f" {room}, or let another step such as travel come between"
            )

    def _default(self) -> Way:
        """The way through a port without procedures: every station of every post in order."""
        return Way(
            tuple(
                (f"posts.{name}.stations.{station}", Step(serve=f"{name}.{station}"))
                for name, post in self.posts.items()
                for station in post.stations
            ),
            {},
        )

    def ways(self, class_: str, direction: str) -> list[Way]:
        """Every way through the port for a class and direction."""
        if not self.procedures:
            return [self._default()]
        return ways_of(self.procedures[class_][direction])

    def _names(self, kind: str) -> list[str]:
        """All stations, stocks or trains, as ``post.station``."""
        return [
            f"{name}.{leaf}"
            for name, post in self.posts.items()
            for leaf in getattr(post, f"{kind}s")
        ]


def _known(name: str, names: list[str]) -> str:
    return did_you_mean(name, names) or f": there are {', '.join(names) or 'none'}"
