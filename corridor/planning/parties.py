"""From asking to running: the units of a flow, parted by the way each takes through its port."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corridor.planning.demand import Fate, Units
from corridor.planning.draws import Streams
from corridor.planning.itinerary import Path, paths_of
from corridor.planning.manifest import FlowLabel
from corridor.scenarios.scenario import Scenario

__all__ = ["Party", "party_of"]


@dataclass(frozen=True, eq=False)
class Party:
    """The units of one flow with their ways.

    Parameters
    ----------
    label : FlowLabel
    units : Units
    paths : tuple of Path
        Every way through the procedure.
    way : int32 (n,)
        Of each unit: its path, -1 if it does not come.
    priority : int
    """

    label: FlowLabel
    units: Units
    paths: tuple[Path, ...]
    way: npt.NDArray[np.int32]
    priority: int


def party_of(scenario: Scenario, name: str, units: Units, streams: Streams) -> Party:
    """Draw the channels of a flow's units, at each post that selects, and so their paths."""
    flow = scenario.flows[name]
    port = scenario.ports[flow.port]
    paths = paths_of(flow.port, port, flow)
    comes = units.fate == Fate.COMES
    chosen: dict[tuple[str, str], npt.NDArray[np.bool_]] = {}
    for post in dict.fromkeys(post for path in paths for post, _ in path.channels):
        shares = port.posts[post.split("/")[1]].channels
        u = streams.uniform(f"{name}/{post}/channel", len(comes))
        edges = np.cumsum([share.value for share in shares.values()])
        edges[-1] = np.inf
        above = np.ones(len(u), dtype=bool)
        for channel, edge in zip(shares, edges, strict=True):
            below = u < edge
            chosen[post, channel] = above & below
            above = ~below
    way = np.full(len(comes), -1, dtype=np.int32)
    for i, path in enumerate(paths):
        taken = comes
        for choice in path.channels:
            taken = taken & chosen[choice]
        way[taken] = i
    teu = flow.teu.value if flow.teu else 0.0
    label = FlowLabel(name, flow.port, flow.class_, flow.direction, flow.corridor or "", teu)
    return Party(label, units, paths, way, flow.priority)
