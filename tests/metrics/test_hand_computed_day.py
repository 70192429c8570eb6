"""Five days at a port of two posts, worked out by hand: every indicator against its number.

Times of Beijing (UTC+8). The east post is open 10:00-18:00 and finishes what it has begun; the
west post lives by Almaty (UTC+5), 09:00-13:00 there, 12:00-16:00 in Beijing, and holds its work.
Season closed to Sunday 10 March, but for a special opening on Thursday 7 and Friday 8; the Friday
is a holiday (Women's Day, Kazakhstan). So the port is open on Thursday 7 and Monday 11 alone. One
truck carries the goods on, and is back two hours after it left. Gate 10 min, road 30 min, desk
30 min. Measured from Thursday 00:00 to Tuesday 00:00.

====  ===================  ===================  =====================  =========================
unit  comes                truck, gate          road, desk asked       desk
====  ===================  ===================  =====================  =========================
A     Wed 23:00 at east    Thu 10:00-10:10      Thu 10:40              Thu 12:00-12:30
B     Thu 11:00 at east    truck back 14:30,    Thu 15:10              Thu 15:10-15:40
                           gate 14:30-14:40
V     Thu 15:30 at west    (van, eastward)      Thu 15:30              Thu 15:40-16:00, held,
                                                                       Mon 12:00-12:10
      then gate Mon 12:40-12:50
C     Thu 17:45 at east    truck back 17:40,    Thu 18:25              Mon 12:10-12:40
                           gate 17:45-17:55
D     Thu 17:50 at east    truck back Mon       Mon 15:20              Mon 15:20-15:50
                           14:40, gate -14:50
E     Mon 17:55 at east    truck back 17:50,    Mon 18:35              never
                           gate 17:55-18:05
F     Mon 23:00 at east    truck never          never                  never
====  ===================  ===================  =====================  =========================
"""

from __future__ import annotations

from datetime import date
from math import isnan

import numpy as np
import pandas as pd
import pytest
from planning.small import DAY, HOUR, MINUTE, asked, rows_of, timed, told

from corridor.metrics import Leg, View, staircase
from corridor.metrics.monthly import monthly, observed
from corridor.results.tables import series_of, visits_of
from corridor.scenarios.scenario import Target

PORT = """
    title: A gap by hand
    period: {from: 2024-03-06, measure_from: 2024-03-07, until: 2024-03-12, clock: Asia/Shanghai}
    ports:
      gap:
        title: The gap
        season:
          closed: 03-01..03-10
          special_openings: {window: {from: 2024-03-07, until: 2024-03-08}}
        posts:
          east:
            place: khorgos_road
            clock: Asia/Shanghai
            hours: {weekdays: "10:00-18:00"}
            holidays: [kazakhstan]
            closing_rule: finish
            stations: {gate: {lanes: 1, service: 10 min}}
            stocks: {trucks: {amount: 1}}
          west:
            place: nur_zholy
            clock: Asia/Almaty
            hours: {weekdays: "09:00-13:00"}
            holidays: [kazakhstan]
            closing_rule: hold
            stations: {desk: {lanes: 1, service: 30 min}}
        travel: {khorgos_road-nur_zholy: {speed: 40 km/h, cv: 0}}
        procedures:
          lorry:
            west:
              - take: east.trucks
              - east.gate
              - travel: khorgos_road-nur_zholy
              - west.desk
              - give: east.trucks
                after: 2 h
          van: {east: [west.desk, {travel: khorgos_road-nur_zholy}, east.gate]}
    flows:
      silk:
        port: gap
        class: lorry
        direction: west
        corridor: khorgos_road
        payload: 20 t
        teu: 2 TEU
        volume: {vehicles: 9000, per: month}
      mail: {port: gap, class: van, direction: east, volume: {vehicles: 900, per: month}}
    costs:
      fees: {gap.east: 100 USD, gap.west: 50 USD}
      waiting: 12 USD per hour
      haul: {before: 1000 USD, after: 500 USD}
      idling_co2_kg_per_h: 5.4
"""
WED, THU, MON = 0, 1, 5  # days of the run
ROAD = (
    Leg("home", "khorgos_road", 100, 50, "home-khorgos_road"),
    Leg("khorgos_road", "nur_zholy", 20, 40, "khorgos_road-nur_zholy"),
    Leg("nur_zholy", "away", 180, 60, "nur_zholy-away"),
)


