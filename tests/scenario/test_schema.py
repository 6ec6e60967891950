import pytest
from pydantic import ValidationError

from territo.errors import InputError
from territo.scenario.catalogue import load_catalogue
from territo.scenario.checks import check_against
from territo.scenario.objective import Lexicographic
from territo.scenario.parts import ModalityChoice, SeatLock, Territories, TogetherLock
from territo.scenario.schema import Scenario


def test_a_scenario_can_be_made_in_python_from_its_parts() -> None:
    locks = (TogetherLock(communes=("1", "2"), together=True), SeatLock(commune="1", seat="3", inside=True))
    scenario = Scenario(
        id="a",
        name="b",
        services=("mediatheque",),
        modalities=ModalityChoice(front=("poles",)),
        territories=Territories(count=(1, 2), locks=locks),
        objective=Lexicographic(kind="lexicographic", order=("cost",)),
    )
    assert scenario.territories is not None
    assert scenario.territories.locks == locks
    assert scenario.objective.kind == "lexicographic"


def test_a_scenario_read_back_from_its_own_dump_is_the_same() -> None:
    scenario = Scenario(id="a", name="b", services="all", territories=Territories(count=(2, 3)))
    again = Scenario.model_validate(scenario.model_dump(mode="json"))
    assert again.model_dump() == scenario.model_dump()
    assert again.digest == scenario.digest


def test_a_scenario_never_changes_once_made() -> None:
    scenario = Scenario(id="a", name="b", services="all")
    with pytest.raises(ValidationError, match="frozen"):
        scenario.name = "c"


def test_a_contradiction_in_python_is_refused_with_the_faults_inside() -> None:
    with pytest.raises(ValidationError) as caught:
        Scenario(id="a", name="b", services=("ads",), modalities=ModalityChoice(back=("poles",)))
    inner = caught.value.errors()[0]["ctx"]["error"]
    assert isinstance(inner, InputError)
    assert [fault.key for fault in inner.faults] == ["modalities.back"]


def test_what_every_antenna_offers_must_be_able_to_stand_there() -> None:
    catalogue = load_catalogue("data/catalogue/services.yaml")
    scenario = Scenario.model_validate(
        {
            "id": "a",
            "name": "a",
            "services": ["france_services", "eaje"],
            "modalities": {
                "front": "free",
                "overrides": {"eaje": "central"},
                "antenna_services": ["france_services", "eaje"],
            },
        }
    )
    (found,) = check_against(scenario, None, catalogue, None, None)
    assert found.code == "antenna-modality"
    assert found.key == "modalities.antenna_services.1"


def test_stops_need_people_to_receive_and_a_service_of_a_territory_has_no_antennas_besides() -> None:
    catalogue = load_catalogue("data/catalogue/services.yaml")
    scenario = Scenario.model_validate(
        {
            "id": "a",
            "name": "a",
            "services": ["voirie", "action_sociale", "france_services"],
            "modalities": {"front": "poles_antennas"},
            "territories": {"count": 2},
            "itinerant": {"services": ["voirie", "action_sociale", "france_services"]},
        }
    )
    found = check_against(scenario, None, catalogue, None, None)
    assert [(each.code, each.key) for each in found] == [
        ("itinerant-kind", "itinerant.services.0"),
        ("itinerant-antennas", "itinerant.services.1"),
    ]


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"equity": {"least_means_ratio": 0.8}}, "means-without-territories"),
        ({"equity": {"measure": "cvar"}, "itinerant": {"services": ["france_services"]}}, "cvar-with-stops"),
        ({"norms": {"france_services": {"groups": {"poor": 0.9}}}}, "share-without-target"),
        ({"norms": {"france_services": {}}}, "empty-norm"),
    ],
)
def test_promises_of_equity_that_contradict_the_scenario_are_refused(keys: dict[str, object], found: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Scenario.model_validate({"id": "a", "name": "a", "services": ["france_services"], **keys})
    assert found in str(caught.value.errors()[0]["ctx"]["error"].faults)


def test_means_of_territories_need_services_that_are_central_or_not() -> None:
    catalogue = load_catalogue("data/catalogue/services.yaml")
    scenario = Scenario.model_validate(
        {
            "id": "a",
            "name": "a",
            "services": ["eaje", "voirie", "finances"],
            "modalities": {"front": ["central", "free"], "field": "poles", "back": ["central", "poles"]},
            "territories": {"count": 2},
            "equity": {"most_redeployment": 0.1},
        }
    )
    (found,) = check_against(scenario, None, catalogue, None, None)
    assert (found.code, found.context["service"]) == ("means-undecided", "eaje")


def phased(**values) -> Scenario:
    content = {"id": "a", "name": "b", "services": "all", "transition": {"years": 5, "phasing": values}}
    return Scenario.model_validate(content)


def test_steps_are_three_unless_given_and_one_limit_serves_all() -> None:
    steps = phased(max_changes=4, capital_eur=[0, 50_000, 100_000]).transition.phasing
    assert steps.years == (0, 2, 5)
    assert steps.of_steps(steps.max_changes) == (4, 4, 4)
    assert steps.of_steps(steps.capital_eur) == (0, 50_000, 100_000)
    assert steps.of_steps(steps.max_services) == (None, None, None)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"years": [0, 5, 2, 5]}, "must grow"),
        ({"years": [0, 2, 4]}, "give the same"),
        ({"horizon_years": 5}, "before the last step"),
        ({"max_changes": [1, 2]}, "2 numbers for 3 steps"),
        ({"years": [5]}, "years"),
    ],
)
def test_steps_that_do_not_hold_together_are_refused(values, sentence) -> None:
    with pytest.raises((InputError, ValidationError), match=sentence):
        phased(**values)
