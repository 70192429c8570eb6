"""Report room: the answer, the verdicts and the regimes, in words that the tables bear out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from corridor.report.numbers import MISSING, interval, magnitude, missing, number
from corridor.report.terms import place_words, sentence, term, visible

if TYPE_CHECKING:
    from corridor.results import Results

__all__ = ["bare", "clear", "headline", "held", "labels", "main_metric", "main_port", "periods",
           "regime_only", "same_world", "verdict", "whole_year"]  # fmt: skip

Row = Mapping[str, Any]

# The indicators the headline speaks of, as (verb for more, verb for less, the thing).
_SECOND = {
    "tfi1_p95": ("lengthens", "shortens", "the slowest clearances (TFI1, 95th percentile)"),
    "unserved_tonnes": ("leaves more", "leaves less", "cargo waiting at the end"),
}


def headline(results: Results) -> str:
    """The answer in one or two sentences, each number with its paired 95% interval.

    Compares the tonnes through the port; with one other regime a second sentence tells the
    slowest clearances and the cargo left at the end; several others get one sentence each.
    A difference is told only when its interval excludes zero and its adjusted p is at most 0.05;
    one pair has no interval, and then the difference stands without a verdict.
    """
    port = main_port(results.record)
    if results.differences is None or results.differences.empty:
        return _alone(results, port)
    names = labels(results.record)
    others = [s["name"] for s in results.record["scenarios"][1:]]
    table = results.differences
    at_port = table[(table["place"] == port) & (table["class"] == "all")]
    rows: dict[tuple[str, str], Row] = {
        (r["other"], r["metric"]): cast("Row", r) for r in at_port.to_dict("records")
    }
    what = main_metric(results)
    said = [_first(rows.get((o, what)), names[o], port, results.record) for o in others]
    if len(others) == 1:
        said.append(_second({m: rows.get((others[0], m)) for m in _SECOND}))
    if any(bare(rows[o, what]) for o in others if (o, what) in rows):
        said.append(f"One pair of {periods(results.record)} has no interval.")
    return " ".join(s for s in said if s)


def main_metric(results: Results) -> str:
    """What decides: tonnes, or vehicles where no cargo moves at all."""
    table, port = results.metrics, main_port(results.record)
    at_port = table[(table["place"] == port) & (table["class"] == "all")]
    cargo = at_port.loc[at_port["metric"] == "tonnes", "mean"]
    return "vehicles" if len(cargo) and not (cargo > 0).any() else "tonnes"


def clear(row: Row) -> bool:
    """Whether a difference stands: its interval excludes zero and adjusted p is at most 0.05."""
    low, high, p = row["low"], row["high"], row["p_adjusted"]
    if missing(low) or missing(high) or missing(p):
        return False
    return not (low <= 0 <= high) and p <= 0.05


def bare(row: Row) -> bool:
    """Whether a difference stands without an interval, as after one pair of replications."""
    return not missing(row["difference"]) and (missing(row["low"]) or missing(row["high"]))


def verdict(row: Row) -> str:
    """A difference in one or two words; none where it was not tested (no adjusted p).

    >>> verdict({"metric": "tonnes", "difference": 5.0, "low": 1.0, "high": 9.0, "p_adjusted": .01})
    'more'
    >>> verdict({"metric": "tonnes", "difference": 5.0, "low": -1., "high": 11., "p_adjusted": .2})
    'no clear difference'
    """
    if missing(row["difference"]):
        return "cannot be said"
    if bare(row):
        return "cannot be said: one pair has no interval"
    if missing(row["p_adjusted"]):
        return MISSING
    if row["difference"] == row["low"] == row["high"] == 0:
        return "the same"
    if not clear(row):
        return "no clear difference"
    words = term(row["metric"])
    return words.more if row["difference"] > 0 else words.less


def labels(record: Mapping[str, Any]) -> dict[str, str]:
    """The short name of each scenario: its regime's title where nothing but the regime differs.

    Else the scenario's own title: a regime gets no credit for what a flow or an event does.
    """
    scenarios = record["scenarios"]
    titles = [str(s["name"]) for s in scenarios]
    for found in (
        [str(s["regime"]["title"]) for s in scenarios] if regime_only(record) else [],
        [str(s["title"]) for s in scenarios],
    ):
        if found and all(found) and len(set(found)) == len(found):
            titles = found
            break
    return {s["name"]: visible(t) for s, t in zip(scenarios, titles, strict=True)}


def regime_only(record: Mapping[str, Any]) -> bool:
    """Whether the scenarios differ in nothing but the regime of their port, and all in that."""
    scenarios = record["scenarios"]
    names = [str(s["regime"]["name"]) for s in scenarios]
    listed = {s["name"] for s in scenarios}
    words = [str(w) for c in record["changes"] if c["other"] in listed for w in c["words"]]
    if len(names) == 1:
        return True
    ours = f"ports.{main_port(record)}."
    return len(set(names)) == len(names) and all(w.startswith(ours) for w in words)


def held(record: Mapping[str, Any], what: str) -> bool:
    """Whether the record lists `what` ("demand", "storms") as held equal."""
    return any(str(h).lower().startswith(what) for h in record["held_equal"])


def same_world(record: Mapping[str, Any]) -> str:
    """What the compared scenarios meet alike, in words, as far as the record says so.

    >>> same_world({"held_equal": ["Demand: the same.", "Storms and other events: the same."]})
    'Both scenarios meet the same vehicles and the same storms'
    >>> same_world({"held_equal": []})
    'What both share meets the same chance'
    """
    found = [f"the same {word}" for what, word in (("demand", "vehicles"), ("storms", "storms"))
             if held(record, what)]  # fmt: skip
    who = "Both" if len(record.get("scenarios", ())) < 3 else "All"
    if found:
        return f"{who} scenarios meet {' and '.join(found)}"
    return f"What {who.lower()} share meets the same chance"


def main_port(record: Mapping[str, Any]) -> str:
    """The port the base scenario's regime is about."""
    return str(record["scenarios"][0]["regime"]["port"])


