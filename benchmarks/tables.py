"""Markdown tables of what was measured."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import geometric_mean, median

from benchmarks.measure import Run, ratios

AGREE = 1e-6
HEAD = ("instance", "solved by", "seconds", "times territo", "peak MB", "status", "value")


def head(columns: Sequence[str] = HEAD) -> str:
    """Write the first two lines of a table."""
    return row(columns) + "\n" + row("---" for _ in columns)


def row(cells: Iterable[str]) -> str:
    """Write one line of a table."""
    return "| " + " | ".join(cells) + " |"


def lines(instance: str, runs: Sequence[Run]) -> list[str]:
    """Write one line for each who solved an instance."""
    found = []
    for peer in dict.fromkeys(run.peer for run in runs):
        own = [run for run in runs if run.peer == peer]
        times = "1" if peer == "territo" else ratio_words(runs, peer)
        worst = next((run for run in own if not run.proven), own[0])
        largest = max(run.rss_mb for run in own)
        spread = between([run.seconds for run in own], 3)
        found.append(row([instance, peer, spread, times, f"{largest:.0f}", status_words(worst), value_words(worst)]))
    return found + disagreements(instance, runs)


def status_words(run: Run) -> str:
    """Say how a solve ended, and how far it was from its proof."""
    if run.proven or not math.isfinite(run.objective) or not run.objective:
        return run.status
    return f"{run.status}, gap {abs(run.objective - run.bound) / abs(run.objective):.2%}"


def value_words(run: Run) -> str:
    """Write the value of an answer."""
    return f"{run.objective:.10g}" if math.isfinite(run.objective) else "-"


def ratio_words(runs: Sequence[Run], peer: str) -> str:
    """Write the ratio of a peer: median, least and most; ``>=`` where the peer was stopped."""
    written = between(ratios(runs, peer), 1)
    stopped = not all(run.proven for run in runs if run.peer == peer)
    return f">= {written}" if stopped and written != "-" else written


def between(values: Sequence[float], decimals: int) -> str:
    """Write a median, and the least and the most in brackets."""
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return "-"
    middle, least, most = (f"{value:.{decimals}f}" for value in (median(known), min(known), max(known)))
    return middle if least == most else f"{middle} ({least} to {most})"


def disagreements(instance: str, runs: Sequence[Run]) -> list[str]:
    """Name proven values that differ: somebody is wrong."""
    proven = {run.peer: run.objective for run in runs if run.proven}
    if not proven or max(proven.values()) - min(proven.values()) <= AGREE * max(map(abs, proven.values())):
        return []
    values = ", ".join(f"{peer} {value:.10g}" for peer, value in proven.items())
    return [row([instance, "**proven values differ**", values, "", "", "", ""])]


def means(solved: Sequence[Sequence[Run]], peers: Sequence[str]) -> list[str]:
    """Write the geometric mean of the ratios of each peer; a solve that was stopped counts as what it took."""
    found = []
    for peer in peers:
        proven, stopped = [], []
        for runs in solved:
            own = [ratio for ratio in ratios(runs, peer) if math.isfinite(ratio)]
            both = all(run.proven for run in runs if run.peer in (peer, "territo"))
            (proven if both else stopped).extend([median(own)] if own else [])
        if proven or stopped:
            sign = ">= " if stopped else ""
            where_both = f"{geometric_mean(proven):.0f} ({len(proven)})" if proven else "-"
            everywhere = f"{sign}{geometric_mean(proven + stopped):.0f} ({len(stopped)} stopped)"
            found.append(row([peer, where_both, everywhere]))
    return [head(("peer", "geometric mean where both proved (instances)", "all instances")), *found] if found else []
