"""Drawing office: the fixed text of a page, as Folium lays it out, before and after the data.

Folium and branca compile rendered text a second time as a template, so text from data could run
as code while the map is drawn. Therefore Folium is handed fixed text only; the data join the
finished page as escaped JSON that one fixed script reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeVar

import folium
from branca.element import Element, Figure
from folium.map import CustomPane

from corridor.library import share
from corridor.maps.offline import POLICY, NotOffline, embed_json, gate, inline
from corridor.maps.theme import css_variables, load

__all__ = ["group", "joined", "lay_out", "named", "panes", "shape", "wrapped"]

_Drawn = TypeVar("_Drawn", bound=Element)
_EMPTY = {"type": "FeatureCollection", "features": []}

#: Panes under Leaflet's own, then those of the subject: name, height, whether a pointer meets it.
_GROUND = ("land", "trade", "water", "lines")


def wrapped(elements: Iterable[Element], page: str, title: str) -> tuple[str, str]:
    """The page before and after its data.

    Parameters
    ----------
    elements : iterable of branca Element
        What Folium draws, all of it named.
    page : str
        Which templates: ``<page>.html``, ``<page>.css`` and ``<page>.js``, each after the common
        ones, ``ink.css`` and ``ink.js``.
    title : str
        The title until the script sets one.

    Raises
    ------
    NotOffline
        If the map library writes what the page does not expect, or names an address.
    """
    figure = Figure()
    for element in elements:
        figure.add_child(element)
    # Folium's viewport forbids a reader to enlarge the page; ours stands in the head below.
    html = inline(re.sub(r'<meta name="viewport"[^>]*>', "", str(figure.render())))
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>"
    )
    look = css_variables(load()) + _template("ink.css") + _template(f"{page}.css")
    html = _once(html, "<html>", '<html lang="en">')
    html = _once(html, "<head>", f"<head>\n{head}")
    html = _once(html, "</head>", f"<style>\n{look}</style>\n</head>")
    html = _once(html, "<body>", f"<body>\n{_template(f'{page}.html')}")
    before, _, after = html.rpartition("</html>")
    script = f'(() => {{\n"use strict";\n{_template("ink.js")}{_template(f"{page}.js")}}})();\n'
    return before, f"\n<script>\n{script}</script>\n</html>{after}"


def joined(before: str, scene: dict[str, Any], after: str) -> str:
    """The whole page, with `scene` as escaped JSON, after a last look for addresses.

    Raises
    ------
    NotOffline
        If the built page would reach for the network.
    """
    data = embed_json(scene)
    html = f'{before}<script type="application/json" id="scene">{data}</script>{after}'
    gate(html)
    return html


def panes(half: folium.Map, side: str, subject: Iterable[str]) -> None:
    """Give a map the panes of the ground and, over them, those of the subject, low to high."""
    for z, pane in enumerate(_GROUND, start=210):
        named(CustomPane(pane, z_index=z), f"{pane}_{side}").add_to(half)
    for z, pane in enumerate(subject, start=410):
        named(CustomPane(pane, z_index=z, pointer_events=True), f"{pane}_{side}").add_to(half)


def shape(
    key: str, pane: str, side: str, *, name: str | None = None, control: bool = True
) -> folium.GeoJson:
    """An empty shape layer whose look comes from the style sheet, by its class."""
    layer = folium.GeoJson(
        _EMPTY,
        name=name or key,
        control=control,
        smooth_factor=0.6,
        pane=pane,
        class_name=key,
        interactive=False,
    )
    return named(layer, f"{key}_{side}")


def group(key: str, name: str, side: str) -> folium.FeatureGroup:
    """An empty layer that the script fills, with its name in the layer control."""
    return named(folium.FeatureGroup(name=name), f"{key}_{side}")


def lay_out(half: folium.Map) -> folium.Map:
    """Take Folium's own scripts and styles away but Leaflet's, which is in this package."""
    half.default_js = [("leaflet", "leaflet/leaflet.js")]
    half.default_css = [("leaflet_css", "leaflet/leaflet.css")]
    return half


def named(element: _Drawn, name: str) -> _Drawn:
    """Give an element a fixed name: Folium's own are random, and two maps must be equal."""
    element._id = name
    return element


def _template(name: str) -> str:
    return share("maps", "templates", name).read_text(encoding="utf-8")


def _once(html: str, old: str, new: str) -> str:
    """Replace a mark that must stand exactly once, so that a change in Folium is noticed."""
    if html.count(old) != 1:
        raise NotOffline(f"the map library wrote {old} {html.count(old)} times, not once")
    return html.replace(old, new)
