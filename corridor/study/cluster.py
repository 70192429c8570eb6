"""The study room: workers on other computers, by Dask; the only module that knows of it."""

from __future__ import annotations

import logging
import re
import signal
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from itertools import islice

from corridor.faults import Faults
from corridor.results.provenance import makers
from corridor.study import heap
from corridor.study.task import CHANGED, Done, Stranger, Task, WorkersLost, done
from corridor.study.work import Crew

try:
    from distributed import Client, Future, KilledWorker, LocalCluster, WorkerPlugin, wait
except ImportError:
    raise Faults.one(
        "needs Dask: pip install 'corridor[cluster]', or pip install distributed", "--cluster"
    ) from None

__all__ = ["hired"]

PATIENCE = 20
"""Seconds to wait for a scheduler, for a first worker, and for another when all are gone."""


@contextmanager
def hired(address: str, jobs: int) -> Iterator[Crew]:
    """The workers of the scheduler at `address`; for ``local``, `jobs` processes of our own.

    Those of our own listen on the loopback alone: whoever reaches a scheduler's port runs code.

    Raises
    ------
    Faults
        If `address` is none, nobody answers there, or a worker has no corridor of this version.
    Stranger
        If one of our own has other code, for that was changed meanwhile.
    """
    own = address == "local"
    if not own and not re.fullmatch(r"((tcp|tls|wss?)://)?[^\s/]+:[0-9]{1,5}", address):
        raise Faults.one(
            f"'{address[:100]}': write host:port of a Dask scheduler, or local", "--cluster"
        )
    for name in ("distributed.client", "distributed.utils"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is raised, and told once
    with ExitStack() as stack:
        where = stack.enter_context(_ours(jobs)) if own else address
        try:
            client = stack.enter_context(Client(where, timeout=PATIENCE))
            client.wait_for_workers(1, timeout=PATIENCE)
        except OSError:
            raise Faults.one(
                f"no scheduler with workers answers at '{address[:100]}'", "--cluster"
            ) from None
        _greet(client)
        if own:
            client.register_plugin(_Ours(), name="corridor")
        yield lambda tasks: _work(client, tasks, own)


def _ours(jobs: int) -> LocalCluster:
    return LocalCluster(
        host="127.0.0.1",
        n_workers=jobs if jobs > 0 else None,
        threads_per_worker=1,
        memory_limit=0,
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.ERROR,
    )


def _greet(client: Client) -> None:
    """Insist that every worker can tell its versions: one without corridor would die of a task."""
    for worker, answer in client.run(makers, on_error="return").items():
        if isinstance(answer, BaseException):
            raise Faults.one(f"the worker at {worker} cannot run corridor: {answer}", "--cluster")


class _Ours(WorkerPlugin):  # type: ignore[misc]
    """What a worker of our own leaves to us, also one that takes the place of a lost one."""

    def setup(self, worker: object) -> None:
        """Keep memory; leave interrupts, for one at the terminal reaches it too, and all talk.

        We raise what matters, and tell of a failure once. At the end a worker may ask for a
        scheduler that has just gone, which is no fault.
        """
        heap.keep()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        logging.getLogger("distributed").setLevel(logging.CRITICAL)


def _work(client: Client, tasks: Iterable[Task], own: bool) -> Generator[Done]:
    """Keep two tasks a core with the scheduler, however many workers come and go.

    What a lost worker did not finish, the scheduler gives to another.
    """
    waiting = iter(tasks)
    sent: set[Future] = set()
    try:
        while True:
            room = max(1, 2 * sum(client.ncores().values())) - len(sent)
            sent |= {
                client.submit(done, task, pure=False) for task in islice(waiting, max(0, room))
            }
            if not sent:
                return
            for future in _finished(client, sent):
                sent.remove(future)
                yield future.result()
    except Stranger as stranger:
        if own:
            raise Stranger(f"{stranger}: {CHANGED}") from None
        remedy = "install the same there, on a like processor"
        raise Faults.one(f"{stranger}: {remedy}", "--cluster") from None
    except (KilledWorker, CancelledError) as loss:
        raise WorkersLost(f"workers were lost again and again: {loss}") from loss
    finally:
        client.cancel(list(sent))


def _finished(client: Client, sent: set[Future]) -> set[Future]:
    """Those that are done, when the first is."""
    while True:
        try:
            return set(wait(sent, timeout=PATIENCE, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            if not client.ncores():
                raise WorkersLost("no worker is left") from None
