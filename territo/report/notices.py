"""What a reader must know of each run: warnings and alarms, from codes to sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison, Run
from territo.domain.territory import Territory
from territo.i18n import t
from territo.report.palette import all_runs

KNOWN = frozenset({
    "75_plus_at_standard", "calibrated", "commune_without_point", "exempt_from_balance", "mean_access_out_of_range",
    "moved_over_25_pct", "out_of_reach", "poor_at_standard", "reference_absent", "reference_centres",
    "reference_hours", "reference_staff", "saving_not_accepted", "saving_over_15_pct", "staff_ratio_out_of_range",
})  # fmt: skip
SHOWN = 8

Names = Mapping[str, str]


def notices(comparison: Comparison, territory: Territory, catalogue: Catalogue, lang: str) -> list[tuple[str, str]]:
    """Say what a reader must know, with the names of the scenarios it is about.

    A code may carry subjects, ``code:subject:subject,subject``: INSEE codes
    and codes of services are replaced by their names.
    """
    names = {service.code: service.label for service in catalogue.services}
    names |= dict(zip(territory.communes.codes, territory.communes.names, strict=True))
    pairs = ((run.scenario_name, text) for run in all_runs(comparison) for text in _of_run(run, names, lang))
    return grouped(comparison, pairs, lang)


def grouped(comparison: Comparison, pairs: Iterable[tuple[str, str]], lang: str) -> list[tuple[str, str]]:
    """Put together the scenarios that share a text, in the order of the texts."""
    names: dict[str, dict[str, None]] = {}
    for name, text in pairs:
        names.setdefault(text, {})[name] = None
    scenarios = dict.fromkeys(run.scenario_name for run in comparison.runs)
    everyone = t("page.every_scenario", lang)
    return [
        (everyone if len(scenarios) > 1 and found == scenarios else ", ".join(found), text)
        for text, found in names.items()
    ]


def _of_run(run: Run, names: Names, lang: str) -> list[str]:
    subjects: dict[str, list[str]] = {}
    for text in (*run.warnings, *run.assessment.alarms):
        code, *parameters = text.split(":")
        subjects.setdefault(code, []).append(_subject(parameters, names))
    return [_sentence(code, found, lang) for code, found in subjects.items()]


def _subject(parameters: list[str], names: Names) -> str:
    """``France services (Pau, Lescar)``: the first parameter, the others in brackets."""
    named = [
        ", ".join(names.get(part.strip(), part.strip()) for part in parameter.split(",")) for parameter in parameters
    ]
    return " ".join([*named[:1], *(f"({name})" for name in named[1:])])


def _sentence(code: str, subjects: list[str], lang: str) -> str:
    listed = ", ".join(subjects[:SHOWN])
    if len(subjects) > SHOWN:
        listed = t("page.and_others", lang, listed=listed, count=len(subjects) - SHOWN)
    if code in KNOWN:
        return t(f"page.warning.{code}", lang, subjects=listed)
    return t("page.warning.other", lang, code=f"{code} {listed}".strip())
