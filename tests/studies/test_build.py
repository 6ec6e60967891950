"""A territory from its files to its folder: by hand on a small one, whole on real roads, and nothing on bad input."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from territo.domain.travel import Notice
from territo.errors import InputError
from territo.studies.build import build_territory, load_territory, model_territory
from territo.studies.workspace import default_workspace
from tests.sources.small import CODES, NODES, SOUTH, SPEC, WEST, attributes_csv, centres, degrees, graphml, write_small

STAGES = ["communes", "roads", "grid", "facilities", "adjacency", "travel"]


class Watching:
    """A progress that remembers, and stops after some stages."""

    def __init__(self, stop_after: int = 99) -> None:
        self.events, self.stop_after = [], stop_after

    def report(self, event):
        self.events.append(event)

    def cancelled(self):
        return len({event.stage for event in self.events}) > self.stop_after


def faults_of(spec, out):
    with pytest.raises(InputError) as caught:
        build_territory(spec, out)
    assert not out.exists()
    return [str(each) for each in caught.value.faults]


@pytest.fixture
def small(tmp_path):
    return build_territory(write_small(tmp_path / "in"), tmp_path / "out")


def test_the_nouns_of_a_small_territory_are_as_computed_by_hand(small):
    territory = small.territory
    assert (territory.name, territory.crs, territory.communes.codes) == ("Trois communes", "EPSG:2154", CODES)
    assert territory.adjacency.tolist() == [[0, 1], [1, 2]]
    assert territory.sites.ids == ("A1", "B1", "C1", "FS7", "M1")
    assert territory.sites.names[:3] == ("Mairie d’Amont", "Mairie de Bourg", "Mairie du Creux")
    assert territory.sites.kinds == ("town_hall",) * 3 + ("france_services", "other")
    assert territory.sites.xy[:3] == pytest.approx(centres(), abs=0.2)
    assert territory.communes.equipment["TOTAL"].tolist() == [1, 5, 0]
    assert territory.communes.staff["voirie"][0] == 3.5


def test_cells_keep_the_municipal_populations(small):
    cells = small.territory.cells
    sums = np.bincount(cells.commune, weights=cells.population)
    assert sums == pytest.approx([1_000, 500, 100], rel=1e-9)


def test_travel_along_the_street_is_as_computed_by_hand(small):
    # primary road: 80 km/h x 0.80 = 64 km/h; the town halls stand on their nodes, 2 km apart; cells have access legs
    cells, sites = small.territory.cells, small.territory.sites
    cell = np.linalg.norm(cells.xy - (WEST + 1_100, SOUTH + 1_100), axis=1).argmin()
    assert cells.xy[cell].tolist() == [WEST + 1_100, SOUTH + 1_100]
    access_km = np.hypot(0.1, 0.1)
    minutes = access_km / 20 * 60 + np.array([0, 2, 4]) / 64 * 60 + 2
    assert small.travel.minutes[cell, :3] == pytest.approx(minutes, abs=1e-2)
    assert small.travel.km[cell, :3] == pytest.approx(access_km + np.array([0, 2, 4]), abs=1e-2)
    assert sites.hours_week[3] == pytest.approx(16.0)


def test_layers_keep_their_source_and_what_is_modelled_or_not_stated_is_said(small):
    sources = {source.layer: source for source in small.territory.sources}
    assert (sources["roads"].licence, sources["roads"].vintage, len(sources["roads"].sha256)) == (
        "ODbL-1.0",
        "2022",
        64,
    )
    assert small.territory.modelled_layers == ("grid",)
    assert sources["speeds"].vintage == "2026-1"
    unstated = [notice.params["layer"] for notice in small.health.notices if notice.code == "source-not-stated"]
    assert unstated == ["communes", "population", "equipment", "france_services", "sites", "staff"]
    assert "OpenStreetMap contributors (2022)" in small.travel.provenance


def test_the_folder_gives_the_same_territory(small, tmp_path):
    again = load_territory(tmp_path / "out")
    assert again.territory.digest == small.territory.digest
    assert np.array_equal(again.travel.minutes, small.travel.minutes)
    assert again.health == small.health


def test_the_same_files_give_the_same_digest_anywhere_and_any_change_another(tmp_path):
    first, second = (build_territory(write_small(tmp_path / name), None).territory.digest for name in "ab")
    assert first == second
    changed = [
        write_small(tmp_path / "c", communes_csv=attributes_csv().replace(";500;", ";501;")),
        write_small(tmp_path / "d", SPEC.replace("Trois", "Les trois")),
    ]
    digests = {build_territory(path, None).territory.digest for path in changed}
    assert len(digests | {first}) == 3


def test_each_stage_is_told_when_it_begins_and_when_it_ends(tmp_path):
    watching = Watching()
    build_territory(write_small(tmp_path), None, watching)
    assert [event.stage for event in watching.events] == [stage for stage in STAGES for _ in range(2)]
    assert [event.seconds > 0 for event in watching.events] == [False, True] * 6


def test_a_work_that_is_cancelled_stops_between_two_stages_and_writes_nothing(tmp_path):
    watching = Watching(stop_after=2)
    with pytest.raises(KeyboardInterrupt):
        build_territory(write_small(tmp_path / "in"), tmp_path / "out", watching)
    assert watching.events[-1].stage == "grid"
    assert not (tmp_path / "out").exists()


def test_a_centre_far_from_any_road_sends_its_town_hall_to_the_nearest_node_of_the_commune(tmp_path):
    lng, lat = degrees(WEST + 3_000, SOUTH + 1_000)
    moved_lng, moved_lat = degrees(WEST + 3_000, SOUTH + 1_900)
    table = attributes_csv().replace(f"{lng:.6f};{lat:.6f}", f"{moved_lng:.6f};{moved_lat:.6f}")
    loaded = build_territory(write_small(tmp_path, communes_csv=table), None)
    assert loaded.territory.sites.xy[1] == pytest.approx([WEST + 3_000, SOUTH + 1_000], abs=0.2)
    assert loaded.territory.communes.centres[1] == pytest.approx([WEST + 3_000, SOUTH + 1_900], abs=0.2)
    assert Notice("town-halls-moved", {"count": 1, "metres": 900}) in loaded.health.notices


def test_road_nodes_that_lead_nowhere_are_dropped_and_said(tmp_path):
    links = [(a, b, 500.0, "byway") for i in range(10) for a, b in ((i, i + 1), (i + 1, i))]
    roads = graphml([*NODES, (WEST + 500, SOUTH)], [*links, (0, 11, 1_000.0, "primary")])
    loaded = build_territory(write_small(tmp_path, roads_graphml=roads), None)
    assert (loaded.health.dropped_nodes, loaded.health.road_nodes) == (1, 11)
    assert Notice("unnamed-road-class", {"name": "byway"}) in loaded.health.notices


def test_faults_of_all_files_are_said_at_once_and_nothing_is_written(tmp_path):
    spec = write_small(
        tmp_path / "in",
        SPEC + "grid: {kind: insee, file: grid.csv}\n",
        communes_csv=attributes_csv().replace(";500;", ";-5;"),
        roads_graphml=graphml(NODES, [(0, 1, -3, "primary")]),
        bpe_csv="DEPCOM;NB\nA1;1\n",
        sites_csv="id;name;code_insee;lng\n",
        staff_csv="code_insee;service;fte\nZ9;voirie;1\n",
        grid_csv="code,ind\n1,2\n",
    )
    found = faults_of(spec, tmp_path / "out")
    assert [each.rpartition(": ")[0].split(": ")[:2] for each in found] == [
        ["communes.csv:3", "pmun"],
        ["roads.graphml:22", "the length -3 is not a number of metres"],
        ["grid.csv", "grid.file"],
        ["bpe.csv", "facilities.bpe"],
        ["sites.csv:1", "lat"],
        ["staff.csv:2", "code_insee"],
    ]


def test_roads_in_pieces_are_refused(tmp_path):
    links = [(a, b, 500.0, "primary") for i in (0, 1, 2, 3, 5, 6, 7, 8, 9) for a, b in ((i, i + 1), (i + 1, i))]
    spec = write_small(tmp_path / "in", roads_graphml=graphml(NODES, links))
    pieces = "the largest connected part holds only 55 % of the nodes"  # 6 of 11
    assert faults_of(spec, tmp_path / "out") == [
        f"roads.graphml: the roads are in pieces: {pieces}, complete them",
        "roads.graphml: no connected road enters Amont: complete the roads or remove these communes",
    ]


def test_a_commune_that_no_road_enters_is_refused_by_name(tmp_path):
    spec = write_small(tmp_path / "in", roads_graphml=graphml(NODES[:7]))
    assert faults_of(spec, tmp_path / "out") == [
        "roads.graphml: no connected road enters Le Creux: complete the roads or remove these communes",
    ]


def test_a_commune_that_a_road_only_crosses_is_accepted(tmp_path):
    ends = [*NODES[:3], *NODES[-3:]]
    loaded = build_territory(write_small(tmp_path, roads_graphml=graphml(ends)), None)
    assert [notice.code for notice in loaded.health.notices].count("communes-joined") >= 1
    assert nx.is_connected(nx.Graph(loaded.territory.adjacency.tolist()))


def test_a_place_that_holds_something_else_is_refused_before_any_work(tmp_path):
    (tmp_path / "photo.jpg").write_text("x", encoding="utf-8")
    watching = Watching()
    with pytest.raises(InputError, match="holds something else than a territory"):
        build_territory(tmp_path / "absent.yaml", tmp_path, watching)
    assert watching.events == []


def test_the_embedded_territory_is_built_from_its_files():
    loaded = build_territory(default_workspace().embedded_spec, None)
    territory = loaded.territory
    assert len(territory.communes) == 31
    assert territory.communes.population.sum() == 169_255
    sums = np.bincount(territory.cells.commune, weights=territory.cells.population)
    assert sums == pytest.approx(territory.communes.population, rel=1e-9)
    assert territory.modelled_layers == ("communes", "roads", "grid")
    assert loaded.health.unreachable_cells == 0
    assert Notice("itinerant-point", {"name": "France services Bus Gadjé Voyageurs"}) in loaded.health.notices


def test_a_drawn_territory_is_modelled_built_and_kept_with_its_raw_files(tmp_path):
    watching = Watching()
    loaded = model_territory(tmp_path / "out", communes=12, seed=3, progress=watching)
    assert [event.stage for event in watching.events][::2] == ["model", *STAGES]
    assert len(loaded.territory.communes) == 12
    assert set(loaded.territory.modelled_layers) >= {"communes", "roads", "grid"}
    assert load_territory(tmp_path / "out").territory.digest == loaded.territory.digest
    assert (
        build_territory(tmp_path / "out" / "sources" / "territory.yaml", None).territory.digest
        == loaded.territory.digest
    )
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_table_of_communes_is_modelled_with_its_populations(tmp_path):
    table = default_workspace().embedded_spec.with_name("table.csv")
    loaded = model_territory(tmp_path / "out", table=table, seed=1)
    assert loaded.territory.communes.population.sum() == 169_255


def test_a_table_that_cannot_be_used_writes_nothing(tmp_path):
    (tmp_path / "table.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(InputError, match="there is no column"):
        model_territory(tmp_path / "out", table=tmp_path / "table.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
