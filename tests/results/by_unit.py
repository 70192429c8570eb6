"""The Journal read the slow way: unit by unit, step by step, in plain loops, to compare with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from corridor.engine import ClosingRule, Journal, Verb
from corridor.planning import FlowLabel, Manifest

Spell = tuple[int, int]
"""From when to when, ms; -1 if it does not end."""


@dataclass
class Step:
    """A step of a unit; of a SERVE also its station and when the lane was free again."""

    row: int
    verb: Verb
    place: str
    post: str
    asked: int
    began: int
    ended: int
    worked: int
    time: int
    station: int = -1
    free: int = -1

    @property
    def given_up(self) -> bool:
        return self.began < 0 <= self.ended

    @property
    def lines_up(self) -> bool:
        return self.verb in (Verb.SERVE, Verb.TAKE, Verb.DEPART) and self.asked >= 0

    @property
    def in_line(self) -> Spell:
        return self.asked, self.ended if self.given_up else self.began


@dataclass
class Unit:
    """A unit with its steps."""

    number: int
    flow: FlowLabel
    kg: int
    entry: int
    start: int
    came: bool
    lost: bool
    steps: list[Step]

    @property
    def labels(self) -> set[str]:
        f = self.flow
        return {"all", f.class_, f"all {f.direction}", f"{f.class_} {f.direction}"}

    @property
    def arrived(self) -> int:
        if self.steps and self.steps[0].verb == Verb.SERVE and not self.steps[0].post:
            return self.steps[0].ended
        return self.start if self.came else -1

    @property
    def turned_away(self) -> int:
        return next((step.ended for step in self.steps if step.given_up), -1)

    @property
    def out(self) -> int:
        if any(step.given_up for step in self.steps):
            return -1
        return self.steps[-1].ended if self.steps else self.arrived

    def calls(self) -> list[tuple[str, int, int, int]]:
        """Post, gate-in, gate-out if it passed, when it was gone."""
        found: list[list[Step]] = []
        post = ""
        for step in self.steps:
            if step.verb == Verb.MOVE:
                post = ""
            elif step.post and step.verb != Verb.GIVE:
                if step.post != post:
                    found.append([])
                post = step.post
                found[-1].append(step)
        rows = []
        for steps in found:
            reached = [step for step in steps if step.asked >= 0]
            if reached:
                over = any(step.given_up for step in reached)
                whole = over or reached[-1] is steps[-1]
                gone = reached[-1].ended if whole else -1
                rows.append((steps[0].post, reached[0].asked, -1 if over else gone, gone))
        return rows


def units_of(m: Manifest, j: Journal) -> list[Unit]:
    """Every unit of a run."""
    plan = m.plan
    start, route, rows = (a.tolist() for a in (plan.start, plan.route, plan.route_first))
    cell_first, verb, joined = plan.cell_first.tolist(), plan.verb.tolist(), _joined(m, j)
    names, asked, began = [*m.places, ""], j.asked.tolist(), j.began.tolist()
    ended, worked, time = j.ended.tolist(), j.worked.tolist(), plan.time.tolist()
    taken: Counter[int] = Counter()
    units = []
    # whoever starts first has the first cell of each row
    for u in sorted(range(len(start)), key=lambda u: (start[u], u)):
        rank = taken[route[u]]
        taken[route[u]] += 1
        steps = []
        for row in range(rows[route[u]], rows[route[u] + 1]):
            cell = cell_first[row] + rank
            place, post = names[m.place[row]], names[m.post[row]]
            stamps = asked[cell], began[cell], ended[cell], worked[cell], time[cell]
            step = Step(row, Verb(verb[row]), place, post, *stamps)
            if step.verb == Verb.SERVE:
                step.station = joined.get((row, rank), int(plan.where[row]))
                step.free = step.ended if step.began >= 0 else -1
            steps.append(step)
        for step, after in pairwise(steps):
            if step.verb == Verb.SERVE and plan.amount[step.row] == 1:
                step.free = after.began if step.began >= 0 else -1
        come = bool(m.fate[u] == 0 and start[u] < plan.horizon)
        flow, lost = m.flows[m.flow[u]], bool(m.fate[u] == 1)
        kg, entry = int(m.payload_kg[u]), int(m.entry[u])
        units.append(Unit(u, flow, kg, entry, start[u], come, lost, steps))
    return sorted(units, key=lambda unit: unit.number)


def _joined(m: Manifest, j: Journal) -> dict[tuple[int, int], int]:
    """(row, rank) -> the station chosen for it by the JOIN before."""
    chosen = iter(j.joined.tolist())
    return {
        (row + 1, rank): next(chosen)
        for row in range(len(m.plan.verb))
        if m.plan.verb[row] == Verb.JOIN
        for rank in range(m.plan.cells(row).stop - m.plan.cells(row).start)
    }


def held(m: Manifest, step: Step) -> list[Spell]:
    """Spells in which the work of a step stood still over a closing."""
    if step.verb != Verb.SERVE or step.began < 0:
        return []
    ends = step.ended if step.ended >= 0 else m.plan.horizon
    return [(at, until) for at, until in closings(m, step.station) if step.began < at < ends]


@lru_cache(maxsize=64)
def closings(m: Manifest, station: int) -> list[Spell]:
    """When a station that holds was closed."""
    if m.plan.closing[station] != ClosingRule.HOLD:
        return []
    rows = range(m.plan.lane_first[station], m.plan.lane_first[station + 1])
    changes = [(int(m.plan.lane_at[i]), int(m.plan.lane_open[i])) for i in rows]
    spells = pairwise([*changes, (-1, 0)])
    return [(at, until) for (at, lanes), (until, _) in spells if lanes == 0]


def idle(m: Manifest, step: Step) -> list[Spell]:
    """Spells of a step in no service."""
    return [step.in_line, *held(m, step)] if step.lines_up else []
