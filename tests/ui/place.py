"""A study of a small modelled territory with three scenarios solved, and names that try to be more than names."""

from dataclasses import replace
from pathlib import Path

from territo.domain.travel import LoadedTerritory
from territo.scenario.loading import load_scenarios
from territo.sources.folder import save_territory
from territo.studies.build import load_territory, model_territory
from territo.studies.compare import compare
from territo.studies.drafts import new_study
from territo.studies.results import bring
from territo.studies.store import save_comparison
from territo.studies.study import scenarios

HOSTILE = ("<img src=x onerror=alert(1)>", "</script><script>document.title='pris'</script>")
NAME = "Vallée <b>d’essai</b>"
SOLVED = ("SC1", "SC2", "SC4")


def solved_study(home: Path, slug: str = "vallee") -> Path:
    """Write the study under a home folder; a few seconds."""
    raw = home / "raw"
    model_territory(raw / "model", communes=12, seed=3)
    save_territory(raw / "place", _hostile(load_territory(raw / "model")))
    study = new_study(home / "studies" / slug, raw / "place", NAME, who="Anne")
    versions = [version for version in scenarios(study) if version.scenario_id in SOLVED]
    asked = load_scenarios([version.file for version in versions])
    save_comparison(compare(asked, load_territory(study.territory)), raw / "solved")
    numbers = {version.scenario_id: version.number for version in versions}
    bring(study, raw / "solved", {"kind": "compare", "who": "Anne", "when": "2026-01-01T10:00", "scenarios": numbers})
    return study.folder


def _hostile(loaded: LoadedTerritory) -> LoadedTerritory:
    communes, sites = loaded.territory.communes, loaded.territory.sites
    named = replace(communes, names=(*HOSTILE, *communes.names[len(HOSTILE) :]))
    halls = tuple(f"Mairie de {named.names[commune]}" for commune in sites.commune)
    return replace(loaded, territory=replace(loaded.territory, communes=named, sites=replace(sites, names=halls)))
