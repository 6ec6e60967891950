"""A study on disk: one territory, scenarios with their versions, results, and who decided what, when and why.

::

    study.json                          name, digest of the territory
    territory/                          the folder that `territo territory build` writes
    scenarios/<id>/0001/                scenario.yaml and version.json, never changed afterwards
    runs/<result>/                      what `territo run` and `territo compare` write, and origin.json
    log/<time>.json                     one decision a file

Nothing is ever written twice under one name: a version is a folder that is
renamed to the next free number, so two people who save at once both keep
their work, and no lock can be left behind.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import unicodedata
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from territo.errors import InputError, fault
from territo.studies.disk import DRAFT, claim, entries, now, read_json, stamp, write_json

FORMAT = 1
PASSPORT, TERRITORY, SCENARIOS, RUNS, LOG = "study.json", "territory", "scenarios", "runs", "log"
TEXT, VERSION, ORIGIN = "scenario.yaml", "version.json", "origin.json"


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """A study.

    Parameters
    ----------
    folder
        Where it stands.
    name
        As people named it.
    communes, inhabitants
        Size of its territory.
    outline
        Path of an SVG picture, 100 wide or high; empty where it is not known.
    """

    folder: Path
    name: str
    communes: int
    inhabitants: int
    outline: str = ""

    @property
    def slug(self) -> str:
        """Name of the folder: what an address holds."""
        return self.folder.name

    @property
    def territory(self) -> Path:
        """The territory folder."""
        return self.folder / TERRITORY

    @property
    def runs(self) -> Path:
        """The folder of the results."""
        return self.folder / RUNS


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a scenario.

    Parameters
    ----------
    scenario_id, name
        As in the file.
    number
        From 1.
    file
        The YAML file.
    who, when, why
        Its author, time (ISO, UTC) and reason.
    parent
        ``id`` of the scenario it was forked from; empty where it was not.
    """

    scenario_id: str
    name: str
    number: int
    file: Path
    who: str
    when: str
    why: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """An entry of the log: what was done to which scenario or result, by whom, when and why."""

    what: str
    subject: str
    who: str
    when: str
    why: str


def create_study(
    folder: Path, territory: Path, *, name: str, communes: int, inhabitants: int, outline: str = ""
) -> StudyFolder:
    """Make a study of a territory; the folder appears only when it is whole.

    Parameters
    ----------
    folder
        Where to make it.
    territory
        Territory folder, copied.
    name, communes, inhabitants, outline
        What the list of studies shows.

    Raises
    ------
    InputError
        The place is taken.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=DRAFT) as temporary:
        draft = Path(temporary) / "study"
        shutil.copytree(territory, draft / TERRITORY)
        for part in (SCENARIOS, RUNS, LOG):
            (draft / part).mkdir()
        shown = {"name": name, "communes": communes, "inhabitants": inhabitants, "outline": outline}
        write_json(draft / PASSPORT, {"format": FORMAT, **shown})
        if not claim(draft, folder):
            raise InputError(
                fault("study-place-taken", "there is something here already: choose another name", where=folder.name)
            )
    return open_study(folder)


def open_study(folder: Path) -> StudyFolder:
    """Open the study of a folder.

    Raises
    ------
    InputError
        There is no study there, or it comes from another version of territo.
    """
    try:
        passport = read_json(folder / PASSPORT)
    except (OSError, ValueError):
        passport = {}
    if passport.get("format") != FORMAT or not (folder / TERRITORY).is_dir():
        raise InputError(
            fault("not-a-study", "there is no study here: make one from a territory folder", where=folder.name)
        )
    size = int(passport["communes"]), int(passport["inhabitants"])
    return StudyFolder(folder, str(passport["name"]), *size, str(passport["outline"]))


def studies(folder: Path) -> tuple[StudyFolder, ...]:
    """List the studies of a folder, in the order of their names; what is not one is left out."""
    found = []
    for path in entries(folder):
        with contextlib.suppress(InputError):
            found.append(open_study(path))
    return tuple(sorted(found, key=lambda study: study.name.casefold()))


def save_version(
    study: StudyFolder, scenario_id: str, name: str, text: str, *, who: str, why: str, parent: str = ""
) -> Version:
    """Keep a text as the next version of a scenario, and log it.

    Parameters
    ----------
    study
        Where.
    scenario_id, name
        Read from the text by the caller, which has checked it.
    text
        YAML.
    who, why
        Author and reason.
    parent
        Scenario it was forked from.
    """
    of_scenario = study.folder / SCENARIOS / scenario_id
    of_scenario.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=of_scenario, prefix=DRAFT) as temporary:
        draft = Path(temporary) / "version"
        draft.mkdir()
        (draft / TEXT).write_text(text, encoding="utf-8")
        content = {"name": name, "who": who, "when": now(), "why": why, "parent": parent}
        write_json(draft / VERSION, content)
        number = len(versions(study, scenario_id)) + 1
        while not claim(draft, of_scenario / f"{number:04d}"):
            number += 1
    log(study, "version", f"{name} ({number})", who=who, why=why)
    return _version(of_scenario / f"{number:04d}")


def scenarios(study: StudyFolder) -> tuple[Version, ...]:
    """List the last version of every scenario, in the order of their ids."""
    ids = [path.name for path in entries(study.folder / SCENARIOS)]
    return tuple(found[-1] for found in (versions(study, name) for name in ids) if found)


def versions(study: StudyFolder, scenario_id: str) -> tuple[Version, ...]:
    """List the versions of a scenario, the first one first."""
    folder = study.folder / SCENARIOS / scenario_id
    return tuple(_version(path) for path in entries(folder))


def log(study: StudyFolder, what: str, subject: str, *, who: str, why: str) -> None:
    """Write a decision down; entries are never changed.

    Parameters
    ----------
    study
        Where.
    what
        ``created``, ``version``, ``run`` or ``decision``.
    subject
        Name of the scenario or result it is about.
    who, why
        Author and reason.
    """
    content = asdict(Decision(what, subject, who, now(), why))
    (study.folder / LOG).mkdir(exist_ok=True)
    write_json(study.folder / LOG / f"{stamp()}.json", content)


def decisions(study: StudyFolder) -> tuple[Decision, ...]:
    """List the decisions, the last one first."""
    return tuple(Decision(**read_json(path)) for path in reversed(entries(study.folder / LOG)))


def free_slug(name: str, taken: Collection[str]) -> str:
    """Make a folder name of a name: letters, digits and dashes, and a number where it is taken."""
    letters = (sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in letters).split()
    slug = "-".join(words)[:40].strip("-") or "etude"
    number, found = 2, slug
    while found in taken:
        number, found = number + 1, f"{slug}-{number}"
    return found


def _version(folder: Path) -> Version:
    content = read_json(folder / VERSION)
    return Version(folder.parent.name, number=int(folder.name), file=folder / TEXT, **content)
