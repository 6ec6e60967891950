"""A program as PuLP writes it: the form that people read, and that other solvers take."""

from __future__ import annotations

import numpy as np
import pulp

from territo.model.program import Decision, Program


def as_pulp(program: Program, name: str = "territo") -> pulp.LpProblem:
    """Write a program with PuLP: the same decisions, rows, objective and names.

    ``as_pulp(program).writeLP("program.lp")`` writes it for people.
    """
    lp = pulp.LpProblem(name, pulp.LpMinimize)
    variables = [_variable(lp, decision) for decision in program.decisions]
    rows = program.rows
    for number, label in enumerate(rows.names):
        total: dict[pulp.LpVariable, float] = {}
        for k in range(rows.start[number], rows.start[number + 1]):
            variable = variables[rows.index[k]]
            total[variable] = total.get(variable, 0.0) + rows.value[k]
        expression = pulp.LpAffineExpression(total)
        lp.addConstraint(pulp.LpConstraint(expression, rows.sense[number], label, rows.right[number]))
    objective = {variables[decision.index]: weight for decision, weight in program.objective.items()}
    lp.setObjective(pulp.LpAffineExpression(objective))
    return lp


def _variable(lp: pulp.LpProblem, decision: Decision) -> pulp.LpVariable:
    low, high = (limit if np.isfinite(limit) else None for limit in (decision.low, decision.high))
    return lp.add_variable(decision.name, low, high, pulp.LpInteger if decision.whole else pulp.LpContinuous)
