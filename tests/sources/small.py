"""The files of a small territory whose figures can be computed by hand.

Three communes of 2 km x 2 km stand in a row, west to east: A1, B1, C1, with
1,000, 500 and 100 inhabitants. A street follows their middle, with a node
every 500 m, 500 m from the western end to 500 m from the eastern one.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import box, mapping

WEST, SOUTH = 420_000.0, 6_240_000.0
CODES = ("A1", "B1", "C1")
NAMES = ("Amont", "Bourg", "Le Creux")
POPULATION = (1_000, 500, 100)
NODES = tuple((WEST + 500 + 500 * step, SOUTH + 1_000) for step in range(11))

_TO_DEGREES = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)

SPEC = """\
name: Trois communes
crs: EPSG:2154
communes: {file: communes.geojson, code: code, name: nom}
attributes:
  file: communes.csv
  code: code_insee
  population: pmun
  centre: [lng, lat]
  columns: {median_income: med21, poverty_rate: tp6021}
roads: {file: roads.graphml}
facilities: {bpe: bpe.csv, france_services: france_services.csv, sites: sites.csv}
staff: {file: staff.csv}
sources:
- {layer: roads, producer: OpenStreetMap contributors, licence: ODbL-1.0, vintage: 2022}
"""


def degrees(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a point in metres."""
    lng, lat = _TO_DEGREES.transform(x, y)
    return lng, lat


def outline(index: int):
    return box(WEST + 2_000 * index, SOUTH, WEST + 2_000 * (index + 1), SOUTH + 2_000)


def geojson(polygons: Mapping[str, object], *, in_degrees: bool = True) -> str:
    """Write a collection of polygons in metres, by code; names follow the codes."""
    features = []
    for code, polygon in polygons.items():
        shape = shapely.transform(polygon, _TO_DEGREES.transform, interleaved=False) if in_degrees else polygon
        name = dict(zip(CODES, NAMES, strict=True)).get(code, code)
        features.append({"type": "Feature", "properties": {"code": code, "nom": name}, "geometry": mapping(shape)})
    return json.dumps({"type": "FeatureCollection", "features": features})


def graphml(nodes=NODES, links=None, *, crs: str = "EPSG:2154", directed: bool = True) -> str:
    """Write a street: nodes in metres; links (tail, head, length, class), both ways along the nodes by default."""
    if links is None:
        steps = range(len(nodes) - 1)
        links = [(a, b, 500.0, "primary") for i in steps for a, b in ((i, i + 1), (i + 1, i))]
    lines = [
        "<?xml version='1.0' encoding='utf-8'?>",
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        '<key id="c" for="graph" attr.name="crs" attr.type="string"/>',
        '<key id="x" for="node" attr.name="x" attr.type="string"/>',
        '<key id="y" for="node" attr.name="y" attr.type="string"/>',
        '<key id="h" for="edge" attr.name="highway" attr.type="string"/>',
        '<key id="l" for="edge" attr.name="length" attr.type="string"/>',
        '<key id="n" for="edge" attr.name="name" attr.type="string"/>',
        f'<graph edgedefault="{"directed" if directed else "undirected"}">',
        f'<data key="c">{crs}</data>' if crs else "",
    ]
    lines += [
        f'<node id="{i}"><data key="x">{x}</data><data key="y">{y}</data></node>' for i, (x, y) in enumerate(nodes)
    ]
    lines += [
        f'<edge source="{a}" target="{b}"><data key="h">{kind}</data><data key="l">{metres}</data>'
        '<data key="n">Rue</data></edge>'
        for a, b, metres, kind in links
    ]
    return "\n".join([*lines, "</graph>", "</graphml>"])


def attributes_csv() -> str:
    rows = ["code_insee;nom;pmun;lng;lat;med21;tp6021"]
    for index, (code, name, people) in enumerate(zip(CODES, NAMES, POPULATION, strict=True)):
        lng, lat = degrees(WEST + 1_000 + 2_000 * index, SOUTH + 1_000)
        rows.append(f"{code};{name};{people};{lng:.6f};{lat:.6f};{(20_000, 's', '')[index]};{('12,5', 's', '')[index]}")
    return "\n".join(rows) + "\n"


def france_services_csv() -> str:
    head = "id_fs,lib_fs,insee_com,latitude,longitude,h_lundi,h_mardi,h_mercredi,h_jeudi,h_vendredi,h_samedi,format_fs"
    lng, lat = degrees(WEST + 3_500, SOUTH + 1_000)
    day = "09:00 - 12:00 / 13:30 - 17:00"
    return "\n".join(
        [
            head,
            f'7,"France services, Bourg",B1,{lat:.6f},{lng:.6f},{day},{day},,,09:00 - 12:00,,Fixe',
            f"8,Bus,B1,{lat:.6f},{lng:.6f},{day},,,,,,Bus_équivalent",
            f"9,Ailleurs,75056,48.85,2.35,{day},,,,,,Fixe",
        ]
    )


def sites_csv() -> str:
    lng, lat = degrees(WEST + 4_500, SOUTH + 1_000)
    head = "id;name;code_insee;lng;lat;services;hours_week;capacity_m2"
    return f"{head}\nM1;Médiathèque;C1;{lng:.6f};{lat:.6f};mediatheque|eaje;20,5;\n"


def write_small(folder: Path, spec: str = SPEC, **replaced: str | None) -> Path:
    """Write all the files; ``communes_csv="..."`` replaces one, None leaves it out. Returns the spec."""
    files = {
        "communes_geojson": geojson({code: outline(index) for index, code in enumerate(CODES)}),
        "communes_csv": attributes_csv(),
        "roads_graphml": graphml(),
        "bpe_csv": "DEPCOM;TYPEQU;NB_EQUIP\nA1;F307;1\nB1;F307;2\nB1;A206;3\n75056;F307;60\n",
        "france_services_csv": france_services_csv(),
        "sites_csv": sites_csv(),
        "staff_csv": "code_insee;service;fte\nA1;voirie;2,5\nA1;voirie;1\nB1;finances;3\n",
    } | replaced
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        if text is not None:
            stem, _, ending = name.rpartition("_")
            (folder / f"{stem}.{ending}").write_text(text, encoding="utf-8")
    path = folder / "territory.yaml"
    path.write_text(spec, encoding="utf-8")
    return path


def compress(path: Path) -> Path:
    """Write the file again, compressed, beside it."""
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    return packed


def centres() -> np.ndarray:
    return np.array([[WEST + 1_000 + 2_000 * index, SOUTH + 1_000] for index in range(3)])
