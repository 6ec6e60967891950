"""The steps of the way from today to the organisation looked for, decided together with it."""

from __future__ import annotations

from typing import Annotated, Any, Self, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from territo.errors import Fault, fault, raise_faults
from territo.scenario.values import Count, Number, Part, Positive

Value = TypeVar("Value")


def _as_steps(value: Any) -> Any:
    return (value,) if isinstance(value, int | float) and not isinstance(value, bool) else value


Euro = Annotated[Number, Field(ge=0)]
Counts = Annotated[
    tuple[Count, ...],
    Field(min_length=1),
    BeforeValidator(_as_steps, json_schema_input_type=Count | tuple[Count, ...]),
]
Euros = Annotated[
    tuple[Euro, ...],
    Field(min_length=1),
    BeforeValidator(_as_steps, json_schema_input_type=Euro | tuple[Euro, ...]),
]


class Phasing(Part):
    """Steps: what is open, who works and who goes where at each of them is decided together."""

    years: Annotated[tuple[Annotated[Count, Field(le=30)], ...], Field(min_length=2, max_length=6)] = (0, 2, 5)
    """Years from now at which each step begins, growing; the last one is the organisation looked for."""
    max_changes: Counts | None = None
    """Points open to users that may open or close at a step: one number, or one a step; absent: no limit."""
    max_services: Counts | None = None
    """Services that may begin to change at a step: one number, or one a step; absent: no limit."""
    capital_eur: Euros | None = None
    """Works that a step may pay, euros: one number, or one a step; absent: no limit."""
    horizon_years: Annotated[Positive, Field(le=60)] = 10
    """Years from now at which the count ends: the last step lasts until then."""
    discount_pct: Annotated[Number, Field(ge=0, le=20)] = 3.2
    """Rate at which a later year counts less, % a year; 0 = all years count alike."""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        raise_faults(self._faults())
        return self

    def _faults(self) -> list[Fault]:
        found = []
        if list(self.years) != sorted(set(self.years)):
            years = ", ".join(map(str, self.years))
            found.append(fault("phasing-years", "the years of the steps must grow: {years}", key="years", years=years))
        if self.horizon_years <= max(self.years):
            sentence = "the count ends at {horizon} years, before the last step at {last} has lasted: raise it"
            params = {"horizon": str(self.horizon_years), "last": str(max(self.years))}
            found.append(fault("phasing-horizon", sentence, key="horizon_years", **params))
        for key in ("max_changes", "max_services", "capital_eur"):
            given = getattr(self, key)
            if given is not None and len(given) not in {1, len(self.years)}:
                sentence = "{count} numbers for {steps} steps: give one number, or one a step"
                params = {"count": str(len(given)), "steps": str(len(self.years))}
                found.append(fault("phasing-length", sentence, key=key, **params))
        return found

    def of_steps(self, given: tuple[Value, ...] | None) -> tuple[Value | None, ...]:
        """One value a step, whether one was given for all, one each, or none."""
        if given is None:
            return (None,) * len(self.years)
        return given if len(given) > 1 else given * len(self.years)
