"""Broken off and taken up again: nothing lost, nothing done twice, the same bytes in the end."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from corridor.results.files import DRAFT
from corridor.study.carry import enough
from corridor.study.precision import stop
from corridor.study.replicate import Outcome
from corridor.study.store import finished, keep
from corridor.study.task import Task, WorkersLost, done
from corridor.study.work import crew

from .cases import PLAIN, case, studied, tables, written

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return written(tmp_path, "plain", PLAIN)


def command(path: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "corridor", "run", str(path), *words]


def cut(text: bytes) -> bytes:
    return text[:-7]


def emptied(_: bytes) -> bytes:
    return b""


def changed(text: bytes) -> bytes:
    """The same but for one bit."""
    middle = len(text) // 2
    return text[:middle] + bytes([text[middle] ^ 1]) + text[middle + 1 :]


def alive(process: psutil.Process) -> bool:
    """Whether it runs; one that has ended may still stand in the list of a careless parent."""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob(".replications/*/[0-9]*.npy"))


def broken_off(path: Path, how: signal.Signals, *words: str) -> tuple[int, str]:
    """Start a run into ``out``, stop it after some replications; its status and what it said."""
    folder = path.parent / "out"
    process = subprocess.Popen(
        command(path, *words, "--out", str(folder)),
        cwd=path.parent, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while len(kept(folder)) < 5 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, how)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


@posix
@pytest.mark.slow
@pytest.mark.parametrize("words", [("--jobs", "2"), ("--jobs", "2", "--engine", "simpy")])
def test_killed_and_run_again_is_as_if_nothing_had_been(
    words: tuple[str, ...], plain: Path
) -> None:
    folder, whole = plain.parent / "out", plain.parent / "whole"
    words = ("--replications", "60", *words)
    status, _ = broken_off(plain, signal.SIGKILL, *words)
    assert status == -signal.SIGKILL
    there = len(kept(folder))
    assert 5 <= there < 60
    assert (folder / ".lock").exists()
    (folder / f"{DRAFT}0123.parquet").write_text("half a file")
    again = subprocess.run(
        command(plain, *words, "--out", str(folder)),
        cwd=plain.parent, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert again.stderr.startswith(f"{there} of 60 replications were done before\n")
    unbroken = command(plain, "--replications", "60", "--jobs", "1", "--out", str(whole), "--quiet")
    subprocess.run(unbroken, cwd=plain.parent, check=True, timeout=120)
    files = {path.name for path in whole.iterdir()}
    assert files == {path.name for path in folder.iterdir()}
    for name in files - {"run.json"}:
        assert (folder / name).read_bytes() == (whole / name).read_bytes(), name


@posix
@pytest.mark.slow
@pytest.mark.parametrize("words", [("--jobs", "3"), ("--cluster", "local", "--jobs", "2")])
def test_who_asked_is_killed_and_no_process_of_it_is_left(
    words: tuple[str, ...], plain: Path
) -> None:
    folder = plain.parent / "out"
    asking = psutil.Popen(
        command(plain, "--replications", "2000", *words, "--out", str(folder)),
        cwd=plain.parent, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while len(kept(folder)) < 5 and asking.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    others = asking.children(recursive=True)
    asking.kill()
    asking.wait()
    deadline = time.monotonic() + 15
    while (left := [each for each in others if alive(each)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    for process in left:
        process.kill()
    assert len(others) >= 2
    assert left == []


@posix
@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_says_what_is_kept_and_how_to_go_on(how: signal.Signals, plain: Path) -> None:
    status, said = broken_off(plain, how, "--replications", "2000", "--jobs", "2")
    folder = plain.parent / "out"
    there = len(kept(folder))
    assert status == 130, said
    assert said.endswith(
        f"{there} finished replications are kept in {folder / '.replications'}:"
        " the same command goes on from there\ninterrupted\n"
    )
    assert "Traceback" not in said, said
    assert "Warning" not in said, said
    assert [path.name for path in folder.iterdir()] == [".replications"]


def test_what_is_finished_is_not_done_again(plain: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    studied(plain, replications=3, jobs=1, store=store)
    first = {path: path.stat().st_mtime_ns for path in store.rglob("*.*")}
    calls: list[tuple[int, int]] = []
    more = studied(
        plain, replications=5, jobs=2, store=store, progress=lambda *done: calls.append(done)
    )
    assert calls == [(3, 5), (4, 5), (5, 5)]
    assert {path: path.stat().st_mtime_ns for path in first} == first
    fresh = studied(plain, replications=5, jobs=1)
    assert tables(more, tmp_path / "a") == tables(fresh, tmp_path / "b")
    fewer = studied(plain, replications=2, jobs=1, store=store)
    assert set(fewer.replications["replication"]) == {0, 1}


@pytest.mark.parametrize("name", ["0.npy", "1.npy", "0.arrow"])
@pytest.mark.parametrize("damage", [cut, emptied, changed])
def test_a_damaged_replication_is_done_again(
    name: str, damage: Callable[[bytes], bytes], plain: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    whole = tables(studied(plain, replications=3, jobs=1, store=store), tmp_path / "a")
    path = next(store.rglob(name))
    path.write_bytes(damage(path.read_bytes()))
    calls: list[tuple[int, int]] = []
    again = studied(
        plain, replications=3, jobs=1, store=store, progress=lambda *done: calls.append(done)
    )
    assert calls == [(2, 3), (3, 3)]
    assert tables(again, tmp_path / "b") == whole


def test_another_seed_finds_nothing_and_leaves_nothing_of_the_first(
    plain: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    studied(plain, replications=2, jobs=1, store=store)
    first = set(store.iterdir())
    calls: list[tuple[int, int]] = []
    studied(
        plain, replications=2, seed=5, jobs=1, store=store,
        progress=lambda *done: calls.append(done),
    )  # fmt: skip
    assert calls[0] == (0, 2)
    assert first.isdisjoint(store.iterdir())


def test_a_full_disk_keeps_what_was_finished(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third replication meets the limit on the size of a file, which is a disk too small."""
    resource = pytest.importorskip("resource")
    store = tmp_path / "store"

    def limited(folder: Path, outcome: Outcome) -> None:
        if outcome.replication == 2:
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
        keep(folder, outcome)

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    monkeypatch.setattr("corridor.study.carry.keep", limited)
    try:
        with pytest.raises(OSError, match="File too large"):
            studied(plain, replications=4, jobs=1, store=store)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    (shelf,) = store.iterdir()
    assert finished(shelf) == {0, 1}
    assert {path.name for path in shelf.iterdir()} == {"0.npy", "0.arrow", "1.npy"}


