"""A draft says all its faults, keeps the comments of its author, and is kept only when it is a scenario."""

from pathlib import Path

import pytest
import yaml

from territo.errors import InputError
from territo.scenario.catalogue import load_catalogue
from territo.studies import drafts
from territo.studies.study import versions
from territo.studies.workspace import default_workspace
from tests.report.fixtures import territory
from tests.studies.small import study

SPACE = default_workspace()
CATALOGUE = load_catalogue(SPACE.catalogue)
POLES = (SPACE.scenarios / "sc2_poles_territoriaux.yaml").read_text(encoding="utf-8")


def check(text):
    return drafts.check_draft(text, CATALOGUE, territory())


def test_a_good_text_is_a_scenario():
    draft = check(POLES)
    assert draft.faults == ()
    assert draft.scenario.name == "Pôles territoriaux"


def test_all_the_faults_of_a_text_are_said_with_their_lines():
    draft = check("id: x\nname: X\nservices: [france_service]\nsites: {keep: [99999]}\nbudgett: {}\n")
    assert draft.scenario is None
    assert [fault.where for fault in draft.faults] == ["scenario.yaml:3", "scenario.yaml:4", "scenario.yaml:5"]


@pytest.mark.parametrize("text", ["", "a: [", "- a\n- b", "a: &x 1\nb: *x", "\x00", "é" * 3000])
def test_a_text_that_is_no_scenario_is_a_fault_and_never_a_traceback(text):
    draft = check(text)
    assert draft.scenario is None
    assert draft.faults


def test_a_form_changes_values_and_keeps_the_comments():
    text = drafts.changed(POLES, [("budget.running_cost_change_pct", 7), ("territories.count", [2, 4])])
    assert check(text).scenario.budget.running_cost_change_pct == 7
    assert yaml.safe_load(text)["territories"]["count"] == [2, 4]
    comments = [line.split("# ")[1] for line in POLES.splitlines() if "# " in line]
    assert all(comment in text for comment in comments)


def test_none_removes_a_key_and_codes_stay_texts():
    text = drafts.changed(POLES, [("norms", None), ("sites.keep", ["01001", "2A004"])])
    data = yaml.safe_load(text)
    assert "norms" not in data
    assert data["sites"]["keep"] == ["01001", "2A004"]


@pytest.mark.parametrize("path", sorted(SPACE.scenarios.glob("sc*.yaml")), ids=lambda path: path.stem)
def test_a_resolved_scenario_needs_no_other_file_and_asks_the_same(path):
    from territo.scenario.loading import load_scenario

    draft = check(drafts.resolved(path))
    assert draft.scenario.digest == load_scenario(path).digest


def test_a_fork_is_the_same_scenario_under_another_name():
    draft = check(drafts.fork(POLES, "SC2b", "Pôles: la suite"))
    assert (draft.scenario.id, draft.scenario.name) == ("SC2b", "Pôles: la suite")


def test_a_draft_with_faults_is_not_kept(tmp_path):
    vallee = study(tmp_path)
    with pytest.raises(InputError):
        drafts.keep(vallee, check("id: x"), who="Anne", why="")
    kept = drafts.keep(vallee, check(POLES), who="Anne", why="départ")
    assert versions(vallee, "SC2") == (kept,)
    assert Path(kept.file).read_text(encoding="utf-8") == POLES
