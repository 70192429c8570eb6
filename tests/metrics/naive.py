"""Every indicator and series the slow way, from units one by one: what it means, in plain loops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from math import nan

from results.by_unit import Spell, Step, Unit, held, idle, units_of

from corridor.engine import ClosingRule, Verb
from corridor.metrics import View
from corridor.planning.openings import zone

HOUR = 3_600_000
Found = dict[tuple[str, str, str], float]


class Naive:
    """A View read by units."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.m = view.ledger.manifest
        self.units = units_of(self.m, view.ledger.journal)
        self.since, self.horizon = self.m.axis.measured, self.m.axis.horizon
        self.ports = list(view.scenario.ports)
        self.posts = [f"{p}/{q}" for p in self.ports for q in view.scenario.ports[p].posts]
        labels: dict[str, None] = {"all": None}
        for f in self.m.flows:
            labels |= dict.fromkeys([f.class_, f"all {f.direction}", f"{f.class_} {f.direction}"])
        self.labels = list(labels)
        self.classes = [label for label in labels if " " not in label]

    # -- counting --------------------------------------------------------------------------------

    def through(self, port: str) -> list[Unit]:
        """Units that left a port in the measured part."""
        return [u for u in self.units if u.flow.port == port and u.out >= self.since]

    def passed(self) -> dict[str, list[tuple[Unit, int]]]:
        """(unit, when) of each pass, by place."""
        found: dict[str, list[tuple[Unit, int]]] = {p: [] for p in [*self.ports, *self.posts]}
        for port in self.ports:
            found[port] = [(u, u.out) for u in self.through(port)]
        for u in self.units:
            for post, _, out, _ in u.calls():
                if out >= self.since:
                    found[post].append((u, out))
        for i, flow in enumerate(self.m.flows):
            for leg in self.view.corridors.get(flow.corridor, ()):
                over = found.setdefault(f"link/{leg.link}", [])
                if not any(u.flow is self.m.flows[i] for u, _ in over):
                    over += [(u, u.out) for u in self.through(flow.port) if u.flow is flow]
        return found

    def backlog(self, at: int) -> list[Unit]:
        """Units that count by `at` and have not gone."""
        gone = (max(u.out, u.turned_away) for u in self.units)
        return [
            u
            for u, end in zip(self.units, gone, strict=True)
            if self.m.fate[u.number] == 0 and u.entry < at and not 0 <= end < at
        ]

    def counts(self) -> Found:
        """All that is counted."""
        found: Found = {}
        for place, rows in self.passed().items():
            for label in self.labels:
                if not place.startswith("link/") or label.split()[0] == "all":
                    mine = [u for u, _ in rows if label in u.labels]
                    found[place, label, "vehicles"] = len(mine)
                    found[place, label, "tonnes"] = sum(u.kg for u in mine) / 1000
        ready = [u for u in self.units if self.since <= u.entry < self.horizon]
        demand = [u for u in ready if self.m.fate[u.number] < 2]
        kinds = {
            "demand": demand,
            "lost": [u for u in demand if u.lost],
            "start": self.backlog(self.since),
            "unserved": self.backlog(self.horizon),
            "turned_away": [u for u in self.units if u.turned_away >= self.since],
        }
        for port in self.ports:
            found[port, "all", "teu"] = sum(u.flow.teu for u in self.through(port))
            for kind, units in kinds.items():
                stations = self.view.scenario.ports[port].posts.values()
                leaves = any(s.turns_away for p in stations for s in p.stations.values())
                for label in self.classes if kind != "turned_away" or leaves else ():
                    mine = [u for u in units if u.flow.port == port and label in u.labels]
                    found[port, label, f"{kind}_vehicles"] = len(mine)
                    found[port, label, f"{kind}_tonnes"] = sum(u.kg for u in mine) / 1000
        return found

    def monthly(self) -> dict[tuple[str, str, str, str], float]:
        """Passes by month of the period's clock."""
        clock = zone(self.m.axis.clock)
        found: dict[tuple[str, str, str, str], float] = defaultdict(float)
        for place, rows in self.passed().items():
            for u, at in rows:
                local = (self.m.start + timedelta(milliseconds=at)).astimezone(clock)
                for label in u.labels & set(self.classes):
                    found[place, label, f"{local:%Y-%m}", "vehicles"] += 1
                    found[place, label, f"{local:%Y-%m}", "tonnes"] += u.kg / 1000
        return found

    # -- time ------------------------------------------------------------------------------------

    def times(self) -> Found:
        """Dwell, waits, and what follows from them."""
        found: Found = {}
        stays: dict[str, list[tuple[Unit, float]]] = {p: [] for p in [*self.ports, *self.posts]}
        for u in self.units:
            here: dict[str, float] = {}
            for post, come, out, _ in u.calls():
                if out >= self.since:
                    here[post] = here.get(post, 0) + (out - come) / HOUR
            if u.out >= self.since:
                here[u.flow.port] = sum(out - come for _, come, out, _ in u.calls()) / HOUR
            for place, hours in here.items():
                stays[place].append((u, hours))
        for place, rows in stays.items():
            for label in self.labels:
                hours = sorted(h for u, h in rows if label in u.labels)
                found[place, label, "tfi1_mean"] = mean(hours)
                for name, share in (("median", 0.5), ("p90", 0.9), ("p95", 0.95)):
                    found[place, label, f"tfi1_{name}"] = quantile(hours, share)
        for port in self.ports:
            for label in self.classes:
                mine = [u for u in self.through(port) if label in u.labels]
                found[port, label, "wait_mean"] = mean([self.waited(u) / HOUR for u in mine])
                away = [(u.arrived - u.entry) / HOUR for u in mine]
                found[port, label, "opening_wait_mean"] = mean(away)
        waits: dict[str, list[float]] = {p: [] for p in self.m.places if p.count("/") >= 2}
        for u in self.units:
            for step in u.steps:
                if step.lines_up and step.began >= self.since:
                    waits[step.place].append((step.began - step.asked) / HOUR)
        found |= {(place, "all", "station_wait_mean"): mean(w) for place, w in waits.items()}
        return found | self.costs(stays)

    def waited(self, unit: Unit) -> int:
        """Time of a unit in no service at the posts, ms."""
        steps = [step for step in unit.steps if step.post]
        spells = [spell for step in steps for spell in idle(self.m, step)]
        return sum(end - begin for begin, end in spells if end >= 0)

    def costs(self, stays: dict[str, list[tuple[Unit, float]]]) -> Found:
        """Money, speed and CO2."""
        found: Found = {}
        costs, flows = self.view.scenario.costs, self.view.scenario.flows
        for port in self.ports:
            usd: dict[int, float] = {}
            for u, hours in stays[port]:
                called = {post for post, *_ in u.calls()}
                fees = [f.value for p, f in costs.fees.items() if p.replace(".", "/") in called]
                usd[u.number] = sum(fees) + hours * costs.waiting.value
            laden = [u for u, _ in stays[port] if u.kg > 0]
            found[port, "all", "tfi2_mean"] = mean([usd[u.number] for u in laden])
            wait = sum(self.waited(u) for u, _ in stays[port]) / HOUR
            found[port, "all", "co2_idling"] = wait * costs.idling_co2_kg_per_h.value / 1000
            for label in dict.fromkeys(f"{f.class_} {f.direction}" for f in self.m.flows):
                alike = [f for f in self.m.flows if f"{f.class_} {f.direction}" == label]
                alike = [f for f in alike if f.port == port and f.corridor in self.view.corridors]
                if not alike:
                    continue
                km = {f.name: self.km(f.corridor) for f in alike}
                found[port, label, "swod"] = sum(k for k, *_ in km.values()) / sum(
                    h for _, h, *_ in km.values()
                )
                mine = [(u, hours) for u, hours in stays[port] if u.flow in alike]
                run = sum(km[u.flow.name][0] for u, _ in mine)
                spent = sum(hours + km[u.flow.name][1] for u, hours in mine)
                found[port, label, "swd"] = run / spent if spent else nan
                each = []
                for u in (u for u, _ in mine if u.kg > 0):
                    whole, _, before, after = km[u.flow.name]
                    haul = costs.haul["before"].value * before + costs.haul["after"].value * after
                    load = flows[u.flow.name].payload.value
                    each.append(500 / whole * (haul / 500 + usd[u.number] * 20_000 / load))
                if any(flows[f.name].payload and flows[f.name].payload.value for f in alike):
                    found[port, label, "tfi3_mean"] = mean(each)
        return found

    def km(self, corridor: str) -> tuple[float, float, float, float]:
        """Length, running hours, km before and behind the border of a corridor of two legs."""
        one, two = self.view.corridors[corridor]
        return one.km + two.km, one.km / one.speed_kmh + two.km / two.speed_kmh, one.km, two.km

    # -- places ----------------------------------------------------------------------------------

    def spells(self, place: str) -> list[Spell]:
        """Spells in no service at the posts of a place."""
        steps = [step for u in self.units for step in u.steps]
        at = [step for step in steps if step.post == place or step.post.startswith(f"{place}/")]
        return [spell for step in at for spell in idle(self.m, step)]

    def capacity(self) -> Found:
        """Peaks, hours, and how busy the stations are."""
        found: Found = {}
        window = [(self.since, self.horizon)]
        for place in [*self.ports, *self.posts]:
            spells = self.spells(place)
            instants = {self.since, *(begin for begin, _ in spells if begin >= self.since)}
            found[place, "all", "peak_queue"] = max(present(spells, t) for t in instants)
        openings = {
            post: [tuple(map(int, row)) for row in self.m.openings[post]] for post in self.posts
        }
        days = sorted(
            {min(max(self.m.axis.at(d), self.since), self.horizon) for d in self.m.axis.days(1)}
        )
        for port in self.ports:
            mine = [post for post in self.posts if post.startswith(f"{port}/")]
            joint = window
            opened = []
            for post in mine:
                joint = both(joint, openings[post])
                found[post, "all", "open_hours"] = length(both(window, openings[post])) / HOUR
                opened.append([length(both([day], openings[post])) > 0 for day in pairwise(days)])
                found[post, "all", "open_days"] = sum(opened[-1])
                shut = [(a, b) for _, p, a, b in self.m.incidents if p == post]
                shut = [] if not shut else both(merged(shut), both(window, openings[post]))
                found[post, "all", "storm_hours"] = length(shut) / HOUR
            found[port, "all", "joint_open_hours"] = length(joint) / HOUR
            found[port, "all", "open_days"] = sum(map(all, zip(*opened, strict=True)))
        return found | self.utilisation()

    def utilisation(self) -> Found:
        """Lane-time taken over lane-time open."""
        found: Found = {}
        plan = self.m.plan
        for name in dict.fromkeys(self.m.stations):
            if name.split("/")[1] == "season" or self.lanes(name) >= 1_000_000:
                continue
            open_ms = 0
            for i in (i for i, station in enumerate(self.m.stations) if station == name):
                rows = range(plan.lane_first[i], plan.lane_first[i + 1])
                edges = [*(int(plan.lane_at[row]) for row in rows), self.horizon]
                for row, a, b in zip(rows, edges, edges[1:], strict=False):
                    open_ms += int(plan.lane_open[row]) * max(0, b - max(a, self.since))
            steps = [s for u in self.units for s in u.steps if s.place == name]
            busy = sum(self.taken(s) for s in steps if s.verb == Verb.SERVE)
            found[name, "all", "utilisation"] = busy / open_ms if open_ms else nan
        return found

    def lanes(self, name: str) -> float:
        port, post, leaf = name.split("/")
        return self.view.scenario.ports[port].posts[post].stations[leaf].lanes.value

    def taken(self, step: Step) -> int:
        """Lane-time that a service took in the measured part."""
        end = step.ended if step.ended >= 0 else self.horizon
        thrown_away = 0
        if self.m.plan.closing[step.station] == ClosingRule.RECALL and end >= self.since:
            thrown_away = step.worked - (end - step.began if step.began >= 0 else 0)
        if step.began < 0:
            return thrown_away
        spells = [(step.began, step.free)]
        return thrown_away + self.inside(spells) - self.inside(held(self.m, step))

    def inside(self, spells: Iterable[Spell]) -> int:
        ends = ((begin, end if end >= 0 else self.horizon) for begin, end in spells)
        return sum(max(0, end - max(begin, self.since)) for begin, end in ends)

    # -- series ----------------------------------------------------------------------------------

    def series(self) -> dict[tuple[str, str], list[int]]:
        """Counts at each measured hour."""
        hours = range(self.since, self.horizon, HOUR)
        found: dict[tuple[str, str], list[int]] = {}

        def count(place: str, measure: str, spells: list[Spell]) -> None:
            found[place, measure] = [present(spells, hour) for hour in hours]

        def passes(place: str, times: list[int]) -> None:
            found[place, "throughput"] = [
                sum(hour <= t < min(hour + HOUR, self.horizon) for t in times) for hour in hours
            ]

        steps = [step for u in self.units for step in u.steps]
        calls = [call for u in self.units for call in u.calls()]
        for post in self.posts:
            count(post, "queue", self.spells(post))
            count(post, "in_system", [(come, gone) for p, come, _, gone in calls if p == post])
            passes(post, [out for p, _, out, _ in calls if p == post])
        for name in dict.fromkeys(self.m.stations):
            served = [s for s in steps if s.place == name and s.verb == Verb.SERVE]
            count(name, "queue", [spell for s in served for spell in idle(self.m, s)])
            lanes = [(s.began, s.free) for s in served if s.began >= 0]
            still = [spell for s in served for spell in held(self.m, s)]
            found[name, "busy"] = [present(lanes, hour) - present(still, hour) for hour in hours]
            found[name, "open_lanes"] = [self.open_lanes(name, hour) for hour in hours]
        for port in self.ports:
            units = [u for u in self.units if u.flow.port == port]
            count(port, "queue", self.spells(port))
            inside = [(u.arrived, max(u.out, u.turned_away)) for u in units]
            count(port, "in_system", inside)
            passes(port, [u.out for u in units])
            ready = [u for u in units if self.m.fate[u.number] == 0]
            count(port, "waiting_for_opening", [(u.entry, u.arrived) for u in ready])
        return found

    def open_lanes(self, name: str, at: int) -> int:
        plan, total = self.m.plan, 0
        for i in (i for i, station in enumerate(self.m.stations) if station == name):
            rows = range(plan.lane_first[i], plan.lane_first[i + 1])
            total += [int(plan.lane_open[row]) for row in rows if plan.lane_at[row] <= at][-1]
        return total


def present(spells: Iterable[Spell], at: int) -> int:
    """How many spells have begun and not ended."""
    return sum(0 <= begin <= at and not 0 <= end <= at for begin, end in spells)


def mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else nan


def quantile(ordered: list[float], share: float) -> float:
    if not ordered:
        return nan
    place = (len(ordered) - 1) * share
    low = ordered[int(place)]
    return low + (ordered[min(int(place) + 1, len(ordered) - 1)] - low) * (place - int(place))


def both(one: list[Spell], other: list[Spell]) -> list[Spell]:
    pairs = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return [(a, b) for a, b in pairs if a < b]


def merged(spells: list[Spell]) -> list[Spell]:
    found: list[Spell] = []
    for a, b in sorted(spells):
        if found and a <= found[-1][1]:
            found[-1] = (found[-1][0], max(b, found[-1][1]))
        else:
            found.append((a, b))
    return found


def length(spells: list[Spell]) -> int:
    return sum(b - a for a, b in spells)
