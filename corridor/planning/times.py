"""From asking to running: how long each step takes each unit, written column by column.

A step draws one number for every unit of its flow, whoever takes it: that is what keeps common
random numbers. Its law is worked out only for the units that do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corridor.engine import LONGEST, Verb
from corridor.planning.draws import Floats, Streams, lognormal, milliseconds, quantile
from corridor.planning.itinerary import Atom, Path
from corridor.planning.openings import Axis
from corridor.planning.parties import Party
from corridor.scenarios.port import Travel

__all__ = ["write_times"]

Int64 = npt.NDArray[np.int64]
_WINTER_MONTHS = (12, 1, 2, 3)


def write_times(
    time: Int64,
    columns: Sequence[tuple[Int64, slice]],
    party: Party,
    axis: Axis,
    streams: Streams,
    kilometres: Mapping[str, float],
) -> None:
    """Draw the times of a flow into `time`.

    ``columns[k]`` says of the k-th row which units of the flow have its cells, in their order.
    """
    steps: dict[tuple[Atom, int], list[tuple[Int64, slice]]] = {}
    turns = (step for path in party.paths for step in _turns(path))
    for step, column in zip(turns, columns, strict=True):
        steps.setdefault(step, []).append(column)
    for (atom, turn), parts in steps.items():
        purpose = f"{party.label.name}/{atom.where}/{atom.verb.name.lower()}/{turn}"
        if atom.travel is None and (atom.chance is None or atom.chance.law == "constant"):
            streams.name(purpose)
            for _, rows in parts:
                time[rows] = _fixed(atom)
            continue
        u = streams.uniform(purpose, len(party.way))
        for who, rows in parts:
            mine = u.take(who)
            if atom.travel is not None:
                km = kilometres[atom.where.removeprefix("link/")]
                minutes = _journeys(km, atom.travel, party.units.start, who, axis, mine)
            else:
                assert atom.chance is not None
                minutes = quantile(atom.chance, mine)
            milliseconds(minutes, out=time[rows])


def _fixed(atom: Atom) -> Int64:
    """The time of a step that is the same for all: none, but for a limit without end."""
    if atom.chance is None:
        return np.array([LONGEST if atom.verb == Verb.LIMIT else 0])
    return milliseconds(quantile(atom.chance, np.zeros(1)))


def _turns(path: Path) -> list[tuple[Atom, int]]:
    """Each atom with how often its verb was done at its place before on this path.

    A second visit draws anew, if by another law too: two lorries lent of one pool come back at
    times that have nothing to do with each other.
    """
    seen: Counter[tuple[str, Verb]] = Counter()
    turns = []
    for atom in path.atoms:
        turns.append((atom, seen[atom.where, atom.verb]))
        seen[atom.where, atom.verb] += 1
    return turns


def _journeys(km: float, travel: Travel, start: Int64, who: Int64, axis: Axis, u: Floats) -> Floats:
    """Minutes over a link; slower for a unit that starts in winter."""
    minutes = lognormal(km / travel.speed.value * 60, travel.cv.value, u)
    if travel.winter is not None:
        slow = _in_winter(start.take(who), axis)
        minutes = np.where(slow, minutes / travel.winter.value, minutes)
    return minutes


def _in_winter(start: Int64, axis: Axis) -> npt.NDArray[np.bool_]:
    """Whether a unit starts from December to March, by the period's clock."""
    midnights, winter = _winters(axis)
    return winter[np.clip(np.searchsorted(midnights, start, side="right") - 1, 0, len(winter) - 1)]


@lru_cache(maxsize=16)
def _winters(axis: Axis) -> tuple[Int64, npt.NDArray[np.bool_]]:
    """The midnights that may touch the run, and whether a winter's day begins there."""
    return axis.midnights(1), np.array([day.month in _WINTER_MONTHS for day in axis.days(1)])
