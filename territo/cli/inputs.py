"""What the commands on scenarios read: the catalogue, a territory, scenarios checked against both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from territo.domain.catalogue import Catalogue
    from territo.domain.travel import LoadedTerritory
    from territo.scenario.schema import Scenario


def read_inputs(paths: Sequence[Path], folder: Path) -> tuple[tuple[Scenario, ...], LoadedTerritory, Catalogue]:
    """Load scenarios and the territory that they are about."""
    from territo.scenario.catalogue import load_catalogue
    from territo.scenario.loading import load_scenarios
    from territo.studies.build import load_territory
    from territo.studies.workspace import default_workspace

    catalogue = load_catalogue(default_workspace().catalogue)
    loaded = load_territory(folder)
    scenarios = load_scenarios(
        paths,
        catalogue=catalogue,
        commune_codes=loaded.territory.communes.codes,
        site_ids=loaded.territory.sites.ids,
    )
    return tuple(scenarios), loaded, catalogue
