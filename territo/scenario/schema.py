"""A scenario: everything that a file may ask, and the checks between its keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from territo.domain.organisation import IN_POLES
from territo.errors import Fault, fault, raise_faults
from territo.scenario.locks import lock_faults
from territo.scenario.objective import Objective, Weighted
from territo.scenario.parts import (
    Budget,
    Digital,
    Equity,
    Itinerant,
    ModalityChoice,
    Norm,
    Reference,
    Sites,
    SolverLimits,
    Territories,
    Transition,
)
from territo.scenario.values import JSON_SCHEMA, Code, Codes, Modalities, Part, Text, word_or_list

_NOT_OPTIMISED = ("modalities", "territories", "sites", "budget", "itinerant", "transition", "objective")


class Scenario(Part):
    """An organisation to look for, or the current one to look at."""

    model_config = ConfigDict(title="territo scenario")

    id: Annotated[Code, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
    """Identifier: letters without accents, digits, - and _; unique in a comparison."""
    name: Text
    """Name that people read."""
    mode: Literal["optimise", "evaluate"] = "optimise"
    """evaluate: the current situation itself, nothing is optimised."""
    extends: Text | None = None
    """File whose keys this one completes: mappings merge, lists replace."""
    services: Annotated[
        Annotated[Literal["all"], Tag("<word>")] | Annotated[Codes, Field(min_length=1), Tag("<list>")],
        Discriminator(word_or_list),
    ]
    """Codes of the services of the catalogue, or all."""
    modalities: ModalityChoice = ModalityChoice()
    """How each family of services may be organised."""
    territories: Territories | None = None
    """Territories to draw; absent: none."""
    sites: Sites = Sites()
    """Where services may stand."""
    norms: Mapping[str, Norm] = Field(default_factory=dict)
    """Service code -> promise of access."""
    budget: Budget = Budget()
    """Ceilings of money."""
    equity: Equity = Equity()
    """How much unequal access weighs."""
    objective: Objective = Weighted()
    """What is optimised."""
    itinerant: Itinerant | None = None
    """Stops held some half-days a week; absent: none."""
    digital: Digital = Digital()
    """Procedures done online."""
    transition: Transition | None = None
    """The way from today to the organisation looked for; absent: not looked at."""
    reference: Reference = Reference()
    """The estimated current situation, read and accepted."""
    solver: SolverLimits = SolverLimits()
    """Limits of the computation."""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        raise_faults(self._faults())
        return self

    @property
    def digest(self) -> str:
        """SHA-256 of the content, defaults included; how the file was cut up does not count."""
        content = self.model_dump(mode="json", exclude={"extends"})
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def stopping(self) -> Codes:
        """Services that may have itinerant stops."""
        return () if self.itinerant is None else self.itinerant.services

    def modalities_of(self, service: str, kind: str) -> Modalities:
        """Modalities open to a service of a kind (``front``, ``field`` or ``back``)."""
        own: Modalities | None = self.modalities.overrides.get(service)
        by_kind: Modalities = getattr(self.modalities, kind)
        return own or by_kind

    def _faults(self) -> Iterator[Fault]:
        if self.mode == "evaluate":
            yield from self._ignored()
        if self.equity.measure == "cvar" and self.itinerant is not None:
            sentence = "the worst-served visits are not measured with itinerant stops: choose kolm_pollak, or no stops"
            yield fault("cvar-with-stops", sentence, key="equity.measure")
        if self.territories is None:
            yield from self._poles_without_territories()
            yield from self._means_without_territories()
        else:
            yield from lock_faults(self.territories)
        if self.services != "all":
            yield from self._not_asked(set(self.services))

    def _ignored(self) -> Iterator[Fault]:
        for key in _NOT_OPTIMISED:
            if key in self.model_fields_set:
                yield fault(
                    "ignored-by-evaluate",
                    "the current situation is only evaluated: remove {name}, or choose mode: optimise",
                    key=key,
                    name=key,
                )

    def _poles_without_territories(self) -> Iterator[Fault]:
        choices: dict[str, Any] = {kind: getattr(self.modalities, kind) for kind in ("front", "field", "back")}
        choices |= {f"overrides.{service}": chosen for service, chosen in self.modalities.overrides.items()}
        for key, chosen in choices.items():
            if set(IN_POLES) & set(chosen):
                yield fault(
                    "poles-without-territories",
                    "poles need {needs}: say how many territories to draw, or choose central or free",
                    key=f"modalities.{key}",
                    needs="territories",
                )

    def _means_without_territories(self) -> Iterator[Fault]:
        for key in ("least_means_ratio", "most_redeployment"):
            if getattr(self.equity, key) is not None:
                sentence = "means are compared between territories: add {needs}, or remove {name}"
                yield fault("means-without-territories", sentence, key=f"equity.{key}", needs="territories", name=key)

    def _not_asked(self, asked: set[str]) -> Iterator[Fault]:
        named = [(f"norms.{code}", code) for code in self.norms]
        named += [(f"modalities.overrides.{code}", code) for code in self.modalities.overrides]
        named += [
            (f"modalities.antenna_services.{row}", code) for row, code in enumerate(self.modalities.antenna_services)
        ]
        named += [(f"itinerant.services.{row}", code) for row, code in enumerate(self.stopping)]
        for key, code in named:
            if code not in asked:
                yield fault(
                    "service-not-asked",
                    "{service} is not among the services of the scenario: add it there, or remove it here",
                    key=key,
                    service=code,
                )


def schema_json() -> dict[str, Any]:
    """JSON schema of a scenario file, for editors and for other programs."""
    return {"$schema": JSON_SCHEMA, **Scenario.model_json_schema()}
