from pathlib import Path

import pytest

from territo.domain.catalogue import Catalogue
from territo.errors import InputError
from territo.scenario.catalogue import load_catalogue
from territo.scenario.loading import load_scenario, load_scenarios
from territo.scenario.objective import Lexicographic, Weighted
from territo.scenario.schema import Scenario

BASE = "id: a\nname: Un essai\nservices: [france_services, mediatheque]\n"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue("data/catalogue/services.yaml")


def write(tmp_path: Path, text: str, name: str = "poles.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def load(tmp_path: Path, text: str) -> Scenario:
    return load_scenario(write(tmp_path, text))


def refused(tmp_path: Path, text: str, **known: object) -> list[str]:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        load_scenario(path, **known)
    assert caught.value.exit_code == 2
    return [str(fault) for fault in caught.value.faults]


def test_the_shortest_scenario_has_the_documented_defaults(tmp_path: Path) -> None:
    scenario = load(tmp_path, BASE)
    assert scenario.mode == "optimise"
    assert scenario.services == ("france_services", "mediatheque")
    assert (scenario.modalities.front, scenario.modalities.field) == (("free",), ("central",))
    assert scenario.territories is None
    assert scenario.objective == Weighted(value_of_time_eur_h=8.6)
    assert (scenario.solver.time_limit_s, scenario.solver.gap, scenario.solver.threads) == (60.0, 0.001, 2)


def test_one_modality_is_a_list_of_one_and_one_count_is_a_range(tmp_path: Path) -> None:
    scenario = load(tmp_path, BASE + "modalities: {front: [poles, free], field: poles}\nterritories: {count: 4}\n")
    assert scenario.modalities.front == ("poles", "free")
    assert scenario.modalities.field == ("poles",)
    assert scenario.territories is not None
    assert scenario.territories.count == (4, 4)


def test_overrides_win_over_the_family(tmp_path: Path) -> None:
    scenario = load(tmp_path, BASE + "modalities: {front: free, overrides: {mediatheque: central}}\n")
    assert scenario.modalities_of("mediatheque", "front") == ("central",)
    assert scenario.modalities_of("france_services", "front") == ("free",)


def test_a_target_without_a_share_is_for_everyone(tmp_path: Path) -> None:
    scenario = load(tmp_path, BASE + "norms: {mediatheque: {within_minutes: 15}}\n")
    assert scenario.norms["mediatheque"].share == 1.0


def test_an_objective_without_a_kind_is_weighted(tmp_path: Path) -> None:
    assert load(tmp_path, BASE + "objective: {value_of_time_eur_h: 12}\n").objective == Weighted(value_of_time_eur_h=12)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            "site: {keep: []}",
            "poles.yaml:4: site: unknown key site: did you mean sites?",
        ),
        (
            "zzz: 1",
            (
                "poles.yaml:4: zzz: unknown key zzz: known here are budget, digital, equity, extends, id, itinerant, "
                "modalities, mode, name, norms, objective, reference, services, sites, solver, territories, transition"
            ),
        ),
        (
            "norms: {mediatheque: {within_minute: 20}}",
            "poles.yaml:4: norms.mediatheque.within_minute: unknown key within_minute: did you mean within_minutes?",
        ),
        (
            "territories:\n  count: 2\n  balance: {on: work, tolerance: 0.2}",
            "poles.yaml:6: territories.balance.on: work is not a value of this key: did you mean workload?",
        ),
        (
            "modalities: {front: [central, fre]}",
            "poles.yaml:4: modalities.front.1: fre is not a value of this key: did you mean free?",
        ),
        (
            "objective: {kind: weighed}",
            "poles.yaml:4: objective.kind: weighed is not a value of this key: did you mean weighted?",
        ),
        (
            "objective: {kind: epsilon, minimise: cost}",
            "poles.yaml:4: objective.limits: the key limits is required: add it",
        ),
        (
            "objective: {kind: epsilon, minimise: cost, limits: {}}",
            "poles.yaml:4: objective.limits: limits says nothing: give at least one ceiling",
        ),
        (
            "objective: {kind: epsilon, minimise: cost, limits: {cost_eur_per_year: 3}}",
            (
                "poles.yaml:4: objective.limits.cost_eur_per_year: cost is minimised already: "
                "remove its ceiling or minimise another term"
            ),
        ),
        (
            "objective: {kind: lexicographic, order: [cost, cost]}",
            "poles.yaml:4: objective.order: cost twice in the list: keep one",
        ),
        (
            "objective: {kind: lexicographic, order: []}",
            "poles.yaml:4: objective.order: the list needs at least 1: got 0",
        ),
        (
            "norms: {mediatheque: {within_minutes: 20 min}}",
            (
                "poles.yaml:4: norms.mediatheque.within_minutes: a plain number is expected, "
                "the unit stands in the name of the key: got 20 min"
            ),
        ),
        (
            "norms: {mediatheque: {within_minutes: 20, share: 90}}",
            "poles.yaml:4: norms.mediatheque.share: a share from 0 to 1 is expected: write 0.9 for 90 %",
        ),
        (
            "norms: {mediatheque: {share: 0.9}}",
            (
                "poles.yaml:4: norms.mediatheque.share: share needs within_minutes: "
                "the share of the inhabitants within how many minutes?"
            ),
        ),
        (
            "norms: {mediatheque: {within_minutes: 30, max_minutes: 20}}",
            "poles.yaml:4: norms.mediatheque.within_minutes: the target of 30 min is over the maximum of 20 min",
        ),
        (
            "norms: {mediatheque: {}}",
            "poles.yaml:4: norms.mediatheque: the norm says nothing: give within_minutes or max_minutes",
        ),
        (
            "norms: {ads: {max_minutes: 20}}",
            "poles.yaml:4: norms.ads: ads is not among the services of the scenario: add it there, or remove it here",
        ),
        (
            "budget: {capital_eur: -500000}",
            "poles.yaml:4: budget.capital_eur: at least 0 is expected: got -500000",
        ),
        (
            "budget: {running_cost_change_pct: 5 %}",
            (
                "poles.yaml:4: budget.running_cost_change_pct: a plain number is expected, "
                "the unit stands in the name of the key: got 5 %"
            ),
        ),
        (
            "equity: {aversion: 1}",
            "poles.yaml:4: equity.aversion: less than 0 is expected: got 1",
        ),
        (
            "solver: {time_limit_s: 0}",
            "poles.yaml:4: solver.time_limit_s: more than 0 is expected: got 0",
        ),
        (
            "solver: {threads: 1000}",
            "poles.yaml:4: solver.threads: at most 64 is expected: got 1000",
        ),
        (
            "solver: {seed: 1.5}",
            "poles.yaml:4: solver.seed: a whole number is expected, the unit stands in the name of the key: got 1.5",
        ),
        (
            "solver: {gap: .nan}",
            "poles.yaml:4: solver.gap: a plain number is expected, the unit stands in the name of the key: got .nan",
        ),
        (
            "reference: {accepted: oui}",
            "poles.yaml:4: reference.accepted: true or false is expected: got oui",
        ),
        (
            "sites: {keep: 64037}",
            "poles.yaml:4: sites.keep: a list is expected, [a, b]: got 64037",
        ),
        (
            "sites: {keep: [01004]}",
            'poles.yaml:4: sites.keep.0: a text or a code is expected: write it in quotes, "01004"',
        ),
        (
            'sites: {keep: ["64037", "64037"]}',
            "poles.yaml:4: sites.keep: 64037 twice in the list: keep one",
        ),
        (
            'sites:\n  keep: ["64037"]\n  close: ["64037"]',
            "poles.yaml:6: sites.close: 64037 is both kept and closed: choose one",
        ),
        (
            "sites: []",
            "poles.yaml:4: sites: keys and values are expected below this key: got […]",
        ),
        (
            "territories: {count: [5, 3]}",
            "poles.yaml:4: territories.count: 5 is more than 3: write [least, most]",
        ),
        (
            "territories: {count: [3]}",
            "poles.yaml:4: territories.count: a number or two numbers [least, most] are expected",
        ),
        (
            "modalities:\n  field: [poles, central]",
            (
                "poles.yaml:5: modalities.field: poles need territories: "
                "say how many territories to draw, or choose central or free"
            ),
        ),
        (
            "mode: evaluate\nbudget: {capital_eur: 1}",
            "poles.yaml:5: budget: the current situation is only evaluated: remove budget, or choose mode: optimise",
        ),
    ],
)
def test_one_sentence_says_what_is_wrong_and_where(tmp_path: Path, lines: str, sentence: str) -> None:
    assert refused(tmp_path, BASE + lines + "\n") == [sentence]


