from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.faults import Faults, Mark
from corridor.scenarios.document import Document, dotted, parse_document
from corridor.scenarios.patch import apply, extend, graft, merge, setting, words
from corridor.scenarios.read import read

# RFC 7396, appendix A: original, patch, result.
APPENDIX = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("original", "patch", "result"), APPENDIX)
def test_the_appendix_of_rfc_7396(original: Any, patch: Any, result: Any) -> None:
    assert apply(original, patch) == result


def doc(text: str, file: str = "base.yaml") -> Document:
    return parse_document(text, file)


def spots(document: Document) -> dict[str, tuple[str, int]]:
    return {dotted(path): (mark.file, mark.line) for path, mark in document.values.items()}


def test_marks_follow_what_was_written_last() -> None:
    base = doc("posts:\n  sost:\n    lanes: 3\n    clock: UTC\nholidays: [a, b]\nold: {x: 1}\n")
    patch = doc("posts:\n  sost:\n    lanes: {value: 6}\nholidays: [c]\nold: null\n", "child.yaml")
    merged = merge(base, patch)
    assert merged.data == {
        "posts": {"sost": {"lanes": {"value": 6}, "clock": "UTC"}},
        "holidays": ["c"],
    }
    assert spots(merged) == {
        "": ("base.yaml", 1),
        "posts": ("base.yaml", 2),
        "posts.sost": ("base.yaml", 3),
        "posts.sost.lanes": ("child.yaml", 3),
        "posts.sost.lanes.value": ("child.yaml", 3),
        "posts.sost.clock": ("base.yaml", 4),
        "holidays": ("child.yaml", 4),
        "holidays[0]": ("child.yaml", 4),
    }


def test_graft_makes_the_way() -> None:
    base = doc("title: x\n")
    grafted = graft(base, ("ports", "khunjerab"), doc("clock: UTC\n", "port.yaml"))
    assert grafted.data == {"title": "x", "ports": {"khunjerab": {"clock": "UTC"}}}
    assert grafted.values[("ports", "khunjerab", "clock")] == Mark("port.yaml", 1, 8)
    assert grafted.keys[("ports",)] == Mark("port.yaml", 1, 1)
    again = graft(grafted, ("ports", "khunjerab"), doc("clock: null\n", "regime.yaml"))
    assert again.data == {"title": "x", "ports": {"khunjerab": {}}}
    assert graft(base, (), doc("title: y\n")).data == {"title": "y"}


@pytest.mark.parametrize("text", ["ports: [a]\n", "ports: khunjerab\n", "ports: 3\n"])
def test_graft_never_replaces_what_is_no_mapping(text: str) -> None:
    with pytest.raises(Faults, match=r"patch.yaml:1:1: ports.khunjerab: 'ports' is .*, not a map"):
        graft(doc(text), ("ports", "khunjerab"), doc("a: 1\n", "patch.yaml"))


# -- extends --------------------------------------------------------------------------------


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def chain(shelf: Path, **files: str) -> Document:
    for name, text in files.items():
        (shelf / f"{name}.yaml").write_text(text)
    paths = {path.stem: path for path in shelf.glob("*.yaml")}
    first = next(iter(files))
    return extend(shelf / f"{first}.yaml", paths.get, sorted(paths), shelf)


