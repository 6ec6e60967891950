"""Figures by commune that INSEE and OFGL publish: income, poverty, households, cars, accounts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.travel import Notice
from territo.errors import raise_faults
from territo.sources.formats import words
from territo.sources.national import read_national
from territo.sources.tables import duplicates

MAIN_BUDGET = "budget principal"
PERCENT = 100.0


def read_indicators(path: Path, codes: Sequence[str]) -> tuple[dict[str, Floats], tuple[Notice, ...]]:
    """Read a table of figures by commune: Filosofi, comparateur or census, recognised by its columns.

    Parameters
    ----------
    path
        The table; other communes are left out.
    codes
        The n communes.

    Returns
    -------
    dict
        Name of the attribute -> (n,) values, NaN where secret or absent.
    tuple of Notice
        ``format-seen``, ``communes-without-figures``.

    Raises
    ------
    InputError
        No known format, no row of the territory, rows repeated, values that
        are not numbers, negative, or not percentages.
    """
    table, seen = read_national("indicators", path, codes, key="indicators")
    code = seen.columns["code"]
    place = {each: index for index, each in enumerate(codes)}
    rows = np.array([place[each] for each in table.text(code)], dtype=np.int64)
    faults, attributes = duplicates(table, code), {}
    for role, column in seen.columns.items():
        if role != "code":
            values, wrong = table.numbers(column, required=False, missing=seen.format.missing)
            is_rate = role.endswith("_rate")
            faults += wrong
            faults += table.outside(column, values, 0.0, PERCENT) if is_rate else table.negatives(column, values)
            attributes[role] = np.full(len(codes), np.nan)
            attributes[role][rows] = values
    raise_faults(faults)
    notices = [seen.notice(path.name)]
    absent = sorted(set(codes) - set(table.text(code)))
    if absent:
        listed = ", ".join(absent[:8])
        notices.append(Notice("communes-without-figures", {"file": path.name, "count": len(absent), "names": listed}))
    return attributes, tuple(notices)


def read_finance(path: Path, codes: Sequence[str]) -> tuple[dict[str, Floats], tuple[Notice, ...]]:
    """Read the accounts of the communes (OFGL, long format): the last year, main budgets.

    The rows of a commune are summed: a new commune has several SIREN.

    Parameters
    ----------
    path
        The table; other communes are left out.
    codes
        The n communes.

    Returns
    -------
    dict
        ``operating_spending``, ``staff_spending``, ``debt``... -> (n,) EUR a
        year, NaN where the file says nothing.
    tuple of Notice
        ``format-seen``, ``finance-year``.

    Raises
    ------
    InputError
        No known format, no row of the territory, or values that are not numbers.
    """
    table, seen = read_national("finance", path, codes, key="finance.ofgl")
    amounts, wrong = table.numbers(seen.columns["amount"], required=False)
    years, unread = table.numbers(seen.columns["year"], required=True)
    raise_faults([*wrong, *unread])
    named, last = words("aggregates"), years.max()
    place = {code: index for index, code in enumerate(codes)}
    found: dict[str, Floats] = {}
    for values, amount, year in zip(table.rows, amounts, years, strict=True):
        name = named.get(values[seen.columns["aggregate"]])
        if name and year == last and not np.isnan(amount) and _main(values, seen.columns.get("budget")):
            column = found.setdefault(name, np.full(len(codes), np.nan))
            index = place[values[seen.columns["code"]]]
            column[index] = np.nan_to_num(column[index]) + amount
    return found, (seen.notice(path.name), Notice("finance-year", {"file": path.name, "year": int(last)}))


def _main(values: dict[str, str], column: str | None) -> bool:
    return column is None or values[column].lower() in ("", MAIN_BUDGET)
