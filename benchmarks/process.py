"""Processes of their own: what one takes, and what it had at most in memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent
MIB = 2**20


def peak_mib() -> float:
    """The most memory this process has had, MiB."""
    try:  # ru_maxrss would count the parent, as it was when it made this process
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MIB


def asked(module: str, *words: str) -> dict[str, Any]:
    """Run ``python -m benchmarks.<module>`` alone; what it says in its last line."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip() or "no word why").splitlines()[-1]
        return {"missing": "not installed" if last.startswith("ModuleNotFoundError") else last}
    return json.loads(done.stdout.splitlines()[-1])


def engine(package: str, run: Callable[..., np.ndarray]) -> None:
    """What an engine's script does: ``PLAN RUNS DEPARTURES``, timed, the best of so many runs.

    The arrays are in memory and as lists before the clock starts; the departures are an array
    when it stops. The first run is told apart, for it may compile.
    """
    from benchmarks.tandem import load

    plan, runs, departures = sys.argv[-3:]
    tandem = load(Path(plan))
    seconds, loaded = [], peak_mib()
    for _ in range(int(runs)):
        out, took = run(tandem)
        seconds.append(took)
    np.save(departures, out)
    told = {
        "seconds": min(seconds),
        "first": seconds[0],
        "peak_mib": peak_mib(),
        "loaded_mib": loaded,
        "vehicles": len(out),
        "version": version_of(package),
    }
    print(json.dumps(told))


def version_of(package: str) -> str:
    """Name and version of an installed package; nothing for what is none."""
    try:
        return f"{package} {version(package)}" if package else ""
    except PackageNotFoundError:
        return ""


class Clock:
    """Seconds within ``with``."""

    def __enter__(self) -> Clock:
        self.began = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self.began


def watched(command: list[str]) -> dict[str, float]:
    """Run a command; its wall seconds, and the most that it and its children had at once, MiB."""
    with Clock() as clock:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        most = [0.0]
        watcher = threading.Thread(target=_watch, args=(process, most))
        watcher.start()
        _, fault = process.communicate()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command[1:])} failed: {fault.decode().strip()[-300:]}")
    return {"seconds": clock.seconds, "peak_mib": most[0]}


def _watch(process: subprocess.Popen[bytes], most: list[float]) -> None:
    """Note the greatest sum of the memory of a process and all it has made, every 50 ms."""
    while process.poll() is None:
        most[0] = max(most[0], sum(map(_resident, _family(process.pid))))
        time.sleep(0.05)


def _family(pid: int) -> list[int]:
    found, seen = [pid], 0
    while seen < len(found):
        for task in Path(f"/proc/{found[seen]}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:  # it has just ended
                continue
        seen += 1
    return found


def _resident(pid: int) -> float:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0.0
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / MIB
