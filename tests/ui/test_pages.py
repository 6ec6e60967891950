"""Every page shows its study, in both languages, and says what to do where there is nothing to show."""

import json

import pytest

from territo.report.exports import KINDS
from territo.studies import jobs
from territo.studies.study import decisions, open_study, save_version, scenarios
from territo.ui.navigation import PATHS
from tests.ui.place import HOSTILE

NEEDS_STUDY = sorted({*PATHS} - {"home", "building", "method", "accessibility"})


def texts(app):
    """Gather all that is written on a page but in its tables."""
    kinds = (app.title, app.header, app.subheader, app.caption, app.markdown, app.info, app.text, app.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def html(app):
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("name", sorted(PATHS))
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_page_opens_in_both_languages(app, name, lang):
    page = app(name, lang=lang)
    assert not page.exception
    assert page.title


@pytest.mark.parametrize("name", NEEDS_STUDY)
def test_without_a_study_a_page_says_to_open_one(app, name):
    page = app(name, etude=None)
    assert not page.exception
    assert page.info[0].value == "Ouvrez d’abord une étude."


@pytest.mark.parametrize("slug", ["../vallee", "absent", "/etc", "<b>", "x" * 4000])
def test_an_address_that_names_no_study_opens_none(app, slug):
    page = app("compare", etude=slug)
    assert not page.exception
    assert page.info[0].value == "Ouvrez d’abord une étude."


def test_an_address_may_ask_anything_without_breaking_a_page(app):
    page = app("compare", lang="xx", scenarios="absent", vue="ailleurs", commune="00000", carreaux="peut-être")
    assert not page.exception
    assert page.session_state["scenarios"] == ["SC1", "SC2", "SC4"]
    assert page.title[0].value == "Comparer les scénarios"


def test_the_comparison_preloads_three_scenarios_and_the_address_names_them(app):
    page = app("compare")
    assert page.session_state["scenarios"] == ["SC1", "SC2", "SC4"]
    assert page.query_params["scenarios"] == ["SC1", "SC2", "SC4"]
    assert html(page).count("Tout centralisé") == 1
    assert "Tout de suite" not in html(page)  # none of them has steps


def test_an_address_gives_the_view_back(app):
    page = app("compare", scenarios="SC2", vue="tableau")
    assert page.session_state["scenarios"] == ["SC2"]
    assert "Tout centralisé" not in html(page)
    assert '<th scope="row">' in html(page)


def test_names_are_text_in_the_tables(app):
    table = html(app("compare", vue="tableau"))
    assert "&lt;img src=x onerror=alert(1)&gt;" in table
    assert not any(name in table for name in HOSTILE)


def test_the_way_to_an_organisation_is_shown_step_by_step(app, home):
    step = {"weight": 0.5, "cost_eur": 2e6, "travel_hours": 1e3, "staff_fte": 40.0, "works_eur": 0.0, "closed": []}
    steps = [
        step | {"year": 0, "changed": [], "opened": []},
        step | {"year": 5, "changed": ["voirie"], "opened": [["x", "voirie"]]},
    ]
    for path in home.glob("studies/vallee/runs/*/runs/*/run.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["scenario_id"] == "SC2":
            path.write_text(json.dumps(content | {"steps": steps}), encoding="utf-8")
    page = app("compare")
    assert not page.exception
    assert "Tout de suite" in html(page)
    assert "Dans 5 ans (visée)" in html(page)
    assert [box.label for box in page.expander if "étape par étape" in box.label] == [
        "Le chemin, étape par étape\u202f: Pôles territoriaux"
    ]


def test_the_home_page_opens_a_study_and_shows_its_log(app):
    page = app(etude=None)
    assert "Journal" not in texts(page)
    page.button(key="open.vallee").click().run()
    assert page.query_params["etude"] == "vallee"
    assert "Journal de l’étude" in texts(page)
    assert "Vallée &lt;b&gt;d’essai&lt;/b&gt;" in html(page)


def test_a_decision_is_written_in_the_log_under_a_name(app, home):
    page = app()
    page.text_input(key="who").set_value("Anne").run()
    page.text_input(key="decided").set_value("Conseil du 3 mars : <b>pôles</b>")
    page.text_input(key="decided.why").set_value("trajets")
    page.button(key="decide").click().run()
    assert not page.exception
    last = decisions(open_study(home / "studies" / "vallee"))[0]
    assert (last.what, last.subject, last.who, last.why) == (
        "decision",
        "Conseil du 3 mars : <b>pôles</b>",
        "Anne",
        "trajets",
    )
    assert "Conseil du 3 mars : &lt;b&gt;pôles&lt;/b&gt;" in html(page)


def test_a_decision_without_words_is_not_written(app, home):
    page = app()
    before = decisions(open_study(home / "studies" / "vallee"))
    page.text_input(key="decided").set_value("   ")
    page.button(key="decide").click().run()
    assert decisions(open_study(home / "studies" / "vallee")) == before


def test_a_study_without_results_offers_to_solve_its_first_scenarios(app, home, monkeypatch):
    for result in (home / "studies" / "vallee" / "runs").iterdir():
        result.rename(home / result.name)
    asked = []
    monkeypatch.setattr(jobs, "start", asked.append)
    page = app("compare")
    assert page.info[0].value == "Aucun scénario de cette étude n’est encore calculé."
    page.button[0].click().run()
    assert not page.exception
    assert jobs.read_json(asked[0] / "job.json")["origin"]["scenarios"] == {"SC1": 1, "SC2": 1, "SC3": 1}


def test_a_scenario_changed_since_it_was_solved_is_marked(app, home):
    study = open_study(home / "studies" / "vallee")
    text = scenarios(study)[1].file.read_text(encoding="utf-8")
    save_version(study, "SC2", "Pôles territoriaux", text, who="Bruno", why="essai")
    pills = app("compare").button_group(key="scenarios")
    assert pills.options[1] == "Pôles territoriaux · réglages changés"


def test_a_commune_chosen_is_told_service_by_service(app):
    page = app("commune", commune=None)
    assert "Choisissez une commune" in page.info[0].value
    page.selectbox(key="commune").select_index(2).run()
    assert page.metric[0].label == "Situation actuelle"
    assert len(page.metric) == 4


def test_the_scenario_page_says_all_the_faults_of_a_text(app):
    page = app("scenario", scenario="SC2")
    assert page.success[0].value == "Prêt à calculer"
    page.session_state["draft.vallee.SC2"] = ("id: SC2\nname: X\nservices: [crech]\nbudgett: 3\n", 1)
    page.run()
    assert "scenario\\.yaml\\:3" in page.error[0].value
    assert "scenario\\.yaml\\:4" in page.error[0].value
    assert page.button(key="solve").disabled


def test_a_field_of_the_form_changes_the_text(app):
    page = app("scenario", scenario="SC2")
    page.number_input(key="draft.vallee.SC2.budget.running_cost_change_pct.0").set_value(7.0).run()
    text, revision = page.session_state["draft.vallee.SC2"]
    assert "budget:" in text
    assert "running_cost_change_pct: 7.0" in text
    assert revision == 2
    assert not page.exception


def test_the_exports_page_offers_the_note_first_then_everything_then_each_kind(app):
    page = app("exports")
    assert not page.exception
    labels = [button.proto.label for button in page.get("download_button")]
    assert labels[:2] == ["Télécharger la note (PDF)", "Tout télécharger (ZIP)"]
    assert len(labels) == len(KINDS)
    assert page.radio[0].value == "internal"
