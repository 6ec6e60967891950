"""The travel options of a territory spec: modes, directions, factors, limit, files."""

from __future__ import annotations

import numpy as np
import pytest

from territo.errors import InputError
from territo.studies.build import build_territory, load_territory
from tests.sources.small import SPEC, write_small


def build(folder, travel="", **files):
    spec = write_small(folder, SPEC + (f"travel: {travel}\n" if travel else ""), **files)
    return build_territory(spec, None)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return build(tmp_path_factory.mktemp("plain"))


def test_calibration_and_busy_hours_multiply_the_minutes_on_the_roads_alone(plain, tmp_path):
    slow = build(tmp_path, "{calibration: 1.2, peak: 1.25}")
    far = plain.travel.km > 1
    longer = slow.travel.minutes - plain.travel.minutes
    assert (longer[far] > 0).all()
    # half again the minutes on the road; access and the two minutes at the door stay
    doubled = build(tmp_path / "twice", "{peak: 2}").travel.minutes - plain.travel.minutes
    assert np.allclose(longer, doubled / 2, atol=1e-4)
    assert np.array_equal(slow.travel.km, plain.travel.km)
    assert "calage × 1,2, heures de pointe × 1,25" in slow.travel.provenance


def test_on_foot_and_by_bicycle_the_same_way_takes_longer(plain, tmp_path):
    walk, bike = (build(tmp_path / mode, f"{{mode: {mode}}}").travel for mode in ("walk", "bike"))
    assert (walk.mode, bike.mode) == ("walk", "bike")
    far = plain.travel.km > 2
    assert (walk.minutes[far] > bike.minutes[far]).all()
    assert (bike.minutes[far] > plain.travel.minutes[far]).all()
    # 2 km of street at 4.5 km/h
    cell = int(plain.travel.minutes[:, 1].argmin())
    assert walk.minutes[cell, 0] - walk.minutes[cell, 1] == pytest.approx(2_000 / 1_000 / 4.5 * 60, abs=8)


def test_a_limit_drops_longer_trips_and_says_how_many(plain, tmp_path):
    limit = 6.0
    limited = build(tmp_path, f"{{limit_minutes: {limit}}}")
    within = plain.travel.minutes <= limit
    assert 0 < within.sum() < within.size
    assert np.array_equal(limited.travel.minutes[within], plain.travel.minutes[within])
    assert np.isinf(limited.travel.minutes[~within]).all()
    assert np.isinf(limited.travel.km[~within]).all()
    notice = next(each for each in limited.health.notices if each.code == "travel-limited")
    assert notice.params == {"limit": "6", "pairs": int((~within).sum()), "all": within.size}
    assert limited.health.unreachable_cells == 0


def test_a_limit_that_takes_all_its_sites_from_a_cell_is_refused_with_the_one_that_would_do(plain, tmp_path):
    with pytest.raises(InputError, match="takes all their sites from") as caught:
        build(tmp_path / "short", "{limit_minutes: 2.5}")
    needed = caught.value.faults[0].context["needed"]
    assert needed - 1 < plain.travel.minutes.min(axis=1).max() <= needed
    assert build(tmp_path / "enough", f"{{limit_minutes: {needed}.0}}").health.unreachable_cells == 0


def test_public_transport_comes_from_a_file_and_its_distances_from_the_roads(plain, tmp_path):
    text = "commune,site,minutes\n" + "".join(f"{code},A1,{20 + 5 * rank}\n" for rank, code in enumerate(("A1", "B1")))
    (tmp_path / "bus.csv").write_text(text, encoding="utf-8")
    entry = "- {layer: travel, producer: Réseau de bus, licence: ODbL-1.0, vintage: 2026}\n"
    spec = write_small(tmp_path, SPEC + entry + "travel: {mode: transit, file: bus.csv}\n")
    loaded = build_territory(spec, tmp_path / "out")
    commune = loaded.territory.cells.commune
    assert set(loaded.travel.minutes[commune == 1, 0].tolist()) == {25.0}
    assert np.array_equal(loaded.travel.km[commune == 1, 0], plain.travel.km[commune == 1, 0])
    assert np.isinf(loaded.travel.minutes[:, 1]).all()
    assert loaded.health.unreachable_cells == (commune == 2).sum()
    assert loaded.travel.provenance == "en transport collectif, Réseau de bus (2026)"
    again = load_territory(tmp_path / "out")
    assert (tmp_path / "out" / "travel_transit.npz").is_file()
    assert again.travel.mode == "transit"
    assert np.array_equal(again.travel.minutes, loaded.travel.minutes)
    assert again.travel.minutes.dtype == np.float32
    assert again.territory.digest != plain.territory.digest


def test_options_that_contradict_each_other_are_said_together(tmp_path):
    with pytest.raises(InputError) as caught:
        build(tmp_path, "{mode: transit, peak: 1.5}")
    assert [each.code for each in caught.value.faults] == ["transit-without-file"]
    (tmp_path / "t.npz").write_bytes(b"")
    with pytest.raises(InputError) as caught:
        build(tmp_path, "{file: t.npz, peak: 1.5}")
    assert [each.code for each in caught.value.faults] == ["travel-file-factors"]


def test_the_options_change_the_digest_and_the_place_of_a_file_does_not(plain, tmp_path):
    digests = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.csv").write_text("commune,site,minutes\nA1,A1,1\n", encoding="utf-8")
        digests.add(build(tmp_path / name, f"{{file: {name}.csv}}").territory.digest)
    assert len(digests) == 1
    assert len({*digests, plain.territory.digest, build(tmp_path, "{peak: 1.1}").territory.digest}) == 3


def test_observed_times_are_compared_by_the_health_report_and_change_no_time(plain, tmp_path):
    rows = [
        f"{cell},{plain.territory.sites.ids[site]},{1.5 * plain.travel.minutes[cell, site]:.4f}"
        for cell in range(len(plain.territory.cells))
        for site in (0, 1)
    ]
    (tmp_path / "seen.csv").write_text("cell,site,minutes\n" + "\n".join(rows), encoding="utf-8")
    seen = build(tmp_path, "{observed: seen.csv}")
    notice = next(each for each in seen.health.notices if each.code == "observed-times")
    assert notice.params == {"pairs": len(rows), "ratio": 1.5, "low": 1.5, "high": 1.5}
    assert np.array_equal(seen.travel.minutes, plain.travel.minutes)
    (tmp_path / "none.csv").write_text("cell,site,minutes\n0,A1,\n", encoding="utf-8")
    assert "observed-times-absent" in {each.code for each in build(tmp_path, "{observed: none.csv}").health.notices}
