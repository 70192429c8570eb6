"""Reading: what lies over what, which file a fault points at, and that nothing is lost."""

import importlib
import json
import shutil
from pathlib import Path

import pytest

from corridor import library
from corridor.faults import Faults
from corridor.scenarios import Scenario, names, read, read_whole, regimes
from corridor.scenarios.document import at


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def shelf(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the library that a test may write to."""
    shutil.copytree(library.share("scenarios"), here / "library" / "scenarios")
    module = importlib.import_module("corridor.scenarios.read")
    monkeypatch.setattr(module, "share", (here / "library").joinpath)
    return here / "library" / "scenarios"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def lanes(name: str, *settings: str) -> float:
    post = read(name, settings).ports["khunjerab"].posts["sost"]
    return post.stations["documents"].lanes.value


LANES = "ports.khunjerab.posts.sost.stations.documents.lanes"


def patch(value: int, before: str = "") -> str:
    """A scenario's patch of one number, four keys deep."""
    return (
        f"title: x\nextends: {before or 'khunjerab_seasonal'}\nports:\n  khunjerab:\n    posts:\n"
        f"      sost: {{stations: {{documents: {{lanes: {{value: {value}, assumed: mine}}}}}}}}\n"
    )


def test_port_then_regime_then_base_then_scenario_then_setting(shelf: Path, here: Path) -> None:
    """One number, written at every level: each later level wins, each alone wins over the port."""
    regime = shelf / "regimes" / "khunjerab" / "seasonal.yaml"
    own = regime.read_text("utf-8").replace(
        "changes: {}", "changes: {posts: {sost: {stations: {documents: {lanes: 7}}}}}"
    )
    assert lanes("khunjerab_seasonal") == 3
    write(regime, own)
    assert lanes("khunjerab_seasonal") == 7
    write(here / "base.yaml", patch(8))
    assert lanes("base.yaml") == 8
    write(here / "child.yaml", patch(9, "base"))
    assert lanes("child.yaml") == 9
    assert lanes("child.yaml", f"{LANES}=10") == 10
    assert lanes("child.yaml", f"{LANES}=10", f"{LANES}=11") == 11
    write(here / "plain.yaml", "title: x\nextends: base\n")
    assert lanes("plain.yaml") == 8
    other = "title: x\nextends: khunjerab_seasonal\nports: {khunjerab: {regime: year_round}}\n"
    write(here / "other.yaml", other)
    assert lanes("other.yaml") == 3  # another regime: the port's own number again


def test_a_quantity_is_patched_whole(here: Path) -> None:
    """A new value takes neither the range nor the reason of the old one along."""
    write(here / "mine.yaml", patch(6))
    stations = read("mine.yaml").ports["khunjerab"].posts["sost"].stations
    assert stations["documents"].lanes.model_dump() == {"value": 6, "assumed": "mine"}
    assert stations["scanner"].lanes.range == (1, 2)
    set_ = read("khunjerab_seasonal", [f"{LANES}=5"])
    assert set_.ports["khunjerab"].posts["sost"].stations["documents"].lanes.evidence == "none"


def test_a_regime_by_setting_is_the_regime_by_file() -> None:
    by_file = read("khunjerab_year_round")
    by_setting = read("khunjerab_seasonal", ["ports.khunjerab.regime=year_round"])
    assert by_setting.ports == by_file.ports
    assert by_setting.regimes == by_file.regimes
    assert by_file.ports["khunjerab"].season.closed is None


def test_marks_point_at_the_file_that_won(here: Path) -> None:
    write(here / "base.yaml", patch(8))
    write(here / "child.yaml", patch(9, "base"))
    way = tuple(LANES.split("."))

    def spot(name: str, path: tuple[str, ...], *settings: str) -> tuple[str, int]:
        mark = at(read_whole(name, settings).document, path)
        assert mark is not None
        return mark.file, mark.line

    port = "scenarios/ports/khunjerab.yaml"
    text = library.share(*port.split("/")).read_text("utf-8").splitlines()
    assert spot("child.yaml", (*way, "value")) == ("child.yaml", 6)
    assert spot("base.yaml", way) == ("base.yaml", 6)
    assert spot("child.yaml", way, f"{LANES}=10") == ("--set", 1)
    file, line = spot("child.yaml", (*way[:-2], "scanner", "lanes"))
    assert file == port
    assert text[line - 1].strip().startswith("lanes:")
    assert spot("khunjerab_year_round", ("ports", "khunjerab", "season", "claim"))[0].endswith(
        "regimes/khunjerab/year_round.yaml"
    )
    assert spot("khunjerab_year_round", ("title",))[0].endswith("khunjerab_year_round.yaml")
    assert spot("khunjerab_year_round", ("targets", "cargo_2024"))[0].endswith("_seasonal.yaml")


def test_a_file_extends_a_neighbour_before_the_library(here: Path) -> None:
    write(here / "mine.yaml", "title: Mine\nextends: khunjerab_year_round\n")
    mine = read("mine.yaml")
    assert mine.title == "Mine"
    assert mine.ports == read("khunjerab_year_round").ports
    assert mine.name == "mine"
    write(here / "khunjerab_year_round.yaml", "title: Near\nextends: plain_station\n")
    assert set(read("mine.yaml").ports) == {"plain"}
    write(here / "deep" / "er.yaml", "title: Deep\nextends: ../mine.yaml\n")
    assert read("deep/er.yaml").asks == read("plain_station").asks


@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_is_whole_and_reads_back(name: str) -> None:
    scenario = read(name)
    assert scenario.name == name
    text = scenario.model_dump_json(by_alias=True, exclude_none=True)
    assert Scenario.model_validate(json.loads(text)) == scenario


@pytest.mark.parametrize("port", ["khunjerab", "khorgos"])
def test_every_shipped_regime_can_be_asked_of_its_port(port: str) -> None:
    base = {"khunjerab": "khunjerab_seasonal", "khorgos": "khorgos_fixed_hours"}[port]
    shelves = [read(base, [f"ports.{port}.regime={regime}"]) for regime in regimes(port)]
    assert len(shelves) >= 4
    assert len({s.ports[port].model_dump_json() for s in shelves}) == len(shelves)


def test_files_are_all_that_went_in() -> None:
    files = {path.name for path in read_whole("khunjerab_year_round").files}
    assert {
        "khunjerab_year_round.yaml", "khunjerab_seasonal.yaml", "khunjerab.yaml", "year_round.yaml",
        "khunjerab_laden_south.yaml", "khunjerab_storms.yaml", "china.yaml", "pakistan.yaml",
    } <= files  # fmt: skip
    assert "seasonal.yaml" not in files


def test_a_changed_file_is_read_again(shelf: Path) -> None:
    flow = shelf / "flows" / "khunjerab_laden_south.yaml"
    before = read("khunjerab_seasonal").flows["khunjerab_laden_south"].title
    write(flow, flow.read_text("utf-8").replace(str(before), "Renamed"))
    assert read("khunjerab_seasonal").flows["khunjerab_laden_south"].title == "Renamed"


def test_a_scenario_may_bring_its_own_calendar(here: Path) -> None:
    text = library.share("scenarios", "plain_station.yaml").read_text("utf-8")
    keeps = "        closing_rule: hold\n        holidays: [kyrgyzstan, china]\n"
    text = text.replace("      post:\n", "      post:\n" + keeps)
    own = 'calendars: {kyrgyzstan: {title: K, source: me, holidays: {"2024-03-21": Nooruz}}}\n'
    write(here / "mine.yaml", text + own)
    scenario = read("mine.yaml")
    assert [day.isoformat() for day in scenario.calendars["kyrgyzstan"].holidays] == ["2024-03-21"]
    assert len(scenario.calendars["china"].holidays) > 50


def test_faults_of_several_parts_come_together(here: Path) -> None:
    write(
        here / "mine.yaml",
        "title: x\nextends: khunjerab_seasonal\nports: {khunjerab: {regime: yearround}}\n"
        "flows: {nobody: {}}\nevents:\n  hail: {}\n",
    )
    with pytest.raises(Faults) as error:
        read("mine.yaml")
    assert [(f.mark.line, f.path) for f in error.value.faults if f.mark] == [
        (3, "ports.khunjerab.regime"), (4, "flows.nobody"), (6, "events.hail"),
    ]  # fmt: skip


def test_null_removes_a_flow_and_a_port(here: Path) -> None:
    write(
        here / "mine.yaml",
        "title: x\nextends: khunjerab_seasonal\nflows: {khunjerab_coach_north: null}\n",
    )
    assert "khunjerab_coach_north" not in read("mine.yaml").flows


SOST = "ports.khunjerab.posts.sost"


@pytest.mark.parametrize(
    ("change", "line", "path"),
    [
        ("posts: {sost: {stations: {documents: {lanes: 0}}}}", 4,
         f"{SOST}.stations.documents.lanes"),
        ("posts: {sost: {channels: {green: 0.9}}}", 4, f"{SOST}.channels"),
        ("posts: {sost: {stocks: {onward_trucks: {amount: 0}}}}", 4,
         f"{SOST}.stocks.onward_trucks.amount"),
        ("travel: {khunjerab_pass-sost: {speed: 0 km/h}}", 4,
         "ports.khunjerab.travel.khunjerab_pass-sost.speed"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_told_where_it_was_broken(
    change: str, line: int, path: str, tmp_path: Path
) -> None:
    """The library's port is whole; what the user laid over it is not."""
    file = tmp_path / "mine.yaml"
    file.write_text(f"title: x\nextends: khunjerab_seasonal\nports:\n  khunjerab: {{{change}}}\n")
    with pytest.raises(Faults) as error:
        read(file)
    (fault,) = error.value.faults
    assert fault.mark is not None
    assert (fault.mark.file, fault.mark.line, fault.path) == ("mine.yaml", line, path)


@pytest.mark.parametrize("change", ["stations.documents.lanes=0", "channels.green=0.9"])
def test_a_broken_setting_is_told_as_one(change: str) -> None:
    with pytest.raises(Faults) as error:
        read("khunjerab_seasonal", [f"{SOST}.{change}"])
    assert [f.mark.file for f in error.value.faults if f.mark] == ["--set"]


LINE = """title: x
arrivals: {poisson: 9 per hour}
period: {length: 9 d}
ports:
  p:
    title: P
    posts:
      a:
        stations:
          gate: {lanes: 1, service: 1 min}
          desk: {lanes: 1, service: 1 min, patience: 1 h}
        stocks: {carts: {amount: 3}}
        trains:
          shuttle: {capacity: 9, when_full: true}
    procedures:
      vehicle:
        through:
          - take: a.carts
          - a.desk
          - a.gate
          - give: a.carts
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "said"),
    [
        (
            "patience: 1 h",
            "patiense: 1 h",
            11,
            44,
            "unknown key 'patiense' (did you mean 'patience",
        ),
        ("patience: 1 h", "lines: ech", 11, 51, "'ech' is not known (did you mean 'each'?)"),
        ("patience: 1 h", "room: 0", 11, 50, "room must be a whole number"),
        (
            "when_full: true",
            "timetable: {every: 1 h, form: '06:00'}",
            14,
            58,
            "unknown key 'form' (did you mean 'from'?)",
        ),
        ("when_full: true", "timetable: {at: ['9']}", 14, 51, "'9' is not a time of day"),
        ("          - a.gate", "          - depart: a.shutle", 20, 13, "did you mean 'a.shuttle'"),
        ("          - a.gate", "          - dpart: a.shuttle", 20, 13, "did you mean 'depart'"),
        ("          - give: a.carts", "          - a.gate", 19, 13, "would keep a.carts for good"),
    ],
)
def test_a_fault_in_what_waits_stands_at_its_line_and_column(
    old: str, new: str, line: int, column: int, said: str, here: Path
) -> None:
    assert old in LINE
    assert read(write(here / "mine.yaml", LINE))
    with pytest.raises(Faults) as error:
        read(write(here / "mine.yaml", LINE.replace(old, new, 1)))
    (fault,) = error.value.faults
    assert said in fault.message
    assert fault.mark is not None
    assert (fault.mark.line, fault.mark.column) == (line, column)


def test_a_profile_of_a_constant_stream_is_told_at_its_own_line_and_column(here: Path) -> None:
    flows = """flows:
  silk:
    {port: p, class: vehicle, arrivals: {poisson: 9 per hour},
     hours: {"09:00-18:00": 1}}
"""
    text = LINE.replace("arrivals: {poisson: 9 per hour}\n", "") + flows
    with pytest.raises(Faults) as error:
        read(write(here / "mine.yaml", text))
    (fault,) = error.value.faults
    assert fault.path == "flows.silk.hours"
    assert "leave hours out, or write a volume" in fault.message
    assert fault.mark is not None
    assert (fault.mark.line, fault.mark.column) == (24, 6)
