"""One commune, for its elected members: what changes for its inhabitants, service by service."""

from __future__ import annotations

import numpy as np
import streamlit as st

from territo.i18n import t
from territo.report.palette import all_runs
from territo.report.tables import seat_name
from territo.report.views import commune_minutes
from territo.report.wording import MISSING, amount, signed
from territo.studies.communes import Visit, visits
from territo.ui.components import maps
from territo.ui.layout import heading, plain, table
from territo.ui.panels import access_panels
from territo.ui.session import Study, lang, open_study, say
from territo.ui.whatif import choose_commune

FRAME = "commune_maps"


def show() -> None:
    """Show the page."""
    study = open_study()
    heading(say("commune.title"), say("commune.subtitle"))
    _commune(study)


@st.fragment
def _commune(study: Study) -> None:
    selected = choose_commune(study, FRAME)
    if selected >= 0:
        _sheet(study, selected)
    else:
        st.info(say("commune.empty"))
    panels, legend = access_panels(study, None, cells=False, selected=selected)
    maps(study.territory, panels, legend, key=FRAME, lang=lang())


def _sheet(study: Study, selected: int) -> None:
    communes = study.territory.communes
    st.header(plain(communes.names[selected]), anchor=False)
    people = amount("inhabitants", float(communes.population[selected]), lang())
    places = int(np.sum(study.territory.sites.commune == selected))
    st.caption(plain(say("commune.size", people=people, code=communes.codes[selected], places=places)))
    runs = all_runs(study.comparison)
    minutes = [float(commune_minutes(run, study.territory)[selected]) for run in runs]
    for column, run, value in zip(st.columns(len(runs)), runs, minutes, strict=True):
        change = 0.0 if run is runs[0] else value - minutes[0]
        name, words = plain(run.scenario_name), amount("min", value, lang())
        if signed("min", change, lang()) == signed("min", 0.0, lang()):  # as it is read, and no arrow for nothing
            column.metric(
                name, words, None if run is runs[0] else t("page.same", lang()), delta_color="off", delta_arrow="off"
            )
        else:
            delta = None if np.isnan(change) else signed("min", change, lang()).replace("\u2212", "-")
            column.metric(name, words, delta, delta_color="inverse")
    found = visits(study.comparison, study.loaded, study.catalogue, selected)
    rows = [[label, *(_words(visit) for visit in of_service)] for label, of_service in found]
    rows.append([say("commune.territory"), *(seat_name(run, study.territory, selected) or MISSING for run in runs)])
    names = [run.scenario_name for run in runs]
    table([say("commune.service"), *names], rows, caption=say("commune.subtitle"), kind="commune")


def _words(visit: Visit) -> str:
    if not visit.site:
        return say("commune.nowhere")
    return say("commune.goes", minutes=amount("min", visit.minutes, lang()), site=visit.site)
