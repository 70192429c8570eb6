"""The geodata room: what a local extract of OpenStreetMap holds near a line, by pyosmium alone.

Two passes over the file, both filtered before Python sees an object, so that the extract of a
large country needs the memory of its main roads and not that of its houses.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import osmium
import shapely
from osmium.osm import mutable
from shapely.geometry import Polygon

from corridor.faults import Faults

__all__ = ["Extract", "stamped", "write_near"]

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.bz2", ".osm.gz")
TAGS = ("highway", "railway", "usage", "service")
"""The only tags that are kept: free text, such as a name, never enters the house."""


class Extract(NamedTuple):
    """One extract and how it is cited.

    Parameters
    ----------
    path : Path
        A regular file; never handed on unresolved, since osmium would fetch an address.
    date : str
        ISO day of its data by its own header, empty where it does not say.
    sha256 : str
        Of its bytes.
    """

    path: Path
    date: str
    sha256: str


def stamped(path: Path) -> Extract:
    """The extract at `path` with its date and checksum.

    Raises
    ------
    Faults
        Not a regular file, not named as an OpenStreetMap file, or no such file inside.
    OSError
        A file that may not be read.
    """
    if not path.is_file():
        raise Faults.one(f"{path}: no such file; download an extract first", "--pbf")
    if not path.name.endswith(SUFFIXES):
        raise Faults.one(
            f"{path}: an extract is named .osm.pbf, .osm, .osm.gz or .osm.bz2", "--pbf"
        )
    path = path.resolve()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        said = osmium.FileProcessor(path).header.get("osmosis_replication_timestamp")
    except RuntimeError as error:
        raise _unreadable(path, error) from error
    day = re.match(r"\d{4}-\d{2}-\d{2}(?=T)", said)
    return Extract(path, day.group() if day else "", digest)


def _unreadable(path: Path, error: RuntimeError) -> Faults:
    """What osmium says of a damaged file."""
    message = f"{path}: {error}; the file is damaged or no OpenStreetMap file: download it again"
    return Faults.one(message, "--pbf")


def write_near(
    extracts: Sequence[Extract],
    near: Sequence[Polygon],
    key: str,
    values: Sequence[str],
    xml: Path,
) -> int:
    """Write the ways tagged `key` = one of `values` that touch `near`, with their nodes.

    Parameters
    ----------
    extracts : sequence of Extract
        Of neighbouring countries; a way that two of them hold is written once.
    near : sequence of Polygon
        Degrees, WGS 84.
    xml : Path
        The ``.osm`` file to make, for osmnx.

    Returns
    -------
    int
        How many ways were written.

    Raises
    ------
    Faults
        An extract that cannot be read to its end.
    """
    ways: dict[int, tuple[array[int], dict[str, str]]] = {}
    nodes: dict[int, tuple[float, float]] = {}
    for extract in extracts:
        try:
            here = dict(_ways(extract.path, key, values))
            nodes |= _nodes(extract.path, (refs for refs, _ in here.values()))
        except RuntimeError as error:
            raise _unreadable(extract.path, error) from error
        ways = here | ways
    close = _close(nodes, near)
    kept = [
        (number, run, tags)
        for number, (refs, tags) in sorted(ways.items())
        for run in _runs(refs, nodes)
        if not close.isdisjoint(run)
    ]
    _write(xml, kept, nodes)
    return len(kept)


def _ways(
    path: Path, key: str, values: Sequence[str]
) -> Iterator[tuple[int, tuple[array[int], dict[str, str]]]]:
    """First pass: number, nodes and tags of each wanted way."""
    wanted = osmium.filter.TagFilter(*((key, value) for value in values))
    for way in osmium.FileProcessor(path, osmium.osm.WAY).with_filter(wanted):
        if isinstance(way, osmium.osm.Way):
            tags = {tag: way.tags[tag] for tag in TAGS if tag in way.tags}
            yield way.id, (array("q", (node.ref for node in way.nodes)), tags)


def _nodes(path: Path, ways: Iterable[Iterable[int]]) -> dict[int, tuple[float, float]]:
    """Second pass: longitude and latitude of the nodes that `ways` need."""
    needed = osmium.IdTracker()
    for refs in ways:
        for ref in refs:
            needed.add_node(ref)
    reader = osmium.FileProcessor(path, osmium.osm.NODE).with_filter(needed.id_filter())
    return {
        node.id: (node.lon, node.lat)
        for node in reader
        if isinstance(node, osmium.osm.Node) and node.location.valid()
    }


def _close(nodes: dict[int, tuple[float, float]], near: Sequence[Polygon]) -> set[int]:
    """The nodes inside `near`."""
    if not nodes:
        return set()
    area = shapely.union_all(list(near))
    shapely.prepare(area)
    lonlat = np.array(list(nodes.values()))
    inside = shapely.contains_xy(area, lonlat[:, 0], lonlat[:, 1])
    return set(np.fromiter(nodes, np.int64, len(nodes))[inside].tolist())


def _runs(refs: Iterable[int], nodes: dict[int, tuple[float, float]]) -> Iterator[list[int]]:
    """The way without the nodes that its extract cut off: one run of nodes, or several."""
    run: list[int] = []
    for ref in refs:
        if ref in nodes:
            run.append(ref)
        else:
            if len(run) > 1:
                yield run
            run = []
    if len(run) > 1:
        yield run


def _write(
    xml: Path,
    ways: Sequence[tuple[int, list[int], dict[str, str]]],
    nodes: dict[int, tuple[float, float]],
) -> None:
    """The ways and their nodes as OSM XML; a second run of a way gets a number of its own."""
    used = sorted({ref for _, run, _ in ways for ref in run})
    taken: set[int] = set()
    with osmium.SimpleWriter(xml) as writer:
        for ref in used:
            writer.add_node(mutable.Node(id=ref, location=nodes[ref]))
        for at, (number, run, tags) in enumerate(ways):
            writer.add_way(
                mutable.Way(id=-1 - at if number in taken else number, nodes=run, tags=tags)
            )
            taken.add(number)
