"""A territory that somebody makes in the application: files received, communes chosen, built by a job of its own.

::

    construction.json         who began it, and when
    files/                    what was received, see :mod:`territo.studies.reception`
    choice.json               name and communes, as last chosen
    territory.yaml            the spec that was filled
    job.json                  name of the last job
    built/<job>/              the territory

It is read from its folder, so that it survives a page that is loaded again
and a server that is restarted.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from territo.errors import InputError, fault
from territo.sources.online.communes import check_siren
from territo.sources.online.fill import Grid
from territo.studies import jobs, turns
from territo.studies.composition import MOST_COMMUNES, Composition, composition_of, spec_of
from territo.studies.disk import DRAFT, claim, entries, now, read_json, stamp, write_json, write_text
from territo.studies.jobs import Job
from territo.studies.reception import received

PASSPORT, FILES, CHOICE, SPEC, JOB, BUILT = (
    "construction.json", "files", "choice.json", "territory.yaml", "job.json", "built",
)  # fmt: skip
LONGEST_NAME = 200
KEPT_DAYS, SECONDS_PER_DAY = 30, 86_400.0


@dataclass(frozen=True, slots=True)
class Construction:
    """A territory being made: its folder, who began it (a name, and the sign of the person) and when (ISO, UTC)."""

    folder: Path
    who: str
    owner: str
    when: str

    @property
    def id(self) -> str:
        """Name of the folder, which nobody guesses: what an address holds."""
        return self.folder.name

    @property
    def files(self) -> Path:
        """Where files are received."""
        return self.folder / FILES


@dataclass(frozen=True, slots=True)
class Choice:
    """The name of the territory, and the INSEE codes of its communes."""

    name: str = ""
    codes: tuple[str, ...] = ()


def begin(root: Path, who: str, owner: str) -> Construction:
    """Begin to make a territory; what was begun and not touched for 30 days is removed."""
    root.mkdir(parents=True, exist_ok=True)
    _forget_old(root)
    with tempfile.TemporaryDirectory(dir=root, prefix=DRAFT) as temporary:
        draft = Path(temporary) / "construction"
        draft.mkdir()
        write_json(draft / PASSPORT, {"who": who, "owner": owner, "when": now()})
        place = root / stamp()
        claim(draft, place)
    return open_construction(place, owner)


def _forget_old(root: Path) -> None:
    for folder in entries(root):
        with contextlib.suppress(FileNotFoundError):  # somebody gives it up just now
            touched = max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
            if time.time() - touched > KEPT_DAYS * SECONDS_PER_DAY:
                shutil.rmtree(folder, ignore_errors=True)


def open_construction(folder: Path, owner: str) -> Construction:
    """Open what a person has begun.

    Raises
    ------
    InputError
        That person began nothing there, or gave it up.
    """
    passport = read_json(folder / PASSPORT) if len(folder.name) <= LONGEST_NAME else {}
    if not passport or passport.get("owner") != owner:
        sentence = "this territory is no longer being made: begin another"
        raise InputError(fault("no-construction", sentence, where=folder.name[:LONGEST_NAME]))
    return Construction(folder, str(passport["who"]), owner, str(passport["when"]))


def give_up(construction: Construction, folder: Path) -> None:
    """Stop the job if there is one (``folder`` holds the jobs), and remove all that was received and built."""
    job = job_of(construction, folder)
    if job and job.active:
        jobs.stop(job)
    shutil.rmtree(construction.folder, ignore_errors=True)


def composition(construction: Construction) -> Composition:
    """Say what the files received make together."""
    return composition_of(received(construction.files))


def choice(construction: Construction) -> Choice:
    """Return what was last chosen."""
    content = read_json(construction.folder / CHOICE)
    return Choice(str(content.get("name", "")), tuple(content.get("codes", ())))


def choose(construction: Construction, name: str, codes: Collection[str]) -> None:
    """Keep what is chosen."""
    write_json(construction.folder / CHOICE, {"name": name[:LONGEST_NAME], "codes": sorted(codes)})


def ask_files(construction: Construction, folder: Path, *, who: str, lang: str) -> Path:
    """Ask a job to build the territory of the files received, as last chosen.

    Parameters
    ----------
    construction
        What is built.
    folder
        Of the jobs.
    who, lang
        Who asks, and the language of the messages.

    Returns
    -------
    Path
        The folder of the job.

    Raises
    ------
    InputError
        Something is lacking: a layer, a name, communes, or there are too many.
    """
    whole, chosen = composition(construction), choice(construction)
    codes = [member.code for member in whole.communes if member.code in {*chosen.codes}]
    if whole.lacking:
        sentence = "these layers are needed too: {layers}"
        raise InputError(fault("layers-lacking", sentence, layers=", ".join(whole.lacking)))
    if not codes or len(codes) > MOST_COMMUNES:
        sentence = "{count} communes are chosen: choose 1 to {most}"
        raise InputError(fault("communes-chosen", sentence, count=len(codes), most=MOST_COMMUNES))
    if not chosen.name.strip():
        raise InputError(fault("territory-without-name", "the territory has no name: give one"))
    spec = spec_of(whole, chosen.name.strip(), codes)
    path = construction.folder / SPEC
    write_text(path, yaml.safe_dump(spec, allow_unicode=True, sort_keys=False, width=120))
    return _ask(construction, folder, [str(path.resolve())], title=chosen.name.strip(), who=who, lang=lang)


def ask_siren(
    construction: Construction, folder: Path, siren: str, *, grid: Grid = "insee", who: str, lang: str
) -> Path:
    """Ask a job to build the territory of an EPCI from the official services; others as :func:`ask_files`.

    Raises
    ------
    InputError
        The SIREN is none.
    """
    check_siren(siren)
    words = ["--epci", siren, "--online", "--grid", grid]
    return _ask(construction, folder, words, title=siren, who=who, lang=lang)


def _ask(construction: Construction, folder: Path, words: Sequence[str], *, title: str, who: str, lang: str) -> Path:
    name = stamp()
    content = {
        "kind": "territory",
        "title": title,
        "who": who,
        "owner": construction.owner,
        "when": now(),
        "study": "",
        "limit_s": 0.0,
        "command": [*jobs.COMMAND, "territory", "build", *words, "--progress", "json", "--lang", lang],
        "explain": [],
        "out": str((construction.folder / BUILT / name).resolve()),
        "origin": {"kind": "territory", "who": who, "when": now(), "scenarios": {}},
    }
    write_json(construction.folder / JOB, {"name": name})
    return jobs.enqueue(folder, name, content)


def job_of(construction: Construction, folder: Path) -> Job | None:
    """Return the last job asked, as it stands now; None without one."""
    name = read_json(construction.folder / JOB).get("name", "")
    place = folder / name
    return jobs.read_job(place, turns.waiting(folder)) if name and place.is_dir() else None


def built(construction: Construction) -> Path | None:
    """Return the folder of the territory that was built last; None without one."""
    found = entries(construction.folder / BUILT)
    return found[-1] if found else None
