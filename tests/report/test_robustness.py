"""The page and the tables of robustness: bars where they belong, words apart from each other, nothing outside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territo.domain.robustness import Alternative, Bar, DemandTrial, Outcome, Regret, Robustness, Stability, Trial
from territo.domain.robustness import Variation as End
from territo.report.offline import refuse_outside_links
from territo.report.palette import DIVERGING
from territo.report.robustness import robustness_json, widest_first
from territo.report.tornado import WIDTH, drawing, robustness_page
from territo.report.trials import conclusions, trial_tables
from tests.report.fixtures import catalogue, comparison, territory

PLACE = territory()


def tried(cost, saving, **changes):
    return Trial("optimal", Outcome(cost, 1_000.0, saving, saving, cost + 10_000.0), **changes)


def bar(name, low, high, unit="percent"):
    """A number that takes (cost, saving) to these at its two ends."""
    ends = (End(-25.0, tried(*low), tried(*low)), End(25.0, tried(*high), tried(*high)))
    return Bar(name, unit, *ends)


def result(**changes):
    runs = comparison(PLACE)
    run = replace(runs.runs[0], passport={"date": "2026-11-22"})
    sites = PLACE.sites.ids
    plain = Robustness(
        reference=runs.reference,
        run=run,
        trial=tried(1_000_000.0, -50_000.0),
        value_of_time_eur_h=10.0,
        tornado=(
            bar("wage", (900_000.0, -50_000.0), (1_100_000.0, -50_000.0)),
            bar("small_units", (1_000_000.0, -150_000.0), (1_000_000.0, 50_000.0)),
            bar("least_team", (1_000_000.0, -40_000.0), (1_000_000.0, -10_000.0), "fte"),
        ),
        demands=(DemandTrial("low", -10.0, tried(900_000.0, np.nan, broken=("cost",)), Trial("infeasible")),),
        alternatives=(Alternative(run, tried(1_010_000.0, -60_000.0, opened=sites[:1], closed=sites[1:2]), 0.01),),
        all_alternatives=True,
        stability=Stability(4, sites, np.arange(len(sites)) == 0, np.where(np.arange(len(sites)) < 2, 0.75, 0.0)),
        regret=Regret(("plan", "alternative-1"), ("low",), np.array([[0.0], [9_000.0]])),
        complete=True,
    )
    return replace(plain, **changes)


def test_bars_that_move_nothing_are_not_drawn_and_the_widest_comes_first():
    found = drawing(result(), "saving", "fr")
    assert [name for name, _, _ in found.bars] == ["Surcoût des petites équipes aujourd’hui", "Équipe minimale"]
    assert [name for name, _, _ in drawing(result(), "cost", "fr").bars] == ["Coût d’un agent"]
    assert found.now_words == "organisation étudiée\u202f: −50\u202fk€"


def test_a_bar_reaches_from_end_to_end_around_the_plan():
    found = drawing(result(), "saving", "fr")
    (_, top, (low, high)), _ = found.bars
    assert top == 0
    assert (low.left, low.left + low.width) == pytest.approx((0.0, found.now))
    assert (high.left, high.left + high.width) == pytest.approx((found.now, WIDTH))
    assert (low.colour, high.colour) == (DIVERGING[0], DIVERGING[-1])
    assert (low.anchor, high.anchor) == ("end", "start")


def test_two_ends_on_one_side_have_their_words_on_both_sides():
    found = drawing(result(), "saving", "fr")
    low, high = found.bars[1][2]
    assert (low.anchor, high.anchor) == ("end", "start")
    assert low.edge == found.now
    assert high.edge > found.now
    assert low.words == "−25,0 ETP → −40\u202fk€"


def test_a_bar_that_lacks_an_end_comes_last_and_is_not_drawn():
    cut = replace(result().tornado[0], high=None)
    stopped = result(tornado=(cut, *result().tornado[1:]), complete=False, regret=None)
    assert widest_first(stopped)[-1] == cut
    assert drawing(stopped, "cost", "fr").bars == ()
    page = robustness_page(stopped, PLACE, catalogue(), 0.02)
    assert "Calcul interrompu" in page
    assert "Aucun des nombres essayés ne change ce montant" in page


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_stands_alone_and_no_name_becomes_code(lang):
    evil = replace(PLACE, sites=replace(PLACE.sites, names=("<img src=x onerror=a()>", *PLACE.sites.names[1:])))
    page = robustness_page(result(), evil, catalogue(), 0.02, lang)
    assert refuse_outside_links(page) == page
    assert "<img" not in page
    assert "&lt;img" in page
    assert f'lang="{lang}"' in page


def test_tables_name_promises_sites_and_what_is_impossible():
    tables = trial_tables(result(), PLACE, catalogue(), "fr")
    demand, sites = tables[1].rows[0], tables[2].rows
    assert demand[0] == "Demande\u202f: −10\u202f%"
    assert demand[3:] == ("budget", "impossible")
    assert sites == (("75\u202f%", ", ".join(PLACE.sites.names[:2])),)
    names = PLACE.sites.names
    assert tables[3].rows[0][4] == f"+ {names[0]}\n− {names[1]}"
    assert tables[3].rows[0][5] == "9\u202f000\u202f€"


def test_without_alternatives_the_conclusion_says_whether_there_can_be_any():
    assert "Aucune autre organisation" in conclusions(result(alternatives=()), 0.02, "fr")[-1]
    assert "peuvent exister" in conclusions(result(alternatives=(), all_alternatives=False), 0.02, "fr")[-1]
    assert len(trial_tables(result(alternatives=()), PLACE, catalogue(), "fr")) == 3


def test_json_writes_what_is_unknown_as_null():
    document = robustness_json(result(), PLACE)
    assert '"saving": null' in document
    assert "NaN" not in document
