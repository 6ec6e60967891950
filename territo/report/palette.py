"""Classes and colours of the maps: which class each commune falls in, which colour each territory keeps.

Colours are those that stay apart for normal, protan, deutan and tritan eyes
(interface specification, « Web application »).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.indicators import Comparison, Run
from territo.domain.territory import Territory

SEQUENTIAL = ("#FDE725", "#5EC962", "#21918C", "#3B528B", "#440154")
DIVERGING = ("#5E3C99", "#B2ABD2", "#F7F7F7", "#FDB863", "#E66101")
TERRITORIES = (
    "#FFDDEE", "#DDEE55", "#BBEEBB", "#BBBBFF", "#88AA99", "#DD8800",
    "#2288FF", "#997799", "#DD3355", "#0055CC", "#AA2266", "#336600",
)  # fmt: skip
# the strongest colours come first: few territories should not all be pale
ORDER = (5, 6, 1, 8, 2, 7, 11, 0, 4, 10, 3, 9)
# windows are drawn the other way round, so that they stay open
BUS = "M3 3h12q2 0 2 2v8h-1.6a2.3 2.3 0 0 1-4.4 0h-4a2.3 2.3 0 0 1-4.4 0h-1.6v-8q0-2 2-2z"
WINDOWS = "M4 5.4v3.2h4.2v-3.2zM9.8 5.4v3.2h4.2v-3.2z"
# level of a site -> side of its symbol in pixels, and its outline: shapes differ, so that colour never stands alone
SYMBOLS = {
    "h": (22, "M11 1l3 6.6 7 .8-5.2 4.8 1.4 7.1L11 16.7 4.8 20.3l1.4-7.1L1 8.4l7-.8z"),
    "p": (18, "M9 1l8 8-8 8-8-8z"),
    "a": (14, "M7 1.5l6 11H1z"),
    "m": (7, "M3.5 .8a2.7 2.7 0 1 0 .001 0z"),
    "i": (18, f"{BUS}{WINDOWS}"),
}
STOP = "i"

ACCESS_BREAKS = ((3.0, 6.0, 9.0, 12.0), (5.0, 10.0, 15.0, 20.0), (5.0, 10.0, 20.0, 30.0), (10.0, 20.0, 30.0, 45.0))
CHANGE_BREAKS = (-5.0, -2.0, 2.0, 5.0)
TOP_CLASS_SHARE = 0.10
UNKNOWN = "x"


def access_breaks(values: Iterable[Floats]) -> tuple[float, ...]:
    """Choose the four breaks, in minutes, that leave at most a tenth of the values in the last class.

    One choice serves all the maps of a page, so that colours compare.
    """
    known = np.concatenate([np.ravel(value) for value in values])
    known = known[np.isfinite(known)]
    for breaks in ACCESS_BREAKS:
        if known.size and np.mean(known >= breaks[-1]) <= TOP_CLASS_SHARE:
            return breaks
    return ACCESS_BREAKS[-1]


def classes(values: Floats, breaks: Sequence[float]) -> str:
    """Write the class of each value as one character: ``0`` below the first break, ``x`` where unknown."""
    found = np.digitize(values, breaks)
    return "".join(UNKNOWN if np.isnan(value) else str(code) for value, code in zip(values, found, strict=True))


def change_classes(change: Floats) -> str:
    """Class of each change of access, in minutes: ``0`` and ``1`` gain, ``2`` hardly moves, ``3`` and ``4`` lose.

    Two minutes or more are a gain or a loss (GAG1 of the domain
    specification), both ends included.
    """
    small, large = CHANGE_BREAKS[2], CHANGE_BREAKS[3]
    size = np.abs(change)
    steps = np.where(size >= large, 2, np.where(size >= small, 1, 0)) * np.sign(change)
    return "".join(
        UNKNOWN if np.isnan(value) else str(int(step) + 2) for value, step in zip(change, steps, strict=True)
    )


def territory_colours(comparison: Comparison, territory: Territory) -> dict[int, str]:
    """Give each seat a colour that it keeps in every scenario.

    Returns
    -------
    dict
        Index of the seat's site -> colour; seats in the same commune share one.
    """
    colours: dict[int, str] = {}
    of_commune: dict[int, str] = {}
    for run in all_runs(comparison):
        for seat in run.organisation.seats:
            commune = int(territory.sites.commune[seat])
            following = TERRITORIES[ORDER[len(of_commune) % len(ORDER)]]
            colours[seat] = of_commune.setdefault(commune, following)
    return colours


def all_runs(comparison: Comparison) -> tuple[Run, ...]:
    """List the reference, then the scenarios."""
    return (comparison.reference, *comparison.runs)
