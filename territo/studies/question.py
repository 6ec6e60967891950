"""Whether a question only keeps or closes more sites than one that was answered.

Then each of its answers is one of the other's too, so that what was proven of
the first holds: no answer of the second is below the bound of the first.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from territo.domain.arrays import Bools
from territo.domain.indicators import Run
from territo.domain.travel import LoadedTerritory
from territo.errors import InputError, fault
from territo.model.problem import Problem
from territo.scenario.schema import Scenario
from territo.studies.store import comparison_in

DIGEST, KEPT, CLOSED = "question_digest", "question_kept", "question_closed"


def question(problem: Problem) -> dict[str, str]:
    """Describe what is asked, for the passport of its answer: sites kept, sites closed, and a digest of all else."""
    nothing = np.zeros_like(problem.sites.kept)
    open_to_all = dataclasses.replace(problem.sites, kept=nothing, closed=nothing)
    all_else = dataclasses.replace(problem, sites=open_to_all)
    named = {KEPT: problem.sites.kept, CLOSED: problem.sites.closed}
    return {DIGEST: digest(all_else), **{key: ",".join(_codes(problem, sites)) for key, sites in named.items()}}


def bound_from(answered: Run, problem: Problem) -> float:
    """Return what the answer to another question proves of a problem: its bound; -inf where they differ in more."""
    asked = question(problem)
    narrower = answered.passport.get(DIGEST) == asked[DIGEST] and all(
        _members(answered.passport[key]) <= _members(asked[key]) for key in (KEPT, CLOSED)
    )
    return answered.proofs[0].bound if narrower and answered.proofs else -math.inf


def answered(folder: Path, scenario: Scenario, territory: LoadedTerritory) -> Run:
    """Read the answer to start from: that of the same scenario in a folder of results, or its first one.

    Raises
    ------
    InputError
        The folder is not one of results, holds no answer, or those of another territory.
    """
    runs = comparison_in(folder).runs
    if not runs:
        sentence = "{folder} holds no answer to start from: give the folder of another run"
        raise InputError(fault("start-without-answer", sentence, key="--start", folder=folder.name))
    run = next((run for run in runs if run.scenario_id == scenario.id), runs[0])
    if run.passport.get("territory_digest") != territory.territory.digest:
        sentence = "the answer in {folder} was found on another territory: give one found on this one"
        raise InputError(fault("start-of-another", sentence, key="--start", folder=folder.name))
    return run


def digest(problem: Problem) -> str:
    """Tell a problem from all that the model does not see as the same: a SHA-256 of its arrays and choices."""
    fed = hashlib.sha256()
    _feed(fed, problem)
    return fed.hexdigest()


def _codes(problem: Problem, chosen: Bools) -> list[str]:
    return [problem.sites.codes[site] for site in np.flatnonzero(chosen)]


def _members(listed: str) -> set[str]:
    return {*listed.split(",")} - {""}


def _feed(fed: Any, value: object) -> None:
    """Add a noun of the model to a digest, field by field; arrays with their shape and type."""
    if isinstance(value, np.ndarray):
        fed.update(f"{value.dtype.str}{value.shape}".encode())
        fed.update(np.ascontiguousarray(value).tobytes())
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            fed.update(field.name.encode())
            _feed(fed, getattr(value, field.name))
    elif isinstance(value, Mapping):
        _feed(fed, tuple(sorted(value.items())))
    elif isinstance(value, tuple):
        fed.update(f"({len(value)}".encode())
        for each in value:
            _feed(fed, each)
    else:
        fed.update(f"{value!r};".encode())
