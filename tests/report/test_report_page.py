"""The page as text: sections in order, numbers from the tables, one file, equal twice."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from corridor.report.numbers import interval
from corridor.report.publish import page, publish
from corridor.report.terms import term

ORDER = ["answer", "compared", "indicators", "differences", "distribution", "staircase", "map",
         "validation", "inputs", "design", "limits", "record", "appendix"]  # fmt: skip


class Parsed(HTMLParser):
    """Tables as rows of cell texts, ids, tags with attributes, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._cell = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._cell:
            self.tables[-1][-1][-1] += data


@pytest.fixture(scope="module")
def html(results: Any) -> str:
    return page(results)


@pytest.fixture(scope="module")
def parsed(html: str) -> Parsed:
    return Parsed(html)


def at_port(table: pd.DataFrame) -> Iterator[Any]:
    return table[(table["place"] == "khunjerab") & (table["class"] == "all")].itertuples()


def row_of(parsed: Parsed, table: int, metric: str) -> list[str]:
    return next(r for r in parsed.tables[table] if r[0].startswith(term(metric).name + ","))


def test_sections_stand_in_order(parsed: Parsed) -> None:
    assert [i for i in parsed.ids if i in ORDER] == ORDER


def test_ids_are_unique_and_links_arrive(parsed: Parsed) -> None:
    assert len(parsed.ids) == len(set(parsed.ids))
    anchors = [v["href"] for t, v in parsed.tags if t == "a" and str(v.get("href")).startswith("#")]
    assert anchors
    assert {str(a)[1:] for a in anchors} <= set(parsed.ids)


@pytest.mark.parametrize("metric", ["tonnes", "vehicles", "tfi1_p95", "peak_queue", "swd"])
def test_indicators_are_the_tables(parsed: Parsed, results: Any, metric: str) -> None:
    rows = [r for r in at_port(results.metrics) if r.metric == metric]
    shown = row_of(parsed, 0, metric)
    for r, cell in zip(rows, shown[1:], strict=True):
        assert cell == interval(r.mean, r.low, r.high)


@pytest.mark.parametrize("metric", ["tonnes", "tfi1_mean", "unserved_tonnes", "co2_idling"])
def test_differences_are_the_tables(parsed: Parsed, results: Any, metric: str) -> None:
    index = next(i for i, t in enumerate(parsed.tables) if "verdict" in t[0])
    r = next(r for r in at_port(results.differences) if r.metric == metric)
    assert row_of(parsed, index, metric)[1] == interval(r.difference, r.low, r.high, signed=True)


def test_the_deciding_row_is_first_and_marked(html: str) -> None:
    first = re.findall(r"<tbody>\s*<tr( class=\"deciding\")?><th[^>]*>([^<,]+)", html)
    assert first[0] == (' class="deciding"', "Cargo through the port")


def test_the_headline_of_the_record_is_the_title(results: Any) -> None:
    record = {**results.record, "headline": "It adds 7 t (6 to 8). It does more."}
    text = page(replace(results, record=record))
    assert "<h1>It adds 7 t (6 to 8).</h1>" in text
    assert '<p class="lede">It does more.</p>' in text


def test_held_out_counts_stand_apart_and_misses_are_said(parsed: Parsed) -> None:
    text = " ".join(parsed.text.split())
    assert text.index("Held out: never fitted") < text.index("Fitted: used to set the model")
    assert (
        "Vehicles, January to March 2025: under “Year-round opening” the model predicts 2,380 "
        "to 2,840 vehicles; "
        "the count was 1,271: outside."
    ) in text
    assert "1 of 2 counts the model has never seen lies inside" in text


def test_claims_are_links_only_to_the_web(results: Any) -> None:
    record = copy.deepcopy(results.record)
    record["claims"][0]["address"] = "javascript:alert(1)"
    record["claims"][1]["address"] = "//evil.example/x"
    shown = Parsed(page(replace(results, record=record)))
    links = [str(v["href"]) for t, v in shown.tags if t == "a"]
    assert all(link.startswith(("#", "https://")) for link in links)
    assert "https://www.example.org/b_%28c%29" in links
    assert "javascript:alert(1)" in shown.text


def test_nothing_loads_from_anywhere(parsed: Parsed) -> None:
    for tag, values in parsed.tags:
        assert "src" not in values
        assert tag != "link"
    policy = next(v["content"] for t, v in parsed.tags if v.get("http-equiv"))
    assert str(policy).startswith("default-src 'none'; script-src 'sha256-")


def test_every_chart_has_a_table_and_words(parsed: Parsed) -> None:
    drawings = [v for t, v in parsed.tags if t == "svg"]
    assert len(drawings) % 2 == 0
    assert all(len(str(v.get("aria-label"))) > 40 for v in drawings)
    assert len(drawings) >= 12


