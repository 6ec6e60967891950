"""The verdict on the services of a scenario, as data and in words."""

from __future__ import annotations

import pytest

from territo.domain.verdict import Flip, Verdict
from territo.errors import InputError
from territo.progress import Silent
from territo.report.verdicts import verdict_document, verdict_words
from territo.studies.verdict import verdicts
from tests.studies import line

LINE = line.territory()
THREE = {"territories": {"count": 3}, "modalities": {"front": "poles"}, "norms": {}}


def asked(**values):
    objective = {"kind": "weighted", "value_of_time_eur_h": values.pop("hour", 8.6)}
    return line.scenario(**(THREE | {"objective": objective} | values))


def test_three_desks_on_the_line_are_dearer_than_the_time_they_save():
    (found,) = verdicts(asked(), LINE, catalogue=line.catalogue())
    # the siège is in the largest commune: 900 people 15 minutes away, 700 people 30 minutes away
    hours = 900 * 0.5 + 700 * 1.0
    assert (found.service, found.choice) == ("accueil", "pool")
    assert found.hours == pytest.approx(-hours)
    assert found.minutes == pytest.approx(-hours * 60 / 2 / 2_600)
    assert found.regret == pytest.approx(found.cost - 8.6 * hours, rel=1e-4)
    assert found.value_of_time.at == pytest.approx(found.cost / hours, rel=1e-3)
    words = verdict_words(found, line.catalogue(), "fr")
    assert words.startswith("Accueil\u202f: plutôt au siège. L’autre choix\u202f: +")
    assert "L’avis s’inverse quand l’heure de trajet vaut" in words
    document = verdict_document(found, line.catalogue())
    assert (document["choice"], set(document["words"])) == ("pool", {"fr", "en"})


def test_a_norm_that_the_centre_cannot_keep_territorialises():
    near = asked(norms={"accueil": {"within_minutes": 10.0}})
    (found,) = verdicts(near, LINE, catalogue=line.catalogue())
    assert (found.choice, found.regret) == ("territorialise", None)
    assert "ne tient pas les promesses" in verdict_words(found, line.catalogue(), "fr")


def test_without_territories_there_is_nothing_to_compare():
    with pytest.raises(InputError, match="how many to draw"):
        verdicts(line.scenario(), LINE, catalogue=line.catalogue())


def test_only_the_services_asked_are_weighed():
    assert verdicts(asked(), LINE, services=[], catalogue=line.catalogue()) == ()


def test_what_is_not_settled_is_said_with_what_it_may_be_worth():
    open_still = Verdict("accueil", "undecided", 12_000.0, 30_000.0, 0.0, 0.0, 0.0)
    said = verdict_words(open_still, line.catalogue(), "fr")
    assert said == "Accueil\u202f: non tranché\u202f; le siège et les territoires se valent à 42\u202fk€ par an près."


def test_a_wide_margin_and_a_wide_turn_are_said_and_narrow_ones_are_not():
    wide = Verdict("accueil", "pool", 100_000.0, 30_000.0, 1.0, 1.0, 1.0, volume=Flip(2.0, 1.5, 2.5))
    said = verdict_words(wide, line.catalogue(), "fr")
    assert "soit 100\u202fk€ (à 30\u202fk€ près) par an" in said
    assert said.endswith("L’avis s’inverse à une demande multipliée par un nombre situé entre 1,50 et 2,50.")
    narrow = Verdict("accueil", "pool", 100_000.0, 100.0, 1.0, 1.0, 1.0, volume=Flip(2.0, 1.98, 2.02))
    said = verdict_words(narrow, line.catalogue(), "fr")
    assert "près" not in said
    assert "multipliée par 2,00" in said


def test_a_service_without_an_answer_in_time_is_listed_as_such(monkeypatch):
    monkeypatch.setattr("territo.explore.verdicts.Contests.verdict", lambda *_: None)
    (found,) = verdicts(asked(), LINE, catalogue=line.catalogue())
    assert (found.service, found.choice, found.regret) == ("accueil", "undecided", None)
    assert "le temps de calcul n’a pas suffi" in verdict_words(found, line.catalogue(), "fr")


def test_a_stop_keeps_the_verdicts_that_were_given(monkeypatch):
    class Stopped(Silent):
        def cancelled(self):
            return True

    monkeypatch.setattr("territo.explore.verdicts.Contests.verdict", lambda *_: pytest.fail("asked after the stop"))
    assert verdicts(asked(), LINE, catalogue=line.catalogue(), progress=Stopped()) == ()
