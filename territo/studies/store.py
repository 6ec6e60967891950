"""Keep a comparison on disk: JSON for the figures, NPZ for the organisations."""

from __future__ import annotations

import dataclasses
import json
import math
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from territo.domain.indicators import Assessment, Comparison, Indicator, Proof, Run, Step
from territo.domain.itinerance import Itinerance
from territo.domain.organisation import Organisation
from territo.errors import InputError, fault

ARRAYS = ("territory_of", "offered", "staff", "assignment", "hours_week")
# where a folder of results keeps its comparison
RUNS = "runs"
STOP_ARRAYS = ("half_days", "parent", "offered", "assignment")


def save_comparison(comparison: Comparison, directory: Path) -> None:
    """Write a comparison to a new folder; the folder appears only when it is whole."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".writing-") as temporary:
        draft = Path(temporary) / "comparison"
        for number, run in enumerate((comparison.reference, *comparison.runs)):
            _save_run(run, draft / f"{number:02d}")
        if directory.exists():
            shutil.rmtree(directory)
        draft.rename(directory)


def load_comparison(directory: Path) -> Comparison:
    """Read what :func:`save_comparison` wrote.

    Raises
    ------
    InputError
        If the folder is not a comparison.
    """
    try:
        runs = [_load_run(folder) for folder in sorted(directory.iterdir())]
        return Comparison(runs[0], tuple(runs[1:]))
    except (OSError, EOFError, BadZipFile, KeyError, TypeError, ValueError, IndexError) as error:
        sentence = "{directory} is not a comparison written by territo: make it again"
        raise InputError(fault("not-a-comparison", sentence, directory=directory.name)) from error


def comparison_in(folder: Path) -> Comparison:
    """Read the comparison of a folder of results, or of the folder in it; errors as :func:`load_comparison`."""
    return load_comparison(folder / RUNS if (folder / RUNS).is_dir() else folder)


def write_json(path: Path, content: object) -> None:
    """Write a JSON document; the file appears only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".writing-{path.name}")
    draft.write_text(json.dumps(_nulls(content), ensure_ascii=False, allow_nan=False, indent=1), encoding="utf-8")
    draft.replace(path)


def _save_run(run: Run, folder: Path) -> None:
    folder.mkdir(parents=True)
    organisation = run.organisation
    arrays = {name: getattr(organisation, name) for name in ARRAYS}
    stops = organisation.itinerance
    if stops is not None:
        arrays |= {f"stops_{name}": getattr(stops, name) for name in STOP_ARRAYS}
    np.savez_compressed(folder / "organisation.npz", **arrays)
    content = {
        "scenario_id": run.scenario_id,
        "scenario_name": run.scenario_name,
        "status": run.status,
        "organisation": {
            "services": organisation.services,
            "modality": organisation.modality,
            "headquarters": organisation.headquarters,
            "seats": organisation.seats,
            "stop_credit": None if stops is None else stops.credit,
        },
        "indicators": [_plain(indicator) for indicator in run.assessment.indicators.values()],
        "alarms": run.assessment.alarms,
        "proofs": [_plain(proof) for proof in run.proofs],
        "terms": dict(run.terms),
        "warnings": run.warnings,
        "passport": dict(run.passport),
        "steps": [dataclasses.asdict(step) for step in run.steps],
    }
    text = json.dumps(_nulls(content), ensure_ascii=False, allow_nan=False, indent=1)
    (folder / "run.json").write_text(text, encoding="utf-8")


def _plain(value: Indicator | Proof) -> dict[str, Any]:
    fields = dataclasses.asdict(value)
    by_commune = fields.get("by_commune")
    return fields | ({"by_commune": by_commune.tolist()} if by_commune is not None else {})


def _nulls(value: Any) -> Any:
    """Write missing numbers as null and infinite ones as text, which JSON has no numbers for."""
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if isinstance(value, Mapping):
        return {key: _nulls(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_nulls(inner) for inner in value]
    return value


def _number(value: float | str | None) -> float:
    return math.nan if value is None else float(value)


def _load_run(folder: Path) -> Run:
    content = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    with np.load(folder / "organisation.npz") as arrays:
        parts = content["organisation"]
        credit = parts.get("stop_credit")
        stops = None if credit is None else Itinerance(credit, *(arrays[f"stops_{name}"] for name in STOP_ARRAYS))
        organisation = Organisation(
            services=tuple(parts["services"]),
            modality=tuple(parts["modality"]),
            headquarters=parts["headquarters"],
            seats=tuple(parts["seats"]),
            **{name: arrays[name] for name in ARRAYS},
            itinerance=stops,
        )
    indicators = (_indicator(fields) for fields in content["indicators"])
    return Run(
        scenario_id=content["scenario_id"],
        scenario_name=content["scenario_name"],
        status=content["status"],
        organisation=organisation,
        assessment=Assessment({each.id: each for each in indicators}, tuple(content["alarms"])),
        proofs=tuple(_proof(fields) for fields in content["proofs"]),
        terms={name: _number(value) for name, value in content["terms"].items()},
        warnings=tuple(content["warnings"]),
        passport=content["passport"],
        steps=tuple(_step(fields) for fields in content.get("steps", ())),
    )


def _indicator(fields: dict[str, Any]) -> Indicator:
    parts = {name: {key: _number(v) for key, v in fields[name].items()} for name in ("by_service", "by_territory")}
    communes = fields["by_commune"]
    return Indicator(
        **fields
        | parts
        | {
            "value": _number(fields["value"]),
            "by_commune": None if communes is None else np.array([_number(v) for v in communes]),
        }
    )


def _proof(fields: dict[str, Any]) -> Proof:
    numbers = {name: _number(fields[name]) for name in ("objective", "bound", "gap", "seconds")}
    return Proof(**fields | numbers)


def _step(fields: dict[str, Any]) -> Step:
    points = {name: tuple((site, service) for site, service in fields[name]) for name in ("opened", "closed")}
    numbers = {name: _number(value) for name, value in fields.items() if name.endswith(("_eur", "_hours", "_fte"))}
    return Step(**fields | points | numbers | {"changed": tuple(fields["changed"])})
