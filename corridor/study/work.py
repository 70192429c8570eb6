"""The study room: who does the work: this process, others here, or a cluster, all by one path."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from joblib import Parallel, delayed

from corridor.study.task import Done, Task, WorkersLost, done

__all__ = ["ALONE", "Crew", "crew"]

Crew = Callable[[Iterable[Task]], Generator[Done]]
"""Does tasks and tells of each when it is done; asks for no more of them than it can do soon."""

ALONE = 2.0
"""Seconds of work that one process is done with by the time others would have started."""


@contextmanager
def crew(jobs: int, cluster: str | None, seconds: float) -> Iterator[Crew]:
    """Workers on this computer, or those of `cluster`, for as long as they are needed.

    Processes, whichever the engine: what stands around it is Python, and of two threads one waits
    for the other. Where their number is left open (-1) and about so few `seconds` of work are
    ahead, it is done here and now.
    """
    if cluster is None:
        yield _here(1 if jobs < 0 and seconds < ALONE else jobs)
    else:
        from corridor.study.cluster import hired

        with hired(cluster, jobs) as workers:
            yield workers


def _here(jobs: int) -> Crew:
    def work(tasks: Iterable[Task]) -> Generator[Done]:
        parallel = Parallel(jobs, "loky", return_as="generator_unordered", batch_size=1)
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