def whole_year(record: Mapping[str, Any]) -> str:
    """``"a year"``, or the length of the measured period when it is not one."""
    days = float(record["scenarios"][0]["period"]["measured_days"])
    return "a year" if 360 <= days <= 370 else f"in {days:,.0f} days"


def periods(record: Mapping[str, Any]) -> str:
    """What a replication is, in the plural: ``"years"``, or ``"periods"`` of another length."""
    return "years" if whole_year(record) == "a year" else "periods"


def split_answer(text: str) -> tuple[str, str]:
    """The first sentence, which heads the page, and the rest.

    >>> split_answer("It adds 5 t (4 to 6). It shortens waits.")
    ('It adds 5 t (4 to 6).', 'It shortens waits.')
    """
    first, *rest = re.split(r"(?<=[.!?])\s+(?=[A-Z0-9])", text.strip(), maxsplit=1)
    return first, rest[0] if rest else ""


def _first(row: Row | None, name: str, port: str, record: Mapping[str, Any]) -> str:
    where, per = place_words(port), whole_year(record)
    subject = sentence(name)
    if row is None or missing(row["difference"]):
        return f"{subject}: the difference in cargo through {where} was not measured."
    cargo = "cargo" if row["metric"] == "tonnes" else "vehicles"
    x, low, high = row["difference"], row["low"], row["high"]
    if bare(row):
        amount = interval(x, low, high, row["unit"], signed=True)
        return f"{subject}: {amount}{' of cargo' if cargo == 'cargo' else ''} {per} at {where}."
    if verdict(row) == "the same":
        return f"{subject} makes no difference to the {cargo} through {where}."
    if not clear(row):
        amount, bounds = _apart(interval(x, low, high, row["unit"], signed=True))
        said = f"{subject} makes no clear difference to the {cargo} through {where}: "
        said += f"{amount} {per}{bounds}."
        if not low <= 0 <= high:
            said += " The interval leaves out zero, but not once several comparisons are allowed "
            said += f"for (p {number(row['p_adjusted'], digits=2)})."
        return said
    amount, bounds = _apart(magnitude(x, low, high, row["unit"]))
    verb = "adds" if x > 0 else "cuts"
    tail = " of cargo" if x < 0 and cargo == "cargo" else ""
    return f"{subject} {verb} {amount}{tail} {per} at {where}{bounds}."


def _second(rows: Mapping[str, Row | None]) -> str:
    told: list[str] = []
    unclear: list[str] = []
    bald: list[str] = []
    for metric, (more, less, thing) in _SECOND.items():
        row = rows[metric]
        if row is None or missing(row["difference"]):
            continue
        if bare(row):
            bald.append(f"{thing}: {interval(row['difference'], None, None, row['unit'], True)}")
            continue
        if not clear(row):
            unclear.append(thing)
            continue
        amount, bounds = _apart(magnitude(row["difference"], row["low"], row["high"], row["unit"]))
        verb = more if row["difference"] > 0 else less
        head, _, tail = verb.partition(" ")
        told.append(
            f"{head} {amount} {tail} {thing}{bounds}"
            if tail
            else f"{verb} {thing} by {amount}{bounds}"
        )
    said = f"It {' and '.join(told)}" if told else ""
    if unclear:
        doubt = "no clear difference in " + " or in ".join(unclear)
        said = f"{said}; there is {doubt}" if said else f"There is {doubt}"
    said = said or sentence("; ".join(bald))
    return said + "." if said else ""


def _apart(told: str) -> tuple[str, str]:
    """``"12 h (9 to 15)"`` as its amount and its bounds, so that words can stand between."""
    amount, space, bounds = told.partition(" (")
    return amount, space + bounds


def _alone(results: Results, port: str) -> str:
    """One scenario: what it carries and how long it takes."""
    name = next(iter(labels(results.record).values()))
    table = results.metrics
    at_port = table[(table["place"] == port) & (table["class"] == "all")]
    rows = {r["metric"]: r for r in at_port.to_dict("records")}
    what = main_metric(results)
    if what not in rows or missing(rows[what]["mean"]):
        return f"{sentence(name)}: no cargo was measured at {place_words(port)}."
    t = rows[what]
    amount, bounds = _apart(interval(t["mean"], t["low"], t["high"], t["unit"]))
    said = f"{sentence(name)}: {place_words(port)} passes {amount} "
    said += f"{whole_year(results.record)}{bounds}."
    slow = rows.get("tfi1_p95")
    if slow is not None and not missing(slow["mean"]):
        told = interval(slow["mean"], slow["low"], slow["high"], slow["unit"])
        said += f" One vehicle in twenty takes longer than {told} to clear."
    return said
