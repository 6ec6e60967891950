"""What was tried around an answer, as JSON for programs."""

from __future__ import annotations

import dataclasses
import json
import math

from territo.domain.robustness import Alternative, Bar, DemandTrial, Outcome, Regret, Robustness, Stability, Trial
from territo.domain.robustness import Variation as End
from territo.domain.territory import Territory
from territo.report.tables import json_ready

SCHEMA_VERSION = 1
SWINGS = ("cost", "travel", "saving", "total")
Document = dict[str, object]


def robustness_json(result: Robustness, territory: Territory) -> str:
    """Write all trials for programs.

    ``schema`` is the version of this layout. ``scenario``: id, name, digest.
    ``plan``: the answer under study (status, gap, outcome, open_sites).
    ``tornado``: one entry a number: factor, unit, low and high (value, kept,
    free), swing by figure with the plan kept; widest change of saving first.
    ``demands``: case, kept, free; ``cost_range``: least and greatest cost of
    the plan over the demands. ``sites``: id, name, commune, in_plan, share of
    the ``solves`` that open it. ``regret``: plans, cases, amount, worst,
    safest. ``alternatives``: folder of the run, loss, trial. An outcome has
    cost (EUR per year), travel (hours per year), saving and saving_most (EUR per
    year) and total (EUR per year, travel at ``value_of_time_eur_h``). What is
    unknown, or was not reached, is null.
    """
    document = {
        "schema": SCHEMA_VERSION,
        "scenario": {
            "id": result.run.scenario_id,
            "name": result.run.scenario_name,
            "digest": result.run.passport.get("scenario_digest"),
        },
        "territory": {"name": territory.name, "digest": territory.digest},
        "value_of_time_eur_h": result.value_of_time_eur_h,
        "plan": {**_trial(result.trial), "gap": max((proof.gap for proof in result.run.proofs), default=None)},
        "tornado": [_bar(bar) for bar in widest_first(result)],
        "demands": [_demand(trial) for trial in result.demands],
        "cost_range": cost_range(result),
        "solves": result.stability.solves,
        "sites": _sites(result.stability, territory),
        "regret": None if result.regret is None else _regret(result.regret),
        "alternatives": [_alternative(rank, each) for rank, each in enumerate(result.alternatives, start=1)],
        "all_alternatives": result.all_alternatives,
        "complete": result.complete,
        "passport": result.run.passport,
    }
    return json.dumps(json_ready(document), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def widest_first(result: Robustness) -> list[Bar]:
    """Sort the bars by how far they move the prudent saving, then the cost; bars that lack an end come last."""
    return sorted(result.tornado, key=_width, reverse=True)


def _width(bar: Bar) -> tuple[float, float]:
    saving, cost = bar.swing("saving"), bar.swing("cost")
    return (-1.0, -1.0) if math.isnan(saving) else (saving, cost)


def cost_range(result: Robustness) -> tuple[float, float] | None:
    """Return the least and greatest cost of the plan over the demands tried."""
    costs = [trial.kept.outcome.cost for trial in result.demands if trial.kept.outcome is not None]
    return (min(costs), max(costs)) if costs else None


def _bar(bar: Bar) -> Document:
    swing = {figure: bar.swing(figure) for figure in SWINGS}
    return {"factor": bar.factor, "unit": bar.unit, "low": _end(bar.low), "high": _end(bar.high), "swing": swing}


def _end(end: End | None) -> Document | None:
    if end is None:
        return None
    return {"value": end.value, "kept": _trial(end.kept), "free": None if end.free is None else _trial(end.free)}


def _trial(trial: Trial) -> Document:
    return {**dataclasses.asdict(trial), "outcome": _outcome(trial.outcome)}


def _outcome(outcome: Outcome | None) -> Document | None:
    return None if outcome is None else dataclasses.asdict(outcome)


def _demand(trial: DemandTrial) -> Document:
    return {"case": trial.case, "change_pct": trial.change_pct, "kept": _trial(trial.kept), "free": _trial(trial.free)}


def _sites(stability: Stability, territory: Territory) -> list[Document]:
    """List the sites that at least one answer opens, the surest first."""
    sites, communes = territory.sites, territory.communes
    found = [
        {
            "id": site,
            "name": sites.names[sites.index(site)],
            "commune": communes.codes[sites.commune[sites.index(site)]],
            "in_plan": in_plan,
            "share": share,
        }
        for site, in_plan, share in zip(
            stability.sites, stability.in_plan.tolist(), stability.share.tolist(), strict=True
        )
        if share > 0
    ]
    return sorted(found, key=lambda site: (-site["share"], site["id"]))


def _regret(regret: Regret) -> Document:
    return {
        "plans": regret.plans,
        "cases": regret.cases,
        "amount": regret.amount,
        "worst": dict(zip(regret.plans, regret.amount.max(axis=1), strict=True)),
        "safest": regret.safest,
    }


def _alternative(rank: int, alternative: Alternative) -> Document:
    return {
        "id": alternative.run.scenario_id,
        "name": alternative.run.scenario_name,
        "folder": f"plans/{rank + 1:02d}",
        "loss": alternative.loss,
        **_trial(alternative.trial),
    }
