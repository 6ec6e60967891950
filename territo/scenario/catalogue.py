"""The catalogue file: services and constants, each number with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import Field, ValidationError

from territo.domain.catalogue import Catalogue, Constants, Service
from territo.errors import Fault, fault, raise_faults
from territo.scenario.validation import faults_from_validation, unknown
from territo.scenario.values import Code, Flag, Number, Part, Share, Text
from territo.scenario.yaml_lines import LocatedYaml, read_yaml

Evidence = Annotated[str, Field(min_length=1, max_length=200)]
Amount = Annotated[Number, Field(ge=0)]
AboveZero = Annotated[Number, Field(gt=0)]
Value = TypeVar("Value")

_CONSTANTS = tuple(field.name for field in fields(Constants))
_TEXTS = {"code", "label", "kind", "driver", "unit", "open_access", "every_commune", "observed_from", "legal"}


class Known(Part, Generic[Value]):
    """A number and how well it is known."""

    value: Value
    """In the unit of its key."""
    evidence: Evidence
    """S n (published), D n (derived from published figures) or E (expert default, to calibrate), with a few words."""


class ServiceEntry(Part):
    """One service; each key means what it means in ``territo.domain.catalogue.Service``."""

    code: Code
    label: Text
    kind: Literal["front", "field", "back"]
    driver: Code
    unit: Text
    rate: Known[Amount]
    prod_per_fte: Known[AboveZero] | None
    min_fte: Known[Amount]
    visits_per_inh: Known[Amount]
    digital_share: Known[Share]
    norm_min: Known[AboveZero] | None
    max_min: Known[AboveZero] | None
    hours_week: Known[Amount]
    reception_m2: Known[Amount]
    space_m2_per_fte: Known[Amount]
    point_cost_eur: Known[Amount]
    theta: Known[Share]
    small_unit_premium: Known[Share]
    crew: Known[Amount]
    trips_per_fte: Known[Amount]
    open_access: Flag
    every_commune: Flag
    observed_from: tuple[Code, ...]
    legal: Text


class CatalogueFile(Part):
    """The services, what they share, and the standard demography."""

    version: Text
    """Shown in the passport of every run."""
    per_1000: Mapping[str, Known[Amount]]
    """Demand driver -> units per 1,000 inhabitants."""
    constants: Mapping[str, Known[Amount]]
    """Constant -> value; all of ``territo.domain.catalogue.Constants``."""
    services: Annotated[tuple[ServiceEntry, ...], Field(min_length=1)]
    """In the order in which people read them."""


def load_catalogue(path: Path | str) -> Catalogue:
    """Read a catalogue file.

    Raises
    ------
    InputError
        With all the faults of the file, each with file and line: a number
        without evidence, a service that appears twice, a driver without
        standard demography, a constant that is missing...
    """
    located = read_yaml(path)
    raise_faults(catalogue_faults(located))
    return _catalogue(CatalogueFile.model_validate(located.data), located.digest)


def catalogue_faults(located: LocatedYaml) -> list[Fault]:
    """Return everything wrong in the content of a catalogue file."""
    try:
        content = CatalogueFile.model_validate(located.data)
    except ValidationError as error:
        return faults_from_validation(error, located, CatalogueFile)
    found = [*_constant_faults(content), *_service_faults(content)]
    return [replace(each, where=located.where(each.key)) for each in found]


def _constant_faults(content: CatalogueFile) -> Iterator[Fault]:
    for name in content.constants:
        if name not in _CONSTANTS:
            yield unknown("unknown-key", "unknown key {name}", name, _CONSTANTS, key=f"constants.{name}")
    for name in _CONSTANTS:
        if name not in content.constants:
            yield fault("missing-key", "the key {name} is required: add it", key=f"constants.{name}", name=name)


def _service_faults(content: CatalogueFile) -> Iterator[Fault]:
    seen: set[str] = set()
    for row, entry in enumerate(content.services):
        key = f"services.{row}"
        if entry.code in seen:
            sentence = "the service {name} appears twice: keep one"
            yield fault("duplicate-service", sentence, key=f"{key}.code", name=entry.code)
        seen.add(entry.code)
        if entry.driver not in content.per_1000:
            sentence = "{name} is not a driver of per_1000"
            yield unknown("unknown-driver", sentence, entry.driver, content.per_1000, key=f"{key}.driver")
        if entry.norm_min and entry.max_min and entry.norm_min.value > entry.max_min.value:
            yield fault(
                "target-over-maximum",
                "the target of {target} min is over the maximum of {maximum} min",
                key=f"{key}.norm_min",
                target=f"{entry.norm_min.value:g}",
                maximum=f"{entry.max_min.value:g}",
            )


def _catalogue(content: CatalogueFile, digest: str) -> Catalogue:
    constants = {name: known.value for name, known in content.constants.items()}
    return Catalogue(
        version=content.version,
        services=tuple(_service(entry) for entry in content.services),
        constants=Constants(**constants),
        constants_evidence={name: known.evidence for name, known in content.constants.items()},
        per_1000={name: known.value for name, known in content.per_1000.items()},
        digest=digest,
    )


def _service(entry: ServiceEntry) -> Service:
    numbers: dict[str, Known[Any] | None] = {
        name: getattr(entry, name) for name in ServiceEntry.model_fields if name not in _TEXTS
    }
    values: dict[str, Any] = {name: known and known.value for name, known in numbers.items()}
    texts: dict[str, Any] = {name: getattr(entry, name) for name in _TEXTS}
    evidence = {name: known.evidence for name, known in numbers.items() if known}
    return Service(**texts, **values, evidence=evidence)
