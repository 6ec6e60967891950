"""What was tried around an answer, in words: the same tables for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from territo.domain.catalogue import Catalogue
from territo.domain.robustness import Bar, Robustness, Trial, Variation
from territo.domain.territory import Territory
from territo.i18n import t
from territo.i18n.numbers import euros, number, percent, signed
from territo.report.robustness import widest_first

HUNDRED = 100.0
FIGURES = ("cost", "travel", "saving")
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TrialTable:
    """A table in words: the first column names the row; a cell may have several lines."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def trial_tables(result: Robustness, territory: Territory, catalogue: Catalogue, lang: str) -> list[TrialTable]:
    """Write the numbers, the demands, the sites and the alternatives; a table without rows is left out."""
    names = dict(zip(territory.sites.ids, territory.sites.names, strict=True))
    names |= {service.code: service.label for service in catalogue.services}
    tables = [
        TrialTable(_say("title", lang), _heads("range", *FIGURES, "best", lang=lang), _tornado(result, names, lang)),
        TrialTable(
            _say("demand", lang), _heads("cost", "travel", "promises", "best", lang=lang), _demands(result, names, lang)
        ),
        TrialTable(
            _say("sites", lang, count=result.stability.solves), _heads("where", lang=lang), _sites(result, names, lang)
        ),
        TrialTable(
            _say("alternatives", lang),
            _heads("loss", "cost", "travel", "change", "regret", lang=lang),
            _alternatives(result, names, lang),
        ),
    ]
    return [table for table in tables if table.rows]


def conclusions(result: Robustness, within: float, lang: str) -> list[str]:
    """Say which plan is the safest, and whether others may exist within the margin (a share)."""
    said = []
    if result.regret is not None:
        worst = float(result.regret.amount.max(axis=1).min())
        name = _plan_names(result, lang)[result.regret.safest]
        said.append(_say("safest", lang, plan=name, amount=euros(worst, 0, lang)))
    key = "alternatives_whole" if result.alternatives else "alternatives_none"
    key = key if result.all_alternatives else "alternatives_more"
    return [*said, _say(key, lang, within=percent(within, 1, lang))]


def range_words(bar: Bar, end: Variation, lang: str) -> str:
    """Write one end of a range as it is meant: a change, or the number itself."""
    if bar.unit == "share":
        return percent(end.value, 0, lang)
    digits = 0 if bar.unit == "percent" else 1
    return _say(f"unit.{bar.unit}", lang, value=signed(end.value, digits, lang))


def factor_name(bar: Bar, lang: str) -> str:
    """Name the number of a bar."""
    return _say(f"factor.{bar.factor}", lang)


def _say(key: str, lang: str, **parameters: object) -> str:
    return t(f"robustness.{key}", lang, **parameters)


def _heads(*keys: str, lang: str) -> tuple[str, ...]:
    return tuple(_say(key, lang) for key in keys)


def _tornado(result: Robustness, names: Names, lang: str) -> tuple[tuple[str, ...], ...]:
    rows = []
    for bar in widest_first(result):
        ends = [end for end in (bar.low, bar.high) if end is not None]
        columns = [
            [range_words(bar, end, lang) for end in ends],
            *([_figure(end.kept, figure, lang) for end in ends] for figure in FIGURES),
            [_moves(end.free, names, lang) for end in ends],
        ]
        rows.append((factor_name(bar, lang), *("\n".join(lines) for lines in columns)))
    return tuple(rows)


def _figure(trial: Trial, figure: str, lang: str) -> str:
    """Write a figure of a trial, or why there is none."""
    if trial.outcome is None:
        return _say("infeasible" if trial.status == "infeasible" else "unknown", lang)
    value = getattr(trial.outcome, figure)
    return number(value, 0, lang) if figure == "travel" else euros(value, 0, lang)


def _moves(trial: Trial | None, names: Names, lang: str) -> str:
    """Say which sites another answer opens and closes; nothing where none was looked for."""
    if trial is None:
        return ""
    if trial.outcome is None:
        return _figure(trial, "cost", lang)
    moves = [
        _say(key, lang, sites=", ".join(names[site] for site in sites))
        for key, sites in (("opened", trial.opened), ("closed", trial.closed))
        if sites
    ]
    return "\n".join(moves) or _say("same", lang)


def _demands(result: Robustness, names: Names, lang: str) -> tuple[tuple[str, ...], ...]:
    rows = []
    for trial in result.demands:
        change = percent(trial.change_pct / HUNDRED, 0, lang)
        name = _say(f"case.{trial.case}", lang, change=f"+{change}" if trial.change_pct > 0 else change)
        broken = "\n".join(_broken(promise, names, lang) for promise in trial.kept.broken) or _say("none", lang)
        figures = (_figure(trial.kept, figure, lang) for figure in ("cost", "travel"))
        rows.append((name, *figures, broken, _moves(trial.free, names, lang)))
    return tuple(rows)


def _broken(promise: str, names: Names, lang: str) -> str:
    kind, _, service = promise.partition(":")
    return _say(f"broken.{kind}", lang, service=names.get(service, service))


def _plan_names(result: Robustness, lang: str) -> dict[str, str]:
    """Name the plans that were tried under every demand."""
    names = {trial.case: _say(f"best_for.{trial.case}", lang) for trial in result.demands}
    names["plan"] = result.run.scenario_name
    return names | {
        f"alternative-{rank}": each.run.scenario_name for rank, each in enumerate(result.alternatives, start=1)
    }


def _sites(result: Robustness, names: Names, lang: str) -> tuple[tuple[str, ...], ...]:
    """Gather the sites by the share of the answers that open them, the surest first."""
    opened: dict[float, list[str]] = {}
    for site, share in zip(result.stability.sites, result.stability.share.tolist(), strict=True):
        if share > 0:
            opened.setdefault(share, []).append(names[site])
    return tuple((percent(share, 0, lang), ", ".join(opened[share])) for share in sorted(opened, reverse=True))


def _alternatives(result: Robustness, names: Names, lang: str) -> tuple[tuple[str, ...], ...]:
    worst: dict[str, float] = {}
    if result.regret is not None:
        worst = dict(zip(result.regret.plans, map(float, result.regret.amount.max(axis=1)), strict=True))
    rows = []
    for rank, each in enumerate(result.alternatives, start=1):
        regret = euros(worst.get(f"alternative-{rank}", float("nan")), 0, lang)
        figures = (_figure(each.trial, figure, lang) for figure in ("cost", "travel"))
        moves = _moves(each.trial, names, lang)
        rows.append((each.run.scenario_name, percent(each.loss, 2, lang), *figures, moves, regret))
    return tuple(rows)
