"""The study room: every figure of the layers that claims can be held against, with its line."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from corridor.evidence.held import Stated
from corridor.evidence.rates import implied
from corridor.faults import Fault, Mark
from corridor.library import share
from corridor.study.legs import of_link
from corridor.study.points import (
    Register,
    Row,
    judged,
    of_incident,
    of_place,
    of_port,
    of_terminal,
)

__all__ = ["contradictions", "link_marks"]

_FAINT = 0.002  # a rate is written with three digits
_NEAR, _RANGE = 2.0, 4.0  # how far an assumed rate may be from its claims, and an end of its range


def contradictions(
    register: Register, links: Iterable[tuple[Mark | None, Mapping[str, Any]]]
) -> list[Fault]:
    """Figures of the layers that are not what the claims of their rows say.

    Parameters
    ----------
    register : mapping
        The claims, from `corridor.evidence.load_claims`.
    links : iterable of (Mark, mapping)
        Every link with the line on which it stands (see `link_marks`).
    """
    found = [
        Fault(mark, str(row["link"]), text)
        for mark, row in links
        for text in of_link(register, _text(row))
    ]
    tables: dict[str, tuple[int, Callable[[Register, Row], Iterator[str]]]] = {
        "terminals": (3, of_terminal), "ports": (1, of_port), "incidents": (1, of_incident),
        "totals": (3, _of_total), "haulage": (2, _of_rate), "places": (1, of_place),
    }  # fmt: skip
    for name, (keys, judge) in tables.items():
        for mark, row in _table(name):
            key = " ".join(list(row.values())[:keys]).strip()
            found += [Fault(mark, key, text) for text in judge(register, row)]
    return found


def link_marks(paths: Iterable[Path]) -> dict[str, Mark]:
    """From the id of a link to the line on which its feature begins: one stands on each line."""
    return {
        named[1]: Mark(f"geodata/links/{path.name}", number, 1)
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (named := re.search(r'"link"\s*:\s*"([^"]*)"', line))
    }


def _text(row: Mapping[str, Any]) -> Row:
    """Every cell as text, and an empty one for each that is missing: that is another's fault."""
    return defaultdict(str, {k: "" if v is None else str(v) for k, v in row.items()})


def _table(name: str) -> Iterator[tuple[Mark, Row]]:
    with share("geodata", f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield Mark(f"geodata/{name}.csv", reader.line_num, 1), _text(row)


def _of_total(register: Register, row: Row) -> Iterator[str]:
    claims = tuple(row["claim"].split())
    yield from judged(register, Stated("km", row["km"], "km", "cited", claims, "distance"))


def _of_rate(register: Register, row: Row) -> Iterator[str]:
    """A rate that is computed is one that its claims come to; an assumed one is not far off."""
    rates = implied(register, tuple(row["claim"].split()))
    for column in ("usd_per_teu_km", "low", "high"):
        try:
            value = float(row[column])
        except ValueError:  # a fault of its own
            continue
        exact = row["evidence"] != "assumed"
        fits = any(abs(value - rate) <= max(rate * _FAINT, 0.0005) for rate in rates)
        near = _NEAR if column == "usd_per_teu_km" else _RANGE
        if rates and not (fits if exact else rates[0] / near <= value <= rates[-1] * near):
            least, most = f"{rates[0]:.3g}", f"{rates[-1]:.3g}"
            yield (
                f"{column} is {value:g} USD per TEU-km, but the claims come to"
                f" {least if least == most else f'{least} to {most}'} (check cited_values)"
            )
