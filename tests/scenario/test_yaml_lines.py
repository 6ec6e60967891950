from pathlib import Path

import pytest

from territo.errors import InputError
from territo.scenario.yaml_lines import LARGEST_FILE_BYTES, LocatedYaml, read_yaml


def read(tmp_path: Path, text: str | bytes) -> LocatedYaml:
    path = tmp_path / "poles.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(path)


def refused(tmp_path: Path, text: str | bytes) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    return [str(fault) for fault in caught.value.faults]


def test_values_come_with_the_line_where_they_stand(tmp_path: Path) -> None:
    located = read(tmp_path, "id: poles\n\nterritories:\n  locks:\n    - communes:\n      - '64001'\n      - '64002'\n")
    assert located.data == {"id": "poles", "territories": {"locks": [{"communes": ["64001", "64002"]}]}}
    assert located.line("id") == 1
    assert located.line("territories.locks.0.communes.1") == 7
    assert located.where("territories.locks") == "poles.yaml:4"


def test_a_key_that_is_not_in_the_file_is_placed_at_the_nearest_one_around_it(tmp_path: Path) -> None:
    located = read(tmp_path, "id: poles\nsites:\n  keep: []\n")
    assert located.where("sites.max_open") == "poles.yaml:2"
    assert located.where("budget.capital_eur") == "poles.yaml:1"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("on", "on"),
        ("no", "no"),
        ("true", True),
        ("1e-3", 0.001),
        (".25", 0.25),
        ("-4", -4),
        ("12:30", "12:30"),
        ("2024-01-01", "2024-01-01"),
        (".nan", ".nan"),
        ("2A004", "2A004"),
        ("'64037'", "64037"),
        ("~", None),
        ("9" * 5000, float("inf")),
    ],
)
def test_plain_values_are_read_by_the_rules_of_yaml_1_2(tmp_path: Path, written: str, read_as: object) -> None:
    assert read(tmp_path, f"value: {written}\n").data["value"] == read_as


def test_the_word_on_can_be_a_key(tmp_path: Path) -> None:
    assert read(tmp_path, "balance: {on: workload}\n").data == {"balance": {"on": "workload"}}


def test_the_text_of_a_code_without_quotes_is_kept_as_written(tmp_path: Path) -> None:
    located = read(tmp_path, "keep: [01004]\n")
    assert located.text("keep.0") == "01004"


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.yaml: there is no such file: check its name"):
        read_yaml(tmp_path / "absent.yaml")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_yaml(tmp_path)


def test_a_file_over_one_megabyte_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    assert refused(tmp_path, b"#" * (LARGEST_FILE_BYTES + 1)) == [
        "poles.yaml: the file is over 1 MB: keep tables of data in CSV files"
    ]


def test_a_file_in_another_encoding_is_refused_with_the_line(tmp_path: Path) -> None:
    assert refused(tmp_path, "id: poles\nname: Pôles\n".encode("latin-1")) == [
        "poles.yaml:2: the file is not encoded in UTF-8: save it again as UTF-8"
    ]


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfid: poles\n").data == {"id": "poles"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "id: a\nsites: {keep: [\n",
            "3: this is not valid YAML: check indentation, colons and quotes here or just above",
        ),
        ("id: a\nservices: [b, c\nname: d\n", "3: a list opened by [ lacks a comma or its ], here or just above"),
        ("id: a\nbudget: {b: 1\n", "3: keys opened by { lack a comma or their }, here or just above: complete them"),
        ("id: a\n\tname: b\n", "2: a tab stands at the beginning of this line: indent with spaces"),
        ("\tid: a\n", "1: a tab stands at the beginning of this line: indent with spaces"),
        ("id: a\nname: b: c\n", "2: a colon stands where none is expected: check indentation, or quote the text"),
        ("id: a\nname: 'l'eau'\n", "2: this line does not follow from those above: check its indentation, then quotes"),
        ('id: a\nname: "b\n', "3: a quote opened above is never closed: close it"),
        ("id: a\nname: %b\n", "2: no value begins with the sign %: write the value in quotes"),
    ],
)
def test_a_syntax_error_says_its_line_and_what_to_do(tmp_path: Path, text: str, sentence: str) -> None:
    (said,) = refused(tmp_path, text)
    assert said.startswith(f"poles.yaml:{sentence}")


def test_a_control_character_is_a_syntax_error_and_not_a_crash(tmp_path: Path) -> None:
    (sentence,) = refused(tmp_path, b"id: poles\nname: \x07\n")
    assert "this is not valid YAML" in sentence


def test_an_empty_file_and_a_list_are_not_mappings(tmp_path: Path) -> None:
    expected = ["poles.yaml: the file must hold keys and values, one « key: value » a line"]
    assert refused(tmp_path, "") == expected
    assert refused(tmp_path, "- a\n- b\n") == expected


def test_a_yaml_bomb_is_refused_by_its_anchors_and_aliases(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert refused(tmp_path, bomb) == [
        "poles.yaml:1: anchors (&a) are refused: remove it",
        "poles.yaml:2: anchors (&b) are refused: remove it",
        "poles.yaml:2: aliases (*a) are refused: write the value again",
        "poles.yaml:2: aliases (*a) are refused: write the value again",
        "poles.yaml:3: aliases (*b) are refused: write the value again",
        "poles.yaml:3: aliases (*b) are refused: write the value again",
    ]


def test_merge_keys_and_duplicate_keys_are_refused_together(tmp_path: Path) -> None:
    assert refused(tmp_path, "id: a\nid: b\nsites:\n  <<: {keep: []}\n") == [
        "poles.yaml:2: id: id appears twice: keep one",
        "poles.yaml:4: sites: merge keys (<<) are refused: write the keys",
    ]


def test_tags_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "id: !!python/object/apply:os.system ['true']\n") == [
        "poles.yaml:1: tags (tag:yaml.org,2002:python/object/apply:os.system) are refused: write the plain value"
    ]


def test_thousands_of_brackets_are_refused_without_building_them(tmp_path: Path) -> None:
    assert refused(tmp_path, "a: " + "[" * 100_000) == [
        "poles.yaml:1: more than 20 levels of nesting: flatten the file"
    ]


def test_a_second_document_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "id: a\n---\nid: b\n") == [
        "poles.yaml:2: the file holds several documents: keep one a file"
    ]


def test_a_key_that_is_a_list_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "sites:\n  ? [a, b]\n  : 1\n") == [
        "poles.yaml:2: sites: a key must be one word, not a list or a mapping"
    ]
