"""Every check is seen to fail on planted bad data, and to say where."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from corridor.faults import Faults
from corridor.geodata import Network, checks, load

Say = Callable[[], str]
Spoil = Callable[[str, str, str], None]
SOST = "36.6900,74.8200"


def _sost(spoil: Spoil, folder: Path, lat: str, lon: str) -> None:
    row = next(r for r in (folder / "places.csv").read_text("utf-8").splitlines() if "sost," in r)
    cells = row.split(",")
    cells[7], cells[8] = lat, lon
    spoil("places.csv", row, ",".join(cells))


@pytest.mark.parametrize(
    ("lat", "lon", "words"),
    [
        ("nan", "74.82", "sost.lat: 'nan' is not degrees"),
        ("36.69", "475", "sost: longitude 475, latitude 36.69 lies outside the region"),
        ("74.82", "36.69", "sost: longitude 36.69, latitude 74.82 lies outside the region"),
        ("36.69", "74.12", "khunjerab_pass-sost: the line ends 63 km from sost"),
        ("north", "74.82", "sost.lat: 'north' is not degrees"),
    ],
)
def test_bad_positions(
    spoil: Spoil, folder: Path, complaint: Say, lat: str, lon: str, words: str
) -> None:
    _sost(spoil, folder, lat, lon)
    assert words in complaint()


def test_a_fault_names_file_and_line(spoil: Spoil, folder: Path, complaint: Say) -> None:
    rows = (folder / "places.csv").read_text("utf-8").splitlines()
    line = next(i for i, row in enumerate(rows, 1) if row.startswith("sost,"))
    _sost(spoil, folder, "36.69", "475")
    assert complaint().startswith(f"geodata/places.csv:{line}:1: sost: ")


def test_swapping_lat_and_lon_of_any_linked_place_is_caught(network: Network) -> None:
    linked = set(network.links.from_place) | set(network.links.to_place)
    assert len(linked) > 50
    for name in sorted(linked):
        places = network.places.copy()
        at = places.index[places.place == name][0]
        point = places.geometry[at]
        places.loc[at, "geometry"] = shapely.Point(point.y, point.x)
        assert checks(dataclasses.replace(network, places=places, basemap={})), name


def test_a_swapped_line_is_caught(network: Network) -> None:
    links = network.links.copy()
    links["geometry"] = shapely.transform(links.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    found = checks(dataclasses.replace(network, links=links))
    # of Brest to Malaszewicze and its like the swapped line lies in the region: its ends tell
    assert {fault.path for fault in found} == set(links.link)


def test_lines_of_two_links_exchanged_are_caught(network: Network) -> None:
    links = network.links.copy()
    shapes = links.geometry.tolist()
    shapes[3], shapes[4] = shapes[4], shapes[3]
    links["geometry"] = shapes
    found = checks(dataclasses.replace(network, links=links))
    assert {fault.path for fault in found} == {links.link[3], links.link[4]}
    assert "the line ends" in found[0].message


def test_another_crs_is_refused(network: Network, spoil: Spoil, complaint: Say) -> None:
    found = checks(dataclasses.replace(network, places=network.places.to_crs(3857)))
    assert any("the CRS must be EPSG:4326" in fault.message for fault in found)
    begin = '{"type": "FeatureCollection", '
    crs = '"crs": {"type": "name", "properties": {"name": "EPSG:999999"}}, '
    spoil("links/road.geojson", begin, begin + crs)
    assert "geodata/links/road.geojson:1:1: crs: GeoJSON is WGS 84" in complaint()


@pytest.mark.parametrize(
    ("link", "new", "words"),
    [
        ("kashgar-tashkurgan", {"km": 190}, "190 km is shorter than the great circle, 199.0 km"),
        ("kashgar-tashkurgan", {"km": 2900}, "2900 km is more than 2.5 great circles"),
        ("kashgar-tashkurgan", {"km": -1}, "km must be above 0"),
        ("kashgar-tashkurgan", {"km": "290"}, "km: write a number, not '290'"),
        ("kashgar-tashkurgan", {"km": True}, "km: write a number, not True"),
        ("kashgar-tashkurgan", {"kmm": 1}, "kmm: not a property of a link (did you mean 'km'?)"),
        ("kashgar-tashkurgan", {"to_place": "tashkurgann"}, "(did you mean 'tashkurgan'?)"),
        ("kashgar-tashkurgan", {"link": "a-b"}, "its id must be kashgar-tashkurgan"),
        ("kashgar-tashkurgan", {"mode": "rail"}, "its id must be kashgar-tashkurgan_rail"),
        ("kashgar-tashkurgan", {"claim": " "}, "claim: name the claim"),
        ("kashgar-tashkurgan", {"evidence": "citd"}, "(did you mean 'cited'?)"),
        ("kashgar-tashkurgan", {"speed_why": ""}, "speed_why: give the reason"),
        ("kashgar-tashkurgan", {"speed_low": 50}, "must rise from above 0: 50, 47.5, 55"),
        ("kashgar-tashkurgan", {"traffic_t": 5}, "traffic_claim and traffic_period: name both"),
        ("kashgar-tashkurgan", {"via": "ucha"}, "no place 'ucha'"),
    ],
)
def test_bad_links(
    spoil_link: Callable[..., None], complaint: Say, link: str, new: dict[str, object], words: str
) -> None:
    spoil_link(link, **new)
    said = complaint()
    assert words in said
    assert "geodata/links/road.geojson:3:1: " in said


def test_a_network_in_pieces_is_refused(network: Network) -> None:
    def found(*kept: str) -> list[str]:
        names = {"totals": network.totals[:0], "profiles": network.profiles[:0]}
        names |= {"incidents": network.incidents[:0], "corridors": {}}
        links = network.links[network.links.link.isin(kept)]
        return [f.message for f in checks(dataclasses.replace(network, links=links, **names))]

    joined = ("khunjerab_pass-sost", "sost-gilgit", "gilgit-raikot_bridge")
    assert found(*joined) == []
    assert found(*joined, "multan-sukkur") == ["no road link joins multan, sukkur to the rest"]


def test_a_corridor_must_follow_links(spoil: Spoil, complaint: Say) -> None:
    spoil("corridors.yaml", "    - gilgit\n", "")
    said = complaint()
    assert (
        "geodata/corridors.yaml:2:1: cpec_road: no road link joins sost and raikot_bridge" in said
    )


def test_what_stands_twice_is_refused(network: Network, spoil: Spoil, complaint: Say) -> None:
    links = network.links.copy()
    links.loc[1, "link"] = links.link[0]
    messages = [fault.message for fault in checks(dataclasses.replace(network, links=links))]
    assert "this id stands twice; rename or drop one" in messages
    spoil("places.csv", "\nsukkur,", "\nsost,")
    assert "sost: this id stands twice" in complaint()


def test_a_boundary_of_unknown_status_is_refused(spoil: Spoil, folder: Path) -> None:
    spoil("basemap/boundaries.geojson", '"status":"disputed"', '"status":"ours"')
    network = load(folder)  # a run that draws no map needs no base map
    with pytest.raises(Faults, match="basemap/boundaries: status 'ours' is not one of"):
        network.basemap["boundaries"]


def test_an_area_that_crosses_itself_is_refused(spoil: Spoil, folder: Path) -> None:
    bow = '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, '
    bow += '"geometry": {"type": "Polygon", "coordinates": [[[0,0],[1,1],[1,0],[0,1],[0,0]]]}}]}'
    (folder / "basemap" / "land.geojson").write_text(bow, "utf-8")
    with pytest.raises(Faults, match="basemap/land: a geometry is not valid"):
        load(folder).basemap["land"]
