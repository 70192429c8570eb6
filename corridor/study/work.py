"""The study room: who does the work: this process, others here, or a cluster, all by one path."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice

from corridor.study.early import helped, helpers
from corridor.study.task import CHANGED, Done, Stranger, Task, done

__all__ = ["ALONE", "Crew", "crew"]

Crew = Callable[[Iterable[Task]], Generator[Done]]
"""Does tasks and tells of each when it is done; asks for no more of them than it can do soon."""

ALONE = 2.0
"""Seconds of work that one process is done with by the time others would have started."""


@contextmanager
def crew(jobs: int, cluster: str | None, seconds: float) -> Iterator[Crew]:
    """Workers on this computer, or those of `cluster`, for as long as they are needed.

    Processes, whichever the engine: what stands around it is Python, and of two threads one waits
    for the other. This one is among them, for it has read in everything already. Where their number
    is left open (-1) and about so few `seconds` of work are ahead, they are done here and now.
    """
    if cluster is None:
        yield _here(1 if jobs < 0 and seconds < ALONE else jobs)
    else:
        from corridor.study.cluster import hired

        with hired(cluster, jobs) as workers:
            yield workers


def _here(jobs: int) -> Crew:
    def work(tasks: Iterable[Task]) -> Generator[Done]:
        others, losses, ahead = helpers(jobs), 0, iter(tasks)
        sent: dict[Future[Done], Task] = {}
        try:
            while True:
                mine = next(ahead, None)
                for task in islice(ahead, max(0, 2 * others - len(sent))):  # one to go on with
                    sent[_given(others, task)] = task
                if mine is not None:
                    yield done(mine)
                elif not sent:
                    return
                lost = []
                for each in _ended(sent, wanted=mine is None):
                    task = sent.pop(each)
                    if _died(each):
                        lost.append(task)
                    else:
                        yield each.result()
                if lost:
                    losses += 1
                    others = _left(others, losses)
                    ahead = chain(lost, ahead)
        except Stranger as stranger:
            raise Stranger(f"{stranger}: {CHANGED}") from None
        finally:
            if sent:  # nobody wants them any more
                helped(others).shutdown(kill_workers=True)

    return work


def _given(count: int, task: Task) -> Future[Done]:
    """A task in the hands of one of `count` helpers, or of one that died before it had it."""
    try:
        return helped(count).submit(done, task)  # type: ignore[no-any-return]
    except BrokenProcessPool as loss:
        dead: Future[Done] = Future()
        dead.set_exception(loss)
        return dead


def _died(task: Future[Done]) -> bool:
    return isinstance(task.exception(), BrokenProcessPool)


def _ended(sent: Iterable[Future[Done]], wanted: bool) -> set[Future[Done]]:
    """What has ended: at least one thing, if it is `wanted`. Where a helper died, all have."""
    ended = wait(sent, None if wanted else 0, "FIRST_COMPLETED").done
    return wait(sent).done if any(map(_died, ended)) else ended


def _left(others: int, losses: int) -> int:
    """How many helpers to go on with: after every second loss half of them, in the end none."""
    if losses % 2:
        return others
    log = logging.getLogger(__name__)
    log.warning("processes were killed, most likely for want of memory: going on with fewer")
    return others // 2