def test_a_dozen_scenarios_go_the_same_way_and_each_is_as_it_is_alone(
    plain: Path, tmp_path: Path
) -> None:
    paths = [plain] + [
        written(
            tmp_path, f"rate_{rate}",
            f"title: {rate} an hour\nextends: plain\narrivals: {{poisson: {rate} per hour}}\n",
        )
        for rate in range(8, 19)
    ]  # fmt: skip
    together = studied(*paths, replications=3, jobs=2)
    assert together.differences is not None
    assert together.differences["other"].nunique() == 11
    for path in (paths[0], paths[5], paths[11]):
        alone = studied(path, replications=3, jobs=1)
        for name in ("metrics", "replications", "series", "visits"):
            table, own = getattr(together, name), getattr(alone, name)
            words = dict.fromkeys(own.select_dtypes("category").columns, str)
            mine = table[table["scenario"] == path.stem].reset_index(drop=True)
            assert mine.astype(words).equals(own.astype(words)), f"{name} of {path.stem}"


def test_tasks_are_made_no_faster_than_they_are_done(plain: Path, tmp_path: Path) -> None:
    made, ended, ahead = 0, 0, []

    def counted(tasks: Iterable[Task]) -> Iterable[Task]:
        nonlocal made
        for task in tasks:
            made += 1
            ahead.append(made - ended)
            yield task

    def told(done: int, _: int) -> None:
        nonlocal ended
        ended = done

    with crew(2, None, math.inf) as workers:
        one = case(plain, tmp_path / "store")
        rule = stop(None, 60, 1)
        assert enough([one], rule, lambda tasks: workers(counted(tasks)), told) == (60, [])
    assert made == 60
    assert max(ahead) <= 20


def test_workers_lost_twice_at_the_same_work_are_given_up(plain: Path, tmp_path: Path) -> None:
    """Two are done, then every worker dies; what was done is there."""
    tries = 0

    def dying(tasks: Iterable[Task]):
        nonlocal tries
        tries += 1
        for task in tasks:
            if task.replication >= 2:
                raise WorkersLost("out of memory")
            yield done(task)

    one = case(plain, tmp_path / "store")
    with pytest.raises(WorkersLost, match="out of memory"):
        enough([one], stop(None, 4, 1), dying, None)
    assert tries == 2
    assert finished(one.shelf) == {0, 1}
