"""Comparisons kept on disk are reported from their folders alone, together, and refused where they do not fit."""

import dataclasses
import json

import pytest

from territo.errors import InputError
from territo.scenario.catalogue import load_catalogue
from territo.scenario.schema import Scenario
from territo.studies.build import model_territory
from territo.studies.compare import compare
from territo.studies.publish import keep, report
from territo.studies.store import load_comparison, save_comparison
from territo.studies.workspace import default_workspace


def central(name, services=("mediatheque", "finances")):
    return Scenario.model_validate({"id": name, "name": name, "services": services, "modalities": {"front": "central"}})


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("place") / "territory"
    return folder, model_territory(folder, communes=6, seed=2)


@pytest.fixture(scope="module")
def kept(place, tmp_path_factory):
    folder, loaded = place
    out = tmp_path_factory.mktemp("kept") / "one"
    catalogue = load_catalogue(default_workspace().catalogue)
    keep(compare([central("one")], loaded), loaded, catalogue, out, folder=folder)
    return out


def names(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    return [run["name"] for run in document["runs"]]


def test_a_comparison_says_where_its_territory_is(kept, tmp_path):
    (path,) = report([kept], tmp_path, kinds=["json"])
    assert names(path) == ["one"]


def test_a_comparison_made_on_no_lasting_folder_keeps_its_territory(place, tmp_path):
    _, loaded = place
    keep(compare([central("one")], loaded), loaded, load_catalogue(default_workspace().catalogue), tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / "moved")
    (path,) = report([tmp_path / "moved"], tmp_path / "again", kinds=["json"])
    assert names(path) == ["one"]


def test_the_folder_of_the_runs_alone_finds_its_territory_above(kept, tmp_path):
    assert report([kept / "runs"], tmp_path, kinds=["json"])[0].is_file()


def test_comparisons_are_put_together_and_the_same_scenario_twice_is_numbered(kept, tmp_path):
    (path,) = report([kept, kept], tmp_path, kinds=["json"])
    assert names(path) == ["one", "one (2)"]


def test_a_lone_comparison_asks_for_its_territory(kept, place, tmp_path):
    alone = tmp_path / "alone"
    save_comparison(load_comparison(kept / "runs"), alone)
    with pytest.raises(InputError, match="nothing says which territory alone is about: give it with --territory"):
        report([alone], tmp_path / "out")
    assert report([alone], tmp_path / "out", territory=place[0], kinds=["json"])


def test_the_wrong_territory_is_refused(kept, tmp_path):
    model_territory(tmp_path / "other", communes=6, seed=3)
    with pytest.raises(InputError, match="made with another territory"):
        report([kept], tmp_path / "out", territory=tmp_path / "other")
    assert not (tmp_path / "out").exists()


def test_a_catalogue_that_changed_is_refused(kept, place, tmp_path):
    found = load_comparison(kept / "runs")
    passport = {**found.reference.passport, "catalogue_digest": "0"}
    save_comparison(
        dataclasses.replace(found, reference=dataclasses.replace(found.reference, passport=passport)), tmp_path / "old"
    )
    with pytest.raises(InputError, match="made with another catalogue"):
        report([tmp_path / "old"], tmp_path / "out", territory=place[0])


def test_comparisons_of_other_services_are_refused(kept, place, tmp_path):
    _, loaded = place
    save_comparison(compare([central("two", ("finances",))], loaded), tmp_path / "two")
    with pytest.raises(InputError, match="two is about other services than one"):
        report([kept, tmp_path / "two"], tmp_path / "out")
