"""Finished replications on disk: exact, whole, valid for one question, and never all in memory."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corridor.scenarios import read_whole
from corridor.study import store
from corridor.study.carry import Case
from corridor.study.replicate import Outcome, narrowed, replicate
from corridor.study.store import finished, keep, opened, sample, shelf, stacked, visits

from .cases import PLAIN, SHORT, case, written


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, list[Outcome]]:
    """Three replications of a scenario that has all there is: targets, stairs, a calendar."""
    folder = tmp_path_factory.mktemp("store")
    found = case(written(folder, "short", SHORT), folder / "kept")
    outcomes = [replicate(found.scenario, found.world, r, "auto") for r in range(3)]
    unknown = [outcomes[2].rows[0]._replace(value=float("nan")), *outcomes[2].rows[1:]]
    outcomes[2] = replace(outcomes[2], rows=unknown)
    for outcome in reversed(outcomes):
        keep(found.shelf, outcome)
    return found, outcomes


def test_what_is_kept_is_what_was_found(short: tuple[Case, list[Outcome]]) -> None:
    found, outcomes = short
    assert finished(found.shelf) == {0, 1, 2}
    back = sample(found.shelf, 3)
    first = outcomes[0]
    assert back.rows == [(r.place, r.class_, r.metric, r.unit) for r in first.rows]
    assert back.labels == list(first.labels)
    assert back.months == list(first.monthly)
    assert back.purposes == list(first.purposes)
    assert back.calendar == first.calendar != []
    for i, outcome in enumerate(outcomes):
        np.testing.assert_array_equal(back.values[i], [row.value for row in outcome.rows])
        np.testing.assert_array_equal(back.monthly[i], list(outcome.monthly.values()))
        assert repr(back.targets[i]) == repr(outcome.targets) != "{}"  # NaN is NaN
        assert repr(back.stairs[i]) == repr(outcome.stairs) != "{}"
    assert np.isnan(back.values).sum() == 1
    whole = np.concatenate(list(stacked(back.files)), axis=1)
    np.testing.assert_array_equal(whole, np.stack([o.series.ravel() for o in outcomes]))
    assert first.visits is not None
    pd.testing.assert_frame_equal(visits(found.shelf), first.visits)


def test_series_come_in_pieces_and_end_to_end_they_are_all(
    short: tuple[Case, list[Outcome]], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sample(short[0].shelf, 3).files
    (whole,) = stacked(files)
    monkeypatch.setattr(store, "AT_ONCE", 3 * 4 * 1000)
    pieces = list(stacked(files))
    assert {piece.shape for piece in pieces[:-1]} == {(3, 1000)}
    np.testing.assert_array_equal(np.concatenate(pieces, axis=1), whole)


@pytest.mark.parametrize(
    ("series", "kind"),
    [
        ([[0, 255]], "uint8"),
        ([[0, 256]], "uint16"),
        ([[70_000, 1]], "uint32"),
        ([[-1, 3]], "int32"),
        ([[]], "uint8"),
    ],
)
def test_series_lie_in_the_narrowest_numbers_that_hold_them(
    series: list[list[int]], kind: str, short: tuple[Case, list[Outcome]], tmp_path: Path
) -> None:
    values = np.array(series, dtype=np.int32)
    keep(tmp_path, replace(short[1][1], series=narrowed(values)))
    lies = np.load(tmp_path / "1.npy", mmap_mode="r", allow_pickle=False)
    assert lies.dtype == kind
    np.testing.assert_array_equal(lies, values)


def test_nothing_is_pickled(short: tuple[Case, list[Outcome]]) -> None:
    with (short[0].shelf / "0.npy").open("rb") as file:
        kinds = [np.load(file, allow_pickle=False).dtype.kind for _ in range(5)]
        assert len(file.read()) == store.SEAL
    assert kinds == ["u", "u", "f", "f", "u"]


FILES = ("0.npy", "1.npy", "0.arrow")


@pytest.fixture
def copied(short: tuple[Case, list[Outcome]], tmp_path: Path) -> Path:
    """A shelf with the three replications, to be damaged."""
    return Path(shutil.copytree(short[0].shelf, tmp_path / short[0].shelf.name))


def damaged(shelf: Path, name: str, text: bytes) -> None:
    """See that with `text` in its place the file counts for nothing, and nothing else suffers."""
    whole = {path.name: path.read_bytes() for path in shelf.iterdir()}
    number = int(name[0])
    (shelf / name).write_bytes(text)
    assert finished(shelf) == {0, 1, 2} - {number}
    gone = {f"{number}.npy", f"{number}.arrow"}
    left = {path.name: path.read_bytes() for path in shelf.iterdir()}
    assert left == {name: text for name, text in whole.items() if name not in gone}
    for path in gone & set(whole):
        (shelf / path).write_bytes(whole[path])
    assert finished(shelf) == {0, 1, 2}


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(FILES), share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_bit_that_changed_is_found(name: str, share: float, bit: int, copied: Path) -> None:
    text = bytearray((copied / name).read_bytes())
    text[int(share * len(text))] ^= 1 << bit
    damaged(copied, name, bytes(text))


def test_so_is_one_in_the_seal(copied: Path) -> None:
    for place in range(1, store.SEAL + 2):
        text = bytearray((copied / "1.npy").read_bytes())
        text[-place] ^= 1
        damaged(copied, "1.npy", bytes(text))


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(FILES), share=st.floats(0, 1, exclude_max=True))
@example(name="1.npy", share=0.0)
@example(name="0.arrow", share=0.0)
def test_a_file_cut_short_counts_for_nothing(name: str, share: float, copied: Path) -> None:
    text = (copied / name).read_bytes()
    damaged(copied, name, text[: int(share * len(text))])


@pytest.mark.parametrize("name", FILES)
def test_nor_does_one_with_a_tail_or_of_zeros(name: str, copied: Path) -> None:
    text = (copied / name).read_bytes()
    damaged(copied, name, text + b"\0")
    damaged(copied, name, bytes(len(text)))


def test_nor_does_one_in_the_place_of_another(copied: Path) -> None:
    damaged(copied, "1.npy", (copied / "2.npy").read_bytes())
    damaged(copied, "0.npy", (copied / "2.npy").read_bytes())
    other = copied.rename(copied.with_name(f"another-{1:016x}"))
    assert finished(other) == set()


def test_what_is_damaged_is_told_once(copied: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert finished(copied) == {0, 1, 2}
    assert caplog.messages == []
    for name in ("0.arrow", "2.npy"):
        (copied / name).write_bytes(b"")
    assert finished(copied) == {1}
    assert finished(copied) == {1}
    assert caplog.messages == [
        f"{copied}: 2 of 3 finished replications are damaged, and made again"
    ]


def test_the_first_counts_only_with_its_visits(copied: Path) -> None:
    (copied / "0.arrow").unlink()
    assert finished(copied) == {1, 2}


def test_a_file_of_another_name_is_none_of_ours(copied: Path) -> None:
    for name in ("1 (copy).npy", "01.npy", "notes.npy"):
        shutil.copy(copied / "1.npy", copied / name)
    before = set(copied.iterdir())
    assert finished(copied) == {0, 1, 2}
    assert set(copied.iterdir()) == before


def test_replications_of_two_kinds_are_a_bug(
    short: tuple[Case, list[Outcome]], tmp_path: Path
) -> None:
    keep(tmp_path, short[1][0])
    keep(tmp_path, replace(short[1][1], rows=short[1][1].rows[:-1]))
    with pytest.raises(RuntimeError, match="does not have the indicators of"):
        sample(tmp_path, 2)


def test_a_stair_that_nobody_took_in_one_replication_is_no_bug(
    short: tuple[Case, list[Outcome]], tmp_path: Path
) -> None:
    key, *_ = short[1][1].stairs
    less = {k: v for k, v in short[1][1].stairs.items() if k != key}
    keep(tmp_path, short[1][0])
    keep(tmp_path, replace(short[1][1], stairs=less))
    back = sample(tmp_path, 2)
    assert key in back.stairs[0]
    assert key not in back.stairs[1]


def variants(path: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Shelves of what is asked by one file, each time with one thing changed."""
    base = case(path, folder)
    s, w = base.scenario, base.world
    yield "as it is", base.shelf
    yield "another seed", shelf(folder, s.model_copy(update={"seed": 7}), w, "auto")
    yield "another name", shelf(folder, s.model_copy(update={"name": "other"}), w, "auto")
    yield "another engine", shelf(folder, s, w, "simpy")
    longer = replace(w, kilometres={**w.kilometres, "sost-gilgit": 1.0})
    yield "another world", shelf(folder, s, longer, "auto")
    lanes = ["ports.plain.posts.post.stations.desk.lanes=4"]
    yield "another lane", shelf(folder, read_whole(path, lanes).scenario, w, "auto")


