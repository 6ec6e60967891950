"""Text tables: separators, numbers, secret values, and the lines of what is wrong."""

from __future__ import annotations

import math

import numpy as np
import pytest

from territo.errors import InputError
from territo.sources.tables import duplicates, parse_number, read_table


def table_of(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding=encoding)
    return read_table(path)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_separator_is_recognised(tmp_path, delimiter):
    table = table_of(tmp_path, f"code{delimiter}nom\n1{delimiter} Pau \n")
    assert table.columns == ("code", "nom")
    assert table.rows == ({"code": "1", "nom": "Pau"},)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_accents_are_read_in_utf_8_and_in_windows_1252(tmp_path, encoding):
    assert table_of(tmp_path, "é;b\nAlès;1\n", encoding).rows == ({"é": "Alès", "b": "1"},)


@pytest.mark.parametrize(
    ("text", "value"), [("12,5", 12.5), ("12.5", 12.5), ("1\u202f234,5", 1234.5), (" 7 ", 7.0), ("-3", -3.0)]
)
def test_numbers_are_read_in_french_and_english_notation(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "s", "ns", "nd", "S", "NaN", " "])
def test_secret_and_missing_values_are_not_numbers_but_are_no_fault(text):
    assert math.isnan(parse_number(text))


@pytest.mark.parametrize("text", ["abc", "inf", "1,234.5", "12 %"])
def test_other_words_are_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        parse_number(text)


def test_all_wrong_values_of_a_column_are_said_with_their_line(tmp_path):
    table = table_of(tmp_path, 'code;pop\n1;12\n"2\n2";x\n\n3;s\n')
    values, found = table.numbers("pop", required=True)
    assert np.array_equal(values, [12, np.nan, np.nan], equal_nan=True)
    assert [str(each) for each in found] == [
        "table.csv:4: pop: x is not a number: correct it",
        "table.csv:6: pop: the value is missing or secret (s), but it is needed: give a number",
    ]


def test_secret_values_are_allowed_where_a_column_is_optional(tmp_path):
    assert table_of(tmp_path, "code;pop\n1;s\n").numbers("pop", required=False)[1] == []


def test_a_missing_column_is_named_with_the_columns_that_are_there(tmp_path):
    found = table_of(tmp_path, "code;nom\n").absent(["code", "pop"])
    assert [str(each) for each in found] == [
        "table.csv:1: pop: there is no column pop: the columns are code, nom",
    ]


def test_a_repeated_value_is_said_with_its_two_lines(tmp_path):
    found = duplicates(table_of(tmp_path, "code;x\n1;a\n2;a\n1;b\n"), "code")
    assert [str(each) for each in found] == ["table.csv:4: code: 1 already stands at line 2: keep one row"]


def test_a_row_of_another_length_is_refused_with_its_line(tmp_path):
    with pytest.raises(InputError, match=r"table\.csv:3: the row has 3 values for 2 columns"):
        table_of(tmp_path, "a;b\n1;2\n1;2;3\n")


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"table\.csv: the file is empty"):
        table_of(tmp_path, "")
