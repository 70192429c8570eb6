"""Report room: what each section of the page holds, from the tables and the run record."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridor.report import checklist, evidence, tables
from corridor.report.charts.drawn import Drawn
from corridor.report.charts.time import date_words
from corridor.report.doubt import change_words, doubt
from corridor.report.known import known
from corridor.report.numbers import count, number
from corridor.report.observed import targets
from corridor.report.terms import VOCABULARY, place_words
from corridor.report.words import (
    headline,
    labels,
    main_metric,
    main_port,
    periods,
    regime_only,
    same_world,
    split_answer,
    whole_year,
)

if TYPE_CHECKING:
    from corridor.results import Results

__all__ = ["sections"]

Section = dict[str, Any]


def sections(results: Results, charts: Callable[[], Drawn]) -> list[Section]:
    """The sections that can be filled, in the page's fixed order.

    Each is a mapping with at least `key` (its template and anchor) and `title`; a section whose
    data are absent is left out. Charts are asked for last: they may be drawn elsewhere meanwhile.
    """
    above = [each(results) for each in (_answer, _compared, _indicators, _differences)]
    below = [each(results) for each in (_inputs, _design, _limits, _record, _appendix)]
    drawn = charts()
    made = [
        *above,
        _distribution(results, drawn),
        _staircase(drawn),
        {"key": "map", "title": "Map"},
        _validation(results, drawn),
        *below,
    ]
    return [section for section in made if section is not None]


def _answer(results: Results) -> Section:
    record, port = results.record, main_port(results.record)
    names, period = labels(record), record["scenarios"][0]["period"]
    first, rest = split_answer(str(record.get("headline") or headline(results)))
    table = results.metrics
    table = table[(table["place"] == port) & (table["class"] == "all")]
    tonnes = table[table["metric"] == main_metric(results)].set_index("scenario")
    levels = [
        (names[n], i, number(float(tonnes["mean"][n]), str(tonnes["unit"][n])))
        for i, n in enumerate(names)
        if n in tonnes.index
    ]
    since, until = (pd.Timestamp(period[k]) for k in ("measure_from", "until"))
    return {
        "key": "answer",
        "title": "The answer",
        "first": first,
        "rest": rest,
        "levels": levels,
        "port": place_words(port),
        "period": f"{date_words(since)} to {date_words(until - pd.Timedelta(days=1))}",
        "runs": _runs(results),
        "asks": _asks(record),
        "doubt": doubt(results),
        "luck": periods(record)[:-1],
        "intervals": int(record["design"]["replications"]) > 1,
    }


def _runs(results: Results) -> str:
    n = int(results.record["design"]["replications"])
    period = periods(results.record)
    if results.differences is None:
        return count(n, f"simulated {period[:-1]}", f"simulated {period}")
    return count(n, f"pair of simulated {period}", f"pairs of simulated {period}")


def _asks(record: dict[str, Any]) -> str:
    """The question of the first regime that is compared with the base, else the base's own."""
    scenarios = record["scenarios"]
    return next((str(s["asks"]) for s in [*scenarios[1:2], *scenarios] if s["asks"]), "")


def _compared(results: Results) -> Section:
    record, names = results.record, labels(results.record)
    where = evidence.anchors(record)
    regimes = [
        {
            "index": i,
            "label": names[s["name"]],
            "title": s["title"],
            "name": s["name"],
            "claim": str(s["regime"]["claim"] or ""),
            "anchor": where.get(str(s["regime"]["claim"] or ""), ""),
            "why": str(s["regime"]["why"] or ""),
        }
        for i, s in enumerate(record["scenarios"])
    ]
    changes = [
        {
            "base": names.get(c["base"], c["base"]),
            "other": names.get(c["other"], c["other"]),
            "words": [change_words(str(w)) for w in c["words"]],
        }
        for c in record["changes"]
    ]
    several = len(regimes) > 1
    return {
        "key": "compared",
        "title": "What was compared" if several else "What was run",
        "regimes": regimes,
        "changes": changes,
        "held": [str(h) for h in record["held_equal"]],
    }


def _indicators(results: Results) -> Section | None:
    table, more = tables.indicators(results), tables.elsewhere(results)
    if not table.rows:
        return None
    return {
        "key": "indicators",
        "title": "Indicators for each regime" if regime_only(results.record) else "Indicators",
        "table": table,
        "more": more if more.rows else None,
    }


