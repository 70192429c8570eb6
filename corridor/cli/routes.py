"""The front door: the way between two places, its stays, the next best crossing."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from corridor.cli.checking import shares
from corridor.cli.options import AsJson, geodata_app
from corridor.cli.tables import plain, write_table
from corridor.faults import Faults

if TYPE_CHECKING:
    from corridor.geodata import Network, Route, Step
    from corridor.geodata.remarks import RunnerUp

__all__ = ["geodata_route"]

STAYS = {"gauge": "change of gauge", "border": "border", "ship": "change of ship",
         "transfer": "transfer"}  # fmt: skip


@geodata_app.command("route")
def geodata_route(
    a: Annotated[str, typer.Argument(metavar="FROM", help="A place, such as kashgar or 喀什.")],
    b: Annotated[str, typer.Argument(metavar="TO", help="A place, such as Karachi.")],
    by: Annotated[str, typer.Option("--by", help="time, distance or cost.")] = "time",
    mode: Annotated[
        list[str] | None, typer.Option("--mode", help="road, rail or sea; several may be given.")
    ] = None,
    season: Annotated[
        str, typer.Option("--season", help="year, winter, spring, summer or autumn.")
    ] = "year",
    closed: Annotated[
        list[str] | None, typer.Option("--closed", help="A port to count as shut; repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The shortest way between two places: legs, stays, totals, and the next best crossing."""
    from corridor import geodata
    from corridor.geodata.naming import named_place, named_port
    from corridor.geodata.remarks import notes_on, runners_up, warning_on

    modes = _modes(mode)
    network = geodata.load()
    shut = tuple(named_port(network, port) for port in closed or ())
    ends = named_place(network, a), named_place(network, b)
    route = network.route(*ends, by, modes, season, shut)
    rivals, notes = runners_up(network, route), [*notes_on(network, route), *_rechecks(route)]
    if as_json:
        totals = {"km": route.km, "hours": route.hours, "usd_per_teu": route.usd}
        rests = {what: route.resting_on(what) for what in ("km", "hours", "usd")}
        found = {**dataclasses.asdict(route), **totals, "rests_on": rests,
                 "warning": warning_on(network, route), "notes": notes,
                 "runners_up": [dataclasses.asdict(rival) for rival in rivals]}  # fmt: skip
        print(json.dumps(found, indent=1, ensure_ascii=False))
        return
    _tell(network, route)
    for rival in rivals:
        _tell_rival(network, route, rival)
    if notes:
        print()
    for note in notes:
        print(f"Note: {plain(note)}")


def _rechecks(route: Route) -> list[str]:
    """What the register itself would have read again, of all that the route rests on."""
    from corridor.evidence import load_claims
    from corridor.geodata.remarks import rechecks

    claims = load_claims()
    return rechecks(route, {id_: (claim.subject, claim.reason) for id_, claim in claims.items()})


def _modes(asked: Sequence[str] | None) -> tuple[str, ...]:
    """The modes asked for, or all; a list in one word is refused with what to write instead."""
    for word in asked or ():
        if "," in word or " " in word.strip():
            each = " ".join(f"--mode {part}" for part in word.replace(",", " ").split())
            raise Faults.one(f"{word!r} is several: write {each}", "--mode")
    return tuple(asked or ("road", "rail", "sea"))


def _tell(network: Network, route: Route) -> None:
    """A route as a table with running totals, and what the totals rest on; a warning first."""
    from corridor.geodata.remarks import warning_on

    names = dict(zip(network.places.place, network.places["name"], strict=True))
    if route.from_place == route.to_place:
        print(f"{names[route.from_place]} is both FROM and TO: the same place, no way to go")
        return
    rows, km, hours, usd = [], 0.0, 0.0, 0.0
    for step in route.steps:
        km, hours, usd = km + step.km, hours + step.hours, usd + step.usd
        rows.append([
            step.name, step.mode, STAYS.get(step.what) or f"to {names[step.to_place]}",
            f"{step.km:,.0f}" if step.km else "", f"{step.hours:,.1f}", f"{step.usd:,.0f}",
            f"{km:,.0f}", f"{hours:,.1f}", f"{usd:,.0f}",
            ", ".join((step.km_evidence or "-", step.hours_evidence, step.usd_evidence)),
        ])  # fmt: skip
    when = "" if route.season == "year" else f", {route.season}"
    print(f"{names[route.from_place]} to {names[route.to_place]}, least {route.by} "
          f"by {', '.join(route.modes)}{when}")  # fmt: skip
    if warning := warning_on(network, route):
        print(f"Warning: {warning}")
    print()
    head = ("leg or place", "mode", "", "km", "h", "USD", "sum km", "sum h", "sum USD",
            "km, h, USD rest on")  # fmt: skip
    write_table(head, rows, right=range(3, 9))
    low, high = (sum(getattr(s, f"usd_{end}") for s in route.steps) for end in ("low", "high"))
    print(f"\n{route.km:,.0f} km  {shares(route.resting_on('km'))}")
    print(f"{route.hours:,.1f} h ({route.hours / 24:.1f} days)  "
          f"{shares(route.resting_on('hours'))}")  # fmt: skip
    print(f"{route.usd:,.0f} USD per TEU ({low:,.0f} to {high:,.0f})  "
          f"{shares(route.resting_on('usd'))}")  # fmt: skip


def _tell_rival(network: Network, route: Route, rival: RunnerUp) -> None:
    """The next best crossing, and whether like was compared with like."""
    names = dict(zip(network.ports.port, network.ports["name"], strict=True))
    ours = " and ".join(names[port] for port in rival.ports)
    which = "the next best way is"
    if rival.besides:
        which = "the best whose stays are of another kind is"
    if rival.km is None or rival.hours is None or rival.usd is None:
        print(f"\nCrossing: {ours}; this data has no other way by {', '.join(route.modes)}")
        return
    by = "by sea" if rival.by_sea else "by no border port at all"
    there = " and ".join(names[port] for port in rival.instead)
    print(f"\nCrossing: {ours}; {which} {f'by {there}' if there else by}: {rival.hours:+,.1f} h, "
          f"{rival.km:+,.0f} km, {rival.usd:+,.0f} USD")  # fmt: skip
    cost = route.by == "cost"
    here, instead = (_stays(network, steps, cost) for steps in (rival.stays, rival.stays_instead))
    if here or instead:
        print(f"  stays here: {here or 'none'}; there: {instead or 'none'}")
    if not rival.alike:
        print("  on one side a stay was surveyed, on the other all are assumed: the choice between "
              "the two rests on the assumption")  # fmt: skip


def _stays(network: Network, steps: Sequence[Step], cost: bool) -> str:
    """``Dulata post 16.8 h assumed, Kalzhat post 4.2 h assumed``."""
    names = dict(zip(network.places.place, network.places["name"], strict=True))
    return ", ".join(
        f"{names[step.name]} "
        + (f"{step.usd:,.0f} USD {step.usd_evidence}" if cost else
           f"{step.hours:,.1f} h {step.hours_evidence}")
        for step in steps
    )  # fmt: skip
