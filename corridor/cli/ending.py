"""The front door: told to end by Ctrl-C or SIGTERM, and heard even where a library swallows it.

An interrupt is raised wherever this process is at the moment. In numpy's comparison of records it
comes out as a TypeError, and in other places not at all.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor.study.carry import Progress

__all__ = ["heard", "listen", "obeying"]

_HEARD: list[int] = []


def listen() -> None:
    """Have both signals end this process alike; what was told to ignore Ctrl-C goes on to."""
    _HEARD.clear()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)
    signal.signal(signal.SIGTERM, _end)


def heard() -> bool:
    """Whether this process was told to end."""
    return bool(_HEARD)


def obeying(progress: Progress | None) -> Progress:
    """`progress`, at whose every step an interrupt that was swallowed is raised again."""

    def told(done: int, total: int) -> None:
        if _HEARD:
            raise KeyboardInterrupt
        if progress:
            progress(done, total)

    return told


def _end(number: int, _: object) -> None:
    _HEARD.append(number)
    raise KeyboardInterrupt
