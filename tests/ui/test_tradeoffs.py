"""The page of trade-offs: which frontier is shown, what it says of equity, and the address that shows it again."""

import dataclasses
import json
import shutil

import pytest

from territo.domain.frontier import Frontier, Point
from territo.studies import jobs
from territo.studies.disk import write_json
from tests.ui.test_pages import html, texts

OLD, NEW = "20260101T100000000000-aaaaaa", "20260302T113000000000-bbbbbb"


def keep(home, name, frontier, when, scenario="SC2"):
    """Put a frontier among the results of the study; its points are all the organisation that was solved."""
    runs = home / "studies" / "vallee" / "runs"
    solved = next(path for path in sorted(runs.iterdir()) if (path / "runs").is_dir())
    for point in frontier.points:
        for run in ("00", "01"):
            shutil.copytree(solved / "runs" / run, runs / name / point.folder / run)
    write_json(runs / name / "frontier.json", frontier.as_dict())
    origin = {"kind": "pareto", "who": "Anne", "when": when, "scenarios": {scenario: 1}}
    (runs / name / "origin.json").write_text(json.dumps(origin))


def frontier(costs, terms=("cost", "travel"), name="Pôles territoriaux"):
    prices = [100.0] * (len(costs) - 1) + [None]
    points = tuple(
        Point(cost, 90_000.0 - 9_000 * k, 8.5 - k, "optimal", 0.0, k, 1e5, f"points/{k:02d}", k == 1, prices[k])
        for k, cost in enumerate(costs)
    )
    return Frontier(points, {}, complete=True, scenario={"name": name}, terms=terms)


@pytest.fixture
def two(home):
    keep(home, OLD, frontier((4e6, 4.1e6, 4.4e6)), "2026-01-01T10:00")
    keep(home, NEW, frontier((5e6, 5.1e6), (*("cost", "travel"), "equity")), "2026-03-02T11:30")


def test_the_last_frontier_is_shown_and_the_others_can_be_chosen(app, two):  # noqa: ARG001 - on disk
    page = app("tradeoffs")
    assert not page.exception
    chooser = page.selectbox(key="frontiere")
    assert chooser.value == NEW
    assert chooser.options == ["Pôles territoriaux, le 02/03/2026 11:30", "Pôles territoriaux, le 01/01/2026 10:00"]
    assert "5,10" in html(page)
    assert "équité 7,5" in texts(page)
    page = chooser.set_value(OLD).run()
    assert not page.exception
    assert "4,40" in html(page)
    assert "5,10" not in html(page)
    assert "La couleur dit" not in texts(page)
    assert page.query_params["frontiere"] == OLD


def test_an_address_shows_a_frontier_and_its_point_again(app, two):  # noqa: ARG001 - on disk
    page = app("tradeoffs", frontiere=OLD, point="2")
    assert page.session_state["frontiere"] == OLD
    assert page.session_state["point"] == 2
    assert "4,40" in html(page)


def test_an_address_of_a_frontier_that_is_not_there_shows_the_last_one(app, two):  # noqa: ARG001 - on disk
    page = app("tradeoffs", frontiere="../../x")
    assert not page.exception
    assert page.session_state["frontiere"] == NEW


def test_another_frontier_is_shown_at_its_own_knee(app, two):  # noqa: ARG001 - on disk
    page = app("tradeoffs", frontiere=OLD, point="0")
    page = page.selectbox(key="frontiere").set_value(NEW).run()
    assert page.session_state["point"] == 1


def test_a_frontier_that_cannot_be_read_leaves_the_others_to_choose(app, home, two):  # noqa: ARG001 - on disk
    (home / "studies" / "vallee" / "runs" / NEW / "frontier.json").write_text("{}")
    page = app("tradeoffs")
    assert not page.exception
    assert "il n’y a pas de frontière dans ce dossier" in texts(page)
    page = page.selectbox(key="frontiere").set_value(OLD).run()
    assert "4,40" in html(page)


def test_the_table_gives_the_minutes_that_colours_stand_for(app, two):  # noqa: ARG001 - on disk
    page = app("tradeoffs", lang="en")
    table = html(page)
    assert "Equivalent equal time" in table
    assert "7.5" in table
    assert "The colour tells" in texts(page)


@pytest.mark.parametrize(("with_equity", "options"), [(False, ()), (True, ("--equity", "kolm_pollak"))])
def test_a_frontier_is_asked_with_equity_or_without(app, monkeypatch, with_equity, options):
    asked = []
    monkeypatch.setattr(jobs, "submit", lambda folder, _study, what: asked.append(what) or folder / "asked")
    page = app("tradeoffs")
    page.toggle(key="with_equity").set_value(with_equity).run()
    next(button for button in page.button if button.label == "Calculer").click().run()
    assert not page.exception
    assert [(one.kind, tuple(one.options)) for one in asked] == [("pareto", options)]


def test_a_frontier_of_the_last_step_of_a_way_says_that_the_way_is_not_looked_at(app, home):
    keep(home, OLD, dataclasses.replace(frontier((4e6, 4.1e6)), target_only=True), "2026-01-01T10:00")
    assert "le chemin d’année en année n’y est pas regardé" in texts(app("tradeoffs"))
    keep(home, NEW, frontier((4e6, 4.1e6)), "2026-03-02T11:30")
    assert "d’année en année" not in texts(app("tradeoffs"))
