"""The parts of a scenario: who decides where, with which promises, and how it is solved.

The names of the keys are a contract; units stand in the names. The sentence
under each key becomes its description in the JSON schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from territo.errors import Fault, fault, raise_faults
from territo.scenario.phasing import Phasing
from territo.scenario.values import (
    Code,
    Codes,
    Count,
    Flag,
    Minutes,
    Modalities,
    Number,
    Part,
    Positive,
    Range,
    Share,
    target_over_maximum,
    word_or_list,
)


class ModalityChoice(Part):
    """How each family of services may be organised; several = the optimiser chooses."""

    front: Modalities = ("free",)
    """Services that people visit."""
    field: Modalities = ("central",)
    """Services whose agents travel."""
    back: Modalities = ("central",)
    """Services that nobody visits."""
    overrides: Mapping[str, Modalities] = Field(default_factory=dict)
    """Service code -> modalities of that service alone."""
    antenna_services: Codes = ()
    """Services that every antenna offers: no place opens outside the siège and the poles without them."""


class Balance(Part):
    """Territories of similar size."""

    on: Literal["workload", "population"] = "workload"
    """What is balanced: the work of the field services, or inhabitants."""
    tolerance: Share = 0.25
    """Largest relative deviation from the mean, 0 to 1."""


class TogetherLock(Part):
    """Communes that must, or must not, share a territory."""

    communes: Annotated[Codes, Field(min_length=2)]
    """INSEE codes, at least two."""
    together: Flag
    """True: all in one territory. False: no two in the same territory."""


class SeatLock(Part):
    """A commune tied to a pole, or kept out of its territory."""

    commune: Code
    """INSEE code of the commune."""
    seat: Code
    """INSEE code of the commune of the pole."""
    inside: Flag
    """True: the commune is in the territory of that pole. False: it is not."""


def _kind_of_lock(value: Any) -> str:
    if isinstance(value, TogetherLock | SeatLock):
        return "<together>" if isinstance(value, TogetherLock) else "<seat>"
    seat_keys = isinstance(value, Mapping) and {"commune", "seat", "inside"} & value.keys()
    return "<seat>" if seat_keys else "<together>"


Lock = Annotated[
    Annotated[TogetherLock, Tag("<together>")] | Annotated[SeatLock, Tag("<seat>")], Discriminator(_kind_of_lock)
]


class Territories(Part):
    """Territories to draw: contiguous groups of communes around a pole."""

    count: Range
    """Number of territories, or [least, most]."""
    balance: Balance | None = None
    """Absent: sizes are free."""
    contiguity: Literal[True, False, "exact"] = True
    """True: sufficient rule of Zoltners and Sinha. exact: cut loop. False: not asked."""
    locks: tuple[Lock, ...] = ()
    """Wishes of the elected members about communes."""
    seats: Codes | None = None
    """INSEE codes of the communes that may hold a pole; absent: all."""


class Sites(Part):
    """Where services may stand."""

    candidates: Annotated[
        Annotated[Literal["town_halls", "existing", "centres", "all"], Tag("<word>")] | Annotated[Codes, Tag("<list>")],
        Discriminator(word_or_list),
    ] = "town_halls"
    """Candidate sites, or the list of their ids."""
    keep: Codes = ()
    """Ids of the sites that stay open."""
    close: Codes = ()
    """Ids of the sites that close."""
    max_open: Positive | None = None
    """Largest number of open sites."""
    max_closures: Count | None = None
    """Largest number of today's sites that close."""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        raise_faults(
            fault("keep-and-close", "{site} is both kept and closed: choose one", key="close", site=site)
            for site in sorted(set(self.keep) & set(self.close))
        )
        return self


