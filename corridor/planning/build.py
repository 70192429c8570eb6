"""From asking to running: a Scenario and the world become a Manifest and its Plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from corridor.engine import Plan, Verb
from corridor.planning.demand import Fate, Units, units_of
from corridor.planning.draws import Streams, lognormal, milliseconds, quantile
from corridor.planning.itinerary import Atom, Path, paths_of
from corridor.planning.manifest import FlowLabel, Manifest
from corridor.planning.openings import Axis
from corridor.planning.stations import Stations, stations_of
from corridor.scenarios.scenario import Scenario

__all__ = ["build"]

Int64 = npt.NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)
_WINTER_MONTHS = (12, 1, 2, 3)


def build(scenario: Scenario, kilometres: Mapping[str, float], replication: int) -> Manifest:
    """Plan one replication.

    Parameters
    ----------
    scenario : Scenario
        What is asked.
    kilometres : mapping
        Length of each link that a procedure travels, km by link id.
    replication : int
        Its number; with the scenario's seed it keys every draw.

    Returns
    -------
    Manifest
        Its `plan` is ready for any engine.
    """
    streams = Streams(scenario.seed, replication)
    axis = Axis.of(scenario)
    stations = stations_of(scenario, axis, streams)
    parts: list[_Part] = []
    for name in scenario.flows:
        units = units_of(scenario, name, axis, streams)
        parts.append(_part(scenario, name, units, axis, streams, kilometres))
    return _assembled(scenario, axis, streams, stations, parts)


@dataclass(frozen=True, eq=False)
class _Part:
    """The units of a flow with their ways: `way[i]` is unit i's path, `times` an array an atom."""

    label: FlowLabel
    units: Units
    paths: tuple[Path, ...]
    way: Int64
    times: Mapping[tuple[Atom, int], Int64]
    priority: int


def _part(
    scenario: Scenario,
    name: str,
    units: Units,
    axis: Axis,
    streams: Streams,
    kilometres: Mapping[str, float],
) -> _Part:
    flow = scenario.flows[name]
    port = scenario.ports[flow.port]
    paths = paths_of(flow.port, port, flow)
    n = len(units.start)
    choice: dict[str, npt.NDArray[np.str_]] = {}
    for post in dict.fromkeys(post for path in paths for post, _ in path.channels):
        shares = port.posts[post.split("/")[1]].channels
        edges = np.cumsum([share.value for share in shares.values()])[:-1]
        drawn = np.searchsorted(edges, streams.uniform(f"{name}/{post}/channel", n), side="right")
        choice[post] = np.array(list(shares))[drawn]
    way = np.zeros(n, dtype=np.int64)
    for i, path in enumerate(paths):
        taken = np.ones(n, dtype=bool)
        for post, channel in path.channels:
            taken &= choice[post] == channel
        way[taken] = i
    times: dict[tuple[Atom, int], Int64] = {}
    for path in paths:
        for atom, turn in _turns(path):
            if (atom, turn) not in times:
                times[atom, turn] = _times(name, atom, turn, units, axis, streams, kilometres)
    teu = flow.teu.value if flow.teu else 0.0
    label = FlowLabel(name, flow.port, flow.class_, flow.direction, flow.corridor or "", teu)
    return _Part(label, units, paths, way, times, flow.priority)


def _turns(path: Path) -> list[tuple[Atom, int]]:
    """Each atom with how often it came before on this path: a second visit draws anew."""
    seen: dict[Atom, int] = {}
    turns = []
    for atom in path.atoms:
        turns.append((atom, seen.get(atom, 0)))
        seen[atom] = seen.get(atom, 0) + 1
    return turns


def _times(
    name: str,
    atom: Atom,
    turn: int,
    units: Units,
    axis: Axis,
    streams: Streams,
    kilometres: Mapping[str, float],
) -> Int64:
    n = len(units.start)
    u = streams.uniform(f"{name}/{atom.where}/{atom.verb.name.lower()}/{turn}", n)
    if atom.travel is not None:
        km = kilometres[atom.where.removeprefix("link/")]
        minutes = lognormal(km / atom.travel.speed.value * 60, atom.travel.cv.value, u)
        if atom.travel.winter is not None:
            slow = _in_winter(units.start, axis)
            minutes = np.where(slow, minutes / atom.travel.winter.value, minutes)
        return milliseconds(minutes)
    return milliseconds(quantile(atom.chance, u)) if atom.chance else np.zeros(n, dtype=np.int64)


def _in_winter(start: Int64, axis: Axis) -> npt.NDArray[np.bool_]:
    """Whether a unit starts from December to March, by the period's clock."""
    days = axis.days(1)
    midnights = np.array([axis.at(day) for day in days], dtype=np.int64)
    winter = np.array([day.month in _WINTER_MONTHS for day in days])
    return winter[np.clip(np.searchsorted(midnights, start, side="right") - 1, 0, len(days) - 1)]


