"""Leaflet, read from the distribution that carries it, ready to be inlined in a page.

The files come with the installed distribution ``django-leaflet``; nothing of
it is imported, and none of its files is kept in this project.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from territo.errors import SourceUnavailableError, fault

DISTRIBUTION = "django-leaflet"
FOLDER = "leaflet/static/leaflet/"
PICTURE_RULE = re.compile(r"[\w-]+\s*:\s*url\([^)]*\)[^;}]*;?")
SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S*\s*$")


@dataclass(frozen=True, slots=True)
class Leaflet:
    """The two files of Leaflet, without any link to another file.

    Parameters
    ----------
    script
        JavaScript, its licence notice kept at the top.
    style
        CSS, without the rules that load pictures.
    """

    script: str
    style: str


@cache
def leaflet() -> Leaflet:
    """Read Leaflet 1.9 from the installed distribution.

    Raises
    ------
    SourceUnavailableError
        The distribution is not installed, or does not hold the files.
    """
    script = SOURCE_MAP.sub("", _read("leaflet.js")).replace('href="https://leafletjs.com"', 'href="#"')
    return Leaflet(script, PICTURE_RULE.sub("", _read("leaflet.css")))


def _read(name: str) -> str:
    try:
        files = distribution(DISTRIBUTION).files or []
    except PackageNotFoundError:
        files = []
    for file in files:
        if str(file) == FOLDER + name:
            return Path(str(file.locate())).read_text(encoding="utf-8")
    raise SourceUnavailableError(
        fault(
            "leaflet-missing",
            "{name} of {distribution} is not installed: install the dependencies of territo again",
            name=name,
            distribution=DISTRIBUTION,
        )
    )
