"""The geodata room: the Network, its places, links and corridors, and questions put to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
from pyproj import Geod

from corridor.faults import Fault, Faults, Mark, did_you_mean

if TYPE_CHECKING:
    from corridor.geodata.routing import Route

__all__ = ["Corridor", "Leg", "Network", "geodesic_km"]

_TABLES = ("places", "links", "ports", "terminals", "incidents", "haulage", "totals", "accepted")
_EARTH = Geod(ellps="WGS84")


def geodesic_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Shortest distance over the WGS 84 ellipsoid, km, between two (longitude, latitude)."""
    return float(_EARTH.inv(*one, *other)[2]) / 1000


@dataclass(frozen=True)
class Corridor:
    """A named chain of places of one mode (``road`` or ``rail``)."""

    corridor: str
    title: str
    mode: str
    places: tuple[str, ...]

    @property
    def pairs(self) -> Iterator[tuple[str, str]]:
        """Neighbouring places, from the first to the last."""
        return zip(self.places, self.places[1:], strict=False)


@dataclass(frozen=True)
class Leg:
    """One link as it is travelled, from one named place to the other.

    Parameters
    ----------
    link : str
        The id of the link, the same in both directions.
    km : float
        Length of the road or line, not of the drawn geometry.
    until_km : float
        Length of the chain up to the end of this leg; `km` for a leg asked for alone.
    speed_kmh, speed_low, speed_high : float
        Running speed without delay, and its range.
    evidence, claim, why : str
        ``cited``, ``derived`` or ``assumed``; the claims it rests on, separated by a space; the
        reason. The same with ``speed_`` for the speed.
    """

    link: str
    from_place: str
    to_place: str
    mode: str
    name: str
    section: str
    km: float
    evidence: str
    claim: str
    why: str
    speed_kmh: float
    speed_low: float
    speed_high: float
    speed_evidence: str
    speed_claim: str
    speed_why: str
    until_km: float = 0.0

    @property
    def hours(self) -> float:
        """Running time without delay, hours."""
        return self.km / self.speed_kmh


