"""Fit the catalogue to observed staff and spending before anything is optimised (rule R6).

One number a service is fitted, the units a full-time equivalent handles a
year, within 40 % of the catalogue. The extra cost of small units, which the
estimated reference assumes, has no part in it: where staff is seen, nothing
of it has to be assumed. What remains is carried unchanged into every
scenario, never booked as a saving; a service that remains more than 5 % off
is refused.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np

from territo.assess.case import make_case
from territo.assess.costs import LINES, cost_lines
from territo.assess.reference import current_situation, least_front_staff, work_at_points
from territo.assess.whereabouts import places_today, town_halls
from territo.domain.arrays import Bools, Floats
from territo.domain.calibration import Calibration, Fit
from territo.domain.catalogue import Catalogue
from territo.domain.demand import Demand
from territo.domain.nodes import demand_nodes
from territo.domain.organisation import Organisation
from territo.domain.territory import Communes, Territory
from territo.domain.travel import TravelTimes
from territo.errors import Fault, fault, raise_faults

BOUND, TOLERANCE = 0.4, 0.05
STEPS, EXACT = 50, 1e-12


def calibrate(
    territory: Territory, catalogue: Catalogue, travel: TravelTimes, services: Sequence[str], demand: Demand
) -> Calibration:
    """Fit the productivity of each service whose staff is observed.

    Parameters
    ----------
    territory, catalogue, travel
        Where, what a service is, and how far everything is.
    services
        Codes, in the order of the columns of ``demand``.
    demand
        Yearly demand of the cells.

    Raises
    ------
    InputError
        With one fault for each service that is not reproduced within 5 %, or
        whose spending is given for some of its communes only.
    """
    organisation, _ = current_situation(territory, catalogue, travel, services, demand)
    seen = [column for column, code in enumerate(services) if _observed(catalogue, territory.communes, code)]
    if not seen:
        return Calibration((), np.zeros(organisation.staff.shape), np.zeros(organisation.staff.shape))
    raise_faults(_partial_spending(territory.communes, [services[column] for column in seen]))
    trial = _Trial(territory, catalogue, travel, demand, organisation, seen)
    fits = trial.fits(_fitted(trial))
    raise_faults(found for fit in fits for found in _refused(fit))
    return Calibration(fits, *trial.residuals(fits))


def fitted_catalogue(catalogue: Catalogue, calibration: Calibration) -> Catalogue:
    """Return the catalogue with the fitted numbers, and where they come from."""
    fitted = {fit.service: fit.fitted for fit in calibration.fits}
    services = tuple(
        dataclasses.replace(
            service,
            prod_per_fte=fitted[service.code],
            evidence={**service.evidence, "prod_per_fte": "fitted on observed staff"},
        )
        if service.code in fitted
        else service
        for service in catalogue.services
    )
    return dataclasses.replace(catalogue, services=services)


def explained(organisation: Organisation, calibration: Calibration) -> Organisation:
    """Keep of today's staff what the fitted numbers explain; the rest is in the calibration."""
    return dataclasses.replace(organisation, staff=organisation.staff - calibration.fte)


def _observed(catalogue: Catalogue, communes: Communes, code: str) -> bool:
    """Whether the service has staff of ours, and some of it was seen."""
    return bool(catalogue[code].prod_per_fte) and float(np.nansum(communes.staff.get(code, np.zeros(1)))) > 0


def _partial_spending(communes: Communes, services: Sequence[str]) -> Iterator[Fault]:
    for code in services:
        spending = communes.spending.get(code)
        if spending is None:
            continue
        missing = np.flatnonzero(np.isfinite(communes.staff[code]) & np.isnan(spending))
        if missing.size:
            yield fault(
                "spending-in-part",
                "the spending of {service} is missing for {communes}: give it for all communes of the service, or none",
                where="staff",
                key="spending_eur",
                service=code,
                communes=", ".join(communes.codes[commune] for commune in missing),
            )


def _refused(fit: Fit) -> Iterator[Fault]:
    """Say which observation a service does not come close to."""
    pairs = (("fte", fit.reproduced_fte, fit.observed_fte), ("eur", fit.reproduced_eur, fit.observed_eur))
    for unit, reproduced, observed in pairs:
        if np.isfinite(observed) and abs(reproduced / observed - 1.0) > TOLERANCE:
            values = {"observed": f"{observed:.1f}", "reproduced": f"{reproduced:.1f}", "service": fit.service}
            if unit == "fte":
                sentence = (
                    "{service}: {observed} FTE seen, {reproduced} explained at best with a productivity within 40 %: "
                    "check the staff and the catalogue, or leave the service out"
                )
                yield fault("staff-not-reproduced", sentence, where="staff", key=fit.service, **values)
            else:
                sentence = (
                    "{service}: {observed} euro a year seen, {reproduced} explained at best with a productivity within "
                    "40 %: check the spending and the catalogue, or leave the service out"
                )
                yield fault("spending-not-reproduced", sentence, where="staff", key=fit.service, **values)