def test_extends_lays_child_over_parent_over_grandparent(shelf: Path) -> None:
    result = chain(
        shelf,
        child="extends: mother\nlanes: 6\n",
        mother="extends: root\nlanes: 4\nshift: null\n",
        root="lanes: 2\nshift: late\nclock: UTC\n",
    )
    assert result.data == {"lanes": 6, "clock": "UTC"}
    assert [path.stem for path in result.files] == ["root", "mother", "child"]
    assert result.values[("lanes",)] == Mark("child.yaml", 2, 8)
    assert result.values[("clock",)] == Mark("root.yaml", 3, 8)
    assert ("extends",) not in result.keys


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a": "extends: a\n"}, "a.yaml:1:10: extends: a.yaml extends itself by way of this line"),
        (
            {"a": "x: 1\nextends: b\n", "b": "extends: c\n", "c": "\nextends: a\n"},
            "c.yaml:2:10: extends: a.yaml extends itself by way of this line: break the circle",
        ),
        (
            {"a": "extends: seasonl\n", "seasonal": "x: 1\n"},
            "a.yaml:1:10: extends: 'seasonl' is not known (did you mean 'seasonal'?)",
        ),
        ({"a": "extends: ../../etc/passwd\n"}, "a.yaml:1:10: extends: '../../etc/passwd' is not"),
        ({"a": "extends: [b, c]\n"}, "a.yaml:1:10: extends: not a name: write the one file"),
        ({"a": "extends:\n"}, "a.yaml:1:1: extends: not a name"),
        ({"a": "extends: 3\n"}, "a.yaml:1:10: extends: not a name"),
        ({"a": "extends: b\n", "b": "x: 010\n"}, "b.yaml:1:4: x: '010' begins with a zero"),
    ],
)
def test_bad_extends(shelf: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(Faults) as caught:
        chain(shelf, **files)
    assert str(caught.value).startswith(said)


def test_a_chain_ends_at_twenty(shelf: Path) -> None:
    files = {f"s{n}": f"extends: s{n + 1}\n" for n in range(10_000)}
    with pytest.raises(Faults, match=r"s20.yaml:1:10: .* more than 20 files extend one another"):
        chain(shelf, **dict(list(files.items())[:30]))
    assert chain(shelf, **(dict(list(files.items())[:20]) | {"s20": "x: 1\n"})).data == {"x": 1}


def test_a_parent_outside_the_folder_is_refused(shelf: Path) -> None:
    (shelf / "in").mkdir()
    (shelf / "out.yaml").write_text("x: 1\n")
    child = shelf / "in" / "a.yaml"
    child.write_text("extends: out\n")
    with pytest.raises(Faults, match="lies outside its folder"):
        extend(child, lambda name: shelf / f"{name}.yaml", (), shelf / "in")


# -- words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({}, {}, []),
        ({"a": {"b": 1}}, {"a": {"b": 1}}, []),
        (
            {"posts": {"sost": {"stations": {"documents": {"lanes": 3}}}}},
            {"posts": {"sost": {"stations": {"documents": {"lanes": 6}}}}},
            ["posts.sost.stations.documents.lanes 3 -> 6"],
        ),
        (
            {"season": {"closed": "12-01..03-31"}},
            {"season": {}},
            ["season.closed 12-01..03-31 -> none"],
        ),
        (
            {"lanes": {"value": 3, "range": [1, 4], "assumed": "a guess"}},
            {"lanes": {"value": 6, "claim": "KJ-31"}},
            ["lanes 3 -> 6"],
        ),
        ({"lanes": 3}, {"lanes": {"value": 6, "claim": "K-1"}}, ["lanes 3 -> 6"]),
        ({"lanes": {"value": 6, "claim": "K-1"}}, {}, ["lanes 6 -> none"]),
        (
            {"lanes": {"value": 3, "range": [1, 4]}},
            {"lanes": {"value": 3, "range": [2, 4]}},
            ["lanes.range [1, 4] -> [2, 4]"],
        ),
        ({"lanes": 3}, {"lanes": {"value": 3, "claim": "K-1"}}, ["lanes.claim none -> K-1"]),
        ({"b": 1, "a": 1}, {"c": 3, "a": 2, "b": 2}, ["b 1 -> 2", "a 1 -> 2", "c none -> 3"]),
        ({"days": ["mon"]}, {"days": ["mon", "tue"]}, ["days [mon] -> [mon, tue]"]),
        ({"open": True}, {"open": False}, ["open yes -> no"]),
        ({"open": True}, {"open": 1}, ["open yes -> 1"]),
        ({"share": 0.5}, {"share": 0.25}, ["share 0.5 -> 0.25"]),
        (
            {},
            {"service": {"lognormal": {"mean": {"value": "25 min"}, "cv": 0.8}}},
            ["service none -> {lognormal: {mean: 25 min, cv: 0.8}}"],
        ),
    ],
)
def test_differences_in_words(before: Any, after: Any, said: list[str]) -> None:
    assert words(before, after) == said


# -- settings -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a=3", {"a": 3}),
        ("ports.khunjerab.regime=year_round", {"ports": {"khunjerab": {"regime": "year_round"}}}),
        ("a.b=45 min", {"a": {"b": "45 min"}}),
        ("a.b=null", {"a": {"b": None}}),
        ("a={value: 3, claim: K-1}", {"a": {"value": 3, "claim": "K-1"}}),
        ("a=[1, 2]", {"a": [1, 2]}),
        ("a='x=y'", {"a": "x=y"}),
        ("hours=09:00-17:00", {"hours": "09:00-17:00"}),
    ],
)
def test_setting(text: str, data: dict[str, Any]) -> None:
    assert setting(text).data == data


def test_setting_is_marked() -> None:
    document = setting("a.bc={d: 4}")
    assert document.keys[("a", "bc")] == Mark("--set", 1, 3)
    assert document.values[("a", "bc")] == Mark("--set", 1, 6)
    assert document.values[("a", "bc", "d")] == Mark("--set", 1, 10)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a.b", "--set:1:1: cannot read 'a.b': write path=value"),
        ("=3", "--set:1:1: cannot read '=3'"),
        ("a..b=3", "--set:1:1: cannot read 'a..b=3'"),
        ("a. b=3", "--set:1:1: cannot read"),
        ("a=", "--set:1:1: a: no value: write one, or null to remove the key"),
        ("a=1\nb: 2", "--set:1:1: a: a line break"),
        ("a.b=010", "--set:1:5: '010' begins with a zero"),
        ("a=[1", "--set:1:3: a list that is not closed"),
        ("a={b: 1, b: 2}", "--set:1:10: key 'b' is written twice"),
        ("a=&x 1", "--set:1:3: anchor '&x'"),
    ],
)
def test_bad_setting(text: str, said: str) -> None:
    with pytest.raises(Faults) as caught:
        setting(text)
    assert str(caught.value).startswith(said)


