"""The front door: the way between two places, with its stays and what it rests on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from corridor.cli.checking import shares
from corridor.cli.options import AsJson, geodata_app
from corridor.cli.tables import write_table

if TYPE_CHECKING:
    from corridor.geodata import Network, Route

__all__ = ["geodata_route"]


@geodata_app.command("route")
def geodata_route(
    a: Annotated[str, typer.Argument(metavar="FROM", help="A place, such as kashgar.")],
    b: Annotated[str, typer.Argument(metavar="TO", help="A place, such as karachi.")],
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
    """The shortest way between two places: legs, stays at borders and terminals, totals."""
    import dataclasses

    from corridor import geodata

    network = geodata.load()
    modes = tuple(mode or ("road", "rail", "sea"))
    route = network.route(a, b, by, modes, season, tuple(closed or ()))
    if as_json:
        totals = {"km": route.km, "hours": route.hours, "usd_per_teu": route.usd}
        rests = {what: route.resting_on(what) for what in ("km", "hours", "usd")}
        found = {**dataclasses.asdict(route), **totals, "rests_on": rests}
        print(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        _tell(network, route)


def _tell(network: Network, route: Route) -> None:
    """A route as a table with running totals, and what the totals rest on."""
    names = dict(zip(network.places.place, network.places["name"], strict=True))
    words = {"leg": "", "gauge": "change of gauge", "border": "border", "transfer": "transfer"}
    rows, km, hours, usd = [], 0.0, 0.0, 0.0
    for step in route.steps:
        km, hours, usd = km + step.km, hours + step.hours, usd + step.usd
        rows.append([
            step.name, step.mode, words[step.what] or f"to {names[step.to_place]}",
            f"{step.km:,.0f}" if step.km else "", f"{step.hours:,.1f}", f"{step.usd:,.0f}",
            f"{km:,.0f}", f"{hours:,.1f}", f"{usd:,.0f}",
            step.km_evidence or step.hours_evidence,
        ])  # fmt: skip
    when = "" if route.season == "year" else f", {route.season}"
    print(f"{names[route.from_place]} to {names[route.to_place]}, least {route.by} "
          f"by {', '.join(route.modes)}{when}\n")  # fmt: skip
    head = ("leg or place", "mode", "", "km", "h", "USD", "sum km", "sum h", "sum USD", "rests on")
    write_table(head, rows, right=range(3, 9))
    low, high = (sum(getattr(s, f"usd_{end}") for s in route.steps) for end in ("low", "high"))
    print(f"\n{route.km:,.0f} km  {shares(route.resting_on('km'))}")
    print(f"{route.hours:,.1f} h ({route.hours / 24:.1f} days)  "
          f"{shares(route.resting_on('hours'))}")  # fmt: skip
    print(f"{route.usd:,.0f} USD per TEU ({low:,.0f} to {high:,.0f})  "
          f"{shares(route.resting_on('usd'))}")  # fmt: skip
