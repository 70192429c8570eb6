"""C++ by hand, compiled on the spot: ``loops PLAN RUNS DEPARTURES`` after events|stations [stamps].

What is timed is the loop alone: not the compiler, not Python, and not the sorting of arrivals.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.process import Clock, engine
from benchmarks.tandem import Tandem

COMPILER = "g++"
SOURCE = Path(__file__).with_suffix(".cpp")


class Network(ctypes.Structure):
    """What a loop is given, as the source lays it out."""

    _fields_ = (
        ("units", ctypes.c_int32),
        ("stations", ctypes.c_int32),
        *((f"array_{i}", ctypes.c_void_p) for i in range(12)),
    )


def compiled() -> ctypes.CDLL:
    """The loops as a library."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "loops.so"
        flags = ["-O3", "-march=native", "-std=c++17", "-shared", "-fPIC"]
        try:
            subprocess.run([COMPILER, *flags, "-o", library, SOURCE], check=True)
        except FileNotFoundError:
            raise SystemExit(f"{COMPILER}: not installed") from None
        return ctypes.CDLL(str(library))


def run(tandem: Tandem, loop: str, stamps: bool) -> tuple[np.ndarray, float]:
    """Departures (V,), and the seconds it took."""
    plan, order = tandem.plan, tandem.order
    service = np.ascontiguousarray(tandem.service[order].T)
    start, route = plan.start[order], plan.route[order]
    function = getattr(library, loop)
    with Clock() as clock:
        left = np.zeros(len(start), dtype=np.int64)
        written = [np.full(service.shape, -1, dtype=np.int64) for _ in range(3 * stamps)]
        arrays = [
            start, route, plan.route_first, plan.where, service,
            plan.lane_first, plan.lane_at, plan.lane_open, left, *written,
        ]  # fmt: skip
        network = Network(*service.shape[::-1], *(array.ctypes.data for array in arrays))
        function(ctypes.byref(network))
    return left[np.argsort(order)], clock.seconds


if __name__ == "__main__":
    library = compiled()
    engine("", lambda tandem: run(tandem, sys.argv[1], "stamps" in sys.argv))
