"""The promise of an offline page: it asks for nothing, and data never become code."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

from markupsafe import Markup

LINKING = frozenset({"src", "href", "srcset", "data", "poster", "action", "formaction", "background", "xlink:href"})
DATA_TYPE = "application/json"
OUTSIDE_STYLE = re.compile(r"@import|url\(\s*[\"']?(?!#|data:)", re.IGNORECASE)
OUTSIDE_SCRIPT = re.compile(
    r"\bfetch\s*\(|XMLHttpRequest|WebSocket\b|sendBeacon|\bimport\s*\(|(?:src|href)\s*=\s*\\?[\"'](?:https?:)?//",
)


class OutsideLinkError(ValueError):
    """A page that should stand alone would ask for another file."""


def refuse_outside_links(html: str) -> str:
    """Return the page unchanged, or raise if it holds anything that loads from elsewhere.

    Looks at the attributes that load or link, at ``url()`` and ``@import`` of
    the styles, and at the calls of the scripts that open a connection. Text
    and JSON data are not looked at: they load nothing.

    Raises
    ------
    OutsideLinkError
        With every link found.
    """
    finder = _LinkFinder()
    finder.feed(html)
    finder.close()
    if finder.found:
        raise OutsideLinkError(f"the page is not self-contained: {'; '.join(finder.found)}")
    return html


def json_for_html(data: object) -> Markup:
    r"""Serialise data so that no name can close its ``<script>``: ``<`` becomes ``\u003c``."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    escaped = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(escaped)  # noqa: S704 - the three characters that HTML reads are escaped on the line above


class _LinkFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            inert = value.strip().startswith(("#", "data:image/")) or not value.strip()
            if name in LINKING and not inert:
                self.found.append(f"<{tag} {name}={value[:80]!r}>")
            if name == "style":
                self._look(OUTSIDE_STYLE, value)
        self._inside = "" if values.get("type") == DATA_TYPE else tag

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self._look(OUTSIDE_STYLE, data)
        if self._inside == "script":
            self._look(OUTSIDE_SCRIPT, data)

    def _look(self, pattern: re.Pattern[str], text: str) -> None:
        self.found += [
            f"{match.group()} in {text[max(match.start() - 20, 0) : match.end() + 40]!r}"
            for match in pattern.finditer(text)
        ]
