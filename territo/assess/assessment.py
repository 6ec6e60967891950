"""All figures of an organisation against a reference, from the organisation alone.

Nothing here knows how the organisation was found: the same evaluator prices
the reference, the scenarios, and what a user draws by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from territo.assess.accessibility import accessibility
from territo.assess.alarms import alarms
from territo.assess.case import Case, make_case
from territo.assess.climate import climate
from territo.assess.fairness import fairness, reference_alpha
from territo.assess.itinerance import Measured, split_at_stops
from territo.assess.offer import offer
from territo.assess.pooling import costs, make_accounts, savings
from territo.assess.residual import with_residual
from territo.assess.resilience import resilience
from territo.assess.staffing import staffing
from territo.assess.trajectory import trajectory
from territo.assess.transition import least_moves, transition
from territo.assess.winners import winners
from territo.domain.calibration import Calibration
from territo.domain.catalogue import Catalogue
from territo.domain.demand import Demand
from territo.domain.indicators import Assessment, Indicator
from territo.domain.nodes import demand_nodes
from territo.domain.organisation import Organisation
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes
from territo.errors import fault, raise_faults


@dataclass(frozen=True, slots=True)
class Settings:
    """What a scenario says about its own assessment.

    Parameters
    ----------
    norms
        Service -> target minutes, the scenario's own merged with the
        catalogue's; a service without one is in no promise.
    aversion
        Aversion to inequality of the Kolm-Pollak equivalent, at most 0.
    value_of_time_eur_h
        Euro per hour of a user's travel; None = the catalogue's.
    accepted_reference
        Whether the user accepts the estimated reference in writing.
    calibration
        Of the current situation, whose unexplained part every organisation
        carries; None where nothing was observed.
    transition_years
        Years over which the scenario spreads its moves, whose departures it
        counts on; None = it does not look at the transition.
    indicative
        Whether the order in which services could change is worked out; not
        where the steps were decided together.
    """

    norms: Mapping[str, float]
    aversion: float = -1.0
    value_of_time_eur_h: float | None = None
    accepted_reference: bool = False
    calibration: Calibration | None = None
    transition_years: int | None = None
    indicative: bool = True


def assess(
    territory: Territory,
    catalogue: Catalogue,
    travel: TravelTimes,
    demand: Demand,
    organisation: Organisation,
    reference: Organisation,
    settings: Settings,
) -> Assessment:
    """Measure an organisation.

    Parameters
    ----------
    territory, catalogue, travel, demand
        Where, what, how far and how much; demand in the order of the services.
    organisation, reference
        What is measured, and the situation it is compared with; same services
        in the same order.
    settings
        See :class:`Settings`.

    Raises
    ------
    InputError
        If the two organisations do not have the same services.
    """
    _check_same_services(organisation, reference)
    whole = Measured(territory, travel, demand, organisation, reference, demand_nodes(territory))
    split, roads, asked, now, past, nodes = split_at_stops(whole)
    case = make_case(split, catalogue, roads, asked, now, nodes)
    before = make_case(split, catalogue, roads, asked, past, nodes)
    figures = {indicator.id: indicator for indicator in _indicators(case, before, settings)}
    if settings.calibration is not None and settings.calibration.fits:
        figures = with_residual(case, settings.calibration, figures)
    return Assessment(figures, alarms(case, before, figures, accepted=settings.accepted_reference))


def _indicators(case: Case, before: Case, settings: Settings) -> list[Indicator]:
    years = settings.transition_years
    path = least_moves(case, before, years)
    accounts = make_accounts(case, before, path.euro / years if years else np.zeros_like(path.euro))
    hourly = settings.value_of_time_eur_h
    hourly = case.catalogue.constants.value_of_time_eur_h if hourly is None else hourly
    return [
        *costs(case, accounts),
        *(saved := savings(case, before, accounts)),
        *staffing(case),
        *transition(case, before, path, saved[0].value),
        *accessibility(case, settings.norms, hourly),
        *fairness(case, reference_alpha(before), settings.aversion),
        *offer(case, settings.norms),
        *climate(case),
        *resilience(case, settings.norms),
        *winners(case, before),
        *([] if years is None or not settings.indicative else trajectory(case, before, path.moved, years, hourly)),
    ]


def _check_same_services(organisation: Organisation, reference: Organisation) -> None:
    if organisation.services != reference.services:
        raise_faults(
            [
                fault(
                    "services-differ",
                    "the organisation has the services {ours} and the reference {theirs}: assess the same ones",
                    ours=", ".join(organisation.services),
                    theirs=", ".join(reference.services),
                )
            ]
        )
