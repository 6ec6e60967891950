"""Travel times from files: the same matrix in every form, and what is refused."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territo.errors import InputError
from territo.sources.travel_file import read_travel
from tests.factories import tiny_territory

# three cells (two of A1, one of B1), three sites
MINUTES = np.array([[0.0, 30.5, np.inf], [10.0, 20.0, 10.0], [30.0, 0.25, 10.0]])
KM = np.array([[0.0, 25.0, np.inf], [8.0, 15.5, 8.0], [25.0, 0.0, 8.0]])
SITES = ("A1", "B1", "FS1")


def pairs(separator=",", names=("from_id", "to_id", "minutes"), km="", per=1.0, decimal="."):
    lines = [separator.join([*names, *([km] if km else [])])]
    for cell, site in np.argwhere(np.isfinite(MINUTES)):
        values = [f"{MINUTES[cell, site] / per:.6f}"] + ([f"{KM[cell, site] * 1_000:.1f}"] if km else [])
        lines.append(separator.join([str(cell), SITES[site], *(value.replace(".", decimal) for value in values)]))
    return "\n".join(lines) + "\n"


def wide(separator=";", decimal=","):
    rows = [separator.join(["cell", *SITES])]
    for cell, row in enumerate(MINUTES):
        values = ["" if np.isinf(value) else f"{value:.3f}".replace(".", decimal) for value in row]
        rows.append(separator.join([str(cell), *values]))
    return "\n".join(rows)


def osrm(**changes):
    seconds = [[None if np.isinf(value) else value * 60 for value in row] for row in MINUTES]
    metres = [[None if np.isinf(value) else value * 1_000 for value in row] for row in KM]
    return json.dumps({"code": "Ok", "durations": seconds, "distances": metres} | changes)


def read(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_travel(path, tiny_territory())


FORMS = {
    "long.csv": pairs(),
    "semicolon.csv": pairs(";", decimal=","),
    "r5.csv": pairs(names=("from_id", "to_id", "travel_time_p50")),
    "osrm.csv": pairs("\t", ("source", "destination", "duration"), km="distance", per=1 / 60),
    "packed.csv.gz": gzip.compress(pairs().encode()),
    "wide.csv": wide(),
    "wide_tabs.tsv": wide("\t", "."),
    "bom.csv": "\ufeff" + pairs(),
    "table.json": osrm(),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_minutes_and_an_absent_pair_is_unreachable(name, tmp_path):
    assert np.allclose(read(tmp_path, name, FORMS[name]).minutes, MINUTES, rtol=1e-6)


@pytest.mark.parametrize("name", FORMS)
def test_distances_are_read_where_the_form_has_them(name, tmp_path):
    km = read(tmp_path, name, FORMS[name]).km
    if name in {"osrm.csv", "table.json"}:
        assert np.allclose(km, KM, rtol=1e-6)
    else:
        assert km is None


def test_npz_may_name_its_sites_in_another_order(tmp_path):
    order = [2, 0, 1]
    np.savez(tmp_path / "a.npz", minutes=MINUTES[:, order], km=KM[:, order], sites=np.array(SITES)[order])
    brought = read_travel(tmp_path / "a.npz", tiny_territory())
    assert np.allclose(brought.minutes, MINUTES)
    assert np.allclose(brought.km, KM)


def test_the_cells_of_a_commune_take_its_times(tmp_path):
    found = read(tmp_path, "communes.csv", "commune,site,minutes\nB1,A1,12\nA1,A1,3\nA1,FS1,7\n").minutes
    assert found.tolist() == [[3, np.inf, 7], [3, np.inf, 7], [12, np.inf, np.inf]]


def test_a_matrix_of_communes_without_names_is_in_their_order(tmp_path):
    found = read(tmp_path, "c.json", json.dumps({"durations": [[60, 120, 180], [0, None, 60]]})).minutes
    assert found.tolist() == [[1, 2, 3], [1, 2, 3], [0, np.inf, 1]]


def test_distances_that_miss_where_a_time_is_known_are_left_aside(tmp_path):
    metres = [[0, None, None], [8_000, 15_500, 8_000], [25_000, 0, 8_000]]
    assert read(tmp_path, "t.json", osrm(distances=metres)).km is None


REFUSED = {
    "columns": ("a,b\n1,2\n", "x.csv:1: the columns a, b are not recognised"),
    "unknown site": ("from_id,to_id,minutes\n0,Z9,3\n", "no site of the territory is called Z9"),
    "unknown origin": ("from_id,to_id,minutes\n3,A1,3\n", "3 are neither communes nor cells"),
    "twice": ("from_id,to_id,minutes\n0,A1,3\n0,A1,4\n", "1 pairs appear more than once"),
    "negative": ("from_id,to_id,minutes\n0,A1,-3\n", "negative"),
    "no number": ("from_id,to_id,minutes\n0,A1,3\n1,A1,court\n", "x.csv:3: minutes: court is not a number"),
    "no number after a decimal comma": (
        "from_id;to_id;minutes\n0;A1;3,5\n1;A1;x\n",
        "x.csv:3: minutes: x is not a number",
    ),
    "no id": ("from_id,to_id,minutes\n0,A1,3\n,A1,4\n", "x.csv:3: the origin or the site is missing"),
    "empty": ("", "damaged or is no matrix"),
    "same column twice": ("cell,A1,A1\n0,1,2\n", "damaged or is no matrix|more than once"),
    "ragged": ("from_id,to_id,minutes\n0,A1,3,4,5\n0,B1\n", "damaged|not a number"),
    "binary": (bytes(range(256)), "damaged or is no matrix|not recognised"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_sentence(case, tmp_path):
    content, sentence = REFUSED[case]
    with pytest.raises(InputError, match=sentence):
        read(tmp_path, "x.csv", content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.json", "[1, 2]"),
        ("x.json", '{"durations": [[1, 2], [3]]}'),
        ("x.json", "{"),
        ("x.npz", b"PK\x03\x04 not a zip"),
        ("x.csv.gz", b"not gzip"),
    ],
)
def test_damaged_files_are_refused_in_one_sentence(name, content, tmp_path):
    with pytest.raises(InputError, match="damaged or is no matrix"):
        read(tmp_path, name, content)


def test_a_matrix_of_another_size_is_refused_with_both_sizes(tmp_path):
    with pytest.raises(InputError, match="has 3 × 2 rows and columns, 3 × 3 are expected"):
        read(tmp_path, "x.json", json.dumps({"durations": [[0, 1]] * 3}))


def npz_bytes(folder):
    np.savez(folder / "whole.npz", minutes=MINUTES, km=KM, sites=np.array(SITES))
    return (folder / "whole.npz").read_bytes()


corruptions = st.lists(
    st.tuples(st.sampled_from(["drop", "write", "repeat", "cut"]), st.floats(0, 1), st.binary(min_size=1, max_size=6)),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=st.sampled_from([*FORMS, "whole.npz"]), damage=corruptions)
def test_a_damaged_file_is_refused_or_gives_times_that_are_not_negative(form, damage, tmp_path):
    content = npz_bytes(tmp_path) if form == "whole.npz" else FORMS[form]
    content = content if isinstance(content, bytes) else content.encode()
    for kind, place, piece in damage:
        at = int(place * len(content))
        after = {"drop": at + len(piece), "write": at + len(piece), "repeat": at, "cut": len(content)}[kind]
        content = content[:at] + (b"" if kind in {"drop", "cut"} else piece) + content[after:]
    try:
        found = read(tmp_path, form, content)
    except InputError:
        return
    assert found.minutes.shape == MINUTES.shape
    assert (found.minutes >= 0).all()
    assert found.km is None or (np.isfinite(found.km) == np.isfinite(found.minutes)).all()
