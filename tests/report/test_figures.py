"""Key figures and the sentences beside the maps say the indicators, no more and no less."""

from dataclasses import replace

import pytest

from territo.domain.indicators import Comparison, Indicator
from territo.report.figures import key_figures, saving_alarm, sentences
from tests.report.fixtures import comparison, territory

N = "\u202f"
MIXED = (
    f"Rien n’est sûr sur le coût{N}: 5{N}k€ de plus par an avec prudence, 4{N}k€ de moins si tous les gains du calcul"
)
PLACE = territory()
STUDY = comparison(PLACE)


def changed(run, *indicators, alarms=()):
    figures = {**run.assessment.indicators, **{item.id: item for item in indicators}}
    return replace(run, assessment=replace(run.assessment, indicators=figures, alarms=alarms))


def pair(before, after, *, alarms=()):
    reference = changed(STUDY.reference, before)
    return Comparison(reference, (changed(STUDY.runs[0], after, alarms=alarms),))


def row(study, figure):
    return next(item for item in key_figures(study, "fr") if item.id == figure)


def test_there_are_ten_figures_and_one_cell_a_scenario():
    rows = key_figures(STUDY, "fr")
    assert len(rows) == 10
    assert {len(item.cells) for item in rows} == {6}


def test_less_travel_is_better_and_said_so():
    study = pair(Indicator("PRX2", "min", 20.0), Indicator("PRX2", "min", 17.5))
    today, after = row(study, "PRX2").cells
    assert (today.value, today.change) == (f"20,0{N}min", "")
    assert (after.value, after.change, after.word) == (f"17,5{N}min", "−2,5", "mieux")


def test_less_coverage_is_worse_and_said_so():
    study = pair(Indicator("PRX3", "share", 0.9), Indicator("PRX3", "share", 0.8))
    assert row(study, "PRX3").cells[1].word == "moins bien"


def test_the_cost_says_no_change_because_a_saving_is_never_one_number():
    study = pair(Indicator("COST", "eur_per_year", 4e6), Indicator("COST", "eur_per_year", 3e6))
    assert row(study, "COST").cells[1].value == f"3,00{N}M€"
    assert row(study, "COST").cells[1].change == ""


def test_staff_changes_without_a_verdict():
    study = pair(Indicator("ECO4", "fte", 90.0), Indicator("ECO4", "fte", 54.0))
    assert row(study, "ECO4").cells[1].change == "−36,0"
    assert row(study, "ECO4").cells[1].word == ""


def test_a_change_that_rounds_to_nothing_is_unchanged():
    study = pair(Indicator("PRX2", "min", 20.0), Indicator("PRX2", "min", 20.01))
    assert row(study, "PRX2").cells[1].change == "inchangé"


def test_a_saving_is_always_an_interval():
    saving = Indicator("ECO1", "eur_per_year", 414_000.0, low=0.0, high=828_000.0)
    study = pair(Indicator("ECO1", "eur_per_year", 0.0, low=0.0, high=0.0), saving)
    today, after = row(study, "ECO1").cells
    assert today.value == "—"
    assert after.value == f"0{N}; 414{N}; 828{N}k€"


@pytest.mark.parametrize("figure", ["PRX2", "ECO1"])
def test_a_figure_that_was_not_computed_is_said_so_and_never_zero(figure):
    missing = Indicator(figure, "min", float("nan"))
    assert row(pair(missing, missing), figure).cells[1].value == "non calculé"


def test_the_word_saving_is_not_used_until_the_reference_is_accepted():
    saving = Indicator("ECO1", "eur_per_year", 1e6, low=0.0, high=2e6)
    study = pair(saving, saving, alarms=("saving_over_15_pct", "saving_not_accepted"))
    assert saving_alarm(study)
    assert row(study, "ECO1").label == "Écart de coût à vérifier"
    said = " ".join(sentences(study.runs[0], PLACE, "fr", alarmed=True))
    assert "conom" not in said
    assert "libère" not in said


def test_the_word_saving_is_used_otherwise():
    assert row(STUDY, "ECO1").label == "Économie possible"


def test_the_sentences_name_the_farthest_commune():
    run = changed(STUDY.runs[0], Indicator("PRX5", "min", 44.6, subject="64001"))
    assert f"La commune la plus éloignée est Grandville{N}: 44,6{N}min." in sentences(run, PLACE, "fr", alarmed=False)


@pytest.mark.parametrize(
    ("value", "high", "said"),
    [
        (-5_000.0, -2_000.0, f"Ce scénario coûte entre 2{N}k€ et 5{N}k€ de plus par an."),
        (
            -5_000.0,
            4_000.0,
            MIXED,
        ),
        (0.0, 0.0, "Ce scénario coûte autant qu’aujourd’hui."),
        (2_000.0, 4_000.0, f"Ce scénario libère entre 0 et 4{N}k€ par an{N}; 2{N}k€ est l’estimation prudente."),
    ],
)
def test_the_sentence_of_the_saving_follows_its_sign(value, high, said):
    run = changed(STUDY.runs[0], Indicator("ECO1", "eur_per_year", value, low=0.0, high=high))
    assert sentences(run, PLACE, "fr", alarmed=False)[-1].startswith(said)


def test_the_current_situation_has_no_sentence_on_savings():
    said = sentences(STUDY.reference, PLACE, "fr", alarmed=False, is_reference=True)
    assert not any("coûte" in text or "libère" in text for text in said)
