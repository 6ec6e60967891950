"""What became of the communes: mergers, separations and changes of code since a given day.

Source: the file of movements of the code officiel géographique
(``v_mvt_commune_YYYY.csv``, INSEE), in which a row is what a commune was and
what it became on a day; or ``communes.json`` of decoupage-administratif
(Etalab), which gives each commune the codes that it replaces, without days.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from territo.domain.travel import Notice
from territo.errors import Fault, InputError, fault, raise_faults
from territo.sources.tables import Table, read_table

COLUMNS = ("MOD", "DATE_EFF", "TYPECOM_AV", "COM_AV", "TYPECOM_AP", "COM_AP")
COMMUNE = "COM"
CURRENT = "commune-actuelle"
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Movement:
    """A commune became another, in whole or in part, on a day."""

    day: date
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Passage:
    """From the codes of a table to the communes of a territory today.

    Parameters
    ----------
    today
        Code of the table -> the commune of the territory that has it today.
    split
        Former commune -> the communes that it became, when one of them is of
        the territory: which one a value belongs to is not known. It stays
        with the commune that kept the code, if one did.
    """

    today: Mapping[str, str]
    split: Mapping[str, tuple[str, ...]]

    def of(self, codes: Iterable[str]) -> Passage:
        """Keep what is about some codes."""
        kept = frozenset(codes)
        return Passage(
            {code: today for code, today in self.today.items() if code in kept},
            {code: became for code, became in self.split.items() if code in kept},
        )

    @property
    def merged(self) -> Mapping[str, str]:
        """The former codes that live on under another."""
        return {former: code for former, code in self.today.items() if former != code}

    def notices(self, layer: str) -> tuple[Notice, ...]:
        """Say which communes of a layer were brought to those of today, and which could not be."""
        merged = [f"{former} → {code}" for former, code in sorted(self.merged.items())]
        split = [f"{former} → {' + '.join(codes)}" for former, codes in sorted(self.split.items())]
        said = (("communes-merged", merged), ("communes-split", split))
        return tuple(Notice(code, {"layer": layer, "names": _named(names)}) for code, names in said if names)


def read_movements(path: Path) -> tuple[Movement, ...]:
    """Read the movements between whole communes, oldest first.

    Delegated and associated communes are left out: they have no population of
    their own in the tables.

    Raises
    ------
    InputError
        Columns missing, or days that are none.
    """
    if path.suffix.lower() == ".json":
        return _former_codes(path)
    table = read_table(path)
    raise_faults(table.absent(COLUMNS))
    days, wrong = _days(table)
    raise_faults(wrong)
    movements = [
        Movement(day, row["COM_AV"], row["COM_AP"])
        for row, day in zip(table.rows, days, strict=True)
        if row["TYPECOM_AV"] == COMMUNE and row["TYPECOM_AP"] == COMMUNE
    ]
    return tuple(sorted(movements, key=lambda each: (each.day, each.before, each.after)))


def _days(table: Table) -> tuple[list[date], list[Fault]]:
    days: list[date] = []
    wrong: list[Fault] = []
    for number, text in enumerate(table.text("DATE_EFF")):
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            sentence = "{value} is not a day: write it as 2024-01-01"
            wrong.append(fault("not-a-day", sentence, where=table.where(number), key="DATE_EFF", value=text))
    return days, wrong


def _former_codes(path: Path) -> tuple[Movement, ...]:
    """Read the codes that each commune replaces; the day is not told, so they are always former."""
    try:
        communes = json.loads(path.read_text(encoding="utf-8"))
        return tuple(
            Movement(date.max, str(former), str(commune["code"]))
            for commune in communes
            if commune["type"] == CURRENT
            for former in (*commune.get("anciensCodes", ()), commune["code"])
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        sentence = "the file is not communes.json of decoupage-administratif: check it"
        raise InputError(fault("not-communes-json", sentence, where=path.name)) from error


def passage(communes: Iterable[str], movements: Sequence[Movement], since: date | None) -> Passage:
    """Find the codes that the communes of a territory have had.

    Parameters
    ----------
    communes
        Codes of today.
    movements
        See :func:`read_movements`.
    since
        Day of the list of communes that a table follows: what moved up to that
        day is over. None where it is not known: a code of today is then taken
        for what it is, any other is followed from the beginning.
    """
    wanted = frozenset(communes)
    days = _by_day(movements, since or date.min)
    today = {code: code for code in sorted(wanted)}
    split: dict[str, tuple[str, ...]] = {}
    for code in sorted(wanted.union(movement.before for movement in movements)):
        became = frozenset({code}) if since is None and code in wanted else _followed(code, days)
        if len(became) > 1 and became & wanted:
            split[code] = tuple(sorted(became))
        elif code not in wanted and became <= wanted:
            (today[code],) = became
    return Passage(today, split)


def outdated(communes: Iterable[str], movements: Sequence[Movement], since: date) -> tuple[Movement, ...]:
    """Return what became, after a day, of the communes of a list that are none any more."""
    days = _by_day(movements, since)
    became = {code: _followed(code, days) for code in communes}
    gone = {code for code, after in became.items() if code not in after}
    return tuple(each for each in movements if each.before in gone and each.day > since)


def _by_day(movements: Sequence[Movement], since: date) -> list[dict[str, set[str]]]:
    """Return what each commune becomes, day after day: rows of one day happen together."""
    days: dict[date, dict[str, set[str]]] = {}
    for movement in movements:
        if movement.day > since:
            days.setdefault(movement.day, {}).setdefault(movement.before, set()).add(movement.after)
    return [days[day] for day in sorted(days)]


def _followed(code: str, days: Sequence[Mapping[str, set[str]]]) -> frozenset[str]:
    current = {code}
    for becomes in days:
        current = {after for each in current for after in becomes.get(each, {each})}
    return frozenset(current)


def _named(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (f"… (+{len(names) - MOST_NAMED})" if len(names) > MOST_NAMED else "")
