import pytest

from territo.scenario.locks import lock_faults
from territo.scenario.parts import Territories


def sentences(*locks: dict[str, object], seats: tuple[str, ...] | None = None) -> list[str]:
    territories = Territories.model_validate({"count": 2, "locks": list(locks), "seats": seats})
    return [str(fault) for fault in lock_faults(territories)]


def together(*communes: str) -> dict[str, object]:
    return {"communes": list(communes), "together": True}


def apart(*communes: str) -> dict[str, object]:
    return {"communes": list(communes), "together": False}


def tied(commune: str, seat: str, *, inside: bool = True) -> dict[str, object]:
    return {"commune": commune, "seat": seat, "inside": inside}


def test_locks_that_agree_raise_nothing() -> None:
    locks = [together("a", "b", "c"), apart("a", "d"), tied("a", "s"), tied("b", "s"), tied("d", "s", inside=False)]
    assert sentences(*locks) == []


def test_a_pair_together_and_apart_is_found_through_other_communes() -> None:
    assert sentences(together("c", "d"), together("a", "b"), together("b", "c"), apart("a", "d")) == [
        "territories.locks.3: a and d are locked both together and apart: remove one of the locks"
    ]


def test_a_group_tied_to_two_poles_is_found() -> None:
    assert sentences(together("a", "b"), tied("a", "s"), tied("b", "u")) == [
        "territories.locks.2: b is locked to two poles, s and u: keep one"
    ]


def test_a_commune_inside_and_outside_one_territory_is_found_in_either_order() -> None:
    sentence = "a is locked both inside and outside the territory of s: remove one of the locks"
    assert sentences(tied("a", "s"), tied("a", "s", inside=False)) == [f"territories.locks.1: {sentence}"]
    assert sentences(tied("a", "s", inside=False), tied("a", "s")) == [f"territories.locks.0: {sentence}"]


def test_a_commune_tied_to_a_pole_cannot_be_apart_from_it() -> None:
    assert sentences(tied("a", "s"), apart("a", "s")) == [
        "territories.locks.1: a and s are locked both together and apart: remove one of the locks"
    ]


@pytest.mark.parametrize(("inside", "count"), [(True, 1), (False, 0)])
def test_a_commune_tied_to_a_seat_that_is_not_allowed_is_found(inside: bool, count: int) -> None:  # noqa: FBT001 - a parameter of the test
    found = sentences(tied("a", "z", inside=inside), seats=("s",))
    assert (
        found == ["territories.locks.0: z is not among the seats allowed: add it to seats, or remove this lock"] * count
    )
