"""How far an answer depends on what is not well known, and what else is almost as good."""

from __future__ import annotations

from dataclasses import dataclass

from territo.domain.arrays import Bools, Floats
from territo.domain.indicators import Run


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan gives in one state of the world.

    Parameters
    ----------
    cost
        Running cost, euro per year.
    travel
        Users' travel, hours per year.
    saving, saving_most
        Prudent and theoretical saving against the current situation, euro per
        year; NaN under another demand than today's.
    total
        Cost plus travel at the value of time, euro per year.
    """

    cost: float
    travel: float
    saving: float
    saving_most: float
    total: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A plan tried in one state of the world.

    Parameters
    ----------
    status
        ``optimal`` or ``feasible``; ``infeasible`` where no organisation keeps
        the promises (or the given plan lacks room), ``unknown`` where the
        limits of the solver were reached.
    outcome
        None without an organisation.
    opened, closed
        Ids of the sites that open or close compared with the plan under study.
    broken
        Promises that do not hold: ``norm:<service>``, ``cost``, ``travel``.
    """

    status: str
    outcome: Outcome | None = None
    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variation:
    """One number taken at one end of its range.

    Parameters
    ----------
    value
        As the range is written: a change in per cent, an amount, or the number itself.
    kept
        The plan under study in that world: teams and users follow, nothing else moves.
    free
        The best answer of that world; None where the number changes no decision.
    """

    value: float
    kept: Trial
    free: Trial | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the tornado: a number at the two ends of its range.

    Parameters
    ----------
    factor
        Name of the number, ``productivity``...
    unit
        ``percent``, ``fte`` or ``share``.
    low, high
        The two ends; None where the work was stopped before.
    """

    factor: str
    unit: str
    low: Variation | None
    high: Variation | None

    def swing(self, figure: str) -> float:
        """Distance between the ends for a figure of :class:`Outcome`, the plan kept; NaN where an end lacks."""
        ends = [end.kept.outcome for end in (self.low, self.high) if end is not None]
        values = [getattr(outcome, figure) for outcome in ends if outcome is not None]
        return float(abs(values[0] - values[1])) if len(values) > 1 else float("nan")


@dataclass(frozen=True, slots=True)
class DemandTrial:
    """The plan under study, and the best one, under one demand.

    Parameters
    ----------
    case
        ``low``, ``central``, ``high`` or ``ageing``.
    change_pct
        Change of the whole demand, of the people over 75 for ``ageing``, %.
    kept, free
        As in :class:`Variation`.
    """

    case: str
    change_pct: float
    kept: Trial
    free: Trial


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """How often each site opens when the best answer is looked for again.

    Parameters
    ----------
    solves
        Number of answers counted, the plan under study included.
    sites
        Ids of the candidate sites.
    in_plan
        (j,) sites that the plan under study opens.
    share
        (j,) share of the answers that open the site, 0 to 1.
    """

    solves: int
    sites: tuple[str, ...]
    in_plan: Bools
    share: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Regret:
    """What each plan costs more than the best plan found, demand by demand.

    Parameters
    ----------
    plans
        Names: ``plan``, ``low``..., ``alternative-1``...
    cases
        Names of the demands.
    amount
        (plans, cases) euro per year over the best plan found for that demand;
        ``inf`` where the plan has no room for it.
    """

    plans: tuple[str, ...]
    cases: tuple[str, ...]
    amount: Floats

    @property
    def safest(self) -> str:
        """Name of the plan whose largest regret is least; the first one of equals."""
        return self.plans[int(self.amount.max(axis=1).argmin())]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A plan almost as good, with other sites.

    Parameters
    ----------
    run
        The whole answer.
    trial
        Its figures, and the sites that differ from the plan under study.
    loss
        Share of the first objective that it loses, 0.01 = one per cent.
    """

    run: Run
    trial: Trial
    loss: float


@dataclass(frozen=True, slots=True)
class Robustness:
    """All that was tried around one answer.

    Parameters
    ----------
    reference, run
        The current situation, and the answer under study.
    trial
        The answer in its own world.
    value_of_time_eur_h
        Price of an hour of travel in the totals.
    tornado, demands, alternatives
        What was tried, in the order tried.
    all_alternatives
        Whether no further plan within the margin was left out.
    stability
        Over the answers found.
    regret
        None where the work was stopped before.
    complete
        False where a stop was asked before the end.
    """

    reference: Run
    run: Run
    trial: Trial
    value_of_time_eur_h: float
    tornado: tuple[Bar, ...]
    demands: tuple[DemandTrial, ...]
    alternatives: tuple[Alternative, ...]
    all_alternatives: bool
    stability: Stability
    regret: Regret | None
    complete: bool
