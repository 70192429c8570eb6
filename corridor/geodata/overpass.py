"""The geodata room: an Overpass server's answers, judged before they are used, and its waits.

An answer that is cut short, is no data, or says that it ran out of time is refused whole: a part
of a road taken for all of it would be worse than none.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import requests

__all__ = ["TIMEOUT", "ServerFault", "judge", "kept", "patiently"]

TIMEOUT = 180  # seconds; the server's own bound on one question
WAITS = (20.0, 45.0, 90.0)  # seconds before asking a busy server again; then we give up
LARGEST = 256_000_000  # bytes of one answer
BUSY = (429, 504)
T = TypeVar("T")


class ServerFault(OSError):
    """The server cannot be reached, is busy, or answers what is no whole answer."""


class _Busy(Exception):
    """429 or 504, and the seconds the server asks us to wait."""


def patiently(ask: Callable[[], T], tell: Callable[[str], None]) -> T:
    """`ask`, and again after each of WAITS while the server says that it is busy.

    Parameters
    ----------
    ask : function
        Sends one question whose answer goes through `judge`.
    tell : function
        Told each wait.

    Raises
    ------
    ServerFault
        Still busy after the last wait, or the server asks for a wait longer than ours.
    """
    waits = list(WAITS)
    while True:
        try:
            return ask()
        except _Busy as busy:
            status, later = busy.args
            if not waits or later > 2 * WAITS[-1]:
                raise ServerFault(
                    f"the Overpass server is busy (status {status}): what it answered so far is"
                    " kept, and the same command goes on from there later; or use --pbf FILE"
                ) from None
            pause = max(waits.pop(0), later)
            tell(f"the server is busy (status {status}): waiting {pause:.0f} s")
            time.sleep(pause)


def judge(response: requests.Response, **_: Any) -> requests.Response:
    """A whole answer, read within bounds; a hook for requests, so osmnx sees no other.

    Raises
    ------
    ServerFault
        Any status but 200 (a redirection too), an answer that is too large, does not end, is no
        JSON of nodes and ways, or carries the server's remark that it is not complete.
    """
    status = response.status_code
    if status in BUSY:
        later = response.headers.get("Retry-After", "")
        raise _Busy(status, float(later) if later.isdecimal() else 0.0)
    if status != 200:
        raise ServerFault(f"the Overpass server answered with status {status}, not with data")
    body = bytearray()
    until = time.monotonic() + 2 * TIMEOUT
    for part in response.iter_content(1 << 16):
        body += part
        if len(body) > LARGEST or time.monotonic() > until:
            raise ServerFault("the answer of the Overpass server is too large or does not end")
    if fault := _unsound(bytes(body)):
        raise ServerFault(f"the Overpass server's answer is not whole: {fault}")
    read = requests.Response()
    read.status_code, read.url, read.headers = status, response.url, response.headers
    read.encoding, read.raw = "utf-8", io.BytesIO(body)
    return read


def kept(folder: Path) -> list[str]:
    """The day of the data of each answer kept in `folder`, empty where it does not say.

    What is damaged is thrown away, and so asked for again.
    """
    days = []
    for path in sorted(folder.glob("*.json")):
        body = path.read_bytes()
        if _unsound(body):
            path.unlink()
            continue
        stamp = json.loads(body).get("osm3s")
        day = str(stamp.get("timestamp_osm_base", "") if isinstance(stamp, dict) else "")[:10]
        days.append(day if day.replace("-", "").isdecimal() else "")
    return days


def _unsound(body: bytes) -> str:
    """What is wrong with an answer; empty when a graph can be made of it."""
    try:
        answer = json.loads(body)
        if "remark" in answer:
            return "".join(c if c.isprintable() else "?" for c in str(answer["remark"])[:200])
        nodes = {e["id"]: (e["lon"], e["lat"]) for e in answer["elements"] if e["type"] == "node"}
        ways = [e for e in answer["elements"] if e["type"] == "way"]
        if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in nodes.values()):
            return "a node lies off the earth"
        if not all(set(way["nodes"]) <= nodes.keys() for way in ways):
            return "a way names nodes that are not there"
        if not all(isinstance(number, int) for number in (*nodes, *(way["id"] for way in ways))):
            return "an element has no number"
        if not all(isinstance(element.get("tags", {}), dict) for element in answer["elements"]):
            return "tags that are none"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "no JSON of nodes and ways"
    return ""
