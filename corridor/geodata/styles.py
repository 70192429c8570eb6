"""The geodata room: how QGIS draws the exported layers, as QML for the table ``layer_styles``.

Roads, railways and sea lanes by class, ports by kind, incidents as small red marks, disputed and
control lines dashed and grey. Nothing is coloured by country.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

__all__ = ["STYLES", "Mark", "Stroke", "qml"]

INK, FAINT, WATER, LAND = (
    f"{rgb},255" for rgb in ("29,33,38", "189,185,175", "216,226,231", "241,239,232")
)
BLUE, ORANGE, GREY, RED = (
    f"{rgb},255" for rgb in ("11,92,173", "196,96,10", "130,127,121", "179,32,44")
)


class Stroke(NamedTuple):
    """A line: colour (red,green,blue,alpha), width in mm, and whether it is dashed."""

    colour: str
    width: float
    dashed: bool = False


class Mark(NamedTuple):
    """A point: shape (QGIS name), colour, size in mm; those below 1 mm have no white rim."""

    shape: str
    colour: str
    size: float


class Fill(NamedTuple):
    """An area: its colour; it has no outline."""

    colour: str


Symbol = Stroke | Mark | Fill
STYLES: dict[str, tuple[str, dict[str, Symbol]]] = {
    "road": ("class", {"motorway": Stroke(ORANGE, 0.7), "trunk": Stroke(ORANGE, 0.5),
                       "primary": Stroke(ORANGE, 0.35), "secondary": Stroke(ORANGE, 0.2)}),
    "rail": ("class", {"main": Stroke(BLUE, 0.6), "branch": Stroke(BLUE, 0.3)}),
    "sea": ("class", {"lane": Stroke(GREY, 0.3, dashed=True)}),
    "corridors": ("mode", {"road": Stroke("196,96,10,60", 1.6),
                           "rail": Stroke("11,92,173,60", 1.6)}),
    "boundaries": ("status", {"international": Stroke(FAINT, 0.3),
                              "disputed": Stroke(GREY, 0.3, dashed=True),
                              "line_of_control": Stroke(GREY, 0.3, dashed=True),
                              "indefinite": Stroke(GREY, 0.3, dashed=True)}),
    "ports": ("kind", {"road": Mark("circle", ORANGE, 3.2), "rail": Mark("square", BLUE, 3.2),
                       "cooperation_centre": Mark("diamond", INK, 3.2)}),
    "incidents": ("kind", dict.fromkeys(("landslide", "flood", "snow", "lake", "attack", "protest"),
                                        Mark("cross2", RED, 2.2))),
    "places": ("rank", {"1": Mark("circle", INK, 1.8), "2": Mark("circle", INK, 1.3),
                        "3": Mark("circle", INK, 0.9)}),
    "terminals": ("from_mode", {"road": Mark("triangle", ORANGE, 2.2),
                                "rail": Mark("triangle", BLUE, 2.2),
                                "sea": Mark("triangle", GREY, 2.2)}),
    "profiles": ("", {"": Mark("circle", INK, 0.3)}),
    "land": ("", {"": Fill(LAND)}),
    "lakes": ("", {"": Fill(WATER)}),
    "rivers": ("", {"": Stroke(WATER, 0.3)}),
    "countries": ("", {"": Fill(LAND)}),
    "trade": ("status", {"accepted": Fill("59,130,118"), "contested": Fill("120,168,158"),
                         "superseded": Fill(LAND), "rejected": Fill(LAND)}),
}  # fmt: skip
"""By layer: the column that decides, and the symbol of each of its values."""


def qml(layer: str) -> str:
    """The style of one layer of `STYLES` as QML of QGIS 3.

    Examples
    --------
    >>> "line_of_control" in qml("boundaries")
    True
    """
    column, symbols = STYLES[layer]
    drawn = "".join(_symbol(str(i), symbol) for i, symbol in enumerate(symbols.values()))
    if column:
        kinds = "".join(
            f'<category render="true" symbol="{i}" value={quoteattr(value)}'
            f" label={quoteattr(value.replace('_', ' '))}/>"
            for i, value in enumerate(symbols)
        )
        head = f'type="categorizedSymbol" attr={quoteattr(column)}'
        body = f"<categories>{kinds}</categories><symbols>{drawn}</symbols>"
    else:
        head, body = 'type="singleSymbol"', f"<symbols>{drawn}</symbols>"
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        f'<qgis version="3.22" styleCategories="Symbology">'
        f'<renderer-v2 symbollevels="0" enableorderby="0" forceraster="0" {head}>{body}'
        "</renderer-v2></qgis>\n"
    )


def _symbol(name: str, symbol: Symbol) -> str:
    """One symbol of one simple layer."""
    if isinstance(symbol, Stroke):
        kind, simple = "line", "SimpleLine"
        said: Mapping[str, str] = {
            "line_color": symbol.colour, "line_width": f"{symbol.width}",
            "line_width_unit": "MM", "line_style": "dash" if symbol.dashed else "solid",
            "capstyle": "round", "joinstyle": "round",
        }  # fmt: skip
    elif isinstance(symbol, Mark):
        kind, simple = "marker", "SimpleMarker"
        said = {
            "name": symbol.shape, "color": symbol.colour, "size": f"{symbol.size}",
            "size_unit": "MM", "outline_color": "255,255,255,255", "outline_width": "0.2",
            "outline_width_unit": "MM",
        }  # fmt: skip
        if symbol.shape == "cross2":  # has no inside: the outline is the mark
            said = {**said, "outline_color": symbol.colour, "outline_width": "0.4"}
        elif symbol.size < 1:
            said = {**said, "outline_style": "no"}
    else:
        kind, simple = "fill", "SimpleFill"
        said = {"color": symbol.colour, "style": "solid", "outline_style": "no"}
    options = "".join(
        f'<Option type="QString" name="{key}" value="{value}"/>' for key, value in said.items()
    )
    props = "".join(f'<prop k="{key}" v="{value}"/>' for key, value in said.items())
    return (
        f'<symbol type="{kind}" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{simple}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{options}</Option>{props}</layer></symbol>'
    )