def test_a_missing_name_and_an_identifier_with_a_space_are_said(tmp_path: Path) -> None:
    assert refused(tmp_path, "id: deux mots\nservices: all\n") == [
        "poles.yaml:1: id: only letters without accents, digits, - and _ make an identifier: got deux mots",
        "poles.yaml:1: name: the key name is required: add it",
    ]


def test_faults_of_every_depth_are_found_in_one_reading(tmp_path: Path, catalogue: Catalogue) -> None:
    text = (
        "id: a\n"
        "name: b\n"
        "services: [france_service, mediatheque]\n"
        "norms: {mediatheque: {share: 90}, ads: {max_minutes: 20}}\n"
        "objectif: {}\n"
        "territories:\n"
        "  count: 2\n"
        "  locks:\n"
        '    - {communes: ["1", "2"], together: true}\n'
        '    - {communes: ["2", "1"], together: false}\n'
        "solver: {gap: -1}\n"
    )
    assert refused(tmp_path, text, catalogue=catalogue) == [
        "poles.yaml:3: services.0: france_service is not a service of the catalogue: did you mean france_services?",
        "poles.yaml:4: norms.mediatheque.share: a share from 0 to 1 is expected: write 0.9 for 90 %",
        "poles.yaml:4: norms.ads: ads is not among the services of the scenario: add it there, or remove it here",
        "poles.yaml:5: objectif: unknown key objectif: did you mean objective?",
        "poles.yaml:10: territories.locks.1: 2 and 1 are locked both together and apart: remove one of the locks",
        "poles.yaml:11: solver.gap: at least 0 is expected: got -1",
    ]


