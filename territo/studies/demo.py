"""The main job on the embedded territory, kept in the cache."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison
from territo.domain.travel import LoadedTerritory
from territo.progress import Progress, Silent
from territo.scenario.catalogue import load_catalogue
from territo.scenario.loading import load_scenarios
from territo.scenario.schema import Scenario
from territo.studies.build import build_territory, load_territory
from territo.studies.compare import compare, software
from territo.studies.disk import now
from territo.studies.drafts import new_study
from territo.studies.results import bring
from territo.studies.store import load_comparison, save_comparison
from territo.studies.study import StudyFolder
from territo.studies.study import scenarios as study_scenarios
from territo.studies.workspace import PACKAGE, Workspace, code_digest

RECIPE, RESULT = "recipe.json", "result"
# read with the modules themselves: a file that changes later is not the code that runs
CODE = code_digest(PACKAGE)


def demo_comparison(workspace: Workspace, progress: Progress) -> tuple[Comparison, LoadedTerritory, Catalogue]:
    """Solve the archetype scenarios on the embedded territory.

    The territory and the comparison are kept in the cache of the workspace,
    under the digest of all they are made from, the code included; an
    interrupted work is not kept.
    """
    catalogue = load_catalogue(workspace.catalogue)
    _, territory = _embedded(workspace, progress)
    scenarios = _archetypes(workspace, catalogue, territory)
    recipe = _recipe(territory, catalogue, scenarios)
    entry = workspace.cache / _key(recipe)
    if (entry / RESULT).is_dir():
        return load_comparison(entry / RESULT), territory, catalogue
    comparison = compare(scenarios, territory, catalogue=catalogue, progress=progress)
    if not progress.cancelled():
        _keep(entry, recipe, comparison)
    return comparison, territory, catalogue


def demo_study(workspace: Workspace, slug: str, who: str) -> StudyFolder:
    """Make the study of the embedded territory, with the results of the demonstration where they are in the cache."""
    folder, territory = _embedded(workspace, Silent())
    study = new_study(workspace.studies / slug, folder, who=who, workspace=workspace)
    catalogue = load_catalogue(workspace.catalogue)
    recipe = _recipe(territory, catalogue, _archetypes(workspace, catalogue, territory))
    kept = workspace.cache / _key(recipe) / RESULT
    if kept.is_dir():
        versions = {version.scenario_id: version.number for version in study_scenarios(study)}
        bring(study, kept, {"kind": "compare", "who": who, "when": now(), "scenarios": versions})
    return study


def _embedded(workspace: Workspace, progress: Progress) -> tuple[Path, LoadedTerritory]:
    """Return the embedded territory and its folder in the cache, where it is built the first time."""
    files = sorted(path for path in workspace.embedded_spec.parent.iterdir() if path.is_file())
    files.append(workspace.speeds)
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    folder = workspace.cache / _key({"stage": "territory", "files": digests, **_program()})
    if (folder / "territory.json").is_file():
        return folder, load_territory(folder)
    return folder, build_territory(workspace.embedded_spec, folder, progress)


def _archetypes(workspace: Workspace, catalogue: Catalogue, territory: LoadedTerritory) -> tuple[Scenario, ...]:
    """Read the archetype scenarios but the one that is only evaluated: it is the reference itself."""
    found = load_scenarios(
        sorted(workspace.scenarios.glob("sc*.yaml")),
        catalogue=catalogue,
        commune_codes=territory.territory.communes.codes,
        site_ids=territory.territory.sites.ids,
    )
    return tuple(scenario for scenario in found if scenario.mode == "optimise")


def _recipe(territory: LoadedTerritory, catalogue: Catalogue, scenarios: tuple[Scenario, ...]) -> dict[str, object]:
    return {
        "stage": "demo",
        "territory": territory.territory.digest,
        "catalogue": catalogue.digest,
        "scenarios": [scenario.digest for scenario in scenarios],
        **_program(),
    }


def _program() -> dict[str, str]:
    """Return the versions and the code that an answer depends on."""
    return {**software(), "code": CODE}


def _key(recipe: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()


def _keep(entry: Path, recipe: dict[str, object], comparison: Comparison) -> None:
    entry.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=entry.parent, prefix=".writing-") as temporary:
        draft = Path(temporary) / "entry"
        save_comparison(comparison, draft / RESULT)
        (draft / RECIPE).write_text(json.dumps(recipe, indent=1), encoding="utf-8")
        shutil.rmtree(entry, ignore_errors=True)
        draft.rename(entry)