def test_the_same_bytes_twice(results: Any, tmp_path: Path) -> None:
    publish(results, tmp_path / "a" / "report.html")
    publish(results, tmp_path / "b" / "report.html")
    first = (tmp_path / "a" / "report.html").read_bytes()
    assert first == (tmp_path / "b" / "report.html").read_bytes()
    assert len(first) < 1_500_000
    assert b"\r" not in first


def test_sections_without_data_are_left_out(results: Any) -> None:
    record = {**results.record, "scenarios": results.record["scenarios"][:1], "changes": []}
    base = results.record["scenarios"][0]["name"]
    alone = replace(
        results,
        record=record,
        metrics=results.metrics[results.metrics["scenario"] == base],
        differences=None,
        staircase=results.staircase.iloc[:0],
        targets=results.targets.iloc[:0],
        series=results.series[results.series["scenario"] == base],
        monthly=results.monthly[results.monthly["scenario"] == base],
        calendar=results.calendar[results.calendar["scenario"] == base],
    )
    ids = [i for i in Parsed(page(alone)).ids if i in ORDER]
    assert ids == [i for i in ORDER if i not in ("differences", "staircase", "validation")]


def test_no_tables_at_all_still_make_a_page(results: Any) -> None:
    names = ("metrics", "series", "monthly", "calendar", "targets", "staircase")
    bare = replace(results, differences=None, **{n: getattr(results, n).iloc[:0] for n in names})
    ids = [i for i in Parsed(page(bare)).ids if i in ORDER]
    assert ids == ["answer", "compared", "map", "inputs", "design", "limits", "record", "appendix"]


SAME = ("the same vehicles", "the same storms", "the same demand", "Only the named regime changes")


def test_what_is_the_same_in_both_is_said_only_where_the_record_says_so(
    parsed: Parsed, results: Any
) -> None:
    assert all(word in parsed.text for word in SAME)
    record = {**results.record, "held_equal": ["Costs of time, fees and haulage."]}
    words = [*record["changes"][0]["words"], "events.sit_in none -> 25 days"]
    record["changes"] = [{**record["changes"][0], "words": words}]
    text = Parsed(page(replace(results, record=record))).text
    assert not [word for word in SAME if word in text]
    assert "What both share meets the same chance, so each pair" in text
    assert "Only what is listed under What was compared changes." in text


def test_what_was_not_tested_has_neither_verdict_nor_p(results: Any) -> None:
    table = results.differences.copy()
    read = table["place"].str.contains("/") | (table["class"] != "all")
    table.loc[read, "p_adjusted"] = float("nan")
    shown = Parsed(page(replace(results, differences=table)))
    first = next(i for i, t in enumerate(shown.tables) if "verdict" in t[0])
    assert shown.tables[first + 1][0] == ["where", "who", "", "difference", "runs needed, paired"]
    assert len(shown.tables[first + 1]) == 1 + read.sum()
    assert "are for reading, not for testing" in shown.text


def test_one_pair_gets_no_verdict_anywhere(results: Any) -> None:
    columns = ["low", "high", "p_adjusted", "variance_reduction"]
    table = results.differences.assign(pairs=1, **dict.fromkeys(columns, float("nan")))
    design = {**results.record["design"], "replications": 1}
    record = {**results.record, "design": design}
    text = Parsed(page(replace(results, differences=table, record=record))).text
    assert "One pair of years has no interval." in text
    assert "no clear difference" not in text
    assert "In brackets" not in text
    assert "(95% interval), 1 pair" in text


def test_a_row_of_one_class_says_which(results: Any) -> None:
    metrics = results.metrics.copy()
    along = metrics["metric"].isin(["tfi3_mean", "swod", "swd"])
    metrics.loc[along, "class"] = "truck_laden north"
    shown = Parsed(page(replace(results, metrics=metrics)))
    assert row_of(shown, 0, "swd")[0].endswith("along the corridor, laden trucks, north")
    assert not [c for t in shown.tables for r in t for c in r if "both directions" in c]


def test_the_checklist_names_the_classes_of_the_run(parsed: Parsed, results: Any) -> None:
    for word in ("coaches", "wagons", "onward", "Moving units, by class and direction:"):
        assert word not in parsed.text
    record = copy.deepcopy(results.record)
    record["scenarios"][0]["resolved"] = {
        "flows": {"a": {"class": "train"}, "b": {"class": "train"}},
        "ports": {"p": {"posts": {"q": {"stocks": {"broad_wagons": {}}}}}},
    }
    text = Parsed(page(replace(results, record=record))).text
    assert "Moving units, by class and direction: trains." in text
    assert "finite stocks: broad wagons." in text
