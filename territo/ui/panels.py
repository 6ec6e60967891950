"""The maps of the pages: what each one shows, in words and classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from territo.domain.territory import Territory
from territo.report.cards import access_legend, change_legend
from territo.report.figures import saving_alarm, sentences
from territo.report.gains import gains
from territo.report.maps import View
from territo.report.palette import all_runs, change_classes, classes
from territo.report.views import access_views, change_views, commune_minutes, page_breaks
from territo.report.wording import amount, plain
from territo.studies.lenses import Lens, cell_minutes, seen_through
from territo.ui.components import Panel
from territo.ui.session import Study, lang, say

Legend = list[tuple[str, str]]
PEOPLE_BREAKS = (500.0, 1000.0, 3000.0, 10000.0)
# kind of a site -> its sign on the map of the territory
KINDS = {"france_services": "a", "town_hall": "m", "other": "p"}


def access_panels(study: Study, seen: Lens | None, *, cells: bool, selected: int) -> tuple[list[Panel], Legend]:
    """Access in each scenario chosen, the current situation first.

    Parameters
    ----------
    study
        What is compared.
    seen
        Importance of the services; None as people travel today.
    cells
        Paint the inhabited cells rather than the communes.
    selected
        Commune to outline, -1 for none.
    """
    breaks = page_breaks(study.comparison, study.territory)
    shown = seen_through(study.comparison, study.loaded, seen) if seen is not None else study.comparison
    views = access_views(shown, study.territory, study.catalogue, lang())
    alarmed = saving_alarm(study.comparison)
    panels = []
    for run, view in zip(all_runs(shown), views, strict=True):
        repainted = replace(view, classes=classes(commune_minutes(run, study.territory), breaks))
        words = sentences(run, study.territory, lang(), alarmed=alarmed, is_reference=run is shown.reference)
        painted = classes(cell_minutes(run, study.loaded, seen), breaks) if cells and seen is not None else ""
        panels.append(Panel(repainted, run.scenario_name, " ".join(words), painted, selected))
    return panels, [(f"access{code}", words) for code, words in enumerate(access_legend(breaks, lang()))]


def change_panels(study: Study, seen: Lens | None, *, cells: bool, selected: int) -> tuple[list[Panel], Legend]:
    """Change of access in each scenario chosen; parameters as :func:`access_panels`."""
    shown = seen_through(study.comparison, study.loaded, seen) if seen is not None else study.comparison
    views = change_views(shown, study.territory, lang())
    found = gains(shown, study.territory, lang())
    before = cell_minutes(shown.reference, study.loaded, seen) if cells and seen is not None else None
    panels = []
    for run, view, item in zip(shown.runs, views, found, strict=True):
        painted = ""
        if before is not None and seen is not None:
            painted = change_classes(cell_minutes(run, study.loaded, seen) - before)
        panels.append(Panel(view, run.scenario_name, item.sentence, painted, selected))
    return panels, [(f"change{code}", words) for code, words in enumerate(change_legend(lang()))]


def with_locks(panels: Sequence[Panel], territory: Territory, locks: Mapping[str, str]) -> list[Panel]:
    """Mark on every map the sites that the visitor keeps or closes."""
    marks = tuple((territory.sites.index(site), wish) for site, wish in locks.items() if wish != "free")
    return [replace(panel, locks=marks) for panel in panels]


def territory_panel(territory: Territory) -> tuple[list[Panel], Legend]:
    """Inhabitants of each commune, and the places that exist today."""
    people = territory.communes.population.astype(np.float64)
    view = View(
        id="territory",
        label=say("territory.map"),
        palette="access",
        classes=classes(people, PEOPLE_BREAKS),
        tips=[[say("territory.tip", people=amount("inhabitants", count, lang()))] for count in people],
        territories=[-1] * len(people),
        levels="".join(KINDS[kind] for kind in territory.sites.kinds),
        labels=(),
    )
    numbers = [plain(value, 0, lang()) for value in PEOPLE_BREAKS]
    words = [say("territory.below", value=numbers[0])]
    words += [say("territory.between", low=low, high=high) for low, high in pairwise(numbers)]
    words.append(say("territory.above", value=numbers[-1]))
    return [Panel(view, territory.name, say("territory.map"))], [
        (f"access{code}", text) for code, text in enumerate(words)
    ]
