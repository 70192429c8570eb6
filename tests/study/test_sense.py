"""Sense before a run: what is not there, what cannot be true, what no port could carry."""

from pathlib import Path

import pytest

from corridor.faults import Faults
from corridor.scenarios import names, read, read_whole
from corridor.study.load import idle, overloads
from corridor.study.sense import comparable, placed, warnings_of

PLAIN = """\
title: A plain station
arrivals: {poisson: {value: 20 per hour, assumed: a test}}
period: {length: 30 d, warm_up: 5 d}
ports:
  plain:
    title: Plain
    posts:
      post:
        stations:
          desk:
            lanes: {value: 3, assumed: a test}
            service: {exponential: {mean: 8 min}, assumed: a test}
"""


def scenario(tmp_path: Path, *changes: tuple[str, str], name: str = "mine") -> Path:
    text = PLAIN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / f"{name}.yaml"
    path.write_text(text)
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(Faults) as error:
        placed(read_whole(path))
    return [f"{f.mark.line if f.mark else 0} {f.path}: {f.message}" for f in error.value.faults]


@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_makes_sense(name: str) -> None:
    placed(read_whole(name))
    assert warnings_of(read(name)) == []


def test_everything_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    path = scenario(
        tmp_path,
        ("        stations:\n", "        place: kashgarr\n        stations:\n"),
        ("value: 3, assumed: a test", "value: 3, claim: NO-1"),
        ("{exponential: {mean: 8 min}, assumed: a test}", "{constant: 8 min, claim: 001-01}"),
    )
    said = faults(path)
    assert [line.split()[0] for line in said] == ["9", "12", "13"]
    assert "unknown place 'kashgarr' (did you mean 'kashgar'?)" in said[0]
    assert "unknown claim 'NO-1'" in said[1]
    assert "claim 001-01 is rejected: wrong year" in said[2]


def test_a_claim_is_told_at_every_place_that_names_it(tmp_path: Path) -> None:
    change = ("assumed: a test}", "claim: NO-1}")
    said = faults(scenario(tmp_path, change, change))
    assert {line.split()[0] for line in said} == {"2", "11"}


@pytest.mark.parametrize(
    ("old", "new", "times"),
    [
        ("8 min", "1800 h", 1),
        ("8 min", "100000 h", 2),
        ("value: 3,", "value: 600,", 1),
        ("value: 3,", "value: 60000,", 2),
    ],
)
def test_a_wrong_magnitude_is_doubted_and_a_hundred_times_it_refused(
    old: str, new: str, times: int, tmp_path: Path
) -> None:
    path = scenario(tmp_path, (old, new))
    if times == 1:
        assert "far from" in warnings_of(read(path))[0]
    else:
        assert "check the unit" in faults(path)[0]


def test_numbers_without_evidence_are_counted(tmp_path: Path) -> None:
    path = scenario(tmp_path, ("{value: 3, assumed: a test}", "3"))
    assert warnings_of(read(path)) == [
        "1 inputs have no evidence: ports.plain.posts.post.stations.desk.lanes"
    ]


def test_a_fitted_hold_out_and_a_wrong_citation_are_doubted(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "title: x\nextends: khunjerab_year_round\n"
        "targets: {vehicles_winter_2025: {role: fitted}}\n"
        "flows: {khunjerab_laden_south: {payload: {value: 19 t, claim: KK-37}}}\n"
    )
    said = "\n".join(warnings_of(read(path)))
    assert "kept for comparison only" in said
    assert "KK-37" not in said or "but the claim says" in said


@pytest.mark.parametrize(
    "change",
    [
        "flows: {khunjerab_laden_south: {payload: {value: 9.8 t, claim: KJ-30b}}}",
        "flows: {khunjerab_laden_south: {payload: {value: 10 t, claim: KJ-30b, derived: rounded}}}",
        "ports: {khunjerab: {season: {claim: KJ-17}}}",
        "ports: {khunjerab: {posts: {sost: {hours_claim: KJ-17}}}}",
    ],
)
def test_no_input_may_lean_on_a_figure_kept_for_comparison(change: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"title: x\nextends: khunjerab_year_round\n{change}\n")
    (said,) = [line for line in warnings_of(read(path)) if "kept for comparison only" in line]
    assert said.startswith(change.split(":")[0] + ".khunjerab")


def test_an_observation_that_is_not_its_claims_figure_is_doubted(tmp_path: Path) -> None:
    """12,432 t were counted; a held-out target too must say so."""
    path = tmp_path / "mine.yaml"
    for observed, doubts in (
        ("{value: 12432, claim: KJ-17b}", 0),
        ("{value: 21432, claim: KJ-17b}", 1),
        ("21432", 1),
        ("{value: 21432, claim: KJ-17b, derived: with the tonnes of a fair}", 0),
    ):
        path.write_text(
            "title: x\nextends: khunjerab_year_round\n"
            f"targets: {{cargo_winter_2025: {{observed: {observed}}}}}\n"
        )
        said = warnings_of(read(path))
        assert len(said) == doubts
        assert all("targets.cargo_winter_2025.observed is 21432" in line for line in said)


