"""Report room: tables as data, one row a line, so that one fixed template can write them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridor.report.numbers import MISSING, interval, missing, number, unit_words
from corridor.report.terms import METRICS, class_words, place_words, term
from corridor.report.words import labels, main_port, verdict

if TYPE_CHECKING:
    from corridor.results import Results

__all__ = ["Cell", "Table", "differences", "elsewhere", "frame_table", "indicators", "precision"]

Told = dict[str, Any]
"""A row of a table of results, by column."""


@dataclass(frozen=True)
class Cell:
    """One cell: its text, the number behind it (for sorting), its unit, a gloss."""

    text: str
    value: float | None = None
    unit: str = ""
    gloss: str = ""
    figure: bool = False


@dataclass(frozen=True)
class Table:
    """A caption, column heads (right-aligned over figures), rows; intervals on a line of their own
    where many columns stand side by side.
    """

    caption: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    strong: frozenset[int] = frozenset()
    stacked: bool = False


def figure(text: str, value: float | None = None) -> Cell:
    """A right-aligned figure."""
    known = None if value is None or missing(value) else float(value)
    return Cell(text, known, figure=True)


def named(metric: str, unit: str, who: str = "all") -> Cell:
    """A metric's name with its unit and gloss, which tells `who` where that is not all vehicles;
    a share carries its % in every figure.
    """
    words = term(metric)
    gloss = ", ".join(g for g in (words.gloss, class_words(who) if who != "all" else "") if g)
    return Cell(words.name, unit="" if unit == "share" else unit_words(unit), gloss=gloss)


def heads(*texts: str, figures: int = 0) -> tuple[Cell, ...]:
    """Column heads; the last `figures` of them stand over figures."""
    plain = len(texts) - figures
    return tuple(Cell(t, figure=i >= plain) for i, t in enumerate(texts))


def indicators(results: Results) -> Table:
    """What each scenario yields at the port, all classes; the deciding row (tonnes) first, bold."""
    port, names = main_port(results.record), labels(results.record)
    table = results.metrics
    rows = tuple(_metric_rows(_told(table[_main(table, port)]), list(names), tell=True))
    caption = f"{place_words(port)}, all vehicles and directions: mean (95% interval)"
    top = heads("", *names.values(), figures=len(names))
    return Table(caption, top, rows, frozenset({0}) if rows else frozenset(), len(names) > 2)


def _main(table: pd.DataFrame, port: str) -> pd.Series[bool]:
    """Rows of the port for all vehicles; of the corridor, those of the laden flow."""
    laden = table.loc[table["metric"] == "tfi3_mean", "class"]
    along = table["metric"].isin(_CORRIDOR) & table["class"].isin(laden.head(1))
    return (table["place"] == port) & ((table["class"] == "all") | along)


_CORRIDOR = ("tfi3_mean", "swod", "swd")


def elsewhere(results: Results) -> Table:
    """The same indicators by class and direction at the port, and at every post and station."""
    port, names = main_port(results.record), labels(results.record)
    table = results.metrics
    groups: dict[tuple[str, str], list[Told]] = {}
    for row in _told(table[~_main(table, port)]):
        groups.setdefault((row["place"], row["class"]), []).append(row)
    rows: list[tuple[Cell, ...]] = []
    for (place, cls), group in groups.items():
        where = (Cell(place_words(place)), Cell(class_words(cls)))
        rows += [(*where, *row) for row in _metric_rows(group, list(names))]
    top = heads("where", "who", "what", *names.values(), figures=len(names))
    return Table(
        "By class, post, station and link: mean (95% interval)",
        top,
        tuple(rows),
        stacked=len(names) > 2,
    )


def differences(results: Results, base: str, other: str, everywhere: bool = False) -> Table:
    """Other minus base with intervals, pairs, the gain from pairing, adjusted p and verdict.

    What was not tested has neither verdict nor p; where nothing was, those columns are left out.
    """
    assert results.differences is not None
    port, table = main_port(results.record), results.differences
    table = table[(table["base"] == base) & (table["other"] == other)]
    here = _main(table, port)
    table = table[~here] if everywhere else table[here]
    tested = not everywhere or bool(table["p_adjusted"].notna().any())
    rows = []
    for row in _in_order(_told(table)):
        # The difference of two shares is in percentage points, never in per cent.
        unit, scale = ("points", 100) if row["unit"] == "share" else (row["unit"], 1)
        values = (row["difference"] * scale, row["low"] * scale, row["high"] * scale)
        told = figure(interval(*values, signed=True), row["difference"])
        where = (Cell(place_words(row["place"])), Cell(class_words(row["class"])))
        rows.append(
            (
                *(where if everywhere else ()),
                named(row["metric"], unit, "all" if everywhere else row["class"]),
                told,
                *((Cell(verdict(row)),) if tested else ()),
                _gain(row["variance_reduction"]),
                *((_p(row["p_adjusted"]),) if tested else ()),
            )
        )
    names = labels(results.record)
    top = heads(
        *(("where", "who") if everywhere else ()),
        "",
        "difference",
        *(("verdict",) if tested else ()),
        "runs needed, paired",
        *(("p (Holm)",) if tested else ()),
    )
    right = {"difference", "runs needed, paired", "p (Holm)"}
    top = tuple(Cell(h.text, figure=h.text in right) for h in top)
    runs = " or ".join(f"{n:,}" for n in sorted(set(table["pairs"])))
    runs += " pair" if set(table["pairs"]) == {1} else " pairs"
    caption = f"{names[other]} minus {names[base]}: mean difference (95% interval), {runs}"
    strong = frozenset({0}) if rows and not everywhere else frozenset()
    return Table(caption, top, tuple(rows), strong)


def precision(results: Results) -> Table:
    """How near the means are: half the interval as a share of the mean, main indicators."""
    port, names = main_port(results.record), labels(results.record)
    table = results.metrics
    table = table[(table["place"] == port) & (table["class"] == "all")]
    table = table[table["metric"].isin(["tonnes", "vehicles", "tfi1_mean", "tfi1_p95"])]
    shares: dict[str, dict[str, float]] = {}
    for row in _in_order(_told(table)):
        half = (row["high"] - row["low"]) / 2
        share = half / abs(row["mean"]) if row["mean"] else float("nan")
        shares.setdefault(row["metric"], {})[row["scenario"]] = share
    rows = tuple(
        (Cell(term(metric).name), *(_half(found.get(n, float("nan"))) for n in names))
        for metric, found in shares.items()
    )
    runs = " or ".join(f"{n:,}" for n in sorted(set(table["n"])))
    caption = f"Precision reached with {runs} replications: half the interval, as share of the mean"
    return Table(caption, heads("", *names.values(), figures=len(names)), rows)


def frame_table(caption: str, frame: pd.DataFrame, texts: Sequence[str] = ()) -> Table:
    """A chart's data as a table: the columns in `texts` as they are, all others as figures."""
    rows = []
    for record in frame.to_dict("records"):
        row = []
        for column, value in record.items():
            if column in texts:
                row.append(Cell(str(value)))
            else:
                row.append(figure(number(value), value))
        rows.append(tuple(row))
    top = tuple(Cell(str(c), figure=c not in texts) for c in frame.columns)
    return Table(caption, top, tuple(rows))


