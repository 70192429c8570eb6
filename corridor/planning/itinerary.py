"""From asking to running: the steps of each flow, by channel, through the stations of its port."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from corridor.engine import LONGEST, Verb
from corridor.planning.memory import remembered
from corridor.scenarios.chance import Chance
from corridor.scenarios.flow import Flow
from corridor.scenarios.port import Port, Station, Step, Travel

__all__ = ["Atom", "Path", "paths_of", "season_gate"]


@dataclass(frozen=True)
class Atom:
    """One step as the engine knows it, with the names a person knows.

    Parameters
    ----------
    verb : Verb
    where : str
        Station, stock or platform, ``port/post/name``; ``port/post/station/room`` for the room of a
        station and ``port/post/station/patience`` for a limit there; ``link/<id>`` for travel.
    post : str
        ``port/post``; empty on the road.
    chance : Chance or None
        Law of its time.
    travel : Travel or None
        Speed, for a move.
    amount : int
        As in a Plan. No part of what makes two steps the same: they share their draws.
    priority : int or None
        The step's own, before that of the flow.
    skip : int
        How many steps behind the one that is given up to pass over, for a LIMIT.
    """

    verb: Verb
    where: str
    post: str
    chance: Chance | None = None
    travel: Travel | None = None
    amount: int = field(default=0, compare=False)
    priority: int | None = field(default=None, compare=False)
    skip: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Path:
    """One way through a procedure: its steps, and the channel it took at each selection."""

    atoms: tuple[Atom, ...]
    channels: tuple[tuple[str, str], ...]


def season_gate(port: str, class_: str) -> str:
    """Name of the gate that keeps a class out in its own closed season."""
    return f"{port}/season/{class_}"


@remembered
def paths_of(name: str, port: Port, flow: Flow) -> tuple[Path, ...]:
    """Every way through the procedure of a flow, one for each combination of channels."""
    gate = []
    if flow.class_ in port.season.by_class:
        at_once = Chance.model_validate("0 min")
        gate = [Atom(Verb.SERVE, season_gate(name, flow.class_), "", at_once)]
    return tuple(
        Path(
            tuple(_with_landings(_atoms(name, port, gate, [step for _, step in way.steps]))),
            tuple((f"{name}/{post}", channel) for post, channel in way.channels.items()),
        )
        for way in port.ways(flow.class_, flow.direction)
    )


def _atoms(name: str, port: Port, gate: list[Atom], steps: list[Step]) -> list[Atom]:
    """The steps laid out one by one, with the rooms of stations taken and given back.

    A place in a room is given back right after the service; but who then needs room at the next
    station keeps the lane, and the place, until there is some. Who waits for room stands in line
    for the station, and may leave it, unless it keeps a lane: that the Port has made sure.
    """
    atoms, back = list(gate), None
    for i, step in enumerate(steps):
        station = _station(port, step)
        if station is None or station.room is None:
            atoms += [back] if back else []
            back = None
        elif not back or step.serve != steps[i - 1].serve:  # who is served twice stays in the room
            take, limit = _room(name, step), _limit(name, step, station)
            if atoms and atoms[-1].verb == Verb.SERVE and atoms[-1].post:
                atoms[-1] = replace(atoms[-1], amount=1)
            atoms += [*limit, take, back] if back else [*limit, take]
            back = replace(take, verb=Verb.GIVE)
        atoms += _laid(name, port, step, station)
    return atoms + ([back] if back else [])


def _station(port: Port, step: Step) -> Station | None:
    if not step.serve:
        return None
    post, leaf = step.serve.split(".")
    return port.posts[post].stations[leaf]


def _room(name: str, step: Step) -> Atom:
    """The step into the room of a station."""
    assert step.serve is not None
    post, leaf = step.serve.split(".")
    where = f"{name}/{post}/{leaf}/room"
    return Atom(Verb.TAKE, where, f"{name}/{post}", amount=1, priority=step.priority)


def _laid(name: str, port: Port, step: Step, station: Station | None) -> list[Atom]:
    """A step of a procedure as the engine's steps, but for the rooms."""
    if step.travel is not None:
        return [Atom(Verb.MOVE, f"link/{step.travel}", "", travel=port.travel[step.travel])]
    ref = step.serve or step.take or step.give or step.depart
    assert ref is not None
    post, leaf = ref.split(".")
    here, where, own = f"{name}/{post}", f"{name}/{post}/{leaf}", step.priority
    if station is not None:
        limit = _limit(name, step, station) if station.room is None else []
        return [*limit, *_served(here, where, station, own)]
    if step.take:
        return [Atom(Verb.TAKE, where, here, amount=1, priority=own)]
    if step.depart:
        return [Atom(Verb.DEPART, where, here, priority=own)]
    return [Atom(Verb.GIVE, where, here, step.after or Chance.model_validate("0 min"), amount=1)]


def _limit(name: str, step: Step, station: Station) -> list[Atom]:
    """The limit to the waiting in the line of a station, if there is one."""
    if not station.turns_away:
        return []
    assert step.serve is not None
    post, leaf = step.serve.split(".")
    here, where = f"{name}/{post}", f"{name}/{post}/{leaf}"
    most = station.turn_away_above
    ahead = int(most.value) if most is not None else LONGEST
    return [Atom(Verb.LIMIT, f"{where}/patience", here, station.patience, amount=ahead)]


def _served(here: str, where: str, station: Station, own: int | None) -> list[Atom]:
    """A service, with what may come before it: a choice of lanes."""
    atoms = []
    if station.lines == "each" and station.lanes.value > 1:
        atoms.append(Atom(Verb.JOIN, where, here, amount=int(station.lanes.value), priority=own))
    return [*atoms, Atom(Verb.SERVE, where, here, station.service, priority=own)]


def _with_landings(atoms: list[Atom]) -> list[Atom]:
    """Let each LIMIT pass over as many steps as it must.

    Who gives up comes down on the last steps of the route, where just as much is given back as it
    holds; that there are such steps, the Port has made sure.
    """
    held: Counter[str] = Counter()
    landed = []
    for i, atom in enumerate(atoms):
        if atom.verb == Verb.TAKE:
            held[atom.where] += 1
        elif atom.verb == Verb.GIVE and held[atom.where]:
            held[atom.where] -= 1
        elif atom.verb == Verb.LIMIT:
            given_up = i + 1 + (atoms[i + 1].verb == Verb.JOIN)
            atom = replace(atom, skip=len(atoms) - held.total() - given_up - 1)
        landed.append(atom)
    return landed
