"""The geodata room: how QGIS draws the exported layers, as QML for the table ``layer_styles``.

Roads, railways and sea lanes by class, ports by kind, incidents as small red marks, disputed and
control lines dashed and grey. No country has a colour but for the value of a trade figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

__all__ = ["LEVELS", "RULES", "STYLES", "Fill", "Mark", "Rule", "Stroke", "qml"]

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
    """An area: its colour; a hatched one has an outline, the others none."""

    colour: str
    hatched: bool = False


Symbol = Stroke | Mark | Fill


class Rule(NamedTuple):
    """Which rows (a condition in SQL) are drawn how; `label` is an expression, or empty.

    A `struck` label has a line through it; what is not `shown` waits unticked in the legend.
    """

    title: str
    where: str
    symbol: Symbol
    label: str = ""
    struck: bool = False
    shown: bool = True


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
}  # fmt: skip
"""By layer: the column that decides, and the symbol of each of its values."""

LEVELS = (1e8, 1e9, 1e10)
"""Where a class of the colour of trade begins, USD in the period; the first begins at zero."""
_GREENS = ("219,228,217,255", "168,195,187,255", "116,162,152,255", "58,126,116,255")
_FIGURE = 'round("value" / 1e9, 2) || \' bn \' || "currency" || \', \' || "year"'


def _classes() -> list[Rule]:
    """A class of value a rule, for the newest figure of each partner."""
    ends = (0.0, *LEVELS, float("inf"))
    found = []
    for low, high, colour in zip(ends, ends[1:], _GREENS, strict=False):
        where = f'"colours" = \'latest\' AND "usd" >= {low:.0f}'
        title = f"{low / 1e9:g} bn USD or more"
        if high != float("inf"):
            where += f' AND "usd" < {high:.0f}'
            title = f"{low / 1e9:g} to {high / 1e9:g} bn USD"
        found.append(Rule(title, where, Fill(colour), f"\"partner\" || ', ' || {_FIGURE}"))
    return found


RULES: dict[str, list[Rule]] = {
    "trade": [
        *_classes(),
        Rule("other years and flows", "\"colours\" = 'earlier'", Fill(_GREENS[0]), shown=False),
        Rule("rejected: struck through", "\"status\" = 'rejected'", Fill(RED, hatched=True),
             _FIGURE, struck=True),
    ],
}  # fmt: skip
"""By layer: what is drawn by more than one column; the first rules lie lowest."""


def qml(layer: str) -> str:
    """The style of one layer of `STYLES` or `RULES` as QML of QGIS 3.

    Examples
    --------
    >>> "line_of_control" in qml("boundaries")
    True
    >>> 'fontStrikeout="1"' in qml("trade")
    True
    """
    if layer in RULES:
        return _by_rules(RULES[layer])
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
    return _page(head, body)


def _page(head: str, body: str, labels: str = "") -> str:
    """The whole text of a style; with labels, they are switched on."""
    about = 'styleCategories="Symbology|Labeling" labelsEnabled="1"' if labels else (
        'styleCategories="Symbology"')  # fmt: skip
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        f'<qgis version="3.22" {about}>'
        f'<renderer-v2 symbollevels="0" enableorderby="0" forceraster="0" {head}>{body}'
        f"</renderer-v2>{labels}</qgis>\n"
    )


def _by_rules(rules: list[Rule]) -> str:
    """A renderer and labels by rules; their keys are their places, so that bytes stay the same."""
    drawn = "".join(
        f'<rule key="rule_{i}" symbol="{i}" filter={quoteattr(rule.where)}'
        f" label={quoteattr(rule.title)}{'' if rule.shown else _UNTICKED}/>"
        for i, rule in enumerate(rules)
    )
    symbols = "".join(_symbol(str(i), rule.symbol) for i, rule in enumerate(rules))
    labels = "".join(
        f'<rule key="label_{i}" filter={quoteattr(rule.where)}>{_label(rule)}</rule>'
        for i, rule in enumerate(rules)
        if rule.label
    )
    return _page(
        'type="RuleRenderer"',
        f'<rules key="rules">{drawn}</rules><symbols>{symbols}</symbols>',
        f'<labeling type="rule-based"><rules key="labels">{labels}</rules></labeling>',
    )


_UNTICKED = ' checkstate="0"'


def _label(rule: Rule) -> str:
    """The words of a rule, over its area, with a pale rim."""
    colour = RED if rule.struck else INK
    return (
        f'<settings calloutType="simple"><text-style fieldName={quoteattr(rule.label)}'
        f' isExpression="1" fontStrikeout="{int(rule.struck)}" textColor="{colour}"'
        ' fontFamily="Open Sans" namedStyle="Regular" fontSize="8" fontSizeUnit="Point"'
        ' fontWeight="50" fontItalic="0" fontUnderline="0" textOpacity="1" multilineHeight="1"'
        f' blendMode="0"><text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM"'
        f' bufferColor="{LAND}" bufferOpacity="1" bufferNoFill="1" bufferJoinStyle="128"'
        ' bufferBlendMode="0"/></text-style><text-format multilineAlign="3" wrapChar=""'
        ' autoWrapLength="0"/><placement placement="1" quadOffset="4" priority="5" dist="0"'
        ' offsetType="0" centroidInside="1" polygonPlacementFlags="2"/><rendering drawLabels="1"'
        ' displayAll="0" obstacle="0" scaleVisibility="0" limitNumLabels="0" minFeatureSize="0"'
        ' fontLimitPixelSize="0"/></settings>'
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
        if symbol.hatched:
            said = {"color": symbol.colour, "style": "b_diagonal", "outline_style": "solid",
                    "outline_color": symbol.colour, "outline_width": "0.3",
                    "outline_width_unit": "MM"}  # fmt: skip
    options = "".join(
        f'<Option type="QString" name="{key}" value="{value}"/>' for key, value in said.items()
    )
    props = "".join(f'<prop k="{key}" v="{value}"/>' for key, value in said.items())
    return (
        f'<symbol type="{kind}" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{simple}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{options}</Option>{props}</layer></symbol>'
    )
