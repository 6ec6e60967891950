"""The file of speeds by class of road."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from territo.access.network import OTHER, Speeds
from territo.errors import InputError, fault
from territo.scenario.validation import faults_from_validation
from territo.scenario.values import Flag, Number, Part, Text
from territo.scenario.yaml_lines import LocatedYaml, read_yaml

Above = Annotated[Number, Field(gt=0)]


class _Terminal(Part):
    value: Annotated[Number, Field(ge=0)]
    evidence: Text
    source: Text


class _Access(Part):
    speed_kmh: Above
    max_m: Above
    evidence: Text
    source: Text


class _Road(Part):
    limit_kmh: Above
    factor: Annotated[Number, Field(gt=0, le=1)]
    evidence: Text


class SpeedsFile(Part):
    """Speeds by class of road, each with its evidence."""

    version: Text
    mode: Literal["car", "bike", "walk"] = "car"
    evidence: Text
    source: Text
    forbidden: tuple[Text, ...] = ()
    """Classes that the mode may not use."""
    ignores_one_way: Flag = False
    """One-way streets bind other modes only."""
    terminal_min: _Terminal
    access: _Access
    roads: Mapping[str, _Road]


def load_speeds(path: Path | str) -> Speeds:
    """Read a file of speeds.

    Raises
    ------
    InputError
        With all its faults, each with file and line.
    """
    located = read_yaml(path)
    content = _validated(located)
    return Speeds(
        kmh={name: road.limit_kmh * road.factor for name, road in content.roads.items()},
        access_kmh=content.access.speed_kmh,
        access_max_m=content.access.max_m,
        terminal_min=content.terminal_min.value,
        version=content.version,
        digest=located.digest,
        mode=content.mode,
        forbidden=frozenset(content.forbidden),
        ignores_one_way=content.ignores_one_way,
    )


def _validated(located: LocatedYaml) -> SpeedsFile:
    try:
        content = SpeedsFile.model_validate(located.data)
    except ValidationError as error:
        raise InputError(*faults_from_validation(error, located, SpeedsFile)) from error
    if OTHER not in content.roads:
        sentence = "the key {name} is required: add it"
        raise InputError(fault("missing-key", sentence, where=located.where("roads"), key="roads", name=OTHER))
    return content