def test_a_wrong_territory_does_not_also_blame_the_poles(tmp_path: Path) -> None:
    text = BASE + "modalities: {front: poles}\nterritories: {count: [9, 2]}\n"
    assert refused(tmp_path, text) == ["poles.yaml:5: territories.count: 9 is more than 2: write [least, most]"]


def test_a_service_that_is_not_in_the_catalogue_is_said_with_the_nearest(tmp_path: Path, catalogue: Catalogue) -> None:
    text = "id: a\nname: b\nservices: all\nnorms: {mediateque: {max_minutes: 20}}\n"
    assert refused(tmp_path, text, catalogue=catalogue) == [
        "poles.yaml:4: norms.mediateque: mediateque is not a service of the catalogue: did you mean mediatheque?"
    ]


def test_communes_and_sites_that_do_not_exist_are_said_with_their_lines(tmp_path: Path) -> None:
    text = BASE + (
        "sites:\n"
        '  candidates: ["64001", "FS9"]\n'
        '  keep: ["64002"]\n'
        "territories:\n"
        "  count: 2\n"
        '  seats: ["64999"]\n'
        "  locks:\n"
        '    - {commune: "64001", seat: "64998", inside: false}\n'
        '    - communes: ["64001",\n'
        '        "64997"]\n'
        "      together: true\n"
    )
    assert refused(tmp_path, text, commune_codes=["64001"], site_ids=["64001"]) == [
        "poles.yaml:5: sites.candidates.1: FS9 is not the id of a site of the territory: check the list of sites",
        "poles.yaml:6: sites.keep.0: 64002 is not the id of a site of the territory: check the list of sites",
        (
            "poles.yaml:9: territories.seats.0: 64999 is not the code of a commune of the territory: "
            "check the list of communes"
        ),
        (
            "poles.yaml:11: territories.locks.0.seat: 64998 is not the code of a commune of the territory: "
            "check the list of communes"
        ),
        (
            "poles.yaml:13: territories.locks.1.communes.1: 64997 is not the code of a commune of the territory: "
            "check the list of communes"
        ),
    ]


def test_a_child_merges_mappings_and_replaces_lists(tmp_path: Path) -> None:
    write(tmp_path, BASE + "solver: {seed: 7, threads: 1}\nnorms: {mediatheque: {max_minutes: 30}}\n", "base.yaml")
    child = "id: b\nname: Autre\nextends: base.yaml\nservices: [mediatheque]\nsolver: {seed: 8}\n"
    scenario = load(tmp_path, child)
    assert scenario.services == ("mediatheque",)
    assert (scenario.solver.seed, scenario.solver.threads) == (8, 1)
    assert scenario.norms["mediatheque"].max_minutes == 30