@dataclass(frozen=True)
class Network:
    """Places and links as GeoDataFrames in EPSG:4326, corridors, and the base map.

    Parameters
    ----------
    places : GeoDataFrame
        One Point a row; the columns of ``places.csv``, with `geometry` for lat and lon.
    links : GeoDataFrame
        One LineString a row, drawn as its `drawn` says; `km` is the true length.
    corridors : dict of str to Corridor
        By id.
    basemap : mapping of str to GeoDataFrame
        ``land``, ``lakes``, ``rivers``, ``countries``, ``boundaries`` (column `status`:
        international, disputed, line_of_control or indefinite); read when asked for.
    ports : GeoDataFrame
        A border port a row, a Point at its `place`; the columns of ``ports.csv``.
    terminals : GeoDataFrame
        Where a load changes mode or gauge or waits at a border, and what that takes.
    incidents : GeoDataFrame
        Closures and attacks on record, a Point each.
    profiles : GeoDataFrame
        Heights along links: `link`, `km` from its first place, `elevation_m`, a Point each.
    haulage : DataFrame
        What a TEU costs a km, by mode and section.
    totals : DataFrame
        Published lengths of parts of corridors, to hold the sums of legs against.
    accepted : DataFrame
        Cautions of the rules that were looked into, and why they stand.
    marks : mapping of str to Mark
        Where ``place/<id>``, ``link/<id>``, ``corridor/<id>``, ``ports/<id>`` ... stand in their
        files.

    Examples
    --------
    >>> from corridor.geodata import load
    >>> network = load()
    >>> network.leg("sost", "khunjerab_pass").km
    86.0
    >>> [leg.until_km for leg in network.chain("cpec_road")][:2]
    [290.0, 420.0]
    """

    places: gpd.GeoDataFrame
    links: gpd.GeoDataFrame
    corridors: dict[str, Corridor]
    basemap: Mapping[str, gpd.GeoDataFrame]
    ports: gpd.GeoDataFrame
    terminals: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    profiles: gpd.GeoDataFrame
    haulage: pd.DataFrame
    totals: pd.DataFrame
    accepted: pd.DataFrame
    marks: Mapping[str, Mark] = field(default_factory=dict)

    @cached_property
    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of each table by its name, told once for all rules.

        What changes in a table afterwards is not seen: who judges a network begins with
        ``dataclasses.replace(network)``, which has told nothing yet."""
        return {name: getattr(self, name).to_dict("records") for name in _TABLES}

    def fault(self, what: str, name: str, message: str) -> Fault:
        """What is wrong with a row, at its place: `what` and `name` as in `marks`."""
        return Fault(self.marks.get(f"{what}/{name}"), name, message)

    def leg(self, a: str, b: str, mode: str | None = None) -> Leg:
        """The link between `a` and `b`, travelled from `a` to `b`.

        Parameters
        ----------
        a, b : str
            Place ids, in either direction.
        mode : {"road", "rail", "sea"}, optional
            Needed only where two modes join the same two places.

        Raises
        ------
        Faults
            No such place, no such link, or two of them (two sea lanes have ids of their own: see
            `route`).
        """
        return self._leg(self.links.to_dict("records"), a, b, mode)

    def _leg(self, links: list[dict[str, Any]], a: str, b: str, mode: str | None) -> Leg:
        ends = [{row["from_place"], row["to_place"]} for row in links]
        found = [row for row, its in zip(links, ends, strict=True)
                 if its == {a, b} and mode in (None, row["mode"])]  # fmt: skip
        if len(found) == 1:
            return _leg(found[0], a, b)
        for place in (a, b):
            self._known(place)
        if len(found):
            raise Faults.one("several links join these two; say which mode", f"{a}-{b}")
        ways = ", ".join(sorted(set().union(*(its - {a} for its in ends if a in its)))) or "nowhere"
        message = f"no {mode or 'road or rail'} link; from {a} links lead to {ways}"
        raise Faults.one(message, f"{a}-{b}")

    def chain(self, corridor: str) -> list[Leg]:
        """The legs of a corridor in order, each with the kilometres up to its end.

        Raises
        ------
        Faults
            No such corridor, or two neighbours that no link joins.
        """
        if corridor not in self.corridors:
            hint = did_you_mean(corridor, self.corridors)
            there = ", ".join(self.corridors)
            raise Faults.one(f"no corridor {corridor!r}{hint}; there are {there}")
        named = self.corridors[corridor]
        legs: list[Leg] = []
        links, until = self.links.to_dict("records"), 0.0
        for a, b in named.pairs:
            leg = self._leg(links, a, b, named.mode)
            until += leg.km
            legs.append(replace(leg, until_km=until))
        return legs

    def route(
        self,
        a: str,
        b: str,
        by: str = "time",
        modes: Collection[str] = ("road", "rail", "sea"),
        season: str = "year",
        closed: Collection[str] = (),
    ) -> Route:
        """The shortest way from `a` to `b`.

        Parameters
        ----------
        a, b : str
            Place ids.
        by : {"time", "distance", "cost"}
            What is made least: hours, cited km, or USD per TEU.
        modes : collection of {"road", "rail", "sea"}
            By what the load may travel; it changes over only at terminals.
        season : {"year", "winter", "spring", "summer", "autumn"}
            Ports closed in the middle of the season cannot be passed; in winter links run at their
            winter speed where one is known. ``year``: everything open.
        closed : collection of str
            Ports that count as shut, whatever their season.

        Raises
        ------
        Faults
            No such place, mode, season or port; or no way.

        Examples
        --------
        >>> from corridor.geodata import load
        >>> [step.name for step in load().route("gilgit", "khunjerab_pass", modes=("road",)).steps
        ...  if step.what == "leg"]
        ['sost-gilgit', 'khunjerab_pass-sost']
        """
        from corridor.geodata.routing import find_route  # and networkx: only who asks a way waits

        return find_route(self, a, b, by, modes, season, closed)

    def great_circle_km(self, a: str, b: str) -> float:
        """Shortest distance over the earth between two places, km (geodesic on WGS 84).

        Raises
        ------
        Faults
            No such place.
        """
        return geodesic_km(self._known(a), self._known(b))

    def claims(self) -> set[str]:
        """The ids of all claims that any layer rests on."""
        return {claim for _, _, claim in self.citations()}

    def citations(self) -> Iterator[tuple[str, str, str]]:
        """Every citation: the layer and row (``link/sost-gilgit``), the column, the claim."""
        links = ("claim", "speed_claim", "traffic_claim", "winter_claim")
        tables: dict[str, tuple[pd.DataFrame, tuple[str, ...], tuple[str, ...]]] = {
            "link": (self.links, ("link",), links),
            "ports": (self.ports, ("port",), ("claim",)),
            "terminals": (self.terminals, ("place", "from_mode", "to_mode"), ("claim",)),
            "incidents": (self.incidents, ("incident",), ("claim",)),
            "haulage": (self.haulage, ("mode", "section"), ("claim",)),
            "totals": (self.totals, ("corridor", "from_place", "to_place"), ("claim",)),
        }
        for name, (table, key, columns) in tables.items():
            for row in table.to_dict("records"):
                its = " ".join(str(row[column]) for column in key)
                for column in columns:
                    for claim in str(row[column]).split():
                        yield f"{name}/{its}", column, claim

    @cached_property
    def _positions(self) -> dict[str, tuple[float, float]]:
        """Longitude and latitude of every place."""
        points = self.places.geometry
        return dict(zip(self.places.place, zip(points.x, points.y, strict=True), strict=True))

    def _known(self, place: str) -> tuple[float, float]:
        """The position of a place, or a Faults that offers the nearest name."""
        if place not in self._positions:
            hint = did_you_mean(place, self.places.place)
            raise Faults.one(f"no place {place!r} in places.csv{hint}")
        return self._positions[place]


def _leg(row: dict[str, Any], a: str, b: str) -> Leg:
    """A row of the links table as a Leg from `a` to `b`."""
    wanted = {each.name for each in fields(Leg)} - {"from_place", "to_place", "until_km"}
    known = {name: row[name] for name in wanted}
    return Leg(**known, from_place=a, to_place=b, until_km=row["km"])
