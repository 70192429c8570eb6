"""The study room: processes that help, and start while there is nothing for them to do yet."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from threading import Thread
from typing import Any

from joblib.externals.loky import get_reusable_executor
from joblib.parallel import effective_n_jobs

__all__ = ["early", "helped", "helpers"]

IDLE = 300
"""Seconds after which a process without work goes away."""


def helpers(jobs: int) -> int:
    """How many processes work beside this one where `jobs` are to work; -1 is one a core."""
    return int(effective_n_jobs(jobs)) - 1


def helped(count: int) -> Any:
    """The executor of `count` processes: the same one again, as long as none of them has died."""
    return get_reusable_executor(count, timeout=IDLE)


def early(jobs: int) -> None:
    """Have helpers start and read in what they need; returns at once.

    Worth it where they are sure to be wanted: they start while this process reads the question.
    """
    count = helpers(jobs)
    if count:
        Thread(target=_start, args=(count,), daemon=True).start()


def _start(count: int) -> None:
    for _ in range(count):
        helped(count).submit(_ready)


def _ready() -> None:
    """What fails here fails again where it can be told."""
    with suppress(Exception):
        import_module("corridor.study.task")
        import_module("corridor.engine.fast").warm()
