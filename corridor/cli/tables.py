"""The front door: tables in plain text, as several commands print them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["plain", "write_table"]

WIDEST = 60  # characters of a cell in a table of many rows


def write_table(
    head: Sequence[str], rows: Iterable[Sequence[Any]], right: Iterable[int] = ()
) -> None:
    """Columns in line, numbers to the right, long words cut: ``--json`` has them whole."""
    text = [[_cut(plain(cell)) for cell in row] for row in rows]
    flush = set(right) | {
        i for i in range(len(head))
        if text and all(isinstance(row[i], int | float) for row in rows)
    }  # fmt: skip
    wide = [max(map(_width, column)) for column in zip(head, *text, strict=True)]
    for row in (list(head), *text):
        cells = []
        for i, (cell, w) in enumerate(zip(row, wide, strict=True)):
            space = " " * (w - _width(cell))
            cells.append(space + cell if i in flush else cell + space)
        print("  ".join(cells).rstrip())


def _width(text: str) -> int:
    """Columns of a terminal that a text takes: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def plain(value: Any) -> str:
    """A value in one line, with control characters made visible: a terminal obeys them."""
    if value is None:
        return ""
    text = f"{value:,.10g}" if isinstance(value, float) else str(value)
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
