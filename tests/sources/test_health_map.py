"""The map of what to check: nothing where all is well, and each place out of reach or far from a road."""

from __future__ import annotations

import dataclasses
import json

import geopandas as gpd
import numpy as np
import pytest

from territo.domain.travel import TravelTimes
from territo.sources.folder import save_territory
from territo.studies.build import build_territory
from tests.sources.small import degrees, write_small


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    return build_territory(write_small(tmp_path_factory.mktemp("small")), None)


def features(loaded, folder):
    save_territory(folder, loaded)
    return json.loads((folder / "health.geojson").read_text(encoding="utf-8"))["features"]


def test_there_is_no_point_where_all_is_well(loaded, tmp_path):
    assert features(loaded, tmp_path / "out") == []


def test_cells_and_sites_out_of_reach_are_points_with_their_name_and_place(loaded, tmp_path):
    minutes = loaded.travel.minutes.copy()
    minutes[3] = np.inf
    minutes[:, 4] = np.inf
    travel = TravelTimes(minutes, minutes, "car", "")
    cell, site = features(dataclasses.replace(loaded, travel=travel), tmp_path / "out")
    cells, names = loaded.territory.cells, loaded.territory.communes.names
    assert cell["properties"]["kind"] == "unreachable-cell"
    assert cell["properties"]["name"] == names[cells.commune[3]]
    assert cell["properties"]["inhabitants"] == pytest.approx(cells.population[3], abs=0.01)
    assert cell["geometry"]["coordinates"] == pytest.approx(degrees(*cells.xy[3]), abs=1e-6)
    assert site["properties"] == {"kind": "unreachable-site", "name": "Médiathèque", "metres_to_road": 0, "id": "M1"}
    assert len(gpd.read_file(tmp_path / "out" / "health.geojson")) == 2


def test_what_is_over_a_kilometre_from_a_road_is_a_point_too(loaded, tmp_path):
    roads = dataclasses.replace(loaded.roads, xy=loaded.roads.xy + np.array([0.0, 3_000.0]))
    found = features(dataclasses.replace(loaded, roads=roads), tmp_path / "out")
    kinds = [feature["properties"]["kind"] for feature in found]
    assert kinds.count("far-site") == len(loaded.territory.sites)
    assert kinds.count("far-cell") == len(loaded.territory.cells)
    assert min(feature["properties"]["metres_to_road"] for feature in found) > 1_000