@pytest.mark.parametrize(
    ("rate", "load"),
    [("22.4 per hour", None), ("22.5 per hour", "1.00"), ("67.5 per hour", "3.00")],
)
def test_load_of_three_desks_of_eight_minutes(rate: str, load: str | None, tmp_path: Path) -> None:
    """Three desks of 8 minutes serve 22.5 an hour; open all the time, that is the whole load."""
    said = overloads(read(scenario(tmp_path, ("20 per hour", rate))))
    assert ([] if load is None else [f"plain.post.desk gets {load} times"]) == [
        line[: line.index("times") + 5] for line in said
    ]


def test_a_line_that_turns_away_does_not_grow_without_bound(tmp_path: Path) -> None:
    limit = "            turn_away_above: {value: 5, assumed: a test}\n"
    limits = ("            lanes:", limit + "            lanes:")
    path = scenario(tmp_path, ("20 per hour", "67.5 per hour"), limits)
    (said,) = overloads(read(path))
    assert said.endswith("hours: at least 67% of those who come leave the line unserved")


def test_load_counts_open_hours_alone(tmp_path: Path) -> None:
    """Open 12 of 24 hours, the same desks carry half: 20 an hour are 1.78 times too many."""
    hours = ('        stations:\n', '        hours: {daily: "08:00-20:00"}\n'
             "        closing_rule: hold\n        stations:\n")  # fmt: skip
    said = overloads(read(scenario(tmp_path, hours)))
    assert said[0].startswith("plain.post.desk gets 1.78 times")


def test_load_follows_the_channels(tmp_path: Path) -> None:
    text = PLAIN.replace(
        "    posts:\n",
        "    procedures: {vehicle: {through: [{select: post, routes: {a: [], b: [post.desk]}}]}}\n"
        "    posts:\n",
    ).replace("        stations:\n", "        channels: {a: 40%, b: 60%}\n        stations:\n")
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace("20 per hour", "75 per hour"))
    assert overloads(read(path))[0].startswith("plain.post.desk gets 2.00 times")


def test_a_post_that_never_opens_is_told_where_its_hours_stand(tmp_path: Path) -> None:
    path = scenario(
        tmp_path,
        ("            lanes:", '            hours: {weekends: "closed"}\n            lanes:'),
        ("        stations:", "        closing_rule: hold\n        stations:"),
    )
    (said,) = faults(path)
    assert said.startswith("12 ports.plain.posts.post.stations.desk.hours: never open")


def test_a_port_without_demand_may_stay_closed(tmp_path: Path) -> None:
    other = (
        "  other: {title: O, posts: {q: {hours: closed, closing_rule: hold,\n"
        "    stations: {s: {lanes: 1, service: 1 min}}}}}\n"
    )
    path = tmp_path / "mine.yaml"
    path.write_text(PLAIN + other)
    placed(read_whole(path))


def test_a_dry_port_that_works_through_the_season_is_open() -> None:
    """Khunjerab in deep winter: the pass never opens, Sost clears what has arrived."""
    words = ["period.from=2023-12-04", "period.measure_from=null", "period.until=2024-03-01"]
    paths = [".".join(map(str, path)) for path, _ in idle(read("khunjerab_seasonal", words))]
    assert any(path.startswith("ports.khunjerab.posts.pass") for path in paths)
    assert not any(path.startswith("ports.khunjerab.posts.sost") for path in paths)


def test_scenarios_are_compared_by_name(tmp_path: Path) -> None:
    one, two = scenario(tmp_path), scenario(tmp_path, name="other")
    comparable([read_whole(one), read_whole(two)])
    with pytest.raises(Faults, match="two scenarios are named mine"):
        comparable([read_whole(one), read_whole(one)])


def test_other_ports_and_other_times_are_not_compared(tmp_path: Path) -> None:
    with pytest.raises(Faults) as error:
        comparable([read_whole("khunjerab_seasonal"), read_whole("khorgos_24h")])
    port, period = error.value.faults
    assert (port.path, period.path) == ("ports", "period")
    assert "khorgos_24h asks of khorgos, khunjerab_seasonal of khunjerab" in port.message
    assert "runs 2024-02-19 to 2024-04-01, measured from 2024-02-26" in period.message
    assert "give both the same period" in period.message
    comparable([read_whole("khunjerab_seasonal"), read_whole("khunjerab_sit_in")])


@pytest.mark.parametrize(
    "change", ["from=2024-01-02", "length=31 d", "warm_up=6 d", "clock=Asia/Almaty"]
)
def test_each_part_of_the_period_must_agree(change: str, tmp_path: Path) -> None:
    one, two = scenario(tmp_path), scenario(tmp_path, name="other")
    with pytest.raises(Faults, match="give both the same period"):
        comparable([read_whole(one), read_whole(two, [f"period.{change}"])])
    both = [f"period.{change}"]
    comparable([read_whole(one, both), read_whole(two, both)])


def test_faults_of_all_scenarios_come_together(tmp_path: Path) -> None:
    bad = ("value: 3, assumed: a test", "value: 3, claim: NO-1")
    readings = [read_whole(scenario(tmp_path, bad, name=name)) for name in ("one", "two")]
    with pytest.raises(Faults) as error:
        comparable(readings)
    assert [f.mark.file for f in error.value.faults if f.mark] == ["one.yaml", "two.yaml"]
