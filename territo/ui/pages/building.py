"""Make a territory: files that are recognised as they come, communes chosen, built by a job, then a study on it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from territo.errors import TerritoError
from territo.report.facts import modelled_layers
from territo.sources.online.fill import Grid
from territo.studies import construction as works
from territo.studies.construction import Construction
from territo.studies.drafts import new_study
from territo.studies.privacy import made_by
from territo.studies.study import free_slug, studies
from territo.ui.access import access
from territo.ui.address import write_address
from territo.ui.health import territory_report
from territo.ui.intake import choose_communes, files_received, made_of
from territo.ui.layout import heading, plain
from territo.ui.making import follow_making
from territo.ui.navigation import page
from territo.ui.session import lang, read_territory, say, show_faults, who, workspace
from territo.ui.visitor import owner

FILES, SIREN = WAYS = ("fichiers", "siren")
GRIDS: tuple[Grid, ...] = ("insee", "modelled")


def show() -> None:
    """Show the page."""
    heading(say("building.title"), say("building.subtitle"))
    construction = _construction()
    if construction:
        follow_making(construction)
        _built(construction)
    way = st.segmented_control(
        say("building.way"),
        WAYS,
        required=True,
        default=FILES,
        format_func=lambda name: say(f"building.way_{name}"),
        label_visibility="collapsed",
        key="building.way",
    )
    if way == FILES:
        _from_files(construction)
    else:
        _from_siren(construction)
    write_address()


def _construction() -> Construction | None:
    """Return what this visitor has begun: the address keeps it."""
    name = str(st.session_state.get("chantier") or "")
    try:
        known = name and Path(name).name == name
        return works.open_construction(workspace().constructions / name, owner()) if known else None
    except TerritoError:
        st.session_state.pop("chantier")
        return None


def _begun(construction: Construction | None) -> Construction:
    """Begin where nothing was begun."""
    found = construction or works.begin(workspace().constructions, who(), owner())
    st.session_state["chantier"] = found.id
    return found


def _from_files(construction: Construction | None) -> None:
    left, right = st.columns([3, 2])
    with left:
        files_received(construction, _begun)
    whole = works.composition(construction) if construction else None
    with right:
        made_of(whole)
    if construction is None or whole is None or "communes" not in whole.used:
        return
    chosen = choose_communes(construction, whole)
    bar = st.container(horizontal=True)
    ready = not whole.lacking and chosen
    if bar.button(say("building.build"), type="primary", disabled=not ready, key="building.build"):
        try:
            works.ask_files(construction, workspace().jobs, who=who(), lang=lang())
        except TerritoError as error:
            show_faults(error)
        else:
            st.rerun()
    if bar.button(say("building.give_up"), key="building.give_up"):
        works.give_up(construction, workspace().jobs)
        st.session_state.pop("chantier", None)
        st.rerun()


def _from_siren(construction: Construction | None) -> None:
    if not access().online:
        st.info(plain(say("building.offline")))
        return
    st.caption(plain(say("building.online")))
    with st.form("siren", enter_to_submit=False, border=False):
        siren = st.text_input(say("building.siren"), key="building.siren", max_chars=9, width=240)
        grid = st.radio(say("building.grid"), GRIDS, format_func=lambda name: say(f"building.grid_{name}"), index=0)
        sent = st.form_submit_button(say("building.build"), key="building.online", type="primary")
    if not sent:
        return
    begun = _begun(construction)
    try:
        works.ask_siren(begun, workspace().jobs, siren.strip(), grid=grid or "insee", who=who(), lang=lang())
    except TerritoError as error:
        show_faults(error)
    else:
        st.rerun()


def _built(construction: Construction) -> None:
    """Show the territory that was built, and offer a study on it."""
    folder = works.built(construction)
    job = works.job_of(construction, workspace().jobs)
    if folder is None or (job and job.active):
        return
    try:
        loaded = read_territory(folder)
    except TerritoError as error:
        show_faults(error)
        return
    territory = loaded.territory
    st.header(plain(say("building.done", name=territory.name)), anchor=False)
    modelled = modelled_layers(territory, lang())
    if modelled:
        st.info(plain(say("territory.modelled", layers=modelled)))
    bar = st.container(horizontal=True, vertical_alignment="bottom")
    name = bar.text_input(
        say("building.study"), territory.name, key=f"building.study.{folder.name}", max_chars=200, width=420
    )
    if bar.button(say("building.use"), type="primary", key="building.use", disabled=not (name or "").strip()):
        _use(folder, (name or "").strip())
    territory_report(loaded, "building_map")
    st.header(say("building.again"), anchor=False)


def _use(folder: Path, name: str) -> None:
    root = workspace().studies
    slug = free_slug(name, {study.slug for study in studies(root)})
    try:
        study = made_by(new_study(root / slug, folder, name, who=who()), owner())
    except TerritoError as error:
        show_faults(error)
        return
    st.session_state["open"] = study.slug
    st.session_state.pop("chantier", None)
    st.switch_page(page("territory"))
