"""Maps in GeoPackage, shapefile, FlatGeobuf or GeoJSON, alone or in a zip: layers, fields and features."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from territo.errors import Fault, InputError, fault
from territo.sources.archives import check_member, first_bytes, is_zip, only_member, open_member
from territo.sources.places import known_crs

ENDINGS = (".gpkg", ".shp", ".fgb", ".geojson", ".json")
# GDAL also reads files that send it elsewhere (virtual layers, web services): only these kinds are opened
SIGNATURES = (b"SQLite f", b"\x00\x00\x27\x0a", b"fgb\x03")

T = TypeVar("T")


def layer_names(path: Path, member: str | None = None) -> list[str]:
    """Return the names of the layers of a map.

    Raises
    ------
    InputError
        It is not a map that can be read.
    """
    import pyogrio

    return [str(name) for name in _reading(path, lambda: pyogrio.list_layers(_address(path, member))[:, 0])]


def field_names(path: Path, layer: str, member: str | None = None) -> list[str]:
    """Return the names of the fields of a layer; a map of many features is not read.

    Raises
    ------
    InputError
        It is not a map that can be read.
    """
    import pyogrio

    info = _reading(path, lambda: pyogrio.read_info(_address(path, member), layer=layer))
    return [str(name) for name in info["fields"]]


def has_areas(path: Path, layer: str, member: str | None = None) -> bool:
    """Whether the features of a layer may be polygons.

    Raises
    ------
    InputError
        It is not a map that can be read.
    """
    import pyogrio

    kind = str(_reading(path, lambda: pyogrio.read_info(_address(path, member), layer=layer))["geometry_type"])
    return "Polygon" in kind or kind.startswith(("Unknown", "GeometryCollection"))


def layer_crs(path: Path, layer: str, member: str | None = None) -> Any:
    """Return the reference system that a layer says it has, None where it says none.

    Raises
    ------
    InputError
        It is not a map that can be read.
    """
    import pyogrio

    info = _reading(path, lambda: pyogrio.read_info(_address(path, member), layer=layer))
    return known_crs(info["crs"]) if info["crs"] else None


def open_map(
    path: Path,
    *,
    layer: str | None = None,
    member: str | None = None,
    geometry: bool = True,
    columns: Sequence[str] | None = None,
    bbox: tuple[float, float, float, float] | None = None,
    part: tuple[int, int | None] = (0, None),
) -> Any:
    """Read the features of a layer.

    Parameters
    ----------
    path
        The map, or a zip that holds one.
    layer
        The first one when None.
    member
        Name in the zip; its only map when None.
    geometry
        Whether the shapes are wanted.
    columns
        The fields wanted; all when None.
    bbox
        West, south, east, north, in the system of the file: only what touches it.
    part
        How many features to skip, and how many to read at most.

    Returns
    -------
    GeoDataFrame or DataFrame
        The latter without geometry.

    Raises
    ------
    InputError
        It is not a map that can be read.
    """
    import pyogrio

    address = _address(path, member)
    chosen = layer or layer_names(path, member)[0]
    wanted = None if columns is None else list(columns)
    skipped, most = part
    return _reading(
        path,
        lambda: pyogrio.read_dataframe(
            address,
            layer=chosen,
            read_geometry=geometry,
            columns=wanted,
            bbox=bbox,
            skip_features=skipped,
            max_features=most,
        ),
    )


def _address(path: Path, member: str | None) -> str:
    """Where GDAL finds the map, once its first bytes have shown that it is one."""
    if member is None and not is_zip(path):
        if not _is_map(first_bytes(path)):
            raise InputError(unreadable(path))
        return str(path)
    name = member or only_member(path, ENDINGS)
    check_member(path, name)
    with closing(open_member(path, name)) as stream:
        if not _is_map(stream.read(8)):
            raise InputError(unreadable(path))
    return f"/vsizip/{{{path.resolve()}}}/{name}"


def _is_map(start: bytes) -> bool:
    return start.startswith(SIGNATURES) or start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _reading(path: Path, reader: Callable[[], T]) -> T:
    """Run a reader of GDAL: what it warns of is checked afterwards, what it refuses becomes one sentence."""
    with _refusals(path), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return reader()


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    from pyogrio import errors
    from pyproj.exceptions import ProjError
    from shapely.errors import ShapelyError

    refused = (
        errors.DataSourceError, errors.DataLayerError, errors.FeatureError, errors.GeometryError, errors.FieldError,
        errors.CRSError, ProjError, ShapelyError, ValueError, KeyError, TypeError, IndexError, OverflowError,
    )  # fmt: skip
    try:
        yield
    except InputError:
        raise
    except refused as error:
        raise InputError(unreadable(path)) from error


def unreadable(path: Path) -> Fault:
    """Make the fault of a file that is no map."""
    sentence = "the file is not a map that can be read: GeoJSON, GeoPackage or shapefile"
    return fault("unreadable-map", sentence, where=path.name)
