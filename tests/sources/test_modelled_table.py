"""Tables of communes: read from files, or drawn at random."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from territo.errors import InputError
from territo.sources.modelled import draw_table, read_table

HEADER = "code_insee,nom,pmun_2023,lat,lng,superficie_km2,menages_2021\n"
GOOD = HEADER + "01001,Un,100,46.00,3.00,10,45\n01002,Deux,200,46.05,3.00,12.5,\n01003,Trois,0,46.00,3.06,9,0\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(InputError) as caught:
        read_table(write(folder, text))
    return sorted((fault.code, fault.where, fault.key) for fault in caught.value.faults)


def test_a_table_is_read_with_codes_as_text_and_other_columns_as_they_are(tmp_path):
    table = read_table(write(tmp_path, GOOD))
    assert table.codes == ("01001", "01002", "01003")
    assert table.population.tolist() == [100, 200, 0]
    assert table.lnglat[2].tolist() == [3.06, 46.0]
    assert table.area_km2.tolist() == [10, 12.5, 9]
    assert table.columns == {"menages_2021": ("45", "", "0")}
    assert [source.producer for source in table.sources] == ["table.csv"] * 3


def test_a_table_written_again_is_the_same_table(tmp_path):
    assert read_table(write(tmp_path, GOOD)).csv().splitlines()[1:] == [
        "01001,Un,100,46,3,10,45",
        "01002,Deux,200,46.05,3,12.5,",
        "01003,Trois,0,46,3.06,9,0",
    ]


def test_centres_are_projected_in_metres(tmp_path):
    # 3 degrees east, 46.5 north is the origin of Lambert-93: x 700 km, y 6,600 km.
    table = read_table(write(tmp_path, GOOD.replace("01001,Un,100,46.00", "01001,Un,100,46.50")))
    assert table.crs == "EPSG:2154"
    assert table.centres()[0] == pytest.approx([700_000, 6_600_000], abs=0.01)


def test_a_table_outside_metropolitan_france_uses_its_utm_zone(tmp_path):
    reunion = GOOD.replace(",46.", ",-21.").replace(",3.0", ",55.5")
    assert read_table(write(tmp_path, reunion)).crs == "EPSG:32740"


def test_all_that_is_wrong_in_the_rows_is_said_at_once_with_its_line(tmp_path):
    text = HEADER + "01001,Un,5,46,3,10,45\n01001,,s,146,3,10,\n01003,Trois,abc,46.00,3.06,nan,0\n"
    assert faults(tmp_path, text) == [
        ("duplicate-row", "table.csv:3", "code_insee"),
        ("empty-cell", "table.csv:3", "nom"),
        ("missing-value", "table.csv:3", "pmun_2023"),
        ("missing-value", "table.csv:4", "superficie_km2"),
        ("not-a-number", "table.csv:4", "pmun_2023"),
        ("out-of-range", "table.csv:3", "lat"),
    ]


def test_a_negative_population_is_refused_with_its_limits(tmp_path):
    with pytest.raises(InputError, match=r"table\.csv:2: pmun_2023: -100 is not between 0 and 1e\+08: correct it"):
        read_table(write(tmp_path, GOOD.replace("Un,100", "Un,-100")))


def test_all_the_missing_columns_are_named(tmp_path):
    assert faults(tmp_path, "code_insee,nom,lat,lng\n") == [
        ("missing-column", "table.csv:1", "pmun_2023"),
        ("missing-column", "table.csv:1", "superficie_km2"),
    ]


def test_a_table_that_does_not_exist_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match=r"absent\.csv: there is no such file"):
        read_table(tmp_path / "absent.csv")


def test_two_communes_are_too_few(tmp_path):
    with pytest.raises(InputError, match="at least 3 communes, not 2"):
        read_table(write(tmp_path, "".join(GOOD.splitlines(keepends=True)[:3])))


def test_centres_closer_than_600_metres_are_refused_by_their_codes(tmp_path):
    # 0.005 degree of latitude is 556 m.
    with pytest.raises(InputError, match="the centres of 01001 and 01002 are less than 600 m apart"):
        read_table(write(tmp_path, GOOD.replace("46.05", "46.005")))


@pytest.mark.parametrize("count", [3, 10, 31, 400, 999])
def test_a_drawn_table_has_the_communes_asked_for_with_their_own_codes_and_names(count):
    table = draw_table(count, 5)
    assert len(table) == count == len(set(table.codes)) == len(set(table.names))
    assert table.codes[0] == "99001"
    assert all(source.modelled for source in table.sources)


def test_a_drawn_table_depends_on_its_seed_only():
    assert draw_table(40, 1).csv() == draw_table(40, 1).csv()
    assert draw_table(40, 1).csv() != draw_table(40, 2).csv()


@pytest.mark.parametrize("seed", range(5))
def test_a_drawn_table_has_the_orders_of_size_of_an_intercommunalite(seed):
    table = draw_table(60, seed)
    people = np.sort(table.population)[::-1]
    assert 30_000 < people.sum() < 300_000
    assert 0.1 < people[0] / people.sum() < 0.4
    assert people[0] > 8 * np.median(people)
    assert people[-1] >= 50
    assert 5 < np.mean(table.area_km2) < 30


def test_the_largest_of_the_drawn_communes_is_near_the_middle():
    table = draw_table(60, 3)
    away = np.hypot(*(table.centres() - table.centres().mean(axis=0)).T)
    assert away[np.argmax(table.population)] == away.min()


def test_drawn_indicators_are_secret_where_insee_keeps_them_secret():
    table = draw_table(60, 4)
    small = table.population < 2_000
    poverty = np.array(table.columns["tp6021"])
    assert set(poverty[small]) == {""}
    assert all(4 <= float(value) <= 30 for value in poverty[~small])


@pytest.mark.parametrize("count", [0, 2, 1_000])
def test_a_number_of_communes_out_of_its_limits_is_refused(count):
    with pytest.raises(InputError, match=f"{count} communes cannot be drawn: ask for 3 to 999"):
        draw_table(count, 1)
