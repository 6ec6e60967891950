"""The file of speeds that comes with territo, and its faults."""

from __future__ import annotations

import pytest

from territo.errors import InputError
from territo.sources.speeds import load_speeds
from territo.studies.workspace import default_workspace


def test_speeds_are_legal_limits_times_a_practical_factor():
    speeds = load_speeds(default_workspace().speeds)
    assert speeds.of("motorway") == pytest.approx(130 * 0.85)
    assert speeds.of("secondary") == pytest.approx(80 * 0.70)
    assert speeds.of("bridleway") == speeds.of("other") == pytest.approx(40)
    assert (speeds.terminal_min, speeds.access_kmh, speeds.access_max_m) == (2, 20, 5_000)
    assert len(speeds.digest) == 64


def test_faults_of_the_file_have_their_line(tmp_path):
    text = default_workspace().speeds.read_text(encoding="utf-8")
    path = tmp_path / "speeds.yaml"
    path.write_text(
        text.replace("factor: 0.85", "factor: 0").replace("limit_kmh: 110", "limit_kmh: -1"), encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        load_speeds(path)
    assert [(each.code, each.key) for each in caught.value.faults] == [
        ("more-than", "roads.motorway.factor"),
        ("more-than", "roads.trunk.limit_kmh"),
    ]
    assert all(each.where.startswith("speeds.yaml:1") for each in caught.value.faults)


def test_the_speed_of_all_other_classes_is_required(tmp_path):
    text = default_workspace().speeds.read_text(encoding="utf-8")
    path = tmp_path / "speeds.yaml"
    path.write_text("\n".join(line for line in text.splitlines() if "other:" not in line), encoding="utf-8")
    with pytest.raises(InputError, match="the key other is required"):
        load_speeds(path)


@pytest.mark.parametrize(("mode", "kmh"), [("walk", 4.5), ("bike", 15)])
def test_people_on_foot_and_on_bicycles_stay_off_motorways_and_ride_both_ways(mode, kmh):
    speeds = load_speeds(default_workspace().speeds_of(mode))
    assert (speeds.mode, speeds.of("primary"), speeds.ignores_one_way) == (mode, kmh, True)
    assert speeds.forbidden == {"motorway", "motorway_link", "trunk", "trunk_link"}
    assert default_workspace().speeds_of("car") == default_workspace().speeds_of("transit")
