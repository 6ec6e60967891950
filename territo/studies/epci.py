"""Use case: build the territory of an EPCI from the official services."""

from __future__ import annotations

from pathlib import Path

from territo.domain.travel import LoadedTerritory
from territo.progress import Progress, Silent
from territo.sources import folder
from territo.sources.online.fill import Grid, fill
from territo.sources.online.services import load_services
from territo.sources.store import Store
from territo.sources.transfer import Transfer
from territo.studies.build import RAW, build_territory
from territo.studies.staging import DRAFT, staging
from territo.studies.workspace import Workspace, default_workspace


def build_epci(
    siren: str,
    out: Path | str,
    *,
    online: bool,
    grid: Grid = "insee",
    progress: Progress | None = None,
    workspace: Workspace | None = None,
) -> LoadedTerritory:
    """Build the territory of an EPCI, its raw files, their spec and their manifest under ``sources``.

    What was downloaded stays in the cache, so that a work that was stopped or
    killed goes on from there; the folder appears whole, at the very end.

    Parameters
    ----------
    siren
        Of the EPCI, nine digits.
    out
        Folder to write.
    online
        Whether the services may be asked; otherwise the cache must hold all,
        and no connection is opened.
    grid
        ``insee`` for the official squares, ``modelled`` for none.
    progress
        Told of the stages ``download_<layer>`` and of those of
        :func:`territo.studies.build.build_territory`.
    workspace
        Where the table of services and the cache are.

    Raises
    ------
    InputError
        The SIREN, the place or the data cannot be used; nothing is written.
    SourceUnavailableError
        A service does not answer, or the cache lacks a layer; nothing is written.
    KeyboardInterrupt
        The progress asked to stop; nothing is written.
    """
    target, watched, places = Path(out), progress or Silent(), workspace or default_workspace()
    services = load_services(places.online)
    store = Store(places.cache / "downloads", Transfer(services.polite()) if online else None)
    with staging(target, places.cache / "locks", watched) as place:
        raw = place / RAW
        raw.mkdir()
        filled = fill(siren, raw, store, services, watched, grid=grid)
        loaded = build_territory(filled.spec, place / DRAFT, watched, notices=filled.notices)
        raw.rename(place / DRAFT / RAW)
        folder.put_in_place(place / DRAFT, target)
    return loaded
