"""The verdict on each service of a scenario: pool it, territorialise it, or as you like."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from territo.domain.catalogue import Catalogue
from territo.domain.travel import LoadedTerritory
from territo.domain.verdict import Verdict
from territo.errors import InputError, fault
from territo.explore.verdicts import Contests
from territo.progress import Event, Progress, Silent
from territo.scenario.catalogue import load_catalogue
from territo.scenario.schema import Scenario
from territo.studies.prepare import eur_per_hour, prepare, services_of, today
from territo.studies.workspace import default_workspace

GAP = 1e-5


def verdicts(
    scenario: Scenario,
    territory: LoadedTerritory,
    *,
    services: Sequence[str] | None = None,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
) -> tuple[Verdict, ...]:
    """Say for each service whether it is better at the centre or in the territories.

    Services that the law keeps in every commune have no verdict.

    Parameters
    ----------
    scenario
        Its promises hold on both sides; cost and travel are weighed by its
        value of time, or by the catalogue's.
    territory
        From :func:`territo.load_territory`.
    services
        Codes of some services of the scenario; default: all.
    catalogue
        Default: the catalogue of the installation.
    progress
        Receives events; a stop ends the list early, and keeps what it has.

    Raises
    ------
    InputError
        If the scenario has no territories.
    """
    if scenario.territories is None:
        sentence = "a verdict compares the centre with territories: say how many to draw (territories.count)"
        raise InputError(fault("verdict-without-territories", sentence, where=scenario.name, key="territories"))
    catalogue = catalogue or load_catalogue(default_workspace().catalogue)
    progress = progress or Silent()
    now = today(territory, catalogue, services_of(scenario, catalogue))
    prepared = prepare(scenario, territory, now)
    options = dataclasses.replace(prepared.options, gap=min(prepared.options.gap, GAP))
    contests = Contests(prepared.formulation.problem, eur_per_hour(prepared), options, progress)
    weighed = [
        (s, code)
        for s, code in enumerate(prepared.study.services)
        if (services is None or code in services) and not catalogue[code].every_commune
    ]
    found = []
    for number, (s, code) in enumerate(weighed):
        if progress.cancelled():
            break
        progress.report(Event("verdict", subject=catalogue[code].label, done=number, total=len(weighed)))
        verdict = contests.verdict(s)
        if verdict is None and progress.cancelled():
            break
        found.append(verdict or Verdict(code, "undecided", None, 0.0, None, None, None))
    return tuple(found)
