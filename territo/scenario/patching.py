"""Change a few values of a scenario, by their dotted keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from territo.scenario.schema import Scenario


def patched(scenario: Scenario, patch: Mapping[str, Any]) -> Scenario:
    """Return a scenario with some values changed.

    Parameters
    ----------
    scenario
        As loaded.
    patch
        Dotted key -> value, ``budget.running_cost_change_pct``.

    Raises
    ------
    InputError, ValidationError
        If the changed scenario is not coherent.
    """
    content = scenario.model_dump(exclude_unset=True)
    for path, value in patch.items():
        *parents, last = path.split(".")
        place = content
        for key in parents:
            place = place.setdefault(key, {})
        place[last] = value
    return Scenario.model_validate(content)
