"""A second opinion: the contract of `corridor.engine.plan`, played millisecond by millisecond.

No calendar of events, no heap, no SimPy: each millisecond everything in work gets one millisecond
shorter, and every choice is the `min` or `max` of a plain list. Slow, short and independent.
"""

from __future__ import annotations

import numpy as np

from corridor.engine import ClosingRule, Journal, Plan, Verb


class Unit:
    def __init__(self, number: int, steps: list[int]) -> None:
        self.number, self.steps = number, steps
        self.state = "away"  # away, moving, waiting, working, held
        self.left = 0

    @property
    def step(self) -> int:
        return self.steps[0]


class Oracle:
    def __init__(self, plan: Plan) -> None:
        self.plan, self.now = plan, 0
        self.units = [
            Unit(u, list(range(plan.first[u], plan.first[u + 1]))) for u in range(len(plan.start))
        ]
        self.level = plan.stock_level.tolist()
        self.coming_back: list[tuple[int, int, int]] = []
        self.open = [0] * len(plan.closing)
        self.asked, self.began, self.ended = (np.full(len(plan.verb), -1) for _ in range(3))
        self.worked = np.zeros(len(plan.verb), dtype=np.int64)

    def run(self) -> Journal:
        for now in range(self.plan.horizon):
            self.now = now
            self.finishes()
            self.lane_changes()
            self.arrivals()
            while self.start_one():
                pass
            for unit in self.units:
                if unit.state in ("moving", "working"):
                    unit.left -= 1
                    self.worked[unit.step] += unit.state == "working"
        return Journal(self.asked, self.began, self.ended, self.worked)

    def finishes(self) -> None:
        for at, stock, amount in self.coming_back:
            self.level[stock] += amount * (at == self.now)
        for unit in self.units:
            if unit.state in ("moving", "working") and unit.left == 0:
                self.end(unit)

    def lane_changes(self) -> None:
        plan = self.plan
        for station, rule in enumerate(plan.closing):
            for row in range(plan.lane_first[station], plan.lane_first[station + 1]):
                if plan.lane_at[row] == self.now:
                    self.open[station] = int(plan.lane_open[row])
            while (
                rule != ClosingRule.FINISH and len(self.at(station, "working")) > self.open[station]
            ):
                last = max(self.at(station, "working"), key=self.since)
                if rule == ClosingRule.HOLD:
                    last.state = "held"
                else:
                    last.state = "waiting"
                    self.began[last.step] = -1

    def arrivals(self) -> None:
        for unit in self.units:
            if self.plan.start[unit.number] == self.now:
                self.ask(unit)

    def start_one(self) -> bool:
        plan = self.plan
        for station in range(len(plan.closing)):
            if len(self.at(station, "working")) < self.open[station]:
                if held := self.at(station, "held"):
                    min(held, key=self.since).state = "working"
                    return True
                if line := self.at(station, "waiting"):
                    head = min(line, key=self.place)
                    self.began[head.step] = self.now
                    head.state, head.left = "working", int(plan.time[head.step])
                    if head.left == 0:
                        self.end(head)
                    return True
        for stock in range(len(plan.stock_level)):
            if line := self.at(stock, "waiting", Verb.TAKE):
                head = min(line, key=self.place)
                if plan.amount[head.step] <= self.level[stock]:
                    self.level[stock] -= int(plan.amount[head.step])
                    self.began[head.step] = self.now
                    self.end(head)
                    return True
        return False

    def ask(self, unit: Unit) -> None:
        if not unit.steps:
            unit.state = "away"
            return
        step = unit.step
        verb, time = self.plan.verb[step], int(self.plan.time[step])
        self.asked[step] = self.now
        if verb in (Verb.SERVE, Verb.TAKE):
            unit.state = "waiting"
            return
        self.began[step] = self.now
        if verb == Verb.GIVE:
            where, amount = int(self.plan.where[step]), int(self.plan.amount[step])
            if time:
                self.coming_back.append((self.now + time, where, amount))
            else:
                self.level[where] += amount
        if verb == Verb.MOVE and time:
            unit.state, unit.left = "moving", time
        else:
            self.end(unit)

    def end(self, unit: Unit) -> None:
        self.ended[unit.step] = self.now
        del unit.steps[0]
        self.ask(unit)

    def at(self, where: int, state: str, verb: Verb = Verb.SERVE) -> list[Unit]:
        return [
            unit
            for unit in self.units
            if unit.state == state
            and self.plan.verb[unit.step] == verb
            and self.plan.where[unit.step] == where
        ]

    def since(self, unit: Unit) -> tuple[int, int]:
        return int(self.began[unit.step]), unit.number

    def place(self, unit: Unit) -> tuple[int, int, int]:
        return int(self.plan.priority[unit.step]), int(self.asked[unit.step]), unit.number


def oracle(plan: Plan) -> Journal:
    """The Journal of `plan`; at most some thousand milliseconds and some dozen units, please."""
    return Oracle(plan).run()
