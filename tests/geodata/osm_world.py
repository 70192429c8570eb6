"""A small made-up OpenStreetMap for the tests: its roads, its file, and a server on loopback.

The world is the stretch of two links of the bundled network, redrawn straight in a folder of its
own, so that every figure can be worked out by hand.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import numpy as np
import osmium
import pytest
import shapely
from osmium.osm import mutable
from pyproj import Geod
from shapely.geometry import LineString

from corridor.cli import _status

EARTH = Geod(ellps="WGS84")
STAMP = "2026-10-31T21:20:02Z"
PLACES = {
    "osm_b": (76.7, 39.6),
    "osm_c": (78.9, 39.8),
    "osm_d": (98.9, 40.8),
    "osm_r": (88.6, 44.1),
}
CORRIDORS = """\
osm_both: {title: Two legs, mode: road, places: [kashgar, osm_b, osm_c]}
osm_far: {title: Three legs, mode: road, places: [kashgar, osm_b, osm_c, osm_d]}
"""
Way = tuple[list[int], dict[str, str]]
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class World:
    """Nodes by number, degrees; ways by number, with tags."""

    nodes: dict[int, tuple[float, float]] = field(default_factory=dict)
    ways: dict[int, Way] = field(default_factory=dict)

    def road(self, points: Sequence[tuple[float, float]], **tags: str) -> list[int]:
        """A way through `points`; points that are there already are joined to."""
        known = {point: number for number, point in self.nodes.items()}
        run = []
        for lon, lat in points:
            point = (round(float(lon), 7), round(float(lat), 7))
            run.append(known.setdefault(point, len(self.nodes) + 1))
            self.nodes[run[-1]] = point
        self.ways[len(self.ways) + 1] = (run, tags)
        return run

    def write(self, path: Path, nodes: bool = True) -> Path:
        """As an extract, in the format that `path` is named for."""
        header = osmium.io.Header()
        header.set("osmosis_replication_timestamp", STAMP)
        with osmium.SimpleWriter(path, header=header, overwrite=True) as writer:
            for number, place in self.nodes.items():
                writer.add_node(mutable.Node(id=number, location=place))
            for number, (run, tags) in self.ways.items():
                writer.add_way(mutable.Way(id=number, nodes=run, tags=tags))
        return path

    def answer(self, query: str) -> dict[str, Any]:
        """What an Overpass server answers: whole ways with a node in the polygon, and nodes."""
        key, values = re.search(r'\["(\w+)"~"\^\(([\w|]+)\)\$"\]', query).groups()  # type: ignore[union-attr]
        (corners,) = re.findall(r"\(poly:'([-\d. ]+)'\)", query)
        lat, lon = np.array(corners.split(), float).reshape(-1, 2).T
        area = shapely.Polygon(np.column_stack([lon, lat]))
        ways = [
            {"type": "way", "id": number, "nodes": run, "tags": tags}
            for number, (run, tags) in self.ways.items()
            if tags.get(key) in values.split("|")
            and any(shapely.contains_xy(area, *self.nodes[node]) for node in run)
        ]
        used = sorted({node for way in ways for node in way["nodes"]})
        nodes = [{"type": "node", "id": n, "lon": self.nodes[n][0], "lat": self.nodes[n][1]}
                 for n in used]  # fmt: skip
        return {
            "version": 0.6,
            "generator": "Overpass API",
            "osm3s": {"timestamp_osm_base": STAMP, "copyright": "ODbL"},
            "elements": nodes + ways,
        }


def beside(a: tuple[float, float], b: tuple[float, float], km: float, each: float = 1.0) -> Any:
    """Points of a road from `a` to `b` that keeps `km` to the right of the straight line, with
    ramps of the same length at both ends: (N, 2) degrees, one each `each` km."""
    azimuth, _, metres = EARTH.inv(*a, *b)
    count = round(metres / 1000 / each)
    points = []
    for step in range(count + 1):
        along = metres * step / count
        lon, lat, back = EARTH.fwd(*a, azimuth, along)
        side = 1000 * min(km, along / 1000, (metres - along) / 1000)
        points.append(EARTH.fwd(lon, lat, back - 90, side)[:2] if side else (lon, lat))
    points[0], points[-1] = a, b
    return points


@dataclass
class Server:
    """A server on loopback, what it was asked, and how it may misbehave."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    behave: Callable[[int, str], Answer | None] = lambda turn, query: None


