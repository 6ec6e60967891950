"""Check files of every kind, and print their schemas."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from territo.errors import Fault, InputError, fault
from territo.scenario import files
from territo.scenario.catalogue import load_catalogue
from territo.sources.spec import spec_faults
from territo.studies.workspace import default_workspace


def validate_files(paths: Sequence[Path]) -> list[Fault]:
    """Find all that is wrong in scenario, territory and catalogue files.

    Services of scenarios are checked against the catalogue of the installation.
    """
    catalogue = load_catalogue(default_workspace().catalogue)
    return files.validate_files(paths, territory_faults=spec_faults, catalogue=catalogue)


def schema_of(kind: str) -> dict[str, Any]:
    """Return the JSON schema of a kind of file: ``scenario``, ``territory`` or ``catalogue``.

    Raises
    ------
    InputError
        If there is no such kind.
    """
    from territo.scenario.catalogue import schema_json as of_catalogue
    from territo.scenario.schema import schema_json as of_scenario
    from territo.sources.spec import schema_json as of_territory

    schemas = {"scenario": of_scenario, "territory": of_territory, "catalogue": of_catalogue}
    if kind not in schemas:
        nearest = (difflib.get_close_matches(kind, schemas, n=1, cutoff=0.0) or list(schemas))[0]
        sentence = "there is no schema of {kind}: ask for {kinds} (did you mean {nearest}?)"
        raise InputError(fault("unknown-schema", sentence, kind=kind, kinds=", ".join(schemas), nearest=nearest))
    return schemas[kind]()
