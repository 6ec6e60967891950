"""Road networks in OSMnx GraphML, read as a stream into plain arrays."""

from __future__ import annotations

import gzip
import math
import zlib
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from xml.parsers import expat

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.roads import RoadNetwork
from territo.errors import Fault, InputError, fault
from territo.sources.places import WGS84, area_fault, transform

WANTED = {"node": {"x", "y"}, "edge": {"highway", "length"}, "graph": {"crs"}}
UNKNOWN_CLASS = "unclassified"
MOST_FAULTS = 20


def read_graphml(path: Path, crs: Any) -> RoadNetwork:
    """Read an OSMnx GraphML, compressed (.gz) or not.

    Parameters
    ----------
    path
        Nodes with ``x`` and ``y`` in the system of the graph's ``crs`` (WGS 84
        when absent), links with ``length`` in metres and ``highway``; of a
        list of classes the first counts.
    crs
        Reference system of the territory (pyproj).

    Raises
    ------
    InputError
        Not GraphML, links between unknown nodes, lengths that are not
        positive numbers, no link at all, or coordinates outside the area.
    """
    graph = _parse(path)
    if graph.wrong:
        raise InputError(*graph.wrong[:MOST_FAULTS])
    if not graph.tail:
        raise InputError(no_road(path.name))
    raw = np.column_stack([np.frombuffer(graph.x), np.frombuffer(graph.y)])
    declared = graph.crs or WGS84
    misplaced = area_fault([*raw.min(axis=0), *raw.max(axis=0)], declared, crs, path.name)
    if misplaced:
        raise InputError(misplaced)
    return _network(graph, transform(raw, declared, crs))


def no_road(where: str) -> Fault:
    """Make the fault of a file without roads."""
    return fault("no-road", "the file has no road: check the extraction", where=where)


@dataclass(slots=True)
class _Graph:
    """What the stream has given so far."""

    name: str
    crs: str = ""
    directed: bool = True
    nodes: dict[str, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    x: array[float] = field(default_factory=lambda: array("d"))
    y: array[float] = field(default_factory=lambda: array("d"))
    tail: array[int] = field(default_factory=lambda: array("q"))
    head: array[int] = field(default_factory=lambda: array("q"))
    length: array[float] = field(default_factory=lambda: array("d"))
    road_class: array[int] = field(default_factory=lambda: array("q"))
    wrong: list[Any] = field(default_factory=list)


class _Reader:
    """Handlers of the stream: keys first, then nodes, then links."""

    def __init__(self, graph: _Graph, parser: Any) -> None:
        self.graph, self.parser = graph, parser
        self.keys: dict[str, tuple[str, str]] = {}
        self.element: dict[str, str] = {}
        self.values: dict[str, str] = {}
        self.reading = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        tag = tag.rpartition(":")[2]
        if tag == "key":
            self.keys[attributes.get("id", "")] = (attributes.get("for", ""), attributes.get("attr.name", ""))
        elif tag == "graph":
            self.graph.directed = attributes.get("edgedefault", "directed") == "directed"
        elif tag in ("node", "edge"):
            self.element, self.values = attributes, {}
        elif tag == "data":
            kind, name = self.keys.get(attributes.get("key", ""), ("", ""))
            self.reading = name if name in WANTED.get(kind, ()) else ""

    def text(self, data: str) -> None:
        """Receive a piece of text."""
        if self.reading:
            self.values[self.reading] = self.values.get(self.reading, "") + data

    def end(self, tag: str) -> None:
        """Close an element."""
        tag = tag.rpartition(":")[2]
        if tag == "data":
            if self.reading == "crs":
                self.graph.crs = self.values.pop("crs", "").strip()
            self.reading = ""
        elif tag == "node":
            self._node()
        elif tag == "edge":
            self._link()

    def refuse(self, *_: object) -> None:
        """Refuse document types: they can hide entities that expand without end."""
        self._wrong("graphml-doctype", "a document type is refused: remove the DOCTYPE")
        raise InputError(*self.graph.wrong)

    def _wrong(self, code: str, sentence: str, **context: str) -> None:
        where = f"{self.graph.name}:{self.parser.CurrentLineNumber}"
        self.graph.wrong.append(fault(code, sentence, where=where, **context))

    def _node(self) -> None:
        name = self.element.get("id", "")
        x, y = _number(self.values.get("x", "")), _number(self.values.get("y", ""))
        if math.isnan(x) or math.isnan(y):
            self._wrong("node-without-place", "the road node {name} has no coordinates x and y: give them", name=name)
            return
        self.graph.nodes[name] = len(self.graph.x)
        self.graph.x.append(x)
        self.graph.y.append(y)

    def _link(self) -> None:
        graph = self.graph
        ends = [graph.nodes.get(self.element.get(side, "")) for side in ("source", "target")]
        length = _number(self.values.get("length", ""))
        if ends[0] is None or ends[1] is None:
            names = f"{self.element.get('source', '')} - {self.element.get('target', '')}"
            self._wrong("unknown-road-node", "the road {name} joins a node that does not exist: remove it", name=names)
        elif not length >= 0:
            value = self.values.get("length", "") or "\u2205"
            self._wrong("bad-road-length", "the length {value} is not a number of metres: correct it", value=value)
        else:
            graph.tail.append(ends[0])
            graph.head.append(ends[1])
            graph.length.append(length)
            graph.road_class.append(self._class(self.values.get("highway", "")))

    def _class(self, text: str) -> int:
        name = text.strip("[] ").split(",")[0].strip("'\" ") or UNKNOWN_CLASS
        return self.graph.classes.setdefault(name, len(self.graph.classes))


def _parse(path: Path) -> _Graph:
    graph = _Graph(path.name)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    reader = _Reader(graph, parser)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        with _opened(path) as stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, OSError, EOFError, zlib.error, ValueError) as error:
        if isinstance(error, InputError):
            raise
        where = f"{path.name}:{parser.CurrentLineNumber}"
        sentence = "the file is damaged or is not GraphML: export it again from OSMnx"
        raise InputError(fault("unreadable-roads", sentence, where=where)) from error
    return graph


def _opened(path: Path) -> BinaryIO | gzip.GzipFile:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _network(graph: _Graph, xy: Floats) -> RoadNetwork:
    tail, head = np.array(graph.tail), np.array(graph.head)
    length, road_class = np.array(graph.length), np.array(graph.road_class)
    if not graph.directed:
        tail, head = np.concatenate([tail, head]), np.concatenate([head, tail])
        length, road_class = np.tile(length, 2), np.tile(road_class, 2)
    return RoadNetwork(xy, tail, head, length, road_class, tuple(graph.classes))
