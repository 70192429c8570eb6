"""The page in a browser with the network off: hostile text, dark and narrow, the map, print."""

from __future__ import annotations

import base64
import copy
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from browser import browser, open_offline

from corridor.report.publish import publish

pytestmark = pytest.mark.browser

PAYLOADS = (
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 2</script>",
    "<img src=x onerror='window.ran = 3'>",
    '"><svg onload="window.ran = 4">',
    "{{ 7 * 7 }} {% raw %} {# gone #}",
    "${window.ran = 5}",
    "$\\frac{1}{2}$ and $ 5",
    "</title></style></svg></table><b>bold</b>",
    "]]>--><!--",
    "line\u2028separator",
    "O'Brien & sons <North>",
    "Порт {1} 红其拉甫 خنجراب",
    "&lt;b&gt; &amp;",
    "nul\x00 esc\x1b[31m turn\u202eround \ud800",
)
ALL = " | ".join(PAYLOADS)
IN_TABLES = ALL.replace(" \ud800", "")  # a table of pandas cannot hold a lone surrogate
MAP = """<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><p id="m">wait</p>
<script type="application/json" id="d">{"name":"\\u003cb\\u003e"}</script>
<script>
document.getElementById("m").textContent = "map of " + JSON.parse(document.getElementById("d").textContent).name;
</script></body></html>"""  # noqa: E501


@pytest.fixture(scope="module")
def started() -> Iterator[Any]:
    with browser() as one:
        yield one


def hostile(results: Any) -> Any:
    """`results` with the payloads wherever a person's text can stand."""
    record = copy.deepcopy(results.record)
    for i, scenario in enumerate(record["scenarios"]):
        scenario["title"], scenario["asks"] = f"{i} {ALL}", ALL
        scenario["regime"] |= {"title": f"{i} {ALL}", "claim": ALL, "why": ALL}
        scenario["files"] = [{"path": ALL, "sha256": ALL}]
    record["changes"][0]["words"] = record["held_equal"] = record["warnings"] = list(PAYLOADS)
    record["command"] = ["corridor", *PAYLOADS]
    record["run_id"] = record["commit"] = record["version"] = ALL
    record["packages"] = {ALL: ALL}
    record["design"] |= dict.fromkeys(("start_state", "warm_up", "pairing", "interval"), ALL)
    record["random"]["purposes"] = list(PAYLOADS)
    for row in record["inputs"]:
        row |= dict.fromkeys(("title", "value", "unit", "distribution", "claim", "why"), ALL)
    for i, row in enumerate(record["claims"]):
        row |= {k: ALL for k in row if k not in ("used", "claim")} | {"claim": f"{i} {ALL}"}

    def spoil(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
        return table.assign(**dict.fromkeys(columns, IN_TABLES))

    extra = results.metrics.iloc[:2].assign(metric=IN_TABLES, unit=IN_TABLES)
    return replace(
        results,
        record=record,
        metrics=pd.concat([results.metrics, extra, spoil(extra, "place", "class")]),
        calendar=spoil(results.calendar, "name"),
        targets=spoil(results.targets, "title", "unit", "claim"),
        staircase=spoil(results.staircase, "name", "corridor", "direction", "class"),
    )


def test_hostile_text_is_shown_and_inert(results: Any, started: Any, tmp_path: Path) -> None:
    publish(hostile(results), tmp_path / "report.html", MAP)
    with open_offline(started, tmp_path / "report.html") as visit:
        visit.assert_quiet()
        page = visit.page
        assert page.evaluate("window.ran") is None
        shown = page.evaluate(
            "[...document.querySelectorAll('.changes li')].map(e => e.textContent)"
        )
        assert shown[: len(PAYLOADS) - 1] == list(PAYLOADS[:-1])
        assert shown[-1] == "nul\\x00 esc\\x1b[31m turn\\u202eround \\ud800"
        drawn = page.evaluate("[...document.querySelectorAll('svg text')].map(e => e.textContent)")
        assert any(text.startswith("0 <script>window.ran = 1</script>") for text in drawn)
        assert page.evaluate("document.querySelectorAll('script').length") == 1
        assert page.evaluate("document.querySelectorAll('b').length") == page.evaluate(
            "document.querySelectorAll('.levels b, .regimes b, .claims b, #compared p b,"
            " .conflict summary b').length"
        )


def test_the_map_runs_inside_the_page(results: Any, started: Any, tmp_path: Path) -> None:
    publish(results, tmp_path / "report.html", MAP)
    with open_offline(started, tmp_path / "report.html") as visit:
        visit.page.locator("iframe").scroll_into_view_if_needed()
        inner = visit.page.frame_locator("iframe").locator("#m")
        inner.get_by_text("map of <b>").wait_for(timeout=5000)
        visit.assert_quiet()


def test_a_script_that_was_not_there_does_not_run(
    results: Any, started: Any, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    publish(results, path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("</main>", "</main><script>window.ran=1</script>"), "utf-8")
    with open_offline(started, path) as visit:
        assert visit.page.evaluate("window.ran") is None
        assert any("Content Security Policy" in error for error in visit.errors)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False)])
def test_it_fits_the_page(
    results: Any, started: Any, tmp_path: Path, width: int, dark: bool
) -> None:
    publish(results, tmp_path / "report.html", MAP)
    with open_offline(started, tmp_path / "report.html", width=width, dark=dark) as visit:
        visit.assert_quiet()
        page = visit.page
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.querySelector('details.map').open") == (width > 640)
        shown = page.evaluate(
            "[...document.querySelectorAll('figure > div')].filter(e => e.offsetParent)"
            ".map(e => e.className)"
        )
        assert set(shown) == {"broad" if width > 640 else "slim"}
        # Text of charts keeps the size it was drawn with: it is not shrunk to fit.
        scale = page.evaluate(
            "Math.min(...[...document.querySelectorAll('figure svg')].filter(e => e.clientWidth)"
            ".map(e => e.clientWidth / e.viewBox.baseVal.width))"
        )
        assert scale > 0.97
        # No drawing keeps a stand-in colour: all take the theme's.
        assert "#c0ffe" not in page.content()


def test_tables_sort_by_their_numbers(results: Any, started: Any, tmp_path: Path) -> None:
    publish(results, tmp_path / "report.html")
    with open_offline(started, tmp_path / "report.html") as visit:
        visit.page.locator("#indicators thead button").first.click()
        values = visit.page.evaluate(
            "[...document.querySelectorAll('#indicators table')[0].tBodies[0].rows]"
            ".map(r => Number(r.cells[1].dataset.v))"
        )
        assert len(values) > 10
        assert values == sorted(values, reverse=True)
        visit.assert_quiet()


def test_it_prints(results: Any, started: Any, tmp_path: Path) -> None:
    publish(results, tmp_path / "report.html", MAP)
    with open_offline(started, tmp_path / "report.html") as visit:
        visit.page.emulate_media(media="print")
        assert visit.page.evaluate("getComputedStyle(document.querySelector('nav')).display") == (
            "none"
        )
        pdf = visit.page.pdf(prefer_css_page_size=True)
        assert pdf.startswith(b"%PDF")
        assert 5 <= pdf.count(b"/Type /Page\n") <= 40
        # Folds that belong on paper are closed again after.
        assert not visit.page.evaluate("document.querySelector('details.more').open")
        visit.assert_quiet()


def test_the_policy_names_the_scripts_of_the_page(results: Any, tmp_path: Path) -> None:
    publish(results, tmp_path / "report.html", MAP)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    inner = MAP.split("<script>")[1].split("</script>")[0]
    name = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
    assert name.replace("+", "&#43;") in text or name in text
