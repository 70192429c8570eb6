"""The page of the data says what the catalogue and the files say."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from corridor.evidence.checks import FIGURES
from corridor.geodata import read_catalogue

ROOT = Path(__file__).parents[2]


def tool() -> Any:
    path = ROOT / "tools" / "write_data_page.py"
    spec = importlib.util.spec_from_file_location("write_data_page", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current() -> None:
    assert (ROOT / "docs" / "data.md").read_text("utf-8") == tool().page()


def test_the_page_names_every_layer_column_and_licence() -> None:
    page = tool().page()
    for entry in read_catalogue().values():
        assert f"## {entry.title}\n" in page
        assert f"- licence: {entry.licence}\n" in page
        assert all(f"| `{column}` | " in page for column in entry.columns)


def test_the_page_names_every_check_of_the_register() -> None:
    page = tool().page()
    for find in FIGURES:
        assert f"- `{find.__name__}`: " in page
    assert "- `flows_add_up`: Totals that are not their exports and imports together, of" in page


def test_every_licence_of_the_catalogue_is_explained() -> None:
    terms = (ROOT / "geodata" / "LICENSES.md").read_text("utf-8")
    for words in ("CC BY 4.0", "ODbL 1.0", "public domain", "MIT", "Apache"):
        assert words in terms
        assert any(words in entry.licence for entry in read_catalogue().values())
