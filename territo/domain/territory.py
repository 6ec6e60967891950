"""A territory: communes, demand cells, candidate sites, who touches whom, and where it all comes from.

Coordinates are metres in the territory's own projected reference system.
Missing values are NaN, never zero. Order is the order of the source; indices
(``commune``) point into :class:`Communes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from territo.domain.arrays import Floats, Ints, frozen
from territo.errors import Fault, fault, raise_faults

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Source:
    """Where a layer comes from.

    Parameters
    ----------
    layer
        ``communes``, ``population``, ``roads``, ``grid``, ``equipment``,
        ``france_services``, ``speeds``...
    producer, licence, vintage
        As shown beside every map and in every file.
    modelled
        True where the layer is computed by territo and not observed.
    sha256
        Digest of the file read; empty for what territo makes itself.
    """

    layer: str
    producer: str
    licence: str
    vintage: str
    modelled: bool = False
    sha256: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Communes:
    """The n communes.

    Parameters
    ----------
    codes
        INSEE codes, unique.
    names
        Names as published.
    population
        (n,) municipal population, inhabitants, at least 0.
    area_km2
        (n,) area.
    centres
        (n, 2) metres: town hall or town centre.
    outlines
        n polygons or multipolygons, metres.
    attributes
        Name -> (n,) values; NaN where secret or not published. Known names:
        ``households`` (count), ``poverty_rate`` (%), ``share_75_plus`` (%),
        ``median_income`` (EUR per year).
    equipment
        BPE type -> (n,) number of facilities; the type ``TOTAL`` counts them all.
    staff
        Service code -> (n,) observed full-time equivalents, NaN where not observed.
    spending
        Service code -> (n,) observed spending, euro per year, NaN where not observed.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    population: Ints
    area_km2: Floats
    centres: Floats
    outlines: tuple[BaseGeometry, ...]
    attributes: Mapping[str, Floats] = field(default_factory=dict)
    equipment: Mapping[str, Ints] = field(default_factory=dict)
    staff: Mapping[str, Floats] = field(default_factory=dict)
    spending: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Freeze the arrays and check them."""
        object.__setattr__(self, "population", frozen(self.population, np.int64))
        object.__setattr__(self, "area_km2", frozen(self.area_km2, np.float64))
        object.__setattr__(self, "centres", frozen(self.centres, np.float64).reshape(-1, 2))
        for name in ("attributes", "equipment", "staff", "spending"):
            dtype = np.int64 if name == "equipment" else np.float64
            columns = {key: frozen(values, dtype) for key, values in getattr(self, name).items()}
            object.__setattr__(self, name, columns)
        raise_faults(self._faults())

    def __len__(self) -> int:
        """Count the communes."""
        return len(self.codes)

    def index(self, code: str) -> int:
        """Position of a commune; KeyError if the code is unknown."""
        try:
            return self.codes.index(code)
        except ValueError:
            raise KeyError(code) from None

    def _faults(self) -> list[Fault]:
        n = len(self.codes)
        found = []
        if n == 0:
            found.append(fault("no-commune", "the territory has no commune: check the file of communes"))
        columns = [self.names, self.population, self.area_km2, self.centres, self.outlines]
        columns += [*self.attributes.values(), *self.equipment.values(), *self.staff.values()]
        columns += self.spending.values()
        if any(len(column) != n for column in columns):
            found.append(fault("lengths-differ", "the columns of {what} differ in length", what="communes"))
        repeated = sorted({code for code in self.codes if self.codes.count(code) > 1})
        if repeated:
            found.append(
                fault("duplicate-ids", "{ids} appear more than once: keep one row each", ids=", ".join(repeated))
            )
        negative = [code for code, count in zip(self.codes, self.population, strict=False) if count < 0]
        if negative:
            found.append(
                fault(
                    "negative-population",
                    "the population of {ids} is negative: correct the table",
                    ids=", ".join(negative),
                )
            )
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The m inhabited cells of the population grid.

    Parameters
    ----------
    xy
        (m, 2) centres, metres.
    population
        (m,) inhabitants, above 0; sums by commune give the communes' totals.
    commune
        (m,) index of the commune of each cell.
    size_m
        Side of a cell, metres.
    groups
        Social group -> (m,) count, NaN where secret or not known. Known names:
        ``households``, ``poor_households``, ``no_car_households`` (households),
        ``age_0_3``, ``age_80_plus`` (inhabitants).
    """

    xy: Floats
    population: Floats
    commune: Ints
    size_m: float
    groups: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Freeze the arrays and check them."""
        object.__setattr__(self, "xy", frozen(self.xy, np.float64).reshape(-1, 2))
        object.__setattr__(self, "population", frozen(self.population, np.float64))
        object.__setattr__(self, "commune", frozen(self.commune, np.int64))
        groups = {name: frozen(counts, np.float64) for name, counts in self.groups.items()}
        object.__setattr__(self, "groups", groups)
        if any(len(column) != len(self.xy) for column in (self.population, self.commune, *groups.values())):
            raise_faults([fault("lengths-differ", "the columns of {what} differ in length", what="cells")])
        if len(self.population) == 0:
            raise_faults([fault("empty-grid", "the population grid has no inhabited cell: check its file and its CRS")])

    def __len__(self) -> int:
        """Count the cells."""
        return len(self.population)


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """The k candidate sites.

    Parameters
    ----------
    ids
        Unique. A town hall has the INSEE code of its commune; a France
        services point has ``FS`` and its official number; a site of the user
        has the id of the user's file.
    names
        Names as published.
    kinds
        ``town_hall``, ``france_services`` or ``other``.
    commune
        (k,) index of the commune.
    xy
        (k, 2) metres.
    services
        Codes of the services observed at each site today (facts, not
        assumptions).
    hours_week
        (k,) observed opening hours a week, NaN where unknown.
    capacity_m2
        (k,) usable area, NaN where no limit is known.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    commune: Ints
    xy: Floats
    services: tuple[frozenset[str], ...]
    hours_week: Floats
    capacity_m2: Floats

    def __post_init__(self) -> None:
        """Freeze the arrays and check them."""
        object.__setattr__(self, "commune", frozen(self.commune, np.int64))
        object.__setattr__(self, "xy", frozen(self.xy, np.float64).reshape(-1, 2))
        object.__setattr__(self, "hours_week", frozen(self.hours_week, np.float64))
        object.__setattr__(self, "capacity_m2", frozen(self.capacity_m2, np.float64))
        columns = (self.names, self.kinds, self.commune, self.xy, self.services, self.hours_week, self.capacity_m2)
        if any(len(column) != len(self.ids) for column in columns):
            raise_faults([fault("lengths-differ", "the columns of {what} differ in length", what="sites")])
        repeated = sorted({name for name in self.ids if self.ids.count(name) > 1})
        if repeated:
            raise_faults(
                [fault("duplicate-ids", "{ids} appear more than once: keep one row each", ids=", ".join(repeated))]
            )

    def __len__(self) -> int:
        """Count the sites."""
        return len(self.ids)

    def index(self, site_id: str) -> int:
        """Position of a site; KeyError if the id is unknown."""
        try:
            return self.ids.index(site_id)
        except ValueError:
            raise KeyError(site_id) from None


