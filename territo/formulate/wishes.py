"""The promises of a problem in the words of its scenario, and the changes of the scenario that relax them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from territo.domain.explanation import Asked, Params, Repair
from territo.formulate.problem import Formulation
from territo.formulate.promises import equity_minutes
from territo.formulate.study import Study
from territo.model.elastic import Relaxation
from territo.model.promises import Promise
from territo.scenario.objective import Epsilon
from territo.scenario.parts import Norm, SeatLock, TogetherLock
from territo.scenario.schema import Scenario
from territo.scenario.values import LONGEST_TRIP_MIN

# a change of a scenario is written with these steps, always to the side that keeps it possible
PCT_STEP, SHARE_STEP, MINUTE_STEP, EURO_STEP = 0.01, 0.001, 1.0, 1.0
# a mean of many trips is told more finely than one trip
MEAN_MINUTE_STEP = 0.1
NOISE = 1e-6
# what rounding a sum up may add to it, as a part
ROUNDED = 1e-4
UNITS = {"capital": "eur", "norm": "share", "reach": "min", "balance": "share", "equity": "min"}
COUNTS = {"fewest", "most", "max_open", "max_closures"}


def asked(study: Study, scenario: Scenario, formulation: Formulation, promise: Promise) -> Asked:
    """Put a promise into the parameters of its phrase."""
    kind = promise.kind
    if kind in {"norm", "reach"}:
        return _norm_asked(study, scenario, promise)
    if kind == "lock":
        return _lock_asked(study, formulation, promise)
    wording, params = kind, _params(study, formulation, promise)
    if kind == "limits":
        wording = promise.id.replace(".", "_")
    elif kind == "equity":
        wording = "equity_worst" if scenario.equity.measure == "cvar" else "equity"
        params = {"minutes": round(equity_minutes(study, scenario, promise.asked), 1)}
    return Asked(promise.id, wording, params)


def _params(study: Study, formulation: Formulation, promise: Promise) -> Params:
    if promise.kind in {"group", "second"}:
        return _service_params(study, promise)
    if promise.kind in {"keep", "close"}:
        return {"site": study.territory.sites.names[formulation.sites[promise.at[0]]]}
    return {} if math.isnan(promise.asked) else {"amount": promise.asked}


def repair(study: Study, scenario: Scenario, formulation: Formulation, relaxation: Relaxation) -> Repair | None:
    """Write a relaxation as a change of the scenario; None for what the law asks, and for what no scenario may say."""
    promise = relaxation.promise
    if promise.kind == "presence" or (promise.kind == "reach" and relaxation.to > LONGEST_TRIP_MIN):
        return None
    words = asked(study, scenario, formulation, promise)
    before, to, patch = _change(study, scenario, formulation, relaxation)
    unit = "" if to is None else _unit(promise)
    params: Params = words.params if to is None or before is None else {**words.params, "from": before, "to": to}
    less = None if relaxation.proven else _not_enough(study, scenario, formulation, relaxation)
    return Repair(Asked(words.id, words.wording, params), before, to, unit, patch, relaxation.proven, less)


def _not_enough(study: Study, scenario: Scenario, formulation: Formulation, relaxation: Relaxation) -> Repair | None:
    """Write what is known not to be enough, on the side where that is sure; None where it is no change at all."""
    promise, to = relaxation.promise, relaxation.beyond
    if not math.isfinite(to) or promise.kind == "equity":
        return None
    if promise.kind in COUNTS:
        to = math.ceil(to - NOISE) - 1.0
    elif promise.kind in {"limits", "capital"}:
        to -= ROUNDED * abs(to)
    elif promise.kind == "norm":
        to += SHARE_STEP
    loosens = to < promise.asked if promise.kind in {"norm", "fewest"} else to > promise.asked
    return repair(study, scenario, formulation, Relaxation(promise, to)) if loosens else None


def minutes_repair(words: Asked, before: float, minutes: float, *, proven: bool) -> Repair:
    """Write the change of a norm that keeps its share and gives way on its minutes."""
    service = words.id.partition(".")[2]
    params = {**words.params, "from": before, "to": minutes}
    patch = {f"norms.{service}.within_minutes": minutes}
    return Repair(Asked(words.id, "norm_minutes", params), before, minutes, "min", patch, proven)


def _norm_asked(study: Study, scenario: Scenario, promise: Promise) -> Asked:
    service = study.catalogue[study.services[promise.at[0]]]
    norm: Norm = scenario.norms[service.code]
    alone = len(study.services) == 1
    if promise.kind == "reach":
        params: Params = {"service": service.label, "minutes": norm.max_minutes or promise.asked}
        return Asked(promise.id, "reach_alone" if alone else "reach", params)
    everyone = promise.asked >= 1
    params = {"service": service.label, "minutes": norm.within_minutes or np.nan, "share": promise.asked}
    return Asked(promise.id, f"norm{'_everyone' if everyone else ''}{'_alone' if alone else ''}", params)


def _lock_asked(study: Study, formulation: Formulation, promise: Promise) -> Asked:
    names, plan = study.territory.communes.names, formulation.problem.territories
    first, second = promise.at
    if not promise.id.startswith("lock.seat."):
        wording = promise.id.split(".")[1]
        return Asked(promise.id, f"lock_{wording}", {"one": names[first], "other": names[second]})
    inside = plan is not None and (*promise.at, True) in plan.inside
    home = "" if plan is None else names[int(plan.seat_commune[second])]
    return Asked(promise.id, "lock_inside" if inside else "lock_outside", {"one": names[first], "other": home})


def _unit(promise: Promise) -> str:
    if promise.kind == "limits":
        return "eur_per_year" if promise.id == "limits.cost" else "hours_per_year"
    return UNITS.get(promise.kind, "count")


def _change(
    study: Study, scenario: Scenario, formulation: Formulation, relaxation: Relaxation
) -> tuple[float | None, float | None, Mapping[str, Any]]:
    """Return the value asked, the new one, and the change of the scenario."""
    promise, to = relaxation.promise, relaxation.to
    kind, before = promise.kind, promise.asked
    if math.isnan(to):
        return None, None, _given_up(study, scenario, formulation, promise)
    if kind == "limits":
        return before, *_money(study, scenario, promise, to)
    if kind in COUNTS:
        return before, round(to), _count_patch(formulation, kind, round(to))
    if kind == "equity":
        minutes = round(_up(equity_minutes(study, scenario, to), MEAN_MINUTE_STEP), 1)
        return scenario.equity.max_minutes, minutes, {"equity.max_minutes": minutes}
    if kind in {"norm", "reach"}:
        return _norm_change(study.services[promise.at[0]], scenario, promise, to)
    key = "budget.capital_eur" if kind == "capital" else "territories.balance.tolerance"
    to = _up(to, EURO_STEP) if kind == "capital" else round(to, 2)
    return before, to, {key: to}


def _norm_change(
    service: str, scenario: Scenario, promise: Promise, to: float
) -> tuple[float | None, float, Mapping[str, Any]]:
    if promise.kind == "norm":
        share = round(math.floor(to / SHARE_STEP + NOISE) * SHARE_STEP, 3)
        return promise.asked, share, {f"norms.{service}.share": share}
    minutes = _up(to, MINUTE_STEP)
    return scenario.norms[service].max_minutes, minutes, {f"norms.{service}.max_minutes": minutes}


def _money(study: Study, scenario: Scenario, promise: Promise, to: float) -> tuple[float, Mapping[str, Any]]:
    """Raise the ceilings of a term that are too low, on the keys that hold them."""
    term = promise.id.partition(".")[2]
    patch: dict[str, float] = {}
    reached = math.inf
    if isinstance(scenario.objective, Epsilon):
        key = {"cost": "cost_eur_per_year", "travel": "travel_hours_per_year"}[term]
        ceiling = getattr(scenario.objective.limits, key)
        if ceiling is not None and ceiling < to:
            reached = patch[f"objective.limits.{key}"] = _up(to, EURO_STEP)
    change = scenario.budget.running_cost_change_pct
    if term == "cost" and change is not None and study.reference_cost * (1.0 + change / 100.0) < to:
        pct = round(_up((to / study.reference_cost - 1.0) * 100.0, PCT_STEP), 2)
        patch["budget.running_cost_change_pct"] = pct
        reached = min(reached, study.reference_cost * (1.0 + pct / 100.0))
    return reached, patch


def _count_patch(formulation: Formulation, kind: str, to: int) -> Mapping[str, Any]:
    plan = formulation.problem.territories
    if kind in {"max_open", "max_closures"} or plan is None:
        return {f"sites.{kind}": to}
    return {"territories.count": [to, plan.most] if kind == "fewest" else [plan.fewest, to]}


def _given_up(study: Study, scenario: Scenario, formulation: Formulation, promise: Promise) -> Mapping[str, Any]:
    """Write the change of a scenario that gives a wish up."""
    if promise.kind in {"keep", "close"}:
        site = study.territory.sites.ids[formulation.sites[promise.at[0]]]
        codes: tuple[str, ...] = getattr(scenario.sites, promise.kind)
        return {f"sites.{promise.kind}": [code for code in codes if code != site]}
    if promise.kind == "lock" and scenario.territories is not None:
        kept = [lock for lock in scenario.territories.locks if not _is_behind(study, lock, formulation, promise)]
        return {"territories.locks": [lock.model_dump() for lock in kept]}
    if promise.kind in {"group", "second"}:
        return _norm_given_up(study.services[promise.at[0]], scenario, promise)
    gone: dict[str, Mapping[str, Any]] = {
        "moves": {"transition.max_moved_fte_pct": None},
        "means": {"equity.least_means_ratio": None, "equity.most_redeployment": None},
        "contiguity": {"territories.contiguity": False},
        "balance": {"territories.balance": None},
        "fewest": _count_patch(formulation, "fewest", 1),
        "most": _count_patch(formulation, "most", len(study.territory.communes)),
    }
    return gone[promise.kind]


def _norm_given_up(service: str, scenario: Scenario, promise: Promise) -> Mapping[str, Any]:
    if promise.kind == "second":
        return {f"norms.{service}.second_point_share": None}
    gone = promise.id.split(".")[2]
    kept = {group: share for group, share in scenario.norms[service].groups.items() if group != gone}
    return {f"norms.{service}.groups": kept}


def _service_params(study: Study, promise: Promise) -> dict[str, str | float]:
    params: dict[str, str | float] = {"service": study.catalogue[study.services[promise.at[0]]].label}
    return params | ({"group": promise.id.split(".")[2]} if promise.kind == "group" else {})


def _is_behind(study: Study, lock: TogetherLock | SeatLock, formulation: Formulation, promise: Promise) -> bool:
    """Whether a lock of the scenario wrote this promise."""
    codes = study.territory.communes.codes
    if isinstance(lock, TogetherLock):
        wish = "together" if lock.together else "apart"
        return promise.id.startswith(f"lock.{wish}.") and {codes[c] for c in promise.at} <= set(lock.communes)
    plan = formulation.problem.territories
    if plan is None or not promise.id.startswith("lock.seat."):
        return False
    commune, seat = promise.at
    return (codes[commune], codes[int(plan.seat_commune[seat])]) == (lock.commune, lock.seat)


def _up(value: float, step: float) -> float:
    """Round up, and forgive what is only the noise of a solver."""
    return math.ceil(value / step - NOISE) * step
