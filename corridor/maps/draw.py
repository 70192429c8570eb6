"""Drawing office: the map page. The only module that knows Folium; it hands it fixed text only.

Folium and branca compile rendered text a second time as a template, so text from data could run
as code while the map is drawn. Therefore Folium builds the fixed structure here (two synchronised
maps, their panes, layers, layer controls and scale bars), and the data join the finished page as
escaped JSON that one fixed script reads.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import folium
from branca.element import Element, Figure
from folium.map import CustomPane
from folium.plugins import DualMap

from corridor.library import share
from corridor.maps.offline import POLICY, NotOffline, embed_json, gate, inline
from corridor.maps.scene import build
from corridor.maps.theme import css_variables, load

if TYPE_CHECKING:
    from corridor.geodata import Network
    from corridor.results import Results

__all__ = ["draw", "page"]

_Drawn = TypeVar("_Drawn", bound=Element)

#: The layers of the layer control, in its order: key in the script, name shown.
LAYERS = (
    ("labels", "Basemap labels"),
    ("ports", "Border ports"),
    ("roads", "CPEC and other roads"),
    ("rails", "China Railway Express"),
    ("disputed", "Disputed lines"),
)
_EMPTY = {"type": "FeatureCollection", "features": []}
_HEAD = f"""<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Corridor map</title>"""


def draw(results: Results, network: Network, path: Path) -> None:
    """Write the map of `results` as one self-contained HTML file.

    Parameters
    ----------
    results : Results
        One scenario, or several to compare; the first is the base.
    network : Network
        Places, links, corridors and basemap, EPSG:4326.
    path : Path
        The file to write; the same input gives the same bytes.

    Raises
    ------
    NotOffline
        If the built page would reach for the network.
    """
    path.write_text(page(results, network), encoding="utf-8", newline="\n")


def page(results: Results, network: Network) -> str:
    """The map page as text; see `draw`."""
    before, after = _frame()
    data = embed_json(build(results, network))
    html = f'{before}<script type="application/json" id="scene">{data}</script>{after}'
    gate(html)
    return html


@cache
def _frame() -> tuple[str, str]:
    """The fixed text of the page before and after the data."""
    html = inline(_structure())
    style = f"<style>\n{css_variables(load())}{_template('map.css')}</style>\n"
    html = _once(html, "<html>", '<html lang="en">')
    html = _once(html, "<head>", f"<head>\n{_HEAD}")
    html = _once(html, "</head>", f"{style}</head>")
    html = _once(html, "<body>", f"<body>\n{_template('map.html')}")
    before, _, after = html.rpartition("</html>")
    return before, f"\n<script>\n{_template('map.js')}</script>\n</html>{after}"


def _structure() -> str:
    """What Folium draws: two maps side by side with the same empty layers."""
    dual = _named(
        DualMap(  # type: ignore[no-untyped-call]
            location=(36, 74),
            zoom_start=5,
            tiles=None,
            control_scale=True,
            zoom_control="bottomright",
            attribution_control=False,
            zoom_snap=0.25,
            minZoom=2.5,
            maxZoom=14,
        ),
        "pair",
    )
    dual.default_js = [("sync", "leaflet.sync/L.Map.Sync.js")]
    for side, half in (("left", dual.m1), ("right", dual.m2)):
        half.default_js = [("leaflet", "leaflet/leaflet.js")]
        half.default_css = [("leaflet_css", "leaflet/leaflet.css")]
        _furnish(_named(half, side), side)
    # Both maps must be named before the figure lists them, else their places keep random names.
    figure = Figure()
    for element in (dual.m1, dual.m2, dual):
        figure.add_child(element)
    # Folium's viewport forbids a reader to enlarge the page; ours stands in _HEAD.
    return re.sub(r'<meta name="viewport"[^>]*>', "", str(figure.render()))


def _furnish(half: folium.Map, side: str) -> None:
    """Give one map its panes, its layers and its layer control."""
    for z, pane in enumerate(("land", "water", "lines"), start=210):
        _named(CustomPane(pane, z_index=z), f"{pane}_{side}").add_to(half)
    for pane, z in (("rails", 410), ("roads", 420), ("ports", 430)):
        _named(CustomPane(pane, z_index=z, pointer_events=True), f"{pane}_{side}").add_to(half)
    for key, pane in (("land", "land"), ("lakes", "water"), ("borders", "lines")):
        _shape(key, pane, side, control=False).add_to(half)
    for key, name in LAYERS:
        if key == "disputed":
            _shape(key, "lines", side, name=name).add_to(half)
        else:
            _named(folium.FeatureGroup(name=name), f"{key}_{side}").add_to(half)
    _named(folium.LayerControl(collapsed=True), side).add_to(half)


def _shape(
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
    return _named(layer, f"{key}_{side}")


def _named(element: _Drawn, name: str) -> _Drawn:
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