def at(day: int, clock: str) -> int:
    hour, minute = map(int, clock.split(":"))
    return day * DAY + hour * HOUR + minute * MINUTE


LORRIES = [
    at(WED, "23:00"), at(THU, "11:00"), at(THU, "17:45"), at(THU, "17:50"), at(MON, "17:55"),
    at(MON, "23:00"),
]  # fmt: skip


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    scenario = asked(tmp_path_factory.mktemp("hand"), PORT)
    come = {"silk": LORRIES, "mail": [at(THU, "15:30")]}
    return timed(scenario, come, {"khorgos_road-nur_zholy": 20}, {"khorgos_road": ROAD})


def h(text: str) -> float:
    hours, minutes = text.split(":")
    return int(hours) + int(minutes) / 60


# Dwell east, west: A 11:10 and 1:50; B 3:40 and 0:30; C 0:10 and, from Thu 18:25 to Mon 12:40,
# 96:00 - 5:45 = 90:15; D from Thu 17:50 to Mon 14:50, 93:00, and 0:30; E 0:10 at east, then stays;
# V from Thu 15:30 to Mon 12:10, 92:40, at west and 0:10 at east.
# At the port: A 13:00, B 4:10, C 90:25, D 93:30, V 92:50. Each was 0:40 in service.
LORRY = (h("13:00") + h("4:10") + h("90:25") + h("93:30")) / 4
ALL = (4 * LORRY + h("92:50")) / 5
EXPECTED = {
    ("gap", "all", "vehicles"): 5,
    ("gap", "lorry", "vehicles"): 4,
    ("gap", "all west", "vehicles"): 4,
    ("gap", "van east", "vehicles"): 1,
    ("gap/east", "all", "vehicles"): 6,  # E passed the gate too
    ("gap/west", "all", "vehicles"): 5,
    ("gap", "all", "tonnes"): 80,
    ("gap", "van", "tonnes"): 0,
    ("gap/east", "all", "tonnes"): 100,
    ("gap/west", "all", "tonnes"): 80,
    ("gap", "all", "teu"): 8,
    ("link/home-khorgos_road", "all", "vehicles"): 4,
    ("link/nur_zholy-away", "all west", "tonnes"): 80,
    ("link/nur_zholy-away", "all east", "tonnes"): 0,
    # A was there before; B, C, D, E, F, V came. A, B, C, D, V left; E and F are left.
    ("gap", "all", "start_vehicles"): 1,
    ("gap", "all", "start_tonnes"): 20,
    ("gap", "all", "demand_vehicles"): 6,
    ("gap", "lorry", "demand_vehicles"): 5,
    ("gap", "all", "demand_tonnes"): 100,
    ("gap", "all", "lost_vehicles"): 0,
    ("gap", "all", "lost_tonnes"): 0,
    ("gap", "all", "unserved_vehicles"): 2,
    ("gap", "van", "unserved_vehicles"): 0,
    ("gap", "all", "unserved_tonnes"): 40,
    # Thu 18:25 to Mon 12:00: V held and C in line at the desk, D without a truck.
    ("gap", "all", "peak_queue"): 3,
    ("gap/east", "all", "peak_queue"): 1,
    ("gap/west", "all", "peak_queue"): 2,
    ("gap/east", "all", "open_hours"): 16,
    ("gap/west", "all", "open_hours"): 8,
    ("gap", "all", "joint_open_hours"): 8,
    ("gap/east", "all", "open_days"): 2,
    ("gap/west", "all", "open_days"): 2,
    ("gap", "all", "open_days"): 2,
    ("gap/east", "all", "storm_hours"): 0,
    ("gap/east/gate", "all", "utilisation"): 60 / 960,  # six times 10 min, E's in overtime
    ("gap/west/desk", "all", "utilisation"): 150 / 480,
    ("gap", "lorry", "tfi1_mean"): LORRY,
    ("gap", "lorry west", "tfi1_mean"): LORRY,
    ("gap", "all", "tfi1_mean"): ALL,
    ("gap", "van", "tfi1_mean"): h("92:50"),
    ("gap/east", "all", "tfi1_mean"): (h("11:10") + h("3:40") + h("93:00") + 3 * h("0:10")) / 6,
    ("gap/west", "all", "tfi1_mean"): (h("1:50") + 2 * h("0:30") + h("90:15") + h("92:40")) / 5,
    ("gap", "lorry", "tfi1_median"): (h("13:00") + h("90:25")) / 2,
    ("gap", "lorry", "tfi1_p90"): h("90:25") + 0.7 * h("3:05"),  # 0.9 of the way along 3 gaps
    ("gap", "lorry", "tfi1_p95"): h("90:25") + 0.85 * h("3:05"),
    ("gap", "lorry", "wait_mean"): LORRY - h("0:40"),
    ("gap", "all", "wait_mean"): ALL - h("0:40"),
    ("gap", "all", "opening_wait_mean"): 0,
    ("gap/east/gate", "all", "station_wait_mean"): h("11:00") / 6,  # A's
    ("gap/west/desk", "all", "station_wait_mean"): (h("1:20") + h("0:10") + h("89:45"))
    / 5,  # A V C
    ("gap/east/trucks", "all", "station_wait_mean"): (h("3:30") + h("92:50")) / 4,  # B and D; C, E
    ("gap", "all", "tfi2_mean"): 150 + 12 * LORRY,
    # 300 km: 100 before, 200 after; 20 t a lorry
    ("gap", "lorry west", "tfi3_mean"): 500 / 300 * (200 + 200 + 150 + 12 * LORRY),
    ("gap", "lorry west", "swod"): 300 / 5.5,  # 2 h + 0.5 h + 3 h
    ("gap", "lorry west", "swd"): 300 / (5.5 + LORRY),
    ("gap", "all", "co2_idling"): 5
    * (ALL - h("0:40"))
    * 5.4
    / 1000,  # waits, not the 40 min of work
}


