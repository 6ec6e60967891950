"""The catalogue: what each service is, what it needs, and how well each number is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from territo.errors import fault, raise_faults

KINDS = ("front", "field", "back")


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the catalogue (domain specification, section 2).

    Parameters
    ----------
    code, label
        Identifier, and the French name that people read.
    kind
        ``front`` (users travel), ``field`` (agents travel), ``back`` (nobody does).
    driver, rate, unit
        Demand is ``rate`` x ``driver`` units a year; ``unit`` names the unit.
    prod_per_fte
        Units one full-time equivalent handles a year; None = no staff of ours.
    min_fte
        Least team of a point of service, FTE.
    visits_per_inh
        Visits per inhabitant and year, before the digital share is taken off.
    digital_share
        Share of the visits that people at ease online make online, 0 to 1.
    norm_min, max_min
        Target and maximum one-way minutes; None = no norm.
    hours_week
        Opening hours a week of a point of service.
    reception_m2
        Reception area of a point of service.
    space_m2_per_fte
        Area each full-time equivalent needs (desk, workshop, place in a crèche).
    point_cost_eur
        Euro a year per point of service, besides staff and area.
    theta
        Share of a staff saving of the model that may be booked, 0 to 1 (section 3).
    small_unit_premium
        Extra cost of small units in the estimated reference (iota, section 11).
    crew, trips_per_fte
        Agents in a crew, and field trips per FTE and year; 0 = no field trips.
    open_access
        True: users go to the nearest point (CLOSEST). False: communes use
        their own territory (SECTOR).
    every_commune
        True: each commune legally keeps a point (rule R4).
    observed_from
        BPE types that prove that the service stands somewhere today.
    legal
        Legal constraint, in French, as shown to people.
    evidence
        Field -> evidence tag: ``S n``, ``D n`` or ``E``.
    scale_exponent
        Exponent below 1 of a team that grows less than its work, up to the
        size of ``Constants.scale_population``; such a team has no least size
        (``min_fte``). None = proportional above the least team.
    """

    code: str
    label: str
    kind: str
    driver: str
    rate: float
    unit: str
    prod_per_fte: float | None
    min_fte: float
    visits_per_inh: float
    digital_share: float
    norm_min: float | None
    max_min: float | None
    hours_week: float
    reception_m2: float
    space_m2_per_fte: float
    point_cost_eur: float
    theta: float
    small_unit_premium: float
    crew: float
    trips_per_fte: float
    open_access: bool
    every_commune: bool
    observed_from: tuple[str, ...]
    legal: str
    evidence: Mapping[str, str]
    scale_exponent: float | None = None

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist."""
        if self.kind not in KINDS:
            raise_faults(
                [fault("unknown-kind", "{kind} is not front, field or back", key=f"{self.code}.kind", kind=self.kind)]
            )


@dataclass(frozen=True, slots=True)
class Constants:
    """Numbers that all services share (domain specification, sections 2 to 5); units stand in the names."""

    fte_cost_eur: float
    manager_cost_eur: float
    hours_per_fte: float
    space_cost_eur_m2: float
    workshop_cost_eur_m2: float
    site_cost_eur: float
    shared_reception: float
    fitout_eur_m2: float
    fitout_annuity: float
    mileage_eur_km: float
    tour_factor: float
    value_of_time_eur_h: float
    co2_kg_km: float
    trip_share: float
    car_share: float
    car_occupancy: float
    pole_manager_fte: float
    pole_liaison_fte: float
    antenna_fte: float
    span_field: float
    span_office: float
    offline_75_plus: float
    offline_others: float
    front_floor_fte: float
    need_weight_poor: float
    need_weight_75_plus: float
    itinerant_weeks: float
    half_day_hours: float
    scale_population: float
    departure_rate: float
    moving_eur_20_km: float
    moving_eur_40_km: float
    moving_eur_60_km: float
    moving_eur_90_km: float
    moving_support_eur: float


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All services, the shared constants, and the standard demography.

    Parameters
    ----------
    version
        Shown in the passport of every run.
    services
        In the order of the file.
    constants
        See :class:`Constants`.
    constants_evidence
        Constant -> evidence tag.
    per_1000
        Driver -> units per 1,000 inhabitants, used where no attribute is known.
    digest
        SHA-256 of the file.
    """

    version: str
    services: tuple[Service, ...]
    constants: Constants
    constants_evidence: Mapping[str, str]
    per_1000: Mapping[str, float]
    digest: str = ""

    def __getitem__(self, code: str) -> Service:
        """Return the service with this code; KeyError if there is none."""
        for service in self.services:
            if service.code == code:
                return service
        raise KeyError(code)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of all services, in the order of the file."""
        return tuple(service.code for service in self.services)
