"""The study room: finished replications on disk, so that what is done need not be done again.

A *shelf* is a folder named by all that makes its replications valid; one file a replication.
Whatever else lies in the store belongs to another question, and is taken away.
"""

from __future__ import annotations

import hashlib
import inspect
import io
import json
import logging
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.faults import Faults
from corridor.metrics import Metric, guests, register
from corridor.metrics.monthly import MonthLabel
from corridor.results.files import whole
from corridor.results.provenance import makers
from corridor.results.tables import SeriesLabel
from corridor.scenarios import Scenario
from corridor.study.replicate import Engine, Outcome, StairKey, World

__all__ = ["KEPT", "Sample", "finished", "keep", "opened", "sample", "shelf", "stacked", "visits"]

Floats = npt.NDArray[np.float64]
RowLabel = tuple[str, str, str, str]
"""(place, class, metric, unit)"""

KEPT = ".replications"
"""The store in a folder of results, until they are all there."""

VISITS = ".arrow"
"""The table of single visits: of all formats the one that is written and read soonest."""

SEAL = 32
"""Bytes of the seal at the end of a replication's file."""

AT_ONCE = 16_000_000
"""Bytes of hourly series in memory at a time, however many replications there are."""


@dataclass(frozen=True, eq=False)
class Sample:
    """The replications of one scenario side by side, in the order of their number.

    Parameters
    ----------
    rows, values : list of RowLabel, float64 (R, rows)
        Every indicator.
    months, monthly : list of MonthLabel, float64 (R, months)
        Passes by month.
    targets, stairs : list of dict
        One a replication, as in `Outcome`.
    labels, files : list of SeriesLabel, list of Path
        The hourly series stay on disk: see `stacked`.
    purposes, calendar, every : list, list, int
        Of the first replication.
    """

    rows: list[RowLabel]
    values: Floats
    months: list[MonthLabel]
    monthly: Floats
    targets: list[dict[str, float]]
    stairs: list[dict[StairKey, tuple[float, float, float]]]
    labels: list[SeriesLabel]
    files: list[Path]
    purposes: list[str]
    calendar: list[dict[str, str]]
    every: int = 1


def shelf(store: Path, scenario: Scenario, world: World, engine: Engine) -> Path:
    """The folder for the replications of `scenario`, named by all that they depend on.

    The scenario as resolved, its seed and its world, the engine asked for, this package's code,
    the indicators, and the versions of what computes; not how many replications are wanted.
    """
    asked = scenario.model_dump_json(exclude_none=True, by_alias=True, exclude={"replications"})
    indicators = [(metric.name, metric.unit) for metric in register.values()]
    indicators += [(metric.name, _told(metric)) for metric in guests()]
    key = json.dumps([asked, asdict(world), engine, indicators, makers()], ensure_ascii=False)
    return store / f"{scenario.name}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def _told(guest: Metric) -> str:
    """The text of an indicator that is not ours; where there is none, something never seen again.

    Its code is no part of this package's, and may change from one study to the next.
    """
    try:
        return inspect.getsource(guest.find)
    except (OSError, TypeError):
        return secrets.token_hex(16)


def opened(store: Path, shelves: Iterable[Path]) -> None:
    """Make the shelves; take away other shelves, and drafts of a run that broke off.

    Raises
    ------
    Faults
        If there is something in the store that is no shelf: nothing of it is touched.
    """
    wanted = set(shelves)
    if store.exists():
        for path in store.iterdir():
            if not _is_shelf(path) and not path.name.startswith("."):
                raise Faults.one(
                    f"'{path.name[:60]}' lies there, which is no finished replication: give the"
                    " store a folder of its own",
                    str(store),
                )
    for path in wanted:
        path.mkdir(parents=True, exist_ok=True)
        for draft in path.glob(".*"):
            draft.unlink()
    for path in store.iterdir():
        if path not in wanted and _is_shelf(path):
            shutil.rmtree(path)


def _is_shelf(path: Path) -> bool:
    return path.is_dir() and bool(re.fullmatch(r".+-[0-9a-f]{16}", path.name))


def keep(folder: Path, outcome: Outcome) -> None:
    """Put a replication on its shelf: whole, or not at all."""
    path = _path(folder, outcome.replication)
    if outcome.visits is not None:
        table = outcome.visits
        whole(
            path.with_suffix(VISITS),
            lambda draft: table.to_feather(draft, compression="uncompressed"),
            sealed=True,
        )
    text = _packed(outcome)
    text += _seal(path, text)
    whole(path, lambda draft: draft.write_bytes(text), sealed=True)


