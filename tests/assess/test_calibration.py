"""Productivities fitted to observed staff and spending: by hand, within their bounds, or refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territo.assess.assessment import Settings, assess
from territo.assess.calibration import BOUND, TOLERANCE, calibrate, explained, fitted_catalogue
from territo.assess.reference import current_situation
from territo.domain.demand import yearly_demand
from territo.errors import InputError
from tests.factories import line_travel, service, tiny_catalogue, tiny_territory

TRAVEL = line_travel()


def place(staff=None, spending=None):
    """Two communes of 1,000 and 500 inhabitants, who ask one unit each."""
    columns = {code: np.array(values, dtype=float) for code, values in (staff or {}).items()}
    amounts = {code: np.array(values, dtype=float) for code, values in (spending or {}).items()}
    return tiny_territory(communes=replace(tiny_territory().communes, staff=columns, spending=amounts))


def catalogue(*services):
    return tiny_catalogue(services or [service("voirie", "field"), service("finances", "back")])


def fitted(territory, services):
    demand = yearly_demand(territory, services, services.codes)
    return calibrate(territory, services, TRAVEL, services.codes, demand)


def today(territory, services, calibration):
    """The current situation and its figures, with the fitted catalogue."""
    ours = fitted_catalogue(services, calibration)
    demand = yearly_demand(territory, ours, ours.codes)
    seen, _ = current_situation(territory, ours, TRAVEL, ours.codes, demand)
    reference = explained(seen, calibration)
    how = Settings({}, calibration=calibration)
    return reference, assess(territory, ours, TRAVEL, demand, reference, reference, how)


def test_nothing_observed_fits_nothing():
    services = catalogue()
    calibration = fitted(place(), services)
    assert calibration.fits == ()
    assert not calibration.eur.any()
    assert fitted_catalogue(services, calibration) == services


def test_staff_within_the_bounds_is_reproduced_exactly_without_the_extra_cost_of_small_units():
    # 1,500 units for 1.25 FTE: 1,200 units each
    services = catalogue()
    calibration = fitted(place({"voirie": [1.0, 0.25]}), services)
    (fit,) = calibration.fits
    assert (fit.service, fit.default, fit.observed_fte) == ("voirie", 1_000.0, 1.25)
    assert fit.fitted == pytest.approx(1_200.0)
    assert fit.reproduced_fte == pytest.approx(1.25)
    assert calibration.fte == pytest.approx(0.0, abs=1e-9)
    ours = fitted_catalogue(services, calibration)
    assert ours["voirie"].prod_per_fte == fit.fitted
    assert ours["voirie"].evidence["prod_per_fte"] == "fitted on observed staff"
    assert ours["finances"] == services["finances"]


def test_only_the_communes_that_were_observed_are_fitted():
    # 500 units for 0.4 FTE in the second commune; nothing is known of the first
    (fit,) = fitted(place({"voirie": [np.nan, 0.4]}), catalogue()).fits
    assert fit.fitted == pytest.approx(1_250.0)


@pytest.mark.parametrize("fte", [0.9, 2.9])
def test_staff_out_of_reach_is_refused_with_the_name_of_the_service(fte):
    with pytest.raises(InputError, match="voirie") as caught:
        fitted(place({"voirie": [fte, 0.0]}), catalogue())
    assert [fault.code for fault in caught.value.faults] == ["staff-not-reproduced"]


def test_all_services_that_do_not_fit_are_named_at_once():
    with pytest.raises(InputError) as caught:
        fitted(place({"voirie": [0.1, 0.1], "finances": [9.0, 9.0]}), catalogue())
    assert [fault.key for fault in caught.value.faults] == ["voirie", "finances"]


def test_staff_just_out_of_the_bounds_leaves_a_residual_that_is_not_spent_twice():
    # 1,500 units at most at 1,400 each: 1.0714 FTE where 1.05 were seen, 2 % off
    services = catalogue()
    territory = place({"voirie": [0.75, 0.3]})
    calibration = fitted(territory, services)
    (fit,) = calibration.fits
    assert fit.fitted == pytest.approx(1_400.0)
    assert fit.reproduced_fte == pytest.approx(1_500 / 1_400)
    reference, figures = today(territory, services, calibration)
    assert reference.staff[:, 0].sum() == pytest.approx(1_500 / 1_400)
    assert calibration.fte[:, 0] == pytest.approx(np.array([0.75, 0.3, 0.0]) / 1.05 * (1.05 - 1_500 / 1_400))
    assert figures["ECO4"].by_service["voirie"] == pytest.approx(1.05)
    assert figures["ECO4.residual"].value == pytest.approx(1.05 - 1_500 / 1_400)
    assert figures["COST.residual"].value == pytest.approx(40_000 * (1.05 - 1_500 / 1_400))
    assert figures["ECO1"].value == pytest.approx(0.0, abs=1e-6)


def test_a_floor_that_holds_the_staff_moves_the_number_no_farther_than_it_explains():
    # the desk of France services opens 24 h: 24 x 52 / 1,300 = 0.96 FTE whatever the 500 or 1,500 users ask
    services = catalogue(service("france_services"))
    (fit,) = fitted(place({"france_services": [0.0, 1.44]}), services).fits
    assert fit.fitted == pytest.approx(1_500 / 1.44)
    (fit,) = fitted(place({"france_services": [0.0, 0.93]}), catalogue(service("france_services", rate=0.5))).fits
    assert fit.reproduced_fte == pytest.approx(0.96)
    assert fit.fitted == pytest.approx(1_000.0)


def test_spending_is_fitted_with_the_staff_and_the_rest_is_carried():
    # back office without area: 40,000 EUR an FTE and 1,000 a point; 1.5 FTE at 1,000 units each
    services = catalogue(service("finances", "back", space_m2_per_fte=0.0))
    territory = place({"finances": [1.0, 0.5]}, {"finances": [43_000.0, 21_000.0]})
    calibration = fitted(territory, services)
    (fit,) = calibration.fits
    assert fit.observed_eur == 64_000.0
    staff_miss, spending_miss = fit.misses
    assert staff_miss == pytest.approx(-spending_miss, abs=1e-6)
    assert abs(staff_miss) < TOLERANCE
    _, figures = today(territory, services, calibration)
    assert figures["COST"].value == pytest.approx(64_000.0)
    assert figures["ECO4"].value == pytest.approx(1.5)


def test_spending_far_from_what_the_staff_costs_is_refused():
    services = catalogue(service("finances", "back"))
    with pytest.raises(InputError) as caught:
        fitted(place({"finances": [1.0, 0.5]}, {"finances": [60_000.0, 30_000.0]}), services)
    assert {fault.code for fault in caught.value.faults} == {"staff-not-reproduced", "spending-not-reproduced"}


def test_spending_that_lacks_a_commune_is_refused():
    services = catalogue(service("finances", "back"))
    with pytest.raises(InputError, match="B1"):
        fitted(place({"finances": [1.0, 0.5]}, {"finances": [41_000.0, np.nan]}), services)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.floats(0.2, 1.8), st.floats(0.1, 1.2), st.sampled_from(["field", "back"]))
def test_a_fit_is_the_nearest_number_in_the_bounds_and_is_refused_where_that_is_not_near_enough(first, second, kind):
    services, total = catalogue(service("work", kind)), first + second
    best = float(np.clip(1_500 / total, 1_000 * (1 - BOUND), 1_000 * (1 + BOUND)))
    territory = place({"work": [first, second]})
    if abs(1_500 / best / total - 1.0) > TOLERANCE:
        with pytest.raises(InputError):
            fitted(territory, services)
        return
    calibration = fitted(territory, services)
    assert calibration.fits[0].fitted == pytest.approx(best)
    reference, figures = today(territory, services, calibration)
    assert figures["ECO4"].value == pytest.approx(total)
    assert figures["ECO1"].value == pytest.approx(0.0, abs=1e-6)
    assert (reference.staff >= 0).all()
