from collections.abc import Iterable
from pathlib import Path

import pytest

from territo.errors import Fault, fault
from territo.scenario.files import kind_of, validate_files
from territo.scenario.yaml_lines import LocatedYaml


def no_road(path: Path, located: LocatedYaml) -> Iterable[Fault]:
    """Stand in for the checks of a territory file."""
    return [fault("no-road", "{name} has no roads", where=located.where("communes"), name=path.name)]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"id": "a", "name": "b", "services": []}, "scenario"),
        ({"extends": "a.yaml"}, "scenario"),
        ({"version": "1", "services": []}, "catalogue"),
        ({"name": "a", "communes": {}, "roads": {}}, "territory"),
        ({"anything": 1}, ""),
    ],
)
def test_a_file_is_recognised_by_its_keys(data: dict[str, object], kind: str) -> None:
    assert kind_of(data) == kind


def test_files_of_all_kinds_are_checked_in_one_go(tmp_path: Path) -> None:
    texts = {
        "t.yaml": "name: Pau\ncommunes: {file: c.geojson}\n",
        "c.yaml": 'version: "1"\nper_1000: {}\nconstants: {}\nservices: []\n',
        "s.yaml": "id: a\nname: b\nservices: all\nseed: 1\n",
        "u.yaml": "anything: 1\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    faults = validate_files([*(tmp_path / name for name in texts), tmp_path / "v.yaml"], territory_faults=no_road)
    said = [str(each) for each in faults if each.code != "missing-key"]
    assert said == [
        "t.yaml:2: t.yaml has no roads",
        "c.yaml:4: services: the list needs at least 1: got 0",
        "u.yaml:1: this is neither a scenario, nor a territory, nor a catalogue: check its first keys",
        f"{tmp_path / 'v.yaml'}: there is no such file: check its name",
        (
            "s.yaml:4: seed: unknown key seed: known here are budget, digital, equity, extends, id, itinerant, "
            "modalities, mode, name, norms, objective, reference, services, sites, solver, territories, transition"
        ),
    ]


def test_files_in_order_have_no_fault() -> None:
    paths = ["data/catalogue/services.yaml", *sorted(Path("scenarios").glob("*.yaml"))]
    assert len(paths) == 8
    assert validate_files(paths, territory_faults=no_road) == []
