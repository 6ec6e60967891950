"""Tables of travel times: which column is what, and their values as arrays."""

from __future__ import annotations

import codecs
import gzip
import re
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.errors import InputError, fault

if TYPE_CHECKING:
    from pandas import DataFrame

DELIMITERS = ";,\t|"
SAMPLE_BYTES = 65_536
# names of columns in the exports of R5 (r5py, r5r), OSRM (osrmr) and by hand; the first that is there counts
ORIGINS = ("from_id", "origin_id", "origin", "from", "source", "cell", "code_insee", "commune")
SITES = ("to_id", "destination_id", "destination", "to", "target", "site")
# what one unit is in minutes, and in kilometres
TIMES = {"minutes": 1.0, "travel_time_p50": 1.0, "travel_time": 1.0, "duration_s": 1 / 60, "duration": 1 / 60}
LENGTHS = {"km": 1.0, "distance_km": 1.0, "distance_m": 1e-3, "distance": 1e-3}


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Row ``i`` goes from ``origins[origin[i]]`` to ``sites[site[i]]`` in ``minutes[i]``, NaN where it is empty."""

    origins: Sequence[str]
    sites: Sequence[str]
    origin: Ints
    site: Ints
    minutes: Floats
    km: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class Wide:
    """One row an origin, one column a site, minutes; NaN where it is empty."""

    origins: Sequence[str]
    sites: Sequence[str]
    minutes: Floats


def read_travel_table(path: Path, sites: Collection[str]) -> Pairs | Wide:
    """Read a long or a wide table of travel times.

    Parameters
    ----------
    path
        Text separated by ``;``, ``,``, tabulation or ``|``, compressed (.gz) or not.
    sites
        Ids of the sites: a table with a column for one of them is wide.

    Raises
    ------
    InputError
        The columns are not recognised, or a value is no number.
    ValueError, OSError
        The file is no table.
    """
    import pandas as pd

    encoding, sample = _sample(path)
    header = sample.split("\n", 1)[0]
    if not header.strip():
        raise ValueError(path.name)
    delimiter = max(DELIMITERS, key=header.count)
    decimal = "," if delimiter == ";" and re.search(r"\d,\d", sample) else "."
    columns = [name.strip(' "\r') for name in header.split(delimiter)]
    ids = dict.fromkeys({0, *(place for place, name in enumerate(columns) if name.lower() in (*ORIGINS, *SITES))})
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # rows longer than the header
        frame = pd.read_csv(
            path,
            sep=delimiter,
            decimal=decimal,
            encoding=encoding,
            header=0,
            names=columns,
            index_col=False,
            dtype={columns[place]: "category" for place in ids},
        )
    known = {name.lower(): name for name in columns}
    origin, site, minutes = (_first(known, names) for names in (ORIGINS, SITES, TIMES))
    if origin and site and minutes:
        return _pairs(path, frame, known, (origin, site, minutes))
    if not set(columns[1:]) & set(sites):
        sentence = "the columns {columns} are not recognised: give from_id, to_id and minutes, or one column a site"
        raise InputError(fault("travel-columns", sentence, where=f"{path.name}:1", columns=", ".join(columns[:8])))
    values = [_numbers(path, frame, name) for name in columns[1:]]
    return Wide([str(each).strip() for each in frame[columns[0]]], columns[1:], np.column_stack(values))


def _sample(path: Path) -> tuple[str, str]:
    """Return the encoding of a file, and its beginning."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        begins = stream.read(SAMPLE_BYTES)
    try:
        return "utf-8-sig", codecs.getincrementaldecoder("utf-8-sig")().decode(begins)
    except UnicodeDecodeError:
        return "cp1252", begins.decode("cp1252")


def _first(known: Mapping[str, str], names: Collection[str]) -> str:
    return next((known[name] for name in names if name in known), "")


def _pairs(path: Path, frame: DataFrame, known: Mapping[str, str], columns: tuple[str, str, str]) -> Pairs:
    origin, site, minutes = columns
    if frame[[origin, site]].isna().any(axis=None):
        line = int(np.argmax(frame[[origin, site]].isna().any(axis=1).to_numpy())) + 2
        sentence = "the origin or the site is missing: complete the row"
        raise InputError(fault("travel-missing-id", sentence, where=f"{path.name}:{line}"))
    length = _first(known, LENGTHS)
    km = _numbers(path, frame, length) * LENGTHS[length.lower()] if length else None
    return Pairs(
        origins=[str(each).strip() for each in frame[origin].cat.categories],
        sites=[str(each).strip() for each in frame[site].cat.categories],
        origin=np.asarray(frame[origin].cat.codes, dtype=np.int64),
        site=np.asarray(frame[site].cat.codes, dtype=np.int64),
        minutes=_numbers(path, frame, minutes) * TIMES[minutes.lower()],
        km=km,
    )


def _numbers(path: Path, frame: DataFrame, column: str) -> Floats:
    import pandas as pd

    values = frame[column]
    if not pd.api.types.is_numeric_dtype(values):  # one word among them: pandas then leaves decimal commas as they are
        values = values.astype("string").str.replace(",", ".", regex=False)
    read = pd.to_numeric(values, errors="coerce")
    wrong = np.flatnonzero(read.isna() & frame[column].notna())
    if wrong.size:
        value, line = str(frame[column].iloc[wrong[0]]), int(wrong[0]) + 2
        sentence = "{value} is not a number: correct it"
        raise InputError(fault("not-a-number", sentence, where=f"{path.name}:{line}", key=column, value=value))
    return read.to_numpy(dtype=np.float64, na_value=np.nan)
