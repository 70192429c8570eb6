"""Processes, a cluster: the same bytes, and the loss of a worker loses nothing."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed import Client, LocalCluster, default_client

from corridor.faults import Faults
from corridor.metrics import View, metric, register
from corridor.results.provenance import makers
from corridor.study import cluster
from corridor.study.task import Stranger, Task, done
from corridor.study.work import AHEAD, crew

from .cases import PLAIN, case, studied, tables, written

pytestmark = pytest.mark.slow
COUNT = 12
CODE = "corridor's code"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("workers"), "plain", PLAIN)


@pytest.fixture(scope="module")
def whole(plain: Path) -> dict[str, bytes]:
    """The tables as one process makes them."""
    return tables(studied(plain, replications=COUNT, jobs=1), plain.parent / "whole")


@pytest.fixture
def workers() -> Iterator[LocalCluster]:
    with LocalCluster(
        host="127.0.0.1", n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as found:
        yield found


@pytest.mark.parametrize(
    "options",
    [
        {"jobs": 2},
        {"jobs": 3, "engine": "fast"},
        {"jobs": 1, "engine": "simpy"},
        {"jobs": 2, "engine": "simpy"},
        {"jobs": 2, "cluster": "local"},
    ],
    ids=lambda options: " ".join(map(str, options.values())),
)
def test_any_number_and_kind_of_workers_gives_the_same_bytes(
    options: dict[str, Any], plain: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    calls: list[tuple[int, int]] = []
    results = studied(
        plain, replications=COUNT, progress=lambda *done: calls.append(done), **options
    )
    assert tables(results, tmp_path) == whole
    assert calls == [(i, COUNT) for i in range(COUNT + 1)]


def test_helpers_go_on_while_this_process_is_at_work(plain: Path, tmp_path: Path) -> None:
    """Its own first task is long, for it reads in the engine: nobody waits for that.

    But no more is done meanwhile than memory has room for.
    """
    one, begun = case(plain, tmp_path), 0

    def tasks() -> Iterator[Task]:
        nonlocal begun
        for begun in range(1, 2 * COUNT + 1):
            yield Task(0, one.scenario, one.world, begun - 1, one.engine, makers())

    most = 1 + AHEAD + 2  # two are looked at, for whether this is the end
    with crew(2, None, math.inf) as workers:
        found = workers(tasks())
        numbers = [next(found).outcome.replication]
        until = time.monotonic() + 60
        while begun < most:  # and nothing more is asked for
            assert time.monotonic() < until, f"a helper waits, {begun} begun"
            time.sleep(0.05)
        time.sleep(1)
        assert begun == most < 2 * COUNT
        numbers += [each.outcome.replication for each in found]
    assert sorted(numbers) == list(range(2 * COUNT))


def test_the_last_tasks_are_for_whoever_is_free_first(tmp_path: Path) -> None:
    """None is put by for a helper that is at something long, while this process has nothing."""
    (tmp_path / "long").mkdir()
    short = case(written(tmp_path, "plain", PLAIN), tmp_path, "simpy")
    year = PLAIN.replace("5 d", "365 d").replace("a plain station", "it for long")
    long = case(written(tmp_path / "long", "plain", year), tmp_path, "simpy")
    cases = {number: long if number == 1 else short for number in range(4)}
    tasks = (
        Task(0, each.scenario, each.world, number, each.engine, makers())
        for number, each in cases.items()
    )
    with crew(2, None, math.inf) as workers:
        assert [found.outcome.replication for found in workers(tasks)] == [0, 2, 3, 1]


def test_two_studies_at_once_get_on(plain: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    """With other numbers of helpers, of which there is one lot: it is made larger and smaller."""

    def made(jobs: int) -> dict[str, bytes]:
        results = studied(plain, replications=COUNT, jobs=jobs)
        return tables(results, tmp_path / str(jobs))

    with ThreadPoolExecutor(2) as threads, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of loky, that it waits
        for found in [threads.submit(made, jobs) for jobs in (2, 3)]:
            assert found.result(timeout=120) == whole


# a thread of loky's may trip over a task of which it has just told that it will not be done
@pytest.mark.filterwarnings("ignore:Exception in thread ExecutorManagerThread")
def test_a_study_that_is_given_up_takes_no_helpers_from_another(
    plain: Path, whole: dict[str, bytes], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """They share theirs, and who gives up sees them off whatever they are at: nobody was killed."""
    far, gone = ({3: threading.Event(), 6: threading.Event()} for _ in range(2))

    def other(finished: int, _: int) -> None:
        if finished in far:
            far[finished].set()
            gone[finished].wait(60)

    with ThreadPoolExecutor(1) as threads:
        asked = {"replications": COUNT, "jobs": 2, "engine": "simpy"}
        found = threads.submit(studied, plain, progress=other, **asked)
        for number in far:

            def given_up(finished: int, _: int, number: int = number) -> None:
                if finished:
                    far[number].wait(60)
                    raise KeyboardInterrupt

            with pytest.raises(KeyboardInterrupt):
                studied(plain, progress=given_up, **asked)
            gone[number].set()
        assert tables(found.result(timeout=120), tmp_path) == whole
    assert not caplog.records


def test_an_indicator_of_ones_own_reaches_every_worker(plain: Path) -> None:
    @metric("own", "vehicles", "One more than came")
    def own(view: View) -> Iterator[tuple[str, str, float]]:
        yield "plain", "all", float(view.ledger.came.sum() + 1)

    try:
        found = [
            studied(plain, replications=4, **options).replications.query("metric == 'own'")
            for options in ({"jobs": 1}, {"jobs": 2}, {"jobs": 2, "cluster": "local"})
        ]
    finally:
        del register["own"]
    assert len(found[0]) == 4
    assert found[0].equals(found[1])
    assert found[0].equals(found[2])


def test_an_indicator_defined_anew_is_the_one_that_counts(plain: Path, tmp_path: Path) -> None:
    """Workers and finished replications may remember another of the same name."""
    means = []
    for more in (1.0, 2.0):
        found = {}
        exec(  # each a function of its own, without a text that could be looked up
            "def own(view):\n    yield 'plain', 'all', more\n", {"more": more}, found
        )
        metric("own", "vehicles", "A constant")(found["own"])
        try:
            results = studied(plain, replications=2, jobs=2, store=tmp_path / "store")
        finally:
            del register["own"]
        means += results.metrics.query("metric == 'own'")["mean"].tolist()
    assert means == [1.0, 2.0]


def test_a_store_with_something_else_in_it_is_left_alone(plain: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    with pytest.raises(Faults, match="give the store a folder of its own"):
        studied(plain, replications=2, jobs=1, store=tmp_path)
    assert (tmp_path / "thesis").is_dir()


def test_a_worker_of_the_cluster_is_killed_and_nothing_is_missing(
    plain: Path, whole: dict[str, bytes], workers: LocalCluster, tmp_path: Path
) -> None:
    killed: list[int] = []

    def told(finished: int, _: int) -> None:
        if finished == 3:
            victim = workers.workers[0].pid
            psutil.Process(victim).kill()
            killed.append(victim)

    results = studied(plain, replications=COUNT, cluster=workers.scheduler_address, progress=told)
    assert len(killed) == 1
    assert tables(results, tmp_path) == whole


def test_a_process_is_killed_and_nothing_is_missing(
    plain: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    killed: list[int] = []

    def told(finished: int, _: int) -> None:
        if finished == 3:
            mine = psutil.Process().children(recursive=True)
            victim = next(p for p in mine if "popen_loky" in " ".join(p.cmdline()))
            victim.kill()
            killed.append(victim.pid)

    results = studied(plain, replications=COUNT, jobs=2, engine="simpy", progress=told)
    assert len(killed) == 1
    assert tables(results, tmp_path) == whole


def test_where_processes_die_again_and_again_this_one_does_all(
    plain: Path, whole: dict[str, bytes]
) -> None:
    words = ("run", str(plain), "--engine", "simpy", "--jobs", "2", "--out", "lost")
    process = subprocess.Popen(
        [sys.executable, "-m", "corridor", *words, "--replications", str(COUNT)],
        cwd=plain.parent, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    me, killed = psutil.Process(process.pid), 0
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):
            for child in me.children(recursive=True):
                if "popen_loky" in " ".join(child.cmdline()):
                    child.kill()
                    killed += 1
        time.sleep(0.05)
    _, said = process.communicate()
    assert process.returncode == 0, said
    assert killed == 2
    assert "processes were killed, most likely for want of memory: going on with fewer\n" in said
    assert "Traceback" not in said
    kept = (plain.parent / "lost" / "replications.parquet").read_bytes()
    assert kept == whole["replications.parquet"]


def test_a_worker_with_other_libraries_is_refused(plain: Path, workers: LocalCluster) -> None:
    def age() -> None:
        makers()["numpy"] = "1.0"

    with Client(workers) as client:
        client.run(age)
    with pytest.raises(Faults, match=r"--cluster: a worker on .* has numpy 1\.0 and not 2\."):
        studied(plain, replications=COUNT, cluster=workers.scheduler_address)


def test_a_worker_without_corridor_is_refused(plain: Path, workers: LocalCluster) -> None:
    def forget() -> None:
        for name in [name for name in sys.modules if name.startswith("corridor")]:
            del sys.modules[name]
        sys.modules["corridor"] = None  # type: ignore[assignment]

    with Client(workers) as client:
        client.run(forget)
    with pytest.raises(Faults, match=r"the worker at tcp://127\.0\.0\.1:[0-9]+ cannot run"):
        studied(plain, replications=COUNT, cluster=workers.scheduler_address)


def test_the_same_code_is_no_stranger(plain: Path, tmp_path: Path) -> None:
    one = case(plain, tmp_path)
    task = Task(4, one.scenario, one.world, 1, "auto", makers())
    found = done(task)
    assert (found.case, found.outcome.replication) == (4, 1)
    with pytest.raises(Stranger, match=r"a worker on .* has corridor .* and not 0\.0$"):
        done(task._replace(makers=makers() | {"corridor": "0.0"}))


@pytest.mark.parametrize("words", [("--jobs", "2"), ("--jobs", "2", "--cluster", "local")])
def test_code_changed_while_it_ran_is_told_in_a_sentence(
    words: tuple[str, ...], plain: Path
) -> None:
    """Helpers have read in what is there now; who asked, what was there when it started."""
    code = (
        "from corridor.results.provenance import makers\n"
        f"makers()[{CODE!r}] = 'that of old'\n"
        "from corridor.cli import main\n"
        "main()"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, "run", str(plain), "--replications", "2000", *words,
         "--out", "changed"],
        cwd=plain.parent, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert said.returncode == 3, said.stderr
    assert said.stdout == ""
    *before, last = said.stderr.splitlines()
    assert last.startswith("a worker on ")
    assert last.endswith(
        f" has corridor's code {makers()[CODE]} and not that of old: corridor or a library was"
        " changed while this ran: run the command again"
    )
    if words[-1] != "local":
        assert before[-1].endswith(": with the code as it was, the same command goes on from there")


@pytest.mark.parametrize("address", ["", "nowhere", "http://here:1", "here", "a b:1", "/x:1"])
def test_what_is_no_address_is_refused_at_once(address: str, plain: Path) -> None:
    with pytest.raises(Faults, match="write host:port of a Dask scheduler, or local"):
        studied(plain, replications=2, cluster=address)


def test_nobody_answers(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(Faults, match=r"no scheduler with workers answers at '127\.0\.0\.1:9'"):
        studied(plain, replications=2, cluster="127.0.0.1:9")


def test_our_own_cluster_listens_on_the_loopback_alone() -> None:
    with cluster.hired("local", 1):
        me = psutil.Process()
        ports = [
            connection.laddr.ip
            for process in (me, *me.children(recursive=True))
            for connection in process.net_connections()
            if connection.status == psutil.CONN_LISTEN
        ]
    assert len(ports) >= 3
    assert set(ports) == {"127.0.0.1"}


def test_our_own_workers_leave_interrupts_and_talk_to_us(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Also one that takes the place of a lost one."""

    def ask() -> tuple[int, bool]:
        logging.getLogger("distributed.worker").error("the scheduler is gone")
        return os.getpid(), signal.getsignal(signal.SIGINT) == signal.SIG_IGN

    with cluster.hired("local", 1):
        client = default_client()
        lost, deaf = client.submit(ask, pure=False).result(timeout=60)
        os.kill(lost, signal.SIGKILL)
        another, also = client.submit(ask, pure=False).result(timeout=60)
    assert another != lost
    assert deaf
    assert also
    assert capfd.readouterr().err == ""


def test_without_dask_one_line_says_how_to_get_it(plain: Path) -> None:
    code = "import sys; sys.modules['distributed'] = None; from corridor.cli import main; main()"
    words = ("run", str(plain), "--cluster", "local", "--replications", "2", "--out", "out")
    said = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=plain.parent, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert said.returncode == 2
    assert said.stderr == (
        "--cluster: needs Dask: pip install 'corridor[cluster]', or pip install distributed\n"
    )
    assert not (plain.parent / "out").exists()


def test_this_room_is_light_until_it_works() -> None:
    code = "import corridor.study, sys; print(*sys.modules)"
    loaded = set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
    )
    assert not loaded & {"joblib", "distributed", "numpy", "pandas", "numba", "pydantic"}
    code = "import corridor.study.simulate, sys; print(*sys.modules)"
    loaded = set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
    )
    assert not loaded & {"distributed", "dask", "numba", "simpy"}
