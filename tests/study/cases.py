"""Small scenarios for the tests of this room, and what a study of them leaves on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corridor import geodata
from corridor.results import Results
from corridor.results.files import save
from corridor.scenarios import read_whole
from corridor.study.carry import Case
from corridor.study.simulate import _cases, study

PLAIN = """\
title: A few days at a plain station
extends: plain_station
period: {length: 5 d, warm_up: 1 d}
"""
SHORT = """\
title: Khunjerab from the last month of the season to the end of winter
asks: What changes in five months?
extends: khunjerab_seasonal
period: {from: 2024-11-01, measure_from: null, until: 2025-04-01}
"""


def written(folder: Path, name: str, text: str) -> Path:
    """The scenario file `name` in `folder`."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def case(path: Path, store: Path, engine: Any = "auto") -> Case:
    """The scenario at `path` as a study has it, with its shelf made."""
    (found,) = _cases(geodata.load(), [read_whole(path).scenario], engine, store)
    found.shelf.mkdir(parents=True, exist_ok=True)
    return found


def studied(*paths: Path, **options: Any) -> Results:
    """A study of scenario files."""
    return study([read_whole(path) for path in paths], **options)


def tables(results: Results, folder: Path) -> dict[str, bytes]:
    """The bytes of every table, as written to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    return {path.name: path.read_bytes() for path in save(results, folder)}
