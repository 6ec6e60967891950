"""An infeasible scenario: which promises clash, and a repair that one click applies and solves again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from territo.errors import TerritoError
from territo.studies.jobs import Job
from territo.studies.study import StudyFolder, versions
from territo.ui.layout import plain
from territo.ui.session import catalogue, lang, load, say, show_faults, who
from territo.ui.work import ask


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
    for number, changes in enumerate(_choices(job.repairs)):
        words = say("repairs.apply", change=", ".join(str(each["words"][lang()]) for each in changes))
        if st.button(plain(words), help=plain(_patched(changes)), key=f"repair.{job.id}.{number}", type="primary"):
            _apply(study, job, changes)


def _choices(explanation: Mapping[str, Any]) -> list[list[Mapping[str, Any]]]:
    """List what one click applies: one change that is enough alone, or the changes that are enough together."""
    single = [[repair] for repair in explanation.get("repairs", ()) if repair["patch"]]
    together = [repair for repair in explanation.get("smallest_set", ()) if repair["patch"]]
    return single or ([together] if together else [])


def _patched(changes: Sequence[Mapping[str, Any]]) -> str:
    """Write the lines of the scenario that change."""
    steps = [step for change in changes for step in change["patch"]]
    return " · ".join(f"{step['path']}: {json.dumps(step['value'], ensure_ascii=False)}" for step in steps)


def _apply(study: StudyFolder, job: Job, changes: Sequence[Mapping[str, Any]]) -> None:
    from territo.studies import drafts  # with all that checks a scenario: the first page does not wait for it

    ((name, number),) = job.scenarios.items()
    text = versions(study, name)[number - 1].file.read_text(encoding="utf-8")
    try:
        repaired = drafts.repaired(text, [step for change in changes for step in change["patch"]])
        draft = drafts.check_draft(repaired, catalogue(), load(study).territory)
        version = drafts.keep(study, draft, who=who(), why=say("repairs.why"))
    except TerritoError as error:
        show_faults(error)
        return
    st.session_state["calcul"] = ask(study, [version], kind=job.kind)
    st.rerun()
