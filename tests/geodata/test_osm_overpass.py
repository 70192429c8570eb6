"""True alignments from an Overpass server on loopback, which behaves, or does not."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import osm_world
import osmnx
import pytest
from osm_world import Server, World, at, beside, drawn, far_m, refresh, serving, world

from corridor.geodata import osm as osm_room
from corridor.geodata import overpass
from corridor.geodata.refresh import around

__all__ = ["at", "refresh", "world"]  # fixtures

WHOLE = {"elements": []}


@pytest.fixture
def server(world: World, at: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that knows a road along both links, and houses; waits that take no time."""
    world.road(beside(at["kashgar"], at["osm_b"], 2), highway="trunk")
    world.road(beside(at["osm_b"], at["osm_c"], 3), highway="primary")
    world.road([at["kashgar"], at["osm_b"]], highway="residential")
    monkeypatch.setattr(osm_room, "PAUSE", 0.0)
    monkeypatch.setattr(overpass, "WAITS", (0.0, 0.01, 0.02))
    with serving(world) as made:
        yield made


@pytest.fixture
def ask(server: Server, refresh: Any) -> Callable[..., Any]:
    """`corridor geodata refresh` by that server."""

    def run(*words: str) -> Any:
        return refresh(*words, "--overpass", "--overpass-url", server.url)

    return run


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in these tests may go farther than this computer."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        assert address[0] == "127.0.0.1"
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_piece_by_piece_and_never_the_same_question_twice(
    ask: Any, server: Server, at: Any, tmp_path: Path
) -> None:
    """62 km and 190 km: one piece and two."""
    said = ask("osm_both")
    assert said.status == 0, said.err
    assert len(server.asked) == 3
    assert server.others == []
    assert "3 questions asked, 0 answered from" in said.out
    assert all('"highway"~"^(motorway|motorway_link|trunk|trunk_link|primary|primary_link)$"'
               in query for query in server.asked)  # fmt: skip
    assert all("[timeout:180]" in query for query in server.asked)
    new = tmp_path / "out/geodata-refresh/road.geojson"
    for a, b, km in (("kashgar", "osm_b", 2), ("osm_b", "osm_c", 3)):
        feature = drawn(new, f"{a}-{b}")
        assert far_m(feature["geometry"]["coordinates"], beside(at[a], at[b], km)) < 25
        assert feature["properties"]["drawn_credit"] == (
            "© OpenStreetMap contributors, ODbL 1.0, Overpass answer of 2026-10-31"
        )
    first = new.read_bytes()
    again = ask("osm_both")
    assert again.status == 0
    assert len(server.asked) == 3
    assert "0 questions asked, 3 answered from" in again.out
    assert new.read_bytes() == first


def test_the_same_line_as_from_an_extract(
    ask: Any, refresh: Any, world: World, server: Server, tmp_path: Path
) -> None:
    assert ask("kashgar-osm_b", "--out", "one").status == 0
    assert refresh("kashgar-osm_b", "--out", "other", "--pbf",
                   str(world.write(tmp_path / "x.osm.pbf"))).status == 0  # fmt: skip
    one, other = (drawn(tmp_path / name / "road.geojson", "kashgar-osm_b")["geometry"]
                  for name in ("one", "other"))  # fmt: skip
    assert one == other


def test_everything_is_as_it_was_afterwards(ask: Any, server: Server) -> None:
    """osmnx's settings are global, and it replaces a function of the socket module."""
    before = {name: value for name, value in vars(osmnx.settings).items() if name[0] != "_"}
    lookup = socket.getaddrinfo
    assert ask("kashgar-osm_b").status == 0
    server.behave = lambda turn, query: (500, {}, b"")
    assert ask("osm_b-osm_c").status == 4
    assert vars(osmnx.settings).items() >= before.items()
    assert socket.getaddrinfo is lookup