def finished(folder: Path) -> set[int]:
    """The replications on a shelf; what is damaged is taken away, to be made again.

    Damaged is whatever differs by one bit from what was kept there: a disk that fails, a copy
    that broke off, a file put in the place of another.
    """
    there = [path for path in folder.glob("*.npy") if re.fullmatch("0|[1-9][0-9]*", path.stem)]
    damaged = [path for path in there if not _unbroken(path)]
    for path in damaged:
        path.unlink()
        path.with_suffix(VISITS).unlink(missing_ok=True)
    if damaged:
        logging.getLogger(__name__).warning(
            "%s: %d of %d finished replications are damaged, and made again",
            folder, len(damaged), len(there),
        )  # fmt: skip
    return {int(path.stem) for path in there if path not in damaged}


def _unbroken(path: Path) -> bool:
    """Whether a replication is as it was kept, with the visits beside it."""
    text = memoryview(path.read_bytes())
    try:
        return text[-SEAL:] == _seal(path, text[:-SEAL])
    except FileNotFoundError:  # the visits
        return False


def _seal(path: Path, text: bytes | memoryview) -> bytes:
    """What ends the file of a replication: the SHA-256 of its place, its `text` and its visits.

    The place is shelf and number, so that nothing counts where it was not put. Only the first
    replication has visits.
    """
    seal = hashlib.sha256(f"{path.parent.name}/{path.name}\0".encode())
    seal.update(text)
    if path.stem == "0":
        with path.with_suffix(VISITS).open("rb") as file:
            hashlib.file_digest(file, lambda: seal)
    return seal.digest()


def sample(folder: Path, count: int) -> Sample:
    """The first `count` replications on a shelf, without the hourly series.

    Raises
    ------
    RuntimeError
        If two of them do not have the same indicators: a bug of ours.
    """
    files = [_path(folder, number) for number in range(count)]
    names, *_, first = _read(files[0])
    values, monthly, rest = [], [], []
    for path in files:
        those, indicators, passes, others = _read(path)
        if those != names:
            raise RuntimeError(f"{path} does not have the indicators of {files[0]}")
        values.append(indicators)
        monthly.append(passes)
        rest.append(others)
    said = json.loads(names)
    return Sample(
        rows=[tuple(label) for label in said["rows"]],
        values=np.stack(values),
        months=[tuple(label) for label in said["months"]],
        monthly=np.stack(monthly),
        targets=[each["targets"] for each in rest],
        stairs=[{tuple(key): tuple(three) for key, three in each["stairs"]} for each in rest],
        labels=[tuple(label) for label in said["labels"]],
        files=files,
        purposes=first["purposes"],
        calendar=first["calendar"],
        every=first["every"],
    )


def stacked(files: list[Path]) -> Iterator[npt.NDArray[np.int32]]:
    """The hourly series of all replications, stretch after stretch of their cells: (R, cells)."""
    cells = _series(files[0]).size
    step = max(1, AT_ONCE // (4 * len(files)))
    for start in range(0, cells, step):
        stretch = slice(start, min(start + step, cells))
        values = np.empty((len(files), stretch.stop - start), dtype=np.int32)
        for row, path in zip(values, files, strict=True):
            row[:] = _series(path).reshape(-1)[stretch]
        yield values


def visits(folder: Path) -> pd.DataFrame:
    """Single visits of the first replication."""
    return pd.read_feather(_path(folder, 0).with_suffix(VISITS))


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number}.npy"


def _packed(outcome: Outcome) -> bytes:
    """Arrays and JSON end to end, numbers exact, nothing pickled; series first, to be mapped."""
    names = {
        "rows": [(row.place, row.class_, row.metric, row.unit) for row in outcome.rows],
        "months": list(outcome.monthly),
        "labels": outcome.labels,
    }
    rest = {
        "targets": outcome.targets,
        "stairs": list(outcome.stairs.items()),
        "purposes": outcome.purposes,
        "every": outcome.every,
        "calendar": outcome.calendar,
    }
    file = io.BytesIO()
    for part in (
        outcome.series,
        _bytes(names),
        np.array([row.value for row in outcome.rows]),
        np.array(list(outcome.monthly.values())),
        _bytes(rest),
    ):
        np.save(file, part, allow_pickle=False)
    return file.getvalue()


def _bytes(data: Any) -> npt.NDArray[np.uint8]:
    return np.frombuffer(json.dumps(data, ensure_ascii=False).encode(), dtype=np.uint8)


def _read(path: Path) -> tuple[bytes, Floats, Floats, dict[str, Any]]:
    """Names, values, months and the rest of a replication: all but its series."""
    series = _series(path)
    with path.open("rb") as file:
        file.seek(series.offset + series.nbytes)
        names, values, monthly, rest = (np.load(file, allow_pickle=False) for _ in range(4))
    return names.tobytes(), values, monthly, json.loads(rest.tobytes())


def _series(path: Path) -> np.memmap[Any, Any]:
    """The hourly series of a replication, mapped: read only where it is looked at."""
    series: np.memmap[Any, Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return series
