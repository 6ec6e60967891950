"""Names of rows and columns: what a file can hold, each one different."""

from __future__ import annotations

import re
from collections.abc import Sequence

# PuLP rewrites some of these signs itself; the others end a name, or separate its parts, in a file of the model
UNWRITABLE = re.compile(r"[^\w.~]")


def distinct(ids: Sequence[str]) -> tuple[str, ...]:
    """Name things after their ids, so that no two have the same name.

    An id of letters, digits, ``_``, ``.`` and ``~`` keeps its own. In the others every
    further sign becomes ``_``; where that name is taken, a number follows it.

    Examples
    --------
    >>> distinct(["64445", "A-1", "A_1", "A/1"])
    ('64445', 'A_1~2', 'A_1', 'A_1~3')
    """
    kept = {text for text in ids if not UNWRITABLE.search(text)}
    names: dict[str, None] = {}
    for text in ids:
        name = stem = UNWRITABLE.sub("_", text)
        number = 1
        while name in names or (name in kept and name != text):
            number += 1
            name = f"{stem}~{number}"
        names[name] = None
    return tuple(names)
