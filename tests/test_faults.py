import pytest

from corridor.faults import Fault, Faults, Mark, did_you_mean

HERE = Mark("port.yaml", 3, 7)


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault(HERE, "posts.sost", "wrong"), "port.yaml:3:7: posts.sost: wrong"),
        (Fault(HERE, "", "wrong"), "port.yaml:3:7: wrong"),
        (Fault(None, "--set", "wrong"), "--set: wrong"),
        (Fault(None, "", "\x1b[31mred\u202e"), "\\u001b[31mred\\u202e"),
        (Fault(None, "", "two\nlines"), "two\\u000alines"),
        (Fault(None, "", "O'Brien & sons <North>, Порт {1}"), "O'Brien & sons <North>, Порт {1}"),
    ],
)
def test_a_fault_is_one_line_a_terminal_cannot_obey(fault: Fault, text: str) -> None:
    assert str(fault) == text


def test_faults_keep_all_and_print_twenty() -> None:
    faults = Faults(Fault(None, "", str(number)) for number in range(30))
    assert len(faults.faults) == 30
    assert str(faults).splitlines() == [str(number) for number in range(20)]


def test_one_is_a_single_fault() -> None:
    assert Faults.one("wrong", "a.b", HERE).faults == (Fault(HERE, "a.b", "wrong"),)


@pytest.mark.parametrize(
    ("word", "near"), [("chanels", "channels"), ("lane", "lanes"), ("xyz", ""), ("", "")]
)
def test_did_you_mean(word: str, near: str) -> None:
    hint = did_you_mean(word, iter(["channels", "lanes"]))
    assert hint == (f" (did you mean '{near}'?)" if near else "")