def _metric_rows(
    rows: Iterable[Told], scenarios: Sequence[str], tell: bool = False
) -> Iterable[tuple[Cell, ...]]:
    """One row a metric: its words (and who, if `tell`), unit, each scenario's interval."""
    by_metric: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
    for row in _in_order(rows):
        by_metric.setdefault((row["metric"], row["unit"]), {})[row["scenario"]] = row
    for (metric, unit), found in by_metric.items():
        if all(missing(r["mean"]) for r in found.values()):
            continue
        cells = []
        for name in scenarios:
            r = found.get(name)
            told = MISSING if r is None else interval(r["mean"], r["low"], r["high"], _share(unit))
            cells.append(figure(told, None if r is None else r["mean"]))
        who = str(next(iter(found.values()))["class"]) if tell else "all"
        yield (named(metric, unit, who), *cells)


def _told(table: pd.DataFrame) -> list[Told]:
    return [{str(k): v for k, v in r.items()} for r in table.to_dict("records")]


def _in_order(rows: Iterable[Told]) -> list[Told]:
    """Rows in the order of the glossary: the deciding metric first, unknown ones last."""
    order = {name: i for i, name in enumerate(METRICS)}
    return sorted(rows, key=lambda r: order.get(r["metric"], len(order)))


def _half(share: float) -> Cell:
    return figure(MISSING if missing(share) else f"±{number(share, 'share', 2)}", share)


def _share(unit: str) -> str:
    """The unit to write in the cell itself: only the % of a share."""
    return "share" if unit == "share" else ""


def _gain(reduction: float) -> Cell:
    if missing(reduction):
        return figure(MISSING)
    if reduction == float("inf"):
        return figure("one pair would do", 0.0)
    if reduction < 1.05:
        return figure("all: no gain", 1.0)
    return figure(f"1/{number(reduction, digits=2)}", 1 / reduction)


def _p(p: float) -> Cell:
    if missing(p):
        return figure(MISSING)
    return figure("<0.001" if p < 0.001 else number(p, digits=2), p)
