"""territo: what an intercommunalité pools at the centre and what it keeps close to people.

The public names below are loaded when first used, so that importing territo
stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Comparison": "territo.domain.indicators",
    "InfeasibleError": "territo.errors",
    "InputError": "territo.errors",
    "NoSolutionError": "territo.errors",
    "Run": "territo.domain.indicators",
    "Scenario": "territo.scenario.schema",
    "TerritoError": "territo.errors",
    "build_territory": "territo.studies.build",
    "compare": "territo.studies.compare",
    "load_catalogue": "territo.scenario.catalogue",
    "load_comparison": "territo.studies.store",
    "load_scenario": "territo.scenario.loading",
    "load_territory": "territo.studies.build",
    "model_territory": "territo.studies.build",
    "publish": "territo.studies.publish",
    "robustness": "territo.studies.robustness",
    "run": "territo.studies.compare",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605  # built from the table above, which is the one list of names


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name not in _HOMES:
        message = f"module 'territo' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
