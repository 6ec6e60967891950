"""Who gains and who loses in each scenario, commune by commune."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.domain.indicators import Comparison, Run
from territo.domain.territory import Territory
from territo.i18n import t
from territo.report.figures import known
from territo.report.palette import CHANGE_BREAKS
from territo.report.views import commune_minutes
from territo.report.wording import amount, plain, signed

SHOWN = 4
GROUPS = ("winners", "neutral", "losers")


@dataclass(frozen=True, slots=True)
class Move:
    """One commune whose access changes, in words."""

    commune: str
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class Gains:
    """What a scenario changes for people.

    Parameters
    ----------
    scenario
        Name.
    sentence
        Inhabitants of each group, in words.
    shares
        Per cent of the inhabitants in each group, in the order of ``GROUPS``.
    winners, losers
        The communes that gain, and lose, the most.
    """

    scenario: str
    sentence: str
    shares: tuple[tuple[str, float], ...]
    winners: tuple[Move, ...]
    losers: tuple[Move, ...]


def gains(comparison: Comparison, territory: Territory, lang: str, shown: int = SHOWN) -> list[Gains]:
    """List the gains of each scenario against the current situation, in their order."""
    before = commune_minutes(comparison.reference, territory)
    return [_of_run(run, before, territory, lang, shown) for run in comparison.runs]


def _of_run(run: Run, before: Floats, territory: Territory, lang: str, shown: int) -> Gains:
    after = commune_minutes(run, territory)
    change = after - before
    order = np.argsort(np.where(np.isnan(change), 0.0, change), kind="stable")
    smallest = CHANGE_BREAKS[2]
    winners, losers = order[change[order] <= -smallest], order[::-1][change[order[::-1]] >= smallest]
    people = {group: _people(run, group) for group in GROUPS}
    words = {group: amount("inhabitants", count, lang) for group, count in people.items()}
    everyone = sum(people.values())
    return Gains(
        scenario=run.scenario_name,
        sentence=t("page.people_groups", lang, **words),
        shares=tuple((group, 100.0 * count / everyone if everyone > 0 else 0.0) for group, count in people.items()),
        winners=_moves(winners[:shown], before, after, territory, lang),
        losers=_moves(losers[:shown], before, after, territory, lang),
    )


def _people(run: Run, group: str) -> float:
    found = known(run, f"GAG1.{group}")
    return float("nan") if found is None else found.value


def _moves(chosen: Ints, before: Floats, after: Floats, territory: Territory, lang: str) -> tuple[Move, ...]:
    communes = territory.communes
    return tuple(
        Move(
            commune=communes.names[index],
            before=plain(before[index], 1, lang),
            after=plain(after[index], 1, lang),
            change=signed("min", after[index] - before[index], lang),
        )
        for index in chosen
    )
