"""Array types of the nouns, and the one way to freeze an array."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Reals = Floats | Singles  # matrices of travel are large, and single precision is enough to keep them
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def frozen(values: ArrayLike, dtype: type[Any]) -> NDArray[Any]:
    """Copy values into a read-only array of the given type."""
    array = np.array(values, dtype=dtype)
    array.setflags(write=False)
    return array