@pytest.mark.parametrize("key", EXPECTED, ids=" ".join)
def test_every_indicator(key: tuple[str, str, str], view: View) -> None:
    assert told(view)[key] == pytest.approx(EXPECTED[key], rel=1e-12)


def test_no_kind_of_indicator_was_forgotten(view: View) -> None:
    found = told(view)
    assert {metric for _, _, metric in found} == {metric for _, _, metric in EXPECTED}
    assert not [key for key, value in found.items() if isnan(value)]


def test_the_table_of_the_docstring(view: View) -> None:
    m, j = view.ledger.manifest, view.ledger.journal

    def of(unit: int) -> list[tuple[int, int]]:
        cells = [m.plan.cell_first[row] + m.plan.rank[unit] for row in rows_of(m, unit)]
        return list(zip(j.began[cells].tolist(), j.ended[cells].tolist(), strict=True))

    van = int(np.flatnonzero(m.flow == 1)[0])
    assert of(van)[0] == (at(THU, "15:40"), at(MON, "12:10"))
    assert of(van)[2] == (at(MON, "12:40"), at(MON, "12:50"))
    gate = ["10:00", "14:30", "17:45", "14:40", "17:55"]
    days = [THU, THU, THU, MON, MON]
    assert [of(u)[1][0] for u in range(5)] == [at(d, t) for d, t in zip(days, gate, strict=True)]
    desk = [at(THU, "12:30"), at(THU, "15:40"), at(MON, "12:40"), at(MON, "15:50"), -1]
    assert [of(u)[3][1] for u in range(5)] == desk
    assert of(5)[0] == (-1, -1)


def test_staircase(view: View) -> None:
    flow = view.ledger.manifest.flows[0]
    stairs = [(s[0], s[1], s[2], s[3], float(s[4].mean())) for s in staircase(view, flow)]
    east = (h("11:10") + h("3:40") + h("0:10") + h("93:00")) / 4  # 27 h
    assert stairs == [
        ("home", "start", "home", 0, 0),
        ("khorgos_road", "leg", "gap/east", 100, 2),
        ("khorgos_road", "post", "gap/east", 100, pytest.approx(2 + east)),
        ("nur_zholy", "leg", "gap/west", 120, pytest.approx(2.5 + east)),
        ("nur_zholy", "post", "gap/west", 120, pytest.approx(2.5 + LORRY)),
        ("away", "leg", "away", 300, pytest.approx(5.5 + LORRY)),
    ]


