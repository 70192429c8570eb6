"""The study room: processes that help, and start while there is nothing for them to do yet."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterable
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from importlib import import_module
from threading import RLock, Thread
from typing import Any

from joblib.externals.loky import get_reusable_executor, process_executor
from joblib.parallel import effective_n_jobs

from corridor.study import heap

__all__ = ["GONE", "HANDS", "dismissed", "early", "helped", "helpers", "later", "standing"]

GONE = (BrokenProcessPool, process_executor.ShutdownExecutorError)
"""What becomes of a helper's task if the helper dies, or is dismissed by another study here."""

IDLE = 300
"""Seconds after which a process without work goes away."""

LOOK = 1.0
"""Seconds between two looks of a helper at whether who asked for it is still there."""

HANDS = RLock()
"""Held by whoever changes the executor or gives out tasks: one may wait in it for the other."""

_STARTED: list[Executor] = []
"""The executor that was asked for last, if any was."""


def helpers(jobs: int) -> int:
    """How many processes work beside this one where `jobs` are to work; -1 is one a core."""
    return int(effective_n_jobs(jobs)) - 1


def helped(count: int) -> Any:
    """The executor of `count` processes: the same one again, as long as none of them has died."""
    bound = {"initializer": _bound, "initargs": (os.getpid(),)}  # others would be a new executor
    with HANDS:
        _STARTED[:] = [get_reusable_executor(count, timeout=IDLE, **bound)]
        return _STARTED[0]


def dismissed(helper: Any) -> None:
    """See an executor of helpers off, whatever they are at: else who leaves waits for them."""
    with HANDS:  # another study may be about to make it larger or smaller
        if helper in _STARTED:
            _STARTED.clear()
        helper.shutdown(wait=False, kill_workers=True)


def _bound(parent: int) -> None:
    """Have this helper end when its parent does, however that ends, and not for having grown.

    It keeps memory for its next task, at which loky would take fright and replace it.
    """
    heap.keep()
    process_executor._MAX_MEMORY_LEAK_SIZE = math.inf
    Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    """Wait until the parent is gone, and go; give back free memory when there is nothing to do.

    No pipe would tell: helpers hold each other's ends open, and what one writes to a dead parent
    waits for ever. Who loses a parent gets another, but on Windows, where this does nothing.
    """
    used, busy = time.process_time(), False
    while os.getppid() == parent:
        time.sleep(LOOK)
        spent, used = time.process_time() - used, time.process_time()
        if busy and spent < LOOK / 10:
            heap.trim()
        busy = spent >= LOOK / 10
    os._exit(1)


def standing(jobs: int) -> Executor | None:
    """The helpers of a study with `jobs` that is over; None where it had none.

    They may have gone meanwhile: what is submitted then fails with one of `GONE`.
    """
    return _STARTED[-1] if _STARTED and helpers(jobs) else None


def early(jobs: int) -> None:
    """Have helpers start and read in what they need; returns at once.

    Worth it where they are sure to be wanted: they start while this process reads the question.
    """
    count = helpers(jobs)
    if count:
        Thread(target=_start, args=(count,), daemon=True).start()


def later(jobs: int, *modules: str) -> None:
    """Have a helper of a study with `jobs` read in `modules`, after what it has been given."""
    if helper := standing(jobs):
        with suppress(*GONE):
            helper.submit(_read_in, modules)


def _start(count: int) -> None:
    for _ in range(count):
        helped(count).submit(_ready)


def _ready() -> None:
    _read_in(("corridor.study.task",))
    with suppress(Exception):
        import_module("corridor.engine.fast").warm()


def _read_in(modules: Iterable[str]) -> None:
    """What fails here fails again where it can be told."""
    with suppress(Exception):
        for name in modules:
            import_module(name)
