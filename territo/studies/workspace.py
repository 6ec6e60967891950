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
    """

    data: Path
    scenarios: Path
    cache: Path

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
    def embedded_spec(self) -> Path:
        """The specification of the embedded territory."""
        return self.data / "pau_bearn_pyrenees" / "territory.yaml"


def default_workspace() -> Workspace:
    """Return the folders of this installation.

    ``TERRITO_CACHE`` moves the cache; by default it is the user's cache folder.
    """
    packaged = (PACKAGE / "_data").is_dir()
    root = PACKAGE if packaged else PACKAGE.parent
    data, scenarios = ("_data", "_scenarios") if packaged else ("data", "scenarios")
    cache = Path(os.environ.get("TERRITO_CACHE") or Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")) / "territo")
    return Workspace(root / data, root / scenarios, cache.expanduser())


def code_digest(folder: Path) -> str:
    """Return the SHA-256 of the Python files under a folder, their names included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        text = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\n{len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()
