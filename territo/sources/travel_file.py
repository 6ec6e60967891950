"""Travel times computed elsewhere: by public transport, by OSRM, R5, Valhalla or by hand.

Recognised: a long table (origin, destination, time), a wide one (one row an
origin, one column a site), NPZ, and the JSON of OSRM's table service. Origins
are cells by their number in ``cells.parquet``, from 0, or communes by their
INSEE code, whose cells all take the same times. A pair that is absent or empty
is unreachable: missing is never zero.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from zipfile import BadZipFile

import numpy as np

from territo.domain.arrays import Floats, Ints, Singles
from territo.domain.territory import Territory
from territo.errors import InputError, fault
from territo.sources.mapped import map_arrays
from territo.sources.travel_tables import Wide, read_travel_table

SECONDS, METRES = 60.0, 1_000.0
MOST_NAMED = 5
# what zip, gzip, JSON, NPY and pandas raise on a file that was cut, or on bytes that mean something else
DAMAGE = (
    ArithmeticError, BadZipFile, EOFError, LookupError, MemoryError, OSError, RuntimeError, SyntaxError, TypeError,
    ValueError, Warning, struct.error, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Brought:
    """What a file of travel times holds, on the cells and sites of a territory.

    Parameters
    ----------
    minutes
        (m, k) minutes, ``inf`` where the file has none.
    km
        (m, k) kilometres, None where the file gives no distance.
    """

    minutes: Singles
    km: Singles | None


class Places:
    """Finds the row of an origin and the column of a site, and refuses those that are unknown."""

    def __init__(self, territory: Territory, name: str) -> None:
        """Prepare the ids of a territory; ``name`` is that of the file, for errors."""
        self.name = name
        self.cell_commune = territory.cells.commune
        self.codes = {code: row for row, code in enumerate(territory.communes.codes)}
        self.sites = {site: column for column, site in enumerate(territory.sites.ids)}

    def columns(self, ids: Sequence[str]) -> Ints:
        """(n,) column of each site."""
        sentence = "no site of the territory is called {ids}: take the ids of sites.parquet"
        self.require("travel-unknown-sites", sentence, [each for each in ids if each not in self.sites])
        return np.array([self.sites[each] for each in ids], dtype=np.int64)

    def rows(self, ids: Sequence[str]) -> tuple[Ints, bool]:
        """(n,) row of each origin, and whether origins are communes."""
        if ids and all(each in self.codes for each in ids):
            return np.array([self.codes[each] for each in ids], dtype=np.int64), True
        cells = len(self.cell_commune)
        unknown = [each for each in ids if not (each.isdecimal() and int(each) < cells)]
        sentence = "{ids} are neither communes nor cells: take INSEE codes, or the numbers of the cells from 0"
        self.require("travel-unknown-origins", sentence, unknown)
        return np.array([int(each) for each in ids], dtype=np.int64), False

    def spread(self, matrix: Singles, *, by_commune: bool) -> Singles:
        """(m, k) matrix of the cells."""
        return matrix[self.cell_commune] if by_commune else matrix

    def size(self, *, by_commune: bool) -> tuple[int, int]:
        """Rows and columns of what a file describes."""
        return len(self.codes) if by_commune else len(self.cell_commune), len(self.sites)

    def require(self, code: str, sentence: str, unknown: Sequence[str]) -> None:
        """Refuse a file that names unknown places."""
        if unknown:
            ids = ", ".join([*unknown[:MOST_NAMED], *(["…"] if len(unknown) > MOST_NAMED else [])])
            raise InputError(fault(code, sentence, where=self.name, ids=ids))


def read_travel(path: Path, territory: Territory) -> Brought:
    """Read a file of travel times.

    Parameters
    ----------
    path
        ``.npz`` with ``minutes`` (origins, sites), and ``km``, ``origins``,
        ``sites`` if wanted; ``.json`` of OSRM's table service (seconds, metres);
        else a table, compressed (.gz) or not.
    territory
        Whose cells, communes and sites the file names.

    Raises
    ------
    InputError
        The file cannot be read, its columns are not recognised, it names
        unknown places or a pair twice, or a time is negative or no number.
    """
    places = Places(territory, path.name)
    readers = {".npz": _read_npz, ".json": _read_osrm}
    try:
        return readers.get(path.suffix.lower(), _read_table)(path, places)
    except InputError:
        raise
    except DAMAGE as error:
        sentence = "the file is damaged or is no matrix of travel times: export it again"
        raise InputError(fault("unreadable-travel-file", sentence, where=path.name)) from error


def _read_npz(path: Path, places: Places) -> Brought:
    arrays = map_arrays(path)
    minutes, km = arrays["minutes"].astype(np.float32), arrays.get("km")
    return _placed(places, minutes, km, arrays.get("origins"), arrays.get("sites"))


def _read_osrm(path: Path, places: Places) -> Brought:
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    if not isinstance(document, Mapping):
        raise TypeError(document)
    seconds = np.array(document["durations"], dtype=np.float64)
    metres = document.get("distances")
    km = None if metres is None else np.array(metres, dtype=np.float64) / METRES
    return _placed(places, seconds / SECONDS, km, None, None)


def _placed(places: Places, minutes: Any, km: Any, origins: Any, sites: Any) -> Brought:
    """Put a whole matrix on the cells and sites: as its ids say, in their order where it has none."""
    communes = len(places.codes)
    if origins is not None:
        rows, by_commune = places.rows([str(each) for each in origins])
    else:
        by_commune = len(minutes) == communes != len(places.cell_commune)
        rows = np.arange(places.size(by_commune=by_commune)[0])
    columns = np.arange(len(places.sites)) if sites is None else places.columns([str(each) for each in sites])
    expected = (len(rows), len(columns))
    _refuse_repeated(len(rows) - len(np.unique(rows)) + len(columns) - len(np.unique(columns)), places.name)

    def whole(matrix: Any) -> Singles | None:
        if matrix is None:
            return None
        if matrix.shape != expected:
            _wrong_shape(places, matrix.shape, expected)
        every = np.full(places.size(by_commune=by_commune), np.inf, dtype=np.float32)
        every[np.ix_(rows, columns)] = np.where(np.isnan(matrix), np.inf, matrix)
        return places.spread(every, by_commune=by_commune)

    return _brought(places, whole(minutes), whole(km))


def _wrong_shape(places: Places, shape: Sequence[int], expected: tuple[int, int]) -> NoReturn:
    sentence = "the matrix has {got} rows and columns, {expected} are expected: compute it for these cells and sites"
    got, wanted = (" × ".join(map(str, each)) for each in (shape, expected))
    raise InputError(fault("travel-wrong-shape", sentence, where=places.name, got=got, expected=wanted))


def _read_table(path: Path, places: Places) -> Brought:
    read = read_travel_table(path, places.sites)
    if isinstance(read, Wide):
        return _placed(places, read.minutes, None, read.origins, read.sites)
    rows, by_commune = places.rows(read.origins)
    columns, size = places.columns(read.sites), places.size(by_commune=by_commune)
    at = rows[read.origin] * size[1] + columns[read.site]
    seen = np.zeros(size[0] * size[1], dtype=np.bool_)
    seen[at] = True
    _refuse_repeated(len(at) - int(seen.sum()), path.name)

    def whole(values: Floats | None) -> Singles | None:
        if values is None:
            return None
        matrix = np.full(seen.size, np.inf, dtype=np.float32)
        matrix[at] = np.where(np.isnan(values), np.inf, values)
        return places.spread(matrix.reshape(size), by_commune=by_commune)

    return _brought(places, whole(read.minutes), whole(read.km))


def _refuse_repeated(count: int, name: str) -> None:
    if count:
        sentence = "{count} pairs appear more than once: keep one row each"
        raise InputError(fault("travel-duplicate-pairs", sentence, where=name, count=count))


def _brought(places: Places, minutes: Singles | None, km: Singles | None) -> Brought:
    """Check the values; distances that are not known wherever a time is are left aside."""
    if minutes is None:
        raise KeyError
    if (minutes < 0).any() or (km is not None and (km < 0).any()):
        sentence = "some times or distances are negative: correct them"
        raise InputError(fault("travel-negative", sentence, where=places.name))
    reached = np.isfinite(minutes)
    if km is None or not np.isfinite(km[reached]).all():
        return Brought(minutes, None)
    km[~reached] = np.inf
    return Brought(minutes, km)
