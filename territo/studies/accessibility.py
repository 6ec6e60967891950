"""Use case: how well a service can be reached today from each cell, and whether its means follow the needs."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from territo.access.catchment import ENHANCED, floating_catchment, isochrones, mismatch
from territo.assess.reference import current_situation
from territo.domain.arrays import Floats
from territo.domain.catalogue import Catalogue
from territo.domain.catchment import ServiceAccess, Zones
from territo.domain.demand import yearly_demand
from territo.domain.organisation import Organisation
from territo.domain.territory import Territory
from territo.domain.travel import LoadedTerritory
from territo.errors import InputError, fault
from territo.scenario.validation import unknown

BANDS = (5.0, 10.0, 15.0, 20.0, 30.0, 45.0)
PEOPLE = 10_000.0


def service_access(
    territory: LoadedTerritory,
    catalogue: Catalogue,
    services: Sequence[str] = (),
    *,
    organisation: Organisation | None = None,
    zones: Zones = ENHANCED,
    bands: Sequence[float] = BANDS,
) -> list[ServiceAccess]:
    """Measure the access to services.

    Parameters
    ----------
    territory, catalogue
        Where, and what a service is.
    services
        Codes; every service that people travel to when empty.
    organisation
        Where services stand and with how many agents; « Situation actuelle »
        when None.
    zones
        Of the floating catchments; one zone gives the plain two-step form.
    bands
        Ends of the isochrones, ascending, minutes.

    Raises
    ------
    InputError
        A code is unknown, nobody travels to the service, or bands do not rise.
    """
    codes = _front(catalogue, services)
    if not bands or not all(np.diff([0.0, *bands]) > 0):
        listed = ", ".join(f"{end:g}" for end in bands)
        raise InputError(fault("bands-not-in-order", "the bands {bands} must rise from above 0", bands=listed))
    place, travel = territory.territory, territory.travel
    demand = yearly_demand(place, catalogue, codes)
    plan = organisation or current_situation(place, catalogue, travel, codes, demand)[0]
    return [_access(territory, plan, code, demand.units[:, column], zones, bands) for column, code in enumerate(codes)]


def _access(
    territory: LoadedTerritory, plan: Organisation, code: str, need: Floats, zones: Zones, bands: Sequence[float]
) -> ServiceAccess:
    """Measure the access to one service, for the units (m,) that its cells need a year."""
    place, travel = territory.territory, territory.travel
    at = plan.services.index(code)
    offered = plan.offered[:, at]
    staffed = bool(plan.staff[offered, at].sum() > 0)
    supply = np.where(offered, plan.staff[:, at] if staffed else plan.hours_week[:, at], 0.0)
    minutes = travel.minutes[:, offered].min(axis=1, initial=np.inf).astype(np.float64)
    offer = floating_catchment(travel.minutes, supply, need, zones)
    index = _relative(offer, need)
    return ServiceAccess(
        service=code,
        zones=zones,
        offered=offered,
        supply=supply,
        unit="fte" if staffed else "hours_per_week",
        demand=need,
        minutes=minutes,
        offer=offer * need.sum() / place.cells.population.sum() * PEOPLE,
        index=index,
        by_commune=_by_commune(place, index, need),
        matched=1.0 - mismatch(offer, need),
        reached=_reached(minutes, place.cells.population, bands),
    )


def publish_access(
    found: Sequence[ServiceAccess], territory: Territory, directory: Path, *, bands: Sequence[float] = BANDS
) -> list[Path]:
    """Write a GeoTIFF and a GeoPackage for each service; a file is whole or is not there.

    Parameters
    ----------
    found, territory
        What is written.
    directory
        Made if it does not exist; files of the same names are replaced.
    bands
        Ends of the isochrones, minutes.
    """
    from territo.report.access_layers import write_access_layers, write_access_raster

    directory.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory(prefix=".access-", dir=directory) as temporary:
        for access in found:
            for suffix in ("tif", "gpkg"):
                name = f"acces_{access.service}.{suffix}"
                if suffix == "tif":
                    write_access_raster(access, territory, Path(temporary) / name)
                else:
                    write_access_layers(access, territory, Path(temporary) / name, bands)
                written.append((Path(temporary) / name).replace(directory / name))
    return written


def _front(catalogue: Catalogue, services: Sequence[str]) -> tuple[str, ...]:
    """Codes of services that people travel to."""
    front = tuple(service.code for service in catalogue.services if service.kind == "front")
    faults = []
    for code in services:
        if code not in catalogue.codes:
            sentence = "{name} is not a service of the catalogue"
            faults.append(unknown("unknown-service", sentence, code, front, key="--service"))
        elif code not in front:
            sentence = "people do not travel to {name}: choose one of {known}"
            faults.append(fault("service-not-visited", sentence, key="--service", name=code, known=", ".join(front)))
    if faults:
        raise InputError(*faults)
    return tuple(dict.fromkeys(services)) or front


def _relative(offer: Floats, need: Floats) -> Floats:
    mean = float(offer @ need) / float(need.sum()) if need.sum() > 0 else 0.0
    return offer / mean if mean > 0 else np.full(len(offer), np.nan)


def _by_commune(territory: Territory, index: Floats, need: Floats) -> Floats:
    count, commune = len(territory.communes), territory.cells.commune
    needs = np.bincount(commune, weights=need, minlength=count)
    sums = np.bincount(commune, weights=need * index, minlength=count)
    means: Floats = np.divide(sums, needs, out=np.full(count, np.nan), where=needs > 0)
    return means


def _reached(minutes: Floats, population: Floats, bands: Sequence[float]) -> dict[float, float]:
    people = np.bincount(isochrones(minutes, bands), weights=population, minlength=len(bands) + 1)
    return dict(zip((*bands, np.inf), people.tolist(), strict=True))
