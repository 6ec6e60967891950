"""What is wrong in a territory built from a spoilt file: the oracle of ``fuzz_sources`` and of the property tests."""

from __future__ import annotations

import re
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.corruptions import PLAUSIBLE
from territo.domain.territory import Territory
from territo.domain.travel import Notice
from territo.errors import InputError
from territo.sources.assembly import Assembled

MARGIN_M = 20_000.0
CONSERVED = 1e-6
UNFILLED = re.compile(r"\{[a-z_]+\}")
WRONG = frozenset({"silent", "broken", "traceback"})


class Outcome(NamedTuple):
    """How a build ended: ``refused``, ``same``, ``said``, ``plausible``, ``silent``, ``broken`` or ``traceback``."""

    kind: str
    detail: str = ""


def outcome(build: Callable[[], Assembled], sound: Assembled, corruption: str) -> Outcome:
    """Build with a spoilt file, and judge.

    Refused in sentences, the sound territory, or another one that a notice
    explains: good. After a corruption that leaves a plausible file, any
    territory that keeps its invariants will do.
    """
    try:
        with warnings.catch_warnings(action="error"):
            found = build()
    except InputError as error:
        unreadable = [str(each) for each in error.faults if UNFILLED.search(str(each)) or "\n" in str(each)]
        return Outcome("broken", str(unreadable)) if unreadable else Outcome("refused", str(error))
    except Exception:  # noqa: BLE001  # the very thing that is looked for
        return Outcome("traceback", traceback.format_exc())
    wrong = [*broken(found.territory, sound.territory)]
    if wrong:
        return Outcome("broken", "; ".join(wrong))
    return _compared(found, sound, corruption)


def _compared(found: Assembled, sound: Assembled, corruption: str) -> Outcome:
    if facts(found.territory) == facts(sound.territory):
        return Outcome("same")
    more = _said(found.notices) - _said(sound.notices)
    if more:
        return Outcome("said", ", ".join(more))
    return Outcome("plausible" if corruption in PLAUSIBLE else "silent")


def _said(notices: Sequence[Notice]) -> Counter[str]:
    return Counter(f"{notice.code} {sorted(notice.params.items())}" for notice in notices)


def broken(found: Territory, sound: Territory) -> Iterator[str]:
    """Say which invariants a territory breaks.

    Its communes are among those of the sound one, each once; the cells of each
    sum to its inhabitants; nothing is negative or infinite, nor far from the
    sound perimeter.
    """
    communes, cells, sites = found.communes, found.cells, found.sites
    strange = sorted(set(communes.codes) - set(sound.communes.codes))
    if strange or len(set(communes.codes)) != len(communes.codes):
        yield f"ids {strange}"
    sums = np.bincount(cells.commune, weights=cells.population, minlength=len(communes))
    if not (np.abs(sums - communes.population) <= CONSERVED * np.maximum(communes.population, 1)).all():
        yield "inhabitants of the cells"
    if not (np.isfinite(cells.population) & (cells.population > 0)).all():
        yield "population of a cell"
    corners = np.array([polygon.bounds for polygon in sound.communes.outlines])
    low, high = corners[:, :2].min(axis=0) - MARGIN_M, corners[:, 2:].max(axis=0) + MARGIN_M
    for what, xy in (("cells", cells.xy), ("sites", sites.xy), ("centres", communes.centres)):
        if not (np.isfinite(xy) & (xy >= low) & (xy <= high)).all():
            yield f"{what} out of bounds"
    for name, values in {**cells.groups, **communes.attributes, **communes.staff, **communes.equipment}.items():
        if np.isinf(values).any() or (values < 0).any():
            yield f"values of {name}"


def facts(territory: Territory) -> dict[str, object]:
    """Return what a territory says, rounded, in an order that does not depend on that of the files."""
    communes, sites, cells = territory.communes, territory.sites, territory.cells
    order = np.argsort(communes.codes)
    table = {"population": communes.population, "x": communes.centres[:, 0], "y": communes.centres[:, 1]}
    table |= {**communes.attributes, **{f"#{name}": counts for name, counts in communes.equipment.items()}}
    table |= {f"staff of {name}": values for name, values in communes.staff.items()}
    found: dict[str, object] = {name: np.round(values[order], 3).astype(str).tolist() for name, values in table.items()}
    found["sites"] = sorted(zip(sites.ids, sites.names, np.round(sites.hours_week, 2).astype(str), strict=True))
    found["outlines"] = [round(communes.outlines[index].area) for index in order]
    east, north = (cells.xy * cells.population[:, None]).T
    for name, values in {"people": cells.population, "east": east, "north": north, **cells.groups}.items():
        sums = np.bincount(cells.commune, weights=np.nan_to_num(values), minlength=len(communes))
        found[f"cells {name}"] = np.round(sums[order], 2).tolist(), int(np.isnan(values).sum())
    return found