class Norm(Part):
    """A promise of access to one service."""

    within_minutes: Minutes | None = None
    """Target one-way time, minutes."""
    share: Share | None = None
    """Share of the inhabitants within the target, 0 to 1; 1 where only the target is given."""
    max_minutes: Minutes | None = None
    """Nobody is sent farther, minutes."""
    groups: Mapping[Literal["poor", "75_plus"], Share] = Field(default_factory=dict)
    """Social group -> share of its members within the target, 0 to 1."""
    second_point_share: Share | None = None
    """Share of the inhabitants with two points within the maximum time (the catalogue's unless given), 0 to 1."""

    @model_validator(mode="before")
    @classmethod
    def _everyone_by_default(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and data.get("within_minutes") is not None and "share" not in data:
            return {**data, "share": 1.0}
        return data

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        raise_faults(self._faults())
        return self

    def _faults(self) -> list[Fault]:
        found = []
        if not self.model_fields_set - {"groups"} and not self.groups:
            found.append(fault("empty-norm", "the norm says nothing: give within_minutes or max_minutes"))
        for key in ("share", "groups"):
            if getattr(self, key) not in (None, {}) and self.within_minutes is None:
                sentence = "{name} needs {needs}: the share of the inhabitants within how many minutes?"
                found.append(fault("share-without-target", sentence, key=key, name=key, needs="within_minutes"))
        if self.within_minutes is not None and self.max_minutes is not None and self.within_minutes > self.max_minutes:
            found.append(target_over_maximum(self.within_minutes, self.max_minutes, "within_minutes"))
        return found


class Budget(Part):
    """Ceilings of money."""

    running_cost_change_pct: Annotated[Number, Field(gt=-100, le=100)] | None = None
    """Largest change of the yearly running cost against today, %; -8 = eight per cent less."""
    capital_eur: Annotated[Number, Field(ge=0)] | None = None
    """Largest spending on works, euros."""


class Equity(Part):
    """How much unequal access weighs."""

    measure: Literal["kolm_pollak", "cvar"] = "kolm_pollak"
    """Equally distributed equivalent of Kolm and Pollak, or mean time of the worst-served visits."""
    aversion: Annotated[Number, Field(lt=0, ge=-5)] = -1.0
    """Aversion to inequality, below 0; -0.5 to -1.5 is usual."""
    worst_share: Annotated[Share, Field(gt=0)] = 0.1
    """cvar: share of the visits, the worst served, whose mean time counts, 0 to 1."""
    max_minutes: Minutes | None = None
    """Ceiling of the measure, minutes."""
    least_means_ratio: Share | None = None
    """Least agents per need of a territory, over the mean of all territories, 0 to 1."""
    most_redeployment: Share | None = None
    """Largest share of the agents who would have to move for means to follow needs, 0 to 1."""

    @property
    def follows_needs(self) -> bool:
        """Whether something is asked of the means of the territories."""
        return self.least_means_ratio is not None or self.most_redeployment is not None


class Itinerant(Part):
    """Stops held some half-days a week, beside the fixed points."""

    services: Annotated[Codes, Field(min_length=1)]
    """Services that may have stops; people travel to them."""
    communes_min_population: Count = 300
    """A stop may be held at the town hall of communes with so many inhabitants."""
    half_days: Range = (1, 4)
    """Half-days a week of a stop, [least, most]."""
    credit: Annotated[Share, Field(gt=0)] = 0.6
    """Share of its users that a stop suits; the others go to the fixed point, 0 to 1."""


class Digital(Part):
    """Procedures done online."""

    take_up_scale: Annotated[Number, Field(ge=0, le=5)] = 1.0
    """Multiplies the digital share of every service."""


class Transition(Part):
    """The way from today's organisation to the one looked for."""

    max_moved_fte_pct: Annotated[Number, Field(ge=0, le=100)] | None = None
    """Largest part of the agents who change their place of work, %; absent: no limit, moves only cost."""
    years: Annotated[Positive, Field(le=30)] = 5
    """Years of the transition: departures of that time are not moves, and its cost is spread over it."""
    phasing: Phasing | None = None
    """Steps decided together with the organisation; absent: only an indicative order of the services is given."""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        steps = self.phasing
        if steps is not None and steps.years[-1] != self.years:
            sentence = "the last step begins at {last} years and the transition lasts {years}: give the same"
            params = {"last": str(steps.years[-1]), "years": str(self.years)}
            raise_faults([fault("phasing-target", sentence, key="phasing.years", **params)])
        return self


class Reference(Part):
    """The estimated current situation, read and accepted."""

    accepted: Flag = False
    """True: the study owns the estimate, and exports may say « économie »."""


class SolverLimits(Part):
    """Limits of the computation."""

    time_limit_s: Annotated[Number, Field(gt=0, le=86_400)] = 60.0
    """Seconds for the whole scenario."""
    gap: Share = 0.001
    """Relative gap at which the answer counts as proven, 0 to 1."""
    seed: Annotated[Count, Field(le=2_147_483_647)] = 0
    """The same seed and threads give the same answer."""
    threads: Annotated[Positive, Field(le=64)] = 2
    """Processor threads."""
