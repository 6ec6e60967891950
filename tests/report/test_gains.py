"""Winners and losers are the communes whose travel changes by two minutes or more."""

from dataclasses import replace

import numpy as np

from territo.domain.indicators import Comparison, Indicator
from territo.report.gains import gains
from tests.report.fixtures import comparison, territory

N = "\u202f"
PLACE = territory(4)


def study(before, after, groups=(10.0, 20.0, 70.0)):
    base = comparison(territory()).reference

    def run(minutes, name):
        figures = {"PRX1.mean": Indicator("PRX1.mean", "min", 1.0, by_commune=np.array(minutes))}
        for group, people in zip(("winners", "losers", "neutral"), groups, strict=True):
            figures[f"GAG1.{group}"] = Indicator(f"GAG1.{group}", "inhabitants", people)
        return replace(base, scenario_name=name, assessment=replace(base.assessment, indicators=figures))

    return Comparison(run(before, "avant"), (run(after, "après"),))


def test_the_largest_changes_come_first():
    (found,) = gains(study([10.0, 10.0, 10.0, 10.0], [7.0, 18.0, 12.0, 1.0]), PLACE, "fr")
    assert [move.commune for move in found.winners] == ["Saint-Exemple-03", "Grandville"]
    assert [move.commune for move in found.losers] == ["Saint-Exemple-01", "Saint-Exemple-02"]
    assert (found.losers[0].before, found.losers[0].after, found.losers[0].change) == ("10,0", "18,0", f"+8,0{N}min")


def test_less_than_two_minutes_is_neither():
    (found,) = gains(study([10.0] * 4, [8.1, 11.9, 10.0, 10.0]), PLACE, "fr")
    assert found.winners == found.losers == ()


def test_a_commune_without_access_is_in_neither_list():
    (found,) = gains(study([10.0, np.nan, 10.0, 10.0], [10.0, 5.0, np.nan, 10.0]), PLACE, "fr")
    assert found.winners == found.losers == ()


def test_the_groups_are_shares_of_all_inhabitants():
    (found,) = gains(study([1.0] * 4, [1.0] * 4), PLACE, "fr")
    assert found.shares == (("winners", 10.0), ("neutral", 70.0), ("losers", 20.0))
    assert found.sentence == "10\u00a0habitants gagnent, 20 perdent, 70 ne changent guère."


def test_unknown_groups_are_a_dash_and_an_empty_bar():
    nothing = (float("nan"),) * 3
    (found,) = gains(study([1.0] * 4, [1.0] * 4, nothing), PLACE, "fr")
    assert found.sentence.startswith("—")
    assert {share for _, share in found.shares} == {0.0}
