"""The front door: told to end by Ctrl-C or SIGTERM, and heard even where a library swallows it.

An interrupt is raised wherever this process is at the moment. In numpy's comparison of records it
comes out as a TypeError, and in other places not at all.
"""

from __future__ import annotations

import signal

__all__ = ["heard", "listen", "obey"]

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


def obey() -> None:
    """Raise KeyboardInterrupt again if it was swallowed; asked after each replication."""
    if _HEARD:
        raise KeyboardInterrupt


def _end(number: int, _: object) -> None:
    _HEARD.append(number)
    raise KeyboardInterrupt
