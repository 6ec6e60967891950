"""Names in the model: readable, and different wherever the ids are."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territo.locate.highs import Options
from territo.model.build import build
from territo.model.names import distinct
from territo.model.readable import as_pulp
from territo.model.solve import solve
from tests.model.problems import line, problem, services, sites, territories

ALIKE = ("A 1", "A-1", "A_1", "A+1", "A[1", "A]1", "A>1", "A/1")


def test_an_ordinary_id_is_its_own_name():
    assert distinct(["64445", "64445_a", "B1.2", "voirie", "Élan"]) == ("64445", "64445_a", "B1.2", "voirie", "Élan")


def test_an_id_that_can_be_written_keeps_its_name_and_those_like_it_are_numbered():
    assert distinct(["A-1", "A_1", "A/1"]) == ("A_1~2", "A_1", "A_1~3")
    assert distinct(["A-1", "A/1"]) == ("A_1", "A_1~2")


def test_a_number_that_is_taken_already_is_left_out():
    assert distinct(["A_1", "A_1~2", "A-1"]) == ("A_1", "A_1~2", "A_1~3")


def test_signs_that_separate_names_do_not_shift_an_id_into_the_next():
    assert distinct(["a,b", "a(b)"]) == ("a_b", "a_b_")


@given(st.lists(st.text(alphabet="Aa1_~.-+[] >/,()é", max_size=4), max_size=8))
def test_names_are_all_different_and_stay_what_they_are(ids):
    names = distinct(ids)
    assert len(set(names)) == len(ids)
    assert distinct(names) == names


@pytest.fixture
def alike():
    """Eight communes on a line, with a site each and two services, whose ids PuLP would write alike."""
    times = line(*range(0, 80, 10))
    plan = territories(times, range(1, 9), [(c, c + 1) for c in range(7)], count=2, tolerance=0.4, contiguity="exact")
    case = problem(
        times,
        [[100, 50]] * 8,
        [[100, 70]] * 8,
        offer=services(2, choices=(("poles",), ("free", "poles")), productivity=50.0, fte_eur=9.0, reception_m2=10.0),
        places=sites(8, 2, opening_eur=range(5, 13), capacity_m2=900.0),
        territories=plan,
    )
    return dataclasses.replace(
        case,
        communes=ALIKE,
        nodes=ALIKE,
        services=dataclasses.replace(case.services, codes=ALIKE[:2]),
        sites=dataclasses.replace(case.sites, codes=ALIKE),
    )


def test_ids_that_would_be_written_alike_give_a_model_that_can_be_written(alike, tmp_path):
    program, _ = build(alike)
    program.minimise({}, {})
    as_pulp(program).writeLP(str(tmp_path / "program.lp"))
    names = [variable.name for variable in program.decisions]
    assert {"open(A_1)", "open(A_1~2)"} <= set(names)
    assert len(set(names)) == len(names)


def test_ids_that_would_be_written_alike_change_no_answer(alike):
    plain = dataclasses.replace(
        alike,
        services=dataclasses.replace(alike.services, codes=("s1", "s2")),
        sites=dataclasses.replace(alike.sites, codes=tuple("ABCDEFGH")),
    )
    exact = Options(gap=0.0)
    assert solve(alike, exact).terms["cost"] == pytest.approx(solve(plain, exact).terms["cost"])