@dataclass(frozen=True, slots=True, eq=False)
class Territory:
    """The perimeter of a study.

    Parameters
    ----------
    name
        As shown to people.
    crs
        Projected reference system of all coordinates, for example ``EPSG:2154``.
    communes, cells, sites
        See their classes.
    adjacency
        (e, 2) pairs of commune indices, i < j: the communes share a border
        and a road links them without leaving the territory.
    sources
        One entry a layer.
    digest
        SHA-256 of all inputs; the same inputs give the same digest.
    """

    name: str
    crs: str
    communes: Communes
    cells: Cells
    sites: Sites
    adjacency: Ints
    sources: tuple[Source, ...]
    digest: str = ""

    def __post_init__(self) -> None:
        """Freeze the adjacency and check that indices point inside."""
        pairs = np.sort(np.array(self.adjacency, dtype=np.int64).reshape(-1, 2), axis=1)
        object.__setattr__(self, "adjacency", frozen(np.unique(pairs, axis=0), np.int64))
        n = len(self.communes)
        for what, indices in (
            ("cells", self.cells.commune),
            ("sites", self.sites.commune),
            ("adjacency", self.adjacency),
        ):
            if indices.size and (indices.min() < 0 or indices.max() >= n):
                raise_faults(
                    [fault("unknown-commune-index", "{what} point to a commune that does not exist", what=what)]
                )

    @property
    def modelled_layers(self) -> tuple[str, ...]:
        """Names of the layers that are modelled, for the label « modélisé »."""
        return tuple(source.layer for source in self.sources if source.modelled)
