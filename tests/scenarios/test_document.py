import math
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from corridor.faults import Faults, Mark
from corridor.scenarios.document import at, dotted, parse_document, read_document, shown

BAD = [
    # structure
    ("", 1, 1, "the file is empty: write keys"),
    ("# only words\n", 1, 1, "the file is empty"),
    ("---\n...\n", 1, 1, "the file is empty"),
    ("- a\n- b\n", 1, 1, "a list at the top: write 'key: value' lines"),
    ("\n\n  word\n", 3, 3, "a single value at the top"),
    ("a: 1\n---\nb: 2\n", 2, 1, "a second document: write it to a file of its own"),
    ("%YAML 1.1\n---\na: 010\n", 1, 1, "a % directive: remove the line"),
    ("a: 1\nb: 2\na: 3\n", 3, 1, "key 'a' is written twice: first on line 1; keep one"),
    ("a: {b: 1, b: 2}\n", 1, 11, "key 'b' is written twice"),
    ("a:\n- b: 1\n  b: 2\n", 3, 3, "key 'b' is written twice: first on line 2"),
    # more than a tree
    ("a: &x 1\n", 1, 4, "anchor '&x': remove it; reuse is by extends"),
    ("a: &x 1\nb: *x\n", 2, 4, "alias '*x': write the value again, or use extends"),
    ("a: &x [*x]\n", 1, 8, "alias '*x'"),
    ("&k a: 1\n", 1, 1, "anchor '&k'"),
    ("*k : 1\n", 1, 1, "alias '*k'"),
    ("a: !!int 1\n", 1, 4, "tag 'tag:yaml.org,2002:int': remove it"),
    ("a: !!python/object/apply:os.system [ls]\n", 1, 4, "remove it; the kind follows"),
    ("a: ! x\n", 1, 4, "tag '!'"),
    ("a: !<tag:yaml.org,2002:str> x\n", 1, 4, "tag"),
    ("a:\n  <<: {b: 1}\n", 2, 3, "merge key '<<': use extends"),
    ("a: " + "[" * 20_000, 1, 36, "nested deeper than 32: write it flatter"),
    ("a: " + "{a: " * 40, 1, 132, "nested deeper than 32"),
    ("- " * 40, 1, 67, "nested deeper than 32"),
    ("a: [" + "1," * 20_001 + "]", 1, 39_999, "more than 20000 values: move tables to CSV"),
    # keys
    ("1: x\n", 1, 1, "key 1 is not a text: write '\"1\":'"),
    ("a:\n  true: x\n", 2, 3, "key true is not a text: write '\"true\":'"),
    ("null: x\n", 1, 1, "key null is not a text"),
    ("? [a, b]\n: c\n", 1, 3, "a list or mapping as key: write a word before the colon"),
    (": x\n", 1, 1, "key (empty) is not a text"),
    ("'': x\n", 1, 1, "an empty key"),
    ("010: x\n", 1, 1, "key '010': '010' begins with a zero"),
    # numbers
    ("a: 010\n", 1, 4, "'010' begins with a zero: write 10, or quote it if it is a text"),
    ("a: -007\n", 1, 4, "write -7"),
    ("a: 00.5\n", 1, 4, "write 0.5"),
    ("a: 1_000\n", 1, 4, "'1_000' has a thousands mark: write 1000"),
    ("a: 1,5\n", 1, 4, "'1,5' has a decimal comma: write 1.5"),
    ("a: 0x1F\n", 1, 4, "'0x1F' is not decimal"),
    ("a: 0o17\n", 1, 4, "'0o17' is not decimal"),
    ("a: .inf\n", 1, 4, "'.inf' is not a finite number: write a number"),
    ("a: -.INF\n", 1, 4, "is not a finite number"),
    ("a: [1, .nan]\n", 1, 8, "'.nan' is not a finite number"),
    ("a: 1.0e+400\n", 1, 4, "'1.0e+400' is too large to be a number"),
    ("a: " + "9" * 5000, 1, 4, "a number of more than 18 digits: write a smaller one"),
    # characters
    ("a: x\x00\n", 1, 5, "U+0000 (control character): remove it"),
    ("a: 1\nb: \x1b[31m\n", 2, 4, "U+001B (control character): remove it"),
    ("a: b\u2028c\n", 1, 5, "U+2028 (line separator): write an ordinary line break"),
    ('a: "b\\u2029c"\n', 1, 4, "U+2029 (paragraph separator)"),
    ("a: b\x85c\n", 1, 5, "U+0085"),
    ("a:\n\u00a0\u00a0b: 1\n", 2, 1, "U+00A0 (no-break space): write an ordinary space"),
    ("a: 5\u202fkm\n", 1, 5, "U+202F (narrow no-break space)"),
    ("a: \u202eevil\n", 1, 4, "U+202E (right-to-left override), which is invisible: remove it"),
    ('a: "\\u202e"\n', 1, 4, "U+202E"),
    ('a: "\\ud800"\n', 1, 4, "U+D800 (half of a surrogate pair): write the whole character"),
    ("a: x\ufeff\n", 1, 5, "U+FEFF"),
    ('"b\\u200b": 1\n', 1, 1, "U+200B"),
    # syntax
    ("a:\n\tb: 1\n", 2, 1, "a tab: write spaces"),
    ("a:\tx\n", 1, 3, "a tab: write spaces"),
    ("a: b: c\n", 1, 5, "a colon too many, or a wrong indentation"),
    ("a: 1\n  b: 2\n", 2, 4, "a colon too many, or a wrong indentation"),
    ("a: 1\nb: 'x\n", 2, 4, "a quote that is never closed: close it"),
    ('a: "x\n---\nb: 1\n', 1, 4, "a quote that is never closed"),
    ("a: [1, 2\nb: 3\n", 1, 4, "a list that is not closed: write the missing ',' or ']'"),
    ("a: {b: 1\nc: 2\n", 1, 4, "a mapping that is not closed"),
    ("a: @x\n", 1, 4, "a text that begins with a sign YAML uses: quote it"),
    ("a: `x`\n", 1, 4, "quote it"),
    ("a: %x\n", 1, 4, "quote it"),
    ('a: "\\q"\n', 1, 6, "an unknown escape: use single quotes"),
    ("a: 'x'y\n", 1, 7, "check the indentation and the quotes"),
    ("a: 1\n- b\n", 2, 1, "check the indentation and the quotes"),
    ("a: }\n", 1, 4, "no value where one must stand"),
    ("a: 1\nword\n", 2, 1, "a line without a colon: write 'key: value'"),
]


