"""What files make together: which one counts for each layer, what is lacking, and the spec that they fill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from territo.sources.online.communes import crs_of
from territo.sources.recognition import ATTRIBUTES, Member
from territo.studies.reception import Received

NEEDED = ("communes", "population")
# what territo models where there is no file, and says so everywhere
MODELLED = ("roads", "grid")
OPTIONAL = ("equipment", "france_services", "town_halls", "sites", "staff", "indicators", "finance")
FACILITIES = {"equipment": "bpe", "france_services": "france_services", "town_halls": "town_halls", "sites": "sites"}
MOST_COMMUNES = 1_000


@dataclass(frozen=True, slots=True)
class Group:
    """Communes that go together: an EPCI, or a department where no file says the EPCI.

    Parameters
    ----------
    key
        SIREN, or number of the department.
    name
        Name of the EPCI; empty where it is not known.
    codes
        INSEE codes of its communes that have an outline.
    """

    key: str
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """What a territory would be made of.

    Parameters
    ----------
    used
        Layer -> the file that counts, the last one received.
    indicators
        All the files of figures.
    aside
        Files of a layer that has a later one.
    communes
        Those that have an outline.
    groups
        How they go together.
    """

    used: Mapping[str, Received]
    indicators: tuple[Received, ...]
    aside: tuple[Received, ...]
    communes: tuple[Member, ...]
    groups: tuple[Group, ...]

    @property
    def lacking(self) -> tuple[str, ...]:
        """The layers without which nothing can be made."""
        return tuple(layer for layer in NEEDED if layer not in self.used)

    @property
    def modelled(self) -> tuple[str, ...]:
        """The layers that would be modelled."""
        return tuple(layer for layer in MODELLED if layer not in self.used)

    @property
    def absent(self) -> tuple[str, ...]:
        """The layers that would stay unknown."""
        known = {*self.used} | ({"indicators"} if self.indicators else set())
        return tuple(layer for layer in OPTIONAL if layer not in known)


def composition_of(files: Iterable[Received]) -> Composition:
    """Say what files make together."""
    used: dict[str, Received] = {}
    indicators: list[Received] = []
    aside: list[Received] = []
    for file in files:
        if file.seen is None:
            continue
        layer = "grid" if file.seen.layer == "raster" else file.seen.layer
        if layer == "indicators":
            indicators.append(file)
            continue
        aside += [used[layer]] if layer in used else []
        used[layer] = file
    outlines = used.get("communes")
    if outlines and outlines.seen and "population" in outlines.seen.columns and "population" not in used:
        used["population"] = outlines
    communes = outlines.members if outlines else ()
    groups = _groups(communes, [file.members for file in used.values() if file.members])
    return Composition(used, tuple(indicators), tuple(aside), communes, groups)


def _groups(communes: Sequence[Member], told: Sequence[Sequence[Member]]) -> tuple[Group, ...]:
    """Gather the communes by EPCI where some file says it, else by department."""
    outlined = [member.code for member in communes]
    said = {member.code: member for members in told for member in members if member.epci}
    known = any(code in said for code in outlined)
    names: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for code in outlined:
        if known and code not in said:
            continue
        for key in said[code].epci.split("/") if known else [_department(code)]:
            found.setdefault(key, []).append(code)
            names[key] = (known and said[code].epci_name) or names.get(key, "")
    groups = [Group(key, names[key], tuple(codes)) for key, codes in found.items()]
    return tuple(sorted(groups, key=lambda group: (group.name.casefold(), group.key)))


def _department(code: str) -> str:
    return code[:3] if code.startswith("97") else code[:2]


def spec_of(whole: Composition, name: str, codes: Sequence[str]) -> dict[str, Any]:
    """Fill the spec of a territory; paths are relative to the folder that holds ``files``.

    Parameters
    ----------
    whole
        It lacks nothing.
    name
        Of the territory.
    codes
        INSEE codes of its communes.
    """
    chosen: dict[str, Any] = {} if {*codes} == {member.code for member in whole.communes} else {"codes": sorted(codes)}
    outlines = whole.used["communes"]
    if outlines.seen and not outlines.seen.format_id:  # of no known vintage: its columns are named
        chosen |= {role: outlines.seen.columns[role] for role in ("code", "name")}
    spec: dict[str, Any] = {
        "name": name,
        "crs": crs_of(codes[0]),
        "communes": {"file": _place(outlines)} | chosen,
        "attributes": _attributes(whole.used["population"]),
        "roads": {"file": _place(whole.used["roads"])} if "roads" in whole.used else {"kind": "modelled"},
        "grid": _grid(whole.used.get("grid")),
        "facilities": {key: _place(whole.used[layer]) for layer, key in FACILITIES.items() if layer in whole.used},
        "indicators": [_place(file) for file in whole.indicators],
        "sources": list(_sources(whole)),
    }
    spec |= {"finance": {"ofgl": _place(whole.used["finance"])}} if "finance" in whole.used else {}
    return spec | ({"staff": {"file": _place(whole.used["staff"])}} if "staff" in whole.used else {})


def _place(file: Received) -> str:
    return f"files/{file.id}/{file.path.name}"


def _grid(file: Received | None) -> dict[str, str]:
    if file is None or file.seen is None:
        return {"kind": "modelled"}
    return {"kind": "raster" if file.seen.layer == "raster" else "insee", "file": _place(file)}


def _attributes(file: Received) -> dict[str, Any]:
    columns = file.seen.columns if file.seen else {}
    found: dict[str, Any] = {role: columns[role] for role in ("code", "population", "area") if role in columns}
    if {"lng", "lat"} <= columns.keys():
        found["centre"] = [columns["lng"], columns["lat"]]
    return {"file": _place(file)} | found | {"columns": {name: columns[name] for name in ATTRIBUTES if name in columns}}


def _sources(whole: Composition) -> Iterable[dict[str, str]]:
    """Say whose each file is, where all three are known."""
    every = [*whole.used.items(), *((f"indicators.{rank}", file) for rank, file in enumerate(whole.indicators))]
    for layer, file in every:
        if all(asdict(file.origin).values()):
            yield {"layer": layer} | asdict(file.origin)
