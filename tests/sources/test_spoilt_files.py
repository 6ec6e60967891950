"""Files spoilt at random: refused in sentences, harmless, or said; never a traceback nor a silently wrong territory.

What « wrong » means stands in ``benchmarks.territory_laws``: the communes are those of the map, each once, the cells
of each sum to its inhabitants, nothing is negative, infinite or elsewhere, and what differs is said. The benchmark
``fuzz_sources`` does the same to real files, hundreds of times.
"""

from __future__ import annotations

import gzip
from random import Random

import geopandas as gpd
import numpy as np
import osmium
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio import Affine
from shapely import LineString, Point

from benchmarks.corruptions import BINARY, GRAPHS, MAPS, SQUARES, TABLES
from benchmarks.territory_laws import WRONG, outcome
from territo.sources.assembly import assemble
from territo.sources.places import transform
from territo.sources.spec import read_spec
from territo.sources.speeds import load_speeds
from territo.studies.workspace import default_workspace
from tests.sources.small import NODES, SOUTH, SPEC, WEST, degrees, graphml, write_small

GRID = "grid: {kind: insee, file: grid.csv}\n"
FILOSOFI = "CODGEO;NBMENFISC21;MED21;TP6021\nA1;400;21500;14,5\nB1;s;19000;s\nC1;40;18000,5;s\n"
OFGL = "exer;com_code;agregat;montant\n2022;A1;Frais de personnel;1000,5\n2021;B1;Encours de dette;9\n"
HALLS = "code_insee;lng;lat\n" + "".join(
    "{};{:.6f};{:.6f}\n".format(code, *degrees(WEST + 1_000 + 2_000 * index, SOUTH + 900))
    for index, code in enumerate(("A1", "B1", "C1"))
)


def squares():
    """Rows of an INSEE grid of 200 m along the street: identifier, inhabitants, groups."""
    places = transform(
        np.array([[WEST + 500 + 700 * step, SOUTH + 1_000] for step in range(8)]), "EPSG:2154", "EPSG:3035"
    )
    names = [f"CRS3035RES200mN{y // 200 * 200:.0f}E{x // 200 * 200:.0f}" for x, y in places]
    return [(name, "x", "y", rank % 2, 0, "A1", 40 + rank, 20, 5, 2, 3) for rank, name in enumerate(names)]


def write_squares(folder):
    head = "idcar_200m,idcar_1km,idcar_nat,i_est_200,i_est_1km,lcog_geo,ind,men,men_pauv,ind_0_3,ind_80p"
    lines = [head, *(",".join(map(str, row)) for row in squares())]
    (folder / "grid.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = dict(zip(head.split(","), zip(*squares(), strict=True), strict=True))
    gpd.GeoDataFrame(columns, geometry=[Point(0, 0)] * len(squares()), crs="EPSG:3035").to_file(folder / "grid.gpkg")


def write_roads(folder):
    (folder / "street.graphml.gz").write_bytes(gzip.compress(graphml().encode(), 1))
    with osmium.SimpleWriter(str(folder / "street.osm.pbf")) as writer:
        for number, node in enumerate(NODES, 1):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=degrees(*node)))
        for number in range(1, len(NODES)):
            tags = {"highway": "primary"}
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=[number, number + 1], tags=tags))
    count = len(NODES) - 1
    columns = {"nature": ["Route à 1 chaussée"] * count, "sens_de_circulation": ["Double sens"] * count}
    columns |= {"vitesse_moyenne_vl": [50] * count, "importance": ["3"] * count}
    lines = [LineString(NODES[number : number + 2]) for number in range(count)]
    gpd.GeoDataFrame(columns, geometry=lines, crs="EPSG:2154").to_file(folder / "troncon_de_route.gpkg")


def write_raster(folder):
    values = np.full((20, 60), 3.5, dtype=np.float32)
    profile = {"driver": "GTiff", "width": 60, "height": 20, "count": 1, "dtype": "float32", "crs": "EPSG:2154"}
    place = Affine(100, 0, WEST, 0, -100, SOUTH + 2_000)
    with rasterio.open(folder / "people.tif", "w", transform=place, compress="deflate", **profile) as raster:
        raster.write(values, 1)


TARGETS = {
    "communes.geojson": (SPEC, MAPS),
    "communes.csv": (SPEC, TABLES),
    "bpe.csv": (SPEC, TABLES),
    "france_services.csv": (SPEC, TABLES),
    "sites.csv": (SPEC, TABLES),
    "staff.csv": (SPEC, TABLES),
    "filosofi.csv": (SPEC + "indicators: [filosofi.csv]\n", TABLES),
    "ofgl.csv": (SPEC + "finance: {ofgl: ofgl.csv}\n", TABLES),
    "halls.csv": (SPEC.replace("facilities: {", "facilities: {town_halls: halls.csv, "), TABLES),
    "grid.csv": (SPEC + GRID, TABLES),
    "grid.gpkg": (SPEC + GRID.replace("csv", "gpkg"), SQUARES),
    "people.tif": (SPEC + "grid: {kind: raster, file: people.tif}\n", BINARY),
    "street.graphml.gz": (SPEC.replace("roads.graphml", "street.graphml.gz"), GRAPHS),
    "street.osm.pbf": (SPEC.replace("roads.graphml", "street.osm.pbf"), BINARY),
    "troncon_de_route.gpkg": (SPEC.replace("roads.graphml", "troncon_de_route.gpkg"), BINARY),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("sound")
    write_small(path, filosofi_csv=FILOSOFI, ofgl_csv=OFGL, halls_csv=HALLS)
    write_squares(path)
    write_roads(path)
    write_raster(path)
    return path


@pytest.mark.parametrize("file", TARGETS)
def test_a_spoilt_file_is_refused_harmless_or_said(folder, file):
    text, corruptions = TARGETS[file]
    spec, target = folder / "territory.yaml", folder / file
    spec.write_text(text, encoding="utf-8")
    speeds, content = load_speeds(default_workspace().speeds), target.read_bytes()

    def build():
        return assemble(read_spec(spec), speeds, lambda _: None)

    sound = build()

    @settings(max_examples=20, deadline=None, derandomize=True, database=None)
    @given(name=st.sampled_from(sorted(corruptions)), seed=st.integers(0, 2**32))
    def judged(name, seed):
        target.write_bytes(corruptions[name](Random(seed), content))  # noqa: S311  # no secret hangs on it
        ended = outcome(build, sound, name)
        assert ended.kind not in WRONG, ended.detail

    try:
        judged()
    finally:
        target.write_bytes(content)
