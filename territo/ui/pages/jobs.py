"""What is being computed: place in the queue, time used, best answer so far, and a stop that keeps it."""

from __future__ import annotations

import streamlit as st

from territo.i18n import sentences, t
from territo.i18n.numbers import number, percent
from territo.studies import jobs
from territo.studies.jobs import Job
from territo.studies.study import StudyFolder, scenarios
from territo.ui.address import write_address
from territo.ui.layout import heading, plain
from territo.ui.navigation import page
from territo.ui.repairs import offer_repairs
from territo.ui.session import PRELOADED, current, lang, say
from territo.ui.work import ask, own_job, own_jobs

EVERY_S = 0.5
SHOWN = 12
GOOD, BAD = {"done", "stopped"}, {"failed", "lost", "unsolved"}


def show() -> None:
    """Show the page."""
    study = current()
    heading(say("jobs.title"), say("jobs.subtitle"))
    _list(study)


@st.fragment(run_every=EVERY_S)
def _list(study: StudyFolder) -> None:
    found = own_jobs(study)[:SHOWN]
    if not found:
        st.info(say("jobs.empty"))
        st.page_link(page("scenario"), label=say("scenario.menu"))
    for job in found:
        job_card(study, job)


@st.fragment(run_every=EVERY_S)
def follow(study: StudyFolder, asked: Job) -> None:
    """Follow one job of this visitor; the whole page runs again when it ends."""
    job = own_job(study, asked.id)
    if job is None:
        return
    job_card(study, job)
    ended: set[str] = st.session_state.setdefault("ended", set())
    if job.active:
        ended.discard(job.id)
    elif job.id not in ended:
        ended.add(job.id)
        st.rerun()


def follow_asked(study: StudyFolder) -> None:
    """Follow the job that this visitor asked for last, which the address names; an address may name any other."""
    job = own_job(study, str(st.session_state.get("calcul")))
    if job:
        follow(study, job)
    else:
        st.session_state.pop("calcul", None)
        write_address()


def nothing_solved(study: StudyFolder) -> None:
    """Say that a study has no result yet: follow the job that makes one, or offer to ask for it."""
    heading(study.name, say("compare.title"))
    last = next(iter(own_jobs(study)), None)
    if last and (last.active or last.state not in GOOD):
        follow(study, last)
    if last and last.active:
        return
    st.info(say("jobs.none_solved"))
    if st.button(say("jobs.solve_first", count=PRELOADED), type="primary"):
        ask_first(study)
        st.rerun()


def ask_first(study: StudyFolder) -> None:
    """Ask for the first scenarios of a study, side by side."""
    ask(study, scenarios(study)[:PRELOADED], kind="compare")


def job_card(study: StudyFolder, job: Job) -> None:
    """Show one job: its state in plain words, and what can be done now."""
    with st.container(border=True, key=f"job-{job.id}"):
        words, action = st.columns([5, 2], vertical_alignment="center")
        with words:
            st.markdown(f"**{plain(job.title)}** — {say(f'jobs.state_{job.state}', place=job.place)}")
            st.caption(plain(_sentence(job)))
            if job.active and job.seconds:
                _time_used(job)
        with action:
            _action(job)
        explained = job.state == "infeasible" and job.repairs
        if job.state in {*BAD, "infeasible"} and job.messages and not explained:
            st.text("\n".join(job.messages[-8:]))
        if job.state == "infeasible":
            offer_repairs(study, job)
        if job.state == "failed":
            st.caption(plain(say("jobs.reference", number=job.id)))


def _sentence(job: Job) -> str:
    asked = say("jobs.asked", who=job.who, when=job.when[11:16], kind=say(f"jobs.kind_{job.kind}"))
    if not job.active or job.event is None:
        return asked
    stage = f"stage.{job.event.stage}"
    doing = t(stage, lang()) if stage in sentences(lang()) else job.event.stage
    parts = [asked, job.event.subject, doing, _margin(job)]
    return " · ".join(part for part in parts if part)


def _margin(job: Job) -> str:
    """Say how far the best answer may be from the best possible one."""
    event = job.event
    if event is None or not event.incumbent or event.bound is None:
        return say("jobs.searching") if event is not None and event.stage.startswith("optimise") else ""
    gap = abs(event.incumbent - event.bound) / abs(event.incumbent)
    return say("jobs.margin", margin=percent(gap, 1, lang()))


def _time_used(job: Job) -> None:
    share = min(job.seconds / job.limit_s, 1.0) if job.limit_s else 0.0
    used = say("jobs.time_used", used=number(job.seconds, 0, lang()), limit=number(job.limit_s, 0, lang()))
    bar = f'aria-valuemin="0" aria-valuemax="100" aria-valuenow="{100 * share:.0f}"'
    st.html(
        f'<div class="territo-gauge" role="progressbar" aria-label="{used}" {bar}>'
        f'<i style="width:{share:.1%}"></i></div>'
        f'<p class="territo-note">{used}</p>'
    )


def _action(job: Job) -> None:
    if job.state in {"running", "waiting"}:
        if st.button(say("jobs.stop"), key=f"stop.{job.id}", width="stretch"):
            jobs.stop(job)
            st.rerun(scope="fragment")
    elif job.state == "lost":
        if st.button(say("jobs.restart"), key=f"restart.{job.id}", width="stretch"):
            jobs.restart(job)
            st.rerun()
    elif job.result:
        target = "tradeoffs" if job.kind == "pareto" else "compare"
        st.page_link(page(target), label=say(f"jobs.see_{target}"))
        if len(job.scenarios) == 1 and job.kind == "run":
            ((name, version),) = job.scenarios.items()
            if version > 1:
                keys = [name, f"{name}@{version - 1}"]
                if st.button(say("jobs.before_after"), key=f"both.{job.id}", width="stretch"):
                    st.session_state["shown"] = keys  # for the choice of the whole page, which runs again
                    st.session_state.pop("calcul", None)
                    st.switch_page(page("compare"))
