"""The catalogue file: services and constants, each number with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from territo.domain.catalogue import Catalogue, Constants, Service
from territo.errors import Fault, InputError, fault, raise_faults
from territo.scenario.validation import faults_from_validation, unknown
from territo.scenario.values import JSON_SCHEMA, Code, Flag, Number, Part, Share, Text, target_over_maximum
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
    scale_exponent: Known[Annotated[Number, Field(gt=0, lt=1)]] | None = None
    open_access: Flag
    every_commune: Flag
    observed_from: tuple[Code, ...]
    legal: Text

    @model_validator(mode="after")
    def _target_within_maximum(self) -> Self:
        if self.norm_min and self.max_min and self.norm_min.value > self.max_min.value:
            raise InputError(target_over_maximum(self.norm_min.value, self.max_min.value, "norm_min"))
        return self


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
    """Return everything wrong in the content of a catalogue file, in the order of its lines."""
    found: list[Fault] = []
    try:
        CatalogueFile.model_validate(located.data)
    except ValidationError as error:
        found += faults_from_validation(error, located, CatalogueFile)
    between = [*_constant_faults(located.data), *_service_faults(located.data)]
    found += [replace(each, where=located.where(each.key)) for each in between]
    return sorted(found, key=lambda each: located.line(each.key))


def schema_json() -> dict[str, Any]:
    """JSON schema of a catalogue file."""
    return {"$schema": JSON_SCHEMA, **CatalogueFile.model_json_schema()}


def _constant_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Find the constants that are not known, and those that are missing; other faults are the model's."""
    given = data.get("constants")
    if not isinstance(given, Mapping):
        return
    for name in given.keys() - set(_CONSTANTS):
        yield unknown("unknown-key", "unknown key {name}", name, _CONSTANTS, key=f"constants.{name}")
    for name in _CONSTANTS:
        if name not in given:
            yield fault("missing-key", "the key {name} is required: add it", key=f"constants.{name}", name=name)


def _service_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Find services that appear twice, and drivers that are not known, in whatever has the right form."""
    services, drivers = data.get("services"), data.get("per_1000")
    seen: set[str] = set()
    for row, entry in enumerate(services if isinstance(services, list) else ()):
        code, driver = (str(entry.get(key)) if isinstance(entry, Mapping) else "" for key in ("code", "driver"))
        if code in seen:
            sentence = "the service {name} appears twice: keep one"
            yield fault("duplicate-service", sentence, key=f"services.{row}.code", name=code)
        seen.add(code)
        if driver and isinstance(drivers, Mapping) and driver not in drivers:
            sentence = "{name} is not a driver of per_1000"
            yield unknown("unknown-driver", sentence, driver, drivers, key=f"services.{row}.driver")


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
