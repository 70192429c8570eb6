"""One writer a folder: the lock goes with its process, whatever the file says that is left."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from corridor.results.files import DRAFT, FolderInUse, locked

HOLD = """
import subprocess, sys, time
from pathlib import Path
from corridor.results.files import FolderInUse, locked
folder, helper, start = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
time.sleep(max(0.0, start - time.time()))
try:
    with locked(folder):
        if helper:
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        print("mine", flush=True)
        sys.stdin.read()
except FolderInUse as refused:
    print(refused, flush=True)
"""


def holder(folder: Path, helper: str = "", start: float = 0.0) -> subprocess.Popen[str]:
    """A process that locks `folder`, at the second `start`, until its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), helper, str(start)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def ended(process: subprocess.Popen[str]) -> None:
    with process:
        process.communicate(timeout=30)


def test_the_same_process_does_not_get_it_twice(tmp_path: Path) -> None:
    with locked(tmp_path):
        with (
            pytest.raises(FolderInUse, match="is in use by another run: wait, or choose --out"),
            locked(tmp_path),
        ):
            pass
        with pytest.raises(FolderInUse), locked(tmp_path):  # the refusal took nothing away
            pass
    with locked(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["", "not json", "pid 1", "own pid", "elsewhere", "alive"])
def test_a_file_that_was_left_keeps_nobody_out(text: str, tmp_path: Path) -> None:
    here = socket.gethostname()
    holders = {
        "pid 1": {"pid": 1, "host": here, "since": 0},
        "own pid": {"pid": os.getpid(), "host": here, "since": 0},
        "elsewhere": {"pid": 999999999, "host": "another-container", "since": 0},
        "alive": {"pid": os.getppid(), "host": here, "since": int(time.time())},
    }
    (tmp_path / ".lock").write_text(json.dumps(holders[text]) if text in holders else text)
    (tmp_path / f"{DRAFT}0123.csv").write_text("half a file")
    with locked(tmp_path):
        assert not list(tmp_path.glob(f"{DRAFT}*"))
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("helper", ["", "helper"])
def test_a_killed_process_lets_go_though_a_helper_lives_on(helper: str, tmp_path: Path) -> None:
    process = holder(tmp_path / "out", helper)
    try:
        assert said(process) == "mine"
        with pytest.raises(FolderInUse), locked(tmp_path / "out"):
            pass
        process.kill()
        process.wait(timeout=30)
        assert (tmp_path / "out" / ".lock").exists()
        with locked(tmp_path / "out"):
            pass
        assert not (tmp_path / "out" / ".lock").exists()
    finally:
        if helper:
            os.killpg(process.pid, 9)  # the helper is of the session that we began
        ended(process)


def test_of_processes_at_once_exactly_one_wins(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_text('{"pid": 999999999}')
    start = time.time() + 3
    processes = [holder(tmp_path, start=start) for _ in range(4)]
    words = sorted(said(process) for process in processes)
    for process in processes:
        ended(process)
    assert words.count("mine") == 1
    assert all("is in use by another run" in word for word in words if word != "mine")
    assert not list(tmp_path.iterdir())


def test_of_threads_never_two_are_in(tmp_path: Path) -> None:
    """Files come and go under one name, made and taken away by whoever is in."""
    inside = entries = 0
    most: list[int] = []
    guard, faults = threading.Lock(), []

    def run() -> None:
        nonlocal inside, entries
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            try:
                with locked(tmp_path / "deep" / "out"):
                    with guard:
                        inside, entries = inside + 1, entries + 1
                        most.append(inside)
                    time.sleep(0.0005)
                    with guard:
                        inside -= 1
            except FolderInUse:
                pass
            except BaseException as fault:
                faults.append(fault)
                raise

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert entries > 20
    assert set(most) == {1}
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_folders_made_for_nothing_go_and_others_stay(tmp_path: Path) -> None:
    with locked(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b" / ".lock").exists()
    assert not list(tmp_path.iterdir())
    with locked(tmp_path / "a" / "b"):
        (tmp_path / "a" / "b" / "metrics.csv").write_text("kept")
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["metrics.csv"]
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "c"):
        _ = 1 / 0
    assert not (tmp_path / "c").exists()
