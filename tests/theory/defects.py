"""Would the tests of theory see it? One wrong line at a time, planted in a copy of the tree.

``python tests/theory/defects.py`` plants all, ``... defects.py lanes batch`` those whose name has
one of the words in it. No test: it takes some minutes. The exit status is 1 if one goes unseen.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
TREE = ("corridor", "geodata", "scenarios", "maps", "docs", "tests/theory", "tests/planning")
FILES = ("pyproject.toml", "tests/conftest.py")
# The long run first: it says how far off the numbers are. What it cannot see is exact elsewhere.
TESTS = (
    "test_queues_through_yaml.py::test_every_truth_is_found",
    "test_recursions.py",
    "test_nightly_closure.py",
    "test_by_hand.py",
    "test_books.py",
    "test_queues_through_yaml.py::test_simpy_finds_the_same_to_the_last_digit",
)


LONGEST = 900  # seconds; an error may well make a run endless


class Defect(NamedTuple):
    """A line as it is, and as it might be by mistake."""

    name: str
    file: str
    right: str
    wrong: str


DEFECTS = tuple(
    Defect(*row)
    for row in (
        # How long things take
        ("rate taken for mean", "planning/draws.py",
         "x *= -law.mean.value", "x /= -law.mean.value"),
        ("variance taken for sd", "planning/draws.py",
         "x *= np.sqrt(variance)", "x *= variance"),
        ("mean of a stage taken for the mean of all", "planning/draws.py",
         "law.mean.value / law.stages", "law.mean.value"),
        ("triangular arguments in another order", "planning/draws.py",
         "split = (mode - low) / (high - low)", "split = (high - mode) / (high - low)"),
        ("width of a uniform law taken from zero", "planning/draws.py",
         "low + u * (high - low)", "low + u * high"),
        ("seconds cut off", "planning/draws.py",
         "np.rint(ms, out=ms)", "np.floor(ms / 60000, out=ms) * 60000"),
        # Who comes
        ("one stream shared by two sources", "planning/demand.py",
         'streams.uniform(f"{name}/time", n)', 'streams.uniform("time", n)'),
        ("one stream shared by two stations", "planning/times.py",
         'f"{party.label.name}/{atom.where}/', 'f"{party.label.name}/'),
        ("as many as are expected, no more and no less", "planning/demand.py",
         "n = poisson_count(cumulative[-1], float(streams.uniform(f\"{name}/count\", 1)[0]))",
         "n = round(float(cumulative[-1]))"),
        ("local time used as UTC", "planning/demand.py",
         "(start + timedelta(hours=h)).astimezone(tz)", "(start + timedelta(hours=h))"),
        ("week begins on Sunday", "planning/demand.py",
         "t.weekday(), t.hour", "t.isoweekday() % 7, t.hour"),
        ("one vehicle too few in a batch", "planning/demand.py",
         "int(flow.arrivals.batch.value) if", "int(flow.arrivals.batch.value) - 1 if"),
        ("shares of channels not summed up", "planning/parties.py",
         "np.cumsum([share.value for share in shares.values()])",
         "np.array([share.value for share in shares.values()])"),
        # Who is served
        ("lane count off by one", "planning/stations.py",
         "lanes_here = int(station.lanes.value) // apart",
         "lanes_here = int(station.lanes.value) // apart + 1"),
        ("priority inverted", "planning/table.py",
         "party.priority if atom.priority is None", "99 - party.priority if atom.priority is None"),
        ("priority of a step ignored", "planning/table.py",
         "party.priority if atom.priority is None else atom.priority", "party.priority"),
        ("who comes as it closes is served: `<=` for `<`", "engine/sweep.py",
         "lane_at[piece + 1] <= now:",
         "lane_at[piece + 1] < now + (working >= lane_open[piece]):"),
        ("hours a millisecond too long", "planning/openings.py",
         "axis.at(day, b, clock)) for a, b", "axis.at(day, b, clock) + 1) for a, b"),
        ("hours by the clock of UTC", "planning/openings.py",
         "_windows(axis, post.clock, ", '_windows(axis, "UTC", '),
        ("work held taken for work recalled", "planning/stations.py",
         '"hold": ClosingRule.HOLD', '"hold": ClosingRule.RECALL'),
        ("work held taken for work finished", "planning/stations.py",
         '"hold": ClosingRule.HOLD', '"hold": ClosingRule.FINISH'),
        ("what is held resumes behind the line", "engine/kernel.py",
         "    if held >= 0:\n        delist(m, m.held",
         "    if held >= 0 and its[WAITING] == 0:\n        delist(m, m.held"),
        ("a breakdown takes the whole station", "planning/stations.py",
         "_missing(rows, each, horizon)", "_missing(rows, count, horizon)"),
        ("breakdowns that overlap taken for one", "planning/stations.py",
         "rows = spells(event, key,", "rows = closures(event, key,"),
        # Lines and rooms
        ("one more in line than is allowed", "planning/itinerary.py",
         "ahead = int(most.value) if", "ahead = int(most.value) + 1 if"),
        ("patience without end", "planning/times.py",
         "LONGEST if atom.verb == Verb.LIMIT else 0", "0"),
        ("patience drawn for another mean", "planning/itinerary.py",
         "here, station.patience, amount=ahead", "here, station.service, amount=ahead"),
        ("the longer line is joined", "engine/kernel.py",
         "here < shortest:", "here > shortest:"),
        ("one line for lanes that have one each", "planning/itinerary.py",
         'station.lines == "each" and', 'station.lines == "one" and'),
        ("no blocking", "planning/itinerary.py",
         "atoms[-1] = replace(atoms[-1], amount=1)", "pass"),
        ("one place more than there is room", "planning/stations.py",
         "made.levels.append(int(station.room.value))",
         "made.levels.append(int(station.room.value) + 1)"),
        ("a stock comes back at once", "planning/itinerary.py",
         'step.after or Chance.model_validate("0 min"), amount=1',
         'Chance.model_validate("0 min"), amount=1'),
        ("one seat more than a train has", "planning/build.py",
         "int(train.capacity.value) for", "int(train.capacity.value) + 1 for"),
        ("one train a day too few", "scenarios/train.py",
         "(last - first) / self.every.value) + 1", "(last - first) / self.every.value)"),
        # What is measured
        ("utilisation over 24 h instead of open hours", "metrics/throughput.py",
         "open_ms += int(lanes.lane_time(at, lanes_open, [since], [horizon])[0])",
         "open_ms += int(lanes_open.max()) * (horizon - since)"),
        ("warm-up taken from the work, not from the time", "metrics/throughput.py",
         "lanes.lane_time(at, lanes_open, [since], [horizon])",
         "lanes.lane_time(at, lanes_open, [0], [horizon])"),
        ("9 of 10 taken for 19 of 20", "metrics/stays.py",
         "(0.95, 0.9, 0.5)", "(0.9, 0.9, 0.5)"),
        ("those turned away counted as passed", "results/ledger.py",
         "out[self.turned_away >= 0] = -1", "pass"),
        ("time at the end of an hour for that at its start", "results/hours.py",
         "return np.arange(axis.measured, axis.horizon, HOUR",
         "return np.arange(axis.measured + HOUR, axis.horizon + HOUR, HOUR"),
    )
)  # fmt: skip


def copied(folder: Path) -> None:
    """The tree, with what has been compiled of it: times of files are kept."""
    for name in TREE:
        shutil.copytree(ROOT / name, folder / name)
    for name in FILES:
        shutil.copy2(ROOT / name, folder / name)


def planted(defect: Defect, folder: Path) -> None:
    path = folder / "corridor" / defect.file
    text = path.read_text(encoding="utf-8")
    if text.count(defect.right) != 1:
        raise SystemExit(
            f"{defect.file}: '{defect.right}' is there {text.count(defect.right)} times"
        )
    path.write_text(text.replace(defect.right, defect.wrong), encoding="utf-8")


def seen_by(folder: Path) -> str:
    """The first test that fails and what it says; nothing if all pass."""
    tests = [f"tests/theory/{test}" for test in TESTS]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        return "it never comes to an end"
    if done.returncode == 0:
        return ""
    test = re.search(r"^(?:FAILED|ERROR) \S*?/(test_\w+\.py\S*)", done.stdout, re.MULTILINE)
    why = re.search(r"^E +(?:AssertionError: )?(.*)", done.stdout, re.MULTILINE)
    if test is None:
        raise SystemExit(done.stdout + done.stderr)
    said = why.group(1) if why else ""
    first = re.search(r"\['(.*?)'", said)  # of many
    return f"{test.group(1)}: {first.group(1) if first else said[:100]}"


def main() -> int:
    words = sys.argv[1:]
    unseen = 0
    for defect in (None, *DEFECTS):  # none at all, first: then every test must pass
        if defect is not None and words and not any(word in defect.name for word in words):
            continue
        with tempfile.TemporaryDirectory() as name:
            copied(Path(name))
            if defect is not None:
                planted(defect, Path(name))
            seen = seen_by(Path(name))
        if defect is None and seen:
            raise SystemExit(f"the tree as it is fails: {seen}")
        unseen += defect is not None and not seen
        if defect is not None:
            print(f"{defect.name}: {seen or 'NOT SEEN'}", flush=True)
    print(f"{unseen} unseen")
    return unseen > 0


if __name__ == "__main__":
    sys.exit(main())
