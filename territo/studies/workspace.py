"""Where files live: one frozen object, given to the use cases that need paths."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Workspace:
    """Folders of an installation.

    Parameters
    ----------
    data
        Catalogue, speeds and the embedded territory (read only).
    scenarios
        The archetype scenarios (read only).
    cache
        What can be computed again.
    home
        What cannot: the studies, the jobs, the drafts and the territories being made in the application.
    """

    data: Path
    scenarios: Path
    cache: Path
    home: Path

    @property
    def catalogue(self) -> Path:
        """The default catalogue."""
        return self.data / "catalogue" / "services.yaml"

    @property
    def speeds(self) -> Path:
        """Speeds of a car by class of road."""
        return self.data / "speeds.yaml"

    def speeds_of(self, mode: str) -> Path:
        """Speeds of a mode; those of a car give the distances where times come from a file."""
        return self.data / f"speeds_{mode}.yaml" if mode in {"bike", "walk"} else self.speeds

    @property
    def online(self) -> Path:
        """The table of the official services."""
        return self.data / "online.yaml"

    @property
    def studies(self) -> Path:
        """Study folders, one a study."""
        return self.home / "studies"

    @property
    def jobs(self) -> Path:
        """Job folders, one a job."""
        return self.home / "jobs"

    @property
    def constructions(self) -> Path:
        """Territories that are being made in the application, one folder each."""
        return self.home / "constructions"

    @property
    def drafts(self) -> Path:
        """Texts not yet kept, one folder a person."""
        return self.home / "drafts"

    @property
    def embedded_spec(self) -> Path:
        """The specification of the embedded territory."""
        return self.data / "pau_bearn_pyrenees" / "territory.yaml"


def default_workspace() -> Workspace:
    """Return the folders of this installation.

    ``TERRITO_CACHE`` moves the cache, by default the user's cache folder, and
    ``TERRITO_HOME`` what is kept, by default the user's data folder.
    """
    packaged = (PACKAGE / "_data").is_dir()
    root = PACKAGE if packaged else PACKAGE.parent
    data, scenarios = ("_data", "_scenarios") if packaged else ("data", "scenarios")
    cache = Path(os.environ.get("TERRITO_CACHE") or Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")) / "territo")
    home = Path(os.environ.get("TERRITO_HOME") or Path(os.environ.get("XDG_DATA_HOME", "~/.local/share")) / "territo")
    return Workspace(root / data, root / scenarios, cache.expanduser(), home.expanduser())


def code_digest(folder: Path) -> str:
    """Return the SHA-256 of the Python files under a folder, their names included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        text = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\n{len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()
