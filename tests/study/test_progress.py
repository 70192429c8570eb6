"""Progress in plain lines: what was done before counts as done, and not as done by us."""

from __future__ import annotations

import pytest

from corridor.report.terminal import progress_bar


def lines(capsys: pytest.CaptureFixture[str], *calls: tuple[int, int]) -> list[str]:
    with progress_bar(quiet=False) as told:
        assert told is not None
        for call in calls:
            told(*call)
    return capsys.readouterr().err.splitlines()


def test_every_tenth_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    said = lines(capsys, *((i, 20) for i in range(21)))
    assert [line.split(",")[0] for line in said] == [
        f"{i} of 20 replications" for i in range(2, 21, 2)
    ]
    assert all(line.endswith("about 0 s left") for line in said[:-1])
    assert said[-1] == "20 of 20 replications"


def test_what_was_done_before_is_told_and_says_nothing_of_the_time_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """85 were there; five more took 4 s, so the ten that are left take 8."""
    now = iter([100.0, 104.0, 140.0])
    monkeypatch.setattr("corridor.report.terminal.time.monotonic", lambda: next(now))
    said = lines(capsys, (85, 100), (90, 100), (100, 100))
    assert said == [
        "85 of 100 replications were done before",
        f"90 of 100 replications, about {4 / 5 * 10:.0f} s left",
        "100 of 100 replications",
    ]


def test_more_than_was_thought_are_told_from_there(capsys: pytest.CaptureFixture[str]) -> None:
    said = lines(capsys, *((i, 20) for i in range(21)), *((i, 30) for i in range(20, 31)))
    assert [line.split(",")[0] for line in said[-5:]] == [
        "20 of 20 replications",
        "21 of 30 replications",
        "24 of 30 replications",
        "27 of 30 replications",
        "30 of 30 replications",
    ]


def test_nothing_to_do_is_nothing_to_divide_by(capsys: pytest.CaptureFixture[str]) -> None:
    assert lines(capsys, (20, 20)) == ["20 of 20 replications were done before"]


def test_quiet_is_quiet() -> None:
    with progress_bar(quiet=True) as told:
        assert told is None
