"""The one way to compile a kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(function: Kernel) -> Kernel:
    """Compile a function at its first call; the code is kept on disk for the next process."""
    return cast("Kernel", numba.njit(cache=True, error_model="numpy")(function))
