"""From asking to running: the Manifest, the cargo list of one run beside its Plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from corridor.engine import Plan
from corridor.planning.openings import Axis, Intervals

__all__ = ["FlowLabel", "Manifest"]

Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class FlowLabel:
    """What a flow is called: name, port, class, direction, corridor, TEU a unit."""

    name: str
    port: str
    class_: str
    direction: str
    corridor: str
    teu: float


@dataclass(frozen=True, eq=False)
class Manifest:
    """Everything a person needs to read a Journal: who the units are and what the steps mean.

    Parameters
    ----------
    plan : Plan
        What the engine runs.
    axis : Axis
        Start, horizon, measured part.
    flows : tuple of FlowLabel
    flow, entry, payload_kg, fate : arrays (U,)
        Of each unit: its flow, when it first counts (ms), kilograms, `Fate`.
    place, post, channel : arrays (T,)
        Of each row of the step table: station, stock, platform or link by index into `places`, -1
        for a LIMIT; post by index into `places`, -1 on the road; channel by index into `channels`,
        -1 if none was chosen at that post.
    places : tuple of str
        Names: posts, stations, stocks, platforms, links. The room of a station is a stock.
    stations : tuple of str (N,)
        Name of each of the engine's stations. Parallel ones that a JOIN chooses from bear one name.
    openings : dict of str to (k, 2) int64
        Open intervals of each post and station, sampled closures taken out.
    incidents : tuple of (title, place, from, until)
        Event closures of this replication, ms.
    purposes : tuple of str
        The streams, one for each thing that chance may decide; a constant is drawn from none.
    """

    plan: Plan
    axis: Axis
    flows: tuple[FlowLabel, ...]
    flow: npt.NDArray[np.int16]
    entry: Int64
    payload_kg: Int64
    fate: npt.NDArray[np.int8]
    place: npt.NDArray[np.int32]
    post: npt.NDArray[np.int32]
    channel: npt.NDArray[np.int8]
    places: tuple[str, ...]
    channels: tuple[str, ...]
    stations: tuple[str, ...]
    openings: dict[str, Intervals]
    incidents: tuple[tuple[str, str, int, int], ...]
    purposes: tuple[str, ...]

    @property
    def start(self) -> datetime:
        """The start of the run, aware UTC."""
        return self.axis.start