def test_an_objective_of_another_kind_replaces_the_one_it_extends(tmp_path: Path) -> None:
    write(tmp_path, BASE + "objective: {kind: weighted, value_of_time_eur_h: 10}\n", "base.yaml")
    child = "id: b\nname: Autre\nextends: base.yaml\nobjective: {kind: lexicographic, order: [equity, travel]}\n"
    assert load(tmp_path, child).objective == Lexicographic(kind="lexicographic", order=("equity", "travel"))


def test_a_fault_points_to_the_file_where_the_key_stands(tmp_path: Path) -> None:
    write(tmp_path, BASE + "solver:\n  threads: 0\n  seed: -1\n", "base.yaml")
    child = "id: b\nname: Autre\nextends: base.yaml\nsolver: {seed: -2}\n"
    assert refused(tmp_path, child) == [
        "base.yaml:5: solver.threads: at least 1 is expected: got 0",
        "poles.yaml:4: solver.seed: at least 0 is expected: got -2",
    ]


def test_a_file_that_extends_itself_through_another_is_refused(tmp_path: Path) -> None:
    write(tmp_path, BASE + "extends: poles.yaml\n", "base.yaml")
    assert refused(tmp_path, "id: b\nname: Autre\nextends: base.yaml\n") == [
        "base.yaml:4: extends: poles.yaml extends itself, through poles.yaml, base.yaml: cut the circle"
    ]


def test_a_missing_base_is_said_at_the_line_that_names_it(tmp_path: Path) -> None:
    assert refused(tmp_path, "id: b\nname: Autre\nextends: absent.yaml\n") == [
        "poles.yaml:3: extends: there is no file absent.yaml to extend: check its path, from this file"
    ]


@pytest.mark.parametrize("name", ["/etc/base.yaml", "passwd", "[a]"])
def test_only_yaml_files_near_the_scenario_can_be_extended(tmp_path: Path, name: str) -> None:
    (sentence,) = refused(tmp_path, f"id: b\nname: Autre\nextends: {name}\n")
    assert sentence.startswith("poles.yaml:3: extends: extends names a YAML file by its path from this one")


def test_the_faults_of_all_files_are_raised_at_once(tmp_path: Path) -> None:
    paths = [write(tmp_path, BASE + "zzzz: 1\n", "one.yaml"), tmp_path / "two.yaml", write(tmp_path, "a: [", "3.yaml")]
    with pytest.raises(InputError) as caught:
        load_scenarios(paths)
    assert [fault.code for fault in caught.value.faults] == ["unknown-key", "missing-file", "yaml-syntax"]


def test_two_scenarios_with_one_identifier_are_refused(tmp_path: Path) -> None:
    paths = [write(tmp_path, BASE, "one.yaml"), write(tmp_path, "# bis\n" + BASE, "two.yaml")]
    with pytest.raises(InputError, match=r"^two\.yaml:2: id: two scenarios have the identifier a: change one$"):
        load_scenarios(paths)


def test_the_digest_follows_the_content_and_not_the_way_it_is_cut_up(tmp_path: Path) -> None:
    write(tmp_path, BASE, "base.yaml")
    whole = load(tmp_path, BASE + "solver: {seed: 3}\n")
    assert load(tmp_path, "extends: base.yaml\nsolver: {seed: 3, threads: 2}\n").digest == whole.digest
    assert load(tmp_path, BASE + "solver: {seed: 4}\n").digest != whole.digest
    assert len(whole.digest) == 64


def test_a_word_where_a_list_or_one_word_stands_is_one_fault(tmp_path: Path) -> None:
    assert refused(tmp_path, "id: a\nname: A\nservices: tout\n") == [
        "poles.yaml:3: services: tout is neither all nor a list: write all, or [a, b]"
    ]


def test_a_wrong_modality_is_said_once_and_not_again_as_an_empty_list(tmp_path: Path) -> None:
    assert refused(tmp_path, BASE + "modalities: {front: pole}\n") == [
        "poles.yaml:4: modalities.front: pole is not a value of this key: did you mean poles?"
    ]


def test_an_unknown_group_is_an_unknown_key_and_not_its_share(tmp_path: Path) -> None:
    norm = "norms: {mediatheque: {within_minutes: 20, groups: {pauvres: 0.9}}}\n"
    assert refused(tmp_path, BASE + norm) == [
        "poles.yaml:4: norms.mediatheque.groups.pauvres: unknown key pauvres: known here are poor, 75_plus"
    ]
