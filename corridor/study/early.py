"""The study room: workers that start while there is nothing for them to do yet."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from threading import Thread

from joblib import Parallel, delayed
from joblib.parallel import effective_n_jobs

__all__ = ["early"]


def early(jobs: int) -> None:
    """Have `jobs` processes (-1: one a core) start and read in what they need; returns at once.

    Worth it where they are sure to be wanted: they start while this process reads the question.
    """
    count = effective_n_jobs(jobs)
    if count > 1:
        calls = [delayed(_ready)() for _ in range(count)]
        Thread(target=Parallel(count, backend="loky"), args=(calls,), daemon=True).start()


def _ready() -> None:
    """What fails here fails again where it can be told."""
    with suppress(Exception):
        import_module("corridor.study.task")
        import_module("corridor.engine.fast").warm()
