"""The form that people read is the program that is solved."""

from __future__ import annotations

import numpy as np
import pulp
import pytest

from territo.locate.highs import Options
from territo.model.build import build, over_the_years
from territo.model.program import AT_LEAST, AT_MOST, EQUAL, Program
from territo.model.readable import as_pulp
from territo.model.solver import solve
from territo.progress import Silent
from tests.model.test_phasing import two_desks
from tests.properties.test_model_laws import random_case

CASES = {"alone": lambda: random_case(2, limits={"travel": 1e6}), "phased": lambda: two_desks(staying=(1.0, 0.8, 0.5))}


@pytest.fixture(scope="module", params=sorted(CASES))
def program(request):
    case = CASES[request.param]()
    program, terms = build(case)
    program.minimise(case.goals[0], over_the_years(program, case, terms))
    return program


def test_both_forms_have_the_same_rows_limits_and_objective(program):
    arrays, lp = program.as_arrays(), as_pulp(program)
    named = lp.variablesDict()
    assert len(named) == len(program.decisions)
    variables = [named[decision.name] for decision in program.decisions]
    column = {variable: k for k, variable in enumerate(variables)}
    rows = arrays.rows.toarray()
    for number, row in enumerate(lp.constraints()):
        dense = np.zeros(len(variables))
        dense[[column[v] for v in row]] = list(row.values())
        np.testing.assert_array_equal(dense, rows[number])
        limits = {pulp.LpConstraintLE: (-np.inf, -row.constant), pulp.LpConstraintGE: (-row.constant, np.inf)}
        expected = limits.get(row.sense, (-row.constant, -row.constant))
        assert (arrays.row_lower[number], arrays.row_upper[number]) == expected
    assert [lp.objective.get(v, 0.0) for v in variables] == arrays.cost.tolist()
    assert [v.lowBound for v in variables] == arrays.lower.tolist()
    assert [np.inf if v.upBound is None else v.upBound for v in variables] == arrays.upper.tolist()
    assert [v.cat == pulp.LpInteger for v in variables] == arrays.whole.tolist()


def test_both_forms_have_the_same_optimum(program):
    lp = as_pulp(program)
    lp.solve(pulp.HiGHS(msg=False, gapRel=0.0))
    ours = solve(program, Options(gap=0.0), Silent())
    assert ours.objective == pytest.approx(pulp.value(lp.objective), rel=1e-9)


def test_terms_on_one_decision_are_added_up_in_both_forms():
    program = Program()
    amount, other = program.variable("amount", low=-np.inf), program.choice("other")
    for number, sense in enumerate((AT_LEAST, EQUAL, AT_MOST)):
        program.row(f"twice({number})", [(amount, 1.0), (other, 3.0), (amount, 1.5)], sense, 5.0)
    assert program.as_arrays().rows.toarray().tolist() == [[2.5, 3.0]] * 3
    assert [sorted(row.values()) for row in as_pulp(program).constraints()] == [[2.5, 3.0]] * 3
    assert program.as_arrays().row_lower.tolist() == [5.0, 5.0, -np.inf]
    assert as_pulp(program).variables()[0].lowBound is None
