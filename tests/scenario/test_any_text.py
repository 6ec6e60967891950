"""Whatever stands in a file, reading it ends in a scenario or in sentences, in both languages."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territo.errors import InputError
from territo.i18n import explain
from territo.scenario.catalogue import load_catalogue
from territo.scenario.loading import load_scenario

WHOLE = """id: x
name: y
services: [ads, voirie]
modalities: {front: [poles, free], overrides: {ads: central}}
territories:
  count: [1, 2]
  balance: {on: workload, tolerance: 0.25}
  locks: [{communes: ["1", "2"], together: true}, {commune: "1", seat: "2", inside: true}]
  seats: ["2"]
sites: {candidates: ["1"], keep: ["1"], close: [], max_open: 3}
norms: {ads: {within_minutes: 20, share: 0.5, max_minutes: 30}}
objective: {kind: epsilon, minimise: cost, limits: {travel_hours_per_year: 3}}
solver: {gap: 0.001}
"""
SIGNS = (
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    ",",
    "#",
    "'",
    '"',
    "\n",
    "\n  ",
    "\t",
    "? ",
    "| \n",
    "&a ",
    "*a",
    "!!int ",
    "<<: ",
)
WORDS = ("null", "true", "-1", "1e999", ".nan", "9" * 30, "64037", "{}", "[]", "[[1]]", "{0}", "{name}", "é", "poles")
PIECES = st.sampled_from(SIGNS + WORDS)
CUTS = st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 20), PIECES), min_size=1, max_size=4)
CATALOGUE = load_catalogue("data/catalogue/services.yaml")


def damaged(cuts: list[tuple[int, int, str]]) -> str:
    text = WHOLE
    for at, length, piece in cuts:
        text = text[:at] + piece + text[at + length :]
    return text


def test_the_text_before_damage_is_a_scenario(tmp_path: Path) -> None:
    path = tmp_path / "whole.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    assert load_scenario(path, catalogue=CATALOGUE, commune_codes=["1", "2"], site_ids=["1"]).id == "x"


@given(cuts=CUTS)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_damaged_file_gives_a_scenario_or_sentences_and_never_a_crash(
    tmp_path: Path, cuts: list[tuple[int, int, str]]
) -> None:
    path = tmp_path / "damaged.yaml"
    path.write_text(damaged(cuts), encoding="utf-8")
    try:
        load_scenario(path, catalogue=CATALOGUE, commune_codes=["1"], site_ids=["1"])
    except InputError as error:
        for found in error.faults:
            assert found.where.startswith(("damaged.yaml", str(path)))
            assert str(found)
            assert explain(found)
