"""The files of a territory to make: sent, recognised, put together, and the communes that are chosen of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict

import streamlit as st

from territo.i18n import explain
from territo.i18n.numbers import number
from territo.studies import construction as works
from territo.studies.composition import MODELLED, MOST_COMMUNES, NEEDED, OPTIONAL, Composition, Group
from territo.studies.construction import Construction
from territo.studies.reception import UNKNOWN, Origin, Received, forget, receive, received, state_origin
from territo.studies.unpacking import LARGEST_BYTES
from territo.ui.layout import plain
from territo.ui.session import lang, say

MEGABYTE = 1024**2
THOUSAND = 1024
TURN = "building.turn"
SIGNS = {"used": ":material/check_circle:", "needed": ":material/error:", "other": ":material/radio_button_unchecked:"}


def files_received(construction: Construction | None, begun: Callable[[Construction | None], Construction]) -> None:
    """Take files, and list those that were taken.

    Parameters
    ----------
    construction
        What they are for; None where nothing was begun.
    begun
        Begins, once there is a file.
    """
    turn = st.session_state.setdefault(TURN, 0)
    sent = st.file_uploader(
        say("building.files"),
        accept_multiple_files=True,
        max_upload_size=LARGEST_BYTES // MEGABYTE,
        help=say("building.files_help", most=LARGEST_BYTES // MEGABYTE),
        key=f"building.files.{turn}",
    )
    if sent:
        place = begun(construction).files
        with st.spinner(say("building.reading")):
            receive(place, [(file.name, file) for file in sent])
        st.session_state[TURN] = turn + 1  # an empty box for the next files
        st.rerun()
    for taken in received(construction.files) if construction else ():
        _file(taken)


def _file(file: Received) -> None:
    words, action = st.columns([5, 2], vertical_alignment="center")
    told = [_seen(file)] if file.seen else [explain(fault, lang()) for fault in file.faults]
    head = f"{SIGNS['used' if file.seen else 'needed']} **{plain(file.path.name)}** — {plain(_size(file))}"
    words.markdown("  \n".join([head, *map(plain, told)]))
    bar = action.container(horizontal=True, horizontal_alignment="right")
    if file.seen:
        _origin(file, bar.popover(say("building.source")))
    which = say("building.remove_named", name=file.path.name)
    if bar.button(say("building.remove"), key=f"building.remove.{file.id}", help=plain(which)):
        forget(file)
        st.rerun()


def _origin(file: Received, box: st.delta_generator.DeltaGenerator) -> None:
    """Let the visitor say whose a file is: every map will say it."""
    with box, st.form(f"origin.{file.id}", enter_to_submit=False, border=False):
        st.caption(say("building.source_note"))
        said = {
            part: st.text_input(
                say(f"territory.{part}"), value, key=f"building.{part}.{file.id}", max_chars=works.LONGEST_NAME
            )
            for part, value in asdict(file.origin).items()
        }
        if st.form_submit_button(say("building.source_keep"), key=f"building.origin.{file.id}"):
            state_origin(file, Origin(**{part: (value or "").strip() for part, value in said.items()}))
            st.rerun()


def _size(file: Received) -> str:
    if file.size < MEGABYTE:
        return say("building.kilobytes", size=number(max(file.size / THOUSAND, 1.0), 0, lang()))
    return say("building.megabytes", size=number(file.size / MEGABYTE, 1, lang()))


def _seen(file: Received) -> str:
    """Say what a file was read as, and whose it is."""
    if file.seen is None:
        return ""
    parts = [say(f"building.layer_{file.seen.layer}"), file.seen.format]
    if file.members:
        parts.append(say("building.communes_count", count=number(len(file.members), 0, lang())))
    known = [text for text in asdict(file.origin).values() if text and text != UNKNOWN]
    parts.append(", ".join(known) or say("building.source_unknown"))
    return " · ".join(filter(None, parts))


def made_of(whole: Composition | None) -> None:
    """Say what the territory would be made of, and what is still lacking."""
    used: Mapping[str, Received] = whole.used if whole else {}
    st.header(say("building.made_of"), anchor=False)
    lines = []
    for layer in (*NEEDED, *MODELLED, *OPTIONAL):
        here = layer in used or (layer == "indicators" and whole is not None and whole.indicators)
        state = "used" if here else "needed" if layer in NEEDED else "other"
        lines.append(f"{SIGNS[state]} {plain(_layer(layer, used, whole))}")
    st.markdown("  \n".join(lines))
    for file in whole.aside if whole else ():
        st.caption(plain(say("building.aside", name=file.path.name)))


def _layer(layer: str, used: Mapping[str, Received], whole: Composition | None) -> str:
    name = say(f"building.layer_{layer}")
    if layer == "indicators" and whole and whole.indicators:
        return say("building.from", layer=name, file=", ".join(file.path.name for file in whole.indicators))
    if layer in used:
        return say("building.from", layer=name, file=used[layer].path.name)
    if layer in NEEDED:
        return say(f"building.lacks_{layer}")
    return say("building.would_model" if layer in MODELLED else "building.would_ignore", layer=name)


def choose_communes(construction: Construction, whole: Composition) -> bool:
    """Let the visitor choose the communes and name the territory; what is chosen is kept.

    Returns
    -------
    bool
        Whether there is enough to build.
    """
    base = f"building.{whole.used['communes'].id}"
    kept, groups = works.choice(construction), {group.key: group for group in whole.groups}
    known = {member.code for member in whole.communes}
    every = tuple(member.code for member in whole.communes) if len(known) <= MOST_COMMUNES else ()
    st.session_state.setdefault(f"{base}.codes", [code for code in kept.codes if code in known] or list(every))
    st.session_state.setdefault(f"{base}.name", kept.name or (whole.groups[0].name if len(groups) == 1 else ""))
    st.header(say("building.perimeter"), anchor=False)
    left, right = st.columns(2)
    if len(groups) > 1:
        same = (group.key for group in whole.groups if {*group.codes} == {*st.session_state[f"{base}.codes"]})
        st.session_state.setdefault(f"{base}.group", next(same, None))
        left.selectbox(
            say("building.group"),
            list(groups),
            index=None,
            placeholder=say("building.group_all" if every else "building.group_choose", count=len(known)),
            format_func=lambda key: _named(groups[key]),
            key=f"{base}.group",
            on_change=_take,
            args=(base, groups, every),
        )
    name = right.text_input(say("building.name"), key=f"{base}.name", max_chars=works.LONGEST_NAME)
    codes = _codes(base, whole, groups)
    if works.Choice(name or "", tuple(sorted(codes))) != kept:
        works.choose(construction, name or "", codes)
    if len(codes) > MOST_COMMUNES:
        st.caption(say("building.too_many", most=MOST_COMMUNES))
    return bool((name or "").strip()) and 0 < len(codes) <= MOST_COMMUNES


def _codes(base: str, whole: Composition, groups: Mapping[str, Group]) -> list[str]:
    """Let the visitor add and remove communes; of a file of the whole country, those of the group."""
    group = groups.get(str(st.session_state.get(f"{base}.group") or ""))
    shown = {*st.session_state[f"{base}.codes"]} | {*(group.codes if group else ())}
    names = {
        member.code: say("building.commune", name=member.name, code=member.code)
        for member in whole.communes
        if len(whole.communes) <= MOST_COMMUNES or member.code in shown
    }
    with st.expander(say("building.chosen", count=len(st.session_state[f"{base}.codes"]))):
        codes = st.multiselect(
            say("building.communes"),
            list(names),
            format_func=names.__getitem__,
            key=f"{base}.codes",
        )
    return list(codes)


def _named(group: Group) -> str:
    words = say("building.epci", name=group.name, siren=group.key) if group.name else group.key
    return say("building.group_size", name=words, count=len(group.codes))


def _take(base: str, groups: Mapping[str, Group], every: tuple[str, ...]) -> None:
    """Take the communes of the group just chosen, and its name."""
    group = groups.get(str(st.session_state.get(f"{base}.group") or ""))
    st.session_state[f"{base}.codes"] = list(group.codes if group else every)
    if group and group.name:
        st.session_state[f"{base}.name"] = group.name
