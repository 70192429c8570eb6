"""The geodata room: what must be true of ports, terminals, incidents, rates and totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from corridor.faults import Fault, did_you_mean
from corridor.geodata.gauges import gauge_breaks, unknown_gauges
from corridor.geodata.hours import parts, zones_of
from corridor.geodata.network import Network
from corridor.geodata.rates import OCEAN, sections

__all__ = ["crossing_cautions", "crossing_checks"]

ROUND_SUM = 0.01  # a share that any published total may be rounded by
_POSTS = ("place", "across")
WIDE = 2.0  # a tolerance is at most so many times what it is needed for


def crossing_checks(network: Network) -> list[Fault]:
    """What must hold of the layers that are tables."""
    found: list[Fault] = []
    for rule in (_ports, _terminals, _incidents, _haulage, gauge_breaks, _sea_ports, _totals):
        found += rule(network)
    for layer, key in (("ports", ("port",)), ("terminals", ("place", "from_mode", "to_mode")),
                       ("incidents", ("incident",)), ("haulage", ("mode", "section"))):  # fmt: skip
        found += _evidence(network, layer, key)
    return found


def crossing_cautions(network: Network) -> dict[str, list[Fault]]:
    """What a careful reader doubts: terminals without use, ports without one, unknown gauges,
    terminals of one ground that differ, tolerances wider than they need be."""
    return {
        "idle_terminal": list(_idle_terminals(network)),
        "unreached_sea": list(_unreached_seas(network)),
        "unknown_gauge": list(unknown_gauges(network)),
        "free_border": list(_free_borders(network)),
        "unlike_terminal": list(_unlike_terminals(network)),
        "wide_total": list(_wide_totals(network)),
    }


def _rows(
    network: Network, layer: str, key: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of a layer with the name by which it is marked."""
    for row in network.rows[layer]:
        yield " ".join(str(row[column]) for column in key), row


def _known(network: Network, what: str, name: str, place: str) -> Iterator[Fault]:
    """A place that does not exist, with the nearest name."""
    places = network.places.place
    if not (places == place).any():
        hint = did_you_mean(place, places)
        yield network.fault(what, name, f"no place {place!r} in places.csv{hint}")


def _ports(network: Network) -> Iterator[Fault]:
    """Two posts that exist, gauges for railways alone, codes of the posts' own countries."""
    country = dict(zip(network.places.place, network.places.country, strict=True))
    for name, row in _rows(network, "ports", ("port",)):
        yield from _known(network, "ports", name, row["place"])
        yield from _known(network, "ports", name, row["across"])
        if row["place"] == row["across"]:
            yield network.fault("ports", name, "a port has a post on either side: name both")
        gauged = np.isfinite([row["gauge_mm"], row["gauge_across_mm"]])
        if row["kind"] == "rail" and not gauged.all():
            yield network.fault("ports", name, "a railway port: give both gauges")
        if row["kind"] != "rail" and gauged.any():
            yield network.fault("ports", name, "not a railway port: leave the gauges empty")
        yield from _codes(network, name, row)
        yield from _clock(network, name, row, {country.get(row[end], "") for end in _POSTS})


def _codes(network: Network, name: str, row: Mapping[str, Any]) -> Iterator[Fault]:
    """Codes of the posts' own countries, each that of its post in ``places.csv``."""
    country = dict(zip(network.places.place, network.places.country, strict=True))
    listed = dict(zip(network.places.place, network.places.unlocode, strict=True))
    for code, place in zip(("unlocode", "unlocode_across"), _POSTS, strict=True):
        home, known = country.get(row[place], ""), listed.get(row[place], row[code])
        if row[code] and home and not row[code].startswith(home):
            message = f"{code} {row[code]} is not of {home}, where {row[place]} lies"
            yield network.fault("ports", name, message)
        elif row[code] != known:
            message = f"{code} is {row[code] or 'empty'}, but places.csv has"
            message += f" {known or 'none'} for {row[place]}"
            yield network.fault("ports", name, message)


def _clock(
    network: Network, name: str, row: Mapping[str, Any], countries: set[str]
) -> Iterator[Fault]:
    """Hours on a clock of one of the two countries, where both have one."""
    zone = parts(row["hours"])[2] if row["hours"] else ""
    if zone and "" not in countries:
        own = [each for country in sorted(countries) for each in zones_of(country)]
        if own and zone not in own:
            message = f"{zone} is the clock of neither {' nor '.join(sorted(countries))}"
            yield network.fault("ports", name, f"hours: {message}")


