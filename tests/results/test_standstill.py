"""Work that stands still because its lane is out: by hand, and on random small ports."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planning.small import DAY, HOUR, MINUTE, asked, planned, ran, timed, told

from corridor.engine import ClosingRule, Verb
from corridor.metrics import View
from corridor.results import Ledger, standstill
from corridor.scenarios import Scenario

HALL = """
    title: Three desks, two of which are out from 2 to 5 March
    period: {from: 2024-03-01, until: 2024-03-08}
    arrivals: {poisson: 9 per hour}
    ports:
      p:
        title: P
        posts:
          q:
            closing_rule: hold
            stations:
              desk: {lanes: 3, service: 30 min}
    events:
      out:
        {title: Out, port: p, at: [q.desk], dates: {a: DATES}, LANES}
""".replace("DATES", "{from: 2024-03-02, until: 2024-03-05}")


def spells(view: View) -> list[tuple[int, str, str]]:
    """Whose work stood, from when until when."""
    held = view.ledger.held

    def clock(ms: int) -> str:
        return (
            f"{ms // DAY + 1} {ms % DAY // HOUR:02d}:{ms % HOUR // MINUTE:02d}" if ms >= 0 else ""
        )

    rows = zip(held.rank.tolist(), held.begin.tolist(), held.end.tolist(), strict=True)
    return [(rank, clock(a), clock(b)) for rank, a, b in sorted(rows)]


def test_who_began_last_stops_and_who_began_first_resumes(tmp_path: Path) -> None:
    come = [23 * HOUR + m * MINUTE for m in (20, 40, 50, 55, 58)]
    view = timed(asked(tmp_path, HALL.replace("LANES", "lanes: 2")), {"arrivals": come})
    first = int(view.ledger.manifest.plan.rank[0])
    assert [(rank - first, a, b) for rank, a, b in spells(view)] == [
        (2, "2 00:00", "2 00:10"),  # its twenty minutes are worked from 00:10, when the first goes
        (3, "2 00:00", "2 00:30"),
    ]
    figures = told(view)
    # In line from 23:58 to 00:55 stands the fifth alone; the third and fourth stood at their desks.
    assert figures["p/q/desk", "all", "station_wait_mean"] * 60 == pytest.approx(57 / 5)
    assert figures["p", "all", "wait_mean"] * 60 == pytest.approx((57 + 10 + 30) / 5)
    assert figures["p/q/desk", "all", "utilisation"] == pytest.approx(2.5 / (24 * (3 * 3 + 4)))


def test_all_lanes_out_one_by_one_is_a_closure(tmp_path: Path) -> None:
    """What is gone through instant by instant comes out as what is known at once."""
    closed = ran(asked(tmp_path, HALL.replace(", LANES", "")))
    out = ran(asked(tmp_path, HALL.replace("LANES", "lanes: 3")))
    assert spells(out) == spells(closed) != []
    plan, journal = closed.ledger.manifest.plan, closed.ledger.journal
    assert standstill.one_by_one(plan) == []
    again = standstill.stood(plan, journal, 0, closed.ledger.visits)
    held = closed.ledger.held
    assert np.array_equal(
        again[:, np.argsort(again[1])], np.stack([held.row, held.rank, held.begin, held.end])
    )


def drawn(seed: int) -> Scenario:
    """Two stations in a row of little room, under breakdowns of one and of several lanes."""
    rng = np.random.default_rng(seed)

    def station(**more: object) -> dict[str, object]:
        mean = f"{rng.integers(10, 60)} min"
        law = [{"exponential": {"mean": mean}}, {"constant": mean}, {"constant": "0 min"}]
        chosen = law[rng.choice(3, p=[0.6, 0.3, 0.1])]
        return {"lanes": int(rng.integers(2, 5)), "service": chosen, **more}

    def breaks(at: str, lanes: int) -> dict[str, object]:
        length = {"exponential": {"mean": f"{rng.integers(20, 300)} min"}}
        chance = {"per_month": int(rng.integers(20, 200)), "during": "01-01..12-31"}
        return {"title": at, "port": "p", "at": [at], "lanes": lanes,
                "sampled": {**chance, "duration": length}}  # fmt: skip

    hours = {} if rng.random() < 0.5 else {"hours": {"daily": "06:00-22:00"}}
    room = {"room": int(rng.integers(4, 7))} if rng.random() < 0.6 else {}
    flows = {
        name: {"port": "p", "class": name, "direction": "east", "priority": int(rng.integers(3)),
               "arrivals": {"poisson": f"{rng.integers(1, 4)} per hour"}}
        for name in ("lorry", "coach")
    }  # fmt: skip
    return Scenario.model_validate({
        "title": "Drawn", "seed": seed, "period": {"length": "6 d", "warm_up": "1 d"},
        "ports": {"p": {
            "title": "P",
            "posts": {"q": {"closing_rule": "hold", **hours,
                            "stations": {"a": station(), "b": station(**room)}}},
            "procedures": {"lorry": {"east": ["q.a", "q.b"]}, "coach": {"east": ["q.b"]}},
        }},
        "flows": flows,
        "events": {"a": breaks("q.a", 1), "b": breaks("q.b", 2), "c": breaks("q.b", 1)},
    })  # fmt: skip


@given(seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_no_more_work_goes_on_than_there_are_lanes(seed: int) -> None:
    """And less only where nobody stands: looked at whenever anything happens."""
    view = ran(drawn(seed))
    view.ledger.check()
    told(view)
    ledger, plan = view.ledger, view.ledger.manifest.plan
    never = plan.horizon + 1
    for station in range(len(plan.closing)):
        rows = [v for v in ledger.visits if plan.verb[v.row] == Verb.SERVE
                and plan.where[v.row] == station]  # fmt: skip
        takes, stands = [], []  # lanes worked on or kept; work that stands
        for v in rows:
            begun = v.began >= 0
            takes.append(np.stack([v.began[begun], v.free[begun]]))
            held = ledger.held.of(v.row)
            stands.append(np.stack([held.begin, held.end]))
        lane, still = (np.concatenate(part, axis=1) for part in (takes, stands))
        lane[1][lane[1] < 0], still[1][still[1] < 0] = never, never
        changes = slice(plan.lane_first[station], plan.lane_first[station + 1])
        at = np.unique(np.concatenate([plan.lane_at[changes], *lane, *still]))
        at = at[(at >= 0) & (at < plan.horizon)]
        there = plan.lane_open[changes][
            np.searchsorted(plan.lane_at[changes], at, side="right") - 1
        ]
        on, standing = (
            np.searchsorted(np.sort(begin), at, side="right")
            - np.searchsorted(np.sort(end), at, side="right")
            for begin, end in (lane, still)
        )
        kept = sum(
            ((v.ended[:, None] <= at) & (at < np.where(v.free < 0, never, v.free)[:, None])
             & (v.ended[:, None] >= 0)).sum(axis=0) for v in rows
        )  # fmt: skip
        assert (on - standing <= np.maximum(there, kept)).all()
        assert (on - standing >= there)[standing > 0].all()


def test_spells_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    view = ran(drawn(3))
    m, journal = view.ledger.manifest, view.ledger.journal
    assert standstill.one_by_one(m.plan) == [0, 1]
    assert len(view.ledger.held.row)
    worked = journal.worked.copy()
    worked[np.flatnonzero(journal.began >= 0)[0]] += 1
    with pytest.raises(RuntimeError, match="stood still while there was a lane"):
        _ = Ledger(m, replace(journal, worked=worked)).held


def test_only_what_holds_is_gone_through(tmp_path: Path) -> None:
    text = HALL.replace("LANES", "lanes: 2").replace("hold", "finish")
    m = planned(asked(tmp_path, text))
    assert m.plan.closing.tolist() == [ClosingRule.FINISH]
    assert standstill.one_by_one(m.plan) == []
    assert len(ran(asked(tmp_path, text)).ledger.held.row) == 0
