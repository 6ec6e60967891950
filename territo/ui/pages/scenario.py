"""Build a scenario: a form and its text side by side, checked as one types; duplicate, keep, solve, compare."""

from __future__ import annotations

import streamlit as st

from territo.errors import Fault, TerritoError
from territo.i18n import explain
from territo.report.wording import day
from territo.studies import drafts
from territo.studies.drafts import Draft
from territo.studies.study import StudyFolder, Version, scenarios, versions
from territo.studies.unsaved import held, hold
from territo.ui.address import only, write_address
from territo.ui.builder import Form, form
from territo.ui.editor import editor, typed
from territo.ui.layout import heading, plain
from territo.ui.navigation import page
from territo.ui.pages.jobs import follow_asked
from territo.ui.session import catalogue, current, lang, load, results, say, show_faults, who, workspace
from territo.ui.visitor import owner
from territo.ui.work import ask

ID = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"


def show() -> None:
    """Show the page."""
    study = current()
    heading(say("scenario.title"), say("scenario.subtitle"))
    names = {version.scenario_id: version for version in scenarios(study)}
    if "forked" in st.session_state:  # made by the button, which runs after this widget
        st.session_state["scenario"] = st.session_state.pop("forked")
    bar = st.container(horizontal=True, vertical_alignment="bottom")
    only("scenario", names)
    chosen = bar.selectbox(
        say("scenario.choose"),
        list(names),
        format_func=lambda name: names[name].name,
        key="scenario",
        persist_state="session",
        width=340,
    )
    write_address()
    if chosen is None:
        st.info(say("scenario.empty"))
        return
    _edit(study, names[chosen], bar)


def _edit(study: StudyFolder, last: Version, bar: st.delta_generator.DeltaGenerator) -> None:
    state = f"draft.{study.slug}.{last.scenario_id}"
    version = _base(study, last, state)
    kept = version.file.read_text(encoding="utf-8")
    text, revision = st.session_state[state]
    written = typed(f"{state}.editor", revision)
    if written is not None and written != text:
        text = written
        st.session_state[state] = (text, revision)
        st.session_state[f"{state}.turn"] = st.session_state.get(f"{state}.turn", 0) + 1
    hold(workspace().drafts, owner(), version, text)
    loaded = load(study)
    draft = drafts.check_draft(text, catalogue(), loaded.territory)
    _actions(study, version, draft, bar, changed=text != kept)
    st.caption(plain(_history(study, version, last, changed=text != kept)))
    follow_asked(study)
    left, right = st.columns([5, 6])
    with left:
        if draft.data:
            turn = st.session_state.get(f"{state}.turn", 0)
            form(Form(draft, state, turn, catalogue(), loaded.territory))
        else:
            st.warning(say("scenario.unreadable"))
    with right:
        _faults(draft)
        lines = [_line(fault) for fault in draft.faults]
        editor(text, revision, [line for line in lines if line], key=f"{state}.editor")


def _base(study: StudyFolder, last: Version, state: str) -> Version:
    """Return the version that this visitor works on: the last one, but where they have changed another."""
    found = versions(study, last.scenario_id)
    unsaved = None if state in st.session_state else held(workspace().drafts, owner(), last)
    if unsaved:
        st.session_state[state] = (unsaved.text, 1)
        st.session_state[f"{state}.base"] = unsaved.number
    number: int = st.session_state.get(f"{state}.base", 0)
    text, revision = st.session_state.get(state, ("", 0))
    if number and text != found[number - 1].file.read_text(encoding="utf-8"):
        return found[number - 1]
    if number != last.number:
        st.session_state[state] = (last.file.read_text(encoding="utf-8"), revision + 1)
        st.session_state[f"{state}.base"] = last.number
    return last


def _faults(draft: Draft) -> None:
    if not draft.faults:
        st.success(say("scenario.ready"))
        return
    words = "\n".join(f"- {plain(explain(fault, lang()))}" for fault in draft.faults)
    st.error(f"{plain(say('scenario.faults', count=len(draft.faults)))}\n\n{words}")


