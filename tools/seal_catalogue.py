"""Build time: renew the sha256 of every file that ``geodata/catalogue.yaml`` names.

The page ``docs/data.md`` is written anew with it.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import write_data_page

GEODATA = Path(__file__).resolve().parent.parent / "geodata"


def sealed(text: str) -> str:
    """The catalogue with each ``sha256:`` set to that of the ``file:`` before it."""

    def renew(entry: re.Match[str]) -> str:
        digest = hashlib.sha256((GEODATA / entry["file"]).read_bytes()).hexdigest()
        return f"{entry['head']} {digest}"

    return re.sub(r"(?P<head>  file: (?P<file>\S+)\n  sha256:) ?[0-9a-f]*", renew, text)


if __name__ == "__main__":
    catalogue = GEODATA / "catalogue.yaml"
    catalogue.write_text(sealed(catalogue.read_text("utf-8")), encoding="utf-8", newline="\n")
    write_data_page.main()
