"""Report room, charts: from a matplotlib figure to an SVG that takes the page's own colours."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from xml.etree import ElementTree

from markupsafe import Markup

from corridor.maps import theme
from corridor.report.tables import Table
from corridor.report.terms import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "COLOUR",
    "NARROW",
    "WIDE",
    "Chart",
    "Paint",
    "axis_words",
    "chart",
    "dashes",
    "open_axes",
    "safe",
    "tint",
]

WIDE, NARROW = 720, 358  # page pixels; one unit of the drawing is one pixel of the page

# Stand-in colours: matplotlib is given these, and the page puts its theme's variables in their
# place, so that one drawing serves light, dark and print.
_STANDINS = (
    "paper",
    "ink",
    "ink-soft",
    "ink-faint",
    "rule",
    "base",
    "base-text",
    "other",
    "other-text",
    "further",
    "closed",
    "storm",
    "panel",
)
COLOUR = {name: f"#c0ffe{i:x}" for i, name in enumerate(_STANDINS)}
_VARIABLE = {hexa: f"var(--{name})" for name, hexa in COLOUR.items()}

_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_FONT = re.compile(r"font: ?(?:(bold|[0-9]{3}) )?([0-9.]+)px[^;]*")
_FAMILY = re.compile(r"font-family: [^;]*;? ?")
_HEX = re.compile("|".join(_VARIABLE))
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_RC: dict[Any, Any] = {
    "svg.hashsalt": "corridor",
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": ["DejaVu Sans"],
    "font.size": 12.0,
    "axes.unicode_minus": True,
    "path.simplify": True,
    "hatch.linewidth": 1.0,
    "text.usetex": False,
}

Paint: TypeAlias = "Callable[[Figure, bool], None]"


@dataclass(frozen=True)
class Chart:
    """A figure of the page: its finding, what is shown, its source, both drawings, its data."""

    key: str
    title: str
    subtitle: str
    note: str
    wide: Markup
    narrow: Markup
    table: Table | None


def chart(
    key: str,
    paint: Paint,
    heights: tuple[int, int],
    title: str,
    subtitle: str,
    note: str,
    table: Table | None = None,
) -> Chart:
    """Draw one chart twice, wide and narrow.

    Parameters
    ----------
    key : str
        Prefix of every id in the drawing; fixed by us, never from data.
    paint : callable
        Given an empty figure and whether it is the narrow one, draws on it.
    heights : (int, int)
        Pixels of the wide and of the narrow drawing.
    title, subtitle, note : str
        The finding; what is shown, with unit and period; the source.
    """
    said = f"{title}. {subtitle}."
    wide = _render(f"{key}-w", paint, (WIDE, heights[0]), False, said)
    narrow = _render(f"{key}-n", paint, (NARROW, heights[1]), True, said)
    return Chart(key, title, subtitle, note, wide, narrow, table)


def open_axes(ax: Axes, *, grid: bool = True) -> None:
    """The house style: no box, a hairline grid across, quiet tick labels."""
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(COLOUR["ink-faint"])
    ax.tick_params(colors=COLOUR["ink-soft"], length=3, width=0.8, labelsize=12, pad=3)
    ax.tick_params(axis="y", length=0)
    ax.patch.set_visible(False)
    if grid:
        ax.grid(axis="y", color=COLOUR["rule"], linewidth=0.8)
        ax.set_axisbelow(True)


def axis_words(ax: Axes, text: str, over: bool, dx: float = 0.0) -> None:
    """What an axis measures: over the axes from their left end, or centred under their ticks."""
    ax.annotate(
        text,
        (0 if over else 0.5, 1 if over else 0),
        xycoords="axes fraction",
        xytext=(dx, 8 if over else -26),
        textcoords="offset points",
        ha="left" if over else "center",
        va="baseline" if over else "top",
        color=COLOUR["ink-soft"],
    )


def tint(index: int, text: bool = False) -> str:
    """The stand-in colour of scenario number `index`, for lines or for text."""
    name = theme.hue(index)
    return COLOUR[f"{name}-text"] if text and name != "further" else COLOUR[name]


def dashes(index: int) -> Any:
    """The line style of scenario number `index`: beyond the two hues, lines differ by dashes."""
    return "-" if index < 3 else (0, ((6, 2), (2, 2), (6, 2, 1, 2))[(index - 3) % 3])


def safe(text: str, limit: int = 60) -> str:
    """Data text fit for a drawing: one line, no control characters, not longer than `limit`.

    >>> safe("a\\x00b")
    'a\\\\x00b'
    """
    shown = visible(" ".join(text.split()))
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def _render(prefix: str, paint: Paint, size: tuple[int, int], narrow: bool, label: str) -> Markup:
    import matplotlib as mpl  # half a second: only who draws reads it in
    from matplotlib.figure import Figure

    buffer = io.BytesIO()
    with mpl.rc_context(_RC), warnings.catch_warnings():
        # The page's own fonts draw the text; that the measuring font lacks a letter is no matter.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(size[0] / 72, size[1] / 72), dpi=72)
        figure.patch.set_visible(False)
        paint(figure, narrow)
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return _adopted(buffer.getvalue().decode("utf-8"), prefix, size, label)


def _adopted(text: str, prefix: str, size: tuple[int, int], label: str) -> Markup:
    """The drawing without prologue, metadata and idle ids, in the page's colours and fonts."""
    root = ElementTree.fromstring(text)
    for parent in list(root.iter()):
        for unwanted in parent.findall(_SVG + "metadata") + parent.findall(_SVG + "style"):
            parent.remove(unwanted)
    names = _names(root, prefix)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        identity = element.attrib.pop("id", "")
        if identity in names:
            element.set("id", names[identity])
        if link := element.attrib.pop(_LINK, ""):
            element.set("href", "#" + names[link[1:]])
        for key, value in element.attrib.items():
            if key not in ("d", "points", "id", "href"):
                element.set(key, _restyled(value, names))
    root.attrib.clear()
    root.attrib.update(
        {
            "viewBox": f"0 0 {size[0]} {size[1]}",
            "width": str(size[0]),
            "height": str(size[1]),
            "role": "img",
            "aria-label": visible(label),
        }
    )
    # Text in an XML tree is escaped as it is written; nothing here is compiled or parsed again.
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _names(root: ElementTree.Element, prefix: str) -> dict[str, str]:
    """New names, in order of first use, of the ids that something refers to."""
    used: dict[str, str] = {}
    for element in root.iter():
        found = [m for v in element.attrib.values() for m in _REFERENCE.findall(v)]
        if link := element.attrib.get(_LINK, ""):
            found.append(link[1:])
        for name in found:
            used.setdefault(name, f"{prefix}{len(used)}")
    return used


def _restyled(value: str, names: dict[str, str]) -> str:
    """An attribute with new ids, the page's colours, and sizes of text but no family."""
    value = _REFERENCE.sub(lambda m: f"url(#{names[m[1]]})", value)
    value = _FONT.sub(_size, _FAMILY.sub("", value))
    return _HEX.sub(lambda m: _VARIABLE[m[0]], value)


def _size(font: re.Match[str]) -> str:
    return f"font-size:{font[2]}px" + (f";font-weight:{font[1]}" if font[1] else "")