def _line(fault: Fault) -> int:
    line = fault.where.rpartition(":")[2]
    return int(line) if line.isdigit() else 0


def _history(study: StudyFolder, version: Version, last: Version, *, changed: bool) -> str:
    words = say("scenario.version", number=version.number, who=version.who or "—", when=day(version.when, lang()))
    parts = [words, version.why, say("scenario.forked", parent=version.parent) if version.parent else ""]
    if changed:
        parts.append(say("scenario.changed"))
    if last.number > version.number:
        parts.append(say("scenario.meanwhile", who=last.who, number=last.number))
    solved = {entry.key: entry for entry in results(study)}.get(version.scenario_id)
    if solved and (solved.stale or changed):
        parts.append(say("scenario.stale"))
    return " · ".join(part for part in parts if part)


def _actions(
    study: StudyFolder, version: Version, draft: Draft, bar: st.delta_generator.DeltaGenerator, *, changed: bool
) -> None:
    bad = draft.scenario is None
    if bar.button(say("scenario.solve"), type="primary", disabled=bad, key="solve"):
        _solve(study, version, draft, changed=changed)
    with bar.popover(say("scenario.save"), disabled=bad or not changed):
        why = st.text_input(say("scenario.why"), key="why", max_chars=300)
        if st.button(say("scenario.save_now"), key="save", type="primary"):
            _keep(study, version, draft, why)
            st.rerun()
    if changed:
        bar.button(say("scenario.discard"), key="discard", on_click=_discard, args=(study, version))
    with bar.popover(say("scenario.fork"), disabled=bad):
        _fork(study, version, draft)
    done = {entry.key for entry in results(study)}
    if {version.scenario_id, version.parent} <= done:
        keys = [version.parent, version.scenario_id]
        if bar.button(say("scenario.against_parent"), key="parent"):
            st.session_state["shown"] = keys
            st.switch_page(page("compare"))


def _discard(study: StudyFolder, version: Version) -> None:
    """Give the text of the version back, in the form too."""
    state = f"draft.{study.slug}.{version.scenario_id}"
    _, revision = st.session_state[state]
    st.session_state[state] = (version.file.read_text(encoding="utf-8"), revision + 1)
    st.session_state[f"{state}.turn"] = st.session_state.get(f"{state}.turn", 0) + 1


def _keep(study: StudyFolder, version: Version, draft: Draft, why: str) -> Version | None:
    try:
        kept = drafts.keep(study, draft, who=who(), why=why, parent=version.parent)
    except TerritoError as error:
        show_faults(error)
        return None
    if kept.scenario_id == version.scenario_id:
        st.session_state[f"draft.{study.slug}.{kept.scenario_id}.base"] = kept.number
    return kept


def _solve(study: StudyFolder, version: Version, draft: Draft, *, changed: bool) -> None:
    wanted = _keep(study, version, draft, "") if changed else version
    if wanted is None:
        return
    st.session_state["calcul"] = ask(study, [wanted], kind="run")
    st.rerun()


def _fork(study: StudyFolder, version: Version, draft: Draft) -> None:
    name = st.text_input(say("scenario.new_name"), f"{draft.data.get('name', '')} (2)", key="new.name", max_chars=200)
    taken = {found.scenario_id for found in scenarios(study)}
    number = 2
    while f"{version.scenario_id}-{number}" in taken:
        number += 1
    key = st.text_input(say("scenario.new_id"), f"{version.scenario_id}-{number}", key="new.id", validate=ID)
    if st.button(say("scenario.fork_now"), key="fork", type="primary"):
        text = drafts.fork(draft.text, key or "", name or "")
        copy = drafts.check_draft(text, catalogue(), load(study).territory)
        try:
            kept = drafts.keep(
                study, copy, who=who(), why=say("scenario.forked", parent=version.name), parent=version.scenario_id
            )
        except TerritoError as error:
            show_faults(error)
            return
        st.session_state["forked"] = kept.scenario_id
        st.rerun()
