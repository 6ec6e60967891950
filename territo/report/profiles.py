"""For whom an export is made: what each reader may see, taken out of the facts before anything is written.

``internal`` keeps all. ``partners`` has no cost by service, place or
territory, and no team by place: a team of one is a person. ``public`` has
besides only the figures that plain words explain, and no count of fewer than
11 households. Names of agents stand in no noun, so in no export.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from territo.domain.arrays import Bools
from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Assessment, Comparison, Indicator, Run
from territo.domain.territory import Territory
from territo.errors import fault, raise_faults

FEWEST_HOUSEHOLDS = 11
PER_THOUSAND = 1_000.0
STANDARD_HOUSEHOLDS = 455.0  # per 1,000 inhabitants (domain specification, section 2)
MONEY = "eur_per_year"
PEOPLE = "inhabitants"
GROUPS = ("GAG1.winners", "GAG1.losers", "GAG1.neutral")
# indicators that an elected member's sentence explains (« Lecture » of the domain specification, section 6)
PLAIN = frozenset({
    "COST", "ECO1", "ECO4", "EQU1", "OFF1", "OFF2", "OFF3.bouquet", "PRX.unserved", "PRX1.mean", "PRX2", "PRX3", "PRX5",
    "PRX6", "CLI1.tco2e", "GAG1.change", "GAG1.communes_losers", "GAG1.communes_neutral", "GAG1.communes_winners",
    "GAG1.services_lost", *GROUPS,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """What a reader may see.

    Parameters
    ----------
    id
        ``internal``, ``partners`` or ``public``.
    costs_by_team
        Costs by service, commune and territory.
    teams_by_place
        Full-time equivalents of each place.
    small_counts
        Counts of fewer than 11 households.
    all_figures
        Figures for researchers too.
    """

    id: str
    costs_by_team: bool
    teams_by_place: bool
    small_counts: bool
    all_figures: bool


PROFILES = {
    "internal": Profile("internal", costs_by_team=True, teams_by_place=True, small_counts=True, all_figures=True),
    "partners": Profile("partners", costs_by_team=False, teams_by_place=False, small_counts=True, all_figures=True),
    "public": Profile("public", costs_by_team=False, teams_by_place=False, small_counts=False, all_figures=False),
}


def profile_of(name: str) -> Profile:
    """Find a profile.

    Raises
    ------
    InputError
        There is none of this name.
    """
    if name not in PROFILES:
        known = ", ".join(PROFILES)
        raise_faults(
            [fault("unknown-profile", "{name} is not a profile: choose one of {known}", name=name, known=known)]
        )
    return PROFILES[name]


def for_readers(comparison: Comparison, territory: Territory, catalogue: Catalogue, profile: Profile) -> Comparison:
    """Take what a profile may not see out of a comparison."""
    least = least_people(territory, catalogue)
    reference, *runs = (_run(run, profile, least) for run in (comparison.reference, *comparison.runs))
    return Comparison(reference, tuple(runs))


def least_people(territory: Territory, catalogue: Catalogue) -> float:
    """Inhabitants of 11 households: households as published for the communes, else the standard demography."""
    households = territory.communes.attributes.get("households")
    people = territory.communes.population
    if households is not None:
        known = np.isfinite(households)
        if households[known].sum() > 0:
            return float(FEWEST_HOUSEHOLDS * people[known].sum() / households[known].sum())
    return FEWEST_HOUSEHOLDS * PER_THOUSAND / catalogue.per_1000.get("menages", STANDARD_HOUSEHOLDS)


def masked_cells(territory: Territory, least: float) -> Bools:
    """(m,) cells of the grid with fewer people than 11 households have."""
    return territory.cells.population < least


def _run(run: Run, profile: Profile, least: float) -> Run:
    found: Mapping[str, Indicator] = run.assessment.indicators
    if not profile.all_figures:
        found = {name: indicator for name, indicator in found.items() if name in PLAIN}
    if not profile.costs_by_team:
        found = {
            name: _total_only(indicator) if indicator.unit == MONEY else indicator for name, indicator in found.items()
        }
    if not profile.small_counts:
        found = _without_small_groups({name: _without_small_counts(each, least) for name, each in found.items()})
    assessment = Assessment(found, run.assessment.alarms)
    return replace(run, assessment=assessment, terms=run.terms if profile.costs_by_team else {})


def _total_only(indicator: Indicator) -> Indicator:
    return replace(indicator, by_service={}, by_territory={}, by_commune=None)


def _without_small_counts(indicator: Indicator, least: float) -> Indicator:
    if indicator.unit != PEOPLE:
        return indicator
    return replace(
        indicator,
        value=_shown(indicator.value, least),
        by_service={name: _shown(value, least) for name, value in indicator.by_service.items()},
        by_territory={name: _shown(value, least) for name, value in indicator.by_territory.items()},
        by_commune=None
        if indicator.by_commune is None
        else np.array([_shown(value, least) for value in indicator.by_commune]),
    )


def _shown(count: float, least: float) -> float:
    return math.nan if 0 < count < least else count


def _without_small_groups(found: Mapping[str, Indicator]) -> Mapping[str, Indicator]:
    """Hide a second group where one is hidden: the groups add up to a population that everyone knows."""
    groups = {name: found[name] for name in GROUPS if name in found}
    hidden = [name for name, group in groups.items() if math.isnan(group.value)]
    shown = sorted((group.value, name) for name, group in groups.items() if group.value > 0)
    if len(hidden) != 1 or not shown:
        return found
    _, second = shown[0]
    return {**found, second: replace(found[second], value=math.nan, by_commune=None)}
