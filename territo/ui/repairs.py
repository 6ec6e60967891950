"""An infeasible scenario: which promises clash, and a repair that one click applies and solves again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from territo.errors import TerritoError
from territo.studies import drafts, jobs
from territo.studies.jobs import Job
from territo.studies.study import StudyFolder, versions
from territo.ui.layout import plain
from territo.ui.session import catalogue, lang, load, say, show_faults, who, workspace


def offer_repairs(study: StudyFolder, job: Job) -> None:
    """Show the explanation of an infeasible job as soon as it is known, with one button a repair."""
    if job.repairs is None:
        st.caption(say("repairs.searching") if len(job.scenarios) == 1 else say("repairs.one_by_one"))
        return
    sentence = job.repairs.get("sentence", {}).get(lang())
    if not sentence:
        st.caption(say("repairs.unknown"))
        return
    st.warning(plain(str(sentence)))
    for number, repair in enumerate(job.repairs.get("repairs", ())):
        label = say(
            "repairs.apply",
            path=", ".join(str(step["path"]) for step in repair["patch"]),
            before=_value(repair["from"]),
            after=_value(repair["to"]),
            unit=repair.get("unit", ""),
        )
        if repair["patch"] and st.button(plain(label), key=f"repair.{job.id}.{number}", type="primary"):
            _apply(study, job, repair)


def _apply(study: StudyFolder, job: Job, repair: Mapping[str, Any]) -> None:
    ((name, number),) = job.scenarios.items()
    text = versions(study, name)[number - 1].file.read_text(encoding="utf-8")
    try:
        repaired = drafts.repaired(text, repair["patch"])
        draft = drafts.check_draft(repaired, catalogue(), load(study).territory)
        version = drafts.keep(study, draft, who=who(), why=say("repairs.why"))
    except TerritoError as error:
        show_faults(error)
        return
    st.session_state["followed"] = str(
        jobs.ask(workspace().jobs, study, [version], kind=job.kind, who=who(), lang=lang())
    )
    st.rerun()


def _value(value: object) -> str:
    return say("repairs.none") if value is None else f"{value:g}" if isinstance(value, float) else str(value)
