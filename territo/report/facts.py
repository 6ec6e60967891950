"""What stands under the figures: each service, what is proven, what is simplified, where data come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison, Run
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes
from territo.i18n import t
from territo.report.notices import grouped
from territo.report.palette import all_runs
from territo.report.wording import MISSING, amount, percent

LIMITS = ("nearest", "mode", "staff", "static", "quality", "seven", "estimated", "defaults", "decision")
LAYERS = (
    "attributes", "centres", "communes", "equipment", "france_services", "grid", "observed_times", "population",
    "roads", "sites", "speeds", "town_halls", "travel",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ServiceCell:
    """One service in one scenario: where it is offered, with how many agents, how many people are within its norm."""

    organisation: str
    fte: str
    within: str


def service_rows(comparison: Comparison, catalogue: Catalogue, lang: str) -> list[tuple[str, list[ServiceCell]]]:
    """One row a service, in the order of the catalogue; one cell a scenario."""
    offered = {code for run in all_runs(comparison) for code in run.organisation.services}
    codes = [code for code in catalogue.codes if code in offered]
    return [(catalogue[code].label, [_service(run, code, lang) for run in all_runs(comparison)]) for code in codes]


def proofs(comparison: Comparison, lang: str) -> list[tuple[str, str]]:
    """Say how far each result is proven, without a word of the solver; scenarios with the same proof share a line."""
    return grouped(comparison, ((run.scenario_name, proof_of(run, lang)) for run in all_runs(comparison)), lang)


def limits(lang: str) -> list[str]:
    """List the simplifications that every export says (domain specification, section 5.9 and rule R5)."""
    return [t(f"page.limits.{name}", lang) for name in LIMITS]


def source_lines(territory: Territory, travel: TravelTimes, lang: str) -> list[tuple[str, bool]]:
    """List every layer with its producer, licence and vintage, and whether it is modelled."""
    lines = [
        (
            t(
                "page.source_line",
                lang,
                layer=layer_name(source.layer, lang),
                origin=", ".join(filter(None, (source.producer, source.licence, source.vintage))),
            ),
            source.modelled,
        )
        for source in territory.sources
    ]
    return [*lines, (t("page.travel_line", lang, provenance=travel.provenance), False)]


def reference_is_estimated(comparison: Comparison, territory: Territory) -> bool:
    """Whether today's teams are computed, not observed, for at least one service (domain specification, section 11)."""
    return any(code not in territory.communes.staff for code in comparison.reference.organisation.services)


def modelled_layers(territory: Territory, lang: str) -> str:
    """Name the layers that are modelled, comma separated; empty without any."""
    return ", ".join(dict.fromkeys(layer_name(name, lang) for name in territory.modelled_layers))


def layer_name(layer: str, lang: str) -> str:
    """Name a layer for people; a layer that has no name yet keeps its own."""
    return t(f"page.layer.{layer}", lang) if layer in LAYERS else layer


def passport(comparison: Comparison) -> Mapping[str, str]:
    """Return the passport that speaks for the page: the first scenario's, else the reference's."""
    return next((run.passport for run in all_runs(comparison)[::-1] if run.passport), {})


def _service(run: Run, code: str, lang: str) -> ServiceCell:
    plan = run.organisation
    if code not in plan.services:
        return ServiceCell(MISSING, MISSING, MISSING)
    column = plan.services.index(code)
    points = amount("count", float(plan.offered[:, column].sum()), lang)
    found = run.assessment.indicators.get("PRX3")
    share = found.by_service.get(code, float("nan")) if found else float("nan")
    return ServiceCell(
        organisation=f"{t(f'page.modality.{plan.modality[column]}', lang)} ({points}{_stops(run, column, lang)})",
        fte=amount("fte", float(plan.staff[:, column].sum()), lang),
        within=amount("share", share, lang),
    )


def _stops(run: Run, column: int, lang: str) -> str:
    """Say how many itinerant stops a service has; nothing where it has none."""
    stops = run.organisation.itinerance
    count = 0 if stops is None else int(stops.offered[:, column].sum())
    return t("page.and_stops", lang, count=amount("count", float(count), lang)) if count else ""


def proof_of(run: Run, lang: str) -> str:
    """Say how far a result is proven; with steps, the proof is of the mean over the years."""
    if run.status == "evaluated":
        return t("page.proof.evaluated", lang)
    what, gap = "way" if run.steps else "proof", remaining_gap(run)
    if gap is None:
        return t(f"page.{what}.feasible_open", lang)
    return t(f"page.{what}.{run.status}", lang, gap=percent(gap, lang))


def remaining_gap(run: Run) -> float | None:
    """Return how far an answer may be from the best one, over its own value; None where nothing says it."""
    gaps = [proof.gap for proof in run.proofs]
    # a gap of 1 is a bound of 0, which is known before anything is computed
    return max(gaps) if gaps and all(gap < 1.0 for gap in gaps) else None
