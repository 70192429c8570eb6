"""The geodata room: what must be true of a network before anything is computed from it.

The rules on legs (never shorter than the great circle, circuity at most 2.5) are those a
hand-made table of distances breaks first: a slipped digit, a leg between interchanges
drawn between cities.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import shapely

from corridor.faults import Fault, did_you_mean
from corridor.geodata.alignments import alignment_cautions, alignment_checks
from corridor.geodata.bounds import bound_checks
from corridor.geodata.crossings import crossing_cautions, crossing_checks
from corridor.geodata.network import Network, geodesic_km
from corridor.geodata.whereabouts import whereabouts_cautions, whereabouts_checks

__all__ = ["cautions", "checks"]

REGION = (-12.0, 2.0, 136.0, 68.0)  # west, south, east, north, degrees: the base map's
EARTH = (-180.0, -90.0, 180.0, 90.0)  # ships leave the region
NEAR_KM = 5.0  # a line ends at its places; farther off, somebody swapped lat and lon
AROUND = 4.0  # the same at sea: Shanghai to Hamburg by the Cape is 3.0
CIRCUITY = 2.5  # length over great circle; mountain legs here reach 1.5 to 2.1
EVIDENCE = ("cited", "derived", "assumed")
OF_THE_REGISTER = (
    "measured_length",
    "slipped_point",
)  # who knows the claims raises and settles these


def checks(network: Network) -> list[Fault]:
    """Everything that is wrong with the network; an empty list when it is sound.

    Whether the claims a link names exist is not judged here: see ``Network.claims``.

    Examples
    --------
    >>> from corridor.geodata import load
    >>> checks(load())
    []
    """
    network = dataclasses.replace(network)
    found = [*_crs(network)]
    shapes = [*_shapes(network, "place", "Point"), *_shapes(network, "link", "LineString")]
    ends = list(_ends(network))
    bad = {fault.path for fault in (*shapes, *ends)}
    measurable = [
        row for row in _rows(network) if not bad & {row.link, row.from_place, row.to_place}
    ]
    found += [*_twice(network), *shapes, *ends]
    found += [*_lengths(network, measurable), *_drawn(network, measurable), *_connected(network)]
    found += [*_evidence(network), *_speeds(network), *_chains(network)]
    found += [*bound_checks(network), *crossing_checks(network), *whereabouts_checks(network)]
    return found if shapes else [*found, *alignment_checks(network)]


def cautions(network: Network) -> list[Fault]:
    """What a careful reader would doubt in a network that passes `checks`.

    A run goes on in spite of it; ``corridor geodata check --strict`` does not. What was looked
    into and stands is listed in ``accepted.csv`` and left out here; a row there that no longer
    names a caution is one itself. Those of `OF_THE_REGISTER` are not judged here.

    Examples
    --------
    >>> from corridor.geodata import load
    >>> cautions(load())
    []
    """
    network = dataclasses.replace(network)
    found = {**crossing_cautions(network), **alignment_cautions(network)}
    found |= whereabouts_cautions(network)
    accepted = {(row["caution"], row["name"]) for row in network.rows["accepted"]}
    open_ = [
        dataclasses.replace(fault, message=f"{fault.message} ({caution})")
        for caution, faults in found.items()
        for fault in faults
        if (caution, fault.path) not in accepted
    ]
    there = {(caution, fault.path) for caution, faults in found.items() for fault in faults}
    own = {pair for pair in accepted if pair[0] not in OF_THE_REGISTER}
    for caution, name in sorted(own - there):
        mark = network.marks.get(f"accepted/{caution} {name}")
        open_.append(Fault(mark, name, f"accepted.csv: there is no {caution} any more; drop it"))
    return open_


def _rows(network: Network) -> Iterator[Any]:
    return (SimpleNamespace(**row) for row in network.rows["links"])


def _crs(network: Network) -> Iterator[Fault]:
    tables = {"places": network.places, "links": network.links}
    for name, table in tables.items():
        if table.crs is None or table.crs.to_epsg() != 4326:
            yield Fault(None, name, f"the CRS must be EPSG:4326, not {table.crs}")


def _shapes(network: Network, what: str, kind: str) -> Iterator[Fault]:
    """Finite, in the region, of the right kind, valid."""
    table = network.places if what == "place" else network.links
    modes = table["mode"] if what == "link" else [""] * len(table)
    for name, line, mode in zip(table[what], table.geometry, modes, strict=True):
        west, south, east, north = EARTH if mode == "sea" else REGION
        points = shapely.get_coordinates(line)
        if line.geom_type != kind or line.is_empty:
            yield network.fault(what, name, f"the geometry must be a {kind}")
        elif not np.isfinite(points).all():
            yield network.fault(what, name, "a coordinate is not a finite number")
        elif not ((points >= (west, south)) & (points <= (east, north))).all():
            x, y = points[((points < (west, south)) | (points > (east, north))).any(axis=1)][0]
            message = f"longitude {x:g}, latitude {y:g} lies outside the region {REGION}"
            yield network.fault(what, name, f"{message}; are the two swapped?")
        elif not line.is_valid:
            yield network.fault(what, name, shapely.is_valid_reason(line))


def _twice(network: Network) -> Iterator[Fault]:
    for what, table in (("place", network.places), ("link", network.links)):
        for name in table[what][table[what].duplicated()]:
            yield network.fault(what, name, "this id stands twice; rename or drop one")
    pairs: dict[tuple[str, frozenset[str]], str] = {}
    for row in _rows(network):
        first = pairs.setdefault((row.mode, frozenset((row.from_place, row.to_place))), row.link)
        if first != row.link and row.mode != "sea":  # ships may choose between two capes
            yield network.fault("link", row.link, f"joins the same two places as {first}")


def _ends(network: Network) -> Iterator[Fault]:
    """Links name places that exist, carry their names, and end at them."""
    at = dict(zip(network.places.place, network.places.geometry, strict=True))
    for row in _rows(network):
        id_ = f"{row.from_place}-{row.to_place}{'' if row.mode == 'road' else f'_{row.mode}'}"
        if row.mode not in ("road", "rail", "sea"):
            yield network.fault("link", row.link, f"mode {row.mode!r} is not road, rail or sea")
        if row.link != id_ and not (row.mode == "sea" and row.link.startswith(f"{id_}_")):
            yield network.fault("link", row.link, f"by its places its id must be {id_}")
        if row.from_place == row.to_place:
            yield network.fault("link", row.link, "it begins where it ends")
        for place in (row.from_place, *row.via.split(), row.to_place):
            if place not in at:
                hint = did_you_mean(place, at)
                yield network.fault("link", row.link, f"no place {place!r} in places.csv{hint}")


def _drawn(network: Network, rows: list[Any]) -> Iterator[Fault]:
    """The drawn line begins and ends within NEAR_KM of its places."""
    at = dict(zip(network.places.place, network.places.geometry, strict=True))
    for row in rows:
        points = shapely.get_coordinates(row.geometry)
        for place, (x, y) in ((row.from_place, points[0]), (row.to_place, points[-1])):
            off = geodesic_km((x, y), (at[place].x, at[place].y))
            if off > NEAR_KM:
                message = f"the line ends {off:,.0f} km from {place}; are latitude and longitude"
                yield network.fault("link", row.link, f"{message} swapped, in either file?")


def _lengths(network: Network, rows: list[Any]) -> Iterator[Fault]:
    """Great circle <= km <= 2.5 great circles; 4 at sea, where ships go round a continent."""
    for row in rows:
        least = network.great_circle_km(row.from_place, row.to_place)
        most = AROUND if row.mode == "sea" else CIRCUITY
        if not np.isfinite(row.km) or row.km <= 0:
            yield network.fault("link", row.link, f"km must be above 0, not {row.km}")
        elif row.km < least:
            message = f"{row.km:g} km is shorter than the great circle, {least:.1f} km"
            yield network.fault("link", row.link, message)
        elif row.km > most * least:
            message = f"{row.km:g} km is more than {most:g} great circles of {least:.1f} km"
            yield network.fault("link", row.link, message)


def _connected(network: Network) -> Iterator[Fault]:
    """All roads hang together, and all railways, with the ferries between them."""
    for mode, bridges in (("road", ("road",)), ("rail", ("rail", "sea"))):
        rows = [row for row in _rows(network) if row.mode in bridges]
        parts: list[set[str]] = []
        for row in rows:
            ends = {row.from_place, row.to_place}
            touched = [part for part in parts if part & ends]
            parts = [part for part in parts if not part & ends] + [ends.union(*touched)]
        own = [row for row in rows if row.mode == mode]
        parts = [part for part in parts if any(row.from_place in part for row in own)]
        for part in sorted(parts, key=len)[:-1]:
            link = next(row.link for row in own if row.from_place in part)
            names = _few(sorted(part))
            yield network.fault("link", link, f"no {mode} link joins {names} to the rest")


def _few(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _evidence(network: Network) -> Iterator[Fault]:
    """Known evidence; claims where it is cited or derived, a reason where it is not cited."""
    for row in _rows(network):
        for part in ("", "speed_"):
            evidence = getattr(row, f"{part}evidence")
            if evidence not in EVIDENCE:
                message = f"{part}evidence {evidence!r} is not known"
                message += did_you_mean(evidence, EVIDENCE)
                yield network.fault("link", row.link, message)
            elif evidence != "assumed" and not getattr(row, f"{part}claim").strip():
                yield network.fault("link", row.link, f"{part}claim: name the claim")
            elif evidence != "cited" and not getattr(row, f"{part}why").strip():
                yield network.fault("link", row.link, f"{part}why: give the reason")
        known = np.isfinite([row.traffic_t, row.traffic_trains])
        if known.any() and not (row.traffic_claim.strip() and row.traffic_period.strip()):
            message = "traffic_claim and traffic_period: name both, or leave the traffic null"
            yield network.fault("link", row.link, message)


def _speeds(network: Network) -> Iterator[Fault]:
    for row in _rows(network):
        if not 0 < row.speed_low <= row.speed_kmh <= row.speed_high < np.inf:
            range_ = f"{row.speed_low:g}, {row.speed_kmh:g}, {row.speed_high:g}"
            message = f"speed_low, speed_kmh, speed_high must rise from above 0: {range_}"
            yield network.fault("link", row.link, message)


def _chains(network: Network) -> Iterator[Fault]:
    """Corridors follow links that exist."""
    joined = {(r.mode, end) for r in _rows(network)
              for end in ((r.from_place, r.to_place), (r.to_place, r.from_place))}  # fmt: skip
    for name, corridor in network.corridors.items():
        if len(corridor.places) < 2:
            yield network.fault("corridor", name, "a corridor needs two places or more")
        for a, b in corridor.pairs:
            if (corridor.mode, (a, b)) not in joined:
                message = f"no {corridor.mode} link joins {a} and {b}"
                hint = did_you_mean(b, network.places.place)
                yield network.fault("corridor", name, message + hint)
