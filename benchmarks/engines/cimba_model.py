"""cimba: compiled processes, one a lane, which take lorries out of the line and pass them on.

The traced arrivals and services are arrays of this module, which compiled code reads in place, so
every lorry meets the same hours and times as in the other engines.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cimba as cb
import numba
import numpy as np

from benchmarks.process import Clock, engine
from benchmarks.tandem import GATE, Tandem, load

tandem = load(Path(sys.argv[-3]))
ORDER = tandem.order  # lorries are numbered in the order of their coming
START = tandem.plan.start[ORDER].astype(np.float64)
SERVICE = tandem.service[ORDER].astype(np.float64)
ROUTE = tandem.plan.route[ORDER].astype(np.int64)
AFTER = np.full((len(tandem.visits), len(tandem.lanes)), -1)  # the station behind, by route
for route, visits in enumerate(tandem.visits):
    AFTER[route, visits[:-1]] = visits[1:]
CHANGES, OPENS = (np.array(row, dtype=np.float64) for row in tandem.opens)


@numba.njit
def opening(now: float) -> float:
    """When the gate opens; 0 if it is open."""
    return OPENS[np.searchsorted(CHANGES, now, side="right") - 1]


class Line(cb.Model):
    """Who waits at a station."""

    lorries: cb.Store[int]


class Lane(cb.Model):
    """Serves whoever is next."""

    port: cb.Ref[Port]
    here: cb.Ref[Line]
    station: int = 0

    @cb.process
    def serve(self):
        """Serve one after another, for ever."""
        while True:
            lorry = self.here.lorries.get()
            if self.station == GATE:
                opens = opening(cb.now())
                if opens > 0.0:
                    cb.hold(opens - cb.now())
            cb.hold(SERVICE[lorry, self.station])
            after = AFTER[ROUTE[lorry], self.station]
            if after >= 0:
                self.port.lines[after].lorries.put(lorry)
            else:
                self.port.lorry.record(float(lorry))
                self.port.left.record(cb.now())


class Port(cb.Model):
    """All stations, and what is written down."""

    lines: list[Line]
    lanes: list[Lane]
    lorry: cb.Dataset
    left: cb.Dataset

    def __init__(self, lanes: list[int]) -> None:
        self.lorry, self.left = cb.Dataset(), cb.Dataset()
        self.lorry.capture()
        self.left.capture()
        self.lines = [Line() for _ in lanes]
        made = []
        for station, count in enumerate(lanes):
            for _ in range(count):
                lane = Lane()
                lane.port, lane.here, lane.station = self, self.lines[station], station
                made.append(lane)
        self.lanes = made

    @cb.process
    def arrivals(self):
        """Let lorries come."""
        for lorry in range(len(START)):
            cb.hold(START[lorry] - cb.now())
            self.lines[GATE].lorries.put(lorry)


def run(tandem: Tandem) -> tuple[np.ndarray, float]:
    """Departures (V,), and the seconds it took."""
    with Clock() as clock:
        port = Port(tandem.lanes)
        results = cb.Experiment(port).run(workers=1)
    (_, lorries), (_, times) = results[port].lorry.trial(0, 0), results[port].left.trial(0, 0)
    left = np.zeros(len(ORDER), dtype=np.int64)
    left[ORDER[lorries.astype(np.int64)]] = times
    return left, clock.seconds


if __name__ == "__main__":
    engine("cimba", run)
