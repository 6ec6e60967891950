"""Maps as SVG, for paper and slides: the same classes, borders and signs as the maps of the screen.

All lengths of a drawing are in its own units, of which :data:`WIDTH` go
across; names are written as text by the escaping of XML and never as tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.domain.territory import Territory
from territo.i18n import t
from territo.report.maps import ACCESS, CHANGE, View
from territo.report.names import short
from territo.report.palette import DIVERGING, SEQUENTIAL, STOP, SYMBOLS, UNKNOWN
from territo.report.wording import plain

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

WIDTH = 600.0
TALLEST = 600.0
MARGIN = 8.0
FOOT = 30.0
DETAIL = 0.8
FONT = "Source Sans Pro"
LABEL_LETTERS = 22
LETTER = 7.4
UNKNOWN_FILL = "#DDDDDD"
SCALE_SHARE = 0.2
# drawn from the least to the most important, so that a seat is never under a town hall
DRAWN_LEVELS = "maph"
SYMBOL_FILL = {"h": "#1B4F8A", "p": "#111111", "a": "#FFFFFF", "m": "#FFFFFF", "i": "#111111"}
# signs with a white line around them
DARK = "hpi"
# of a stop: share of its sign by which it is put above the sign of a seat or of an antenna
ABOVE = 0.9
METRES_PER_KM = 1_000.0
# class -> step between the lines of its hatch, their colour, their width
HATCHED = {"3": (12, "#7A3D00", 1.4), "4": (7, "#4A1D00", 1.5)}


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What all the maps of a territory share (n communes, k sites).

    Parameters
    ----------
    shapes
        n outlines in the units of the drawing, simplified together.
    paths
        n SVG paths of these outlines.
    places
        (k, 2) sites, in the units of the drawing.
    height
        Height of the ground, without the scale and the north under it.
    unit_m
        Metres in one unit.
    """

    shapes: tuple[BaseGeometry, ...]
    paths: tuple[str, ...]
    places: Floats
    height: float
    unit_m: float


def ground(territory: Territory) -> Ground:
    """Prepare the drawings of a territory."""
    import shapely

    outlines = np.array(territory.communes.outlines, dtype=object)
    west, south, east, north = shapely.total_bounds(outlines)
    unit = max((east - west) / (WIDTH - 2 * MARGIN), (north - south) / (TALLEST - 2 * MARGIN))
    left = (WIDTH - (east - west) / unit) / 2

    def to_units(xy: Floats) -> Floats:
        """Put metres in the units of the drawing, the north above."""
        return np.column_stack([(xy[:, 0] - west) / unit + left, (north - xy[:, 1]) / unit + MARGIN])

    simple = shapely.coverage_simplify(outlines, DETAIL * unit)
    shapes = shapely.transform(simple, to_units)
    return Ground(
        shapes=tuple(shapes),
        paths=tuple(map(path_of, shapes)),
        places=to_units(territory.sites.xy),
        height=(north - south) / unit + 2 * MARGIN,
        unit_m=float(unit),
    )


def drawing(base: Ground, view: View, lang: str, magnified: float = 1.0) -> str:
    """Draw one view: communes by class, borders of the territories, sites, names of the territories, scale, north.

    Parameters
    ----------
    base, view
        What is drawn.
    lang
        ``fr`` or ``en``.
    magnified
        Size of signs, letters and lines, above 1 for a drawing that will be
        printed small.
    """
    height = base.height + FOOT * magnified
    box = f'viewBox="0 0 {WIDTH:g} {height:.1f}" width="{WIDTH:g}" height="{height:.1f}"'
    line = f'fill="none" stroke="#111" stroke-width="{2.6 * magnified**0.5:.2f}" stroke-linejoin="round"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}>',
        _hatches(magnified),
        *_communes(base, view),
        f'<path d="{_borders(base, view.territories)}" {line}/>',
        *_sites(base, view.levels, magnified),
        *_stops(base, view, magnified),
        *_labels(base, view, magnified),
        _scale(base, lang, magnified),
        _north(base, lang, magnified),
        "</svg>",
    ]
    return "\n".join(parts)


def locator(base: Ground) -> str:
    """Draw the territory as the ground of a locator map, left open for the shape that it locates."""
    outline = _borders(base, [0] * len(base.shapes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {base.height:.1f}" '
        f'width="{WIDTH:g}" height="{base.height:.1f}"><path d="{"".join(base.paths)}" fill="#EEF1F5" '
        f'stroke="#B8C0CC" stroke-width="1.5"/><path d="{outline}" fill="none" stroke="#5A6472" stroke-width="4"/>'
    )


def path_of(shape: BaseGeometry) -> str:
    """Write the polygons of a shape as one SVG path."""
    import shapely

    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(_ring(shapely.get_coordinates(ring)) for ring in rings)


def fills(palette: str) -> tuple[str, ...]:
    """List the colours of the classes of a palette."""
    return SEQUENTIAL if palette == ACCESS else DIVERGING


def swatch(palette: str, code: int) -> str:
    """Draw one class of a legend."""
    box = "M.5,.5h25v13h-25z"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 14" width="26" height="14">'
        f'{_hatches()}{_filled(box, palette, str(code))}<path d="{box}" fill="none" stroke="#555"/></svg>'
    )


def symbol(level: str) -> str:
    """Draw the sign of a level of sites, for a legend."""
    size, path = SYMBOLS[level]
    half = 11 - size / 2
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 24 24" width="22" height="22">'
        f'<g transform="translate({half:g} {half:g})">{_sign(level, path)}</g></svg>'
    )


def _ring(vertices: Floats) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in vertices[:-1].tolist())
    return f"M{points}Z"


