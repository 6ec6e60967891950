"""Readers of the instances of the literature, which live outside the repository.

OR-Library (Beasley, 1990, https://doi.org/10.1057/jors.1990.166): uncapacitated
and capacitated p-median, and capacitated facility location.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path

from tests.conftest import SHARED


class Network(NamedTuple):
    """A p-median or p-center instance: every node is a point and a site."""

    costs: np.ndarray  # (nodes, nodes), shortest paths
    p: int


class Cap(NamedTuple):
    """A facility location instance with capacities."""

    costs: np.ndarray  # (customers, sites), of serving ALL the demand of a customer
    demands: np.ndarray  # (customers,)
    capacities: np.ndarray  # (sites,)
    opening_costs: np.ndarray  # (sites,)


class PMedCap(NamedTuple):
    """A capacitated p-median instance: every customer is a site."""

    costs: np.ndarray  # (customers, customers), floor of the Euclidean distance
    demands: np.ndarray  # (customers,)
    capacities: np.ndarray  # (customers,)
    p: int


@cache
def pmed(name: str) -> Network:
    """Read ``pmed1`` to ``pmed20``; where an edge is given twice the last one holds."""
    numbers = _numbers("orlib_pmed", name).astype(np.int64)
    nodes, p = int(numbers[0]), int(numbers[2])
    edges = numbers[3:].reshape(-1, 3)
    lengths = {(min(a, b) - 1, max(a, b) - 1): length for a, b, length in edges.tolist()}
    tail, head = np.array([*lengths]).T
    graph = coo_array((np.array([*lengths.values()], dtype=np.float64), (tail, head)), shape=(nodes, nodes))
    return Network(_still(shortest_path(graph.tocsr(), directed=False)), p)


@cache
def cap(name: str) -> Cap:
    """Read ``cap41`` and the like."""
    numbers = _numbers("orlib_cap", name)
    sites, customers = numbers[:2].astype(np.int64).tolist()
    capacities, opening_costs = numbers[2 : 2 + 2 * sites].reshape(sites, 2).T
    rows = numbers[2 + 2 * sites :].reshape(customers, 1 + sites)
    return Cap(_still(rows[:, 1:]), _still(rows[:, 0]), _still(capacities), _still(opening_costs))


@cache
def pmedcap(name: str) -> PMedCap:
    """Read ``cpmp01`` and the like."""
    numbers = _numbers("pmedcap", name)
    x, y, capacities, demands = numbers[2:].reshape(int(numbers[0]), 4).T
    costs = np.floor(np.hypot(x[:, None] - x, y[:, None] - y))
    return PMedCap(_still(costs), _still(demands), _still(capacities), int(numbers[1]))


def optimum(folder: str, name: str, column: str = "optimum") -> float:
    """Read the published optimum; ``orlib_pmed`` has columns ``p_median`` and ``p_center``."""
    with (_folder(folder) / "optima.csv").open(encoding="utf-8", newline="") as file:
        found = {row["instance"]: float(row[column]) for row in csv.DictReader(file)}
    return found[name]


def _numbers(folder: str, name: str) -> np.ndarray:
    return np.array((_folder(folder) / f"{name}.txt").read_text(encoding="utf-8").split(), dtype=np.float64)


def _folder(name: str):
    folder = SHARED / "benchmarks" / name
    if not folder.is_dir():
        pytest.skip(f"needs the instances of ../shared/data/benchmarks/{name}")
    return folder


def _still(values: np.ndarray) -> np.ndarray:
    """Copy an array so that no test can change the instance of another."""
    array = np.array(values)
    array.setflags(write=False)
    return array
