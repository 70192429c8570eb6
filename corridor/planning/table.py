"""From asking to running: the step table, every step of every way said once, with its names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corridor.engine import Verb
from corridor.planning.itinerary import Atom, Path
from corridor.planning.parties import Party
from corridor.planning.stations import Stations
from corridor.scenarios.scenario import Scenario

__all__ = ["Table", "table_of"]

Int32 = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Table:
    """The rows of a Plan's step table (T,), and their names as in a Manifest."""

    verb: npt.NDArray[np.int8]
    where: Int32
    amount: npt.NDArray[np.int64]
    priority: Int32
    place: Int32
    post: Int32
    channel: npt.NDArray[np.int8]
    places: tuple[str, ...]
    channels: tuple[str, ...]


def table_of(scenario: Scenario, parties: Sequence[Party], made: Stations) -> Table:
    """Lay the steps of all ways end to end: flow after flow, path after path."""
    paths = [(party, path) for party in parties for path in party.paths]
    posts = [f"{p}/{q}" for p, port in scenario.ports.items() for q in port.posts]
    links = sorted({a.where for _, path in paths for a in path.atoms if a.travel})
    names = (*posts, *made.names, *made.stocks, *made.platforms, *links)
    places = tuple(dict.fromkeys(names))
    channels = tuple(sorted({c for _, path in paths for _, c in path.channels}))
    place_of = {name: i for i, name in enumerate(places)}
    engine = _engine(made)
    table = np.array(
        [
            (
                atom.verb,
                atom.skip if atom.verb == Verb.LIMIT else engine.get((atom.verb, atom.where), -1),
                atom.amount,
                party.priority if atom.priority is None else atom.priority,
                place_of.get(atom.where, -1),  # a LIMIT is at no place of its own
                place_of.get(atom.post, -1),
                _channel(path, atom, channels),
            )
            for party, path in paths
            for atom in path.atoms
        ],
        dtype=np.int64,
    ).reshape(-1, 7)
    verb, where, amount, priority, place, post, channel = table.T
    return Table(
        verb=verb.astype(np.int8),
        where=where.astype(np.int32),
        amount=amount.copy(),
        priority=priority.astype(np.int32),
        place=place.astype(np.int32),
        post=post.astype(np.int32),
        channel=channel.astype(np.int8),
        places=places,
        channels=channels,
    )


def _engine(made: Stations) -> dict[tuple[Verb, str], int]:
    """By which number the engine knows a station, the first of its name, a stock, a platform."""
    lists = (
        (made.names, (Verb.SERVE, Verb.JOIN)),
        (made.stocks, (Verb.TAKE, Verb.GIVE)),
        (made.platforms, (Verb.DEPART,)),
    )
    return {
        (verb, name): i
        for names, verbs in lists
        for i, name in reversed(list(enumerate(names)))
        for verb in verbs
    }


def _channel(path: Path, atom: Atom, channels: Sequence[str]) -> int:
    """Which channel the path takes at the post of a step, -1 for none."""
    chosen = dict(path.channels).get(atom.post)
    return -1 if chosen is None else channels.index(chosen)
