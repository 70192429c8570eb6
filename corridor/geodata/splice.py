"""The geodata room: new lines put into the text of a GeoJSON file, every other byte as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import shapely
from shapely.geometry import LineString

__all__ = ["spliced"]

_GAP = re.compile(r"[\s,:]*")
_VALUE = json.JSONDecoder()


def spliced(text: str, lines: Mapping[str, LineString], drawn: str, credit: str) -> str:
    """`text` with new lines for some links, and how they were drawn.

    Parameters
    ----------
    text : str
        A FeatureCollection of links that `read` accepts.
    lines : mapping of str to LineString
        By link id; degrees.
    drawn, credit : str
        For the properties ``drawn`` and ``drawn_credit`` of those links.

    Raises
    ------
    KeyError
        A link that the text does not have.
    """
    left = dict(lines)
    new: list[tuple[int, int, Any]] = []
    (_, at, _) = next(
        member for member in _members(text, text.index("{")) if member[0] == "features"
    )
    for _, begin, _ in _members(text, at):
        spans = {name: (a, b) for name, a, b in _members(text, begin)}
        inner = {name: (a, b) for name, a, b in _members(text, spans["properties"][0])}
        line = left.pop(json.loads(text[slice(*inner["link"])]), None)
        if line is not None:
            points = shapely.get_coordinates(line).tolist()
            new.append((*spans["geometry"], {"type": "LineString", "coordinates": points}))
            new.append((*inner["drawn"], drawn))
            new.append((*inner["drawn_credit"], credit))
    if left:
        raise KeyError(", ".join(left))
    for begin, end, value in sorted(new, key=lambda each: -each[0]):
        text = text[:begin] + json.dumps(value, ensure_ascii=False) + text[end:]
    return text


def _members(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Name, begin and end of each value of the object or list that begins at `at`."""
    named = text[at] == "{"
    at = _GAP.match(text, at + 1).end()  # type: ignore[union-attr]
    while text[at] not in "}]":
        name = ""
        if named:
            name, at = _VALUE.raw_decode(text, at)
            at = _GAP.match(text, at).end()  # type: ignore[union-attr]
        _, end = _VALUE.raw_decode(text, at)
        yield name, at, end
        at = _GAP.match(text, end).end()  # type: ignore[union-attr]