def _assembled(
    scenario: Scenario, axis: Axis, streams: Streams, made: Stations, parts: list[_Part]
) -> Manifest:
    """Lay all flows' steps into one table, unit by unit."""
    lengths = [np.array([len(path.atoms) for path in p.paths])[p.way] for p in parts]
    fate = _joined([part.units.fate for part in parts], np.int8)
    count = np.where(fate == Fate.COMES, _joined(lengths, np.int64), 0)
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    posts = [f"{p}/{q}" for p, port in scenario.ports.items() for q in port.posts]
    links = sorted({a.where for part in parts for p in part.paths for a in p.atoms if a.travel})
    places = (*posts, *made.names, *made.stocks, *links)
    channels = tuple(sorted({c for part in parts for p in part.paths for _, c in p.channels}))
    table = _Table(int(first[-1]), {n: i for i, n in enumerate(places)}, channels, made)
    numbers = np.arange(len(fate))
    offset = 0
    for part in parts:
        mine = slice(offset, offset + len(part.way))
        table.lay(part, first[mine], numbers[mine])
        offset = mine.stop
    return Manifest(
        plan=_plan(axis, parts, first, table, made),
        axis=axis,
        flows=tuple(part.label for part in parts),
        flow=_joined([np.full(len(p.way), i) for i, p in enumerate(parts)], np.int16),
        entry=_joined([p.units.entry for p in parts], np.int64),
        payload_kg=_joined([p.units.payload_kg for p in parts], np.int64),
        fate=fate,
        unit=table.unit,
        where=table.where,
        post=table.post,
        channel=table.channel,
        places=places,
        channels=channels,
        stations=tuple(made.names),
        openings=made.openings,
        incidents=tuple(made.incidents),
        purposes=tuple(streams.purposes),
    )


def _plan(axis: Axis, parts: list[_Part], first: Int64, table: _Table, made: Stations) -> Plan:
    changes = [len(at) for at, _ in made.steps]
    return Plan(
        horizon=axis.horizon,
        start=np.minimum(_joined([p.units.start for p in parts], np.int64), axis.horizon),
        first=first,
        verb=table.verb,
        where=table.engine_where,
        time=table.time,
        amount=table.amount,
        priority=table.priority,
        lane_first=np.concatenate([[0], np.cumsum(changes)]).astype(np.int64),
        lane_at=_joined([at for at, _ in made.steps], np.int64),
        lane_open=_joined([lanes_open for _, lanes_open in made.steps], np.int64),
        closing=np.array(made.rules, dtype=np.int8),
        stock_level=np.array(made.levels, dtype=np.int64),
    )


def _joined(arrays: Sequence[npt.NDArray[Any]], dtype: type[Kind]) -> npt.NDArray[Kind]:
    return np.concatenate(arrays).astype(dtype) if arrays else np.zeros(0, dtype=dtype)


class _Table:
    """The step table under construction."""

    def __init__(
        self, rows: int, places: dict[str, int], channels: tuple[str, ...], made: Stations
    ) -> None:
        self.places = places
        self.channels = {name: i for i, name in enumerate(channels)}
        self.index = {name: i for i, name in enumerate(made.names)} | {
            name: i for i, name in enumerate(made.stocks)
        }
        self.verb = np.zeros(rows, dtype=np.int8)
        self.engine_where = np.full(rows, -1, dtype=np.int32)
        self.time = np.zeros(rows, dtype=np.int64)
        self.amount = np.zeros(rows, dtype=np.int64)
        self.priority = np.zeros(rows, dtype=np.int32)
        self.unit = np.zeros(rows, dtype=np.int32)
        self.where = np.zeros(rows, dtype=np.int32)
        self.post = np.full(rows, -1, dtype=np.int32)
        self.channel = np.full(rows, -1, dtype=np.int8)

    def lay(self, part: _Part, first: Int64, numbers: Int64) -> None:
        """Write the steps of a flow; unit i's steps begin at row `first[i]`."""
        comes = part.units.fate == Fate.COMES
        for i, path in enumerate(part.paths):
            who = np.flatnonzero((part.way == i) & comes)
            channel_of = {post: self.channels[channel] for post, channel in path.channels}
            for k, (atom, turn) in enumerate(_turns(path)):
                rows = first[who] + k
                self.verb[rows] = atom.verb
                self.time[rows] = part.times[atom, turn][who]
                self.unit[rows] = numbers[who]
                self.where[rows] = self.places[atom.where]
                self.priority[rows] = part.priority
                if atom.verb != Verb.MOVE:
                    self.engine_where[rows] = self.index[atom.where]
                if atom.verb in (Verb.TAKE, Verb.GIVE):
                    self.amount[rows] = 1
                if atom.post:
                    self.post[rows] = self.places[atom.post]
                    self.channel[rows] = channel_of.get(atom.post, -1)
