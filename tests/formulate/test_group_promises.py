"""A promise to a group counts its members where they live, as the evaluator does on its own."""

from dataclasses import replace

import numpy as np
import pytest

from territo.errors import InputError
from territo.progress import Silent
from territo.scenario.catalogue import load_catalogue
from territo.scenario.schema import Scenario
from territo.studies.build import model_territory
from territo.studies.compare import measure, run_of, solve_prepared
from territo.studies.prepare import prepare, targets, today
from territo.studies.workspace import default_workspace

SERVICE = "france_services"


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return model_territory(tmp_path_factory.mktemp("model") / "place", communes=8, seed=4)


def with_poor(loaded, share, attributes=None):
    """Give each cell ten households, a share of them poor."""
    place = loaded.territory
    groups = {"households": np.full(len(place.cells), 10.0), "poor_households": 10.0 * share}
    cells = replace(place.cells, groups=groups)
    communes = replace(place.communes, attributes=attributes or {})
    return replace(loaded, territory=replace(place, cells=cells, communes=communes))


def scenario(promised):
    return Scenario.model_validate(
        {"id": "x", "name": "x", "services": (SERVICE,), "modalities": {"front": "free"}}
        | {"sites": {"candidates": "town_halls", "max_open": 2}}
        | {"norms": {SERVICE: {"within_minutes": 12, "share": 0.0, "groups": {"poor": promised}}}}
    )


def both(loaded, promised=0.0):
    """Coverage of the poor as the model counts it on its answer, and as the evaluator does on the organisation."""
    now = today(loaded, load_catalogue(default_workspace().catalogue), (SERVICE,))
    prepared = prepare(scenario(promised), loaded, now)
    problem = prepared.formulation.problem
    solution = solve_prepared(prepared, problem, Silent())
    (norm,) = (norm for norm in problem.norms if norm.group)
    people, within = norm.counted(problem.population, problem.covered)
    in_model = people @ within[np.arange(len(people)), solution.site_of[:, 0]] / people.sum()
    organisation = run_of(prepared, solution).organisation
    norms = targets(now.catalogue, (SERVICE,)) | {SERVICE: 12.0}
    figures = measure(organisation, prepared.scenario, loaded, now, prepared.study.demand, norms)
    return in_model, figures["PRX3.poor"].by_service[SERVICE], figures["PRX3"].by_service[SERVICE], people.sum()


@pytest.mark.parametrize("secret", [0.0, 0.4])
def test_the_coverage_of_a_group_in_the_model_is_that_of_the_evaluator(plain, secret):
    draw = np.random.default_rng(7)
    share = draw.beta(0.5, 2.0, len(plain.territory.cells))
    share[draw.random(len(share)) < secret] = np.nan
    rate = draw.uniform(5, 30, len(plain.territory.communes))
    rate[::2] = np.nan
    model, evaluated, everyone, _ = both(with_poor(plain, share, {"poverty_rate": rate}))
    assert model == pytest.approx(evaluated, rel=1e-9)
    assert abs(evaluated - everyone) > 1e-6  # the group does not live like everyone


def test_poor_people_of_one_commune_do_not_stand_for_the_rest_of_it(plain):
    """Poor households far from the centre of a commune are far, though half of the commune is near."""
    cells, sites = plain.territory.cells, plain.territory.sites
    nearest = plain.travel.minutes[:, [int(np.flatnonzero(sites.commune == c)[0]) for c in cells.commune.tolist()]]
    far = np.diagonal(nearest) > np.median(np.diagonal(nearest))
    model, evaluated, everyone, people = both(with_poor(plain, far.astype(float)))
    assert model == pytest.approx(evaluated, rel=1e-9)
    assert people == pytest.approx(cells.population[far].sum())
    assert evaluated < everyone


def test_a_promise_to_a_group_moves_the_points_to_where_it_lives(plain):
    """Those who live within the target of the least served town hall, and of no other, are the poor."""
    near = plain.travel.minutes <= 12
    alone = near & (near.sum(axis=1) == 1)[:, None]
    people = plain.territory.cells.population @ alone
    least = int(np.argmin(np.where(people > 0, people, np.inf)))
    place = with_poor(plain, alone[:, least].astype(float))
    assert both(place)[:2] == (0.0, 0.0)
    assert both(place, promised=0.9)[:2] == pytest.approx((1.0, 1.0))


def test_a_group_that_is_known_nowhere_cannot_be_promised_anything(plain):
    place = replace(
        plain, territory=replace(plain.territory, communes=replace(plain.territory.communes, attributes={}))
    )
    with pytest.raises(InputError, match="poverty_rate"):
        both(replace(place, territory=replace(place.territory, cells=replace(place.territory.cells, groups={}))))
