"""Travel times against their peers: sites x all nodes, same machine, same run, each peer in its own process.

``python -m benchmarks.travel --help``
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.locate_vs_peers import cpu, installed
from benchmarks.measure import ONE_THREAD
from benchmarks.tables import between, head, row
from benchmarks.travel_peers import PEERS
from territo.access.network import WeightedGraph

GOALS = {"scipy": 20.0, "networkx": 400.0}
MB = 1e6
BYTES_A_PAIR, MEMORY_MB = 4, 200
# networkx takes minutes for hundreds of ends: its time a source is measured on fewer
FEWER = {"networkx": 20}
# how many ends are compared with the times of scipy, in double precision
CHECKED = 20
LIBRARIES = ("numpy", "scipy", "numba", "networkx", "igraph", "pandana")
COLUMNS = ("graph", "by", "sources", "preparation s", "ms a source", "times territo", "peak MB", "greatest difference")


@dataclass(frozen=True, slots=True)
class Timed:
    """One peer on one graph: seconds of processor, MB, and the greatest relative difference from scipy."""

    peer: str
    sources: int
    prepare_s: float
    ms_a_source: float
    rss_mb: float
    differs: float


def main() -> None:
    """Measure and print."""
    asked = arguments()
    if asked.once:
        found = once(asked.once, asked.graph, asked.sources)
        asked.graph.with_suffix(".json").write_text(json.dumps(found), encoding="utf-8")
        return
    print(f"{cpu()}, {os.cpu_count()} cores; Python {platform.python_version()}; ", end="")
    print(", ".join(f"{name} {installed(name)}" for name in LIBRARIES))
    print(f"\nSeconds of processor, one thread; all nodes to the sources.\n\n{head(COLUMNS)}", flush=True)
    found = [one for name in asked.graphs for one in compare(name, asked)]
    print("", *found, sep="\n")


def arguments() -> argparse.Namespace:
    """Read what is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graphs", nargs="+", default=["corsica", "100000"], help="corsica, or a number of nodes")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where the roads of Corsica are")
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument(
        "--peers", nargs="*", choices=list(PEERS), default=[name for name in PEERS if name != "territo"]
    )
    parser.add_argument("--repeat", type=int, default=1, help="runs of each peer; twice as many ratios")
    parser.add_argument("--once", help=argparse.SUPPRESS)
    parser.add_argument("--graph", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def compare(name: str, asked: argparse.Namespace) -> list[str]:
    """Print the lines of one graph; return what the goals say."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.npz"
        nodes = save_graph(name, asked.data, asked.sources, path)
        own, by_peer, ratios = [run("territo", path, asked.sources)], {}, {}
        for peer in asked.peers:
            for _ in range(asked.repeat):
                by_peer.setdefault(peer, []).append(run(peer, path, asked.sources))
                own.append(run("territo", path, asked.sources))
                last = by_peer[peer][-1].ms_a_source
                ratios.setdefault(peer, []).extend(last / ours.ms_a_source for ours in own[-2:])
    print(line(name, own, []), flush=True)
    for peer, runs in by_peer.items():
        print(line(name, runs, ratios[peer]), flush=True)
    return verdicts(name, own, ratios, nodes * asked.sources)


def line(graph: str, runs: Sequence[Timed], ratios: Sequence[float]) -> str:
    """Write one peer on one graph: medians, least and most."""
    prepare, times = between([one.prepare_s for one in runs], 2), between([one.ms_a_source for one in runs], 2)
    largest, differs = max(one.rss_mb for one in runs), max(one.differs for one in runs)
    words = between(ratios, 1) if ratios else "1"
    return row([graph, runs[0].peer, str(runs[0].sources), prepare, times, words, f"{largest:.0f}", f"{differs:.0e}"])


def verdicts(name: str, own: Sequence[Timed], ratios: dict[str, list[float]], pairs: int) -> list[str]:
    """Say which goals were kept."""
    found = [
        f"{name}: {median(ratios[peer]):.0f} times {peer}, goal {goal:g}: {verdict(median(ratios[peer]) >= goal)}"
        for peer, goal in GOALS.items()
        if peer in ratios
    ]
    most, allowed = max(one.rss_mb for one in own), pairs * BYTES_A_PAIR / MB + MEMORY_MB
    found.append(f"{name}: peak memory {most:.0f} MB, goal {allowed:.0f} MB: {verdict(most <= allowed)}")
    differs = max(one.differs for one in own)
    return [*found, f"{name}: minutes within {differs:.0e} of scipy's, goal 1e-06: {verdict(differs <= 1e-6)}"]  # noqa: PLR2004  # the goal


def verdict(kept: bool) -> str:  # noqa: FBT001  # one word for one truth
    """Say a verdict."""
    return "kept" if kept else "missed"


def save_graph(name: str, data: Path, sources: int, path: Path) -> int:
    """Write a graph, its sites and the first of their times by scipy for the processes that measure."""
    from scipy.sparse.csgraph import dijkstra

    from benchmarks.road_graphs import corsica, synthetic

    graph, xy = corsica(data) if name == "corsica" else synthetic(int(name))
    ends = np.random.default_rng(1).choice(graph.nodes, sources, replace=False)
    truth = dijkstra(graph.reversed_matrix(), indices=ends[:CHECKED])
    arrays = {field: getattr(graph, field) for field in ("tail", "head", "minutes", "km")}
    np.savez(path, xy=xy, ends=ends, truth=truth, **arrays)
    return graph.nodes


def run(peer: str, graph: Path, sources: int) -> Timed:
    """Measure a peer in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.travel", "--once", peer]
    words += ["--graph", str(graph), "--sources", str(FEWER.get(peer, sources))]
    environment = os.environ | dict.fromkeys(ONE_THREAD, "1")
    subprocess.run(words, env=environment, capture_output=True, check=True)  # pandana writes on the standard output
    return Timed(**json.loads(graph.with_suffix(".json").read_text(encoding="utf-8")))


def once(peer: str, path: Path, sources: int) -> dict[str, object]:
    """Prepare and ask one peer; rounds that are not counted load its libraries and touch the memory of the answer."""
    with np.load(path) as arrays:
        xy, ends = arrays["xy"], arrays["ends"][:sources]
        links = (arrays[name] for name in ("tail", "head", "minutes", "km"))
        graph = WeightedGraph(len(xy), *links)
    prepare = PEERS[peer]
    ring, three = WeightedGraph(3, *np.array([[0, 1, 2], [1, 2, 0]]), np.ones(3), np.ones(3)), np.arange(3)
    prepare(ring, np.zeros((3, 2)))(three)
    began = time.process_time()
    ask = prepare(graph, xy)
    prepared = time.process_time()
    del graph, links, xy  # a peer keeps what it needs
    ask(ends)
    asked = time.process_time()
    found = ask(ends)
    seconds = time.process_time() - asked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MB
    with np.load(path) as arrays:
        differs = difference(found[:CHECKED], arrays["truth"])
    return {
        "peer": peer,
        "sources": len(ends),
        "prepare_s": prepared - began,
        "ms_a_source": seconds / len(ends) * 1e3,
        "rss_mb": peak,
        "differs": differs,
    }


def difference(found: object, truth: object) -> float:
    """Return the greatest relative difference of what was answered, ``inf`` where one side found no way."""
    one, other = np.asarray(found, dtype=np.float64), np.asarray(truth)
    answered = ~np.isnan(one)
    one, other = one[answered], other[answered]
    if (np.isinf(one) != np.isinf(other)).any():
        return float("inf")
    finite = np.isfinite(other) & (other > 0)
    return float((np.abs(one[finite] - other[finite]) / other[finite]).max())


if __name__ == "__main__":
    main()
