"""Scenario files: what they extend, how they merge, and all their faults at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from territo.domain.catalogue import Catalogue
from territo.errors import Fault, InputError, fault, raise_faults
from territo.scenario.checks import check_against
from territo.scenario.schema import Scenario
from territo.scenario.validation import faults_from_validation
from territo.scenario.yaml_lines import LocatedYaml, Mark, read_yaml

ROUNDS = 12
_NEEDED = {"id": "scenario", "name": "scenario", "services": "all"}


def load_scenario(
    path: Path | str,
    *,
    catalogue: Catalogue | None = None,
    commune_codes: Iterable[str] | None = None,
    site_ids: Iterable[str] | None = None,
) -> Scenario:
    """Read one scenario file, with the files it extends.

    Parameters
    ----------
    path
        YAML file.
    catalogue, commune_codes, site_ids
        What the names in the file must belong to; None = not checked.

    Raises
    ------
    InputError
        With all the faults of the file, each with file and line.
    """
    (scenario,) = load_scenarios([path], catalogue=catalogue, commune_codes=commune_codes, site_ids=site_ids)
    return scenario


def load_scenarios(
    paths: Sequence[Path | str],
    *,
    catalogue: Catalogue | None = None,
    commune_codes: Iterable[str] | None = None,
    site_ids: Iterable[str] | None = None,
) -> tuple[Scenario, ...]:
    """Read several scenario files; parameters as in :func:`load_scenario`.

    Raises
    ------
    InputError
        With all the faults of all the files, and with the identifiers that
        two of them share.
    """
    codes = None if commune_codes is None else frozenset(commune_codes)
    ids = None if site_ids is None else frozenset(site_ids)
    faults: list[Fault] = []
    scenarios: dict[str, Scenario] = {}
    for path in paths:
        try:
            located = merged_yaml(path)
        except InputError as error:
            faults += error.faults
            continue
        scenario, found = examine(located)
        if scenario is not None:
            found += check_against(scenario, located, catalogue, codes, ids)
            found += _taken(scenario, located, scenarios)
            scenarios[scenario.id] = scenario
        faults += sorted(found, key=lambda each: (located.mark(each.key).file, located.line(each.key)))
    raise_faults(faults)
    return tuple(scenarios.values())


def _taken(scenario: Scenario, located: LocatedYaml, scenarios: Mapping[str, Scenario]) -> Iterator[Fault]:
    if scenario.id in scenarios and scenario.id == located.data.get("id"):
        sentence = "two scenarios have the identifier {name}: change one"
        yield fault("duplicate-id", sentence, where=located.where("id"), key="id", name=scenario.id)


def examine(located: LocatedYaml) -> tuple[Scenario | None, list[Fault]]:
    """Validate a content, and go on without what is wrong, to find all the faults at once.

    Returns
    -------
    scenario
        Without the values at fault; None where nothing could be made of it.
    faults
        Empty where the content is a scenario.
    """
    data, faults = located.data, list[Fault]()
    for _ in range(ROUNDS):
        try:
            return Scenario.model_validate(data), faults
        except ValidationError as error:
            found = faults_from_validation(error, located, Scenario)
            faults += [each for each in found if not _follows(each, faults)]
            for each in found:
                data = {**_NEEDED, **(_without(data, each.key.split(".")) or data)}
    return None, faults


def merged_yaml(path: Path | str) -> LocatedYaml:
    """Read a file and the files it extends: mappings merge, lists replace.

    A mapping whose ``kind`` changes replaces the one it extends, since the
    keys of one kind mean nothing to another.
    """
    chain: list[Path] = []
    contents: list[LocatedYaml] = []
    following: Path | None = Path(path)
    while following is not None:
        located = _base(following, contents[-1]) if contents else read_yaml(following)
        chain.append(following.resolve())
        contents.append(located)
        following = _extended(located, following)
        if following is not None and following.resolve() in chain:
            sentence = "{name} extends itself, through {chain}: cut the circle"
            names = ", ".join(each.name for each in chain)
            raise InputError(
                fault(
                    "extends-cycle",
                    sentence,
                    where=located.where("extends"),
                    key="extends",
                    name=following.name,
                    chain=names,
                )
            )
    merged = contents[-1]
    for child in reversed(contents[:-1]):
        merged = _merge(merged, child)
    return merged


def _extended(located: LocatedYaml, path: Path) -> Path | None:
    name = located.data.get("extends")
    if name is None:
        return None
    if not isinstance(name, str) or PurePosixPath(name).is_absolute() or not name.endswith((".yaml", ".yml")):
        sentence = "extends names a YAML file by its path from this one: got {got}"
        raise InputError(
            fault("extends-name", sentence, where=located.where("extends"), key="extends", got=located.text("extends"))
        )
    return path.parent / name


def _base(path: Path, child: LocatedYaml) -> LocatedYaml:
    if not path.is_file():
        sentence = "there is no file {name} to extend: check its path, from this file"
        where = child.where("extends")
        raise InputError(fault("extends-missing", sentence, where=where, key="extends", name=child.data["extends"]))
    return read_yaml(path)


def _merge(base: LocatedYaml, child: LocatedYaml) -> LocatedYaml:
    marks = dict(base.marks)
    data = _merge_mappings(base.data, child.data, "", marks)
    marks |= child.marks
    return replace(child, data=data, marks=marks)


def _merge_mappings(base: dict[str, Any], child: dict[str, Any], key: str, marks: dict[str, Mark]) -> dict[str, Any]:
    """Merge two mappings; ``marks`` loses what the child replaces."""
    merged = dict(base)
    for name, value in child.items():
        inner = f"{key}.{name}" if key else name
        old = base.get(name)
        if isinstance(old, dict) and isinstance(value, dict) and not _other_kind(old, value):
            merged[name] = _merge_mappings(old, value, inner, marks)
        else:
            merged[name] = value
            for mark in [mark for mark in marks if mark == inner or mark.startswith(f"{inner}.")]:
                del marks[mark]
    return merged


def _other_kind(old: dict[str, Any], new: dict[str, Any]) -> bool:
    return "kind" in new and new["kind"] != old.get("kind")


def _follows(later: Fault, faults: list[Fault]) -> bool:
    """Whether a fault only repeats or follows from one that was found before."""
    keys = {each.key for each in faults}
    needs = str(later.context.get("needs", ""))
    return any(
        key == later.key or key.startswith(f"{later.key}.") or (needs and needs in key.split(".")) for key in keys
    )


def _without(data: dict[str, Any], path: list[str]) -> dict[str, Any] | None:
    """Copy a mapping without a value, or None where the whole of it must go.

    A list goes as a whole, so that the places of its values stay right.
    """
    head, rest = path[0], path[1:]
    if head not in data:
        return None
    others = {name: value for name, value in data.items() if name != head}
    inner = _without(data[head], rest) if rest and isinstance(data[head], dict) else None
    return others if inner is None else {**others, head: inner}
