"""The tables of the terminal say no more than is known."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from territo.cli.tables import proof_words, show_comparison, show_ways, territory_summary
from territo.domain.indicators import Proof
from territo.studies.build import model_territory
from tests.report.fixtures import catalogue, comparison, territory
from tests.report.test_way import STUDY as STEPPED

PLACE = territory()
STUDY = comparison(PLACE)
NARROW = "\u202f"


def test_the_title_says_that_the_reference_is_estimated_only_where_it_is(capsys):
    show_comparison(STUDY, PLACE, "fr")
    assert "(référence estimée)" in capsys.readouterr().out
    services = STUDY.reference.organisation.services
    observed = dict.fromkeys(services, np.ones(len(PLACE.communes)))
    show_comparison(STUDY, replace(PLACE, communes=replace(PLACE.communes, staff=observed)), "fr")
    printed = capsys.readouterr().out
    assert "Comparaison avec la situation actuelle" in printed
    assert "estimée" not in printed


def test_under_the_figures_stands_how_to_read_the_saving(capsys):
    show_comparison(STUDY, PLACE, "fr")
    assert "au moins ; estimation prudente ; au plus" in " ".join(
        capsys.readouterr().out.replace("\u202f", " ").split()
    )


@pytest.mark.parametrize("gap", [1.0, float("inf"), float("nan")])
def test_a_gap_that_says_nothing_is_not_given_as_a_margin(gap):
    run = replace(STUDY.runs[0], status="feasible", proofs=(Proof("cost", "feasible", 10.0, 0.0, gap, 2.0, 1, 1, 1),))
    assert proof_words(run, "fr") == "non prouvé\u202f: l’écart restant n’est pas connu (2,0 s)"


def test_a_figure_of_the_travel_times_that_is_not_known_is_null(tmp_path):
    loaded = model_territory(tmp_path / "territory", communes=4, seed=1)
    unknown = replace(loaded, health=replace(loaded.health, detour_median=float("nan")))
    summary = json.loads(json.dumps(territory_summary(unknown), allow_nan=False))
    assert summary["health"]["detour_median"] is None
    assert summary["health"]["road_nodes"] == loaded.health.road_nodes


def test_the_steps_fit_a_narrow_terminal_whole(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    show_ways(STEPPED, catalogue(), "fr")
    printed = capsys.readouterr().out
    assert "…" not in printed
    assert "Dans 3 ans (visée)" in printed
    assert f"39,50{NARROW}M€" in printed
    assert "Fermés" in printed
    assert max(map(len, printed.splitlines())) <= 80
    show_ways(STUDY, catalogue(), "fr")
    assert capsys.readouterr().out == ""
