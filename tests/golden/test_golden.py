"""Every shipped scenario gives the numbers it gave: a changed number is a CHANGELOG entry.

Run ``make golden`` to write the files anew, and say under *Results change* why they moved.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from corridor.scenarios import names
from corridor.study import compare, run

HERE = Path(__file__).parent
PAIRS = [
    ("khunjerab_seasonal", "khunjerab_year_round"),
    ("khorgos_fixed_hours", "khorgos_24h"),
]


def held(table: pd.DataFrame, path: Path, update: bool) -> None:
    """`table` equals the file at `path` to nine figures (the last bits are the platform's)."""
    if update:
        table.to_csv(path, index=False, float_format="%.12g", lineterminator="\n")
    golden = pd.read_csv(path, keep_default_na=False, na_values=[""])
    words = [c for c in table.columns if table[c].dtype == object or table[c].dtype == "str"]
    pd.testing.assert_frame_equal(
        table[words].reset_index(drop=True).astype(str), golden[words].astype(str)
    )
    for column in table.columns.difference(words):
        np.testing.assert_allclose(
            table[column].to_numpy(float), golden[column].to_numpy(float), rtol=1e-9, err_msg=column
        )


def test_every_shipped_scenario_has_its_golden_file() -> None:
    files = {path.stem for path in HERE.glob("*.csv") if "_vs_" not in path.stem}
    assert files == set(names())


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_indicators_of(name: str, request: pytest.FixtureRequest) -> None:
    results = run(name, replications=2, jobs=1)
    table = results.metrics
    table = table[(table["class"] == "all") & ~table["place"].str.startswith("link/")]
    table = table.drop(columns=["low", "high", "scenario"])
    held(table, HERE / f"{name}.csv", request.config.getoption("--golden-update"))


@pytest.mark.slow
@pytest.mark.parametrize(("base", "other"), PAIRS)
def test_differences_of(base: str, other: str, request: pytest.FixtureRequest) -> None:
    table = compare(base, other, replications=3, jobs=1).differences
    assert table is not None
    table = table[(table["class"] == "all") & ~table["place"].str.contains("/")]
    table = table.drop(columns=["base", "other", "variance_reduction", "p_adjusted"])
    held(table, HERE / f"{base}_vs_{other}.csv", request.config.getoption("--golden-update"))
