"""The study room: who does the work: threads, processes or a cluster, all by the same path."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from joblib import Parallel, delayed

from corridor.study.replicate import Engine
from corridor.study.task import Done, Task, WorkersLost, done

__all__ = ["Crew", "crew"]

Crew = Callable[[Iterable[Task]], Generator[Done]]
"""Does tasks and tells of each when it is done; asks for no more of them than it can do soon."""


@contextmanager
def crew(jobs: int, engine: Engine, cluster: str | None) -> Iterator[Crew]:
    """Workers on this computer, or those of `cluster`, for as long as they are needed.

    Threads for the compiled engine, which lets go of the interpreter while it runs: they share
    one copy of all there is. Processes for SimPy, which does not.
    """
    if cluster is None:
        yield _here(jobs, "loky" if engine == "simpy" else "threading")
    else:
        from corridor.study.cluster import hired

        with hired(cluster, jobs) as workers:
            yield workers


def _here(jobs: int, backend: str) -> Crew:
    def work(tasks: Iterable[Task]) -> Generator[Done]:
        parallel = Parallel(jobs, backend=backend, return_as="generator_unordered")
        found = parallel(delayed(done)(task) for task in tasks)
        try:
            for each in found:  # noqa: UP028 - "yield from" would close it too early
                yield each
        except BrokenProcessPool as loss:
            raise WorkersLost(
                "a worker was killed twice at the same work, most likely for want of memory:"
                " use fewer --jobs"
            ) from loss
        finally:
            with warnings.catch_warnings():  # joblib tells of tasks that nobody wants any more
                warnings.simplefilter("ignore")
                found.close()

    return work
