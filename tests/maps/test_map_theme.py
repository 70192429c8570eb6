"""The theme: only checked colours, fonts and numbers, and hues that can be told apart."""

from __future__ import annotations

import pytest

from corridor.faults import Faults
from corridor.library import share
from corridor.maps.theme import Palette, css_variables, hue, load


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.1)."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.1)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [load().light, load().dark], ids=["light", "dark"])
def test_words_can_be_read_and_marks_be_seen(palette: Palette) -> None:
    for name in ("ink", "ink_soft", "ink_faint", "base_text", "other_text", "storm"):
        assert contrast(getattr(palette, name), palette.paper) >= 4.5, name
        assert contrast(getattr(palette, name), palette.panel) >= 4.5, name
    assert contrast(palette.label, palette.land) >= 4.5
    for name in ("base", "other", "cited", "disputed"):
        assert contrast(getattr(palette, name), palette.land) >= 3, name


@pytest.mark.parametrize("palette", [load().light, load().dark], ids=["light", "dark"])
def test_two_hues_differ_even_in_grey(palette: Palette) -> None:
    assert contrast(palette.base, palette.other) >= 1.35


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('paper: "#fbfaf7"', 'paper: "red;} body{display:none"'),
        ('paper: "#fbfaf7"', 'paper: "url(http://evil.invalid)"'),
        ('paper: "#fbfaf7"', 'paper: "#fbfaf7\\n"'),
        ('paper: "#fbfaf7"', 'papper: "#fbfaf7"'),
        ("text: system-ui", "text: x;}</style>"),
        ("hatch_gap: 5", "hatch_gap: true"),
        ("hatch_gap: 5", "hatch_gap: -1"),
        ("band_opacity: 0.18", ""),
        ("schema:", "extra: 1\nschema:"),
    ],
)
def test_a_theme_that_could_break_a_style_is_refused(tmp_path, old: str, new: str) -> None:
    text = share("maps", "theme.yaml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "theme.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Faults):
        load(file)


def test_a_misspelt_name_gets_its_remedy(tmp_path) -> None:
    text = share("maps", "theme.yaml").read_text(encoding="utf-8")
    file = tmp_path / "theme.yaml"
    file.write_text(text.replace("  storm:", "  strom:", 1), encoding="utf-8")
    with pytest.raises(Faults, match="did you mean 'storm'"):
        load(file)


def test_css_has_light_and_dark_values() -> None:
    theme = load()
    css = css_variables(theme)
    assert f"--ink-soft:{theme.light.ink_soft};" in css
    assert f"--ink-soft:{theme.dark.ink_soft};" in css.partition("dark")[2]
    assert css.count("{") == css.count("}")
    assert "<" not in css


def test_only_two_regimes_have_a_hue() -> None:
    assert [hue(k) for k in range(4)] == ["base", "other", "further", "further"]
