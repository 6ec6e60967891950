"""A click on a commune: what it has in each scenario, and its sites kept, closed or freed for another answer."""

from __future__ import annotations

import numpy as np
import streamlit as st

from territo.errors import TerritoError
from territo.report.palette import all_runs
from territo.report.views import commune_minutes
from territo.report.wording import amount
from territo.studies import drafts
from territo.studies.results import Solved
from territo.studies.study import versions
from territo.ui.address import only, write_address
from territo.ui.components import fresh
from territo.ui.layout import plain
from territo.ui.pages.jobs import follow_asked
from territo.ui.session import Study, lang, say, show_faults, who
from territo.ui.work import ask

WISHES = ("keep", "free", "close")


def choose_commune(study: Study, frame: str) -> int:
    """Return the index of the commune that was clicked on a map or taken from the list; -1 without one.

    Parameters
    ----------
    study
        What is shown.
    frame
        Key of the maps, whose clicks are read.
    """
    picked = fresh(frame, "pick")
    communes, sites = study.territory.communes, study.territory.sites
    if picked:
        index = int(picked["index"])
        st.session_state["commune"] = communes.codes[int(sites.commune[index]) if picked["kind"] == "site" else index]
    only("commune", communes.codes)
    order = np.argsort([name.casefold() for name in communes.names])
    code = st.selectbox(
        say("compare.commune"),
        [communes.codes[index] for index in order],
        index=None,
        format_func=lambda found: communes.names[communes.index(found)],
        placeholder=say("compare.commune"),
        label_visibility="collapsed",
        key="commune",
        persist_state="session",
        width=300,
    )
    write_address()
    return -1 if code is None else communes.index(code)


def locks_of(study: Study) -> dict[str, str]:
    """Wishes of the visitor on the sites of this study, as long as they are not solved."""
    wishes: dict[str, str] = st.session_state.setdefault(_locks(study), {})
    return wishes


def what_if(study: Study, selected: int) -> None:
    """Show the commune selected, and let its sites be kept, closed or freed, but in a published study."""
    if study.read_only:
        return
    follow_asked(study.folder)
    if selected < 0:
        return
    with st.container(border=True):
        st.header(plain(study.territory.communes.names[selected]), anchor=False)
        minutes = [
            f"{run.scenario_name} : {amount('min', commune_minutes(run, study.territory)[selected], lang())}"
            for run in all_runs(study.comparison)
        ]
        st.text(" · ".join(minutes))
        wishes = locks_of(study)
        for site in np.flatnonzero(study.territory.sites.commune == selected):
            _wish(study, int(site), wishes)
    if wishes:
        _solve(study, wishes)


def _locks(study: Study) -> str:
    return f"locks.{study.folder.slug}"


def _wish(study: Study, site: int, wishes: dict[str, str]) -> None:
    sites = study.territory.sites
    name = sites.ids[site]
    key = f"{_locks(study)}.{name}"
    st.session_state.setdefault(key, wishes.get(name))
    st.segmented_control(
        plain(sites.names[site]),
        WISHES,
        format_func=lambda wish: say(f"whatif.{wish}"),
        key=key,
        on_change=_wished,
        args=(_locks(study), name, key),
    )


def _wished(locks: str, site: str, key: str) -> None:
    wish = st.session_state[key]
    wishes = {name: kept for name, kept in st.session_state[locks].items() if name != site}
    st.session_state[locks] = wishes | ({site: wish} if wish else {})


def _solve(study: Study, wishes: dict[str, str]) -> None:
    choice, button = st.columns([3, 2], vertical_alignment="bottom")
    names = {entry.key: entry for entry in study.chosen}
    chosen = choice.selectbox(
        say("whatif.scenario"), list(names), format_func=lambda key: names[key].name, key="whatif.scenario"
    )
    label = say("whatif.solve", count=len(wishes))
    if button.button(label, type="primary", key="whatif.solve", width="stretch"):
        _submit(study, names[chosen], wishes)


def _submit(study: Study, entry: Solved, wishes: dict[str, str]) -> None:
    last = versions(study.folder, entry.scenario_id)[-1]
    text = last.file.read_text(encoding="utf-8")
    words = ", ".join(f"{say(f'whatif.{wish}')} {site}" for site, wish in wishes.items())
    try:
        draft = drafts.check_draft(text, study.catalogue, study.territory)
        draft = drafts.check_draft(drafts.with_locks(draft, wishes), study.catalogue, study.territory)
        version = drafts.keep(study.folder, draft, who=who(), why=words)
    except TerritoError as error:
        show_faults(error)
        return
    st.session_state["calcul"] = ask(study.folder, [version], kind="run")
    st.session_state[_locks(study)] = {}
    st.rerun()
