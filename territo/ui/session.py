"""What every page asks first: which language, who is here, on which study."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison
from territo.domain.territory import Territory
from territo.domain.travel import LoadedTerritory, TravelTimes
from territo.errors import TerritoError
from territo.i18n import LANGUAGES, explain, t
from territo.studies.disk import entries
from territo.studies.privacy import visible_studies
from territo.studies.results import Solved, alike, side_by_side, solved
from territo.studies.study import StudyFolder, scenarios
from territo.studies.workspace import Workspace, default_workspace
from territo.ui.access import access
from territo.ui.address import only, write_address
from territo.ui.visitor import owner

LANG = "fr"
PRELOADED = 3


@dataclass(frozen=True, slots=True)
class Study:
    """What a page of results works on: a study and the scenarios chosen on it.

    Parameters
    ----------
    comparison
        The scenarios chosen, beside the current situation.
    loaded, catalogue
        What they were solved on.
    folder
        The study on disk.
    chosen
        Where each scenario comes from.
    read_only
        The study is published: nothing can be asked of it.
    """

    comparison: Comparison
    loaded: LoadedTerritory
    catalogue: Catalogue
    folder: StudyFolder
    chosen: tuple[Solved, ...]
    read_only: bool = False

    @property
    def territory(self) -> Territory:
        """The territory."""
        return self.loaded.territory

    @property
    def travel(self) -> TravelTimes:
        """Its travel times."""
        return self.loaded.travel


def lang() -> str:
    """Return the language of this visitor: the switch, or the address on the first visit."""
    found = st.session_state.get("lang") or st.query_params.get("lang")
    return found if found in LANGUAGES else LANG


def say(key: str, **parameters: object) -> str:
    """Return a sentence of the application."""
    return t(f"app.{key}", lang(), **parameters)


def who() -> str:
    """Name of the visitor: of the account, or what they wrote."""
    account: dict[str, Any] = dict(st.user) if st.user.get("is_logged_in") else {}
    name = account.get("name") or account.get("email") or st.session_state.get("who") or ""
    return str(name).strip()[:80] or say("anonymous")


def workspace() -> Workspace:
    """Folders of this installation."""
    return default_workspace()


@st.cache_resource(show_spinner=False)
def catalogue() -> Catalogue:
    """Read the catalogue of services, once."""
    from territo.scenario.catalogue import load_catalogue

    return load_catalogue(default_workspace().catalogue)


def current() -> StudyFolder:
    """Return the study of this visitor; without one, say what to do and stop the page."""
    found = next((study for study in own_studies() if study.slug == st.session_state.get("etude")), None)
    if found is None:
        from territo.ui.navigation import page

        st.info(say("no_study"))
        st.page_link(page("home"), label=say("home.menu"))
        st.stop()
    return found


def own_studies() -> tuple[StudyFolder, ...]:
    """List the studies that this visitor may see."""
    return visible_studies(workspace().studies, owner())


def load(study: StudyFolder) -> LoadedTerritory:
    """Return the territory of a study; show what is wrong and stop the page where it cannot be read."""
    try:
        return read_territory(study.territory)
    except TerritoError as error:
        show_faults(error)
        st.stop()


def read_territory(folder: Path) -> LoadedTerritory:
    """Read a territory folder, once for all visitors.

    Raises
    ------
    InputError
        It is damaged.
    """
    with st.spinner(say("loading")):
        return _loaded(str(folder), (folder / "territory.json").stat().st_mtime_ns)


@st.cache_resource(show_spinner=False, max_entries=8)
def _loaded(folder: str, modified: int) -> LoadedTerritory:
    from territo.studies.build import load_territory

    del modified
    return load_territory(folder)


def results(study: StudyFolder) -> tuple[Solved, ...]:
    """List what was solved in a study; read again only when something was added."""
    versions = [(version.scenario_id, version.number) for version in scenarios(study)]
    return _solved(json.dumps([str(study.folder), [path.name for path in entries(study.runs)], versions]), study)


@st.cache_data(show_spinner=False, max_entries=50)
def _solved(digest: str, _study: StudyFolder) -> tuple[Solved, ...]:
    del digest
    return solved(_study)


def open_study() -> Study:
    """Return the study and the scenarios chosen; where there is nothing to show, say what to do and stop the page."""
    published = access().published
    study = _mine() if published is None else _shown(published)
    today = dataclasses.replace(study.comparison.reference, scenario_name=say("today"))
    return dataclasses.replace(study, comparison=dataclasses.replace(study.comparison, reference=today))


def _mine() -> Study:
    from territo.ui.pages.jobs import nothing_solved

    folder = current()
    found = results(folder)
    if not found:
        nothing_solved(folder)
        st.stop()
    usable = alike(found)
    picked = _choice({entry.key: _name(entry) for entry in usable})
    chosen = tuple(entry for entry in usable if entry.key in picked)
    comparison = _compared(json.dumps([[str(entry.folder), entry.number] for entry in chosen]), chosen)
    return Study(comparison, load(folder), catalogue(), folder, chosen)


def _shown(folder: Path) -> Study:
    """Return what this server publishes, as everyone may read it."""
    try:
        with st.spinner(say("loading")):
            whole = _published(str(folder), lang())
    except TerritoError as error:
        show_faults(error)
        st.stop()
    runs = whole.comparison.runs
    picked = _choice({run.scenario_id: run.scenario_name for run in runs})
    kept = tuple(run for run in runs if run.scenario_id in picked)
    return dataclasses.replace(whole, comparison=dataclasses.replace(whole.comparison, runs=kept))


@st.cache_resource(show_spinner=False)
def _published(folder: str, language: str) -> Study:
    from territo.report.material import prepare
    from territo.studies.publish import open_kept

    comparison, loaded, found = open_kept([Path(folder)])
    shown = prepare(comparison, loaded.territory, found, loaded.travel, lang=language, profile="public")
    place = dataclasses.replace(loaded, territory=shown.territory, travel=shown.travel)
    home = StudyFolder(Path(folder), place.territory.name, len(place.territory.communes), 0)
    return Study(shown.comparison, place, shown.catalogue, home, (), read_only=True)


def _choice(names: Mapping[str, str]) -> frozenset[str]:
    """Let the visitor choose scenarios; without one, say what to do and stop the page."""
    from territo.ui.layout import toolbar

    with toolbar():
        if "shown" in st.session_state:
            st.session_state["scenarios"] = st.session_state.pop("shown")
        only("scenarios", names)
        if not st.session_state.get("scenarios"):
            st.session_state["scenarios"] = [key for key in names if "@" not in key][:PRELOADED]
        picked = st.pills(
            say("compare.choose"),
            list(names),
            selection_mode="multi",
            format_func=names.__getitem__,
            label_visibility="collapsed",
            key="scenarios",
            persist_state="session",
        )
        write_address()
    if not picked:
        st.info(say("compare.empty"))
        st.stop()
    return frozenset(picked)


def _name(entry: Solved) -> str:
    words = entry.name if "@" not in entry.key else say("compare.older", name=entry.name, number=entry.version)
    return say("compare.stale", name=words) if entry.stale and "@" not in entry.key else words


@st.cache_resource(show_spinner=False, max_entries=50)
def _compared(digest: str, _chosen: tuple[Solved, ...]) -> Comparison:
    del digest
    return side_by_side(_chosen)


def show_faults(error: TerritoError) -> None:
    """Write each fault as a sentence, as text."""
    from territo.ui.layout import plain

    st.error("\n\n".join(plain(explain(fault, lang())) for fault in error.faults))
