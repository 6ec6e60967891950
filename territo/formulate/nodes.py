"""Cells become demand nodes, with means that keep every linear figure exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints, Reals
from territo.domain.nodes import demand_nodes
from territo.domain.territory import Territory
from territo.formulate.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """Cells gathered into nodes: i nodes, m cells.

    Parameters
    ----------
    of_cell
        (m,) node of each cell.
    count
        Number of nodes.
    commune
        (i,) commune of each node.
    population
        (i,) inhabitants.
    reached
        (m,) cells that some site can reach; the others are in no mean.
    """

    of_cell: Ints
    count: int
    commune: Ints
    population: Floats
    reached: Bools

    def total(self, values: Floats) -> Floats:
        """(i, ...) sums of the values of the cells."""
        sums = np.zeros((self.count, *values.shape[1:]))
        np.add.at(sums, self.of_cell, values)
        return sums

    def mean(self, values: Reals, weights: Floats) -> Floats:
        """(i, k) means over the cells that some site can reach; ``inf`` spreads."""
        inside = np.where(self.reached, weights, 0.0)
        known = np.where(self.reached[:, None], values, 0.0)
        people = self.total(inside)[:, None]
        means = self.total(known * inside[:, None]) / np.where(people > 0, people, 1.0)
        return np.where(people > 0, means, np.inf)


def gather(study: Study) -> Nodes:
    """Gather the cells of a territory into its demand nodes."""
    cells = study.territory.cells
    of_cell = demand_nodes(study.territory)
    count = int(of_cell.max()) + 1
    commune = np.zeros(count, dtype=np.int64)
    commune[of_cell] = cells.commune
    population: Floats = np.bincount(of_cell, weights=cells.population, minlength=count).astype(np.float64)
    return Nodes(of_cell, count, commune, population, np.any(np.isfinite(study.travel.minutes), axis=1))


def names(territory: Territory, nodes: Nodes) -> tuple[str, ...]:
    """Name nodes after their commune, with a letter where it has several."""
    names, seen = [], dict.fromkeys(range(len(territory.communes)), 0)
    several = np.bincount(nodes.commune, minlength=len(territory.communes)) > 1
    for commune in nodes.commune.tolist():
        letter = f"_{chr(ord('a') + seen[commune])}" if several[commune] else ""
        names.append(f"{territory.communes.codes[commune]}{letter}")
        seen[commune] += 1
    return tuple(names)