def test_who_asks(ask: Any, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's keepers can see whose questions these are; nobody else is asked anything."""
    seen = []
    real = overpass.judge

    def look(response: Any, **words: Any) -> Any:
        seen.append((response.request.headers["User-Agent"], response.url))
        return real(response, **words)

    monkeypatch.setattr(osm_room, "judge", look)
    assert ask("kashgar-osm_b").status == 0
    ((agent, url),) = seen
    assert agent.startswith("corridor/")
    assert url == f"{server.url}/interpreter"


def test_a_server_that_is_down(ask: Any, server: Server, tmp_path: Path, refresh: Any) -> None:
    """What is kept needs no server; what is not says how to do without one."""
    assert ask("kashgar-osm_b").status == 0
    with socket.socket() as taken:  # a port that nobody listens to
        taken.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{taken.getsockname()[1]}/api"
        said = refresh("kashgar-osm_b", "--overpass", "--overpass-url", dead, "--out", "o")
    assert said.status == 4
    assert (
        f"{dead} cannot be reached (ConnectionError): use a local extract, --pbf FILE" in said.err
    )
    assert not (tmp_path / "o").exists()
    server.behave = lambda turn, query: (500, {}, b"")
    assert ask("kashgar-osm_b").status == 0
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 504])
def test_busy_for_a_while(status: int, ask: Any, server: Server) -> None:
    server.behave = lambda turn, query: (status, {}, b"busy") if turn in (1, 2, 5) else None
    said = ask("osm_both")
    assert said.status == 0, said.err
    assert said.out.count(f"the server is busy (status {status}): waiting") == 3
    assert len(server.asked) == 6


@pytest.mark.parametrize("status", [429, 504])
def test_busy_for_ever(status: int, ask: Any, server: Server, tmp_path: Path) -> None:
    """We give up after three waits, and go on later from what was answered."""
    server.behave = lambda turn, query: None if turn == 1 else (status, {}, b"busy")
    said = ask("osm_both")
    assert said.status == 4
    assert f"the Overpass server is busy (status {status})" in said.err
    assert "the same command goes on from there" in said.err
    assert len(server.asked) == 1 + 4
    assert not (tmp_path / "out/geodata-refresh").exists()
    server.behave = lambda turn, query: None
    assert ask("osm_both").status == 0
    assert len(server.asked) == 5 + 2


def test_the_server_says_how_long(ask: Any, server: Server, monkeypatch: Any) -> None:
    slept: list[float] = []
    monkeypatch.setattr(overpass, "WAITS", (1.0, 2.0, 90.0))
    monkeypatch.setattr(time, "sleep", slept.append)
    server.behave = lambda turn, query: (429, {"Retry-After": "33"}, b"") if turn == 1 else None
    assert ask("kashgar-osm_b").status == 0
    assert 33.0 in slept
    assert 55 not in slept
    slept.clear()
    server.behave = lambda turn, query: (429, {"Retry-After": "86400"}, b"")
    assert ask("osm_b-osm_c").status == 4
    assert sum(slept) == 0


def broken(name: str) -> osm_world.Answer:
    """An answer that is none."""
    node = {"type": "node", "id": 1, "lon": 76.0, "lat": 39.5}
    way = {"type": "way", "id": 1, "nodes": [1, 2], "tags": {"highway": "trunk"}}
    remark = 'runtime error: Query timed out in "query" at line 1 after 180 seconds.\x1b[2J'
    answers: dict[str, tuple[int, dict[str, str], Any]] = {
        "a page": (200, {"Content-Type": "text/html"}, b"<html>sign in first</html>"),
        "nothing": (200, {}, b""),
        "cut short": (200, {}, json.dumps({"elements": [node]}).encode()[:-4]),
        "shorter than said": (200, {"Content-Length": "5000"}, json.dumps(WHOLE).encode()),
        "a list": (200, {}, []),
        "a number": (200, {}, 7),
        "no elements": (200, {}, {"version": 0.6}),
        "elements of no kind": (200, {}, {"elements": [{"id": 1}]}),
        "elements that are words": (200, {}, {"elements": ["way"]}),
        "a missing node": (200, {}, {"elements": [node, way]}),
        "off the earth": (200, {}, {"elements": [node | {"lat": 400}]}),
        "no number": (200, {}, b'{"elements": [{"type": "node", "id": 1, "lon": NaN, "lat": 1}]}'),
        "words for degrees": (200, {}, {"elements": [node | {"lat": "39.5"}]}),
        "words for an id": (200, {}, {"elements": [node | {"id": "1"}]}),
        "words for tags": (200, {}, {"elements": [node | {"tags": "x"}]}),
        "nested too deeply": (200, {}, b"[" * 100_000),
        "out of time": (200, {}, {"elements": [], "remark": remark}),
        "a refusal": (400, {}, {"elements": []}),
        "a fault": (500, {}, b"<html>oops</html>"),
        "moved in a circle": (302, {"Location": "/api/interpreter"}, b""),
        "moved away": (307, {"Location": "http://127.0.0.1:9/api/interpreter"}, b""),
    }
    status, headers, body = answers[name]
    return status, headers, body if isinstance(body, bytes) else json.dumps(body).encode()


