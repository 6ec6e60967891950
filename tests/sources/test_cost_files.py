"""Files of costs and columns of numbers: what they may look like, and every fault named where it stands."""

from __future__ import annotations

import numpy as np
import pytest

from territo.errors import InputError
from territo.sources.cost_files import read_column, read_costs


@pytest.fixture
def write(tmp_path):
    def at(name, text, encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return at


def faults_of(read, *arguments):
    with pytest.raises(InputError) as raised:
        read(*arguments)
    return [str(fault) for fault in raised.value.faults]


def test_a_first_cell_id_gives_names_to_rows_and_columns(write):
    table = read_costs(write("c.csv", "id,S1,S2\nA,1.5,inf\nB,,3\n"))
    assert (table.points, table.sites) == (("A", "B"), ("S1", "S2"))
    assert table.costs.tolist() == [[1.5, np.inf], [np.inf, 3.0]]
    assert table.places == ("c.csv:2", "c.csv:3")


def test_numbers_may_be_names(write):
    table = read_costs(write("c.csv", "ID;101;102\n7;1;2\n8;3;4\n"))
    assert (table.points, table.sites) == (("7", "8"), ("101", "102"))


def test_an_empty_first_cell_before_words_is_as_good_as_id(write):
    assert read_costs(write("c.csv", ";Nord;Sud\nA;1;2\n")).sites == ("Nord", "Sud")


def test_a_first_cell_that_is_a_cost_says_that_all_cells_are(write):
    table = read_costs(write("c.csv", "1;2;3\n4;5;6\n"))
    assert table.costs.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert (table.points, table.sites) == (("0", "1"), ("0", "1", "2"))


def test_decimal_commas_spaces_in_thousands_and_the_old_french_encoding_are_read(write):
    table = read_costs(write("c.csv", "id;Mairie d’été\nA;1 234,5\n\nB;∞\n".replace("∞", "INF"), "cp1252"))
    assert table.sites == ("Mairie d’été",)
    assert table.costs.tolist() == [[1234.5], [np.inf]]
    assert table.places == ("c.csv:2", "c.csv:4")


@pytest.mark.parametrize("first_cell", ["commune", "id", ""])
def test_a_first_row_of_names_announces_identifiers_whatever_its_first_cell(write, first_cell):
    table = read_costs(write("c.csv", f"{first_cell};S1;S2\nA;1;2\n"))
    assert (table.points, table.sites) == (("A",), ("S1", "S2"))


@pytest.mark.parametrize("first_row", ["commune;1;2", ";1;2"])
def test_a_first_cell_that_could_mean_two_things_is_refused(write, first_row):
    (said,) = faults_of(read_costs, write("c.csv", f"{first_row}\nA;1;2\n"))
    assert said.startswith("c.csv:1: the first cell is ")
    assert "write id" in said


def test_every_cell_that_is_no_cost_is_named_with_its_line_and_its_column(write):
    said = faults_of(read_costs, write("c.csv", "id;S1;S2\nA;1;x\nB;-2;nan\n"))
    assert [line.partition(" is not a cost")[0] for line in said] == [
        "c.csv:2: S2: x",
        "c.csv:3: S1: -2",
        "c.csv:3: S2: nan",
    ]


def test_names_that_stand_twice_are_faults(write):
    said = faults_of(read_costs, write("c.csv", "id;S1;S1\nA;1;2\nA;1;2\n"))
    assert said == [f"c.csv: {name} appear more than once: keep one row each" for name in ("A", "S1")]


def test_rows_of_unequal_length_are_named(write):
    (said,) = faults_of(read_costs, write("c.csv", "1;2\n1;2;3\n"))
    assert said.startswith("c.csv:2: the row has 3 values for 2 columns")


def test_the_faults_of_a_file_that_is_wrong_throughout_are_counted(write):
    said = faults_of(read_costs, write("c.csv", "1;2\n" + "x;y\n" * 20))
    assert len(said) == 21
    assert said[-1] == "c.csv: and 20 more like these"


@pytest.mark.parametrize("text", ["", "\n\n", "id;S1\n", "id\nA\n"])
def test_a_file_without_costs_is_empty(write, text):
    assert faults_of(read_costs, write("c.csv", text)) == ["c.csv: the file is empty: check the export"]


def test_a_file_that_is_not_there_is_named_whole(tmp_path):
    for name in ("absent.csv", "absent.npz"):
        assert faults_of(read_costs, tmp_path / name) == [f"{tmp_path / name}: there is no such file: check its name"]


def test_npz_gives_the_array_of_the_name_or_the_only_one(tmp_path):
    costs = np.array([[1.0, np.inf], [2.0, 3.0], [0.0, 1.0]], dtype=np.float32)
    np.savez(tmp_path / "one.npz", costs)
    np.savez(tmp_path / "two.npz", other=np.ones(3), costs=costs, weights=np.arange(3))
    for name in ("one.npz", "two.npz"):
        table = read_costs(tmp_path / name)
        np.testing.assert_array_equal(table.costs, costs)
        assert table.costs.dtype == np.float32
        assert (table.points, table.sites) == (("0", "1", "2"), ("0", "1"))
    assert read_column(tmp_path / "two.npz", "weights", table.points).tolist() == [0, 1, 2]


def test_npz_without_the_array_asked_names_those_it_has(tmp_path):
    np.savez(tmp_path / "c.npz", a=np.ones((2, 2)), b=np.ones(2))
    (said,) = faults_of(read_costs, tmp_path / "c.npz")
    assert "has arrays a, b: call one of them costs" in said


@pytest.mark.parametrize("array", [np.ones(3), np.ones((2, 2, 2)), np.array([["x"]]), np.empty((0, 3))])
def test_an_array_that_is_no_table_of_numbers_is_refused(tmp_path, array):
    np.savez(tmp_path / "c.npz", costs=array)
    (said,) = faults_of(read_costs, tmp_path / "c.npz")
    assert f"the array costs has shape {array.shape}" in said


def test_a_damaged_npz_or_one_that_holds_objects_is_refused(tmp_path):
    (tmp_path / "text.npz").write_text("id;S1\n")
    np.savez(tmp_path / "objects.npz", costs=np.array([[{}]]))
    with (tmp_path / "alone.npz").open("wb") as file:
        np.save(file, np.ones((2, 2)))
    for name in ("text.npz", "objects.npz", "alone.npz"):
        (said,) = faults_of(read_costs, tmp_path / name)
        assert said.startswith(f"{name}: the file is damaged or holds no plain arrays")


@pytest.mark.parametrize("text", ["1\n2,5\n", "poids\n1\n2,5\n"])
def test_a_column_alone_is_in_the_order_of_the_costs_with_or_without_a_title(write, text):
    path = write("w.csv", text)
    assert read_column(path, "weights", ("A", "B")).tolist() == [1.0, 2.5]


def test_a_column_after_identifiers_is_in_any_order(write):
    path = write("w.csv", "id;poids\nB;2,5\nA;1\n")
    assert read_column(path, "weights", ("A", "B")).tolist() == [1.0, 2.5]


def test_rows_without_names_are_matched_by_their_number(write):
    path = write("w.csv", "id;poids\n1;5\n0;4\n")
    assert read_column(path, "weights", ("0", "1")).tolist() == [4.0, 5.0]


def test_identifiers_that_do_not_match_the_costs_are_all_named(write):
    said = faults_of(read_column, write("w.csv", "id;poids\nA;1\nA;2\nZ;-1\n"), "weights", ("A", "B"))
    assert said == [
        "w.csv:4: -1 is not a number of 0 or more: correct it",
        "w.csv: A appear more than once: keep one row each",
        "w.csv: B have no row: add them",
        "w.csv: Z are not in the costs: remove or correct them",
    ]


def test_many_names_are_cut_short(write):
    names = tuple(f"P{number:02d}" for number in range(12))
    (said,) = faults_of(read_column, write("w.csv", "id;poids\nP00;1\n"), "weights", names)
    assert "P01, P02, P03, P04, P05, P06, P07, P08… (+3) have no row" in said


@pytest.mark.parametrize("text", ["1\n", "1\n2\n3\n"])
def test_a_column_of_another_length_is_refused(write, text):
    (said,) = faults_of(read_column, write("w.csv", text), "weights", ("A", "B"))
    assert said == f"w.csv: the file has {len(text) // 2} values; the costs ask for 2"


def test_an_array_of_another_length_is_refused(tmp_path):
    np.savez(tmp_path / "w.npz", np.ones(3))
    (said,) = faults_of(read_column, tmp_path / "w.npz", "weights", ("A", "B"))
    assert said == "w.npz: the file has 3 values; the costs ask for 2"


@pytest.mark.parametrize("value", ["x", "-1", "inf", "nan"])
def test_what_is_no_number_of_0_or_more_is_refused(write, value):
    said = faults_of(read_column, write("w.csv", f"1\n{value}\n"), "weights", ("A", "B"))
    assert said == [f"w.csv:2: {value} is not a number of 0 or more: correct it"]


def test_two_columns_need_a_title_and_three_are_too_many(write):
    (said,) = faults_of(read_column, write("two.csv", "A;1\nB;2\n"), "weights", ("A", "B"))
    assert said.startswith("two.csv:1: the first cell is A: write id")
    (said,) = faults_of(read_column, write("three.csv", "id;a;b\nA;1;2\n"), "weights", ("A",))
    assert said.startswith("three.csv: the file has 3 columns")


def test_faults_are_found_before_the_costs_are_known(write):
    path = write("w.csv", "id;poids\nA;1\nB;x\n")
    assert faults_of(read_column, path, "weights", None) == ["w.csv:3: x is not a number of 0 or more: correct it"]
