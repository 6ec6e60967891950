"""Places of the candidate sites, and those that cannot be where they are said to be."""

from __future__ import annotations

import pytest

from territo.errors import InputError
from territo.studies.build import build_territory
from tests.sources.small import SOUTH, SPEC, WEST, degrees, france_services_csv, sites_csv, write_small


@pytest.mark.parametrize(("metres", "accepted"), [(19_000, True), (21_000, False)])
def test_a_site_over_20_km_from_its_commune_is_refused_by_name(tmp_path, metres, accepted):
    near, far = degrees(WEST + 4_500, SOUTH + 1_000), degrees(WEST + 6_000 + metres, SOUTH + 1_000)
    text = sites_csv().replace(f"{near[0]:.6f};{near[1]:.6f}", f"{far[0]:.6f};{far[1]:.6f}")
    spec = write_small(tmp_path, sites_csv=text)
    if accepted:
        assert "M1" in build_territory(spec, None).territory.sites.ids
        return
    with pytest.raises(InputError, match=r"sites\.csv: Médiathèque stands 21 km away from Le Creux"):
        build_territory(spec, None)


def test_france_services_and_town_halls_are_checked_alike(tmp_path):
    lng, lat = degrees(WEST + 3_500, SOUTH + 1_000)
    text = france_services_csv().replace(f"{lat:.6f},{lng:.6f}", f"{lat:.6f},{lng - 1:.6f}")
    spec = SPEC.replace("facilities: {", "facilities: {town_halls: halls.csv, ")
    halls = f"code_insee;lng;lat\nA1;{lng + 1};{lat}\n"
    with pytest.raises(InputError) as caught:
        build_territory(write_small(tmp_path, spec, france_services_csv=text, halls_csv=halls), None)
    assert [str(each).partition(" stands ")[0] for each in caught.value.faults] == [
        "halls.csv: Amont",
        "france_services.csv: France services, Bourg",
    ]