@pytest.mark.parametrize(("text", "line", "column", "remedy"), BAD)
def test_bad_text_is_refused_where_it_stands(
    text: str, line: int, column: int, remedy: str
) -> None:
    with pytest.raises(Faults) as caught:
        parse_document(text, "port.yaml")
    spots = [(fault.mark, fault.message) for fault in caught.value.faults]
    assert any(m == Mark("port.yaml", line, column) and remedy in said for m, said in spots), spots


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(Faults) as caught:
        parse_document("a: 010\nb: &x 1\nc: *x\na: .nan\n1: 2\n", "f.yaml")
    assert [fault.mark.line for fault in caught.value.faults if fault.mark] == [1, 2, 3, 4, 4, 5]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("24:00", "24:00"),
        ("9:30", "9:30"),
        ("20:00", "20:00"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("off", "off"),
        ("2024-02-30", "2024-02-30"),
        ("2024-12-01", "2024-12-01"),
        ("12-01..03-31", "12-01..03-31"),
        ("45 min", "45 min"),
        ("1e3", 1000.0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("-3", -3),
        ("+3", 3),
        ("0", 0),
        ("0.0", 0.0),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("'010'", "010"),
        ('"null"', "null"),
        ("'true'", "true"),
        ("|\n  two\n  lines\n", "two\nlines\n"),
        ("O'Brien & sons <North>", "O'Brien & sons <North>"),
        ("Порт {1}", "Порт {1}"),
        ("红其拉甫口岸", "红其拉甫口岸"),
        ("درہ خنجراب", "درہ خنجراب"),
        ("می\u200cروند", "می\u200cروند"),
        ("nan", "nan"),
        ("1.2.3", "1.2.3"),
        ("-", None),
    ],
)
def test_scalars_mean_what_they_say(written: str, value: object) -> None:
    if written == "-":
        assert parse_document("a:\n-\n", "f").data == {"a": [None]}
        return
    data = parse_document(f"a: {written}\n", "f").data["a"]
    assert data == value
    assert type(data) is type(value)


def test_every_node_has_its_marks() -> None:
    doc = parse_document("# words\nposts:\n  sost:\n    lanes: 3\nholidays: [a, {b: c}]\n", "f")
    places = {dotted(path): (mark.line, mark.column) for path, mark in doc.keys.items()}
    assert places == {
        "posts": (2, 1),
        "posts.sost": (3, 3),
        "posts.sost.lanes": (4, 5),
        "holidays": (5, 1),
        "holidays[0]": (5, 12),
        "holidays[1]": (5, 15),
        "holidays[1].b": (5, 16),
    }
    assert doc.values[("posts", "sost", "lanes")] == Mark("f", 4, 12)
    assert doc.values[("holidays", 1, "b")] == Mark("f", 5, 19)
    assert doc.values.keys() == doc.keys.keys() | {()}


def test_an_empty_value_is_marked_at_its_key() -> None:
    assert parse_document("a:\n\n\nb: 1\n", "f").values[("a",)] == Mark("f", 1, 1)


def test_at_finds_the_longest_known_prefix() -> None:
    doc = parse_document("a:\n  b: 1\n", "f")
    assert at(doc, ("a", "b")) == Mark("f", 2, 6)
    assert at(doc, ("a", "b"), key=True) == Mark("f", 2, 3)
    assert at(doc, ("a", "x", "y")) == Mark("f", 2, 3)
    assert at(doc, ("a", "x", "y"), key=True) == Mark("f", 1, 1)
    assert at(doc, ("z",)) == Mark("f", 1, 1)


