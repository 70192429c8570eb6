"""Drawing office: one file that opens with the network off, and data that can never run."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from html.parser import HTMLParser
from typing import Any

from ruamel.yaml import YAML

from corridor.library import share

__all__ = ["CREDITS", "POLICY", "NotOffline", "asset", "embed_json", "gate", "inline"]

#: The only addresses a page may name, and only as links a reader chooses to follow.
CREDITS = (
    "https://www.naturalearthdata.com/",
    "https://www.geonames.org/",
    "https://www.openstreetmap.org/copyright",
    "https://www.ngdc.noaa.gov/mgg/topo/globe.html",
    "https://leafletjs.com",
)

#: The browser enforces what `gate` checks: inline text and data images load, nothing else.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"')
_RISKY = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&{}\u2028\u2029"})

_LINKED = re.compile(
    r'<script src="([^"]*)"></script>|<link rel="stylesheet" href="([^"]*)"\s*/?>', re.IGNORECASE
)
_ADDRESS = r"((?:[a-z][a-z0-9+.-]*:)?//[^\s\"'`()<>\\]*)"
_IN_STYLE = re.compile(rf"(?:url\(|@import)\s*[\"']?\s*{_ADDRESS}", re.IGNORECASE)
_IN_SCRIPT = re.compile(
    rf"(?:\b(?:src|href|srcset|action)\s*=|url\(|@import)\s*\\?[\"'`]?\s*{_ADDRESS}", re.IGNORECASE
)
_IN_ATTRIBUTE = re.compile(rf"(?:^|[\s,=;'\"(]){_ADDRESS}", re.IGNORECASE)
#: Tags that can name no address; nine of ten in a report.
_PLAIN = re.compile(r"</?(?:b|dd|div|dt|g|li|small|span|t[dhr]|wbr)(?: [a-z-]+=\"[^\"&/<>]*\")*>")
_LOADING = frozenset(
    [
        "src",
        "href",
        "srcset",
        "poster",
        "data",
        "action",
        "formaction",
        "background",
        "ping",
        "style",
        "content",
        "codebase",
        "manifest",
        "xlink:href",
    ]
)


class NotOffline(Exception):
    """A page would reach for the network, or carries a vendored file that was changed.

    It is a fault of ours, never of what a user wrote: text of users cannot reach this place.
    """


def embed_json(data: Any) -> str:
    r"""`data` as JSON that may stand inside ``<script type="application/json">`` or a template.

    Inside every string, keys included, ``< > & { }`` and the line separators U+2028 and U+2029
    are written as ``\uXXXX``; all other non-ASCII characters too. So no text can close the
    element, open a comment or open a template expression, and parsing gives back `data`.

    Parameters
    ----------
    data : Any
        Dicts, lists, strings, numbers, booleans and None.

    Raises
    ------
    ValueError
        For NaN and infinity, which JSON does not know.

    Examples
    --------
    >>> embed_json({"name": "</script>{{1}}"})
    '{"name":"\\u003c/script\\u003e\\u007b\\u007b1\\u007d\\u007d"}'
    """
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    # Only inside string tokens: a brace that is structure must stay a brace.
    return _TOKEN.sub(lambda token: token[0].translate(_RISKY), text)


def asset(name: str) -> str:
    """The text of a vendored file, after its SHA-256 is checked against ``assets.yaml``.

    Images that a vendored style names relative to itself are not carried; they are blanked,
    because nothing here is drawn with them and a request for them would be refused.

    Parameters
    ----------
    name : str
        A key of ``maps/assets/assets.yaml``, such as ``leaflet/leaflet.js``.

    Raises
    ------
    NotOffline
        If the file is not listed, was changed, or would end the element it is put in.
    """
    listed = YAML(typ="safe", pure=True).load(
        share("maps", "assets", "assets.yaml").read_text(encoding="utf-8")
    )["files"]
    if name not in listed:
        raise NotOffline(f"{name} is not listed in maps/assets/assets.yaml")
    content = share("maps", "assets", *name.split("/")).read_bytes()
    if hashlib.sha256(content).hexdigest() != listed[name]["sha256"]:
        raise NotOffline(f"{name} differs from its sum in maps/assets/assets.yaml")
    text = content.decode("utf-8").replace("\r\n", "\n")
    if re.search(r"</(script|style)", text, re.IGNORECASE):
        raise NotOffline(f"{name} would end the element it is inlined in")
    if name.endswith(".css"):
        return re.sub(r"url\(images/[a-z0-9-]+\.png\)", "none", text)
    return re.sub(r"(?m)^//# sourceMappingURL=.*$", "", text)


def inline(html: str) -> str:
    """Put the vendored text in place of each linked script and style.

    Raises
    ------
    NotOffline
        For any link whose address is not a vendored file, so that an upgrade of the map library
        cannot bring a remote host back.
    """

    def replace(link: re.Match[str]) -> str:
        if link[1] is not None:
            return f"<script>{asset(link[1])}</script>"
        return f"<style>{asset(link[2])}</style>"

    return _LINKED.sub(replace, html)


def gate(html: str, allowed: Collection[str] = CREDITS) -> None:
    """The last look at a finished page: nothing in it may load from an address.

    Attributes that load or link, styles and scripts are scanned; JSON data are not, because a
    browser does nothing with them.

    Parameters
    ----------
    html : str
        The whole page.
    allowed : collection of str
        Addresses that may stand in links.

    Raises
    ------
    NotOffline
        If any other address stands where a browser could follow or fetch it.
    """
    scan = _Scan(frozenset(allowed))
    scan.feed(html)
    scan.close()
    if scan.found:
        raise NotOffline("the page names addresses: " + ", ".join(sorted(set(scan.found))[:5]))


class _Scan(HTMLParser):
    """Collects every address outside the allow-list from attributes, styles and scripts."""

    def __init__(self, allowed: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._allowed = allowed
        self._inside: re.Pattern[str] | None = None

    def parse_starttag(self, i: int) -> int:
        """Pass over what is plain at a glance; the rest is read attribute by attribute."""
        plain = _PLAIN.match(self.rawdata, i)
        return plain.end() if plain else super().parse_starttag(i)

    def parse_endtag(self, i: int) -> int:
        """The same of the end of an element."""
        plain = _PLAIN.match(self.rawdata, i)
        return plain.end() if plain else super().parse_endtag(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        for name, value in attrs:
            if name in _LOADING or name.startswith("on"):
                self._collect(_IN_ATTRIBUTE, value or "")
        if tag == "style":
            self._inside = _IN_STYLE
        elif tag == "script" and values.get("type") != "application/json":
            self._inside = _IN_SCRIPT

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside is not None:
            self._collect(self._inside, data)

    def _collect(self, pattern: re.Pattern[str], text: str) -> None:
        self.found += [a for a in pattern.findall(text) if a not in self._allowed]
