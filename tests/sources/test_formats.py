"""The table of vintages: each is recognised by its own columns, and an unknown file is told what it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from territo.errors import InputError
from territo.sources.formats import formats, layer_of, recognise, seen

KINDS = ("communes", "squares", "equipment", "france_services", "town_halls", "indicators", "finance", "roads")
EVERY = [pytest.param(kind, each, id=f"{kind}-{each.id}") for kind in KINDS for each in formats(kind)]


@pytest.mark.parametrize(("kind", "vintage"), EVERY)
def test_each_vintage_is_recognised_by_its_columns_whatever_their_case_and_order(kind, vintage):
    for columns in (vintage.identified_by, [name.upper() for name in reversed(vintage.identified_by)]):
        found = recognise(kind, [*columns, "another"], where="file")
        # two vintages that differ only by the case of their columns are the same file to us
        assert {name.lower() for name in found.format.identified_by} == {name.lower() for name in vintage.identified_by}
        assert set(found.columns.values()) <= set(columns)
        assert found.columns


@pytest.mark.parametrize(("kind", "vintage"), EVERY)
def test_a_vintage_without_one_of_its_columns_is_another_or_is_refused_with_its_name(kind, vintage):
    for lost in vintage.identified_by:
        rest = [name for name in vintage.identified_by if name != lost]
        other = seen(kind, rest)
        if other is None:
            with pytest.raises(InputError, match="of no known file"):
                recognise(kind, rest, where="file")
        else:
            assert lost.lower() not in {name.lower() for name in other.format.identified_by}


def test_the_page_on_files_names_every_vintage():
    page = Path("docs/territory-files.md").read_text(encoding="utf-8")
    general = {"squares_200m", "squares_1km", "squares_natural", "squares_inspire", "squares_carr1km"}
    every = [each for kind in KINDS for each in formats(kind) if each.id not in general]
    assert [each.label for each in every if each.label not in page] == []


def test_what_the_nearest_vintage_has_more_is_named():
    with pytest.raises(InputError) as caught:
        recognise("equipment", ["DEPCOM", "TYPE"], where="bpe.csv", key="facilities.bpe")
    (fault,) = caught.value.faults
    assert (fault.where, fault.key, fault.context["missing"]) == ("bpe.csv", "facilities.bpe", "TYPEQU")


def test_the_layer_that_a_producer_names_is_found_among_others():
    assert layer_of("communes", ["epci", "Commune", "canton"]) == "Commune"
    assert layer_of("roads", ["batiment", "troncon_de_route"]) == "troncon_de_route"
    assert layer_of("roads", ["batiment"]) is None
