"""What is asked: the steps of a procedure, and every way through it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Any, Self

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from corridor.scenarios.base import Id, Model, StationRef, Text
from corridor.scenarios.chance import Chance
from corridor.scenarios.station import Station

__all__ = ["Step", "Way", "bound_to_a_lane", "count_ways", "kept_by_leavers", "ways_of"]


class Step(Model):
    """One step of a procedure: a station by name, or travel, select, take, give, depart."""

    serve: StationRef | None = None
    travel: Text | None = None
    select: Id | None = None
    routes: dict[Id, tuple[Step, ...]] | None = None
    take: StationRef | None = None
    give: StationRef | None = None
    after: Chance | None = None
    depart: StationRef | None = Field(
        default=None, description="Leave with the next train of a post: post.train."
    )
    priority: int | None = Field(
        default=None,
        ge=0,
        le=99,
        description="Whose turn it is in this one line, lower first; elsewhere the flow's holds.",
    )

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
        kinds = (self.serve, self.travel, self.select, self.take, self.give, self.depart)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("a step is one of: post.station, travel, select, take, give, depart")
        if (self.select is None) != (self.routes is None):
            raise ValueError("select and routes go together: name the post, then a route a channel")
        if self.after is not None and self.give is None:
            raise ValueError("after goes with give: how long until the amount is back")
        if self.priority is not None and not (self.serve or self.take or self.depart):
            raise ValueError("priority goes with a line: that of a serve, a take or a depart")
        return self


@dataclass(frozen=True)
class Way:
    """One way through a procedure: its steps, and the channel it takes at each post that selects.

    Parameters
    ----------
    steps : tuple of (str, Step)
        Each with its place in the file; none of them a select.
    channels : mapping
        Post to channel.
    """

    steps: tuple[tuple[str, Step], ...]
    channels: Mapping[str, str]


def count_ways(steps: Iterable[Step]) -> int:
    """How many ways there are at most; a post that selects twice counts twice."""
    return prod(
        sum(count_ways(route) for route in step.routes.values()) for step in steps if step.routes
    )


def ways_of(steps: Sequence[Step], where: str = "") -> list[Way]:
    """Every way through a procedure, one for each combination of channels."""
    return _longer([Way((), {})], steps, where)


def _longer(ways: list[Way], steps: Sequence[Step], where: str) -> list[Way]:
    for i, step in enumerate(steps):
        here = f"{where}[{i}]"
        if step.select is None or step.routes is None:
            ways = [Way((*way.steps, (here, step)), way.channels) for way in ways]
        else:
            select, routes = step.select, step.routes
            ways = [
                longer
                for way in ways
                for channel, route in routes.items()
                if way.channels.get(select, channel) == channel  # chosen once, it stands
                for longer in _longer(
                    [Way(way.steps, {**way.channels, select: channel})],
                    route,
                    f"{here}.routes.{channel}",
                )
            ]
    return ways


def kept_by_leavers(way: Way, stations: Mapping[str, Station]) -> Iterator[tuple[str, str]]:
    """Where on its way a unit may give up with something in hand that it then never gives back.

    Who gives up passes over the rest of its way, but for the last steps, if what they do is give
    back all that it holds and no more.

    Yields
    ------
    tuple
        The place of the step in the file, and what would be kept.
    """
    holds: list[str] = []
    for i, (here, step) in enumerate(way.steps):
        if step.take:
            holds.append(step.take)
        elif step.give in holds:
            holds.remove(step.give)
        station = stations.get(step.serve or "")
        if station is None or not station.turns_away:
            continue
        rest = [later.give for _, later in way.steps[i + 1 :]]
        last = rest[len(rest) - len(holds) :] if holds else []
        if sorted(map(str, last)) != sorted(holds):
            yield here, ", ".join(holds)


def bound_to_a_lane(way: Way, stations: Mapping[str, Station]) -> Iterator[tuple[str, str, str]]:
    """Where on its way a unit should leave a line in which it stands on a lane that it keeps.

    Who comes from one station to the room of another keeps its lane there until there is room.

    Yields
    ------
    tuple
        The place of the step in the file, the station of the lane, and the one with the room.
    """
    for (_, before), (here, step) in pairwise(way.steps):
        station = stations.get(step.serve or "")
        if station is None or station.room is None or not station.turns_away:
            continue
        if before.serve and step.serve and before.serve != step.serve:
            yield here, before.serve, step.serve
