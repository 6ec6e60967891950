"""The offline map is whole, small, safe, and colours each cell as its commune's mean is computed."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from territo.report import offline_map
from territo.report.material import prepare
from territo.report.offline_map import cell_minutes, map_page
from tests.report.fixtures import HOSTILE, catalogue, comparison, territory, travel

PLACE = territory(hostile=True)
STUDY = comparison(PLACE)


def material(place=PLACE, study=STUDY, times=None, **options):
    return prepare(study, place, catalogue(), times or travel(place), **options)


def data_of(page):
    return json.loads(re.search(r'id="territo-data">(.*?)</script>', page, re.DOTALL).group(1))


def decoded(cells):
    return np.cumsum(np.array(cells).reshape(-1, 2), axis=0) / 1e5


def large(count):
    """Spread the people of the territory over many cells, all assigned as the cell of their commune."""
    rng = np.random.default_rng(1)
    commune = rng.integers(0, 31, count)
    cells = replace(
        PLACE.cells,
        xy=PLACE.cells.xy[commune] + rng.integers(-20, 20, (count, 2)) * 200.0,
        population=np.ones(count),
        commune=commune,
    )
    place, times = replace(PLACE, cells=cells), travel(PLACE)
    times = replace(times, minutes=times.minutes[commune], km=times.km[commune])
    runs = [
        replace(run, organisation=replace(run.organisation, assignment=run.organisation.assignment[commune]))
        for run in (STUDY.reference, *STUDY.runs)
    ]
    return material(place, replace(STUDY, reference=runs[0], runs=tuple(runs[1:])), times)


def test_five_thousand_cells_and_six_scenarios_weigh_less_than_a_megabyte():
    page = map_page(large(5_000))
    assert len(page.encode()) < 1_000_000
    assert len(data_of(page)["cell_classes"]["access3"]) == 5_000


def test_the_same_inputs_give_the_same_bytes():
    assert map_page(material()) == map_page(material())


def test_cells_come_back_where_they_are_with_the_class_of_their_minutes():
    data = data_of(map_page(material()))
    places = decoded(data["cells"])
    order = np.lexsort(PLACE.cells.xy.T)
    assert places[:, 1] == pytest.approx(np.sort(places[:, 1]), abs=0.01)
    minutes = cell_minutes(STUDY.runs[1], material())[order]
    faster = [code for code, value in zip(data["cell_classes"]["access2"], minutes, strict=True) if value < 3]
    assert set(faster) == {"0"}


def test_minutes_of_a_cell_are_the_mean_of_its_trips():
    plan = STUDY.runs[0].organisation  # every service of the small catalogue is visited as often
    expected = travel(PLACE).minutes[7, plan.assignment[7]].mean()
    assert cell_minutes(STUDY.runs[0], material())[7] == pytest.approx(expected)


def test_a_cell_without_any_service_is_unknown():
    plan = STUDY.runs[0].organisation
    nowhere = plan.assignment.copy()
    nowhere[4] = -1
    run = replace(STUDY.runs[0], organisation=replace(plan, assignment=nowhere))
    assert np.isnan(cell_minutes(run, material())[4])


def test_too_many_cells_colour_the_communes(monkeypatch):
    monkeypatch.setattr(offline_map, "MOST_CELLS", 30)
    page = map_page(material())
    assert data_of(page)["cells"] == []
    assert "Couleurs par commune" in page


def test_hostile_names_are_escaped_and_cannot_close_the_data():
    page = map_page(material())
    assert HOSTILE[0] not in page
    assert HOSTILE[1] not in page
    assert data_of(page)["communes"][1:4] == list(HOSTILE)


def test_sources_licences_and_limits_are_said():
    page = map_page(material())
    for words in ("ODbL 1.0", "sept dimensions", "sans valeur réglementaire", "référence estimée"):
        assert words in page
