"""One solve by each of the peers; every status is read from the solver itself, never from PuLP."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import highspy
import numpy as np
import pulp
from scipy import sparse

from benchmarks.instances import Instance

PROVEN = "proven"


class Outcome(NamedTuple):
    """How a solve ended: ``proven`` or the words of the solver; its value and its bound."""

    status: str
    objective: float
    bound: float


def territo(problem: str, instance: Instance, limit: float) -> Outcome:
    """Solve with the models of this project."""
    from territo import locate

    model = getattr(locate, problem.replace("-", "_"))
    answer = model(*_asked(problem, instance), time_limit=limit)
    return Outcome(PROVEN if answer.status == "optimal" else answer.status, answer.objective, answer.bound)


def spopt_highs(problem: str, instance: Instance, limit: float) -> Outcome:
    """Solve with spopt, by PuLP and HiGHS."""
    model = _spopt_model(problem, instance)
    with contextlib.suppress(RuntimeError):  # its way to say that there is no answer yet
        model.solve(_highs(limit), results=False)
    return _said_by_highs(model.problem)


def spopt_cbc(problem: str, instance: Instance, limit: float) -> Outcome:
    """Solve with spopt, by PuLP and CBC."""
    model = _spopt_model(problem, instance)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "cbc.log"
        solver = pulp.PULP_CBC_CMD(msg=False, threads=1, timeLimit=limit, gapRel=0.0, logPath=str(log))
        with contextlib.suppress(RuntimeError):
            model.solve(solver, results=False)
        return _said_by_cbc(log.read_text(encoding="utf-8"))


def pulp_highs(problem: str, instance: Instance, limit: float) -> Outcome:
    """Solve the textbook formulation, written in PuLP, by HiGHS."""
    model = _pulp_model(problem, instance)
    model.solve(_highs(limit))
    return _said_by_highs(model)


def highs_arrays(problem: str, instance: Instance, limit: float) -> Outcome:
    """Solve the textbook formulation, as arrays passed to HiGHS at once."""
    highs = highspy.Highs()
    for option, value in _highs_options(limit).items():
        highs.setOptionValue(option, value)
    highs.passModel(_lp(problem, instance))
    highs.run()
    return _outcome(highs, sign=1)


PEERS: dict[str, Callable[[str, Instance, float], Outcome]] = {
    "territo": territo,
    "spopt+HiGHS": spopt_highs,
    "spopt+CBC": spopt_cbc,
    "PuLP+HiGHS": pulp_highs,
    "highspy": highs_arrays,
}


def _asked(problem: str, instance: Instance) -> tuple[Any, ...]:
    """Give what a model takes, in the order that territo and spopt share."""
    costs, weights, p, radius = instance.costs, instance.weights, instance.p, instance.radius
    return {
        "p-median": (costs, weights, p),
        "p-center": (costs, p),
        "set-cover": (costs, radius),
        "max-cover": (costs, weights, radius, p),
        "fixed-charge": (costs, weights, instance.opening_costs),
    }[problem]


def _spopt_model(problem: str, instance: Instance) -> Any:
    from spopt import locate

    name = {"p-median": "PMedian", "p-center": "PCenter", "set-cover": "LSCP", "max-cover": "MCLP"}[problem]
    return getattr(locate, name).from_cost_matrix(*_asked(problem, instance))


def _highs(limit: float) -> pulp.HiGHS:
    return pulp.HiGHS(msg=False, threads=1, timeLimit=limit, gapRel=0.0)


def _highs_options(limit: float) -> dict[str, bool | float]:
    return {"output_flag": False, "threads": 1, "time_limit": float(limit), "mip_rel_gap": 0.0}


def _pulp_model(problem: str, instance: Instance) -> pulp.LpProblem:
    served = instance.weights[:, None] * instance.costs
    points, sites = range(served.shape[0]), range(served.shape[1])
    model = pulp.LpProblem(problem, pulp.LpMinimize)
    y = pulp.LpVariable.dicts("y", sites, cat="Binary")
    x = pulp.LpVariable.dicts("x", (points, sites), lowBound=0)
    travel = pulp.lpSum(served[i, j] * x[i][j] for i in points for j in sites)
    if problem == "p-median":
        model += travel
        model += pulp.lpSum(y.values()) == instance.p
    else:
        model += travel + pulp.lpSum(instance.opening_costs[j] * y[j] for j in sites)
    for i in points:
        model += pulp.lpSum(x[i].values()) == 1
        for j in sites:
            model += x[i][j] <= y[j]
    return model


def _lp(problem: str, instance: Instance) -> highspy.HighsLp:
    """Columns y then x, row by row; one row a point, one a pair, one for the number of sites."""
    points, sites = instance.costs.shape
    pairs = points * sites
    opening = np.zeros(sites) if instance.opening_costs is None else instance.opening_costs
    whole = sparse.csr_array((points, sites))
    assign = sparse.hstack([whole, sparse.kron(sparse.eye_array(points), np.ones((1, sites)))])
    at_open = sparse.hstack([sparse.kron(-np.ones((points, 1)), sparse.eye_array(sites)), sparse.eye_array(pairs)])
    number = sparse.hstack([np.ones((1, sites)), sparse.csr_array((1, pairs))])
    rows = sparse.csr_array(sparse.vstack([assign, at_open, number]))
    p = float(instance.p)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = rows.shape
    lp.col_cost_ = np.concatenate([opening, (instance.weights[:, None] * instance.costs).ravel()])
    lp.col_lower_, lp.col_upper_ = np.zeros(sites + pairs), np.ones(sites + pairs)
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * sites + [kinds.kContinuous] * pairs
    least, most = (p, p) if problem == "p-median" else (0.0, float(sites))
    lp.row_lower_ = np.concatenate([np.ones(points), np.full(pairs, -np.inf), [least]])
    lp.row_upper_ = np.concatenate([np.ones(points), np.zeros(pairs), [most]])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    return lp


def _said_by_highs(model: pulp.LpProblem) -> Outcome:
    # PuLP minimises the negative of what is maximised
    return _outcome(model.solverModel, sign=-1 if model.sense == pulp.LpMaximize else 1)


def _outcome(highs: highspy.Highs, *, sign: int) -> Outcome:
    status, info = highs.getModelStatus(), highs.getInfo()
    words = PROVEN if status == highspy.HighsModelStatus.kOptimal else highs.modelStatusToString(status).lower()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    objective = sign * info.objective_function_value if found else np.nan
    return Outcome(words, objective, sign * info.mip_dual_bound)


def _said_by_cbc(log: str) -> Outcome:
    def last(pattern: str) -> str:
        return (re.findall(pattern, log) or ["nan"])[-1]

    result, objective = last(r"Result - (.+)").strip().lower(), float(last(r"Objective value:\s+(\S+)"))
    if result == "optimal solution found":
        return Outcome(PROVEN, objective, objective)
    return Outcome(result, objective, float(last(r"(?:Lower|Upper) bound:\s+(\S+)")))