# -- laws -----------------------------------------------------------------------------------

KEYS = st.sampled_from("abc")
LEAVES = st.integers(0, 3) | st.booleans() | st.lists(st.integers(0, 1), max_size=2)
TARGETS = st.recursive(
    st.dictionaries(KEYS, LEAVES, max_size=3), lambda t: st.dictionaries(KEYS, LEAVES | t)
)
PATCHES = st.recursive(
    st.dictionaries(KEYS, LEAVES | st.none(), max_size=3),
    lambda t: st.dictionaries(KEYS, LEAVES | st.none() | t),
)

SHAPED = st.recursive(  # lower-case keys hold leaves, upper-case keys hold mappings
    st.dictionaries(KEYS, LEAVES, max_size=3),
    lambda t: st.builds(
        dict.__or__, st.dictionaries(KEYS, LEAVES), st.dictionaries(st.sampled_from("ABC"), t)
    ),
)


def paths(data: Any, path: tuple[Any, ...] = ()) -> set[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data)
    return {path}.union(
        *(paths(value, (*path, key)) if isinstance(value, dict | list) else {(*path, key)}
          for key, value in inner)
    )  # fmt: skip


def marked(data: dict[str, Any], file: str) -> Document:
    marks = {path: Mark(file, 1, 1) for path in paths(data)}
    return Document(data, {path: mark for path, mark in marks.items() if path}, marks)


def lacks_null(data: Any) -> bool:
    return data is not None and (
        not isinstance(data, dict) or all(lacks_null(value) for value in data.values())
    )


@settings(deadline=None)
@given(TARGETS, PATCHES)
def test_a_patch_laid_twice_is_a_patch_laid_once(target: Any, patch: Any) -> None:
    once = apply(target, patch)
    assert apply(once, patch) == once


@settings(deadline=None)
@given(TARGETS)
def test_the_empty_patch_and_the_patch_itself_change_nothing(target: Any) -> None:
    assert apply(target, {}) == target
    assert apply(target, target) == target


@settings(deadline=None)
@given(SHAPED, SHAPED, SHAPED)
def test_patches_of_one_shape_are_associative(a: Any, b: Any, c: Any) -> None:
    assert apply(apply(a, b), c) == apply(a, apply(b, c))


def test_patches_of_other_shapes_are_not_associative() -> None:
    a, b, c = {"x": {"y": 0}}, {"x": 0}, {"x": {}}
    assert apply(apply(a, b), c) == {"x": {}}
    assert apply(a, apply(b, c)) == a


@settings(deadline=None)
@given(TARGETS, PATCHES)
def test_what_a_patch_says_holds(target: Any, patch: Any) -> None:
    result = apply(target, patch)
    assert lacks_null(result)
    for key, value in patch.items():
        if value is None:
            assert key not in result
        elif not isinstance(value, dict):
            assert result[key] == value
    for key in target.keys() - patch.keys():
        assert result[key] == target[key]


@settings(deadline=None)
@given(TARGETS, PATCHES)
def test_marks_are_those_of_the_data_and_nothing_is_changed_in_place(
    target: Any, patch: Any
) -> None:
    base, over = marked(target, "base"), marked(patch, "patch")
    before = repr((base, over))
    result = merge(base, over)
    assert result.data == apply(target, patch)
    assert result.values.keys() == paths(result.data)
    assert result.keys.keys() == paths(result.data) - {()}
    assert repr((base, over)) == before


@settings(deadline=None)
@given(TARGETS, TARGETS)
def test_words_are_silent_exactly_when_nothing_differs(a: Any, b: Any) -> None:
    said = words(a, b)
    assert (said == []) == (sorted_repr(a) == sorted_repr(b))
    assert len(set(said)) == len(said)


def sorted_repr(data: Any) -> str:
    """Equal for equal data: the order of keys is no difference, True against 1 is."""
    if not isinstance(data, dict):
        return repr(data)
    inner = {key: sorted_repr(data[key]) for key in sorted(data)}
    return repr(inner)


def test_papers_of_a_rule_are_no_change_of_it() -> None:
    before = {"hours": "always", "hours_claim": "KR-01", "holidays_assumed": "a guess"}
    assert words(before, {"hours": "closed", "hours_claim": "KR-03"}) == ["hours always -> closed"]


def test_the_setting_we_suggest_can_be_read() -> None:
    with pytest.raises(Faults) as error:
        setting("nonsense")
    hint = error.value.faults[0].message.split()[-1]
    port = read("khunjerab_seasonal", [hint]).ports["khunjerab"]
    assert port.posts["sost"].stations["documents"].lanes.value == 3
