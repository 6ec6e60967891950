"""Four territories built from real files with one spec each: what is kept, what is named."""

from __future__ import annotations

import functools
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from territo.studies.build import build_territory, load_territory
from tests.conftest import SHARED

SPECS = Path("benchmarks/territories")
CONSERVED = 1e-6
# communes, inhabitants, sites, modelled layers
KNOWN = {
    "corse_du_sud": (124, 168_306, 139, ("grid",)),
    "pau_bearn_pyrenees": (31, 169_255, 38, ("roads", "grid")),
    "pays_basque": (158, 329_856, 171, ("roads", "grid")),
    "ales": (71, 137_470, 74, ("roads",)),
}
OUTSIDE_THE_GRID = (
    "Aujac, Bonnevaux, Brignon, Concoules, Génolhac, Saint-Bonnet-de-Salendrinque, "
    "Sainte-Croix-de-Caderle, Saint-Jean-de-Serres, Sénéchas, Vabres"
)

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Build a territory the first time it is asked for."""
    if not SHARED.is_dir():
        pytest.skip("needs the real data in ../shared/data")

    @functools.cache
    def _build(name):
        out = tmp_path_factory.mktemp(name) / "out"
        return build_territory(SPECS / f"{name}.yaml", out), load_territory(out)

    return _build


@pytest.fixture(params=KNOWN)
def built(request, build):
    return request.param, *build(request.param)


def test_inhabitants_are_conserved_from_the_table_to_the_cells_and_through_the_folder(built):
    name, loaded, again = built
    count, inhabitants, sites, modelled = KNOWN[name]
    for territory in (loaded.territory, again.territory):
        communes, cells = territory.communes, territory.cells
        assert (len(communes), communes.population.sum(), len(territory.sites)) == (count, inhabitants, sites)
        sums = np.bincount(cells.commune, weights=cells.population, minlength=count)
        assert sums == pytest.approx(communes.population, rel=CONSERVED)
        assert cells.population.min() > 0
        assert territory.modelled_layers == modelled


def test_social_groups_are_within_their_base_and_the_folder_keeps_them(built):
    _, loaded, again = built
    cells = loaded.territory.cells
    assert {"households", "poor_households"} <= set(cells.groups)
    for name, counts in cells.groups.items():
        base = cells.groups["households"] if name.endswith("households") else cells.population
        known = np.isfinite(counts) & np.isfinite(base)
        assert known.any()
        assert (counts[known] >= 0).all()
        assert (counts[known] <= base[known] * (1 + CONSERVED)).all()
        assert np.array_equal(counts, again.territory.cells.groups[name], equal_nan=True)


def test_every_cell_reaches_a_site_and_every_commune_has_a_cell(built):
    _, loaded, again = built
    assert loaded.health.unreachable_cells == 0
    assert loaded.health.snap_sites_max_m < 1_000
    assert np.isfinite(loaded.travel.minutes).all()
    assert set(loaded.territory.cells.commune.tolist()) == set(range(len(loaded.territory.communes)))
    assert nx.is_connected(nx.Graph(loaded.territory.adjacency.tolist()))
    assert again.health == loaded.health


def test_the_communes_outside_the_window_of_the_grid_are_named(built):
    name, loaded, _ = built
    named = [notice.params for notice in loaded.health.notices if notice.code == "communes-without-cell"]
    if name != "ales":
        assert named == []
        return
    assert [(each["count"], each["names"]) for each in named] == [(10, OUTSIDE_THE_GRID)]
    partly = next(each for each in loaded.health.notices if each.code == "communes-partly-in-grid")
    assert "Saint-Jean-du-Gard (0 %)" in str(partly.params["names"])


def test_corse_du_sud_stands_on_its_15_035_road_nodes(build):
    health = build("corse_du_sud")[0].health
    assert health.road_nodes + health.dropped_nodes == 15_035


def test_known_drives_of_corse_du_sud_are_of_the_right_length(build):
    # Ajaccio to Porto-Vecchio is about 130 to 145 km by road, to Bonifacio 130 to 140, to Propriano 70 to 80
    loaded, _ = build("corse_du_sud")
    cells, sites = loaded.territory.cells, loaded.territory.sites
    cell = np.linalg.norm(cells.xy - sites.xy[sites.index("2A004")], axis=1).argmin()
    for code, low, high in (("2A247", 120, 150), ("2A041", 125, 145), ("2A249", 65, 85)):
        assert low < loaded.travel.km[cell, sites.index(code)] < high
