"""YAML files read with the line of every value, and nothing that YAML can hide.

The safe loader composes nodes; values are then read by the plain rules of
YAML 1.2, so that ``on`` is a word and ``1e-3`` a number. Anchors, aliases,
merge keys, tags, duplicate keys and deep nesting are refused: a file says
what it says, once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from territo.errors import Fault, InputError, fault, raise_faults
from territo.scenario.yaml_syntax import syntax_fault

LARGEST_FILE_BYTES = 1_000_000
DEEPEST_NESTING = 20

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {"": None, "~": None, "null": None, "true": True, "True": True, "false": False, "False": False}
_INTEGER = re.compile(r"[-+]?\d{1,18}")
_NUMBER = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value stands: file, line (from 1), and the text of a scalar as written."""

    file: str
    line: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class LocatedYaml:
    """The content of a YAML file, and where each value stands.

    Parameters
    ----------
    name
        Name of the file, as people see it.
    data
        Plain dictionaries, lists, strings, numbers, booleans and None.
    marks
        Dotted key (``territories.locks.0.communes``) -> place.
    digest
        SHA-256 of the bytes of the file.
    """

    name: str
    data: dict[str, Any]
    marks: Mapping[str, Mark]
    digest: str = ""

    def mark(self, dotted_key: str) -> Mark:
        """Place of a value, or of the nearest value around it."""
        while dotted_key and dotted_key not in self.marks:
            dotted_key = dotted_key.rpartition(".")[0]
        return self.marks.get(dotted_key, Mark(self.name, 1))

    def line(self, dotted_key: str) -> int:
        """Line of a value, from 1."""
        return self.mark(dotted_key).line

    def where(self, dotted_key: str) -> str:
        """File and line of a value: ``poles.yaml:12``."""
        mark = self.mark(dotted_key)
        return f"{mark.file}:{mark.line}"

    def text(self, dotted_key: str) -> str:
        """Text of a scalar as written in the file, empty for a mapping or a list."""
        return self.marks[dotted_key].text if dotted_key in self.marks else ""


def read_yaml(path: Path | str) -> LocatedYaml:
    """Read a YAML file whose content is a mapping.

    Raises
    ------
    InputError
        With all the faults that can be found: the file is missing, too large,
        not UTF-8 or not YAML; it holds anchors, aliases, merge keys, tags,
        duplicate keys or too many levels.
    """
    path = Path(path)
    content = _content(path)
    text = _text(path.name, content)
    faults = list(_event_faults(path.name, text))
    raise_faults(faults)
    node = yaml.compose(text, Loader=_LOADER)
    if not isinstance(node, yaml.MappingNode):
        raise InputError(
            fault("not-a-mapping", "the file must hold keys and values, one « key: value » a line", where=path.name)
        )
    marks: dict[str, Mark] = {}
    data = _value(node, "", path.name, marks, faults)
    raise_faults(faults)
    return LocatedYaml(path.name, data, marks, hashlib.sha256(content).hexdigest())


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise InputError(fault("missing-file", "there is no such file: check its name", where=str(path)))
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            fault("unreadable-file", "the file cannot be read ({reason})", where=str(path), reason=reason)
        ) from error
    if len(content) > LARGEST_FILE_BYTES:
        raise InputError(
            fault("file-too-large", "the file is over 1 MB: keep tables of data in CSV files", where=path.name)
        )
    return content


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            fault("not-utf-8", "the file is not encoded in UTF-8: save it again as UTF-8", where=f"{name}:{line}")
        ) from error


def _event_faults(name: str, text: str) -> Iterator[Fault]:
    """Look at the stream of events before anything is built."""
    depth = documents = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            where = f"{name}:{_line(event)}"
            yield from _forbidden(event, where)
            documents += isinstance(event, yaml.DocumentStartEvent)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST_NESTING:
                yield fault(
                    "yaml-too-deep",
                    "more than {levels} levels of nesting: flatten the file",
                    where=where,
                    levels=DEEPEST_NESTING,
                )
                return
            if documents > 1:
                yield fault("yaml-documents", "the file holds several documents: keep one a file", where=where)
                return
    except yaml.YAMLError as error:
        yield syntax_fault(name, text, error)


def _forbidden(event: Any, where: str) -> Iterator[Fault]:
    if isinstance(event, yaml.AliasEvent):
        yield fault(
            "yaml-alias", "aliases (*{name}) are refused: write the value again", where=where, name=event.anchor
        )
        return
    if getattr(event, "anchor", None):
        yield fault("yaml-anchor", "anchors (&{name}) are refused: remove it", where=where, name=event.anchor)
    if getattr(event, "tag", None):
        yield fault("yaml-tag", "tags ({tag}) are refused: write the plain value", where=where, tag=event.tag)


def _value(node: yaml.Node, key: str, name: str, marks: dict[str, Mark], faults: list[Fault]) -> Any:
    """Build the plain value of a node, noting the place of everything inside it."""
    line = _line(node)
    if isinstance(node, yaml.ScalarNode):
        marks.setdefault(key, Mark(name, line, node.value))
        return node.value if node.style else _plain(node.value)
    marks.setdefault(key, Mark(name, line))
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, _below(key, index), name, marks, faults) for index, item in enumerate(node.value)]
    return _mapping(node, key, name, marks, faults)


def _mapping(node: yaml.Node, key: str, name: str, marks: dict[str, Mark], faults: list[Fault]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        where = f"{name}:{_line(key_node)}"
        word = key_node.value
        if not isinstance(word, str):
            faults.append(fault("yaml-key", "a key must be one word, not a list or a mapping", where=where, key=key))
            continue
        inner = _below(key, word)
        if word == "<<" and not key_node.style:
            faults.append(fault("yaml-merge", "merge keys (<<) are refused: write the keys", where=where, key=key))
        elif word in values:
            faults.append(fault("duplicate-key", "{name} appears twice: keep one", where=where, key=inner, name=word))
        scalar = value_node.value if isinstance(value_node, yaml.ScalarNode) else ""
        marks.setdefault(inner, Mark(name, _line(key_node), scalar))
        values[word] = _value(value_node, inner, name, marks, faults)
    return values


def _line(part: Any) -> int:
    """Line of a node or an event, from 1."""
    return int(part.start_mark.line) + 1


def _below(key: str, part: str | int) -> str:
    return f"{key}.{part}" if key else str(part)


def _plain(text: str) -> Any:
    """Value of an unquoted scalar, by the core rules of YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
