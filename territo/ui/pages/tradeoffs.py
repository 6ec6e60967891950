"""The trade-offs: what one more euro buys, point after point, with the maps of the point chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from territo.domain.frontier import Frontier
from territo.domain.indicators import Comparison
from territo.errors import TerritoError
from territo.report.wording import MISSING, amount, day
from territo.report.wording import plain as figure
from territo.studies.frontier import read_frontier
from territo.studies.results import Result, results
from territo.studies.store import load_comparison
from territo.studies.study import StudyFolder, scenarios
from territo.ui.address import only, write_address
from territo.ui.components import fresh, maps
from territo.ui.curve import curve, point_label
from territo.ui.layout import heading, plain, table
from territo.ui.pages.jobs import follow
from territo.ui.panels import access_panels
from territo.ui.session import Study, catalogue, current, lang, load, say, show_faults
from territo.ui.work import ask, own_jobs

CURVE, FRAME = "frontier", "frontier_maps"
WITH_EQUITY = ("--equity", "kolm_pollak")


def show() -> None:
    """Show the page."""
    folder = current()
    heading(say("tradeoffs.title"), say("tradeoffs.subtitle"))
    found = [result for result in results(folder) if result.kind == "pareto"]
    _ask(folder, first=not found)
    if found:
        _shown(folder, found)


def _ask(folder: StudyFolder, *, first: bool) -> None:
    """Let the visitor ask for the frontier of a scenario, and follow the job."""
    active = [job for job in own_jobs(folder) if job.kind == "pareto"]
    if active and (active[0].active or (first and active[0].state != "done")):
        follow(folder, active[0])
        if active[0].active:
            return
    if first:
        st.info(say("tradeoffs.empty"))
    names = {version.scenario_id: version for version in scenarios(folder)}
    with st.expander(say("tradeoffs.ask"), expanded=first):
        choice, button = st.columns([3, 1], vertical_alignment="bottom")
        name = choice.selectbox(say("whatif.scenario"), list(names), format_func=lambda key: names[key].name)
        options = WITH_EQUITY if st.toggle(say("tradeoffs.with_equity"), key="with_equity") else ()
        if name and button.button(say("tradeoffs.compute"), type="primary", width="stretch"):
            ask(folder, [names[name]], kind="pareto", options=options)
            st.rerun()


def _shown(folder: StudyFolder, found: list[Result]) -> None:
    result = _chosen(folder, found)
    try:
        frontier = read_frontier(result.folder)
    except TerritoError as error:
        show_faults(error)
        return
    if not frontier.complete:
        st.caption(say("tradeoffs.incomplete"))
    if frontier.target_only:
        st.caption(say("tradeoffs.target_only"))
    if len(frontier.points) == 1:
        st.info(say("tradeoffs.single"))
    _points(folder, frontier, result.folder)


def _chosen(folder: StudyFolder, found: list[Result]) -> Result:
    """Let the visitor choose among the frontiers of the study, the last one first."""
    by_name = {result.folder.name: result for result in found}
    only("frontiere", by_name)
    if len(found) == 1:
        return found[0]
    names = {version.scenario_id: version.name for version in scenarios(folder)}

    def words(key: str) -> str:
        solved = ", ".join(names.get(name, name) for name in by_name[key].versions)
        when = by_name[key].when
        return say("tradeoffs.each", name=solved, day=f"{day(when, lang())} {when[11:16]}")

    key = st.selectbox(
        say("tradeoffs.shown"),
        list(by_name),
        format_func=words,
        key="frontiere",
        on_change=_forget_point,
        persist_state="session",
    )
    return by_name[key]


def _forget_point() -> None:
    """Let another frontier show its own knee."""
    st.session_state.pop("point", None)


@st.fragment
def _points(folder: StudyFolder, frontier: Frontier, place: Path) -> None:
    numbers = list(range(len(frontier.points)))
    picked = fresh(CURVE, "point")
    wanted = str(picked["index"] if picked else st.session_state.get("point"))
    knee = next((number for number in numbers if frontier.points[number].knee), 0)
    st.session_state["point"] = int(wanted) if wanted.isdigit() and int(wanted) in numbers else knee
    left, right = st.columns([3, 2])
    with right:
        chosen = st.selectbox(
            say("tradeoffs.choose"),
            numbers,
            format_func=lambda number: point_label(frontier, number),
            key="point",
            persist_state="session",
        )
        write_address()
        _prices(frontier, chosen)
    with left:
        curve(frontier, chosen, key=CURVE)
    _maps(folder, frontier, chosen, place)


def _prices(frontier: Frontier, chosen: int) -> None:
    keys = ("head_point", "head_cost", "head_travel", f"equity_{frontier.measure}", "head_price")
    rows = []
    for number, point in enumerate(frontier.points):
        price = (
            MISSING
            if point.price_to_next is None
            else say("tradeoffs.euros", value=figure(point.price_to_next, 0, lang()))
        )
        mark = "▸ " if number == chosen else ""
        cost, travel = amount("eur_per_year", point.cost, lang()), amount("hours_per_year", point.travel, lang())
        equity = MISSING if point.equity is None else amount("min", point.equity, lang())
        rows.append([f"{mark}{number + 1}", cost, travel, equity, price])
    table([say(f"tradeoffs.{key}") for key in keys], rows, caption=say("tradeoffs.title"))
    st.caption(say("tradeoffs.note"))
    if "equity" in frontier.terms:
        st.caption(say("tradeoffs.note_equity"))


def _maps(folder: StudyFolder, frontier: Frontier, chosen: int, place: Path) -> None:
    kept = place / frontier.points[chosen].folder
    try:
        comparison = _comparison(str(kept), kept)
    except TerritoError as error:
        show_faults(error)
        return
    # by its place on the curve: its own name counts the points in the order they were found
    title = say("tradeoffs.of_point", name=frontier.scenario["name"], number=chosen + 1)
    runs = tuple(replace(run, scenario_name=title) for run in comparison.runs)
    study = Study(replace(comparison, runs=runs), load(folder), catalogue(), folder, ())
    panels, legend = access_panels(study, None, cells=False, selected=-1)
    st.caption(plain(point_label(frontier, chosen)))
    maps(study.territory, panels, legend, key=FRAME, lang=lang())


@st.cache_resource(show_spinner=False, max_entries=40)
def _comparison(folder: str, _path: Path) -> Comparison:
    del folder
    return load_comparison(_path)
