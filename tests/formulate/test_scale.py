"""The affine pieces of teams that grow less than their work."""

from __future__ import annotations

import numpy as np
import pytest

from territo.formulate.scale import pieces
from tests.factories import service, tiny_catalogue


def law(units, exponent):
    """FTE of a team of 1,000 units an FTE, whose gains end at the 60,000 units of as many inhabitants."""
    return units / 1_000.0 * (units / 60_000.0) ** (exponent - 1.0)


@pytest.mark.parametrize(("exponent", "error"), [(0.85, 0.0103), (0.80, 0.0128)])
def test_three_tangents_overstate_the_law_by_about_one_percent(exponent, error):
    units = np.geomspace(6_000.0, 60_000.0, 400)
    found = pieces(tiny_catalogue(), service("ads", "back", scale_exponent=exponent))
    team = np.min([fixed + per_unit * units for fixed, per_unit in found], axis=0)
    over = team / law(units, exponent) - 1.0
    assert len(found) == 3
    assert over.min() >= -1e-12
    assert over.max() == pytest.approx(error, abs=5e-4)


def test_a_service_without_gain_from_size_has_no_pieces():
    assert pieces(tiny_catalogue(), service("voirie", "field")) == ()
    assert pieces(tiny_catalogue(), service("partner", "back", scale_exponent=0.8, prod_per_fte=None)) == ()
