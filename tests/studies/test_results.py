"""Results are found by scenario and version, and the maps of a lens agree with the figures."""

from pathlib import Path

import numpy as np
import pytest

from territo.scenario.catalogue import load_catalogue
from territo.scenario.loading import load_scenario
from territo.studies import jobs
from territo.studies.build import load_territory
from territo.studies.disk import read_json
from territo.studies.lenses import lens, seen_through, visited_services
from territo.studies.question import answered
from territo.studies.results import alike, results, side_by_side, solved
from territo.studies.study import open_study, save_version, versions
from territo.studies.turns import JOB
from territo.studies.workspace import default_workspace
from tests.ui.place import SOLVED, solved_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return open_study(solved_study(tmp_path_factory.mktemp("solved")))


@pytest.fixture(scope="module")
def compared(study):
    return side_by_side(alike(solved(study)))


def test_every_solved_scenario_is_listed_with_its_version(study):
    found = solved(study)
    assert [entry.key for entry in found] == list(SOLVED)
    assert [(entry.version, entry.stale) for entry in found] == [(1, False)] * 3
    assert results(study)[0].kind == "compare"


def test_a_newer_version_makes_a_result_stale(study):
    text = versions(study, "SC4")[0].file.read_text(encoding="utf-8")
    save_version(study, "SC4", "Pôles", text, who="Anne", why="")
    assert [entry.stale for entry in solved(study)] == [False, False, True]


def test_a_scenario_is_solved_again_from_its_last_answer(study, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "start", lambda _: None)

    def command(version, kind="run"):
        folder = jobs.ask(tmp_path / "jobs", study, [version], kind=kind, who="Anne", owner="a" * 64, lang="fr")
        return read_json(folder / JOB)["command"]

    known = versions(study, "SC2")[0]
    words = command(known)
    start = Path(words[words.index("--start") + 1])
    assert start == solved(study)[1].folder.parent.resolve()
    assert answered(start, load_scenario(known.file), load_territory(study.territory)).scenario_id == "SC2"
    assert "--start" not in command(known, kind="pareto")
    text = known.file.read_text(encoding="utf-8").replace("id: SC2", "id: NEW")
    assert "--start" not in command(save_version(study, "NEW", "Neuf", text, who="Anne", why=""))


def test_the_scenarios_chosen_stand_beside_the_current_situation(study, compared):
    chosen = solved(study)[1:2]
    assert [run.scenario_id for run in side_by_side(chosen).runs] == ["SC2"]
    assert side_by_side(chosen).reference.scenario_name == compared.reference.scenario_name


def test_with_equal_importance_the_lens_shows_the_figures_themselves(study, compared):
    catalogue, loaded = load_catalogue(default_workspace().catalogue), load_territory(study.territory)
    equal = lens(compared, loaded, catalogue, dict.fromkeys(visited_services(compared, catalogue), 1.0))
    seen = seen_through(compared, loaded, equal)
    for before, after in zip((compared.reference, *compared.runs[:2]), (seen.reference, *seen.runs[:2]), strict=True):
        figure, shown = before.assessment["PRX1.mean"], after.assessment["PRX1.mean"]
        assert shown.value == pytest.approx(figure.value, rel=1e-6)
        np.testing.assert_allclose(shown.by_commune, figure.by_commune, rtol=1e-6)


def test_a_service_alone_gives_its_own_minutes(study, compared):
    catalogue, loaded = load_catalogue(default_workspace().catalogue), load_territory(study.territory)
    seen = seen_through(compared, loaded, lens(compared, loaded, catalogue, {"eaje": 1.0}))
    column = compared.reference.organisation.services.index("eaje")
    for run in (seen.reference, *seen.runs):
        sites = run.organisation.assignment[:, column]
        minutes = loaded.travel.minutes[np.arange(len(sites)), sites]
        shown = run.assessment["PRX1.mean"].by_commune
        of_commune = [minutes[loaded.territory.cells.commune == index] for index in range(len(shown))]
        assert all(low.min() - 1e-9 <= mean <= low.max() + 1e-9 for low, mean in zip(of_commune, shown, strict=True))
