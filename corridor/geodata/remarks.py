"""The geodata room: what to bear in mind of a route: the next best crossing, what is not known.

A route is chosen on sums. Where a survey of one post stands against an assumed mean at another,
the choice may rest on the assumption: so the next best crossing is found by shutting the one taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor.faults import Faults
from corridor.geodata.closures import port_links, shut_ports
from corridor.geodata.routing import MODES, any_of, find_route, modes_at
from corridor.geodata.steps import Route, Step

if TYPE_CHECKING:
    from corridor.geodata.network import Network

__all__ = ["RunnerUp", "notes_on", "rechecks", "runners_up", "warning_on"]

NEARER = 2 / 3  # of a long way: a shortest way below this is told
TRIES = 6  # crossings looked at one after another for one with a stay of another kind
MANY = 3  # legs of the data from which one speed is told to stand for many
RECHECK = "re-check"  # what the reason of a claim says where its page is to be read again
ROUND = {"land": 2.5, "sea": 4.0}  # great circles; longer ways are suspect, round a cape less so


@dataclass(frozen=True)
class RunnerUp:
    """The best way that does not take one of the crossings of a route.

    Parameters
    ----------
    ports : tuple of str
        The crossing that is left out: the ports whose links the route passes there.
    besides : tuple of str
        Other ports left out with it, whose stays are of the same kind as those of the route.
    instead : tuple of str
        The ports that the other way passes and the route does not; may be none.
    by_sea : bool
        Whether the other way goes to sea.
    km, hours, usd : float or None
        What the other way takes beyond the route; None where this data has no other way.
    stays, stays_instead : tuple of Step
        Stays of the one that the other has not.
    alike : bool
        Whether both sides have a stay that rests on a figure of its own, or neither has: False
        where a surveyed stay stands against assumed ones.
    """

    ports: tuple[str, ...]
    besides: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    by_sea: bool = False
    km: float | None = None
    hours: float | None = None
    usd: float | None = None
    stays: tuple[Step, ...] = ()
    stays_instead: tuple[Step, ...] = ()
    alike: bool = True


def runners_up(network: Network, route: Route) -> list[RunnerUp]:
    """For each crossing of a border port on the route, in order, the best way by another.

    Where its stays rest on the same kind of evidence as those of the route, the best way whose
    stays do not comes after it, if there is one.
    """
    own, found = port_links(network), []
    for ports in _crossings(route, own):
        besides: tuple[str, ...] = ()
        for again in range(TRIES):
            other = _without(network, route, ports, besides, own)
            if not again or (other.instead and not other.alike):
                found.append(other)
            if not other.instead or not other.alike:
                break
            besides += other.instead
    return found


def _crossings(route: Route, own: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The ports passed, in order; ports that share a link of the route are one crossing."""
    found: list[tuple[str, ...]] = []
    for leg in route.legs:
        here = tuple(port for port, links in own.items() if leg.name in links)
        if here and not any(set(here) & set(one) for one in found):
            found.append(here)
    return found


def _without(
    network: Network,
    route: Route,
    ports: tuple[str, ...],
    besides: tuple[str, ...],
    own: dict[str, tuple[str, ...]],
) -> RunnerUp:
    """The best way with these ports shut, beside the route."""
    shut, ends = (*route.closed, *ports, *besides), (route.from_place, route.to_place)
    try:
        other = find_route(network, *ends, route.by, route.modes, route.season, shut)
    except Faults:
        return RunnerUp(ports, besides)
    passed, there = ({p for one in _crossings(r, own) for p in one} for r in (route, other))
    ours, theirs = _stays_beyond(route, other), _stays_beyond(other, route)
    amount = "usd_evidence" if route.by == "cost" else "hours_evidence"
    kinds = [{getattr(step, amount) == "assumed" for step in stays} for stays in (ours, theirs)]
    return RunnerUp(
        ports,
        besides,
        tuple(port for port in own if port in there - passed),
        any(leg.mode == "sea" for leg in other.legs),
        other.km - route.km,
        other.hours - route.hours,
        other.usd - route.usd,
        ours,
        theirs,
        not all(kinds) or (False in kinds[0]) == (False in kinds[1]),
    )


def _stays_beyond(one: Route, other: Route) -> tuple[Step, ...]:
    """The stays of a route that another has not."""
    known = {(step.what, step.name, step.mode) for step in other.steps}
    return tuple(
        step
        for step in one.steps
        if step.what != "leg" and (step.what, step.name, step.mode) not in known
    )


def notes_on(network: Network, route: Route) -> list[str]:
    """What is not known of a route and was taken for granted, a sentence each."""
    return [*_seasons(network, route), *_speeds(network, route), *_detour(network, route)]


def warning_on(network: Network, route: Route) -> str:
    """What a reader must know before the table: changes of mode on stays that nobody surveyed.

    Empty where the route keeps to one mode, or a figure of its own stands behind each change.
    """
    amount = "usd" if route.by == "cost" else "hours"
    stays = [s for s in route.steps if getattr(s, f"{amount}_evidence") == "assumed"]
    stays = [step for step in stays if step.what != "leg"]
    if not any(step.what == "transfer" for step in stays):
        return ""
    named, unit = _names(network.places, "place"), "USD" if amount == "usd" else "h"
    digits = 0 if amount == "usd" else 1
    each = ", ".join(f"{named[s.name]} {getattr(s, amount):,.{digits}f} {unit}" for s in stays)
    part, whole = sum(getattr(s, amount) for s in stays), getattr(route, amount)
    choice = "" if route.by == "distance" else "; whether this is the best way hangs on them"
    return (
        f"it changes mode on stays that are assumed, not surveyed: {each}: {part:,.0f} of "
        f"{whole:,.0f} {unit}{choice}."
    )


