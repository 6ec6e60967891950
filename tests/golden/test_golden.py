"""Each block of the model against the rows it wrote when a person last read them.

``pytest tests/golden --bless`` writes the files again; read the difference
before keeping it.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from territo.model.budget import limits
from territo.model.build import BLOCKS
from territo.model.contiguity import add_cuts
from territo.model.decisions import decide
from territo.model.families import Coordination, Means, Moves, Norm, Phasing, SecondPoint, Stops
from territo.model.phasing import phasing
from territo.model.plan import Plan
from territo.model.program import Program, Step
from territo.model.readable import as_pulp
from territo.model.steps import step_problem
from territo.model.terms import TERMS
from tests.model.problems import line, problem, services, sites, territories

HERE = Path(__file__).parent


PLAN = Plan(np.array([[True, True], [False, False]]), ("free", "central"), np.array([0, 0]))


def two_by_two(**values):
    """Two communes, two sites, two services: one free, one whose modality is a choice."""
    times = line(0, 10)
    defaults = {
        "offer": services(
            2,
            choices=(("free",), ("central", "poles", "poles_antennas", "free")),
            nearest=[True, True],
            sector=[False, True],
            branch=[True, False],
            bundle=[False, True],
            productivity=[100.0, 200.0],
            least_team=[1.0, 2.0],
            fte_eur=[50.0, 40.0],
            point_eur=[5.0, 0.0],
            reception_m2=[20.0, 10.0],
            space_m2=[12.0, 16.0],
        ),
        "places": sites(
            2,
            2,
            opening_eur=[7.0, 9.0],
            reception_eur_m2=3.0,
            staff_eur_m2=np.full((2, 2), 2.0),
            fitout_eur_m2=[0.0, 90.0],
            capacity_m2=[200.0, np.inf],
            public=[True, False],
            kept=[True, False],
        ),
        "territories": territories(times, [30, 40], [(0, 1)], count=1, tolerance=0.25, contiguity="sufficient"),
        "coordination": Coordination(manager_eur=60.0, seat_fte=1.0, liaison_fte=0.1, branch_fte=0.05),
        "population": np.array([1_000.0, 500.0]),
        "agent_eur": np.full((2, 2, 2), 1.5),
        "required": np.array([[True, False], [False, False]]),
        "norms": (Norm(0, 0.9),),
        "most_open": 2,
        "most_closures": 1,
        "capital_eur": 5_000.0,
        "limits": {"cost": 900.0, "travel": 70.0},
        "frozen": PLAN,
        "unlike": (PLAN,),
    }
    return problem(times, [[300, 60], [150, 30]], [[350, 600], [175, 300]], covered_within=5, **(defaults | values))


def with_locks():
    plan = territories(
        line(0, 10), [30, 40], [(0, 1)], count=2, together=((0, 1, True), (0, 1, False)), inside=((0, 1, True),)
    )
    return two_by_two(territories=plan)


def program_of(case):
    m = Program()
    decide(m, case)
    return m


def with_stops():
    stops = Stops(
        sites=np.array([1]),
        parents=np.array([0, 1]),
        half_day_eur=np.array([[70.0, 50.0]]),
        usable=np.array([[[True, False]], [[True, True]]]),
        fewest=1,
        most=4,
        credit=0.6,
        hours_per_half_day=188.0,
        hours_per_unit=np.array([13.0, 6.5]),
    )
    return two_by_two(stops=stops)


def with_promises():
    means = Means(np.array([True, True]), np.array([2.0, 1.0]), least_ratio=0.8, most_gap=0.1)
    return two_by_two(means=means, second_points=(SecondPoint(0, 0.7, 15.0),), worst_share=0.1)


def with_scale():
    pieces = ((), ((1.0, 0.005), (2.0, 0.003)))
    return two_by_two(offer=dataclasses.replace(two_by_two().services, pieces=pieces))


def with_moves():
    staff = np.array([[1.0, 0.5], [2.0, 0.0], [0.5, 0.0]])
    prices = np.array([[0.0, 30.0], [30.0, 0.0], [50.0, 60.0]])
    return two_by_two(moves=Moves(("A", "B", "C"), np.array([0, 1, -1]), staff, prices, 0.1, most_fte=1.5))


def with_sites_beyond():
    beyond = np.zeros((2, 2, 2), dtype=bool)
    beyond[0, 1, 0] = True
    allowed = ~beyond
    return two_by_two(beyond=beyond, allowed=allowed)


CASES = {
    "farther": with_sites_beyond,
    "staffmove": with_moves,
    "locks": with_locks,
    "itinerance": with_stops,
    "means": with_promises,
    "resilience": with_promises,
    "concave": with_scale,
    "worst": with_promises,
}


def write_block(block):
    case = CASES.get(block.__name__, two_by_two)()
    m = program_of(case)
    block(m, case)
    m.minimise({}, {})
    return m


def write_term(name):
    case = two_by_two(need=np.ones((2, 2)), unevenness=np.array([[1.0, 2.0], [3.0, 4.0]]))
    m = program_of(case)
    m.minimise({name: 1.0}, {name: TERMS[name](m, case)})
    return m


def write_limits():
    case = two_by_two()
    m = program_of(case)
    limits(m, case, {name: term(m, case) for name, term in TERMS.items()})
    m.minimise({}, {})
    return m


def write_cuts():
    case = two_by_two()
    m = program_of(case)
    add_cuts(m, case, [(1, 0, (0,)), (0, 1, ())], turn=1)
    m.minimise({}, {})
    return m


def write_phasing():
    """Two steps: one before the target, and the target."""
    offer = dataclasses.replace(
        two_by_two().services, nearest=np.array([True, False]), choices=(("free",), ("poles", "free"))
    )
    way = Phasing(
        years=(0, 5),
        weights=(0.4, 0.6),
        staying=(1.0, 0.85),
        offered=np.array([[True, True], [False, True]]),
        staff=np.array([[1.5, 0.5], [0.0, 0.25]]),
        site_of=np.array([[0, 0], [0, 1]]),
        most_changes=(1, 2),
        most_services=(1, 1),
        capital_eur=(1_000.0, 4_000.0),
    )
    case = two_by_two(offer=offer, phasing=way)
    m = program_of(case)
    first, asked = m.step(0), step_problem(m, case, way, 0)
    decide(first, asked)
    phasing(first, asked, (m, case))
    m.steps.append(Step(first, asked, {}))
    phasing(m, case, (m, case))
    m.minimise({}, {})
    return m


WRITERS = {block.__name__: (lambda block=block: write_block(block)) for block in BLOCKS}
WRITERS |= {f"term_{name}": (lambda name=name: write_term(name)) for name in TERMS}
WRITERS |= {"phasing": write_phasing, "limits": write_limits, "contiguity_cuts": write_cuts}


def text_of(m, tmp_path):
    path = tmp_path / "program.lp"
    as_pulp(m, "golden").writeLP(str(path), max_length=400)
    return path.read_text()


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_the_rows_are_those_that_were_read(name, tmp_path, request):
    text = text_of(WRITERS[name](), tmp_path)
    golden = HERE / f"{name}.lp"
    if request.config.getoption("--bless"):
        golden.write_text(text)
    assert text == golden.read_text()


def test_every_block_and_term_has_its_file_and_no_file_is_left_over():
    assert {path.stem for path in HERE.glob("*.lp")} == set(WRITERS)


@pytest.mark.parametrize("name", sorted(set(WRITERS) - {f"term_{name}" for name in TERMS}))
def test_each_block_writes_at_least_one_row(name):
    assert WRITERS[name]().rows.names
