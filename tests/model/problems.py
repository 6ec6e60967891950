"""Small problems of the model, written by hand."""

from __future__ import annotations

import numpy as np

from territo.model.families import Territories
from territo.model.problem import Problem, Services, SiteData


def services(count=1, **values):
    codes = tuple(f"s{k + 1}" for k in range(count))
    defaults = {
        "choices": (("free",),) * count,
        "nearest": True,
        "sector": False,
        "branch": False,
        "bundle": False,
        "productivity": np.nan,
        "least_team": 0.0,
        "fte_eur": 0.0,
        "point_eur": 0.0,
        "reception_m2": 0.0,
        "space_m2": 0.0,
    } | values
    choices, pieces = defaults.pop("choices"), defaults.pop("pieces", ((),) * count)
    columns = {name: np.broadcast_to(np.array(value), count) for name, value in defaults.items()}
    return Services(codes, choices, pieces=pieces, **columns)


def sites(count, service_count=1, **values):
    codes = tuple(chr(65 + k) if k < 26 else f"S{k}" for k in range(count))
    defaults = {
        "commune": np.arange(count),
        "opening_eur": 0.0,
        "reception_eur_m2": 0.0,
        "fitout_eur_m2": 0.0,
        "capacity_m2": np.inf,
        "public": False,
        "kept": False,
        "closed": False,
    } | values
    staff = defaults.pop("staff_eur_m2", np.zeros((count, service_count)))
    return SiteData(
        codes, staff_eur_m2=staff, **{name: np.broadcast_to(np.array(value), count) for name, value in defaults.items()}
    )


def problem(minutes, visits, units=None, *, offer=None, places=None, covered_within=np.inf, **values):
    """A problem whose nodes are communes; ``minutes`` is (i, j), ``visits`` and ``units`` (i, s)."""
    minutes = np.array(minutes, dtype=float)
    visits = np.array(visits, dtype=float).reshape(len(minutes), -1)
    units = np.zeros_like(visits) if units is None else np.array(units, dtype=float).reshape(visits.shape)
    size = (*minutes.shape, visits.shape[1])
    names = tuple(str(k + 1) for k in range(len(minutes)))
    defaults = {
        "population": np.ones(len(minutes)),
        "covered": np.repeat((minutes <= covered_within)[:, :, None].astype(float), size[2], axis=2),
        "agent_eur": np.zeros(size),
        "unevenness": np.zeros(minutes.shape),
        "need": visits,
        "allowed": np.repeat(np.isfinite(minutes)[:, :, None], size[2], axis=2),
        "required": np.zeros(size[1:], dtype=bool),
        "free_at": np.ones(size[1:], dtype=bool),
        "headquarters": 0,
    }
    return Problem(
        communes=names,
        nodes=names,
        node_commune=np.arange(len(minutes)),
        minutes=minutes,
        units=units,
        visits=visits,
        services=offer or services(size[2]),
        sites=places or sites(size[1], size[2]),
        **(defaults | values),
    )


def territories(minutes, workload, edges, *, count, seats=None, **values):
    """Territories whose possible seats are sites of the same index as their communes."""
    minutes = np.array(minutes, dtype=float)
    seats = np.arange(len(minutes)) if seats is None else np.array(seats)
    defaults = {"tolerance": np.inf, "exempt": np.zeros(len(minutes), dtype=bool), "contiguity": "none"}
    return Territories(
        seats=seats,
        seat_commune=seats,
        minutes=minutes[:, seats],
        workload=np.array(workload, dtype=float),
        fewest=count,
        most=count,
        adjacency=np.array(edges).reshape(-1, 2),
        **(defaults | values),
    )


def line(*positions) -> np.ndarray:
    """Minutes between points of a line."""
    at = np.array(positions, dtype=float)
    return np.abs(at[:, None] - at[None, :])
