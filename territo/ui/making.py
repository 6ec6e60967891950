"""The job that builds a territory, followed: what it is doing, how long it has worked, why it could not."""

from __future__ import annotations

import streamlit as st

from territo.i18n import sentences, t
from territo.i18n.numbers import number
from territo.studies import construction as works
from territo.studies import jobs
from territo.studies.construction import Construction
from territo.studies.jobs import Job
from territo.ui.layout import plain
from territo.ui.session import lang, say, workspace

EVERY_S = 0.5
SHOWN_MESSAGES = 24
MEGABYTE = 1e6


def follow_making(construction: Construction) -> None:
    """Show the last job of a construction; the whole page runs again when it ends."""
    job = works.job_of(construction, workspace().jobs)
    if job is None or job.state == "done":
        return
    if job.active:
        _watched(construction)
    else:
        _card(job)


@st.fragment(run_every=EVERY_S)
def _watched(construction: Construction) -> None:
    job = works.job_of(construction, workspace().jobs)
    if job is None or not job.active:
        st.rerun()
        return
    _card(job)


def _card(job: Job) -> None:
    with st.container(border=True, key=f"making-{job.id}"):
        words, action = st.columns([5, 2], vertical_alignment="center")
        with words:
            st.markdown(f"**{plain(job.title)}** — {say(f'building.state_{job.state}', place=job.place)}")
            if job.active:
                st.caption(plain(_doing(job)))
        with action:
            if job.state in {"running", "waiting"}:
                if st.button(say("building.stop"), key=f"stop.{job.id}", width="stretch"):
                    jobs.stop(job)
                    st.rerun(scope="fragment")
            elif job.state == "lost" and st.button(say("jobs.restart"), key=f"restart.{job.id}", width="stretch"):
                jobs.restart(job)
                st.rerun()
        if job.state == "failed":
            for message in job.messages[-SHOWN_MESSAGES:]:
                st.text(message)
            st.caption(plain(say("jobs.reference", number=job.id)))


def _doing(job: Job) -> str:
    """Say the stage, what was received of a download, and the time used."""
    parts = []
    if job.event:
        stage = f"stage.{job.event.stage}"
        parts.append(t(stage, lang()) if stage in sentences(lang()) else job.event.stage)
        if job.event.done is not None and job.event.stage.startswith("download"):
            parts.append(say("building.received", size=number(job.event.done / MEGABYTE, 1, lang())))
    parts.append(say("building.seconds", seconds=number(job.seconds, 0, lang())))
    return " · ".join(parts)
