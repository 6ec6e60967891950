"""Classical location models on plain arrays, exact.

The models are loaded when first used: their compiled kernels take a second.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Location": "territo.locate.location",
    "capacitated_p_median": "territo.locate.capacitated",
    "equitable": "territo.locate.equitable",
    "fixed_charge": "territo.locate.fixed_charge",
    "max_cover": "territo.locate.max_cover",
    "p_center": "territo.locate.p_center",
    "p_median": "territo.locate.p_median",
    "set_cover": "territo.locate.set_cover",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605  # built from the table above, which is the one list of names


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name not in _HOMES:
        message = f"module 'territo.locate' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
