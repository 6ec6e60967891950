"""The trade-offs: what one more euro buys, point after point, with the maps of the point chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from territo.domain.indicators import Comparison
from territo.errors import TerritoError
from territo.report.wording import MISSING, amount
from territo.report.wording import plain as figure
from territo.studies.frontier import FrontierPoints, read_frontier
from territo.studies.results import Result, results
from territo.studies.store import load_comparison
from territo.studies.study import StudyFolder, scenarios
from territo.ui.address import write_address
from territo.ui.components import fresh, maps
from territo.ui.curve import curve, point_label
from territo.ui.layout import heading, plain, table
from territo.ui.pages.jobs import follow
from territo.ui.panels import access_panels
from territo.ui.session import Study, catalogue, current, lang, load, say, show_faults
from territo.ui.work import ask, own_jobs

CURVE, FRAME = "frontier", "frontier_maps"


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
        if name and button.button(say("tradeoffs.compute"), type="primary", width="stretch"):
            ask(folder, [names[name]], kind="pareto")
            st.rerun()


def _shown(folder: StudyFolder, found: list[Result]) -> None:
    try:
        frontier = read_frontier(found[0].folder)
    except TerritoError as error:
        show_faults(error)
        return
    if not frontier.complete:
        st.caption(say("tradeoffs.incomplete"))
    if len(frontier.points) == 1:
        st.info(say("tradeoffs.single"))
    _points(folder, frontier)


@st.fragment
def _points(folder: StudyFolder, frontier: FrontierPoints) -> None:
    numbers = [point.index for point in frontier.points]
    picked = fresh(CURVE, "point")
    wanted = str(picked["index"] if picked else st.session_state.get("point"))
    knee = next((point.index for point in frontier.points if point.knee), numbers[0])
    st.session_state["point"] = int(wanted) if wanted.isdigit() and int(wanted) in numbers else knee
    left, right = st.columns([3, 2])
    with right:
        chosen = st.selectbox(
            say("tradeoffs.choose"),
            numbers,
            format_func=lambda number: point_label(frontier.points[numbers.index(number)]),
            key="point",
            persist_state="session",
        )
        write_address()
        _prices(frontier, chosen)
    with left:
        curve(frontier, chosen, key=CURVE)
    _maps(folder, frontier, chosen)


def _prices(frontier: FrontierPoints, chosen: int) -> None:
    head = [say(f"tradeoffs.head_{name}") for name in ("point", "cost", "travel", "price")]
    rows = []
    for point in frontier.points:
        price = (
            MISSING
            if point.price_to_next is None
            else say("tradeoffs.euros", value=figure(point.price_to_next, 0, lang()))
        )
        mark = "▸ " if point.index == chosen else ""
        cost, travel = amount("eur_per_year", point.cost, lang()), amount("hours_per_year", point.travel, lang())
        rows.append([f"{mark}{point.index + 1}", cost, travel, price])
    table(head, rows, caption=say("tradeoffs.title"))
    st.caption(say("tradeoffs.note"))


def _maps(folder: StudyFolder, frontier: FrontierPoints, chosen: int) -> None:
    point = next(point for point in frontier.points if point.index == chosen)
    try:
        comparison = _comparison(str(point.folder), point.folder)
    except TerritoError as error:
        show_faults(error)
        return
    # by its place on the curve: its own name counts the points in the order they were found
    title = say("tradeoffs.of_point", name=frontier.name, number=point.index + 1)
    runs = tuple(replace(run, scenario_name=title) for run in comparison.runs)
    study = Study(replace(comparison, runs=runs), load(folder), catalogue(), folder, ())
    panels, legend = access_panels(study, None, cells=False, selected=-1)
    st.caption(plain(point_label(point)))
    maps(study.territory, panels, legend, key=FRAME, lang=lang())


@st.cache_resource(show_spinner=False, max_entries=40)
def _comparison(folder: str, _path: Path) -> Comparison:
    del folder
    return load_comparison(_path)
