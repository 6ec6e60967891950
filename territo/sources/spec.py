"""The territory spec: which files make a territory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, ValidationInfo

from territo.errors import Fault, InputError, fault, raise_faults
from territo.scenario.validation import faults_from_validation
from territo.scenario.values import JSON_SCHEMA, Count, Flag, Minutes, Number, Part, Text
from territo.scenario.yaml_lines import LocatedYaml, read_yaml
from territo.sources.places import projected


def _beside_the_spec(path: Path, info: ValidationInfo) -> Path:
    base: Path = (info.context or {}).get("base", Path())
    return base / path


File = Annotated[Path, AfterValidator(_beside_the_spec)]
Factor = Annotated[Number, Field(gt=0, le=10)]


class CommunesFile(Part):
    """Polygons of the communes: GeoJSON, GeoPackage, FlatGeobuf or shapefile, in a zip or not."""

    file: File
    code: Text | None = None
    """Column of the INSEE codes; recognised in the official files when absent."""
    name: Text | None = None
    """Column of the names; recognised in the official files when absent."""
    crs: Text | None = None
    """Reference system of the file, where it does not say its own or says it wrongly."""
    epci: Text | None = None
    """SIREN of the EPCI whose communes are taken, out of a file of the whole country."""
    codes: tuple[Text, ...] = ()
    """INSEE codes of the communes taken, out of a larger file; all when empty."""


class MovementsFile(Part):
    """What became of the communes: the movements of the COG, or communes.json of decoupage-administratif."""

    file: Annotated[File, Field(exclude=True)]  # its content is in the digest of a territory, its place is not
    since: Annotated[int, Field(strict=True, ge=1943, le=2100)] | None = None
    """Year of the list of communes (1 January) that the table follows."""


class AttributesFile(Part):
    """Table of the communes, one row each."""

    file: File
    code: Text | None = None
    """Column of the INSEE codes; recognised in the official files when absent."""
    population: Text | None = None
    """Column of the municipal population; recognised in the official files when absent."""
    centre: tuple[Text, Text] | None = None
    """Columns of longitude and latitude of the town hall, degrees."""
    area: Text | None = None
    """Column of the area in square kilometres; the area of the outline when absent."""
    columns: Mapping[str, Text] = {}
    """Name of an attribute -> column; values may be missing or secret."""
    movements: MovementsFile | None = None
    """Brings a table of former communes to those of the outlines."""


class RoadsFile(Part):
    """Road network: OSMnx GraphML (.gz or not) or GeoPackage, BD TOPO, or an OpenStreetMap extract (.osm.pbf)."""

    kind: Literal["observed", "modelled"] = "observed"
    """observed: from a file; modelled: main roads between the centres, lanes and streets around them."""
    file: File | None = None
    seed: Count = 0
    """The same seed models the same roads."""


class GridFile(Part):
    """Population grid."""

    kind: Literal["insee", "raster", "modelled"] = "modelled"
    """insee: squares of INSEE; raster: inhabitants by pixel; modelled: from the totals of the communes."""
    file: File | None = None


class GroupsRules(Part):
    """Social groups on cells: what may be filled where it is secret."""

    impute: tuple[Literal["insee", "known_rate"], ...] = ()
    """insee: keep the approximate values of INSEE for squares under 11 households; known_rate: where a group is
    missing, its share is that of the cells where it is known."""


class FinanceFiles(Part):
    """Accounts of the communes."""

    ofgl: File | None = None
    """Accounts by aggregate (OFGL): the last year becomes attributes of the communes."""


class FacilitiesFiles(Part):
    """What stands where today."""

    bpe: File | None = None
    """BPE, counts by commune or one row a facility."""
    town_halls: File | None = None
    """Town halls of the annuaire de l’administration, or code_insee, lng, lat."""
    france_services: File | None = None
    """List of the France services points (ANCT)."""
    sites: File | None = None
    """Own sites: id, name, code_insee, lng, lat, services, hours_week, capacity_m2."""


class StaffFile(Part):
    """Observed full-time equivalents: code_insee, service, fte; optional: spending_eur, euro per year."""

    file: File


class SourceEntry(Part):
    """Where a layer comes from, as shown beside every map."""

    layer: Text
    producer: Text
    licence: Text
    vintage: Text | Annotated[int, Field(strict=True)]
    modelled: Flag = False


class TravelPart(Part):
    """How people travel to the sites."""

    mode: Literal["car", "bike", "walk", "transit"] = "car"
    """transit: public transport, from a file."""
    file: File | None = None
    """Travel times computed elsewhere: CSV (long or wide), NPZ, or the JSON of OSRM."""
    both_ways: Flag = True
    """Count the slower direction of a trip; false counts the way to the site alone."""
    calibration: Factor = 1.0
    """Observed minutes over computed ones, on the roads."""
    peak: Factor = 1.0
    """Minutes at the busy hours over minutes in free traffic, on the roads."""
    observed: File | None = None
    """Times measured on the road, in any form that ``file`` may have: the health report compares them."""
    limit_minutes: Minutes | None = None
    """Longer trips are out of reach; refused where it takes all its sites from a cell."""


class TerritorySpec(Part):
    """A territory spec; paths are relative to its file."""

    name: Text
    crs: Text = "EPSG:2154"
    """Projected reference system in metres."""
    communes: CommunesFile
    attributes: AttributesFile
    roads: RoadsFile
    travel: TravelPart = TravelPart()
    grid: GridFile = GridFile()
    facilities: FacilitiesFiles = FacilitiesFiles()
    indicators: tuple[File, ...] = ()
    """Figures by commune of INSEE (Filosofi, comparateur, census), recognised by their columns."""
    groups: GroupsRules = GroupsRules()
    finance: FinanceFiles = FinanceFiles()
    staff: StaffFile | None = None
    sources: tuple[SourceEntry, ...] = ()

    def files(self) -> dict[str, tuple[str, Path]]:
        """Return each file used: layer -> (dotted key, path)."""
        named = {
            "communes": ("communes.file", self.communes.file),
            "population": ("attributes.file", self.attributes.file),
            "movements": (
                "attributes.movements.file",
                self.attributes.movements.file if self.attributes.movements else None,
            ),
            "roads": ("roads.file", self.roads.file),
            "travel": ("travel.file", self.travel.file),
            "observed_times": ("travel.observed", self.travel.observed),
            "grid": ("grid.file", self.grid.file),
            "equipment": ("facilities.bpe", self.facilities.bpe),
            "town_halls": ("facilities.town_halls", self.facilities.town_halls),
            "france_services": ("facilities.france_services", self.facilities.france_services),
            "sites": ("facilities.sites", self.facilities.sites),
            "staff": ("staff.file", self.staff.file if self.staff else None),
            "finance": ("finance.ofgl", self.finance.ofgl),
        }
        named |= {f"indicators.{rank}": (f"indicators.{rank}", path) for rank, path in enumerate(self.indicators)}
        return {layer: (key, path) for layer, (key, path) in named.items() if path is not None}


def read_spec(path: Path | str) -> TerritorySpec:
    """Read a territory spec.

    Raises
    ------
    InputError
        With all the faults found: keys, values, missing files, reference system.
    """
    located = read_yaml(path)
    try:
        spec = _validated(path, located)
    except ValidationError as error:
        raise InputError(*faults_from_validation(error, located, TerritorySpec)) from error
    raise_faults(_faults(spec, located))
    return spec


def spec_faults(path: Path | str, located: LocatedYaml) -> list[Fault]:
    """Return everything wrong in the content of a territory spec, missing files included.

    Parameters
    ----------
    path
        The file; other paths are relative to it.
    located
        Its content.
    """
    try:
        return list(_faults(_validated(path, located), located))
    except ValidationError as error:
        return faults_from_validation(error, located, TerritorySpec)


def schema_json() -> dict[str, Any]:
    """JSON schema of a territory spec, for editors and for other programs."""
    return {"$schema": JSON_SCHEMA, **TerritorySpec.model_json_schema()}


def _validated(path: Path | str, located: LocatedYaml) -> TerritorySpec:
    return TerritorySpec.model_validate(located.data, context={"base": Path(path).resolve().parent})


def _faults(spec: TerritorySpec, located: LocatedYaml) -> Iterator[Fault]:
    for key, path in spec.files().values():
        if not path.is_file():
            sentence = "there is no file {name}: check its path, from this spec"
            yield fault("missing-layer", sentence, where=located.where(key), key=key, name=located.text(key))
    for part, fileless in (("grid", spec.grid.kind == "modelled"), ("roads", spec.roads.kind == "modelled")):
        if not fileless and getattr(spec, part).file is None:
            where = located.where(part)
            yield fault("missing-key", "the key {name} is required: add it", where=where, key=part, name="file")
    if spec.roads.kind == "modelled" and spec.roads.file is not None:
        sentence = "modelled roads read no file: remove it, or remove kind: modelled"
        yield fault("modelled-roads-file", sentence, where=located.where("roads.file"), key="roads.file")
    if spec.grid.kind == "modelled" and spec.grid.file is not None:
        sentence = "a modelled grid reads no file: remove it, or write kind: insee or kind: raster"
        yield fault("modelled-grid-file", sentence, where=located.where("grid.file"), key="grid.file")
    if spec.travel.mode == "transit" and spec.travel.file is None:
        sentence = "times by public transport come from a file: add travel.file, or write another mode"
        yield fault("transit-without-file", sentence, where=located.where("travel.mode"), key="travel.mode")
    if spec.travel.file is not None and (spec.travel.calibration, spec.travel.peak) != (1.0, 1.0):
        sentence = "times from a file are taken as they are: remove calibration and peak"
        yield fault("travel-file-factors", sentence, where=located.where("travel"), key="travel")
    try:
        projected(spec.crs, where=located.where("crs"))
    except InputError as error:
        yield from error.faults
