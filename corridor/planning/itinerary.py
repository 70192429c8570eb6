"""From asking to running: the steps of each flow, by channel, through the stations of its port."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corridor.engine import Verb
from corridor.scenarios.chance import Chance
from corridor.scenarios.flow import Flow
from corridor.scenarios.port import Port, Step, Travel

__all__ = ["Atom", "Path", "paths_of", "season_gate"]


@dataclass(frozen=True)
class Atom:
    """One step as the engine knows it, with the names a person knows.

    Parameters
    ----------
    verb : Verb
    where : str
        Station or stock, ``port/post/name``; ``link/<id>`` for travel.
    post : str
        ``port/post``; empty on the road.
    chance : Chance or None
        Law of its time.
    travel : Travel or None
        Speed, for a move.
    """

    verb: Verb
    where: str
    post: str
    chance: Chance | None = None
    travel: Travel | None = None


@dataclass(frozen=True)
class Path:
    """One way through a procedure: its steps, and the channel it took at each selection."""

    atoms: tuple[Atom, ...]
    channels: tuple[tuple[str, str], ...]


def season_gate(port: str, class_: str) -> str:
    """Name of the gate that keeps a class out in its own closed season."""
    return f"{port}/season/{class_}"


def paths_of(name: str, port: Port, flow: Flow) -> tuple[Path, ...]:
    """Every way through the procedure of a flow, one for each combination of channels."""
    steps: Sequence[Step]
    if port.procedures:
        steps = port.procedures[flow.class_][flow.direction]
    else:
        steps = [
            Step(serve=f"{key}.{station}")
            for key, post in port.posts.items()
            for station in post.stations
        ]
    paths = [Path((), ())]
    if flow.class_ in port.season.by_class:
        gate = Atom(Verb.SERVE, season_gate(name, flow.class_), "", Chance.model_validate("0 min"))
        paths = [Path((gate,), ())]
    for step in steps:
        paths = [longer for path in paths for longer in _extended(name, port, path, step)]
    return tuple(paths)


def _extended(name: str, port: Port, path: Path, step: Step) -> list[Path]:
    if step.select is None:
        return [Path((*path.atoms, _atom(name, port, step)), path.channels)]
    assert step.routes is not None
    post = f"{name}/{step.select}"
    longer = []
    for channel in port.posts[step.select].channels:
        ways = [Path(path.atoms, (*path.channels, (post, channel)))]
        for inner in step.routes[channel]:
            ways = [way for so_far in ways for way in _extended(name, port, so_far, inner)]
        longer += ways
    return longer


def _atom(name: str, port: Port, step: Step) -> Atom:
    if step.travel is not None:
        return Atom(Verb.MOVE, f"link/{step.travel}", "", travel=port.travel[step.travel])
    ref = step.serve or step.take or step.give
    assert ref is not None
    post, leaf = ref.split(".")
    place, where = f"{name}/{post}", f"{name}/{post}/{leaf}"
    if step.serve:
        return Atom(Verb.SERVE, where, place, port.posts[post].stations[leaf].service)
    if step.take:
        return Atom(Verb.TAKE, where, place)
    return Atom(Verb.GIVE, where, place, step.after or Chance.model_validate("0 min"))
