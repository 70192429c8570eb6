"""A second opinion: the contract of `corridor.engine.plan`, played millisecond by millisecond.

No calendar of events, no heap, no SimPy: each millisecond everything in work gets one millisecond
shorter, and every choice is the `min` or `max` of a plain list. Slow, short and independent.
"""

from __future__ import annotations

import numpy as np

from corridor.engine import ClosingRule, Journal, Plan, Verb


class Unit:
    def __init__(self, number: int, row: int, end: int) -> None:
        self.number, self.row, self.end = number, row, end
        self.state = "away"  # away, moving, joining, waiting, working, held
        self.left = 0
        self.station = -1  # where the next service is done, or this one
        self.keeps = -1  # the station of which a lane is kept
        self.limit = -1  # the row of the limit on what is waited for


class Oracle:
    def __init__(self, plan: Plan) -> None:
        self.plan, self.now = plan, 0
        ends = [plan.route_first[route : route + 2].tolist() for route in plan.route]
        self.units = [Unit(number, *rows) for number, rows in enumerate(ends)]
        self.cell: dict[tuple[int, int], int] = {}
        for row in range(len(plan.verb)):
            for unit in sorted(self.units, key=lambda unit: plan.start[unit.number]):
                if unit.row <= row < unit.end:
                    self.cell[row, unit.number] = len(self.cell)
        self.level = plan.stock_level.tolist()
        self.coming_back: list[tuple[int, int, int]] = []
        self.open = [0] * len(plan.closing)
        self.standing = [False] * len(plan.capacity)
        self.asked, self.began, self.ended = (np.full(len(self.cell), -1) for _ in range(3))
        self.worked = np.zeros(len(self.cell), dtype=np.int64)
        self.joined = {key: -1 for key in self.cell if plan.verb[key[0]] == Verb.JOIN}

    def run(self) -> Journal:
        for now in range(self.plan.horizon):
            self.now = now
            self.finishes()
            self.lane_changes()
            self.trains_come_in()
            self.arrivals()
            while self.start_one() or self.give_up_one():
                pass
            for unit in self.units:
                if unit.state in ("moving", "working"):
                    unit.left -= 1
                    self.worked[self.at_step(unit)] += unit.state == "working"
        joined = np.array(list(self.joined.values()), dtype=np.int32)
        return Journal(self.asked, self.began, self.ended, self.worked, joined)

    # The phases of an instant

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
            while rule != ClosingRule.FINISH and self.busy(station) > self.open[station]:
                working = self.serving(station, "working")
                if not working:
                    break
                last = max(working, key=self.since)
                last.state = "held" if rule == ClosingRule.HOLD else "waiting"
                if rule == ClosingRule.RECALL:
                    self.began[self.at_step(last)] = -1

    def trains_come_in(self) -> None:
        plan = self.plan
        for platform in range(len(plan.capacity)):
            rows = slice(plan.train_first[platform], plan.train_first[platform + 1])
            self.standing[platform] = self.now in plan.train_at[rows]

    def arrivals(self) -> None:
        for unit in self.units:
            if self.plan.start[unit.number] == self.now:
                self.ask(unit)

    def start_one(self) -> bool:
        plan = self.plan
        if joining := [unit for unit in self.units if unit.state == "joining"]:
            self.choose(min(joining, key=lambda unit: (plan.priority[unit.row], unit.number)))
            return True
        for station in range(len(plan.closing)):
            if self.busy(station) < self.open[station]:
                if held := self.serving(station, "held"):
                    min(held, key=self.since).state = "working"
                    return True
                if line := self.line(Verb.SERVE, station):
                    self.begin(line[0])
                    return True
        for stock in range(len(plan.stock_level)):
            line = self.line(Verb.TAKE, stock)
            if line and plan.amount[line[0].row] <= self.level[stock]:
                self.level[stock] -= int(plan.amount[line[0].row])
                self.begin(line[0])
                return True
        for platform, capacity in enumerate(plan.capacity):
            line = self.line(Verb.DEPART, platform)
            if self.standing[platform] or (plan.when_full[platform] and len(line) >= capacity):
                self.standing[platform] = False
                for unit in line[:capacity]:
                    self.begin(unit)
                return True
        return False

    def give_up_one(self) -> bool:
        plan = self.plan
        places = [
            *((Verb.SERVE, station) for station in range(len(plan.closing))),
            *((Verb.TAKE, stock) for stock in range(len(plan.stock_level))),
            *((Verb.DEPART, platform) for platform in range(len(plan.capacity))),
        ]
        for place in places:
            for ahead, unit in enumerate(self.line(*place)):
                if unit.limit < 0:
                    continue
                waited = self.now - self.asked[self.at_step(unit)]
                too_many = waited == 0 and ahead >= plan.amount[unit.limit]
                if too_many or waited >= plan.time[self.cell[unit.limit, unit.number]]:
                    skip, unit.limit = int(plan.where[unit.limit]), -1
                    self.end(unit, skip)
                    return True
        return False

    # What a unit does

    def ask(self, unit: Unit) -> None:
        if unit.row == unit.end:
            unit.state = "away"
            return
        verb, where = self.plan.verb[unit.row], int(self.plan.where[unit.row])
        self.asked[self.at_step(unit)] = self.now
        if verb == Verb.JOIN:
            unit.state = "joining"
        elif verb in (Verb.SERVE, Verb.TAKE, Verb.DEPART):
            unit.state = "waiting"
            if verb == Verb.SERVE and unit.station < 0:
                unit.station = where
        else:
            if verb == Verb.LIMIT:
                unit.limit = unit.row
            self.begin(unit)

    def choose(self, unit: Unit) -> None:
        first, count = int(self.plan.where[unit.row]), int(self.plan.amount[unit.row])
        unit.station = min(range(first, first + count), key=self.here)
        self.joined[unit.row, unit.number] = unit.station
        self.begin(unit)

    def begin(self, unit: Unit) -> None:
        plan, row, cell = self.plan, unit.row, self.at_step(unit)
        self.began[cell] = self.now
        verb, time = plan.verb[row], int(plan.time[cell])
        if verb in (Verb.SERVE, Verb.TAKE, Verb.DEPART):
            unit.limit = -1
        if verb == Verb.TAKE:
            unit.keeps = -1
        if verb == Verb.GIVE:
            if time:
                self.coming_back.append((self.now + time, plan.where[row], int(plan.amount[row])))
            else:
                self.level[plan.where[row]] += int(plan.amount[row])
        if verb in (Verb.MOVE, Verb.SERVE) and time:
            unit.state, unit.left = "moving" if verb == Verb.MOVE else "working", time
        else:
            self.end(unit)

    def end(self, unit: Unit, skip: int = 0) -> None:
        self.ended[self.at_step(unit)] = self.now
        if self.plan.verb[unit.row] == Verb.SERVE:
            if self.plan.amount[unit.row] and self.began[self.at_step(unit)] >= 0:
                unit.keeps = unit.station
            unit.station = -1
        unit.row += 1 + skip
        self.ask(unit)

    # Who is where

    def at_step(self, unit: Unit) -> int:
        return self.cell[unit.row, unit.number]

    def serving(self, station: int, state: str) -> list[Unit]:
        return [unit for unit in self.units if unit.station == station and unit.state == state]

    def busy(self, station: int) -> int:
        kept = [unit for unit in self.units if unit.keeps == station]
        return len(self.serving(station, "working")) + len(kept)

    def here(self, station: int) -> int:
        waiting, held = self.serving(station, "waiting"), self.serving(station, "held")
        return len(waiting) + len(held) + self.busy(station)

    def line(self, verb: Verb, where: int) -> list[Unit]:
        """Who waits there, in order."""
        return sorted(
            (
                unit
                for unit in self.units
                if unit.state == "waiting"
                and self.plan.verb[unit.row] == verb
                and (unit.station if verb == Verb.SERVE else self.plan.where[unit.row]) == where
            ),
            key=lambda unit: (
                self.plan.priority[unit.row],
                self.asked[self.at_step(unit)],
                unit.number,
            ),
        )

    def since(self, unit: Unit) -> tuple[int, int]:
        return int(self.began[self.at_step(unit)]), unit.number


def oracle(plan: Plan) -> Journal:
    """The Journal of `plan`; at most some thousand milliseconds and some dozen units, please."""
    return Oracle(plan).run()
