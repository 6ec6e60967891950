"""Communes from one year to another: merged, renumbered, separated, by hand and by law."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territo.errors import InputError
from territo.sources.movements import Movement, outdated, passage, read_movements

HEAD = "MOD,DATE_EFF,TYPECOM_AV,COM_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,LIBELLE_AP\n"


def moved(day, before, after):
    return Movement(date.fromisoformat(day), before, after)


HISTORY = (
    moved("1972-01-01", "10004", "10001"),
    moved("2016-01-01", "10001", "10001"),
    moved("2016-01-01", "10002", "10001"),
    moved("2018-01-01", "10003", "10001"),  # into a commune that had merged before
    moved("2021-01-01", "10001", "10001"),  # 10002 is restored
    moved("2021-01-01", "10001", "10002"),
    moved("2022-01-01", "10005", "20005"),  # a change of department
)


def written(tmp_path, text, name="v_mvt_commune_2026.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_movements_are_read_in_order_and_only_between_whole_communes(tmp_path):
    text = HEAD + (
        '"32","2019-01-01","COM","01033","Bellegarde","COM","01033","Valserhône"\n'
        '"32","2019-01-01","COM","01091","Châtillon","COMD","01091","Châtillon"\n'
        '"32","2019-01-01","COM","01091","Châtillon","COM","01033","Valserhône"\n'
        '"10","1955-03-31","COM","01001","Ambérieu","COM","01001","Ambérieu-en-Dombes"\n'
    )
    found = read_movements(written(tmp_path, text))
    assert found == (
        moved("1955-03-31", "01001", "01001"),
        moved("2019-01-01", "01033", "01033"),
        moved("2019-01-01", "01091", "01033"),
    )


def test_the_former_codes_of_decoupage_administratif_are_read(tmp_path):
    communes = [
        {"code": "01033", "nom": "Valserhône", "type": "commune-actuelle", "anciensCodes": ["01091", "01205"]},
        {"code": "01091", "nom": "Châtillon", "type": "commune-deleguee", "chefLieu": "01033"},
    ]
    found = read_movements(written(tmp_path, json.dumps(communes), "communes.json"))
    assert passage(["01033"], found, None).merged == {"01091": "01033", "01205": "01033"}


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("A,B\n1,2\n", "m.csv", "there is no column MOD"),
        (HEAD + "32,01/01/2019,COM,A,A,COM,B,B\n", "m.csv", "m.csv:2: DATE_EFF: 01/01/2019 is not a day"),
        ("[1]", "communes.json", "not communes.json of decoupage-administratif"),
        ("{", "communes.json", "not communes.json of decoupage-administratif"),
    ],
)
def test_a_file_that_is_not_one_of_movements_is_refused(tmp_path, text, name, said):
    with pytest.raises(InputError, match=said.replace(".", r"\.")):
        read_movements(written(tmp_path, text, name))


def test_a_table_of_before_a_merger_comes_to_the_commune_of_today_through_every_step():
    found = passage(["10001", "10002"], HISTORY, date(2017, 1, 1))
    assert found.today == {"10001": "10001", "10002": "10002"}
    assert found.split == {"10001": ("10001", "10002"), "10003": ("10001", "10002")}


def test_what_moved_up_to_the_day_of_the_table_is_over():
    found = passage(["10001", "10002"], HISTORY, date(2021, 1, 1))
    assert (found.merged, found.split) == ({}, {})


def test_a_merger_and_a_change_of_code_are_followed():
    assert passage(["10001"], HISTORY[:4], date(2015, 1, 1)).merged == {"10002": "10001", "10003": "10001"}
    assert passage(["20005"], HISTORY, date(2020, 1, 1)).merged == {"10005": "20005"}


def test_without_a_year_a_code_of_today_is_taken_for_what_it_is():
    found = passage(["10001", "10002"], HISTORY, None)
    assert found.today == {"10001": "10001", "10002": "10002"}
    assert set(found.split) == {"10003", "10004"}


def test_a_commune_that_went_partly_elsewhere_is_named_and_keeps_its_code():
    found = passage(["10001"], HISTORY, date(2020, 1, 1))
    assert (found.today, found.split) == ({"10001": "10001"}, {"10001": ("10001", "10002")})


def test_only_the_codes_that_a_table_has_are_said():
    found = passage(["10001"], HISTORY[:4], date(2015, 1, 1)).of(["10003", "10001", "75056"])
    (notice,) = found.notices("equipment")
    assert (notice.code, notice.params) == ("communes-merged", {"layer": "equipment", "names": "10003 → 10001"})


def test_a_long_list_of_communes_is_cut_and_counted():
    movements = [moved("2016-01-01", str(20000 + n), "10001") for n in range(11)]
    (notice,) = passage(["10001"], movements, date(2015, 1, 1)).notices("equipment")
    assert notice.params["names"].endswith("20007 → 10001… (+3)")


def test_a_list_older_than_its_year_is_told_by_the_communes_that_are_gone():
    gone = outdated(["10001", "10003", "10005"], HISTORY, date(2017, 1, 1))
    assert gone == (HISTORY[3], HISTORY[6])
    assert outdated(["10001", "20005"], HISTORY, date(2021, 1, 1)) == ()


CODES = st.sampled_from(["a", "b", "c", "d", "e"])
DAYS = st.dates(date(2000, 1, 1), date(2004, 1, 1))
MOVEMENTS = st.lists(st.builds(Movement, DAYS, CODES, CODES), max_size=12)


@settings(deadline=None, max_examples=60)
@given(st.sets(CODES, min_size=1), MOVEMENTS, st.none() | DAYS)
def test_a_passage_leads_into_the_territory_and_each_commune_to_itself(communes, movements, since):
    found = passage(communes, movements, since)
    assert set(found.today.values()) == communes
    assert all(found.today[code] == code for code in communes)
    assert all(len(became) > 1 and communes & set(became) for became in found.split.values())
    assert not found.merged.keys() & found.split.keys()


@settings(deadline=None, max_examples=60)
@given(st.sets(CODES, min_size=1), MOVEMENTS)
def test_nothing_moves_after_the_last_day(communes, movements):
    found = passage(communes, movements, date(2005, 1, 1))
    assert (found.merged, found.split) == ({}, {})
