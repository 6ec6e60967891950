"""A whole build: a modelled territory of hundreds of communes, tens of thousands of cells, hundreds of sites.

``python -m benchmarks.build --help``
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import yaml

from benchmarks.measure import ONE_THREAD
from benchmarks.tables import head, row

GOAL_S, GOAL_MB = 60.0, 2_000.0
MB = 1e6


def main() -> None:
    """Model the raw files, then build in a process of its own and print what each stage took."""
    asked = arguments()
    if asked.once:
        print(json.dumps(once(asked.once)))
        return
    with tempfile.TemporaryDirectory() as folder:
        spec = raw_files(Path(folder), asked.communes, asked.cells)
        words = [sys.executable, "-m", "benchmarks.build", "--once", str(spec)]
        environment = os.environ | dict.fromkeys(ONE_THREAD, "1")
        answer = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(answer.stdout.splitlines()[-1])
    print(f"{asked.communes} communes, {found['cells']} cells, {found['sites']} sites, {found['nodes']} road nodes\n")
    print(head(("stage", "seconds of processor")))
    for stage, seconds in found["stages"].items():
        print(row([stage, f"{seconds:.1f}"]))
    cpu_s, most = found["cpu_s"], found["rss_mb"]
    print(f"\n{cpu_s:.1f} s of processor ({found['seconds']:.1f} s on the clock), goal {GOAL_S:g} s: ", end="")
    print("kept" if cpu_s <= GOAL_S else "missed")
    print(f"peak memory {most:.0f} MB, goal {GOAL_MB:g} MB: {'kept' if most <= GOAL_MB else 'missed'}")


def arguments() -> argparse.Namespace:
    """Read what is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--communes", type=int, default=360)
    parser.add_argument("--cells", type=int, default=50_000)
    parser.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def raw_files(folder: Path, communes: int, cells: int) -> Path:
    """Model the raw files of a territory, with a raster of as many inhabited squares as asked; return its spec."""
    import rasterio
    from rasterio import Affine

    from territo.studies.build import model_territory

    loaded = model_territory(folder / "modelled", communes=communes)
    known, size = loaded.territory.cells, loaded.territory.cells.size_m
    low = np.floor(known.xy.min(axis=0) / size) * size
    columns, rows = (np.ceil((known.xy.max(axis=0) - low) / size).astype(int) + 1).tolist()
    people = np.zeros((rows, columns), dtype=np.float32)
    place = ((known.xy - low) / size).astype(int)
    np.add.at(people, (rows - 1 - place[:, 1], place[:, 0]), known.population)
    # squares next to roads get their first inhabitant
    road = np.unique(((loaded.roads.xy - low) / size).astype(int), axis=0)
    around = np.unique(
        (road[:, None] + np.array([[x, y] for x in (-1, 0, 1) for y in (-1, 0, 1)])).reshape(-1, 2), axis=0
    )
    around = around[((around >= 0) & (around < [columns, rows])).all(axis=1)]
    empty = around[people[rows - 1 - around[:, 1], around[:, 0]] == 0]
    chosen = np.random.default_rng(0).permutation(empty)[: max(0, cells - len(known))]
    people[rows - 1 - chosen[:, 1], chosen[:, 0]] = 1
    sources = folder / "modelled" / "sources"
    profile = {
        "driver": "GTiff", "width": columns, "height": rows, "count": 1, "dtype": "float32",
        "crs": loaded.territory.crs, "transform": Affine(size, 0, low[0], 0, -size, low[1] + rows * size),
    }  # fmt: skip
    with rasterio.open(sources / "grid.tif", "w", **profile) as raster:
        raster.write(people, 1)
    spec = sources / "territory.yaml"
    content = yaml.safe_load(spec.read_text(encoding="utf-8"))
    content["grid"] = {"kind": "raster", "file": "grid.tif"}
    spec.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return spec


class Stages:
    """Keeps the seconds of processor of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.began = time.process_time()

    def report(self, event: object) -> None:
        """Note the end of a stage."""
        now = time.process_time()
        if getattr(event, "seconds", None):
            self.seconds[str(getattr(event, "stage", ""))] = now - self.began
        self.began = now

    def cancelled(self) -> bool:
        """Never stop."""
        return False


def once(spec: Path) -> dict[str, object]:
    """Build and write a territory."""
    from territo.studies.build import build_territory

    stages, began, cpu = Stages(), time.perf_counter(), time.process_time()
    loaded = build_territory(spec, spec.parent.parent / "built", stages)
    return {
        "cells": len(loaded.territory.cells),
        "sites": len(loaded.territory.sites),
        "nodes": len(loaded.roads.xy),
        "stages": stages.seconds,
        "seconds": time.perf_counter() - began,
        "cpu_s": time.process_time() - cpu,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MB,
    }


if __name__ == "__main__":
    main()
