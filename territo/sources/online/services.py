"""The table of the official services: where each one is, what it answers, who produces it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from territo.errors import InputError, fault
from territo.scenario.validation import faults_from_validation
from territo.scenario.values import Number, Part, Positive, Text
from territo.scenario.yaml_lines import LocatedYaml, read_yaml
from territo.sources.request import Kind, Manners, Request

OVERRIDE = "TERRITO_SERVICES"
LAYERS = ("epci", "communes", "roads", "grid", "equipment", "france_services", "movements")
MEGABYTE = 1_000_000

Above = Annotated[Number, Field(gt=0)]
Address = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=1000)]
Layer = Literal["epci", "communes", "roads", "grid", "equipment", "france_services", "movements"]


class ServiceEntry(Part):
    """One official service."""

    address: Address
    """Where it is asked; ``{epci}`` stands for the SIREN."""
    kind: Kind
    producer: Text
    licence: Text
    vintage: Text | None = None
    """Of the data; the day of the answer when absent."""
    cog: Annotated[int, Field(strict=True, ge=1943, le=2100)] | None = None
    """Year of the list of communes that its codes belong to, if it is known."""
    most_mb: Above
    """No answer of it is longer; megabytes."""
    patience_s: Above
    """How long it may stay silent; seconds."""
    fresh_days: Above | None = None
    """How long an answer is good; for ever when absent."""
    columns: tuple[Text, ...] = ()
    """What its table must have."""
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    """Digest that its producer publishes, if it does."""
    evidence: Annotated[str, Field(min_length=1, max_length=500)]
    """Where the address and the format were read."""


class _Manners(Part):
    attempts: Positive
    first_wait_s: Above
    longest_wait_s: Above
    interval_s: Annotated[Number, Field(ge=0)]


class Services(Part):
    """The table of the official services."""

    version: Text
    manners: _Manners
    population_vintage: Text
    """Of the populations that come with the communes."""
    services: Mapping[Layer, ServiceEntry]

    def request(self, layer: Layer, body: str = "", *, epci: str = "") -> Request:
        """Return what to ask for a layer, of an EPCI where the address depends on it."""
        entry = self.services[layer]
        return Request(
            layer=layer,
            address=entry.address.replace("{epci}", epci),
            kind=entry.kind,
            body=body,
            columns=entry.columns if entry.kind == "csv" else (),
            sha256=entry.sha256,
            most_bytes=round(entry.most_mb * MEGABYTE),
            patience_s=entry.patience_s,
            fresh_days=entry.fresh_days,
        )

    @property
    def entries(self) -> Mapping[str, ServiceEntry]:
        """Layer -> its service."""
        return dict(self.services.items())

    def polite(self) -> Manners:
        """Return how the services are to be asked."""
        return Manners(**self.manners.model_dump())


def load_services(path: Path) -> Services:
    """Read the table of the services, or the one that ``TERRITO_SERVICES`` names in its place.

    Raises
    ------
    InputError
        With all its faults, each with file and line.
    """
    located = read_yaml(os.environ.get(OVERRIDE) or path)
    try:
        table = Services.model_validate(located.data)
    except ValidationError as error:
        raise InputError(*faults_from_validation(error, located, Services)) from error
    _complete(table, located)
    return table


def _complete(table: Services, located: LocatedYaml) -> None:
    absent = [layer for layer in LAYERS if layer not in table.services]
    if absent:
        sentence = "the key {name} is required: add it"
        where = located.where("services")
        raise InputError(*(fault("missing-key", sentence, where=where, key="services", name=name) for name in absent))
