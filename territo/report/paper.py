"""PDF pages and pictures, set by Typst from a template and facts.

Facts reach a template as JSON: they are values, never markup, so that a name
which looks like a command stays a name. Fonts are Source Sans Pro (SIL Open
Font Licence), read from the installed distribution that carries it; the fonts
of the machine are never used, so that every machine sets the same pages.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path
from typing import Final

import typst

from territo.errors import SourceUnavailableError, fault

FONT_DISTRIBUTION = "font-source-sans-pro"
FONT_FOLDER = "font_source_sans_pro/files"
FONT = "Source Sans Pro"
STANDARD: Final = "ua-1"
POINTS_PER_INCH = 72.0
NO_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
PICTURE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#set text(font: "Source Sans Pro")
#image(bytes(sys.inputs.svg), format: "svg", width: 600pt)
"""


def pdf(template: str, facts: Mapping[str, object], date: str = "") -> bytes:
    """Set a template as a tagged PDF (PDF/UA-1).

    Parameters
    ----------
    template
        Name of a file of ``assets``, without ``.typ``.
    facts
        What the template reads, as JSON holds it.
    date
        ISO date of the results, the date of the document; the same facts
        and date give the same bytes.
    """
    return typst.compile(
        _assets() / f"{template}.typ",
        root=_assets(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False, allow_nan=False)},
        format="pdf",
        pdf_standards=STANDARD,
        timestamp=_timestamp(date),
    )


def png(svg: str, width: int) -> bytes:
    """Draw an SVG picture as PNG, so many pixels across, for what cannot hold SVG."""
    return typst.compile(
        PICTURE,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"svg": svg},
        format="png",
        ppi=width / 600.0 * POINTS_PER_INCH,
    )


def _timestamp(date: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(date)
    except ValueError:
        return NO_DATE
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


@cache
def _assets() -> Path:
    return Path(str(files("territo.report") / "assets"))


@cache
def _fonts() -> typst.Fonts:
    """Find the fonts.

    Raises
    ------
    SourceUnavailableError
        The distribution is not installed, or does not hold them.
    """
    try:
        folder = Path(str(distribution(FONT_DISTRIBUTION).locate_file(FONT_FOLDER)))
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
    except PackageNotFoundError:
        found = None
    if found is None or FONT not in found.families():
        sentence = "the fonts of {distribution} are not installed: install the dependencies of territo again"
        raise SourceUnavailableError(fault("fonts-missing", sentence, distribution=FONT_DISTRIBUTION))
    return found
