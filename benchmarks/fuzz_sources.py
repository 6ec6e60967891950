"""Spoil each real file many times and build: never a traceback, never a territory that is silently wrong.

A build of a few real communes, with one file spoilt, must end in one of three ways: it is refused with sentences
(``InputError``), it gives the sound territory, or it gives another one and says why in a notice. Whatever was done
to the file, a territory that is built keeps its invariants (``territory_laws``). After corruptions that leave a
plausible file (``PLAUSIBLE``) only these are asked for.

``python -m benchmarks.fuzz_sources --data ../shared/data --count 500 --seed 0 [--only communes.csv]``
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.corruptions import GRAPHS, MAPS, SQUARES, TABLES, Corruption
from benchmarks.territory_laws import WRONG, outcome
from territo.sources.assembly import Assembled, assemble
from territo.sources.spec import read_spec
from territo.sources.speeds import load_speeds
from territo.studies.workspace import default_workspace


class Target(NamedTuple):
    """A file of a window, and what can befall it."""

    window: str
    file: str
    corruptions: Mapping[str, Corruption]


TARGETS = (
    Target("pau", "communes.geojson", MAPS),
    Target("pau", "communes.csv", TABLES),
    Target("pau", "bpe_2019.csv", TABLES),
    Target("pau", "france_services_20240801.csv", TABLES),
    Target("ales", "filosofi_2019_1km.gpkg", SQUARES),
    Target("ales", "filosofi_2019_1km.csv", TABLES),
    Target("corse", "roads.graphml.gz", GRAPHS),
)
WEST, EAST, SOUTH, NORTH = 8.55, 8.95, 41.85, 42.1  # around Ajaccio
SPEC = """\
name: {name}
communes: {{file: communes.geojson}}
attributes:
  file: communes.csv
  code: code_insee
  population: pmun_2023
  centre: [lng, lat]
  area: superficie_km2
  columns: {{households: menages_2021, poverty_rate: tp6021, median_income: med21}}
{more}"""
MORE = {
    "pau": "roads: {kind: modelled}\nfacilities: {bpe: bpe_2019.csv, france_services: france_services_20240801.csv}\n",
    "ales": "roads: {kind: modelled}\ngrid: {kind: insee, file: GRID}\n",
    "corse": "roads: {file: roads.graphml.gz}\n",
}
FOLDERS = {"pau": "pau_bearn_pyrenees", "ales": "ales", "corse": "corse_du_sud"}
# a few neighbours each: small, so that hundreds of builds take minutes
CODES = {
    "pau": ("64445", "64129", "64348", "64335", "64284"),
    "ales": ("30007", "30259", "30243"),
    "corse": ("2A004", "2A001", "2A017"),
}


def window(data: Path, name: str, folder: Path) -> Path:
    """Write the files of a few real communes, and their spec; returns the spec."""
    source, codes = data / FOLDERS[name], CODES[name]
    folder.mkdir(parents=True)
    collection = json.loads((source / "communes.geojson").read_text(encoding="utf-8"))
    collection["features"] = [each for each in collection["features"] if each["properties"]["code"] in codes]
    (folder / "communes.geojson").write_text(json.dumps(collection), encoding="utf-8")
    for file, column in (("communes.csv", "code_insee"), ("bpe_2019.csv", "DEPCOM")):
        _cut(source / file, folder / file, column, codes)
    _cut(source / "france_services_20240801.csv", folder / "france_services_20240801.csv", "insee_com", codes)
    if name == "ales":
        _grid(source / "filosofi_2019_1km.gpkg", folder)
    if name == "corse":
        _roads(source / "roads_osm_2022.graphml.gz", folder / "roads.graphml.gz")
    spec = folder / "territory.yaml"
    spec.write_text(SPEC.format(name=name, more=MORE[name].replace("GRID", "filosofi_2019_1km.gpkg")), encoding="utf-8")
    return spec


def _cut(source: Path, target: Path, column: str, codes: Sequence[str]) -> None:
    text = source.read_text(encoding="utf-8")
    delimiter = max(";,", key=text.split("\n", 1)[0].count)
    with source.open(encoding="utf-8", newline="") as stream, target.open("w", encoding="utf-8", newline="") as out:
        rows = csv.reader(stream, delimiter=delimiter)
        head = next(rows)
        place = head.index(column)
        csv.writer(out, delimiter=delimiter).writerows([head, *(row for row in rows if row[place] in codes)])


def _grid(source: Path, folder: Path) -> None:
    import pyogrio

    shutil.copyfile(source, folder / source.name)
    pyogrio.read_dataframe(source, read_geometry=False).to_csv(folder / "filosofi_2019_1km.csv", index=False)


def _roads(source: Path, target: Path) -> None:
    """Cut the graph to the box of the gulf of Ajaccio."""
    import networkx as nx

    with gzip.open(source) as stream:
        graph = nx.read_graphml(stream)
    near = [
        node for node, at in graph.nodes(data=True) if WEST < float(at["x"]) < EAST and SOUTH < float(at["y"]) < NORTH
    ]
    with gzip.open(target, "wb") as stream:
        nx.write_graphml(graph.subgraph(near), stream)


def build(spec: Path) -> Assembled:
    """Assemble a territory, without its travel times."""
    return assemble(read_spec(spec), load_speeds(default_workspace().speeds), lambda _: None)


def fuzz(data: Path, target: Target, count: int, seed: int) -> Counter[tuple[str, str]]:
    """Spoil a file ``count`` times; prints what must not be, and returns (corruption, outcome) -> times."""
    found: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        spec = window(data, target.window, Path(temporary) / target.window)
        if target.file.startswith("filosofi"):
            spec.write_text(spec.read_text().replace("filosofi_2019_1km.gpkg", target.file), encoding="utf-8")
        path = spec.with_name(target.file)
        content, sound = path.read_bytes(), build(spec)
        names = list(target.corruptions)
        for number in range(count):
            name = names[number % len(names)]
            path.write_bytes(target.corruptions[name](Random(f"{seed} {target.file} {number}"), content))  # noqa: S311  # no secret hangs on it
            ended = outcome(partial(build, spec), sound, name)
            found[name, ended.kind] += 1
            if ended.kind in WRONG:
                print(f"!! {target.file}, {name}, number {number}: {ended.kind} {ended.detail}")
    return found


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=[target.file for target in TARGETS])
    options = parser.parse_args()
    for target in TARGETS:
        if options.only in (None, target.file):
            began = time.perf_counter()
            found = fuzz(options.data, target, options.count, options.seed)
            kinds = Counter[str]()
            for (_, kind), times in found.items():
                kinds[kind] += times
            listed = ", ".join(f"{times} {kind}" for kind, times in kinds.most_common())
            print(f"{target.file}: {listed} ({time.perf_counter() - began:.0f} s)")


if __name__ == "__main__":
    main()
