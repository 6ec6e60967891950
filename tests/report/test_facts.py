"""What is proven, what is simplified and where data come from are said in plain words."""

from dataclasses import replace

import numpy as np
import pytest

from territo.domain.indicators import Comparison, Proof
from territo.domain.itinerance import Itinerance
from territo.report.facts import (
    layer_name,
    limits,
    modelled_layers,
    proofs,
    reference_is_estimated,
    service_rows,
    source_lines,
)
from territo.report.notices import notices
from tests.report.fixtures import catalogue, comparison, territory, travel

N = "\u202f"
PLACE = territory()
STUDY = comparison(PLACE)
SOLVER_WORDS = ("optim", "gap", "solveur", "solver", "HiGHS", "MILP", "borne", "feasible", "infeasible", "statut")


def with_gap(status, gap):
    proof = Proof("siting", status, 1.0, 1.0, gap, 1.0, 1, 1, 1)
    return Comparison(STUDY.reference, (replace(STUDY.runs[0], status=status, proofs=(proof,)),))


@pytest.mark.parametrize(
    ("status", "gap", "said"),
    [
        ("optimal", 0.0004, f"Résultat prouvé à 0,1{N}% près"),
        ("feasible", 0.021, f"l’écart restant est de 2,1{N}% au plus"),
        ("feasible", float("inf"), "l’écart restant n’est pas connu"),
        ("feasible", float("nan"), "l’écart restant n’est pas connu"),
    ],
)
def test_the_proof_is_said_with_its_margin(status, gap, said):
    assert said in proofs(with_gap(status, gap), "fr")[1][1]


def test_the_worst_stage_gives_the_margin():
    stages = tuple(replace(STUDY.runs[0].proofs[0], gap=gap) for gap in (0.0001, 0.004, 0.0))
    study = Comparison(STUDY.reference, (replace(STUDY.runs[0], proofs=stages),))
    assert f"0,4{N}%" in proofs(study, "fr")[1][1]


def test_the_current_situation_is_measured_and_proves_nothing():
    assert proofs(STUDY, "fr")[0] == (
        "Situation actuelle",
        f"Situation mesurée telle quelle{N}: rien n’y est optimisé.",
    )


def test_what_holds_for_every_scenario_is_said_once():
    study = Comparison(STUDY.reference, STUDY.runs[:2])
    assert [name for name, _ in proofs(study, "fr")] == ["Situation actuelle", "Tous les scénarios"]


def test_scenarios_with_the_same_proof_share_a_line():
    names = [name for name, _ in proofs(STUDY, "fr")]
    assert names[1] == "Tout centralisé, Pôles territoriaux, Proximité maximale, Pôles et itinérance"
    assert names[2] == "Budget contraint"


def test_no_word_of_the_solver_reaches_the_reader():
    text = " ".join(text for _, text in proofs(STUDY, "fr")[1:]).lower()
    assert not [word for word in SOLVER_WORDS if word.lower() in text]


def test_the_limits_name_the_seven_dimensions_and_those_that_are_measured():
    assert any("sept dimensions" in text for text in limits("fr"))


def test_every_layer_says_its_licence_and_whether_it_is_modelled():
    lines = source_lines(PLACE, travel(PLACE), "fr")
    assert (f"contours des communes{N}: territo, Licence Ouverte 2.0, 2024", True) in lines
    assert (f"routes{N}: OpenStreetMap contributors, ODbL 1.0, 2022", False) in lines
    assert modelled_layers(PLACE, "fr") == "contours des communes"


def test_a_layer_without_a_name_keeps_its_own():
    assert layer_name("vélos", "fr") == "vélos"


def test_the_reference_is_estimated_unless_every_team_was_observed():
    assert reference_is_estimated(STUDY, PLACE)
    observed = dict.fromkeys(STUDY.reference.organisation.services, [1.0] * 31)
    assert not reference_is_estimated(STUDY, replace(PLACE, communes=replace(PLACE.communes, staff=observed)))


def test_a_service_says_its_organisation_its_staff_and_its_norm():
    rows = dict(service_rows(STUDY, catalogue(), "fr"))
    cell = rows["Accueil France services"][2]
    assert (cell.organisation, cell.fte, cell.within) == ("pôles (3)", "4,5", f"87{N}%")


def test_a_service_says_how_many_itinerant_stops_it_has():
    plan = STUDY.runs[1].organisation
    column = plan.services.index("france_services")
    offered = np.zeros(plan.offered.shape, dtype=bool)
    offered[[2, 5], column] = True
    half_days = offered.any(axis=1) * 2.0
    parent = np.where(half_days > 0, 0, -1)
    stops = Itinerance(0.6, half_days, parent, offered, np.full(plan.assignment.shape, -1))
    held = replace(STUDY.runs[1], organisation=replace(plan, itinerance=stops))
    rows = dict(service_rows(Comparison(STUDY.reference, (held,)), catalogue(), "fr"))
    assert rows["Accueil France services"][1].organisation == f"pôles (3, permanences{N}: 2)"
    assert (
        rows["Médiathèque"][1].organisation
        == dict(service_rows(STUDY, catalogue(), "fr"))["Médiathèque"][2].organisation
    )


def noticed(*warnings, alarms=()):
    run = replace(STUDY.runs[0], warnings=warnings, assessment=replace(STUDY.runs[0].assessment, alarms=alarms))
    return [text for _, text in notices(Comparison(STUDY.reference, (run,)), PLACE, catalogue(), "fr")]


def test_a_warning_names_services_and_communes_not_their_codes():
    assert noticed("out_of_reach:eaje:64001,64009") == [
        f"hors de portée du temps maximal{N}: Crèche (Grandville, Saint-Exemple-08)"
    ]


def test_warnings_of_one_kind_make_one_sentence():
    (said,) = noticed("reference_staff:eaje", "reference_staff:voirie")
    assert said.endswith("Crèche, Entretien de la voirie")


def test_a_long_list_is_cut_and_says_how_many_are_left():
    (said,) = noticed(*(f"commune_without_point:{code}" for code in PLACE.communes.codes[:10]))
    assert said.endswith("et 2 autres")


def test_alarms_are_said_like_warnings_and_unknown_codes_are_not_lost():
    assert noticed(alarms=("moved_over_25_pct",)) == ["plus d’un quart des agents changent de lieu"]
    assert noticed("something_new:64001") == [f"point à vérifier{N}: something_new Grandville"]
