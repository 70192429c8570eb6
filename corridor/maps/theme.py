"""Drawing office: the one theme that map, charts and report share, read from maps/theme.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from corridor.faults import Faults, did_you_mean
from corridor.library import share

__all__ = ["Marks", "Palette", "Theme", "css_variables", "hue", "load"]

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
# Letters, digits, commas, hyphens, spaces and single quotes: no character that can end a
# declaration, open a comment or name an address.
_FONTS = re.compile(r"[A-Za-z0-9,' -]+", re.ASCII)


@dataclass(frozen=True)
class Palette:
    """The colours of one mode (light or dark), each ``#rrggbb``."""

    paper: str
    panel: str
    ink: str
    ink_soft: str
    ink_faint: str
    rule: str
    base: str
    base_text: str
    other: str
    other_text: str
    further: str
    cited: str
    closed: str
    storm: str
    assumed: str
    focus: str
    land: str
    water: str
    border: str
    disputed: str
    label: str
    trade: str


@dataclass(frozen=True)
class Marks:
    """Line widths and gaps in screen pixels, and the opacity (0 to 1) of an uncertainty band."""

    hatch_gap: float
    hatch_width: float
    storm_width: float
    assumed_width: float
    line_width: float
    band_opacity: float


@dataclass(frozen=True)
class Theme:
    """Fonts (as CSS font stacks), the light and the dark palette, and the marks."""

    text_font: str
    figures_font: str
    light: Palette
    dark: Palette
    marks: Marks


def load(path: Path | None = None) -> Theme:
    """Read and check the theme.

    Parameters
    ----------
    path : Path, optional
        Another theme file; by default the bundled ``maps/theme.yaml``.

    Raises
    ------
    Faults
        If a colour, font or mark is missing, unknown or not of the allowed form.

    Examples
    --------
    >>> load().light.base
    '#0b5cad'
    """
    file = path or share("maps", "theme.yaml")
    data = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    where = file.name
    _names(data, {"schema", "fonts", "light", "dark", "marks"}, where)
    _names(data["fonts"], {"text", "figures"}, f"{where}: fonts")
    return Theme(
        text_font=_match(_FONTS, data["fonts"]["text"], f"{where}: fonts.text"),
        figures_font=_match(_FONTS, data["fonts"]["figures"], f"{where}: fonts.figures"),
        light=_palette(data["light"], f"{where}: light"),
        dark=_palette(data["dark"], f"{where}: dark"),
        marks=_marks(data["marks"], f"{where}: marks"),
    )


def css_variables(theme: Theme) -> str:
    """The theme as CSS custom properties: ``--ink-soft`` and so on, light, dark and print.

    The text holds nothing but checked colours, fonts and numbers, so it may stand in any style
    element. Print always takes the light palette.
    """
    fonts = f"--text-font:{theme.text_font};--figures-font:{theme.figures_font};"
    light = "color-scheme:light;" + _declare(asdict(theme.light))
    dark = "color-scheme:dark;" + _declare(asdict(theme.dark))
    return (
        f":root {{{fonts}{_declare(asdict(theme.marks))}{light}}}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{{dark}}} }}\n"
    )


def hue(index: int) -> str:
    """The palette's name for scenario number `index`: base, other, and ``further`` for the rest.

    >>> [hue(i) for i in range(4)]
    ['base', 'other', 'further', 'further']
    """
    return ("base", "other", "further")[min(index, 2)]


def _palette(data: Any, where: str) -> Palette:
    names = {field.name for field in fields(Palette)}
    _names(data, names, where)
    return Palette(**{name: _match(_COLOUR, data[name], f"{where}.{name}") for name in names})


def _marks(data: Any, where: str) -> Marks:
    names = {field.name for field in fields(Marks)}
    _names(data, names, where)
    for name in names:
        value = data[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 20:
            raise Faults.one("must be a number above 0 and at most 20", f"{where}.{name}")
    return Marks(**{name: float(data[name]) for name in names})


def _names(data: Any, wanted: set[str], where: str) -> None:
    if not isinstance(data, dict):
        raise Faults.one("must be a mapping", where)
    for name in data:
        if name not in wanted:
            raise Faults.one(f"unknown name{did_you_mean(str(name), wanted)}", f"{where}.{name}")
    for name in sorted(wanted - set(data)):
        raise Faults.one("is missing", f"{where}.{name}")


def _match(pattern: re.Pattern[str], value: Any, where: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Faults.one(f"{value!r} is not of the form {pattern.pattern}", where)
    return value


def _declare(values: Mapping[str, object]) -> str:
    return "".join(f"--{name.replace('_', '-')}:{value};" for name, value in values.items())
