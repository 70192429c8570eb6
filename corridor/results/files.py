"""What happened: Results on disk. Files appear whole or not at all; one writer a folder."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd

from corridor.faults import Faults
from corridor.results.provenance import sha256
from corridor.results.results import Results
from corridor.results.schema import COLUMNS, FILES

__all__ = ["FolderInUse", "load", "locked", "save", "seal", "whole"]

DRAFT = ".draft-"
"""What is not finished begins with this; a run that is killed leaves some, the next sweeps."""

LOCK = ".lock"

_TIMES = {"series": ("hour",), "visits": ("asked", "began", "ended")}


class FolderInUse(OSError):
    """Another run writes to the folder."""


def whole(path: Path, write: Callable[[Path], Any], *, sealed: bool = False) -> None:
    """Have `write` make a draft beside `path`, flush it to disk, and put it in place at once.

    What is `sealed` tells by itself when it is torn, and is not waited for.
    """
    draft = path.with_name(f"{DRAFT}{secrets.token_hex(4)}{path.suffix}")
    try:
        write(draft)
        if not sealed:
            with draft.open("rb+") as file:
                os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep a second run out of `folder`, as long as this process lives.

    The system holds the lock (``flock``) on a file that stays open, and lets go of it when the
    process ends, killed or not. The file itself means nothing: one that is left behind, whatever
    is in it, keeps nobody out. Sweeps away what a killed run left unfinished. Folders made for
    nothing are taken away again.

    Raises
    ------
    FolderInUse
        If another process, or this one, is writing to the folder.
    """
    from filelock import FileLock, Timeout  # here: most who read results lock nothing

    made = [path for path in (folder, *folder.parents) if not path.exists()]
    lock = FileLock(folder / LOCK)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except (Timeout, FileNotFoundError, FileExistsError) as fault:
        # What is not found, or is there and then no folder: a run that ends takes its folder away.
        if isinstance(fault, FileExistsError) and folder.is_file():
            raise
        raise FolderInUse(f"{folder} is in use by another run: wait, or choose --out") from None
    try:
        for draft in folder.glob(f"{DRAFT}*"):
            shutil.rmtree(draft) if draft.is_dir() else draft.unlink()
        yield
    finally:
        # Away before it is let go: who has opened it by now finds that it has no name any more,
        # and leaves it. The other way round two runs could hold two files of one name.
        with suppress(OSError):  # Windows keeps an open file: there `release` takes it away
            (folder / LOCK).unlink()
        lock.release()
        with suppress(OSError):  # what is not empty stays
            for path in made:
                path.rmdir()


def save(results: Results, folder: Path) -> list[Path]:
    """Write every table of `results` to `folder`.

    Returns
    -------
    list of Path
        The files written, in order. ``run.json`` is not among them: `seal` writes it last.
    """
    written = []
    for name, file in FILES.items():
        table = getattr(results, name)
        path = folder / file
        if table is None:
            path.unlink(missing_ok=True)
            continue
        whole(path, _writer(table))
        written.append(path)
    return written


def _writer(table: pd.DataFrame) -> Callable[[Path], Any]:
    def write(path: Path) -> None:
        if path.suffix == ".parquet":
            table.to_parquet(path, index=False, compression="zstd")
        else:
            safe = table.copy()
            for column in safe.columns:
                if not pd.api.types.is_numeric_dtype(safe[column]):
                    safe[column] = safe[column].map(_cell)
            safe.to_csv(path, index=False, float_format="%.10g", lineterminator="\n")

    return write


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


def _uncell(value: Any) -> Any:
    """What `_cell` was given."""
    if isinstance(value, str) and value[:1] == "'" and value[1:2] in tuple("=+-@\t\r"):
        return value[1:]
    return value


def seal(results: Results, folder: Path, outputs: list[Path], wall: dict[str, Any]) -> None:
    """Write ``run.json`` last: the record, what was written with its sums, date and wall time."""
    record = {
        **results.record,
        "outputs": [{"path": p.name, "sha256": sha256(p)} for p in outputs],
        "wall": wall,
    }
    text = json.dumps(record, indent=1, ensure_ascii=False, sort_keys=False) + "\n"
    whole(folder / "run.json", lambda draft: draft.write_text(text, encoding="utf-8"))


def load(folder: Path) -> Results:
    """Read the results of a run from its folder.

    Raises
    ------
    Faults
        If the folder holds no complete run of this layout.
    """
    path = folder / "run.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Faults.one(f"{folder} holds no run: give a folder that corridor wrote") from None
    except (ValueError, OSError):
        raise Faults.one(f"{path} cannot be read: run the command again") from None
    if not isinstance(record, dict) or record.get("schema") != "corridor/run/1":
        raise Faults.one(f"{path} is not a run record of this version: run the command again")
    tables: dict[str, Any] = {}
    for name, file in FILES.items():
        if not (folder / file).is_file():
            if name == "differences":
                tables[name] = None
                continue
            raise Faults.one(f"{folder / file} is missing: run the command again")
        tables[name] = _table(folder / file, name)
    record = {k: v for k, v in record.items() if k not in ("outputs", "wall")}
    return Results(record=record, **tables)


def _table(path: Path, name: str) -> pd.DataFrame:
    if path.suffix == ".parquet":
        table = pd.read_parquet(path)
    else:
        text = {c: str for c in COLUMNS[name] if c in ("from", "until", "month", "name", "title")}
        table = pd.read_csv(path, dtype=text, keep_default_na=False, na_values=[""])
        table = table.fillna({c: "" for c in text if c in table})
        for column in table.columns:
            if not pd.api.types.is_numeric_dtype(table[column]):
                table[column] = table[column].map(_uncell)
    if list(table.columns) != list(COLUMNS[name]):
        raise Faults.one(f"{path} has other columns than this version writes: run again")
    for column in _TIMES.get(name, ()):
        table[column] = table[column].astype("datetime64[ms]")
    return table
