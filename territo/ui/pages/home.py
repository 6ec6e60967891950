"""The first page: the studies, one card each, and what can be done with the one that is open."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from territo.errors import TerritoError
from territo.report.wording import amount, day
from territo.studies.archive import unzip_study, zip_study
from territo.studies.privacy import is_maker, is_private, keep_private, made_by
from territo.studies.study import StudyFolder, decisions, free_slug, log, studies
from territo.ui.files import picture
from territo.ui.layout import heading, plain, table
from territo.ui.navigation import page
from territo.ui.pages.jobs import ask_first
from territo.ui.session import lang, own_studies, results, say, show_faults, who, workspace
from territo.ui.visitor import owner

DEMO = "demonstration"
IN_A_ROW = 3
LOGGED = 8
SHAPE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 102 102">'
    '<path d="{outline}" fill="#e3ebf5" stroke="#1B4F8A" stroke-width=".8"/></svg>'
)


def show() -> None:
    """Show the page."""
    heading(say("home.title"), say("home.subtitle"))
    found = own_studies()
    cards: list[Callable[[], None]] = [partial(_card, study) for study in found]
    cards += [_demo_card] if all(study.slug != DEMO for study in found) else []
    cards.append(_own_card)
    for start in range(0, len(cards), IN_A_ROW):
        for column, card in zip(st.columns(IN_A_ROW), cards[start : start + IN_A_ROW], strict=False):
            with column, st.container(border=True):
                card()
    opened = next((study for study in found if study.slug == st.session_state.get("etude")), None)
    if opened:
        _opened(opened)
    _files(opened)


def _card(study: StudyFolder) -> None:
    st.html(
        f'<div class="territo-card"><img alt="" src="{picture(SHAPE.format(outline=escape(study.outline)))}">'
        f"<div><b>{escape(study.name)}</b><span>{escape(_size(study))}</span></div></div>"
    )
    opened = study.slug == st.session_state.get("etude")
    label = say("home.opened") if opened else say("home.open")
    st.button(
        label,
        key=f"open.{study.slug}",
        on_click=_open,
        args=(study.slug,),
        width="stretch",
        type="secondary" if opened else "primary",
    )


def _size(study: StudyFolder) -> str:
    people = amount("inhabitants", float(study.inhabitants), lang())
    size = say("home.size", communes=study.communes, people=people, solved=len(results(study)))
    return f"{size} · {say('home.private_mark')}" if is_private(study) else size


def _demo_card() -> None:
    st.html(
        f'<div class="territo-card"><div><b>{escape(say("home.demo"))}</b>{escape(say("home.demo_note"))}</div></div>'
    )
    if st.button(say("home.open"), key="open.demo", width="stretch", type="primary"):
        from territo.studies.demo import demo_study

        try:
            with st.spinner(say("home.preparing")):
                study = demo_study(workspace(), DEMO, who())
        except TerritoError as error:
            show_faults(error)
            return
        if not results(study):
            ask_first(study)
        st.session_state["open"] = study.slug
        st.rerun()


def _own_card() -> None:
    st.html(
        f'<div class="territo-card"><div><b>{escape(say("home.mine"))}</b>{escape(say("home.mine_note"))}</div></div>'
    )
    if st.button(say("home.make"), key="make", width="stretch"):
        st.switch_page(page("building"))


def _open(slug: str) -> None:
    st.session_state["etude"] = slug


def _opened(study: StudyFolder) -> None:
    st.header(say("home.next"), anchor=False)
    for column, name in zip(st.columns(3), ("compare", "scenario", "territory"), strict=True):
        with column, st.container(border=True):
            st.page_link(page(name), label=f"**{say(f'{name}.menu')}**", width="stretch")
            st.caption(say(f"home.to_{name}"))
    entries = decisions(study)[:LOGGED]
    if entries:
        st.header(say("home.log"), anchor=False)
        head = [say(f"home.log_{name}") for name in ("what", "who", "when", "why")]
        rows = [
            [say(f"home.did_{entry.what}", subject=entry.subject), entry.who, day(entry.when, lang()), entry.why]
            for entry in entries
        ]
        table(head, rows, caption=say("home.log"), kind="words")
    _decide(study)
    if is_maker(study, owner()):
        _privacy(study)


def _privacy(study: StudyFolder) -> None:
    """Let the maker of a study keep it to themselves."""
    key = f"private.{study.slug}"
    st.session_state[key] = is_private(study)
    st.toggle(say("home.private"), help=say("home.private_note"), key=key, on_change=_hide_or_share, args=(study, key))


def _hide_or_share(study: StudyFolder, key: str) -> None:
    keep_private(study, owner(), private=st.session_state[key])


def _decide(study: StudyFolder) -> None:
    """Let the visitor write in the log what was decided elsewhere, under their name."""
    with st.popover(say("home.decide")), st.form("decision", clear_on_submit=True, enter_to_submit=False, border=False):
        subject = st.text_input(say("home.decided"), key="decided", max_chars=300)
        why = st.text_input(say("home.log_why"), key="decided.why", max_chars=300)
        st.caption(plain(say("home.decided_by", who=who())))
        sent = st.form_submit_button(say("home.decide_now"), key="decide", type="primary")
    if sent and subject.strip():
        log(study, "decision", subject.strip(), who=who(), why=why.strip())
        st.rerun()


def _files(opened: StudyFolder | None) -> None:
    with st.expander(say("home.files")):
        sent = st.file_uploader(say("home.upload"), type="zip")
        if sent is not None and st.button(say("home.import"), key="import"):
            _import(sent.name, sent.getvalue())
        if opened and st.button(say("home.pack"), key="pack"):
            with tempfile.TemporaryDirectory() as folder:
                content = zip_study(opened, Path(folder) / "study.zip").read_bytes()
            st.download_button(say("home.download"), content, f"{opened.slug}.zip", "application/zip")


def _import(name: str, content: bytes) -> None:
    root = workspace().studies
    slug = free_slug(Path(name).stem, {DEMO, *(study.slug for study in studies(root))})
    try:
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "study.zip"
            archive.write_bytes(content)
            made_by(unzip_study(archive, root / slug), owner())
    except TerritoError as error:
        show_faults(error)
        return
    st.session_state["open"] = slug
    st.rerun()
