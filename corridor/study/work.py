"""The study room: who does the work: this process, others here, or a cluster, all by one path."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import Any

from corridor.study.early import GONE, HANDS, dismissed, helped, helpers
from corridor.study.task import CHANGED, Done, Stranger, Task, done

__all__ = ["ALONE", "Crew", "crew"]

Crew = Callable[[Iterable[Task]], Generator[Done]]
"""Does tasks and tells of each when it is done; asks for no more of them than it can do soon."""

AHEAD = 8
"""About so many tasks of a helper, ended or not, wait for this process: they fill its memory."""

SOON = 0.01
"""Seconds in which whoever gives out tasks is done with it, nearly always."""

KNOWN = 0.1
"""Seconds in which all tasks of a helper that died are known to be lost, once one is."""

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
        others, losses = _Others(helpers(jobs), iter(tasks)), 0
        try:
            while True:
                mine = others.take()
                others.fill()
                if mine is not None:
                    yield done(mine)
                elif not others.sent:
                    return
                lost, killed = [], False
                for each in others.ended(wanted=mine is None):
                    task = others.sent.pop(each)
                    if _lost(each):
                        lost.append(task)
                        killed |= isinstance(each.exception(), BrokenProcessPool)
                    else:
                        yield each.result()
                if killed:
                    losses += 1
                    others.count = _left(others.count, losses)
                others.take_back(lost)
        except Stranger as stranger:
            raise Stranger(f"{stranger}: {CHANGED}") from None
        finally:
            others.dismiss()

    return work


class _Others:
    """Helpers with a task each and one to go on with, also while this process is at work itself.

    Towards the end no more are put by: each of the last tasks goes to whoever is free first.

    Parameters
    ----------
    count : int
    ahead : iterator of Task
        What nobody has begun yet: this process takes from it, and each helper that ends a task.
    """

    def __init__(self, count: int, ahead: Iterator[Task]) -> None:
        self.count = count
        self.sent: dict[Future[Done], Task] = {}
        self._ahead = ahead
        self._next: deque[Task] = deque()
        self._executor: Any = None

    def take(self) -> Task | None:
        """A task for this process; None when there are no more."""
        with HANDS:
            return self._next.popleft() if self._has(1) else None

    def fill(self) -> None:
        """Give helpers what they lack."""
        with HANDS:
            for task in self._lacking():
                self._executor = helped(self.count)
                self._give(task)

    def ended(self, wanted: bool) -> set[Future[Done]]:
        """What has ended: at least one thing, if it is `wanted`."""
        with HANDS:
            sent = list(self.sent)
        ended = wait(sent, None if wanted else 0, "FIRST_COMPLETED").done
        if not any(map(_lost, ended)):
            return ended
        with HANDS:
            sent = list(self.sent)
        return wait(sent, KNOWN).done

    def take_back(self, tasks: Iterable[Task]) -> None:
        """What helpers had who are gone is ahead again."""
        with HANDS:
            self._next.extendleft(tasks)

    def dismiss(self) -> None:
        """Have nobody begin anything more; whatever is begun is wanted no more."""
        with HANDS:
            self._ahead = iter(())
            self._next.clear()
        if self.sent:
            dismissed(self._executor)

    def _has(self, some: int) -> bool:
        """Whether so many tasks are left."""
        self._next.extend(islice(self._ahead, max(0, some - len(self._next))))
        return len(self._next) >= some

    def _lacking(self) -> Iterator[Task]:
        """A task for each helper that has none; to go on with one more, while all have enough."""
        busy = sum(not each.done() for each in list(self.sent))
        while (
            busy < 2 * self.count
            and len(self.sent) < AHEAD * self.count
            and self._has(1 if busy < self.count else self.count + 2)
        ):
            yield self._next.popleft()
            busy += 1

    def _give(self, task: Task) -> None:
        """Put a task into the hands of a helper, or of one that was gone before it had it."""
        future: Future[Done] = Future()
        try:
            future = self._executor.submit(done, task)
        except GONE as loss:
            future.set_exception(loss)
        self.sent[future] = task
        future.add_done_callback(self._another)

    def _another(self, ended: Future[Done]) -> None:
        """Who has done a task begins the next, unless somebody gives out tasks just now.

        A thread of the executor is here, which others may wait for: it waits for nobody long.
        """
        well = not ended.cancelled() and ended.exception() is None
        if well and HANDS.acquire(timeout=SOON):
            try:
                for task in self._lacking():
                    self._give(task)
            finally:
                HANDS.release()


def _lost(task: Future[Done]) -> bool:
    return isinstance(task.exception(), GONE)


def _left(others: int, losses: int) -> int:
    """How many helpers to go on with: after every second loss half of them, in the end none."""
    if losses % 2:
        return others
    log = logging.getLogger(__name__)
    log.warning("processes were killed, most likely for want of memory: going on with fewer")
    return others // 2
