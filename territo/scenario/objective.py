"""What a scenario optimises: a weighted sum, priorities, or one term under limits on the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from territo.errors import InputError, fault
from territo.scenario.values import Number, Part

Term = Literal["cost", "travel", "coverage", "equity"]


class Weighted(Part):
    """Least yearly cost plus travel hours at a price said out loud."""

    kind: Literal["weighted"] = "weighted"
    """weighted."""
    value_of_time_eur_h: Annotated[Number, Field(ge=0, le=1_000)] = 8.6
    """Price of an hour that users travel, EUR per hour."""


def _once(order: tuple[Term, ...]) -> tuple[Term, ...]:
    repeated = sorted({term for term in order if order.count(term) > 1})
    if repeated:
        raise InputError(fault("duplicate-value", "{values} twice in the list: keep one", values=", ".join(repeated)))
    return order


class Lexicographic(Part):
    """One term after the other, each kept at its best."""

    kind: Literal["lexicographic"]
    """lexicographic."""
    order: Annotated[tuple[Term, ...], Field(min_length=1), AfterValidator(_once)]
    """Terms, the most important first."""


class Limits(Part):
    """Ceilings of the terms that are not minimised."""

    cost_eur_per_year: Annotated[Number, Field(ge=0)] | None = None
    """Largest running cost, EUR per year."""
    travel_hours_per_year: Annotated[Number, Field(ge=0)] | None = None
    """Largest travel of the users, hours per year."""


_LIMIT_OF = {"cost": "cost_eur_per_year", "travel": "travel_hours_per_year"}


class Epsilon(Part):
    """One term at its least, the others under ceilings."""

    kind: Literal["epsilon"]
    """epsilon."""
    minimise: Term
    """The term that is optimised."""
    limits: Limits
    """Ceilings of the other terms."""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        given = self.limits.model_dump(exclude_none=True)
        if not given:
            raise InputError(fault("no-limit", "limits says nothing: give at least one ceiling", key="limits"))
        own = _LIMIT_OF.get(self.minimise, "")
        if own in given:
            raise InputError(
                fault(
                    "limit-on-objective",
                    "{term} is minimised already: remove its ceiling or minimise another term",
                    key=f"limits.{own}",
                    term=self.minimise,
                )
            )
        return self


def _kind_of_objective(value: Any) -> str:
    kind = value.get("kind", "weighted") if isinstance(value, Mapping) else getattr(value, "kind", "weighted")
    return str(kind)


Objective = Annotated[
    Annotated[Weighted, Tag("weighted")]
    | Annotated[Lexicographic, Tag("lexicographic")]
    | Annotated[Epsilon, Tag("epsilon")],
    Discriminator(_kind_of_objective),
]