@pytest.mark.parametrize(
    "name",
    ["a page", "nothing", "cut short", "shorter than said", "a list", "a number", "no elements",
     "elements of no kind", "elements that are words", "a missing node", "off the earth",
     "no number", "words for degrees", "words for an id", "words for tags", "nested too deeply",
     "out of time", "a refusal", "a fault", "moved in a circle", "moved away"],
)  # fmt: skip
def test_an_answer_that_is_none(name: str, ask: Any, server: Server, tmp_path: Path) -> None:
    """Refused whole, not kept, asked again the next time."""
    server.behave = lambda turn, query: broken(name) if turn == 1 else None
    said = ask("kashgar-osm_b")
    assert said.status == 4, said.err
    assert "Overpass server" in said.err
    assert "Traceback" not in said.err
    assert "\x1b" not in said.err
    assert not files(tmp_path / "out")
    assert len(server.asked) == 1
    assert ask("kashgar-osm_b").status == 0
    assert len(server.asked) == 2


def test_an_answer_that_does_not_end(ask: Any, server: Server, monkeypatch: Any) -> None:
    monkeypatch.setattr(overpass, "LARGEST", 1000)
    said = ask("kashgar-osm_b")
    assert said.status == 4
    assert "too large or does not end" in said.err


def test_nothing_there(ask: Any, server: Server, tmp_path: Path) -> None:
    """An empty answer is an answer: kept, and told as bad luck with the question."""
    server.behave = lambda turn, query: (200, {}, json.dumps(WHOLE).encode())
    for _ in range(2):
        said = ask("kashgar-osm_b")
        assert said.status == 2
        assert "no road of these classes lies within 8 km" in said.err
    assert len(server.asked) == 1
    assert not (tmp_path / "out/geodata-refresh").exists()


def test_a_piece_without_a_road_is_a_gap(ask: Any, server: Server, world: World) -> None:
    server.behave = lambda turn, query: (200, {}, json.dumps(WHOLE).encode()) if turn == 3 else None
    world.ways = {number: way for number, way in world.ways.items() if number < 2}
    said = ask("osm_both")
    assert said.status == 2
    assert "osm_c lies" in said.err


def test_a_kept_answer_that_was_damaged_is_asked_for_again(
    ask: Any, server: Server, tmp_path: Path
) -> None:
    """A computer that stops while an answer is being written leaves half of it."""
    assert ask("kashgar-osm_b").status == 0
    (kept,) = (tmp_path / "out/overpass-cache").rglob("*.json")
    kept.write_bytes(kept.read_bytes()[:200])
    assert ask("kashgar-osm_b").status == 0
    assert len(server.asked) == 2


def test_hostile_words_stay_out(ask: Any, server: Server, world: World, tmp_path: Path) -> None:
    script = "<script>alert(1)</script>"
    for run, tags in world.ways.values():
        tags |= {"name": script, "ref": script, "usage": script, script: script}
        assert run
    said = ask("kashgar-osm_b")
    assert said.status == 0, said.err
    assert "script" not in (tmp_path / "out/geodata-refresh/road.geojson").read_text("utf-8")
    assert "script" not in said.out + said.err


@pytest.mark.parametrize("url", ["overpass.example/api", "file:///etc/passwd", "http://a b", ""])
def test_an_address_that_is_none(url: str, world: World, refresh: Any) -> None:
    said = refresh("kashgar-osm_b", "--overpass", "--overpass-url", url)
    assert said.status == 2
    assert "write an address such as" in said.err


def test_the_public_server_is_asked_a_handful(
    refresh: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole corridor is refused before anything is sent."""

    def connect(*_: Any) -> None:
        raise AssertionError("sent")

    monkeypatch.setattr(socket.socket, "connect", connect)
    said = refresh("osm_far", "--overpass")
    assert said.status == 2
    assert "questions are more than the 12 the public server should get: use --pbf FILE" in said.err


def test_pieces_cover_the_line_and_are_small() -> None:
    from pyproj import Geod
    from shapely.geometry import LineString, Point

    line = LineString([(70, 30), (75, 36), (76, 39.5)])
    pieces = around([line], 8)
    earth = Geod(ellps="WGS84")
    km = earth.geometry_length(line) / 1000
    assert len(pieces) == -(-km // 120)
    for at_ in (0, 0.3, 0.5, 0.777, 1):
        point = line.interpolate(at_, normalized=True)
        for azimuth in range(0, 360, 45):
            near = Point(earth.fwd(point.x, point.y, azimuth, 7_300)[:2])
            far = Point(earth.fwd(point.x, point.y, azimuth, 130_000)[:2])
            assert any(piece.covers(near) for piece in pieces)
            assert not any(piece.covers(near) and piece.covers(far) for piece in pieces)
    for piece in pieces:
        assert abs(earth.geometry_area_perimeter(piece)[0]) < 2_400e6
