"""Report room: the page itself. Fixed templates, one file, nothing that loads from anywhere."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from corridor.library import share
from corridor.maps.offline import CREDITS, gate
from corridor.maps.theme import css_variables, load
from corridor.report.charts.drawn import drawn
from corridor.report.sections import sections
from corridor.report.terms import visible

if TYPE_CHECKING:
    from corridor.results import Results

__all__ = ["bound", "page", "publish", "ready"]


def publish(results: Results, path: Path, map_html: str | None = None) -> None:
    """Write the report of `results` as one self-contained HTML file.

    Parameters
    ----------
    results : Results
        One scenario, or several to compare; the first is the base.
    path : Path
        The file to write; folders above it are made. The same input gives the same bytes.
    map_html : str, optional
        The page of `corridor.maps.draw`, to be carried inside the report.

    Raises
    ------
    corridor.maps.offline.NotOffline
        If the built page would reach for the network: a fault of ours.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page(results, map_html).encode("utf-8"))


def page(results: Results, map_html: str | None = None) -> str:
    """The report as text; see `publish`."""
    return bound(sections(results, lambda: drawn(results)), results.record, map_html)


def bound(made: list[dict[str, Any]], record: dict[str, Any], map_html: str | None) -> str:
    """The report as text, from its `sections`, the run record and the page of the map."""
    script = _text("report.js")
    html = (
        _environment()
        .get_template("report.html.j2")
        .render(
            sections=made,
            answer=made[0],
            record=record,
            map_page=map_html,
            style=Markup(css_variables(load()) + _text("report.css")),
            script=Markup(script),
            policy=_policy([script, *_scripts(map_html)]),
        )
    )
    gate(html, {*CREDITS, *_links(made)})
    return html


def ready() -> None:
    """Compile the templates: who has to wait for charts has the time for it."""
    for name in _environment().list_templates(["j2"]):
        _environment().get_template(name)


@cache
def _environment() -> Environment:
    """Fixed templates; every text of the data passes autoescaping, and none is ever compiled."""
    return Environment(
        loader=FileSystemLoader(share("maps", "templates")),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _finalize(value: Any) -> Any:
    return visible(value) if type(value) is str else value


def _policy(scripts: list[str]) -> str:
    """A content policy under which only our own scripts run, each named by its hash.

    A page inside the page (the map) inherits it, so the map's scripts are named too.
    """
    sums = sorted({base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts})
    allowed = " ".join(f"'sha256-{s}'" for s in sums)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _scripts(html: str | None) -> list[str]:
    """The text of each script that runs in a page; blocks of JSON do not run."""
    if html is None:
        return []
    scan = _Scripts()
    scan.feed(html.replace("\r\n", "\n"))
    scan.close()
    return scan.found


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._runs = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and dict(attrs).get("type") != "application/json":
            self._runs = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._runs = False

    def handle_data(self, data: str) -> None:
        if self._runs:
            self.found[-1] += data


def _links(made: list[dict[str, Any]]) -> set[str]:
    """The addresses of the claims' sources: links that a reader may choose to follow."""
    found: set[str] = set()
    for section in made:
        if section["key"] == "inputs":
            groups = [section["claims"], *(c.claims for c in section["conflicts"])]
            found |= {claim.href for group in groups for claim in group if claim.href}
    return found


def _text(name: str) -> str:
    """A fixed file of the templates' folder, with one kind of line ending on every system."""
    return share("maps", "templates", name).read_text(encoding="utf-8").replace("\r\n", "\n")
