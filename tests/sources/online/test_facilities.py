"""Facilities under the codes of today."""

from __future__ import annotations

from datetime import date

import pytest

from territo.errors import SourceUnavailableError
from territo.sources.movements import passage, read_movements
from territo.sources.online.facilities import write_equipment, write_france_services
from territo.sources.store import Download
from territo.sources.tables import read_table
from tests.sources.replay import equipment_zip, movements_csv, zipped
from tests.sources.small import CODES, france_services_csv

COLUMNS = ("DEPCOM", "TYPEQU")


def downloaded(tmp_path, content):
    path = tmp_path / "answer"
    path.write_bytes(content)
    return Download("equipment", "", "", "", len(content), path)


def known(tmp_path, since=date(2025, 1, 1), communes=CODES):
    path = tmp_path / "moves.csv"
    path.write_bytes(movements_csv())
    return passage(communes, read_movements(path), since)


def test_the_facilities_of_a_commune_that_merged_count_in_the_one_of_today(tmp_path):
    count, notices = write_equipment(downloaded(tmp_path, equipment_zip()), tmp_path, COLUMNS, known(tmp_path))
    assert read_table(tmp_path / "equipment.csv").text("DEPCOM") == ["A1", "B1", "B1", "B1"]
    assert count == 4
    assert [(notice.code, notice.params["names"]) for notice in notices] == [("communes-merged", "B9 → B1")]


def test_a_list_of_after_the_merger_has_nothing_to_bring_over(tmp_path):
    found = known(tmp_path, date(2026, 1, 1))
    count, notices = write_equipment(downloaded(tmp_path, equipment_zip()), tmp_path, COLUMNS, found)
    assert (count, notices) == (3, ())


def test_a_territory_without_any_facility_is_no_fault(tmp_path):
    found = known(tmp_path, communes=("Z1",))
    assert write_equipment(downloaded(tmp_path, equipment_zip()), tmp_path, COLUMNS, found) == (0, ())


def test_an_archive_without_its_columns_is_refused(tmp_path):
    archive = downloaded(tmp_path, zipped(BPE25__csv="CODE;TYPE\nA1;F307\n"))
    with pytest.raises(SourceUnavailableError, match="the answer has no DEPCOM, TYPEQU"):
        write_equipment(archive, tmp_path, COLUMNS, known(tmp_path))


def test_france_services_points_follow_their_commune(tmp_path):
    content = france_services_csv().replace(",B1,", ",B9,", 1).encode()
    count, notices = write_france_services(downloaded(tmp_path, content), tmp_path, known(tmp_path, None))
    table = read_table(tmp_path / "france_services.csv")
    assert (count, table.text("insee_com"), table.text("id_fs")) == (2, ["B1", "B1"], ["7", "8"])
    assert notices[0].params == {"layer": "france_services", "names": "B9 → B1"}
