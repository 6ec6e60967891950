"""The squares of a territory out of those of France."""

from __future__ import annotations

import pytest
import shapely

from territo.errors import SourceUnavailableError
from territo.sources.online.grid import MARGIN_M, write_grid
from territo.sources.store import Download
from tests.sources.replay import _TO_DEGREES, grid_zip, lambert, square, squares, zipped
from tests.sources.small import SOUTH, WEST, centres, outline

COLUMNS = ("idcar_200m", "ind")


def written(tmp_path, content):
    path = tmp_path / "archive"
    path.write_bytes(content)
    outlines = [shapely.transform(outline(n), _TO_DEGREES.transform, interleaved=False) for n in range(3)]
    write_grid(Download("grid", "", "", "", len(content), path), outlines, tmp_path, COLUMNS)
    return (tmp_path / "grid.csv").read_text(encoding="utf-8")


def test_the_squares_of_the_territory_are_kept_with_all_their_columns(tmp_path):
    lines = written(tmp_path, grid_zip()).splitlines()
    assert lines[0] == "idcar_200m;idcar_1km;i_est_200;lcog_geo;ind;men;men_pauv"
    assert [line.split(";")[0] for line in lines[1:]] == list(squares())
    assert [line.split(";")[4] for line in lines[1:]] == ["50.5", "51.5", "52.5"]


def test_the_squares_lie_where_they_are_said_to(tmp_path):
    assert lambert(written(tmp_path, grid_zip())) == pytest.approx(centres(), abs=150)


def test_a_square_beyond_the_margin_is_left_out_and_one_within_is_kept(tmp_path):
    near, far = (square(WEST - beyond, SOUTH + 1_000) for beyond in (MARGIN_M / 2, 3 * MARGIN_M))
    content = zipped(met__csv=f"idcar_200m,ind\n{near},1\n{far},1\n{square(WEST + 500, SOUTH + 500)},2\n")
    found = written(tmp_path, content)
    assert near in found
    assert far not in found


def test_identifiers_of_another_form_are_left_out(tmp_path):
    content = zipped(met__csv=f"idcar_200m,ind\nnd,1\n,2\n{square(WEST + 500, SOUTH + 500)},2\n")
    assert len(written(tmp_path, content).splitlines()) == 2


def test_a_grid_of_elsewhere_is_refused(tmp_path):
    with pytest.raises(SourceUnavailableError, match="no square in this territory: build with --grid modelled"):
        written(tmp_path, zipped(met__csv="idcar_200m,ind\nCRS3035RES200mN3000000E3500000,4\n"))
