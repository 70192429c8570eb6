"""A run never touches the network, nor does a refresh from a local extract."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from osm_world import World, at, beside, world

__all__ = ["at", "world"]  # fixtures

WATCHED = """
import json, os, sys

def watch(event, arguments):
    call = event in ("socket.connect", "socket.sendto", "socket.sendmsg")
    if call and isinstance(arguments[1], tuple) or event.startswith("socket.getaddrinfo"):
        os.write(2, f"went to the network: {event} {arguments[1:]}".encode())
        os._exit(97)
    if event.startswith("socket.gethostby"):
        os.write(2, f"asked for an address: {event} {arguments}".encode())
        os._exit(97)

sys.addaudithook(watch)
from corridor.cli import _status
for words in json.loads(sys.argv[1]):
    if status := _status(words):
        sys.exit(f"{words}: {status}")
"""
PLAIN = """\
title: A plain station
arrivals: {poisson: 20 per hour}
period: {length: 3 d, warm_up: 1 d}
ports:
  plain:
    title: Plain
    posts:
      post:
        hours: {weekdays: "09:00-17:00"}
        closing_rule: hold
        stations:
          desk:
            lanes: 3
            service: {exponential: {mean: 8 min}}
"""


def watched(cwd: Path, *commands: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Commands in an interpreter that stops dead at the first step towards a network."""
    command = [sys.executable, "-c", WATCHED, json.dumps(commands)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_run_never_touches_the_network(tmp_path: Path) -> None:
    (tmp_path / "plain.yaml").write_text(PLAIN)
    (tmp_path / "faster.yaml").write_text(PLAIN.replace("8 min", "7 min"))
    quick = ("--replications", "2", "--jobs", "1", "--quiet")
    done = watched(
        tmp_path,
        ("run", "plain.yaml", *quick, "--out", "one"),
        ("compare", "plain.yaml", "faster.yaml", *quick, "--out", "two"),
        ("map", "two"),
        ("report", "two"),
        ("verify", "one", "--jobs", "1", "--quiet"),
        ("check",),
        ("sources",),
        ("geodata", "check"),
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "two/map.html").is_file()


def test_an_extract_never_touches_the_network(
    world: World, at: dict[str, tuple[float, float]], folder: Path, tmp_path: Path
) -> None:
    world.road(beside(at["kashgar"], at["osm_b"], 2), highway="trunk")
    pbf = str(world.write(tmp_path / "x.osm.pbf"))
    words = ("geodata", "refresh", "kashgar-osm_b", "--geodata", str(folder), "--quiet")
    done = watched(tmp_path, (*words, "--pbf", pbf))
    assert done.returncode == 0, done.stderr


def test_the_watch_sees_what_does(world: World, folder: Path, tmp_path: Path) -> None:
    """The control of the two tests above: a server by name, and one by number."""
    for server in ("http://localhost:9/api", "http://127.0.0.1:9/api"):
        words = ("geodata", "refresh", "kashgar-osm_b", "--geodata", str(folder), "--quiet")
        done = watched(tmp_path, (*words, "--overpass", "--overpass-url", server))
        assert done.returncode == 97, done.stderr
        assert "network" in done.stderr or "address" in done.stderr