def _terminals(network: Network) -> Iterator[Fault]:
    for name, row in _rows(network, "terminals", ("place", "from_mode", "to_mode")):
        yield from _known(network, "terminals", name, row["place"])
        if not row["hours_low"] <= row["hours"] <= row["hours_high"]:
            yield network.fault("terminals", name, "hours_low, hours, hours_high must rise")


def _incidents(network: Network) -> Iterator[Fault]:
    """Links and places that exist, days in order, a position on the map."""
    links = set(network.links.link)
    for name, row in _rows(network, "incidents", ("incident",)):
        if row["link"] and row["link"] not in links:
            message = f"no link {row['link']!r}{did_you_mean(row['link'], links)}"
            yield network.fault("incidents", name, message)
        if row["place"]:
            yield from _known(network, "incidents", name, row["place"])
        if row["from"] and row["to"] and row["to"] < row["from"]:
            yield network.fault("incidents", name, "it ends before it begins")
        if not (-180 <= row["geometry"].x <= 180 and -90 <= row["geometry"].y <= 90):
            yield network.fault("incidents", name, "the position is not on the earth")


def _haulage(network: Network) -> Iterator[Fault]:
    """Ranges that rise, and a rate for every link."""
    for name, row in _rows(network, "haulage", ("mode", "section")):
        if not row["low"] <= row["usd_per_teu_km"] <= row["high"]:
            yield network.fault("haulage", name, "low, usd_per_teu_km, high must rise")
        least, most = OCEAN
        if (row["mode"], row["section"]) == ("sea", "") and (
            row["low"] < least or row["high"] > most
        ):
            message = f"{row['low']:g} to {row['high']:g}: over an ocean a TEU costs {least:g} to"
            yield network.fault("haulage", name, f"{message} {most:g} USD a km in any year")
    country = dict(zip(network.places.place, network.places.country, strict=True))
    priced = {(r["mode"], r["section"]) for r in network.rows["haulage"]}
    for row in network.rows["links"]:
        if not any((row["mode"], word) in priced for word in sections(row, country)):
            message = f"haulage.csv has no rate for it, nor one for {row['mode']} at large"
            yield network.fault("link", row["link"], message)


def _sea_ports(network: Network) -> Iterator[Fault]:
    """Ships call at sea ports."""
    kind = dict(zip(network.places.place, network.places["kind"], strict=True))
    for row in network.rows["links"]:
        for end in ("from_place", "to_place"):
            if row["mode"] == "sea" and kind.get(row[end]) not in (None, "sea_port"):
                message = f"{row[end]} is a {kind[row[end]]}: a sea lane ends at a sea_port"
                yield network.fault("link", row["link"], message)


def _totals(network: Network) -> Iterator[Fault]:
    """Legs add up to the published length of the whole."""
    for name, row in _rows(network, "totals", ("corridor", "from_place", "to_place")):
        if row["corridor"] not in network.corridors:
            hint = did_you_mean(row["corridor"], network.corridors)
            yield network.fault("totals", name, f"no corridor {row['corridor']!r}{hint}")
            continue
        places = network.corridors[row["corridor"]].places
        if row["from_place"] not in places or row["to_place"] not in places:
            yield network.fault("totals", name, "both places must lie on the corridor")
            continue
        if not row["claim"]:
            yield network.fault("totals", name, "name the claim that publishes this length")
        if row["within"] and not row["why"].strip():
            yield network.fault("totals", name, "within: say in why the two need not be equal")
        length = _between(network, row)
        if length is not None and abs(length - row["km"]) > row["within"] * row["km"] + 0.5:
            message = f"the legs add up to {length:g} km, {row['km']:g} km are published"
            yield network.fault("totals", name, f"{message}; which leg is wrong?")


def _wide_totals(network: Network) -> Iterator[Fault]:
    """A tolerance far wider than what it must forgive would forgive an error as well."""
    for name, row in _rows(network, "totals", ("corridor", "from_place", "to_place")):
        length = _between(network, row)
        if length is not None and row["within"] > ROUND_SUM:
            off = abs(length - row["km"]) / row["km"]
            if row["within"] > max(WIDE * off, ROUND_SUM):
                message = f"within {row['within']:g}, but the legs come within {off:.3f}: narrow it"
                yield network.fault("totals", name, message)


