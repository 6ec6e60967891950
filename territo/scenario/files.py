"""Files of any kind that people write, recognised by their keys and checked together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from territo.domain.catalogue import Catalogue
from territo.errors import Fault, InputError, fault
from territo.scenario.catalogue import CatalogueFile, catalogue_faults
from territo.scenario.loading import load_scenarios
from territo.scenario.schema import Scenario
from territo.scenario.yaml_lines import LocatedYaml, read_yaml

_KEYS = {
    "scenario": frozenset(Scenario.model_fields),
    "catalogue": frozenset(CatalogueFile.model_fields),
    "territory": frozenset(
        ("name", "crs", "communes", "attributes", "roads", "grid", "facilities", "finance", "staff", "sources")
    ),
}


def validate_files(
    paths: Sequence[Path | str],
    *,
    territory_faults: Callable[[Path, LocatedYaml], Iterable[Fault]],
    catalogue: Catalogue | None = None,
) -> list[Fault]:
    """Check scenario, catalogue and territory files.

    Parameters
    ----------
    paths
        YAML files, of any kind.
    territory_faults
        Checks a territory file.
    catalogue
        What the services of the scenarios must belong to; None = not checked.

    Returns
    -------
    list of Fault
        All the faults of all the files; empty where all is well.
    """
    faults: list[Fault] = []
    scenarios: list[Path] = []
    for path in map(Path, paths):
        try:
            located = read_yaml(path)
        except InputError as error:
            faults += error.faults
            continue
        kind = kind_of(located.data)
        if kind == "scenario":
            scenarios.append(path)
        elif kind == "catalogue":
            faults += catalogue_faults(located)
        elif kind == "territory":
            faults += territory_faults(path, located)
        else:
            sentence = "this is neither a scenario, nor a territory, nor a catalogue: check its first keys"
            faults.append(fault("unknown-file-kind", sentence, where=located.where("")))
    return faults + _scenario_faults(scenarios, catalogue)


def kind_of(data: Mapping[str, object]) -> str:
    """Tell ``scenario``, ``catalogue`` or ``territory`` by the keys of a file; empty where no key is known."""
    known = {kind: len(keys & data.keys()) for kind, keys in _KEYS.items()}
    best = max(known, key=known.__getitem__)
    return best if known[best] else ""


def _scenario_faults(paths: Sequence[Path], catalogue: Catalogue | None) -> list[Fault]:
    try:
        load_scenarios(paths, catalogue=catalogue)
    except InputError as error:
        return list(error.faults)
    return []