def test_series(view: View) -> None:
    labels, values = series_of(view.ledger)
    series = dict(zip(labels, values.tolist(), strict=True))
    night, noon = 2 * 24, 4 * 24 + 12  # hours since Thursday 00:00: Saturday 00:00, Monday 12:00
    at_night = {key: row[night] for key, row in series.items()}
    assert at_night["gap", "queue"] == 3
    assert at_night["gap", "in_system"] == 3
    assert at_night["gap/east", "queue"] == at_night["gap/east", "in_system"] == 1  # D
    assert at_night["gap/west", "queue"] == at_night["gap/west", "in_system"] == 2  # V, C
    assert at_night["gap/west/desk", "queue"] == 2
    assert at_night["gap/west/desk", "busy"] == at_night["gap/west/desk", "open_lanes"] == 0
    at_noon = {key: row[noon] for key, row in series.items()}
    assert at_noon["gap/west/desk", "queue"] == at_noon["gap/west/desk", "busy"] == 1  # C; V
    assert at_noon["gap/west/desk", "open_lanes"] == 1
    assert at_noon["gap", "throughput"] == 2  # C at 12:40, V at 12:50
    assert sum(series["gap", "throughput"]) == 5
    assert sum(series["gap/east", "throughput"]) == 6
    assert series["gap", "in_system"][-1] == 2
    assert not any(series["gap", "waiting_for_opening"])
    # A stands at the gate on Thursday from 00:00 to 10:00, waits for the desk at 11:00, as B does
    # for the truck.
    assert series["gap", "queue"][:13] == [1] * 10 + [0, 2, 1]


def test_visits(view: View) -> None:
    visits = visits_of(view.ledger, "by_hand").set_index(["flow", "place"])
    desk = visits.loc[("silk", "gap/west/desk")].iloc[2]  # C
    assert (desk.wait_min, desk.closed_wait_min, desk.service_min) == (5385, 5375, 30)
    van = visits.loc[[("mail", "gap/west/desk")]].iloc[0]
    assert (van.wait_min, van.closed_wait_min, van.service_min) == (5530, 5520, 30)
    assert van.asked == pd.Timestamp("2024-03-07 07:30")  # UTC
    assert van.ended == pd.Timestamp("2024-03-11 04:10")
    trucks = visits.loc[("silk", "gap/east/trucks")]
    assert trucks.wait_min.tolist()[:5] == [0, 210, 0, 92 * 60 + 50, 0]
    assert isnan(trucks.wait_min.iloc[5])
    assert pd.isna(trucks.began.iloc[5])
    last = visits.loc[("silk", "gap/west/desk")].iloc[4]  # E, asked and never begun
    assert isnan(last.wait_min)
    assert isnan(last.service_min)
    assert len(visits) == 6 + 5 + 5 + 2


def test_months_and_targets(view: View) -> None:
    found = monthly(view)
    assert {month for _, _, month, _ in found} == {"2024-03"}
    assert found["gap", "all", "2024-03", "vehicles"] == 5
    assert found["gap/east", "lorry", "2024-03", "tonnes"] == 100

    def count(metric: str, first: int, last: int, **more: object) -> float:
        target = Target.model_validate({
            "title": "T", "role": "fitted", "metric": metric, "port": "gap", "claim": "X",
            "from": date(2024, 3, first), "until": date(2024, 3, last), "observed": 1,
            "series": "customs", **more,
        })  # fmt: skip
        return observed(view, target)

    assert count("vehicles", 7, 7) == 2
    assert count("vehicles", 8, 11) == 3
    assert count("tonnes", 8, 11) == 40
    assert count("vehicles", 7, 11, classes=("van",)) == 1
    assert count("vehicles", 7, 11, direction="west") == 4
    assert count("tfi1_mean", 7, 7) == pytest.approx((h("13:00") + h("4:10")) / 2)
    assert isnan(count("vehicles", 1, 11))  # the run began on the 6th
    assert isnan(count("tfi1_mean", 8, 10))
