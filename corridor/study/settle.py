"""The study room: results exactly as files hold them; files that are not what was written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from corridor.results import Results
from corridor.results.provenance import sha256
from corridor.results.schema import FILES

__all__ = ["settled", "touched"]


def settled(results: Results) -> Results:
    """`results` with the ten digits that CSV files hold, so that what is read back is the same.

    A page that is drawn again from its folder is then the same page, byte for byte.
    """
    names = [name for name, file in FILES.items() if file.endswith(".csv")]
    tables = {name: getattr(results, name) for name in names}
    rounded: dict[str, Any] = {k: _rounded(t) for k, t in tables.items() if t is not None}
    return replace(results, **rounded)


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    floats = table.select_dtypes("float").columns
    return table.assign(**{name: table[name].map(_ten_digits) for name in floats})


def _ten_digits(value: float) -> float:
    return float(f"{value:.10g}")


def touched(folder: Path) -> list[str]:
    """Files that are not, byte for byte, what the run wrote; one line each."""
    record: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    found = []
    for output in record.get("outputs", ()):
        path = folder / Path(output["path"]).name
        if not path.is_file():
            found.append(f"{path.name}: is missing")
        elif sha256(path) != output["sha256"]:
            found.append(f"{path.name}: is not what the run wrote, its sha256 differs")
    return found
