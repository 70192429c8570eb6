"""The geodata room: a link's drawn line replaced by the road or railway that OpenStreetMap has.

Only the line changes: the cited length stays what time and cost are worked out from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Proj
from shapely.geometry import LineString

from corridor.faults import Fault, Faults
from corridor.geodata.network import Network
from corridor.geodata.rules import checks

if TYPE_CHECKING:
    from corridor.geodata.osm import Tracks

__all__ = ["Change", "plane_of", "redrawn"]

TOLERANCE_M = 20.0  # how far the line we keep may stray from that of the map
STEP_M = 200.0  # between the points at which the new line is compared with the old one
ODD = 0.10  # a length so much off the cited one is worth a word
FAR_KM = 1.0  # a place so far off its line is worth a word
_EARTH = Geod(ellps="WGS84")

Point = tuple[float, float]


@dataclass(frozen=True)
class Change:
    """What changes for one link, all lengths in km along the ellipsoid.

    Parameters
    ----------
    cited_km, before_km, osm_km : float
        Length as cited, of the line drawn so far, and of the way in OpenStreetMap.
    mean_km, p95_km, most_km : float
        How far the new line lies from the old one, sampled each 200 m.
    off : tuple of (str, float)
        The places of the link and how far each lies from the new line.
    line : LineString
        Degrees, within 20 m of the way in OpenStreetMap.
    """

    link: str
    cited_km: float
    before_km: float
    osm_km: float
    mean_km: float
    p95_km: float
    most_km: float
    off: tuple[tuple[str, float], ...]
    line: LineString

    def warnings(self) -> Iterator[str]:
        """What a person should look at before the line is taken."""
        if abs(self.osm_km - self.cited_km) > ODD * self.cited_km:
            yield (f"OpenStreetMap has {self.osm_km:.0f} km, the cited length is"
                   f" {self.cited_km:g} km: another road, or a wrong figure?")  # fmt: skip
        for place, km in self.off:
            if km > FAR_KM:
                yield f"{place} lies {km:.1f} km off the new line"


def plane_of(lonlat: NDArray[np.float64]) -> Proj:
    """Metres east and north of the middle of some points; true to 0.3 % within 800 km of it."""
    lon, lat = (lonlat.min(axis=0) + lonlat.max(axis=0)) / 2
    return Proj(proj="aeqd", lon_0=float(lon), lat_0=float(lat), ellps="WGS84")


def redrawn(
    network: Network, links: gpd.GeoDataFrame, tracks: Tracks, snap_km: float
) -> list[Change]:
    """The new line of each of `links`, checked as a network is.

    Raises
    ------
    Faults
        A place farther than `snap_km` from every way, ways that do not meet, or a line that the
        network's own checks refuse.
    """
    at = dict(zip(network.places.place, network.places.geometry, strict=True))
    changes: list[Change] = []
    faults: list[Fault] = []
    for row in links.itertuples():
        names = (row.from_place, *row.via.split(), row.to_place)
        try:
            stops = {name: (at[name].x, at[name].y) for name in names}
            changes.append(_change(row, stops, tracks, snap_km))
        except KeyError as error:
            faults.append(Fault(None, row.link, f"no place {error} in places.csv"))
        except Faults as found:
            faults += found.faults
    if faults:
        raise Faults(faults)
    alone = replace(network, links=links, corridors={}, basemap={})
    known = set(checks(alone))
    new = links.set_geometry([change.line for change in changes], crs=links.crs)
    if faults := [fault for fault in checks(replace(alone, links=new)) if fault not in known]:
        raise Faults(faults)
    return changes


def _change(row: Any, stops: dict[str, Point], tracks: Tracks, snap_km: float) -> Change:
    """The change of one link that passes `stops`."""
    rows = _snapped(row.link, stops, tracks, snap_km)
    steps = [int(r) for a, b in pairwise(rows) for r in tracks.path(a, b)]
    way = tracks.lonlat[_without_spurs(steps)]
    if len(way) < 2:
        raise Faults.one("both its ends lie nearest to the same point of the map", row.link)
    old = shapely.get_coordinates(row.geometry)
    plane = plane_of(np.vstack([old, way]))
    flat = np.column_stack(plane(*way.T))
    drawn = LineString(
        np.column_stack(plane(*shapely.get_coordinates(row.geometry.segmentize(0.05)).T))
    )
    off = shapely.distance(shapely.points(_sampled(flat)), drawn) / 1000
    return Change(
        row.link, row.km, _km(old), _km(way),
        float(off.mean()), float(np.percentile(off, 95)), float(off.max()),
        tuple((name, LineString(flat).distance(shapely.Point(plane(*point))) / 1000)
              for name, point in stops.items()),
        _simpler(way),
    )  # fmt: skip


def _sampled(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (N, 2) in the middle of each of N equal steps along a line of points in metres."""
    until = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(metres, axis=0).T))])
    count = int(np.ceil(until[-1] / STEP_M))
    along = (np.arange(count) + 0.5) * until[-1] / count
    return np.column_stack([np.interp(along, until, axis) for axis in metres.T])


