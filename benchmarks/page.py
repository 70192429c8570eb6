"""The page: docs/performance.md and its figure, written from what was measured and nothing else."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.process import ROOT, version_of

PAGE = ROOT / "docs" / "performance.md"
FIGURE = ROOT / "docs" / "images" / "performance.svg"
TEMPLATE = Path(__file__).with_name("page_template.md")
KEPT = ROOT / "out" / "bench.json"

Measured = dict[str, Any]


def machine() -> str:
    """What this ran on; no names of hosts, no paths."""
    cpu, memory = platform.machine(), ""
    try:
        info = Path("/proc/cpuinfo").read_text()
        cpu = info.split("model name\t: ")[1].splitlines()[0]
        kib = int(Path("/proc/meminfo").read_text().split("MemTotal:")[1].split()[0])
        memory = f", {kib / 2**20:.0f} GiB of memory"
    except (OSError, IndexError):
        pass
    packages = ", ".join(
        version_of(name) for name in ("simpy", "numba", "numpy", "pandas", "joblib")
    )
    return (
        f"{os.cpu_count()} cores of {cpu}{memory}; {platform.system()}, "
        f"Python {platform.python_version()}, {packages}"
    )


def us(row: Measured) -> float | None:
    """Microseconds a lorry of an engine: in the whole year, or in its beginning if that is all."""
    told = row.get("year", row.get("prefix"))
    return told["us"] if told else None


def ratio(rows: Measured, key: str, other: str) -> float | None:
    """How many times faster `key` is than `other`."""
    mine, its = us(rows[key]), us(rows[other])
    return its / mine if mine and its else None


def goals(m: Measured) -> list[tuple[str, str, str, bool | None]]:
    """What was to be reached, and what was: (what, goal, measured, whether)."""
    rows, commands, split = m["side_by_side"]["rows"], m["commands"], m["replication"]
    hand, differ = m["table_driven"], m["differ"]

    def times(what: str, key: str, other: str, goal: float) -> tuple[str, str, str, bool | None]:
        found = ratio(rows, key, other)
        if found is None:
            return what, f"at least {goal:g}x", "not measured: not installed", None
        return what, f"at least {goal:g}x", f"{found:.3g}x", found >= goal

    def within(what: str, key: str, other: str, goal: float) -> tuple[str, str, str, bool | None]:
        found, alike = ratio(rows, other, key), ratio(rows, f"{other}_all", key)
        if found is None or alike is None:
            return what, f"at most {goal:g}x its time", "not measured: no compiler", None
        told = f"{found:.2f}x; {alike:.2f}x where C++ writes every stamp too"
        return what, f"at most {goal:g}x its time", told, found <= goal

    def below(what: str, found: float, goal: float, unit: str) -> tuple[str, str, str, bool]:
        return what, f"under {goal:g} {unit}", f"{found:.2f} {unit}", found < goal

    table = hand["ours"] / hand["by_hand"]
    tandem = ratio(rows, "by_hand", "simpy") or float("nan")
    speedup = commands["workers"]["one"] / commands["workers"]["two"]
    compare = commands["compare"]
    plans = f"{differ['differ']} of {differ['plans']:,}"
    return [
        times("compiled engine, against SimPy by hand", "events", "by_hand", 60),
        times("compiled engine, against Ciw", "events", "ciw", 150),
        times("compiled engine, against cimba", "events", "cimba", 2.5),
        within("compiled engine, against C++ event by event", "events", "cpp_events", 2),
        within("station by station, against C++ likewise", "stations", "cpp_stations", 2),
        below("whole `corridor compare`, busy year, 2 regimes x 30", compare["seconds"], 60, "s"),
        below("its peak memory, all processes", compare["peak_mib"] / 1024, 2, "GiB"),
        below("`corridor demo`, warm", commands["demo"]["seconds"], 10, "s"),
        below("`corridor --help`", commands["help"]["seconds"], 0.4, "s"),
        ("two workers against one", "at least 1.8x", f"{speedup:.2f}x", speedup >= 1.8),
        (
            "table-driven SimPy against SimPy by hand",
            "at most 1.1x its time",
            f"{table:.2f}x; on the reference workload {tandem:.2f}x",
            max(table, tandem) <= 1.1,
        ),
        below("one replication of the busy year", split["whole"], 1.0, "s"),
        ("plans on which the engines differ", "0 of 10,000", plans, differ["differ"] == 0),
    ]


def table(head: Iterable[str], rows: Iterable[Iterable[str]], right: str = "") -> str:
    """A Markdown table; `right` says by an ``r`` which columns hold numbers."""
    head = list(head)
    marks = ["--:" if right[i : i + 1] == "r" else "---" for i in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, marks, *rows))


def engines(m: Measured) -> str:
    """The table of engines, slowest first."""
    side = m["side_by_side"]
    rows, made = side["rows"], []
    for key, row in rows.items():
        if "missing" in row:
            made.append([row["title"], row["missing"], *[""] * 5])
            continue
        size = "year" if "year" in row else "prefix"
        told = row[size]
        unequal = side["unequal"][key]
        made.append([
            row["title"] + (f" ({told['version']})" if told["version"] else ""),
            f"{told['us']:.3g}",
            f"{ratio(rows, key, 'by_hand'):.3g}x",
            f"{told['peak_mib']:.0f}",
            f"{told['loaded_mib']:.0f}",
            f"{told['vehicles']:,}",
            "all" if unequal == 0 else f"**{unequal:,} differ**",
        ])  # fmt: skip
    head = ("engine", "us a lorry", "against SimPy by hand", "peak MiB", "before it began",
            "lorries", "departures equal")  # fmt: skip
    return table(head, made, "-rrrrrl")


def written(m: Measured) -> str:
    """The whole page."""
    side, split, commands = m["side_by_side"], m["replication"], m["commands"]
    first = {key: row["prefix"]["first"] for key, row in side["rows"].items() if "prefix" in row}
    met = {True: "yes", False: "**no**", None: "?"}
    reached = ((what, goal, found, met[good]) for what, goal, found, good in goals(m))
    workers = commands["workers"]
    return TEMPLATE.read_text(encoding="utf-8").format(
        date=m["date"],
        machine=m["machine"],
        load=f"{m['load']:.2f}",
        pace=f"{m['pace']:.2f}",
        goals=table(("what", "goal", "measured", "met"), reached),
        year=f"{side['vehicles']['year']:,}",
        prefix=f"{side['vehicles']['prefix']:,}",
        engines=engines(m),
        first_own=f"{first['events']:.1f}",
        first_cimba=f"{first['cimba']:.1f}" if "cimba" in first else "?",
        parts=table(("part", "seconds"), split_rows(split), "-r"),
        split_peak=f"{split['peak_mib']:.0f}",
        split_loaded=f"{split['loaded_mib']:.0f}",
        commands=table(("command", "seconds", "peak MiB"), command_rows(commands), "-rr"),
        many=workers["replications"],
        one=f"{workers['one']:.1f}",
        two=f"{workers['two']:.1f}",
    )


def split_rows(split: Measured) -> list[tuple[str, str]]:
    """The parts of a replication."""
    parts = {
        "planning": "planning: draws, and the table of what is to be done",
        "engine": "engine",
        "laws": "checks before, laws after",
        "indicators": "ledger, indicators, hourly series",
        "whole": "**whole**",
    }
    return [(title, f"{split[part]:.2f}") for part, title in parts.items()]


def command_rows(commands: Measured) -> list[tuple[str, str, str]]:
    """The commands, as they are typed."""
    compare = commands["compare"]
    typed = [
        (f"`corridor compare`, the busy year, 2 regimes x {compare['replications']}", compare),
        ("`corridor demo`, the first here", commands["first_demo"]),
        ("`corridor demo`, warm, the best of five", commands["demo"]),
        ("`corridor --help`", commands["help"]),
    ]
    return [(what, f"{told['seconds']:.2f}", f"{told['peak_mib']:.0f}") for what, told in typed]


def draw(m: Measured) -> None:
    """The figure: microseconds a lorry, on a logarithmic scale."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.hashsalt": "corridor", "svg.fonttype": "none", "font.size": 11}
    from matplotlib.figure import Figure

    rows = [r for k, r in m["side_by_side"]["rows"].items() if not k.endswith("_all")]
    rows = [row for row in rows if "missing" not in row][::-1]
    values = [us(row) for row in rows]
    ours = ["**" in row["title"] for row in rows]
    figure = Figure(figsize=(8, 0.42 * len(rows) + 0.9), layout="constrained")
    axes = figure.add_subplot()
    axes.set_facecolor("none")
    axes.barh(range(len(rows)), values, color=["#00539b" if mine else "#a9b4bd" for mine in ours])
    axes.set_yticks(range(len(rows)), [row["title"].replace("*", "") for row in rows])
    for i, value in enumerate(values):
        axes.text(value * 1.1, i, f"{value:.3g}", va="center")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlim(min(values) / 2, max(values) * 3)
    axes.set_xlabel("microseconds a lorry (logarithmic)")
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.savefig(FIGURE, metadata={"Date": None})
    lines = [line.rstrip() for line in FIGURE.read_text().splitlines()]
    FIGURE.write_text("\n".join(lines) + "\n")


def write(m: Measured) -> None:
    """Write the page and the figure."""
    PAGE.write_text(written(m), encoding="utf-8")
    draw(m)


def keep(m: Measured) -> None:
    """Keep what was measured, so that the page can be written anew without measuring."""
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(m, indent=1))


def when() -> str:
    """Today's date."""
    return date.today().isoformat()


if __name__ == "__main__":
    write(json.loads(KEPT.read_text()))
