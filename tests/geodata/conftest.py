"""A copy of the geodata folder to spoil, and hands to spoil it with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corridor.faults import Faults
from corridor.geodata import Network, load
from corridor.library import share


@pytest.fixture(scope="session")
def network() -> Network:
    return load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(share("geodata"), tmp_path / "geodata"))


@pytest.fixture
def spoil(folder: Path) -> Callable[[str, str, str], None]:
    """Replace words in a file, once, and insist that they stood there."""

    def replace(name: str, old: str, new: str) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return replace


@pytest.fixture
def spoil_link(folder: Path) -> Callable[..., None]:
    """Change properties of one link, keeping one feature a line."""

    def change(link: str, /, **new: Any) -> None:
        path = folder / "links" / ("rail.geojson" if link.endswith("_rail") else "road.geojson")
        lines = path.read_text("utf-8").splitlines()
        at = next(i for i, line in enumerate(lines) if f'"link": "{link}"' in line)
        comma = "," * lines[at].endswith(",")
        feature = json.loads(lines[at].removesuffix(","))
        feature["properties"].update(new)
        lines[at] = json.dumps(feature) + comma
        path.write_text("\n".join(lines), "utf-8")

    return change


@pytest.fixture
def complaint(folder: Path) -> Callable[[], str]:
    """What loading the spoilt folder says; fails when it says nothing."""

    def say() -> str:
        with pytest.raises(Faults) as caught:
            load(folder)
        return "\n".join(map(str, caught.value.faults))

    return say
