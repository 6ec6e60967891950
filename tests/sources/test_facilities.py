"""Equipment, France services points, own sites and observed staff."""

from __future__ import annotations

import numpy as np
import pytest

from territo.domain.travel import Notice
from territo.errors import InputError
from territo.sources.facilities import (
    hours_of_week,
    read_equipment,
    read_france_services,
    read_sites,
    read_spending,
    read_staff,
)
from territo.sources.places import projected
from tests.sources.small import CODES, SOUTH, WEST, france_services_csv, sites_csv, write_small

LAMBERT = projected("EPSG:2154")


def written(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def sentences(reader, *args):
    with pytest.raises(InputError) as caught:
        reader(*args)
    return [str(each) for each in caught.value.faults]


def test_equipment_is_counted_by_type_and_in_total_and_other_communes_are_ignored(tmp_path):
    write_small(tmp_path)
    equipment, notices = read_equipment(tmp_path / "bpe.csv", CODES)
    assert {name: counts.tolist() for name, counts in equipment.items()} == {
        "F307": [1, 2, 0],
        "A206": [0, 3, 0],
        "TOTAL": [1, 5, 0],
    }
    assert notices[0].params["format"] == "BPE, nombre d’équipements par commune"


def test_the_total_of_the_file_stands_where_it_is_given(tmp_path):
    path = written(tmp_path, "DEPCOM;TYPEQU;NB_EQUIP\nA1;F307;1\nA1;TOTAL;31\n")
    assert read_equipment(path, CODES)[0]["TOTAL"].tolist() == [31, 0, 0]


def test_counts_that_are_secret_are_said_and_pairs_given_twice_are_refused(tmp_path):
    head = "DEPCOM;TYPEQU;NB_EQUIP\n"
    equipment, notices = read_equipment(written(tmp_path, head + "A1;F307;2\nB1;F307;s\nB1;A206;\n"), CODES)
    assert equipment["F307"].tolist() == [2, 0, 0]
    assert notices[1] == Notice("equipment-secret", {"file": "table.csv", "rows": 2})
    assert sentences(read_equipment, written(tmp_path, head + "A1;F307;2\nA1;F307;2\nA1;A1;1,5\n"), CODES) == [
        "table.csv:4: NB_EQUIP: 1,5 is not a whole number: correct it",
        "table.csv:3: TYPEQU: A1 F307 already stands at line 2: keep one row",
    ]


def test_without_counts_each_row_is_one_facility(tmp_path):
    path = written(tmp_path, "DEPCOM;TYPEQU;QUALITE_XY\nA1;F307;x\nA1;F307;y\n")
    assert read_equipment(path, CODES)[0]["F307"].tolist() == [2, 0, 0]


def test_faults_of_the_equipment_are_explained(tmp_path):
    assert sentences(read_equipment, written(tmp_path, "DEPCOM;TYPEQU;NB_EQUIP\nA1;F307;-1\n"), CODES) == [
        "table.csv:2: NB_EQUIP: -1 is negative: correct it",
    ]
    assert sentences(read_equipment, written(tmp_path, "DEPCOM;TYPEQU\n75056;F307\n"), CODES) == [
        "table.csv: no row is about a commune of the territory: check the file and its codes",
    ]


def test_france_services_points_have_a_place_and_hours_and_a_bus_is_said_but_is_no_place(tmp_path):
    points, notices = read_france_services(written(tmp_path, france_services_csv()), CODES, LAMBERT)
    (point,) = points
    assert (point.id, point.name, point.kind, point.commune) == ("FS7", "France services, Bourg", "france_services", 1)
    assert point.xy == pytest.approx((WEST + 3_500, SOUTH + 1_000), abs=0.2)
    assert point.services == {"france_services"}
    assert point.hours_week == pytest.approx(3 + 3.5 + 3 + 3.5 + 3)
    assert notices[1:] == (Notice("itinerant-point", {"name": "Bus"}),)


@pytest.mark.parametrize(
    ("days", "hours"),
    [
        (["08:45 - 12:30 / 13:30 - 17:00"], 7.25),
        (["09:00 - 16:00 / 13:00 - 16:00"], 7.0),
        (["9h - 12h30", "", "14:00-16:00"], 5.5),
        (["17:00 - 09:00", "10:00 - 11:00"], 1.0),
    ],
)
def test_opening_hours_are_summed_and_spans_that_overlap_count_once(days, hours):
    assert hours_of_week(days) == pytest.approx(hours)


def test_opening_hours_are_missing_where_no_day_is_known():
    assert np.isnan(hours_of_week(["", "fermé"]))


def test_a_repeated_point_and_a_point_without_place_are_refused(tmp_path):
    text = france_services_csv().replace("\n8,", "\n7,")
    assert sentences(read_france_services, written(tmp_path, text), CODES, LAMBERT) == [
        "table.csv:3: id_fs: 7 already stands at line 2: keep one row",
    ]
    lat = france_services_csv().splitlines()[2].split(",")[3]
    found = sentences(read_france_services, written(tmp_path, france_services_csv().replace(lat, "")), CODES, LAMBERT)
    assert found[0].startswith("table.csv:2: latitude: the value is missing or secret")


def test_a_list_without_any_point_of_the_territory_is_refused(tmp_path):
    text = france_services_csv().replace(",B1,", ",64001,")
    assert sentences(read_france_services, written(tmp_path, text), CODES, LAMBERT) == [
        "table.csv: no row is about a commune of the territory: check the file and its codes",
    ]


def test_own_sites_are_read_with_their_services_hours_and_area(tmp_path):
    (site,) = read_sites(written(tmp_path, sites_csv()), CODES, LAMBERT)
    assert (site.id, site.name, site.kind, site.commune) == ("M1", "Médiathèque", "other", 2)
    assert site.services == {"mediatheque", "eaje"}
    assert site.hours_week == 20.5
    assert np.isnan(site.capacity_m2)


def test_services_hours_and_area_of_own_sites_are_optional(tmp_path):
    text = "\n".join(";".join(line.split(";")[:5]) for line in sites_csv().splitlines())
    (site,) = read_sites(written(tmp_path, text), CODES, LAMBERT)
    assert site.services == frozenset()
    assert np.isnan(site.hours_week)


def test_all_faults_of_own_sites_are_said_at_once(tmp_path):
    text = sites_csv().replace("C1", "Z9").replace("20,5", "-2")
    assert sentences(read_sites, written(tmp_path, text), CODES, LAMBERT) == [
        "table.csv:2: code_insee: Z9 is not the code of a commune of the territory: check the list of communes",
        "table.csv:2: hours_week: -2 is negative: correct it",
    ]


def test_observed_staff_is_summed_by_commune_and_missing_elsewhere(tmp_path):
    write_small(tmp_path)
    staff = read_staff(tmp_path / "staff.csv", CODES)
    assert np.array_equal(staff["voirie"], [3.5, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(staff["finances"], [np.nan, 3.0, np.nan], equal_nan=True)


def test_faults_of_the_staff_are_said_at_once(tmp_path):
    path = written(tmp_path, "code_insee;service;fte\nA1;voirie;s\nZ9;voirie;-1\n")
    assert sentences(read_staff, path, CODES) == [
        "table.csv:2: fte: the value is missing or secret (s), but it is needed: give a number",
        "table.csv:3: fte: -1 is negative: correct it",
        "table.csv:3: code_insee: Z9 is not the code of a commune of the territory: check the list of communes",
    ]


def test_spending_stands_beside_the_staff_where_it_is_known(tmp_path):
    table = "code_insee;service;fte;spending_eur\nA1;voirie;1;40 000,5\nA1;voirie;1;2000\nB1;voirie;1;s\nB1;eau;2;\n"
    path = written(tmp_path, table)
    spending = read_spending(path, CODES)
    assert [*spending] == ["voirie"]
    assert np.array_equal(spending["voirie"], [42_000.5, np.nan, np.nan], equal_nan=True)
    assert read_staff(path, CODES)["voirie"][0] == 2.0


def test_staff_without_spending_has_none(tmp_path):
    write_small(tmp_path)
    assert read_spending(tmp_path / "staff.csv", CODES) == {}


def test_wrong_spending_is_said(tmp_path):
    path = written(tmp_path, "code_insee;service;fte;spending_eur\nA1;voirie;1;-3\nA1;eau;1;much\n")
    assert sentences(read_spending, path, CODES) == [
        "table.csv:3: spending_eur: much is not a number: correct it",
        "table.csv:2: spending_eur: -3 is negative: correct it",
    ]