def rechecks(route: Route, claims: Mapping[str, tuple[str, str]]) -> list[str]:
    """Claims of the route whose own reason says that they are to be read again, by reason.

    Parameters
    ----------
    claims : mapping
        By id what a claim is of, and the reason of its status.
    """
    used = dict.fromkeys(claim for step in route.steps for claim in step.claims)
    found: dict[str, list[str]] = {}
    for claim in used:
        subject, reason = claims.get(claim, ("", ""))
        if RECHECK in reason:
            found.setdefault(reason, []).append(f"{claim} ({subject})")
    return [
        f"To be read again at its source: {any_of(each, 'and')}. The register says: {reason}."
        for reason, each in found.items()
    ]


def _speeds(network: Network, route: Route) -> Iterator[str]:
    """Speeds that are one published figure for many legs, mountain or plain."""
    links = network.links
    published = (links.speed_claim != "") & (links["mode"] != "sea")  # ships do not meet mountains
    speed = {row["link"]: (row["mode"], row["speed_kmh"], row["speed_claim"].split()[0])
             for row in links[published].to_dict("records")}  # fmt: skip
    cold = set(links.link[links.winter_kmh.notna()]) if route.season == "winter" else set()
    on_way = [speed[leg.name] for leg in route.legs if leg.name in speed and leg.name not in cold]
    said = []
    for one in dict.fromkeys(on_way):
        (mode, kmh, claim), in_all = one, list(speed.values()).count(one)
        if in_all >= MANY:
            said.append(f"{kmh:.3g} km/h ({claim}) for {in_all} legs by {mode}, "
                        f"{on_way.count(one)} of them here")  # fmt: skip
    if said:
        yield (
            "One published speed stands for many unlike legs of this data, so the hours of any one "
            f"of them may be far off: {'; '.join(said)}."
        )


def _seasons(network: Network, route: Route) -> Iterator[str]:
    """Ports of unknown season on the way; what the season asked for changed."""
    season = dict(zip(network.ports.port, network.ports.season, strict=True))
    named = _names(network.ports, "port")
    passed = [port for one in _crossings(route, port_links(network)) for port in one]
    if unknown := [named[port] for port in passed if not season[port]]:
        known = "is not known: it is" if len(unknown) == 1 else "are not known: they are"
        yield f"The season of {any_of(unknown, 'and')} {known} taken as open."
    if route.season == "year" or not route.steps:
        return
    cold = network.links[network.links.winter_kmh.notna()]
    mark = dict(zip(cold.link, cold.winter_evidence, strict=True))
    own = [leg.name for leg in route.legs if leg.name in mark] if route.season == "winter" else []
    if own:
        guessed = sum(mark[name] == "assumed" for name in own)
        rests = "assumed" if guessed == len(own) else f"{guessed} of them assumed"
        legs = f"{len(own)} of {len(route.legs)} legs {'has' if len(own) == 1 else 'have'}"
        yield (
            f"In winter {legs} a speed of {'its' if len(own) == 1 else 'their'} own "
            f"({', '.join(own)}), {rests}; for the others none is known, they run as in the year."
        )
    else:
        yield f"No leg of it has a speed of its own in {route.season}: all run as in the year."
    shut = shut_ports(network, route.season, (), route.modes)
    if shut:
        yield f"Shut in {route.season}: {any_of([named[port] for port in shut], 'and')}."
    else:
        yield f"No port with a known season is shut in {route.season}."


def _detour(network: Network, route: Route) -> Iterator[str]:
    """An end that ships alone reach; ways that are long to save, or for want of a link."""
    if not route.steps:
        return
    named = _names(network.places, "place")
    ships = any(leg.mode == "sea" for leg in route.legs)
    straight = network.great_circle_km(route.from_place, route.to_place)
    times = route.km / straight if straight else 1.0
    if times <= ROUND["land"]:
        return
    for place in (route.from_place, route.to_place):
        found = modes_at(network, place)
        if found & set(route.modes) == {"sea"}:
            of = "Only" if found == {"sea"} else f"Of {any_of(route.modes, 'and')} links only"
            yield f"{of} sea lanes reach {named[place]} in this data."
    ends = route.from_place, route.to_place
    least = find_route(network, *ends, "distance", route.modes, route.season, route.closed)
    great = f"{times:.1f} times the great circle of {straight:,.0f} km"
    if least.km < NEARER * route.km:
        hours, usd = f"{least.hours - route.hours:+,.1f} h", f"{least.usd - route.usd:+,.0f} USD"
        than = f"{usd} and {hours}" if route.by == "cost" else f"{hours} and {usd}"
        yield f"{great}, for the least {route.by}: the shortest way is {least.km:,.0f} km, {than}."
    elif times > ROUND["sea" if ships else "land"]:
        by = "" if len(route.modes) == len(MODES) else " by these modes"
        yield f"{great}: a nearer way may be missing from this data{by}."


def _names(table: Any, key: str) -> dict[str, str]:
    """The name of every row by its id; the id where there is none."""
    names = table["name"] if "name" in table else table[key]
    return {id_: name or id_ for id_, name in zip(table[key], names, strict=True)}
