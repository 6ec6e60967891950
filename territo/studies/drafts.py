"""What people write before it is a scenario: checked as they type, changed by a form, kept as a version."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from territo.domain.catalogue import Catalogue
from territo.domain.territory import Territory
from territo.errors import Fault, InputError
from territo.scenario.loading import load_scenario, merged_yaml
from territo.scenario.schema import Scenario
from territo.scenario.yaml_lines import read_yaml
from territo.studies.build import load_territory
from territo.studies.study import StudyFolder, Version, create_study, log, open_study, save_version
from territo.studies.thumbnail import outline_path
from territo.studies.workspace import Workspace, default_workspace

FILE = "scenario.yaml"


@dataclass(frozen=True, slots=True)
class Draft:
    """A text and what it is.

    Parameters
    ----------
    text
        YAML as written.
    data
        Its content; empty where it is not YAML.
    scenario
        None where there are faults.
    faults
        All that is wrong, with the line.
    """

    text: str
    data: Mapping[str, Any]
    scenario: Scenario | None
    faults: tuple[Fault, ...] = ()


def check_draft(text: str, catalogue: Catalogue, territory: Territory) -> Draft:
    """Check a text against the catalogue and the territory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_text(text, encoding="utf-8")
        try:
            data = merged_yaml(path).data
        except InputError as error:
            return Draft(text, {}, None, error.faults)
        try:
            codes, ids = territory.communes.codes, territory.sites.ids
            scenario = load_scenario(path, catalogue=catalogue, commune_codes=codes, site_ids=ids)
        except InputError as error:
            return Draft(text, data, None, error.faults)
    return Draft(text, data, scenario)


def changed(text: str, changes: Sequence[tuple[str, Any]]) -> str:
    """Set values in a text, by dotted path, and keep its order and its comments.

    Parameters
    ----------
    text
        YAML of a mapping.
    changes
        (path, value); None removes the key.
    """
    from ruamel.yaml import YAML

    writer = YAML()
    writer.width = 110
    writer.preserve_quotes = True
    document = writer.load(text) or {}
    for path, value in changes:
        _set(document, path.split("."), value)
    return _dumped(document)


def resolved(path: Path) -> str:
    """Write a scenario file and the files it extends as one text that needs no other file."""
    if "extends" not in read_yaml(path).data:
        return path.read_text(encoding="utf-8")
    return _dumped({key: value for key, value in merged_yaml(path).data.items() if key != "extends"})


def with_locks(draft: Draft, locks: Mapping[str, str]) -> str:
    """Keep, close or free sites in a text.

    Parameters
    ----------
    draft
        Without faults.
    locks
        Site id -> ``keep``, ``close`` or ``free``.
    """
    sites = draft.data.get("sites") or {}
    changes = []
    for wish in ("keep", "close"):
        old = [site for site in sites.get(wish, []) if site not in locks]
        new = [*old, *(site for site, wanted in locks.items() if wanted == wish)]
        changes.append((f"sites.{wish}", new or None))
    return changed(draft.text, changes)


def repaired(text: str, patch: Sequence[Mapping[str, Any]]) -> str:
    """Apply the patch of a repair, as ``territo explain`` gives it."""
    return changed(text, [(str(step["path"]), step["value"]) for step in patch])


def fork(text: str, scenario_id: str, name: str) -> str:
    """Give a text another id and another name."""
    return changed(text, [("id", scenario_id), ("name", name)])


def keep(study: StudyFolder, draft: Draft, *, who: str, why: str, parent: str = "") -> Version:
    """Keep a draft without faults as the next version of its scenario.

    Raises
    ------
    InputError
        The draft has faults.
    """
    if draft.scenario is None:
        raise InputError(*draft.faults)
    scenario = draft.scenario
    return save_version(study, scenario.id, scenario.name, draft.text, who=who, why=why, parent=parent)


def new_study(
    folder: Path, territory: Path, name: str = "", *, who: str = "", workspace: Workspace | None = None
) -> StudyFolder:
    """Make a study of a territory folder, with the archetype scenarios in it.

    Raises
    ------
    InputError
        There is no territory there, or the place is taken.
    """
    place = load_territory(territory).territory
    study = create_study(
        folder,
        territory,
        name=name or place.name,
        communes=len(place.communes),
        inhabitants=int(place.communes.population.sum()),
        outline=outline_path(place),
    )
    log(study, "created", study.name, who=who, why="")
    for path in sorted((workspace or default_workspace()).scenarios.glob("sc*.yaml")):
        data = merged_yaml(path).data
        if data.get("mode", "optimise") == "optimise":
            save_version(study, data["id"], data["name"], resolved(path), who=who, why="")
    return open_study(study.folder)


def _set(document: Any, path: Sequence[str], value: Any) -> None:
    *parents, last = path
    for name in parents:
        if not isinstance(document.get(name), Mapping):
            document[name] = {}
        document = document[name]
    if value is None:
        document.pop(last, None)
    else:
        document[last] = value


def _dumped(document: Any) -> str:
    """Write a document; short lists and mappings of one level on one line, as people write scenarios."""
    from io import StringIO

    from ruamel.yaml import YAML

    writer = YAML()
    writer.width = 110
    writer.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    writer.dump(_flowing(document), out)
    return out.getvalue()


def _flowing(document: Any) -> Any:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    written = document if isinstance(document, CommentedMap) else CommentedMap(document)
    for key, value in written.items():
        if isinstance(value, list | tuple):
            written[key] = value if isinstance(value, CommentedSeq) else _flow(CommentedSeq(value))
        elif isinstance(value, Mapping):
            inner = _flowing(value)
            deep = any(isinstance(part, Mapping | list | tuple) for part in inner.values())
            written[key] = inner if deep or isinstance(value, CommentedMap) else _flow(inner)
    return written


def _flow(part: Any) -> Any:
    part.fa.set_flow_style()
    return part
