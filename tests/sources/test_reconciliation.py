"""Tables of former communes: numbers add up, rates are left missing, what was split is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territo.errors import InputError
from territo.sources.movements import Passage
from territo.sources.reconciliation import adds_up, under_codes_of_today
from territo.sources.tables import Table, parse_number
from territo.studies.build import build_territory
from tests.sources.small import SPEC, attributes_csv, write_small


def table(path, *rows):
    columns = ("code", "name", "people", "rate")
    return Table(
        path, columns, tuple(dict(zip(columns, row, strict=True)) for row in rows), tuple(range(2, len(rows) + 2))
    )


MERGED = Passage({"A": "A", "B": "A", "C": "C"}, {})
ROWS = (("B", "Petit", "1 200", "10"), ("A", "Grand", "3000,5", "20"), ("C", "Seul", "7", "s"))


def test_the_numbers_of_communes_that_merged_add_up_and_their_rates_are_missing(tmp_path):
    joined, notices = under_codes_of_today(table(tmp_path / "t.csv", *ROWS), "code", ["people"], ["rate"], MERGED)
    assert joined.rows == (
        {"code": "A", "name": "Grand", "people": "4200.5", "rate": ""},
        {"code": "C", "name": "Seul", "people": "7", "rate": "s"},
    )
    assert [joined.where(row) for row in (0, 1)] == ["t.csv:3", "t.csv:4"]
    assert [(notice.code, notice.params) for notice in notices] == [
        ("communes-merged", {"layer": "population", "names": "B → A"}),
        ("rates-not-merged", {"columns": "rate", "names": "A"}),
    ]


def test_a_commune_that_only_changed_its_code_keeps_all_its_values(tmp_path):
    moved = Passage({"B": "Z"}, {})
    joined, notices = under_codes_of_today(table(tmp_path / "t.csv", ROWS[0]), "code", ["people"], ["rate"], moved)
    assert joined.rows == ({"code": "Z", "name": "Petit", "people": "1 200", "rate": "10"},)
    assert [notice.code for notice in notices] == ["communes-merged"]


def test_a_sum_with_a_missing_part_is_missing_and_a_word_stays_for_its_reader(tmp_path):
    for text, wanted in (("s", ""), ("", ""), ("beaucoup", "beaucoup")):
        rows = (ROWS[0], ("A", "Grand", text, "20"))
        joined, _ = under_codes_of_today(table(tmp_path / "t.csv", *rows), "code", ["people"], [], MERGED)
        assert joined.rows[0]["people"] == wanted


def test_a_commune_that_was_split_and_a_code_that_repeats_are_refused_at_once(tmp_path):
    split = Passage({"A": "A", "C": "C"}, {"A": ("A", "D")})
    with pytest.raises(InputError) as caught:
        under_codes_of_today(table(tmp_path / "t.csv", *ROWS, ROWS[2]), "code", ["people"], [], split)
    assert [str(each) for each in caught.value.faults] == [
        "t.csv:5: code: C already stands at line 4: keep one row",
        "t.csv:3: code: A has been separated since into A, D: give the table a row for each",
    ]


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 10**6), min_size=1), st.data())
def test_the_total_is_kept_whatever_merged(people, data):
    today = {code: data.draw(st.sampled_from(sorted(people))) for code in people}
    rows = [(code, "", str(value), "") for code, value in people.items()]
    joined, _ = under_codes_of_today(table(Path("t.csv"), *rows), "code", ["people"], [], Passage(today, {}))
    assert sum(parse_number(text) for text in joined.text("people")) == sum(people.values())
    assert sorted(joined.text("code")) == sorted(set(today.values()))


@pytest.mark.parametrize("name", ["poverty_rate", "share_75_plus", "median_income", "unemployed_pct"])
def test_rates_do_not_add_up(name):
    assert not adds_up(name)


@pytest.mark.parametrize("name", ["households", "births", "jobs"])
def test_numbers_of_things_add_up(name):
    assert adds_up(name)


def test_a_spec_brings_a_table_of_before_a_merger_to_the_outlines_of_today(tmp_path):
    spec = SPEC.replace("  code: code_insee\n", "  code: code_insee\n  movements: {file: moves.csv, since: 2020}\n")
    path = write_small(
        tmp_path / "in",
        spec,
        communes_csv=attributes_csv().replace("B1;Bourg;500;", "B1;Bourg;300;") + "B9;Hameau;200;;;1;2\n",
        moves_csv="MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n32,2021-01-01,COM,B9,COM,B1\n",
    )
    loaded = build_territory(path, None)
    communes = loaded.territory.communes
    assert communes.population.tolist() == [1_000, 500, 100]
    assert np.isnan(communes.attributes["poverty_rate"][1])
    said = {notice.code: notice.params for notice in loaded.health.notices}
    assert said["communes-merged"] == {"layer": "population", "names": "B9 → B1"}
    assert said["rates-not-merged"]["names"] == "B1"


def test_without_movements_a_former_code_is_named(tmp_path):
    with pytest.raises(InputError, match="B9 is not the code of a commune of the territory"):
        build_territory(write_small(tmp_path / "in", communes_csv=attributes_csv() + "B9;Hameau;200;;;1;2\n"), None)


def test_the_digest_does_not_depend_on_where_the_movements_lie(tmp_path):
    spec = SPEC.replace("  code: code_insee\n", "  code: code_insee\n  movements: {file: moves.csv}\n")
    moves = "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n"
    one, two = (build_territory(write_small(tmp_path / name, spec, moves_csv=moves), None) for name in ("a", "b"))
    assert one.territory.digest == two.territory.digest
