"""The table of the official services."""

from __future__ import annotations

import pytest
import yaml

from territo.errors import InputError
from territo.sources.online.services import LAYERS, load_services
from territo.studies.workspace import default_workspace

TABLE = default_workspace().online


def test_every_layer_has_its_service_with_producer_licence_and_evidence():
    table = load_services(TABLE)
    assert set(table.entries) == set(LAYERS)
    for entry in table.entries.values():
        assert entry.address.startswith("https://")
        assert entry.producer
        assert entry.licence
        assert entry.evidence


def test_a_request_is_for_the_epci_and_keeps_the_limits_of_its_service():
    request = load_services(TABLE).request("communes", epci="200067254")
    assert request.address.startswith("https://geo.api.gouv.fr/epcis/200067254/communes?fields=nom,code,population,")
    assert (request.host, request.kind, request.most_bytes, request.fresh_days) == (
        "geo.api.gouv.fr",
        "json",
        200_000_000,
        30.0,
    )


def test_the_columns_of_an_archive_are_not_looked_for_in_its_bytes():
    assert load_services(TABLE).request("grid").columns == ()
    assert "COM_AV" in load_services(TABLE).request("movements").columns


def test_another_table_takes_its_place_when_the_environment_names_it(tmp_path, monkeypatch):
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    table["services"]["grid"]["address"] = "https://miroir.example/carreaux.zip"
    path = tmp_path / "mirror.yaml"
    path.write_text(yaml.safe_dump(table), encoding="utf-8")
    monkeypatch.setenv("TERRITO_SERVICES", str(path))
    assert load_services(TABLE).request("grid").host == "miroir.example"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: table["services"].pop("roads"), "the key roads is required"),
        (lambda table: table["services"]["roads"].pop("licence"), "the key licence is required"),
        (lambda table: table["services"]["roads"].update(address="file:///etc/passwd"), "services.roads.address"),
        (lambda table: table["services"]["roads"].update(kind="exe"), "services.roads.kind"),
        (lambda table: table["services"].update(rail=table["services"]["roads"]), "services"),
        (lambda table: table["manners"].update(attempts=0), "manners.attempts"),
        (lambda table: table.update(patience=3), "patience"),
    ],
)
def test_a_table_with_a_fault_is_refused_with_its_line(tmp_path, change, said):
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    change(table)
    path = tmp_path / "services.yaml"
    path.write_text(yaml.safe_dump(table), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_services(path)
    assert said in str(caught.value)
    assert "services.yaml:" in str(caught.value)