def _between(network: Network, row: Mapping[str, Any]) -> float | None:
    """Length of a part of a corridor, km; None where a leg or place is missing: another rule's."""
    named = network.corridors.get(row["corridor"])
    if named is None:
        return None
    links = network.rows["links"]
    km = {(each["mode"], frozenset((each["from_place"], each["to_place"]))): each["km"]
          for each in links}  # fmt: skip
    until, total = {named.places[0]: 0.0}, 0.0
    for one, other in named.pairs:
        leg = km.get((named.mode, frozenset((one, other))))
        if leg is None:
            return None
        total += leg
        until[other] = total
    ends = [until[row[end]] for end in ("from_place", "to_place") if row[end] in until]
    return abs(ends[1] - ends[0]) if len(ends) == 2 else None


def _evidence(network: Network, layer: str, key: tuple[str, ...]) -> Iterator[Fault]:
    """Claims where it is cited or derived, a reason where it is not cited."""
    for name, row in _rows(network, layer, key):
        if row["evidence"] != "assumed" and not row["claim"].strip():
            yield network.fault(layer, name, f"{row['evidence']}: name the claim")
        if row["evidence"] != "cited" and not row["why"].strip():
            yield network.fault(layer, name, f"{row['evidence']}: give the reason in why")


def _idle_terminals(network: Network) -> Iterator[Fault]:
    at: dict[str, set[str]] = {}
    for row in network.rows["links"]:
        for end in ("from_place", "to_place"):
            at.setdefault(row[end], set()).add(row["mode"])
    for name, row in _rows(network, "terminals", ("place", "from_mode", "to_mode")):
        missing = {row["from_mode"], row["to_mode"]} - at.get(row["place"], set())
        if missing:
            message = f"no {' or '.join(sorted(missing))} link reaches it: nobody can use it"
            yield network.fault("terminals", name, message)


def _unlike_terminals(network: Network) -> Iterator[Fault]:
    """Stays of one ground, word for word, are one figure: one of them was changed alone."""
    alike: dict[tuple[str, ...], list[tuple[str, dict[str, Any]]]] = {}
    for name, row in _rows(network, "terminals", ("place", "from_mode", "to_mode")):
        ground = tuple(row[each] for each in ("from_mode", "to_mode", "claim", "why"))
        alike.setdefault(ground, []).append((name, row))
    for rows in alike.values():
        for column in ("hours", "hours_low", "hours_high", "usd_per_teu"):
            usual, times = Counter(row[column] for _, row in rows).most_common(1)[0]
            for name, row in rows:
                if row[column] != usual and times > 1:
                    message = f"{column} is {row[column]:g}, but {usual:g} at {times} terminals"
                    message += " of the same claims and why"
                    yield network.fault("terminals", name, message)


def _unreached_seas(network: Network) -> Iterator[Fault]:
    """A sea port that land links reach too, without a terminal between the two."""
    modes: dict[str, set[str]] = {}
    for row in network.rows["links"]:
        for end in ("from_place", "to_place"):
            modes.setdefault(row[end], set()).add(row["mode"])
    rows = network.rows["terminals"]
    joined = {row["place"] for row in rows if "sea" in (row["from_mode"], row["to_mode"])}
    for place, found in modes.items():
        if "sea" in found and len(found) > 1 and place not in joined:
            yield network.fault("place", place, "ships and lorries or trains meet here without "
                         "a row in terminals.csv: no load can change over")  # fmt: skip


def _free_borders(network: Network) -> Iterator[Fault]:
    """A road port that lorries can pass without a stay at either post."""
    rows = network.rows["terminals"]
    stays = {row["place"] for row in rows if row["from_mode"] == row["to_mode"] == "road"}
    roads = network.links[network.links["mode"] == "road"]
    reached = {*roads.from_place, *roads.to_place}
    for name, port in _rows(network, "ports", ("port",)):
        posts = {port["place"], port["across"]}
        if port["kind"] == "road" and posts <= reached and not posts & stays:
            message = f"terminals.csv has no row from road to road at {' or '.join(sorted(posts))}"
            yield network.fault("ports", name, f"{message}: a route would cross for nothing")