def _simpler(lonlat: NDArray[np.float64]) -> LineString:
    """The line without the points it can do without, its pieces straight in degrees.

    Straight in degrees is how GeoJSON draws; over 200 km it is hundreds of metres from straight on
    the earth, so the points must be left out in degrees too.
    """
    scale = np.array([np.cos(np.radians(np.abs(lonlat[:, 1]).min())), 1.0])
    kept = LineString(lonlat * scale).simplify(TOLERANCE_M / 111_700)  # metres in a degree, at most
    return LineString((shapely.get_coordinates(kept) / scale).round(5))


def _km(lonlat: NDArray[np.float64]) -> float:
    return float(_EARTH.line_length(*lonlat.T)) / 1000


def _snapped(link: str, stops: dict[str, Point], tracks: Tracks, snap_km: float) -> list[int]:
    """The row of `tracks` nearest to each stop, all in the connected piece that suits the ends.

    A stop on the way that is too far from that piece is left out; an end is not.
    """
    nearest, off = _nearest(tracks, list(stops.values()))
    ends = off[[0, -1]]
    joined = (ends <= snap_km).all(axis=0)
    if not joined.any():
        raise Faults(_apart(link, list(stops), tracks, nearest, off, snap_km))
    piece = int(np.where(joined, ends.sum(axis=0), np.inf).argmin())
    near = off[:, piece] <= snap_km
    return [int(row) for row, close in zip(nearest[:, piece], near, strict=True) if close]


def _nearest(
    tracks: Tracks, points: Sequence[Point]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each point and connected piece the nearest row, and how far it is, km."""
    rows, far = [], []
    for point in points:
        off = tracks.off_km(point)
        order = np.lexsort((off, tracks.piece))
        first = order[np.unique(tracks.piece[order], return_index=True)[1]]
        rows.append(first)
        far.append(off[first])
    return np.array(rows), np.array(far)


def _apart(
    link: str,
    names: Sequence[str],
    tracks: Tracks,
    nearest: NDArray[np.int64],
    off: NDArray[np.float64],
    snap_km: float,
) -> Iterator[Fault]:
    """Why no piece joins the two ends: a place too far off, or a gap."""
    lost = [at for at in (0, -1) if off[at].min() > snap_km]
    for at in lost:
        yield Fault(
            None,
            link,
            f"{names[at]} lies {off[at].min():.1f} km from the nearest way, more than"
            f" {snap_km:g} km: is its position right? Otherwise --wider, or a greater --snap",
        )
    if not lost:
        one, other = (tracks.lonlat[tracks.piece == off[at].argmin()] for at in (0, -1))
        tree = shapely.STRtree(shapely.points(other))
        pairs, far = tree.query_nearest(
            shapely.points(one), return_distance=True, all_matches=False
        )
        a, b = one[pairs[0, far.argmin()]], other[pairs[1, far.argmin()]]
        yield Fault(
            None,
            link,
            f"the ways at {names[0]} and at {names[-1]} do not meet: a gap of"
            f" {_km(np.array([a, b])):.1f} km at latitude {a[1]:.4f}, longitude {a[0]:.4f};"
            " is the extract whole? Otherwise --wider, or a greater --near",
        )


def _without_spurs(steps: Sequence[int]) -> list[int]:
    """The steps without repeats, and without ways gone in and out again to reach a town."""
    kept: list[int] = []
    for step in steps:
        if kept and kept[-1] == step:
            continue
        if len(kept) > 1 and kept[-2] == step:
            kept.pop()
        else:
            kept.append(step)
    return kept
