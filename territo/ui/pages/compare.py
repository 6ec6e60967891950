"""The comparison: figures and maps above the fold, always against today, and a click that asks for another answer."""

from __future__ import annotations

import streamlit as st

from territo.i18n import t
from territo.report.cards import commune_rows
from territo.report.palette import all_runs
from territo.report.stops import stop_table
from territo.report.way import ways
from territo.studies.lenses import Lens, lens, visited_services
from territo.ui.address import only, write_address
from territo.ui.components import maps
from territo.ui.figures import figures_note, figures_table
from territo.ui.layout import heading, table
from territo.ui.navigation import page
from territo.ui.panels import access_panels, change_panels, with_locks
from territo.ui.session import Study, lang, open_study, say
from territo.ui.whatif import choose_commune, locks_of, what_if

MAPS, CHANGE, TABLE = VIEWS = ("cartes", "ecart", "tableau")
FRAME = "maps"
MOST = 3.0


def show() -> None:
    """Show the page."""
    study = open_study()
    title, export = st.columns([5, 1], vertical_alignment="bottom")
    with title:
        heading(say("compare.title"))
    export.page_link(page("exports"), label=say("compare.export"), icon=":material/download:", width="stretch")
    figures_table(study.comparison)
    _views(study)
    st.caption(figures_note(study.comparison))
    _ways(study)


def _ways(study: Study) -> None:
    """Show, step by step, the way to each organisation that was decided with its steps."""
    for way in ways(study.comparison, study.catalogue, lang()):
        title = t("page.way.title", lang(), scenario=way.scenario)
        with st.expander(title):
            table(list(way.head), [list(row) for row in way.rows], caption=title, kind="figures")
            st.markdown(f"**{t('page.way.begins_title', lang())}**")
            for sentence in way.begins:
                st.text(sentence)
            st.caption(f"{way.said} {t('page.way.note', lang())}")


@st.fragment
def _views(study: Study) -> None:
    bar = st.container(horizontal=True, vertical_alignment="center")
    only("vue", VIEWS)
    st.session_state.setdefault("vue", MAPS)
    view = bar.segmented_control(
        say("compare.view"),
        VIEWS,
        required=True,
        format_func=lambda name: say(f"compare.view_{name}"),
        label_visibility="collapsed",
        key="vue",
        persist_state="session",
    )
    with bar:
        selected = choose_commune(study, FRAME)
    seen, cells = _lens(study, bar.popover(say("compare.services"), icon=":material/tune:"))
    if view == TABLE:
        names = [run.scenario_name for run in all_runs(study.comparison)]
        head = [say("territory.name"), say("territory.people"), *names]
        table(head, commune_rows(study.comparison, study.territory, lang()), caption=say("compare.view_tableau"))
        _stops(study)
    else:
        panels, legend = (access_panels if view == MAPS else change_panels)(study, seen, cells=cells, selected=selected)
        maps(study.territory, with_locks(panels, study.territory, locks_of(study)), legend, key=FRAME, lang=lang())
    what_if(study, selected)
    write_address()


def _stops(study: Study) -> None:
    """List the itinerant stops that the maps show; nothing where there is none."""
    head, rows = stop_table(study.comparison, study.territory, study.catalogue, lang())
    if rows:
        st.header(t("page.stops.title", lang()), anchor=False)
        table(head, rows, caption=t("page.stops.title", lang()), kind="log")


def _lens(study: Study, box: st.delta_generator.DeltaGenerator) -> tuple[Lens | None, bool]:
    """Let the visitor weigh the services; None while they count as people travel today."""
    services = visited_services(study.comparison, study.catalogue)
    with box:
        st.caption(say("compare.services_note"))
        st.session_state["carreaux"] = bool(st.session_state.get("carreaux"))  # the address gives a text
        cells = st.toggle(say("compare.cells"), key="carreaux", persist_state="session")
        importance = {
            code: st.slider(study.catalogue[code].label, 0.0, MOST, 1.0, 0.25, key=f"poids.{code}") for code in services
        }
    if not cells and set(importance.values()) == {1.0}:
        return None, False
    return lens(study.comparison, study.loaded, study.catalogue, importance), cells