@contextmanager
def serving(world: World) -> Iterator[Server]:
    """An Overpass server for `world` until the block ends."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path != "/api/interpreter":
                server.others.append(self.path)
            query = parse_qs(body)["data"][0]
            server.asked.append(query)
            whole = (200, {}, json.dumps(world.answer(query)).encode())
            self.reply(*(server.behave(len(server.asked), query) or whole))

        def do_GET(self) -> None:
            server.others.append(self.path)
            self.reply(404, {}, b"")

        def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.url = f"http://127.0.0.1:{http.server_port}/api"
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()


class Said(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str


@pytest.fixture
def at(folder: Path) -> dict[str, tuple[float, float]]:
    """Where the places lie."""
    with (folder / "places.csv").open(encoding="utf-8", newline="") as file:
        known = {
            row["place"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)
        }
    return {**known, **PLACES}


@pytest.fixture
def world(folder: Path, at: dict[str, tuple[float, float]]) -> World:
    """Four links more in the folder, drawn straight, and a world with nothing in it yet."""
    with (folder / "places.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    like = next(row for row in rows if row["place"] == "urumqi")
    for place, (lon, lat) in PLACES.items():
        rows.append(like | {"place": place, "name": place, "lon": str(lon), "lat": str(lat),
                            "geonameid": "", "unlocode": ""})  # fmt: skip
    with (folder / "places.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    (folder / "corridors.yaml").write_text(CORRIDORS, "utf-8")
    profiles = folder / "profiles.csv"  # from here: less to read, for speed alone
    profiles.write_text(profiles.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    for path in (folder / "basemap").glob("*.geojson"):
        layer = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps(layer | {"features": layer["features"][:1]}), "utf-8")
    for a, b, mode, km in (
        ("kashgar", "osm_b", "road", 70),
        ("osm_b", "osm_c", "road", 215),
        ("osm_c", "osm_d", "road", 1900),
        ("urumqi", "osm_r", "rail", 90),
    ):
        path = folder / "links" / f"{mode}.geojson"
        lines = path.read_text("utf-8").splitlines()
        feature = json.loads(lines[1].removesuffix(","))
        points = [[round(x, 5), round(y, 5)] for x, y in beside(at[a], at[b], 0, each=5)]
        rail = "_rail" * (mode == "rail")
        feature["properties"] |= {"link": f"{a}-{b}{rail}", "from_place": a, "to_place": b,
                                  "via": "", "km": km, "drawn": "straight"}  # fmt: skip
        feature["geometry"]["coordinates"] = points
        lines.insert(1, json.dumps(feature, ensure_ascii=False) + ",")
        path.write_text("\n".join(lines) + "\n", "utf-8")
    return World()


@pytest.fixture
def refresh(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Said]:
    """`corridor geodata refresh` on the folder of this test."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Said:
        capsys.readouterr()
        status = _status(["geodata", "refresh", *words, "--geodata", str(folder)])
        return Said(status, *capsys.readouterr())

    return run


def drawn(path: Path, link: str) -> Any:
    """A link's feature in a file of links."""
    features = json.loads(path.read_text("utf-8"))["features"]
    return next(f for f in features if f["properties"]["link"] == link)


def far_m(one: list[list[float]], other: Any) -> float:
    """How far two lines lie from each other at most, metres."""
    scale = np.array([111_320 * np.cos(np.radians(39.6)), 110_990.0])
    lines = [LineString(np.array(points) * scale).segmentize(200) for points in (one, other)]
    return float(shapely.hausdorff_distance(*lines))
