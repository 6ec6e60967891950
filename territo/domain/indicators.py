"""What is measured of an organisation, and how organisations compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from territo.domain.arrays import Floats
from territo.domain.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure, and its parts.

    Parameters
    ----------
    id
        Identifier of the domain specification, section 6 (``PRX2``), with a
        dotted part where an indicator has several figures (``PRX1.median``).
    unit
        ``min``, ``eur_per_year``, ``fte``, ``share``, ``hours_per_year``,
        ``km_per_year``, ``tco2e_per_year``, ``inhabitants``, ``count``,
        ``index``, ``hours_per_week``.
    value
        NaN where it cannot be computed; never zero for missing.
    low, high
        Ends of the interval where the figure is one (ECO1), else None.
    by_service, by_territory
        Parts by service code, and by INSEE code of the seat's commune.
    by_commune
        (n,) parts in the order of the communes, NaN where not defined.
    subject
        What the figure is about where it names something (a commune's code,
        a site's id), else empty.
    """

    id: str
    unit: str
    value: float
    low: float | None = None
    high: float | None = None
    by_service: Mapping[str, float] = field(default_factory=dict)
    by_territory: Mapping[str, float] = field(default_factory=dict)
    by_commune: Floats | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """All figures of one organisation, against a reference.

    Parameters
    ----------
    indicators
        Id -> indicator.
    alarms
        Codes of the plausibility alarms raised (section 8.3).
    """

    indicators: Mapping[str, Indicator]
    alarms: tuple[str, ...] = ()

    def __getitem__(self, indicator_id: str) -> Indicator:
        """Return one indicator; KeyError if it was not computed."""
        return self.indicators[indicator_id]


@dataclass(frozen=True, slots=True)
class Proof:
    """What the solver said of one stage.

    Parameters
    ----------
    stage
        ``districting``, ``siting``, or the name of a lexicographic term.
    status
        ``optimal``, ``feasible``, ``infeasible`` or ``unknown``, as read from the solver.
    objective, bound, gap
        Incumbent, proven bound, and (incumbent - bound) / |incumbent|; the
        unit is the unit of the stage's objective.
    seconds
        Time of the solver alone.
    rows, columns, binaries
        Size of the model that was solved.
    """

    stage: str
    status: str
    objective: float
    bound: float
    gap: float
    seconds: float
    rows: int
    columns: int
    binaries: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way to an organisation, which lasts until the next one.

    Parameters
    ----------
    year
        Years from now at which it begins.
    weight
        Its part in the mean over the years that was minimised, 0 to 1.
    cost_eur, travel_hours
        Running cost, euro a year, without the moves of agents; hours a year of users' travel.
    staff_fte
        Full-time equivalents of all services.
    works_eur
        Capital spent on new sites since today, euro.
    changed
        Codes of the services that are no longer organised as today.
    opened, closed
        Points that open or close at this step: (site id, service code).
    """

    year: int
    weight: float
    cost_eur: float
    travel_hours: float
    staff_fte: float
    works_eur: float
    changed: tuple[str, ...]
    opened: tuple[tuple[str, str], ...]
    closed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One scenario, solved or evaluated, and assessed.

    Parameters
    ----------
    scenario_id, scenario_name
        As in the scenario file.
    status
        ``optimal`` (proven within the gap asked), ``feasible`` (found, not
        proven) or ``evaluated`` (nothing was optimised).
    organisation, assessment
        The answer and its figures.
    proofs
        One entry a stage, in the order solved.
    terms
        Model term -> value at the answer (cost, travel, ...), for the
        equality with the independent figures.
    warnings
        Codes of what a reader must know (``out_of_reach:2A041``...).
    passport
        Digests of all inputs, versions, seed, threads, gap, date.
    steps
        The way from today to the organisation, its own figures last; empty
        where the way was not decided with it. The proof is then of the mean
        over the steps.
    """

    scenario_id: str
    scenario_name: str
    status: str
    organisation: Organisation
    assessment: Assessment
    proofs: tuple[Proof, ...] = ()
    terms: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    passport: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs on one territory, always against « Situation actuelle ».

    Parameters
    ----------
    reference
        The current situation.
    runs
        The scenarios, in the order asked.
    """

    reference: Run
    runs: tuple[Run, ...]