class _Trial:
    """What staff and spending become with other productivities, for the q services that are seen."""

    def __init__(
        self,
        territory: Territory,
        catalogue: Catalogue,
        travel: TravelTimes,
        demand: Demand,
        organisation: Organisation,
        seen: list[int],
    ) -> None:
        self.territory, self.catalogue, self.travel, self.demand = territory, catalogue, travel, demand
        self.organisation, self.seen = organisation, seen
        self.codes = [organisation.services[column] for column in seen]
        self.default = np.array([catalogue[code].prod_per_fte for code in self.codes], dtype=np.float64)
        self.where = np.column_stack([self._observed_sites(code) for code in self.codes])
        self.load, self.floor = self._work()
        self.observed_fte = np.where(self.where, organisation.staff[:, seen], 0.0).sum(axis=0)
        spending = territory.communes.spending
        self.observed_eur = np.array([np.nansum(spending[c]) if c in spending else np.nan for c in self.codes])

    def _observed_sites(self, code: str) -> Bools:
        """(k,) sites of the communes where the staff of the service was seen."""
        return np.isfinite(self.territory.communes.staff[code])[self.territory.sites.commune]

    def _work(self) -> tuple[Floats, Floats]:
        """(k, q) units a year, and least staff, at the sites of today."""
        territory, nodes, halls = self.territory, demand_nodes(self.territory), town_halls(self.territory)
        loads, floors = [], []
        for column, code in zip(self.seen, self.codes, strict=True):
            service, work = self.catalogue[code], self.demand.units[:, column]
            load, floor = np.zeros(len(territory.sites)), np.zeros(len(territory.sites))
            if service.kind == "front":
                places = places_today(territory, self.travel, service)
                load = work_at_points(territory, self.travel, places, work, nodes)[1]
                floor = np.where(
                    places.sites, least_front_staff(service, self.catalogue.constants, territory.sites.hours_week), 0.0
                )
            else:
                load[halls] = np.bincount(territory.cells.commune, weights=work, minlength=len(halls))
            loads.append(load)
            floors.append(floor)
        return np.column_stack(loads), np.column_stack(floors)

    def staff(self, productivity: Floats) -> Floats:
        """(q,) full-time equivalents where they were seen."""
        total: Floats = np.where(self.where, np.maximum(self.floor, self.load / productivity), 0.0).sum(axis=0)
        return total

    def spending(self, productivity: Floats) -> Floats:
        """(q,) euro per year where staff was seen; NaN where spending was not."""
        if np.isnan(self.observed_eur).all():
            return self.observed_eur
        staff = self.organisation.staff.copy()
        scale = self.staff(productivity) / self.observed_fte
        staff[:, self.seen] = np.where(self.where, staff[:, self.seen] * scale, staff[:, self.seen])
        fits = tuple(Fit(c, b, b, 0, 0, 0, 0) for c, b in zip(self.codes, productivity.tolist(), strict=True))
        catalogue = fitted_catalogue(self.catalogue, Calibration(fits, np.empty(0), np.empty(0)))
        organisation = dataclasses.replace(self.organisation, staff=staff)
        case = make_case(self.territory, catalogue, self.travel, self.demand, organisation)
        lines = cost_lines(case, np.asarray(organisation.offered.any(axis=1), dtype=np.bool_))
        whole = np.sum([lines[line] for line in LINES], axis=0)[:, self.seen]
        total: Floats = np.where(self.where, whole, 0.0).sum(axis=0)
        return np.where(np.isnan(self.observed_eur), np.nan, total)

    def excess(self, productivity: Floats) -> Floats:
        """(q,) sum of the relative errors on staff and spending: falls as productivity rises."""
        errors = [self.staff(productivity) / self.observed_fte, self.spending(productivity) / self.observed_eur]
        total: Floats = np.nansum(np.array(errors) - 1.0, axis=0)
        return total

    def fits(self, productivity: Floats) -> tuple[Fit, ...]:
        """Gather what each service comes to."""
        staff, spending = self.staff(productivity), self.spending(productivity)
        columns = (self.default, productivity, self.observed_fte, staff, self.observed_eur, spending)
        return tuple(Fit(code, *map(float, row)) for code, *row in zip(self.codes, *columns, strict=True))

    def residuals(self, fits: Sequence[Fit]) -> tuple[Floats, Floats]:
        """(k, s) staff and euro that are not explained, spread like the staff that was seen."""
        fte, eur = np.zeros(self.organisation.staff.shape), np.zeros(self.organisation.staff.shape)
        wage = self.catalogue.constants.fte_cost_eur
        for place, (column, fit) in enumerate(zip(self.seen, fits, strict=True)):
            share = np.where(self.where[:, place], self.organisation.staff[:, column], 0.0) / fit.observed_fte
            left = fit.observed_fte - fit.reproduced_fte
            fte[:, column] = share * left
            unpaid = left * wage if np.isnan(fit.observed_eur) else fit.observed_eur - fit.reproduced_eur
            eur[:, column] = share * unpaid
        return fte, eur


def _fitted(trial: _Trial) -> Floats:
    """Find the productivities that explain most, each as near to the catalogue as that allows.

    The excess falls as productivity rises, so that the least error lies where
    it crosses zero, or at the end of the range; where a stretch of the range
    changes nothing, the catalogue's side of it is kept.
    """
    start = trial.default
    sign = np.sign(trial.excess(start))
    end = start * (1.0 + sign * BOUND)
    goal = np.maximum(sign * trial.excess(end), 0.0)
    near, far = start.copy(), end.copy()
    for _ in range(STEPS):
        middle = (near + far) / 2.0
        reached = sign * trial.excess(middle) <= goal + EXACT
        far, near = np.where(reached, middle, far), np.where(reached, near, middle)
    return np.where(sign == 0, start, far)
