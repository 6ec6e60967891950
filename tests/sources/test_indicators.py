"""Figures by commune of INSEE, and accounts of OFGL."""

from __future__ import annotations

import numpy as np
import pytest

from territo.errors import InputError
from territo.sources.indicators import read_finance, read_indicators
from territo.studies.build import build_territory
from tests.sources.small import CODES, SPEC, write_small

FILOSOFI = (
    "CODGEO;NBMENFISC21;NBPERSMENFISC21;MED21;PIMP21;TP6021\n"
    "A1;400;900;21500;52,3;14,5\nB1;s;s;19000;s;s\n75056;1;1;1;1;1\n"
)
OFGL = (
    "exer;com_code;com_name;siren;type_de_budget;agregat;montant\n"
    "2021;A1;Amont;1;Budget principal;Frais de personnel;9000\n"
    "2022;A1;Amont;1;Budget principal;Frais de personnel;1000,5\n"
    "2022;A1;Amont;2;Budget principal;Frais de personnel;500\n"
    "2022;A1;Amont;1;Budget annexe;Frais de personnel;70\n"
    "2022;B1;Bourg;3;Budget principal;Encours de dette;\n"
    "2022;B1;Bourg;3;Budget principal;Une autre ligne;12\n"
    "2022;75056;Paris;4;Budget principal;Frais de personnel;1\n"
)


def written(tmp_path, text, encoding="utf-8-sig"):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding=encoding)
    return path


def sentences(reader, path):
    with pytest.raises(InputError) as caught:
        reader(path, CODES)
    return [str(each) for each in caught.value.faults]


def test_filosofi_gives_figures_by_commune_and_secret_is_missing(tmp_path):
    found, notices = read_indicators(written(tmp_path, FILOSOFI), CODES)
    assert {name: values.tolist()[:1] for name, values in found.items()} == {
        "fiscal_households": [400.0],
        "median_income": [21_500.0],
        "poverty_rate": [14.5],
    }
    assert np.isnan(found["poverty_rate"][1:]).all()
    assert found["median_income"][1] == 19_000.0
    assert [notice.code for notice in notices] == ["format-seen", "communes-without-figures"]
    assert notices[1].params["names"] == "C1"


def test_wrong_figures_are_all_said(tmp_path):
    text = FILOSOFI.replace("14,5", "145").replace("B1;s", "A1;s").replace("21500", "-3").replace("19000", "beaucoup")
    assert sentences(read_indicators, written(tmp_path, text)) == [
        "table.csv:3: CODGEO: A1 already stands at line 2: keep one row",
        "table.csv:3: MED21: beaucoup is not a number: correct it",
        "table.csv:2: MED21: -3 is negative: correct it",
        "table.csv:2: TP6021: 145 is not between 0 and 100: correct it",
    ]


def test_accounts_are_those_of_the_last_year_and_of_main_budgets_summed_over_siren(tmp_path):
    found, notices = read_finance(written(tmp_path, OFGL), CODES)
    assert list(found) == ["staff_spending"]
    assert np.array_equal(found["staff_spending"], [1_500.5, np.nan, np.nan], equal_nan=True)
    assert notices[1].params["year"] == 2022


def test_a_file_of_other_communes_is_refused(tmp_path):
    assert sentences(read_finance, written(tmp_path, OFGL.replace(";A1;", ";31;").replace(";B1;", ";32;"))) == [
        "table.csv: no row is about a commune of the territory: check the file and its codes",
    ]


def test_figures_become_attributes_and_the_table_of_the_spec_stands_before_them(tmp_path):
    spec = SPEC + "indicators: [filosofi.csv]\nfinance: {ofgl: ofgl.csv}\n"
    loaded = build_territory(write_small(tmp_path, spec, filosofi_csv=FILOSOFI, ofgl_csv=OFGL), None)
    attributes = loaded.territory.communes.attributes
    assert attributes["poverty_rate"][0] == 12.5
    assert attributes["fiscal_households"][0] == 400.0
    assert attributes["staff_spending"][0] == 1_500.5
    layers = {source.layer for source in loaded.territory.sources}
    assert {"indicators.0", "finance"} <= layers
