"""The files that come with the application: styles and scripts."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from importlib.resources import files


@cache
def asset(name: str) -> str:
    """Read a file of this package."""
    return files("territo.ui").joinpath(f"assets/{name}").read_text(encoding="utf-8")


def picture(svg: str) -> str:
    """Write an SVG picture as an address, for an image that asks for nothing."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
