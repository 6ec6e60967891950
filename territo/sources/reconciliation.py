"""Bring a table of former communes to those of today: numbers add up, rates do not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from territo.domain.travel import Notice
from territo.errors import fault, raise_faults
from territo.sources.movements import Passage, passage, read_movements
from territo.sources.spec import AttributesFile
from territo.sources.tables import Table, duplicates, parse_number

RATES = ("share_", "median_", "mean_", "rate_"), ("_share", "_rate", "_pct", "_per_1000")


def adds_up(attribute: str) -> bool:
    """Whether the values of an attribute can be added: its name says whether it is a rate, a share or a median."""
    prefixes, suffixes = RATES
    return not attribute.startswith(prefixes) and not attribute.endswith(suffixes)


def of_today(
    table: Table, entry: AttributesFile, code: str, people: str, communes: Sequence[str]
) -> tuple[Table, tuple[Notice, ...]]:
    """Bring the table of the communes to those of the outlines, where the spec says how they moved.

    Parameters
    ----------
    table
        One row a commune.
    entry
        What the spec says of it.
    code, people
        Columns of the codes and of the inhabitants.
    communes
        Codes of the outlines.

    Raises
    ------
    InputError
        The file of movements cannot be used, or see :func:`under_codes_of_today`.
    """
    if entry.movements is None:
        return table, ()
    counts = [people, *filter(None, [entry.area])]
    counts += [column for name, column in entry.columns.items() if adds_up(name)]
    rates = [column for name, column in entry.columns.items() if not adds_up(name)]
    since = date(entry.movements.since, 1, 1) if entry.movements.since else None
    known = passage(communes, read_movements(entry.movements.file), since)
    return under_codes_of_today(table, code, counts, rates, known)


def under_codes_of_today(
    table: Table, code: str, counts: Sequence[str], rates: Sequence[str], passage: Passage
) -> tuple[Table, tuple[Notice, ...]]:
    """Make one row of the rows of communes that merged.

    Parameters
    ----------
    table
        One row a commune.
    code
        Column of the codes.
    counts
        Columns of numbers that add up; a sum with a missing part is missing.
    rates
        Columns that do not: they are missing where communes merged.
    passage
        From the codes of the table to those of today.

    Returns
    -------
    Table
        The other columns are those of the commune that kept its code, else of the first.
    tuple of Notice
        ``communes-merged``, and ``rates-not-merged`` where rates were lost.

    Raises
    ------
    InputError
        A code appears twice, or a commune has been split since: its numbers cannot be told apart.
    """
    codes = table.text(code)
    found = passage.of(codes)
    sentence = "{name} has been separated since into {names}: give the table a row for each"
    splits = [
        fault(
            "commune-split",
            sentence,
            where=table.where(row),
            key=code,
            name=former,
            names=", ".join(found.split[former]),
        )
        for row, former in enumerate(codes)
        if former in found.split
    ]
    raise_faults([*duplicates(table, code), *splits])
    groups: dict[str, list[int]] = {}
    for row, former in enumerate(codes):
        groups.setdefault(found.today.get(former, former), []).append(row)
    kept = {today: next((row for row in rows if codes[row] == today), rows[0]) for today, rows in groups.items()}
    rows = [_one(table, code, today, kept[today], groups[today], counts, rates) for today in groups]
    joined = Table(table.path, table.columns, tuple(rows), tuple(table.lines[row] for row in kept.values()))
    merged = [today for today, members in groups.items() if len(members) > 1]
    lost = Notice("rates-not-merged", {"columns": ", ".join(rates), "names": ", ".join(merged)})
    return joined, (*found.notices("population"), *([lost] if rates and merged else []))


def _one(
    table: Table, code: str, today: str, kept: int, members: Sequence[int], counts: Sequence[str], rates: Sequence[str]
) -> dict[str, str]:
    row = {**table.rows[kept], code: today}
    if len(members) == 1:
        return row
    sums = {column: _sum([table.rows[member][column] for member in members]) for column in counts}
    return row | sums | dict.fromkeys(rates, "")


def _sum(texts: Sequence[str]) -> str:
    """Add numbers up; a text that is none is given back, for the reader of the column to refuse it."""
    total = 0.0
    for text in texts:
        try:
            total += parse_number(text)
        except ValueError:
            return text
    return "" if math.isnan(total) else repr(total)
