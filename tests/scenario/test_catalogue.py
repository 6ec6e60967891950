import re
from pathlib import Path

import pytest

from territo.errors import InputError
from territo.scenario.catalogue import load_catalogue, schema_json

FILE = Path("data/catalogue/services.yaml")


def refused(tmp_path: Path, old: str, new: str) -> list[str]:
    """Load the catalogue with one place changed; the place must exist."""
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "services.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_catalogue(path)
    return [str(fault).partition(": ")[2] for fault in caught.value.faults]


def test_the_default_catalogue_has_the_28_services_of_the_domain_specification() -> None:
    catalogue = load_catalogue(FILE)
    kinds = [service.kind for service in catalogue.services]
    assert (kinds.count("front"), kinds.count("back"), kinds.count("field")) == (14, 5, 9)
    assert len(catalogue.digest) == 64


def test_every_number_of_the_default_catalogue_carries_its_evidence() -> None:
    catalogue = load_catalogue(FILE)
    for service in catalogue.services:
        named = {"rate", "min_fte", "theta", "visits_per_inh", "digital_share", "space_m2_per_fte", "point_cost_eur"}
        assert named <= service.evidence.keys()
        assert all(service.evidence.values())
    assert catalogue.constants_evidence.keys() >= {"fte_cost_eur", "mileage_eur_km"}


def test_the_default_catalogue_reproduces_the_staff_per_thousand_inhabitants() -> None:
    """Domain specification, section 2: 9.5 FTE per 1,000 inhabitants in all, read column by column."""
    catalogue = load_catalogue(FILE)
    staff = {
        service.code: service.rate * catalogue.per_1000[service.driver] / service.prod_per_fte
        for service in catalogue.services
        if service.prod_per_fte
    }
    assert staff["france_services"] == pytest.approx(0.35 * 1000 / 1300)
    assert staff["voirie"] == pytest.approx(10 / 16)
    assert staff["portage_repas"] == pytest.approx(9.1 * 105 / 6200)
    assert sum(staff.values()) == pytest.approx(9.5, abs=0.1)


def test_a_number_without_evidence_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "rate: {value: 0.18, evidence: D2}".replace("D2", '"D2"'), "rate: {value: 0.18}") == [
        "services.1.rate.evidence: the key evidence is required: add it"
    ]
    assert refused(tmp_path, 'min_fte: {value: 2, evidence: "S1-S3"}', "min_fte: 2") == [
        "services.0.min_fte: keys and values are expected below this key: got 2"
    ]


def test_a_service_twice_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "- code: titres", "- code: france_services") == [
        "services.1.code: the service france_services appears twice: keep one"
    ]


def test_a_driver_without_standard_demography_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "driver: pauvres", "driver: pauvre") == [
        "services.3.driver: pauvre is not a driver of per_1000: did you mean pauvres?"
    ]


def test_a_constant_that_is_missing_and_one_that_is_unknown_are_both_said(tmp_path: Path) -> None:
    assert refused(tmp_path, "  car_share:", "  car_sharing:") == [
        "constants.car_share: the key car_share is required: add it",
        "constants.car_sharing: unknown key car_sharing: did you mean car_share?",
    ]


def test_a_target_over_its_maximum_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "norm_min: {value: 20,", "norm_min: {value: 31,") == [
        "services.0.norm_min: the target of 31 min is over the maximum of 30 min"
    ]


def test_a_share_over_one_and_a_productivity_of_zero_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "theta: {value: 0.5,", "theta: {value: 50,") == [
        "services.0.theta.value: a share from 0 to 1 is expected: write 0.5 for 50 %"
    ]
    assert refused(tmp_path, "prod_per_fte: {value: 1300,", "prod_per_fte: {value: 0,") == [
        "services.0.prod_per_fte.value: more than 0 is expected: got 0"
    ]


def test_faults_of_form_and_of_meaning_are_found_together(tmp_path: Path) -> None:
    assert refused(tmp_path, "kind: front\n    driver: pop\n", "kind: fronts\n    driver: pops\n") == [
        "services.0.kind: fronts is not a value of this key: did you mean front?",
        "services.0.driver: pops is not a driver of per_1000: did you mean pop?",
    ]


def test_faults_of_a_catalogue_have_their_line(tmp_path: Path) -> None:
    path = tmp_path / "services.yaml"
    path.write_text(FILE.read_text(encoding="utf-8").replace("kind: front", "kind: fronts", 1), encoding="utf-8")
    line = path.read_text(encoding="utf-8").splitlines().index("    kind: fronts") + 1
    with pytest.raises(InputError, match=rf"^services\.yaml:{line}: services\.0\.kind: fronts is not a value"):
        load_catalogue(path)


def test_every_source_that_the_catalogue_cites_is_listed() -> None:
    listed = set(re.findall(r"^\| ([SD]\d+b?) \|", Path("docs/sources.md").read_text(encoding="utf-8"), re.MULTILINE))
    cited = set(re.findall(r"\b[SD]\d+b?\b", FILE.read_text(encoding="utf-8"))) - {"D502"}
    assert len(listed) > 50
    assert cited - listed == set()


def test_the_json_schema_of_a_catalogue_asks_for_the_evidence_of_numbers() -> None:
    schema = schema_json()
    assert schema["required"] == ["version", "per_1000", "constants", "services"]
    numbers = [part for title, part in schema["$defs"].items() if title.startswith("Known")]
    assert len(numbers) == 4
    assert all(part["required"] == ["value", "evidence"] for part in numbers)
