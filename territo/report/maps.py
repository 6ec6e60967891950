"""One Folium map per scenario, without any file from outside.

Outlines, names and places are sent once in the page (:func:`map_data`); a
map then only brings strings of one character per commune and per site. Names
that come from data reach the page as JSON and are written by ``textContent``:
they are never HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files

import folium
from branca.element import Element, MacroElement
from folium.template import Template

from territo.domain.territory import Territory
from territo.i18n import t
from territo.report.outlines import encoded_outlines, encoded_points
from territo.report.palette import SYMBOLS

ACCESS, CHANGE = "access", "change"
WORDS = ("level_h", "level_p", "level_a", "level_m", "level_i", "zoom_in", "zoom_out")


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a territory on a map: index of the seat's site, text, colour."""

    site: int
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Mark:
    """An itinerant stop on a map: index of its site, and the lines under the name of the place."""

    site: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What one map shows, besides the outlines that all maps share.

    Parameters
    ----------
    id
        Letters and digits only: part of a JavaScript name.
    label
        Said by screen readers.
    palette
        ``access`` or ``change``; maps of one palette move together.
    classes
        One character a commune, see :mod:`territo.report.palette`.
    tips
        Lines of the tooltip of each commune, under its name.
    territories
        Index of the seat's site of each commune, -1 without territories.
    levels
        One character a site: ``h`` headquarters, ``p`` pole, ``a`` antenna,
        ``m`` town hall or depot, ``.`` closed.
    labels
        Names of the territories.
    stops
        Itinerant stops, drawn beside the sign of an open site.
    """

    id: str
    label: str
    palette: str
    classes: str
    tips: Sequence[Sequence[str]]
    territories: Sequence[int]
    levels: str
    labels: Sequence[Label]
    stops: Sequence[Mark] = ()


class ScenarioLayer(MacroElement):
    """Calls our drawing function for one map; brings no link and no name."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "territo.draw({{ this._parent.get_name() }}, {{ this.view|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, view: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Branca leaves this one without types
        self._name = "ScenarioLayer"
        self.view = view


class ScenarioMap(folium.Map):
    """A Folium map without tiles, links or random names.

    Parameters
    ----------
    view
        What it shows.
    """

    def __init__(self, view: View) -> None:
        super().__init__(
            tiles=None, zoom_control=False, attributionControl=False, scrollWheelZoom=False, zoomSnap=0.1, zoomDelta=0.5
        )
        self._id = view.id  # Folium draws it at random: the same page must have the same bytes
        self.add_child(ScenarioLayer(view.id))

    def parts(self) -> tuple[str, str]:
        """Render the map as its container (HTML) and its script; the links that Folium adds are left out."""
        figure = self.get_root()
        figure.render()
        return _rendered(figure, "html"), _rendered(figure, "script")


def map_data(territory: Territory, views: Sequence[View], lang: str) -> Mapping[str, object]:
    """Gather what the drawing script needs, ready for JSON: outlines once, then a few strings a map."""
    return {
        "outlines": encoded_outlines(territory),
        "places": encoded_points(territory, territory.sites.xy),
        "communes": list(territory.communes.names),
        "sites": list(territory.sites.names),
        "maps": {view.id: asdict(view) for view in views},
        "symbols": SYMBOLS,
        "words": {word: t(f"page.map.{word}", lang) for word in WORDS},
    }


def drawing_script(name: str = "maps.js") -> str:
    """Read a script of ours that draws maps."""
    return files("territo.report").joinpath(f"assets/{name}").read_text(encoding="utf-8")


def _rendered(figure: Element, part: str) -> str:
    text = getattr(figure, part).render()
    return str(text)
