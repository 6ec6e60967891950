"""Solve a classical location model whose numbers stand in files."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from territo.errors import Fault, InfeasibleError, InputError, NoSolutionError, fault, raise_faults
from territo.locate.capacitated import capacitated_p_median
from territo.locate.checks import Indices
from territo.locate.equitable import equitable
from territo.locate.fixed_charge import fixed_charge
from territo.locate.location import Location
from territo.locate.max_cover import max_cover
from territo.locate.p_center import p_center
from territo.locate.p_median import p_median
from territo.locate.set_cover import set_cover
from territo.progress import Progress
from territo.sources.cells import named
from territo.sources.cost_files import CostTable, read_column, read_costs

Read = TypeVar("Read")

POINTS, SITES = "points", "sites"
# options that name a file, and what the file has a number for
COLUMNS = {"weights": POINTS, "demands": POINTS, "opening_costs": SITES, "capacities": SITES}


@dataclass(frozen=True, slots=True)
class Model:
    """A model; what it must be told, and what it may be told, beside the costs."""

    solve: Callable[..., Location]
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()


MODELS = {
    "p-median": Model(p_median, ("weights", "p")),
    "p-center": Model(p_center, ("p",)),
    "set-cover": Model(set_cover, ("radius",)),
    "max-cover": Model(max_cover, ("weights", "radius", "p")),
    "fixed-charge": Model(fixed_charge, ("weights", "opening_costs"), ("capacities", "single_source")),
    "capacitated-p-median": Model(capacitated_p_median, ("demands", "capacities", "p")),
    "equitable": Model(equitable, ("weights", "p"), ("aversion", "kappa", "worst_share")),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A model and what to give it.

    Parameters
    ----------
    model
        A key of ``MODELS``.
    costs
        File of the costs.
    given
        Numbers and files by the names of the arguments of the model.
    fixed_open, forbidden
        Identifiers of sites.
    limits
        ``time_limit``, ``gap`` and ``seed``, as the models take them.
    """

    model: str
    costs: Path
    given: Mapping[str, Any]
    fixed_open: Sequence[str] = ()
    forbidden: Sequence[str] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """An answer, and the names of the points and sites that it speaks of."""

    location: Location
    points: tuple[str, ...]
    sites: tuple[str, ...]


def locate(question: Question, progress: Progress) -> Located:
    """Read the files of a question and solve it.

    Raises
    ------
    InputError
        All that is wrong with the options and the files; then, once these can
        be read, all that is wrong with the problem.
    InfeasibleError
        No choice of sites serves every point.
    NoSolutionError
        The limits came before any answer.
    """
    table, arguments = _read(question)
    try:
        location = MODELS[question.model].solve(table.costs, **arguments, **question.limits, progress=progress)
    except InputError as error:
        raise InputError(*(_in_words_of_files(found, question, table) for found in error.faults)) from error
    if location.status == "infeasible":
        text = "no choice of sites serves every point: allow more sites, more pairs or more capacity"
        raise InfeasibleError(fault("locate-infeasible", text))
    if location.status == "unknown":
        text = "no answer found in {seconds} s: let it search for longer (--time-limit)"
        raise NoSolutionError(fault("locate-no-answer", text, seconds=f"{location.seconds:.0f}"))
    return Located(location, table.points, table.sites)


def _read(question: Question) -> tuple[CostTable, dict[str, Any]]:
    """Read the costs and what the model asks for, in its own words."""
    faults = list(_option_faults(question))

    def gathered(read: Callable[[], Read]) -> Read | None:
        try:
            return read()
        except InputError as error:
            faults.extend(error.faults)
            return None

    table = gathered(lambda: read_costs(question.costs))
    arguments = {name: value for name, value in question.given.items() if name not in COLUMNS}
    for name in (name for name in COLUMNS if name in question.given):
        ids = None if table is None else getattr(table, COLUMNS[name])
        arguments[name] = gathered(partial(read_column, question.given[name], name, ids))
    if table is not None:
        arguments["fixed_open"] = gathered(partial(_columns, "fixed_open", question.fixed_open, table))
        arguments["forbidden"] = gathered(partial(_columns, "forbidden", question.forbidden, table))
    if faults or table is None:
        raise InputError(*faults)
    return table, arguments


def _option_faults(question: Question) -> Iterator[Fault]:
    model = MODELS.get(question.model)
    if model is None:
        text = "there is no model {name}: ask for {known} (did you mean {nearest}?)"
        nearest, known = _nearest(question.model, [*MODELS]), ", ".join(MODELS)
        yield fault("locate-unknown-model", text, name=question.model, known=known, nearest=nearest)
        return
    for name in model.needs:
        if name not in question.given:
            text = "{model} needs this option: give it"
            yield fault("locate-option-needed", text, key=option(name), model=question.model)
    for name in question.given:
        if name not in model.needs + model.may:
            text = "{model} does not use this option: leave it out"
            yield fault("locate-option-unused", text, key=option(name), model=question.model)


def option(name: str) -> str:
    """Return the option of the command line that gives an argument."""
    return "-p" if name == "p" else "--" + name.replace("_", "-")


def _columns(name: str, ids: Sequence[str], table: CostTable) -> list[int]:
    place = {site: column for column, site in enumerate(table.sites)}
    text = "{name} is not a site of the costs: did you mean {nearest}?"
    raise_faults(
        fault("locate-unknown-site", text, key=option(name), name=site, nearest=_nearest(site, table.sites))
        for site in ids
        if site not in place
    )
    return [place[site] for site in ids]


def _nearest(name: str, names: Sequence[str]) -> str:
    return difflib.get_close_matches(name, names, n=1, cutoff=0.0)[0]


def _in_words_of_files(found: Fault, question: Question, table: CostTable) -> Fault:
    """Say a fault of the arrays with the files, the options and the identifiers of the user."""
    ids = {"rows": table.points, "columns": table.sites}
    if found.code == "locate-negative" and COLUMNS.get(found.key) == SITES:  # an array with a row for each site
        ids["rows"] = table.sites
    indices = {key: value for key, value in found.context.items() if isinstance(value, Indices)}
    names = {key: named([ids[key][index] for index in value]) for key, value in indices.items()}
    where, key = "", option(found.key) if found.key else ""
    if found.key == "costs":
        rows = indices.get("rows", Indices())
        where, key = table.places[rows[0]] if rows else question.costs.name, ""
    elif found.key in COLUMNS and found.key in question.given:
        where, key = Path(question.given[found.key]).name, ""
    return replace(found, where=where, key=key, context={**found.context, **names})
