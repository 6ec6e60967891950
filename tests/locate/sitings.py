"""Tiny problems of siting, and their answers by trying all choices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

# the optimum on real numbers is proven to a relative 1e-9
RELATIVE, NOTHING = 2e-9, 1e-12

tries = settings(max_examples=80, deadline=None, derandomize=True)
few_tries = settings(max_examples=30, deadline=None, derandomize=True)


class Case(NamedTuple):
    """A problem; every row has an allowed site."""

    costs: np.ndarray
    weights: np.ndarray
    p: int
    fixed_open: tuple[int, ...]
    forbidden: tuple[int, ...]

    @property
    def locks(self) -> dict[str, tuple[int, ...]]:
        return {"fixed_open": self.fixed_open, "forbidden": self.forbidden}

    @property
    def allowed(self) -> list[int]:
        return [site for site in range(self.costs.shape[1]) if site not in self.forbidden]

    def choices(self, p: int | None = None) -> Iterator[list[int]]:
        """All the choices of sites that serve everyone; of any number where ``p`` is 0."""
        numbers = range(1, len(self.allowed) + 1) if p == 0 else [p or self.p]
        for number in numbers:
            for columns in combinations(self.allowed, number):
                if {*self.fixed_open} <= {*columns} and np.isfinite(nearest(self.costs, columns)).all():
                    yield list(columns)

    def least(self, value: Callable[[np.ndarray], float]) -> float:
        """The least value of what the points bear; inf where no choice serves everyone."""
        return min((value(nearest(self.costs, columns)) for columns in self.choices()), default=np.inf)


@st.composite
def cases(draw) -> Case:
    """Few points and sites: ties, weights of 0, pairs that are not allowed, sites that must open or stay closed."""
    points, sites = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    roles = draw(st.lists(st.sampled_from("....+-"), min_size=sites, max_size=sites))
    if "-" in roles and len({*roles}) == 1:
        roles[0] = "."
    allowed = [site for site, role in enumerate(roles) if role != "-"]
    numbers = draw(st.sampled_from([st.integers(0, 6), st.floats(0, 100, width=32)]))
    finite = draw(st.sampled_from([st.just(value=True), st.sampled_from([True, True, False])]))
    cells = st.tuples(numbers, finite).map(lambda cell: float(cell[0]) if cell[1] else np.inf)
    costs = np.array(draw(st.lists(cells, min_size=points * sites, max_size=points * sites))).reshape(points, sites)
    for row in costs:
        if np.isinf(row[allowed]).all():
            row[draw(st.sampled_from(allowed))] = 1.0
    people = draw(st.sampled_from([st.integers(0, 3), st.floats(0, 10, width=32)]))
    weights = np.array(draw(st.lists(people, min_size=points, max_size=points)), dtype=np.float64)
    p = draw(st.integers(max(roles.count("+"), 1), len(allowed)))
    return Case(costs, weights, p, *(tuple(j for j, role in enumerate(roles) if role == sign) for sign in "+-"))


def nearest(costs: np.ndarray, columns) -> np.ndarray:
    """What each point bears at the nearest of some columns."""
    return costs[:, list(columns)].min(axis=1)


def total(weights: np.ndarray) -> Callable[[np.ndarray], float]:
    """Weights times what the points bear; those without weight bear nothing."""
    return lambda borne: float(weights[weights > 0] @ borne[weights > 0])


def check_answer(answer, case: Case, least: float, value: Callable[[np.ndarray], float], gap: float = 0.0) -> None:
    """Hold an answer to what it promises: proven, true, and everyone at the nearest open site."""
    if np.isinf(least):
        assert (answer.status, answer.bound, answer.gap) == ("infeasible", np.inf, np.inf)
        assert answer.open_sites.size == 0
        assert (answer.assignment == -1).all()
        return
    margin = RELATIVE * least + NOTHING
    open_sites = answer.open_sites.tolist()
    assert answer.status == "optimal"
    assert answer.gap <= gap + RELATIVE
    assert answer.bound <= least + margin
    assert least - margin <= answer.objective <= least / (1 - gap) + margin
    assert {*case.fixed_open} <= {*open_sites} <= {*case.allowed}
    assert open_sites == sorted({*open_sites})
    borne = nearest(case.costs, open_sites)
    assert np.isclose(value(borne), answer.objective, rtol=1e-9, atol=NOTHING)
    assert answer.assignment.tolist() == [open_sites[column] for column in case.costs[:, open_sites].argmin(axis=1)]


def hard(seed: int = 0, points: int = 60, sites: int = 30) -> tuple[np.ndarray, np.ndarray]:
    """Costs without any geometry: bounds alone prove nothing."""
    random = np.random.default_rng(seed)
    return random.random((points, sites)), random.random(points)


class Stopper:
    """Asks for a stop after some events, and keeps them."""

    def __init__(self, after: float = np.inf) -> None:
        self.after, self.events = after, []

    def report(self, event) -> None:
        self.events.append(event)

    def cancelled(self) -> bool:
        return len(self.events) >= self.after
