"""The bundled network is read once, and anew when a file of it has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corridor import geodata
from corridor.geodata import files
from corridor.library import share


def test_it_is_read_once_and_anew_when_a_file_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(share("geodata"), tmp_path / "geodata")
    monkeypatch.setattr(files, "share", lambda *parts: tmp_path.joinpath(*parts))
    first = geodata.bundled()
    assert geodata.bundled() is first
    table = folder / "haulage.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace(",assumed,", ",derived,", 1), encoding="utf-8")
    again = geodata.bundled()
    assert again is not first
    assert (again.haulage["evidence"] != first.haulage["evidence"]).sum() == 1


def test_what_is_loaded_is_ones_own() -> None:
    assert geodata.load() is not geodata.bundled()
