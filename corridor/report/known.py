"""Report room: how well what is reported is known, where a precision was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from corridor.report.numbers import count, number
from corridor.report.terms import class_words, place_words, term
from corridor.report.words import labels
from corridor.study.precision import deciding

if TYPE_CHECKING:
    from corridor.results import Results

__all__ = ["known"]

WORST = 5


def known(results: Results) -> list[tuple[str, str]]:
    """What reached the precision asked for, what did not, and what was not met at all.

    Replications stop by the indicators that decide, unless all were asked; whoever reads of the
    others must not take them to be known as well. Empty where no precision was asked.

    Returns
    -------
    list of (str, str)
        Facts: a name and a sentence.
    """
    precision = results.record["design"].get("precision")
    if not precision or results.metrics.empty:
        return []
    table = _widths(results.metrics)
    near = table["width"] <= precision["target"]
    zero, first = table["zero"], table["deciding"]
    target = number(precision["target"], "share")
    facts = [
        (
            f"Known to ±{target}",
            f"{_of(near & first, first & ~zero)} of the port and its corridor;"
            f" {_of(near & ~first, ~first & ~zero)} others, by class, direction, post, station"
            " and link",
        )
    ]
    if len(wide := table[~near & ~zero]):
        facts.append(("Least known", _worst(wide, labels(results.record))))
    if zero.any():
        runs = int(results.record["design"]["replications"])
        facts.append(
            (
                "Not met yet",
                f"{count(int(zero.sum()), 'indicator')} at 0 in all {runs:,} replications:"
                f" impossible here, or only rare. {_tally(table[zero])}",
            )
        )
    return facts


def _widths(table: pd.DataFrame) -> pd.DataFrame:
    """The indicators that have a mean, with half their interval as a share of it (NaN: none)."""
    table = table[table["mean"].notna()]
    half = (table["high"] - table["low"]) / 2
    keys = zip(table["place"], table["class"], table["metric"], strict=True)
    return table.assign(
        width=half / table["mean"].abs().where(table["mean"] != 0),
        zero=(table["mean"] == 0) & (half == 0),
        deciding=[deciding(*map(str, key)) for key in keys],
    )


def _of(some: pd.Series[bool], all_: pd.Series[bool]) -> str:
    return f"{int(some.sum()):,} of {int(all_.sum()):,}"


def _worst(table: pd.DataFrame, names: dict[str, str]) -> str:
    """The widest intervals in words, one without a width first; how many more there are."""
    table = table.sort_values("width", ascending=False, na_position="first", kind="stable")
    said = [_words({str(k): v for k, v in r.items()}, names) for r in table.to_dict("records")]
    more = len(said) - WORST
    return "; ".join(said[:WORST]) + (f"; and {more:,} more" if more > 0 else "")


def _words(row: dict[str, Any], names: dict[str, str]) -> str:
    if row["mean"] == 0:
        width = "0 on the whole, but not always"
    elif pd.isna(row["width"]):
        width = "no interval"
    else:
        width = f"±{number(row['width'], 'share', 2)}"
    where = [place_words(row["place"])]
    where += [class_words(row["class"])] if row["class"] != "all" else []
    where += [names[row["scenario"]]] if len(names) > 1 else []
    return f"{term(row['metric']).name} ({', '.join(where)}): {width}"


def _tally(table: pd.DataFrame) -> str:
    """Which indicators, each with how often where it is more than one place or class."""
    found = table["metric"].map(lambda metric: term(metric).name).value_counts(sort=False)
    return "; ".join(f"{name} ({n})" if n > 1 else str(name) for name, n in found.items())