def test_a_shelf_is_named_by_all_that_matters_and_by_nothing_else(tmp_path: Path) -> None:
    path = written(tmp_path, "plain", PLAIN)
    shelves = dict(variants(path, tmp_path))
    assert len(set(shelves.values())) == len(shelves)
    more = case(path, tmp_path)
    scenario = more.scenario.model_copy(update={"replications": 99})
    assert shelf(tmp_path, scenario, more.world, "auto") == more.shelf


def test_other_code_or_other_libraries_need_another_shelf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "plain", PLAIN)
    here = store.makers()
    assert {"corridor", "corridor's code", "numpy", "scipy"} <= set(here)
    shelves = {case(path, tmp_path).shelf}
    for name in here:
        monkeypatch.setattr(store, "makers", lambda name=name: here | {name: "another"})
        shelves.add(case(path, tmp_path).shelf)
    assert len(shelves) == len(here) + 1


def test_what_belongs_to_another_question_is_taken_away(tmp_path: Path) -> None:
    ours, other = tmp_path / f"ours-{1:016x}", tmp_path / f"ours-{2:016x}"
    for folder in (ours, other):
        folder.mkdir()
        (folder / "0.npy").write_text("0")
    (ours / ".draft-01.npy").write_text("half")
    opened(tmp_path, [ours])
    assert [path.name for path in tmp_path.rglob("*")] == [ours.name, "0.npy"]
