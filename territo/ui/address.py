"""The address of a page says what it shows, so that it can be sent to somebody else."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

# key of the session -> whether it holds a list
KEYS = {
    "etude": False,
    "chantier": False,
    "lang": False,
    "scenarios": True,
    "vue": False,
    "commune": False,
    "carreaux": False,
    "frontiere": False,
    "point": False,
    "scenario": False,
    "calcul": False,
}
USUAL = {"lang": "fr", "vue": "cartes"}
READ = "territo.address"


def read_address() -> None:
    """Take what the address asks into the session, once a visit."""
    if READ in st.session_state:
        return
    st.session_state[READ] = True
    for key, many in KEYS.items():
        found = st.query_params.get_all(key)
        if found and key not in st.session_state:
            st.session_state[key] = found if many else found[-1]


def write_address() -> None:
    """Put what the session shows into the address, where it differs."""
    wanted = {key: _texts(st.session_state.get(key), USUAL.get(key)) for key in KEYS}
    shown = {key: st.query_params.get_all(key) for key in KEYS}
    if wanted != shown:
        st.query_params.from_dict({key: texts for key, texts in wanted.items() if texts})


def only(key: str, options: Collection[object]) -> None:
    """Forget what the session holds under a key where it is no option: an address may ask anything."""
    found = st.session_state.get(key)
    if isinstance(found, list):
        st.session_state[key] = [each for each in found if each in options]
    elif found is not None and found not in options:
        del st.session_state[key]


def _texts(value: object, usual: str | None) -> list[str]:
    if isinstance(value, list):
        return [str(each) for each in value]
    return [] if value is None or value is False or value == usual else [str(value)]
