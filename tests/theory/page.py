"""The page of documentation that says what is reproduced: ``python -m theory.page`` in tests/."""

from __future__ import annotations

import re
import tempfile
from itertools import groupby
from pathlib import Path

import numpy as np
from scipy.stats import kstest

from .proof import HERE, Family, proved, scenario_of
from .truths import FILES, families

PAGE = HERE.parent.parent / "docs" / "theory.md"
HOW = "(cd tests && python -m theory.page)"
MARK = f"<!-- What follows is written by {HOW} -->"
ROW = re.compile(r"\| (.*) \| (.*) \| (.*) \| (.*) ± .* \| (.*) \|")


def title(family: Family) -> str:
    return scenario_of(family).ports[family.port].title


def shown(value: float) -> str:
    return f"{value:.5g}"


def said() -> dict[tuple[str, str], tuple[str, str, str]]:
    """(family, what) -> the truth, what was found, z, as the page has them."""
    found, family = {}, ""
    for first, what, *rest in ROW.findall(PAGE.read_text(encoding="utf-8")):
        family = first.split(" (")[0] if first else family
        found[family, what] = tuple(rest)
    return found


def together(shelf: Path) -> str:
    """The main z of every port, tested together."""
    z = np.array([
        found.z
        for file in FILES
        for family in families(file)
        for truth, found in zip(family.truths, proved(family, shelf), strict=True)
        if truth.main
    ])  # fmt: skip
    return (
        f"{len(z)} ports, one z of each: mean {z.mean():.2f}, standard deviation {z.std():.2f},"
        f" largest {abs(z).max():.2f}; Kolmogorov and Smirnov p = {kstest(z, 'norm').pvalue:.2f}."
    )


def written(shelf: Path) -> str:
    """How all ports together do, and the tables, a file of scenarios each."""
    parts = [f"\n{together(shelf)}\n"]
    for file in FILES:
        parts.append(f"\n## [{file}.yaml](../tests/theory/{file}.yaml)\n")
        parts.append("| port (theory) | what | known | found | z |\n|---|---|---:|---:|---:|")
        rows = [
            (f"{title(family)} ({family.by})", truth, found)
            for family in families(file)
            for truth, found in zip(family.truths, proved(family, shelf), strict=True)
        ]
        for name, group in groupby(rows, key=lambda row: row[0]):
            for i, (_, truth, (ratio, error, z)) in enumerate(group):
                parts.append(
                    f"| {'' if i else name} | {truth.what} | {shown(truth.value)} |"
                    f" {shown(ratio)} ± {error:.2g} | {z:.2f} |"
                )
    return "\n".join(parts) + "\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        tables = written(Path(folder))
    head = PAGE.read_text(encoding="utf-8").split(MARK)[0]
    PAGE.write_text(f"{head}{MARK}\n{tables}", encoding="utf-8")


if __name__ == "__main__":
    main()
