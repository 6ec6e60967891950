"""Which promises conflict, which few to revisit, and what to say where none can be kept.

Conflicts are found by deletion (Chinneck 2008, doi:10.1007/978-0-387-74932-7),
all of them through the tree of their hitting sets (Reiter 1987,
doi:10.1016/0004-3702(87)90062-2). Domain specification, section 5.10.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from territo.errors import Fault, fault
from territo.model.elastic import Elastic
from territo.model.promises import Promise

Conflict = tuple[Promise, ...]

# a tree with more conflicts than this is cut; the ones found stand
MOST_CONFLICTS = 12
FAMILIES = (
    "limits",
    "norm",
    "resilience",
    "means",
    "staffmove",
    "balance",
    "contiguity",
    "locks",
    "territory",
    "existing",
    "presence",
)


def settling(elastic: Elastic) -> tuple[Conflict, ...]:
    """Return sets of promises that cannot be kept together, as many as it takes to know the fewest to revisit.

    None holds another. What is part of every conflict is part of each of these.
    """
    found: list[Conflict] = []
    while elastic.status(smallest(found)) == "infeasible":
        if len(found) == MOST_CONFLICTS:
            elastic.cut_short = True
            break
        found.append(_filtered(elastic, smallest(found)))
    return tuple(found)


def every_conflict(
    elastic: Elastic, known: Sequence[Conflict], over: Callable[[], bool] = lambda: False
) -> tuple[tuple[Conflict, ...], bool]:
    """Return all sets of promises that cannot be kept together, none of which holds another.

    Parameters
    ----------
    elastic
        Solves without some promises.
    known
        Some of the sets; they come first.
    over
        Whether to solve no more.

    Returns
    -------
    tuple of sets, bool
        Whether these are known to be all.
    """
    found = list(known)
    before, elastic.cut_short = elastic.cut_short, False
    paths: list[Conflict] = [()]
    seen: set[frozenset[str]] = set()
    while paths and len(found) < MOST_CONFLICTS:
        path = paths.pop(0)
        ids = _ids(path)
        if ids in seen or elastic.knows(path):
            continue
        seen.add(ids)
        conflict = next((each for each in found if not ids & _ids(each)), None)
        if conflict is None and over():
            paths.append(path)
            break
        if conflict is None and elastic.status(path) == "infeasible":
            conflict = _filtered(elastic, path)
            found.append(conflict)
        if conflict is not None:
            paths += [(*path, promise) for promise in conflict]
    every = not paths and not elastic.cut_short
    elastic.cut_short |= before
    return tuple(found), every


def smallest(found: Sequence[Conflict]) -> Conflict:
    """Return the fewest promises whose loss resolves all conflicts; what the law asks comes last."""
    best: Conflict | None = None
    chosen: list[Conflict] = [()]
    while chosen:
        current = chosen.pop()
        if best is not None and _weight(current) >= _weight(best):
            continue
        standing = next((each for each in found if not _ids(each) & _ids(current)), None)
        if standing is None:
            best = current
        else:
            chosen += [(*current, promise) for promise in standing]
    return best or ()


def why_not(elastic: Elastic) -> tuple[Fault, ...]:
    """Say which families of promises block; only what was found to be enough is said to be."""
    families = {
        family: [promise for promise in elastic.promises if promise.family == family]
        for family in FAMILIES
        if any(promise.family == family for promise in elastic.promises)
    }
    alone = [family for family, members in families.items() if elastic.enough(members)]
    if alone:
        head = fault("infeasible", "the promises cannot all be kept; loosening one of these is enough:")
        return (head, *_blocking(alone, elastic))
    without_any = elastic.status(elastic.promises)
    if without_any == "infeasible":
        sentence = "nothing can be organised even without promises: check territories.count, the seats and the sites"
        return (fault("infeasible-core", sentence),)
    if without_any == "unknown":
        head = fault("infeasible-unexplained", "the promises cannot all be kept; which ones block is not known")
        return (head, *_blocking((), elastic))
    head = fault("infeasible-together", "the promises cannot all be kept; loosening these together is enough:")
    together = list(families)
    for family in families:
        others = [name for name in together if name != family]
        if elastic.enough([promise for name in others for promise in families[name]]):
            together = others
    return (head, *_blocking(together, elastic))


def _filtered(elastic: Elastic, dropped: Sequence[Promise]) -> Conflict:
    """Drop what can be dropped while still no organisation exists: several at a time, or one where that fails."""
    gone = list(dropped)
    unsure = [promise for promise in elastic.promises if promise not in gone]
    size = max(1, len(unsure) // 2)
    while unsure:
        tried = unsure[:size]
        if elastic.status([*gone, *tried]) == "infeasible":
            gone += tried
            unsure, size = unsure[size:], 2 * size
            continue
        # an organisation that breaks one promise alone shows that the conflict needs it
        needed = elastic.breaks([*gone, *tried]) - _ids(gone)
        if len(needed) == 1 or size == 1:
            unsure = [promise for promise in unsure if promise.id not in (needed or _ids(tried))]
        else:
            size = max(1, size // 2)
    return tuple(promise for promise in elastic.promises if promise not in gone)


def _ids(promises: Iterable[Promise]) -> frozenset[str]:
    return frozenset(promise.id for promise in promises)


def _weight(chosen: Collection[Promise]) -> tuple[bool, int]:
    return any(promise.kind == "presence" for promise in chosen), len(chosen)


def _blocking(families: Iterable[str], elastic: Elastic) -> Iterator[Fault]:
    for family in families:
        yield fault(f"blocks-{family}", "- {family}", family=family)
    if elastic.cut_short:
        sentence = (
            "the search for what blocks was cut short, so there may be more to say: "
            "let it last longer (solver.time_limit_s)"
        )
        yield fault("search-cut-short", sentence)
