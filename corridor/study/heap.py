"""The study room: the memory that one replication is done with serves the next.

An allocator gives large arrays back to the system when they are no longer wanted, and asks for new
ones a moment later; the system blanks each page before it hands it over. For a busy year that is
half a gigabyte a replication, a tenth of its time, and more where several processes ask at once.
Elsewhere than with the GNU C library nothing is done.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any

__all__ = ["keep", "kept", "trim"]

MMAP, TRIM = -3, -1
"""``M_MMAP_THRESHOLD`` and ``M_TRIM_THRESHOLD`` of mallopt(3)."""

BLOCK, ALL = 2**25, 2**31 - 1
"""Bytes of a block that goes back at once, and of all that is free together.

Larger than a column of a year of four million vehicles, smaller than the table of single visits.
"""

USUAL = 2 * BLOCK
"""What the library itself lets be free, once blocks of 32 MiB have come and gone."""

_LOCK = Lock()
_MEANWHILE: list[bool] = []  # one for each study that is on: threads may have several


def keep() -> None:
    """From now on memory that is free stays with this process."""
    _set(ALL)


def trim() -> None:
    """Give back what is free just now."""
    if library := _library():
        library.malloc_trim(0)


@contextmanager
def kept() -> Iterator[None]:
    """Meanwhile memory that is free stays with this process; afterwards it goes back.

    Where the process was started with settings of its own for its memory, they stand.
    """
    if _set_by_hand():
        yield
        return
    with _LOCK:
        _MEANWHILE.append(True)
        keep()
    try:
        yield
    finally:
        with _LOCK:
            _MEANWHILE.pop()
            if not _MEANWHILE:
                _set(USUAL)
                trim()


def _set_by_hand() -> bool:
    names = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_")
    tuned = "glibc.malloc" in os.environ.get("GLIBC_TUNABLES", "")
    return tuned or any(name in os.environ for name in names)


def _set(free: int) -> None:
    if library := _library():
        library.mallopt(MMAP, BLOCK)
        library.mallopt(TRIM, free)


def _library() -> Any:
    """The C library of this process, if it is the GNU one."""
    with suppress(AttributeError, OSError, TypeError):
        library = ctypes.CDLL(None)
        return library if library.mallopt and library.malloc_trim else None
    return None