def _differences(results: Results) -> Section | None:
    if results.differences is None or results.differences.empty:
        return None
    base, *others = [s["name"] for s in results.record["scenarios"]]
    found = [
        (tables.differences(results, base, o), tables.differences(results, base, o, True))
        for o in others
    ]
    return {
        "key": "differences",
        "title": "Differences, and how sure they are",
        "same": same_world(results.record),
        "periods": periods(results.record),
        "tables": [(t, more if more.rows else None) for t, more in found if t.rows],
    }


def _distribution(results: Results, charts: Drawn) -> Section | None:
    title = "The year, day by day"
    if whole_year(results.record) != "a year":
        title = "The period, day by day"
    return {"key": "distribution", "title": title, "charts": charts.days} if charts.days else None


def _staircase(charts: Drawn) -> Section | None:
    if not charts.stairs:
        return None
    return {
        "key": "staircase",
        "title": "Where the time goes along the corridor",
        "chart": charts.stairs[0],
        "more": charts.stairs[1:],
    }


def _validation(results: Results, charts: Drawn) -> Section | None:
    if results.targets.empty:
        return None
    return {
        "key": "validation",
        "title": "Does the model match what was counted?",
        "how": [str(h) for h in results.record.get("set_by_hand", [])],
        "periods": periods(results.record),
        "fitted": targets(results, "fitted"),
        "held_out": targets(results, "held_out"),
        "chart": charts.validation,
    }


def _inputs(results: Results) -> Section | None:
    found = evidence.inputs(results.record)
    clashes, quiet = evidence.conflicts(results.record), evidence.uncontested(results.record)
    if not found and not clashes and not quiet:
        return None
    return {
        "key": "inputs",
        "title": "Inputs and their evidence",
        "inputs": found,
        "tally": evidence.tally(found),
        "names": list(labels(results.record).values()),
        "conflicts": clashes,
        "claims": quiet,
    }


def _design(results: Results) -> Section:
    design, record = results.record["design"], results.record
    period = record["scenarios"][0]["period"]
    facts = [
        (
            "Kind",
            "terminating: a period with a beginning and an end, not a steady state"
            if design["kind"] == "terminating"
            else str(design["kind"]),
        ),
        (
            "Period",
            f"{period['from']} to {period['until']}, measured from {period['measure_from']}; "
            f"clock {period['clock']}",
        ),
        ("Start state", str(design["start_state"])),
        ("Warm-up", str(design["warm_up"])),
        ("Replications", f"{int(design['replications']):,} a scenario"),
        ("Interval", f"95%, {design['interval']}"),
        ("Pairing", str(design["pairing"])),
        ("Several comparisons", str(design["multiplicity"])),
        *known(results),
    ]
    table = tables.precision(results)
    return {
        "key": "design",
        "title": "Design of the experiment",
        "facts": facts,
        "table": table if table.rows else None,
    }


def _limits(results: Results) -> Section:
    return {
        "key": "limits",
        "title": "What the model cannot say",
        "limits": checklist.limits(results.record),
        "warnings": [str(w) for w in results.record["warnings"]],
    }


def _record(results: Results) -> Section:
    record, random = results.record, results.record["random"]
    facts = [
        ("Run", str(record["run_id"])),
        ("Version", f"corridor {record['version']}"),
        ("Commit", str(record["commit"] or "not from a repository")),
        ("Seed", f"{random['seed']} ({random['bit_generator']}, {random['scheme']})"),
        ("Streams", count(len(random["purposes"]), "purpose")),
        ("Packages", ", ".join(f"{k} {v}" for k, v in sorted(record["packages"].items()))),
    ]
    hashes = [(f"scenario {s['name']}, as resolved", str(s["sha256"])) for s in record["scenarios"]]
    files = [f for s in record["scenarios"] for f in s["files"]] + list(record["data"])
    hashes += sorted({(str(f["path"]), str(f["sha256"])) for f in files})
    return {
        "key": "record",
        "purposes": [str(p) for p in random["purposes"]],
        "title": "Run record",
        "facts": facts,
        "hashes": hashes,
        "command": shlex.join(map(str, record["command"])),
    }


def _appendix(results: Results) -> Section:
    return {
        "key": "appendix",
        "title": "Appendix",
        "answers": checklist.stress_des(results.record),
        "vocabulary": VOCABULARY,
    }
