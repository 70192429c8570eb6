"""Nothing is lost on the way, and every table tells the same story: on random small ports too."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planning.small import ran, shipped, told

from corridor.engine import Verb
from corridor.metrics import View
from corridor.metrics.monthly import monthly
from corridor.results.hours import hours_of
from corridor.results.tables import series_of, visits_of
from corridor.scenarios import Scenario

from .by_unit import idle, units_of


def drawn(seed: int) -> Scenario:
    """A small port with anything that may close, hold, lose, or keep a lorry waiting."""
    rng = np.random.default_rng(seed)

    def maybe(chance: float = 0.5) -> bool:
        return bool(rng.random() < chance)

    def service() -> dict[str, object]:
        mean = f"{rng.integers(5, 90)} min"
        laws = [{"exponential": {"mean": mean}}, {"lognormal": {"mean": mean, "cv": 0.7}},
                {"erlang": {"mean": mean, "stages": 2}}, {"constant": mean}]  # fmt: skip
        return laws[rng.integers(len(laws))]

    def station() -> dict[str, object]:
        made: dict[str, object] = {"lanes": int(rng.integers(1, 4)), "service": service()}
        if maybe(0.3):
            made |= {"hours": {"daily": "07:00-21:00"}, "closing_rule": str(rng.choice(RULES))}
        return made

    def post(clock: str) -> dict[str, object]:
        hours = str(rng.choice(["always", "08:00-12:00, 13:00-18:00", "20:00-05:00"]))
        return {
            "clock": clock,
            "hours": hours if hours == "always" else {"weekdays": hours, "saturday": "10:00-12:00"},
            "closing_rule": str(rng.choice(RULES)),
            "channels": {"green": 0.6, "red": 0.4},
            "stations": {"gate": station(), "desk": station()},
            "stocks": {"trucks": {"amount": int(rng.integers(1, 9))}},
        }

    give = {"give": "west.trucks", "after": {"exponential": {"mean": "9 h"}}}
    west = ["west.gate", {"select": "west", "routes": {"green": [], "red": ["west.desk"]}}]
    road = {"travel": "road"}
    season: dict[str, object] = {"closed": "02-20..03-05"} if maybe() else {}
    if season and maybe():
        season["special_openings"] = {"a": {"from": "2024-02-26", "until": "2024-02-27"}}
    if maybe(0.3):
        season["by_class"] = {"coach": "02-01..03-07"}
    answer = {"rush": 0.3, "wait": 0.4, "lost": 0.3, "rush_window": "6 d", "wait_window": "5 d"}

    def flow(class_: str, direction: str, payload: str) -> dict[str, object]:
        volume = {"vehicles": int(rng.integers(100, 500)), "per": "month"}
        made = {
            "port": "gap",
            "class": class_,
            "direction": direction,
            "volume": volume,
            "payload": payload,
            "payload_cv": 0.3,
            "priority": int(rng.integers(0, 3)),
        }
        return made | ({"closed_season": answer | {"after": "3 d"}} if maybe(0.8) else {})

    often = {"per_month": 4, "during": "01-01..12-31", "duration": service()}
    storm = {"title": "S", "port": "gap", "at": ["west.gate", "east.desk"], "sampled": often}
    dates = {"from": "2024-03-01", "until": "2024-03-09"}
    factor = float(rng.choice([0.3, 2.0]))
    trade = {"title": "T", "demand": {"flows": ["silk"], "factor": factor, **dates}}
    period = {
        "from": "2024-02-15",
        "measure_from": str(rng.choice(["2024-02-15", "2024-02-24"])),
        "until": str(rng.choice(["2024-03-03", "2024-03-20"])),
        "clock": "Asia/Shanghai",
    }
    return Scenario.model_validate({
        "title": "Drawn",
        "seed": seed,
        "period": period,
        "ports": {"gap": {
            "title": "G", "season": season,
            "posts": {"west": post("Asia/Shanghai"), "east": post("Asia/Karachi")},
            "travel": {"road": {"speed": "30 km/h", "cv": 0.2, "winter": 0.7}},
            "procedures": {
                "lorry": {"out": [{"take": "west.trucks"}, *west, road, "east.desk", give],
                          "home": ["east.gate", road, *west, road, "east.desk"]},
                "coach": {"out": ["west.desk", "east.gate"]},
            },
        }},
        "flows": {"silk": flow("lorry", "out", "16 t"), "empties": flow("lorry", "home", "0 t"),
                  "tours": flow("coach", "out", "0 t")},
        "events": {k: e for k, e in {"storm": storm, "trade": trade}.items() if maybe()},
    })  # fmt: skip


RULES = ("finish", "hold", "recall")


def one_story(view: View) -> None:
    """What must hold of every run."""
    view.ledger.check()
    found = told(view)
    balance(view, found)
    months(view, found)
    dwell_is_wait_and_service(view)
    waits(view)
    shares(found)


def balance(view: View, found: dict[tuple[str, str, str], float]) -> None:
    """Start + demand = passed + lost + unserved: every class, vehicles and tonnes."""
    for port in view.scenario.ports:
        for label in view.classes:
            for unit in ("vehicles", "tonnes"):
                start, demand, lost, left = (
                    found[port, label, f"{what}_{unit}"]
                    for what in ("start", "demand", "lost", "unserved")
                )
                passed = found[port, label, unit]
                assert start + demand == pytest.approx(passed + lost + left, abs=1e-6), label
                if unit == "vehicles":
                    assert start + demand == passed + lost + left
    # and by hand, from the plan and the journal alone
    m = view.ledger.manifest
    a, b = m.axis.measured, m.axis.horizon
    kg = [0, 0]
    for unit in units_of(m, view.ledger.journal):
        here, out = m.fate[unit.number] == 0, unit.out
        before = here and unit.entry < a and not 0 <= out < a
        ready = m.fate[unit.number] < 2 and a <= unit.entry < b
        left = here and unit.entry < b and out < 0
        kg[0] += unit.kg * (int(before) + int(ready))
        kg[1] += unit.kg * (int(out >= a) + int(left) + int(ready and not here))
    assert kg[0] == kg[1]


def months(view: View, found: dict[tuple[str, str, str], float]) -> None:
    sums: dict[tuple[str, str, str], float] = {}
    for (place, label, _, metric), value in monthly(view).items():
        sums[place, label, metric] = sums.get((place, label, metric), 0.0) + value
    for key, value in sums.items():
        assert value == pytest.approx(found[key], abs=1e-6)
    assert {place for place, *_ in sums} == {*view.scenario.ports, *view.posts}


def dwell_is_wait_and_service(view: View) -> None:
    """Time at posts is time in no service and time in service, to the millisecond."""
    m = view.ledger.manifest
    for unit in units_of(m, view.ledger.journal):
        if unit.out >= m.axis.measured:
            at_posts = [step for step in unit.steps if step.post and step.lines_up]
            waited = sum(end - begin for step in at_posts for begin, end in idle(m, step))
            worked = sum(step.time for step in at_posts if step.verb == Verb.SERVE)
            dwell = sum(out - come for _, come, out, _ in unit.calls())
            assert waited + worked == dwell


def waits(view: View) -> None:
    visits = visits_of(view.ledger, "s")
    known = visits.dropna(subset=["wait_min"])
    assert (known["closed_wait_min"] >= 0).all()
    assert (known["closed_wait_min"] <= known["wait_min"] + 1e-9).all()
    done = visits.dropna(subset=["ended"])
    lasted = (done["ended"] - done["asked"]).dt.total_seconds() / 60
    np.testing.assert_allclose(lasted, done["wait_min"] + done["service_min"], atol=1e-6)


def shares(found: dict[tuple[str, str, str], float]) -> None:
    for (place, label, metric), value in found.items():
        assert isnan(value) or value >= 0, (place, label, metric)
        if metric == "wait_mean":
            dwell = found[place, label, "tfi1_mean"]
            assert isnan(value) == isnan(dwell)
            assert isnan(value) or value <= dwell + 1e-9
        if metric == "joint_open_hours":
            posts = [
                v for (p, _, m), v in found.items() if m == "open_hours" and p.startswith(place)
            ]
            assert value <= min(posts) + 1e-9


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_a_small_port_tells_one_story(seed: int) -> None:
    view = ran(drawn(seed), km={"road": 40})
    one_story(view)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_series_agree_with_the_indicators(seed: int) -> None:
    view = ran(drawn(seed), km={"road": 40})
    labels, values = series_of(view.ledger)
    found = told(view)
    for (place, measure), row in zip(labels, values, strict=True):
        if measure == "throughput":
            assert row.sum() == found[place, "all", "vehicles"]
        if measure == "queue" and place.count("/") < 2:
            assert row.max() <= found[place, "all", "peak_queue"]
    inside = dict(zip(labels, values, strict=True))
    outside = inside["gap", "waiting_for_opening"] + inside["gap", "in_system"]
    m = view.ledger.manifest
    backlog = [int(view.ledger.backlog(int(t) + 1).sum()) for t in hours_of(m.axis)]
    assert outside.tolist() == backlog  # at the full hour, what is due then has happened


@pytest.mark.parametrize(
    "name",
    ["khunjerab_seasonal", "khunjerab_special_openings", "khunjerab_year_round",
     "khunjerab_fair_weather"],
)  # fmt: skip
def test_every_regime_of_khunjerab_tells_one_story(name: str) -> None:
    one_story(ran(shipped(name)))


@pytest.mark.parametrize("name", ["fixed_hours", "24h", "24h_one_side", "24h_same_staff"])
def test_khorgos_tells_one_story(name: str) -> None:
    one_story(ran(shipped(f"khorgos_{name}", "period.until=2024-03-04")))
