"""Data cannot run, vendored files are the ones we think, and no page names an address."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from map_hostile import PAYLOADS
from ruamel.yaml import YAML

from corridor.library import share
from corridor.maps.offline import CREDITS, NotOffline, _Scan, asset, embed_json, gate, inline

LISTED = YAML(typ="safe", pure=True).load(share("maps", "assets", "assets.yaml"))["files"]
TEXT = st.one_of(st.text(), st.sampled_from(PAYLOADS), st.text(alphabet='<>&{}%#"\\/\u2028$`u'))
DATA = st.recursive(
    st.one_of(TEXT, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False,
                                                                       allow_infinity=False)),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(TEXT, inner)),
    max_leaves=12,
)  # fmt: skip


@given(DATA)
def test_embedded_data_come_back_and_hold_nothing_risky(data: object) -> None:
    text = embed_json(data)
    assert json.loads(text) == data
    assert text.isascii()
    assert not set("<>&") & set(text)
    for opening in ("{{", "{%", "{#", "%}", "#}"):
        assert opening not in text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_payload_survives_as_a_value_and_as_a_key(payload: str) -> None:
    data = {payload: [payload, {"name": payload}]}
    text = embed_json(data)
    assert json.loads(text) == data
    # Only structure is left of the braces: two objects.
    assert (text.count("{"), text.count("}")) == (2, 2)


def test_what_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        embed_json({"x": float("nan")})


@pytest.mark.parametrize(
    "planted",
    [
        '<script src="https://evil.invalid/x.js"></script>',
        "<script src=//evil.invalid/x.js></script>",
        '<link rel="stylesheet" href="http://evil.invalid/x.css">',
        '<a href="https://evil.invalid/">x</a>',
        '<img srcset="a.png 1x, //evil.invalid/b.png 2x">',
        "<p style=\"background: url('//evil.invalid/x.png')\">x</p>",
        "<style>@font-face { src: url(//evil.invalid/x.woff) }</style>",
        '<style>@import "https://evil.invalid/x.css";</style>',
        '<meta http-equiv="refresh" content="0; url=https://evil.invalid/">',
        '<script>box.innerHTML = "<img src=\\"https://evil.invalid/x.png\\">";</script>',
        "<script>img.src = 'https://evil.invalid/x.png';</script>",
        '<form action="ftp://evil.invalid/"></form>',
        '<svg><image xlink:href="//evil.invalid/x.png"/></svg>',
        '<script type="text/javascript">a.href="http://evil.invalid"</script>',
    ],
)
def test_the_gate_stops_a_planted_address(planted: str) -> None:
    with pytest.raises(NotOffline, match=r"evil\.invalid"):
        gate(f"<!DOCTYPE html><html><head></head><body>{planted}</body></html>")


PIECES = (
    '<td class="n">', "</td>", "<b>", '<g style="fill: none">', '<th title="a&#47;b">', "<br/>",
    '<a href="//evil.invalid/1">', "<p style='url(//evil.invalid/2)'>", '<i title="<b>">',
    '<a href="&#47;&#47;evil.invalid/3">', "<style>", "</style>", "<script>", "</script>",
    "<!--", "-->", "@import //evil.invalid/4;", "x.src=", "'//evil.invalid/5'", '<u x="', '"',
    "'", ">", "<", "text",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_is_passed_over_hides_no_address(html: str) -> None:
    """Tags that are plain at a glance are not read, and what is found is the same."""

    class Slow(_Scan):
        parse_starttag, parse_endtag = HTMLParser.parse_starttag, HTMLParser.parse_endtag

    found = []
    for kind in (_Scan, Slow):
        scan = kind(frozenset())
        scan.feed(html)
        scan.close()
        found.append(scan.found)
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "harmless",
    [
        '<p title="see https://example.org/">https://example.org/</p>',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        f'<a href="{CREDITS[0]}">Natural Earth</a>',
        '<script type="application/json">{"name":"src=http://x.invalid url(//y)"}</script>',
        "<script>// href is set from a list\nconst a = 'https://example.org/';</script>",
    ],
)
def test_the_gate_lets_text_and_data_and_credits_pass(harmless: str) -> None:
    gate(f"<html><body>{harmless}</body></html>")


def test_a_link_to_anything_not_vendored_is_refused() -> None:
    with pytest.raises(NotOffline, match="not listed"):
        inline('<script src="https://cdn.invalid/leaflet.js"></script>')


@pytest.mark.parametrize("name", LISTED)
def test_vendored_files_are_unchanged_and_licensed(name: str) -> None:
    assert asset(name)
    entry = LISTED[name]
    licence = share("maps", "assets", entry["licence_file"]).read_text(encoding="utf-8")
    assert "Redistribution" in licence
    assert entry["licence"].startswith("BSD")


def test_a_changed_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for source in share("maps", "assets").rglob("*"):
        if source.is_file():
            copy = tmp_path / "maps" / "assets" / source.relative_to(share("maps", "assets"))
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
    (tmp_path / "maps/assets/leaflet/leaflet.js").write_text("fetch('/')", encoding="utf-8")
    monkeypatch.setattr("corridor.maps.offline.share", lambda *parts: tmp_path.joinpath(*parts))
    with pytest.raises(NotOffline, match="differs from its sum"):
        asset("leaflet/leaflet.js")
    assert asset("leaflet/leaflet.css")