def _communes(base: Ground, view: View) -> Iterable[str]:
    for path, code in zip(base.paths, view.classes, strict=True):
        yield _filled(path, view.palette, code)
    for path in base.paths:
        yield f'<path d="{path}" fill="none" stroke="#fff" stroke-width=".9"/>'


def _filled(path: str, palette: str, code: str) -> str:
    """Fill a path with the colour of its class, and hatch it where the class loses."""
    fill = UNKNOWN_FILL if code == UNKNOWN else fills(palette)[int(code)]
    hatch = f'<path d="{path}" fill="url(#hatch{code})"/>' if palette == CHANGE and code in HATCHED else ""
    return f'<path d="{path}" fill="{fill}"/>{hatch}'


def _borders(base: Ground, territories: Sequence[int] | Ints) -> str:
    """Draw the territories' own borders; without territories, the border of the whole."""
    import shapely

    belongs = np.asarray(territories)
    shapes = np.array(base.shapes, dtype=object)
    return "".join(path_of(shapely.coverage_union_all(shapes[belongs == seat])) for seat in np.unique(belongs))


def _sites(base: Ground, levels: str, magnified: float) -> Iterable[str]:
    for drawn in DRAWN_LEVELS:
        size, path = SYMBOLS[drawn]
        half = size * magnified / 2
        for (x, y), level in zip(base.places.tolist(), levels, strict=False):
            if level == drawn:
                place = f"translate({x - half:.1f} {y - half:.1f}) scale({magnified:g})"
                yield f'<g transform="{place}">{_sign(level, path)}</g>'


def _stops(base: Ground, view: View, magnified: float) -> Iterable[str]:
    """Draw the itinerant stops: on a town hall in its place, above any larger sign."""
    size, path = SYMBOLS[STOP]
    for stop in view.stops:
        x, y = base.places[stop.site].tolist()
        up = ABOVE * size if view.levels[stop.site] in "hpa" else 0.0
        place = f"translate({x - size * magnified / 2:.1f} {y - (size / 2 + up) * magnified:.1f}) scale({magnified:g})"
        yield f'<g transform="{place}">{_sign(STOP, path)}</g>'


def _sign(level: str, path: str) -> str:
    outline = "#fff" if level in DARK else "#111"
    width = 2.4 if level in DARK else 1.2
    return (
        f'<path d="{path}" fill="none" stroke="{outline}" stroke-width="{width * 2:g}" stroke-linejoin="round"/>'
        f'<path d="{path}" fill="{SYMBOL_FILL[level]}"/>'
    )


def _labels(base: Ground, view: View, magnified: float) -> Iterable[str]:
    for label in view.labels:
        name = short(label.name, LABEL_LETTERS)
        half = len(name) * LETTER / 2 + 10
        room = half * magnified + 2
        x, y = base.places[label.site].tolist()
        x = min(max(x, room), WIDTH - room)
        y = min(y + 12 * magnified, base.height - 22 * magnified)
        yield (
            f'<g transform="translate({x:.1f} {y:.1f}) scale({magnified:g})">'
            f'<rect x="{-half:.1f}" y="0" width="{2 * half:.1f}" height="20" rx="3" fill="#fff" stroke="#8A93A0"/>'
            f'<rect x="{-half:.1f}" y="0" width="7" height="20" fill="{label.colour}"/>'
            f'<text x="3" y="14.5" text-anchor="middle" font-family="{FONT}" font-size="14.5" '
            f'font-weight="600" fill="#1D2430">{escape(name)}</text></g>'
        )


def _scale(base: Ground, lang: str, magnified: float) -> str:
    km = round_km(WIDTH * SCALE_SHARE * magnified**0.5 * base.unit_m / METRES_PER_KM)
    length = km * METRES_PER_KM / base.unit_m / magnified
    said = t("page.unit.km", lang, value=plain(km, 0 if km >= 1 else 1, lang))
    return (
        f'<g transform="translate({MARGIN:g} {base.height:.1f}) scale({magnified:g})">'
        f'<path d="M0,10v5h{length:.1f}v-5" fill="none" stroke="#111" stroke-width="1.4"/>'
        f'<text x="{length + 6:.1f}" y="16" font-family="{FONT}" font-size="14" '
        f'fill="#1D2430">{escape(said)}</text></g>'
    )


def round_km(largest: float) -> float:
    """Round a length down to 1, 2 or 5 times a power of ten, for a scale bar."""
    power = 10.0 ** np.floor(np.log10(largest))
    return float(max(step * power for step in (1.0, 2.0, 5.0) if step * power <= largest))


def _north(base: Ground, lang: str, magnified: float) -> str:
    place = f"translate({WIDTH - MARGIN - 8 * magnified:.1f} {base.height:.1f}) scale({magnified:g})"
    return (
        f'<g transform="{place}"><path d="M0,3l6,14l-6,-4l-6,4z" fill="#1D2430"/>'
        f'<text x="-11" y="15" text-anchor="end" font-family="{FONT}" font-size="14" '
        f'fill="#1D2430">{escape(t("page.north", lang))}</text></g>'
    )


def _hatches(magnified: float = 1.0) -> str:
    """Define the hatches of the two classes that lose: colour never stands alone."""
    turned = f'patternUnits="userSpaceOnUse" patternTransform="rotate(45) scale({magnified:g})"'
    patterns = (
        f'<pattern id="hatch{code}" width="{step}" height="{step}" {turned}>'
        f'<path d="M{step / 2:g},0v{step}" stroke="{ink}" stroke-width="{width}"/></pattern>'
        for code, (step, ink, width) in HATCHED.items()
    )
    return f"<defs>{''.join(patterns)}</defs>"
