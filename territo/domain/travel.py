"""Travel between demand cells and candidate sites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from territo.domain.arrays import Floats, Reals, frozen
from territo.domain.roads import RoadNetwork
from territo.domain.territory import Territory
from territo.errors import fault, raise_faults


def _kept(matrix: Reals) -> Reals:
    """Freeze a matrix; one in float32 that nobody can write on, such as a mapped file, is not copied."""
    if isinstance(matrix, np.ndarray) and matrix.dtype == np.float32:
        return matrix if not matrix.flags.writeable else frozen(matrix, np.float32)
    return frozen(matrix, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class TravelTimes:
    """One-way travel from every cell to every site.

    Parameters
    ----------
    minutes
        (cells, sites) minutes, terminal time included; ``inf`` = unreachable.
        float32 or float64, as given: matrices are computed, kept and read
        from disk in float32, exact to a few microseconds.
    km
        (cells, sites) kilometres by the same path; ``inf`` = unreachable.
    mode
        ``car``, ``bike``, ``walk``, ``transit``...
    provenance
        Speeds, terminal time and road source, as shown to people.
    """

    minutes: Reals
    km: Reals
    mode: str
    provenance: str

    def __post_init__(self) -> None:
        """Freeze the matrices and refuse NaN and negative values."""
        for name in ("minutes", "km"):
            object.__setattr__(self, name, _kept(getattr(self, name)))
        if self.minutes.shape != self.km.shape:
            raise_faults([fault("lengths-differ", "the columns of {what} differ in length", what="travel times")])
        if not (self.minutes >= 0).all():
            raise_faults(
                [fault("bad-travel-time", "some travel times are negative or not a number: check the road file")]
            )


def between_sites(territory: Territory, travel: TravelTimes) -> tuple[Floats, Floats]:
    """Travel from site to site, read from the inhabited cell that is nearest to the first one.

    Returns
    -------
    minutes, km
        (k, k) one way, 0 from a site to itself.
    """
    gaps = territory.sites.xy[:, None, :] - territory.cells.xy[None, :, :]
    nearest = np.argmin(np.hypot(gaps[:, :, 0], gaps[:, :, 1]), axis=1)
    elsewhere = ~np.eye(len(territory.sites), dtype=np.bool_)
    return np.where(elsewhere, travel.minutes[nearest], 0.0), np.where(elsewhere, travel.km[nearest], 0.0)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a reader must know, and that does not stop the work.

    Parameters
    ----------
    code
        Stable identifier; the key of the French sentence ``notice.<code>``.
    params
        Parameters of the sentence.
    """

    code: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MatrixHealth:
    """What to look at before trusting the travel times.

    Parameters
    ----------
    cells, sites, road_nodes, road_links
        Sizes.
    dropped_nodes
        Road nodes outside the largest strongly connected part, not routed.
    snap_cells_median_m, snap_cells_max_m, snap_sites_median_m, snap_sites_max_m
        Crow-fly metres from the points to their road node.
    worst_cells, worst_sites
        The farthest from a road, worst first: (INSEE code of the cell's
        commune, metres) and (site id, metres).
    unreachable_cells, unreachable_inhabitants
        Cells that reach no site, and the people who live there.
    unreachable_sites
        Ids of the sites that no cell reaches.
    asymmetric_pairs, site_pairs
        Pairs of sites whose two directions differ by over one minute, of how many.
    detour_median, detour_p05, detour_p95
        Road km / crow-fly km of the pairs over 1 km apart; NaN if there is none.
    notices
        What was dropped, completed or repaired on the way.
    """

    cells: int
    sites: int
    road_nodes: int
    road_links: int
    dropped_nodes: int
    snap_cells_median_m: float
    snap_cells_max_m: float
    snap_sites_median_m: float
    snap_sites_max_m: float
    worst_cells: tuple[tuple[str, float], ...]
    worst_sites: tuple[tuple[str, float], ...]
    unreachable_cells: int
    unreachable_inhabitants: float
    unreachable_sites: tuple[str, ...]
    asymmetric_pairs: int
    site_pairs: int
    detour_median: float
    detour_p05: float
    detour_p95: float
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class LoadedTerritory:
    """A territory ready for studies.

    Parameters
    ----------
    territory, travel, health
        See their classes.
    roads
        The routable network that the travel times were computed on.
    """

    territory: Territory
    travel: TravelTimes
    health: MatrixHealth
    roads: RoadNetwork