# -- files ----------------------------------------------------------------------------------


def refusal(path: Path, root: Path | None = None) -> str:
    with pytest.raises(Faults) as caught:
        read_document(path, root)
    assert all(fault.mark is not None for fault in caught.value.faults)
    return str(caught.value)


def test_a_file_is_read_with_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    doc = read_document(path, tmp_path)
    assert doc.data == {"a": 1, "b": 2}
    assert doc.keys[("a",)] == Mark("a.yaml", 1, 1)
    assert doc.files == (path,)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("a: 1".encode("utf-16"), "a.yaml:1:1: is UTF-16: save it as UTF-8"),
        ("a: 1".encode("utf-16-be"), "a.yaml:1:1: U+0000"),
        (b"a: 1\nb: \xe9t\xe9", "a.yaml:2:4: byte 0xE9 is not UTF-8: save the file as UTF-8"),
        (b"\xef\xbb\xbfa: \xc3\xa9\xff", "a.yaml:1:5: byte 0xFF is not UTF-8"),
        (b"a: " + b"x" * 500_000, "a.yaml:1:1: is larger than 500 kB: move tables to CSV files"),
    ],
)
def test_bytes_are_refused(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(raw)
    assert refusal(path).startswith(said)


def test_only_regular_files_under_the_root_are_opened(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out.yaml"
    inside.mkdir()
    outside.write_text("a: 1")
    (inside / "link.yaml").symlink_to(outside)
    (inside / "loop.yaml").symlink_to(inside / "loop.yaml")
    (inside / "good.yaml").write_text("a: 1")
    (inside / "near.yaml").symlink_to(inside / "good.yaml")
    os.mkfifo(inside / "pipe.yaml")
    assert "no such file" in refusal(inside / "none.yaml", inside)
    assert "is a folder: name a YAML file" in refusal(inside)
    assert "is not a regular file" in refusal(inside / "pipe.yaml", inside)
    assert "lies outside its folder" in refusal(inside / "link.yaml", inside)
    assert "lies outside its folder" in refusal(inside / ".." / "out.yaml", inside)
    assert "cannot be opened" in refusal(inside / "loop.yaml", inside)
    assert "cannot be opened" in refusal(Path("a\0b.yaml"))
    assert "cannot be opened" in refusal(inside / ("x" * 300))
    assert "no such file" in refusal(Path("http://127.0.0.1/a.yaml"))
    assert read_document(inside / "near.yaml", inside).data == {"a": 1}
    assert read_document(inside / "link.yaml").data == {"a": 1}


def test_no_message_shows_a_path_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.yaml").write_text("- a")
    assert refusal(tmp_path / "sub" / "a.yaml").startswith("a.yaml:1:1")
    monkeypatch.chdir(tmp_path)
    assert refusal(tmp_path / "sub" / "a.yaml").startswith("sub/a.yaml:1:1")
    assert refusal(Path("sub/a.yaml")).startswith("sub/a.yaml:1:1")
    assert shown(Path("../b.yaml").absolute()) == "b.yaml"


# -- laws -----------------------------------------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
MAPPINGS = st.dictionaries(WORDS, TREES, min_size=1, max_size=5)


def dumped(data: Any) -> str:
    """YAML written by hand from JSON's rules: an oracle that shares no code with the reader."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{dumped(k)}: {dumped(v)}" for k, v in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(dumped, data)) + "]"
    if isinstance(data, str):
        return "'" + data.replace("'", "''") + "'"
    return {None: "null", True: "true", False: "false"}[data] if (
        data is None or isinstance(data, bool)
    ) else repr(data)  # fmt: skip


@settings(deadline=None)
@given(MAPPINGS)
def test_plain_data_read_back_equal(data: dict[str, Any]) -> None:
    back = parse_document(dumped(data), "f")
    assert back.data == data
    assert repr(back.data) == repr(data)  # 1, 1.0 and True are equal but not the same


@settings(deadline=None)
@given(MAPPINGS)
def test_our_reading_agrees_with_the_full_reader(data: dict[str, Any]) -> None:
    text = dumped(data)
    assert parse_document(text, "f").data == YAML(typ="safe", pure=True).load(text)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        doc = parse_document(text, "f")
    except Faults as error:
        for fault in error.faults:
            assert fault.mark is not None
            assert fault.mark.line >= 1
            assert fault.mark.column >= 1
    else:
        assert isinstance(doc.data, dict)


@settings(deadline=None)
@given(st.from_regex(re.compile(r"[-+]?[0-9._eE,xo]{1,12}", re.ASCII), fullmatch=True))
def test_a_word_of_digits_is_a_finite_number_or_text_or_refused(word: str) -> None:
    try:
        value = parse_document(f"a: {word}", "f").data["a"]
    except Faults:
        return
    if isinstance(value, str):
        assert value == word
    else:
        assert math.isfinite(value)
        assert value == float(word)
