"""Long works asked from the application: each one is a folder on disk and processes of its own.

At most two run at once; people take turns in the queue, and each one sees
and stops their own jobs alone. The state of a job is read from its folder, so
it survives a page that is loaded again and a server that is restarted.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from territo.progress import Event
from territo.studies import runner, turns
from territo.studies.disk import entries, now, read_json, stamp, write_json
from territo.studies.job_files import repairs_in, said_in, state_of
from territo.studies.results import solved
from territo.studies.study import StudyFolder, Version, log

COMMAND = (sys.executable, "-m", "territo")


@dataclass(frozen=True, slots=True)
class Job:
    """A job, as its folder tells it now.

    Parameters
    ----------
    folder
        Where it is told.
    kind
        ``run``, ``compare`` or ``pareto``.
    title
        Names of the scenarios.
    who, when
        Name of who asked it, and when (ISO, UTC).
    owner
        Whose it is: a sign that names nobody.
    study
        Slug of its study.
    state
        ``waiting``, ``running``, ``stopping``, ``done``, ``stopped`` (with
        what was found), ``infeasible``, ``unsolved``, ``failed`` or ``lost``
        (its process was killed).
    place
        Place in the queue from 1; 0 where it does not wait.
    seconds, limit_s
        Time used, and the time it was given.
    event
        The last thing it said.
    messages
        Sentences it ended with.
    result
        Slug of the result; empty as long as there is none.
    scenarios
        Id -> number of the version it works on.
    repairs
        What would make it feasible, as ``territo explain`` says; None while
        this is not known.
    """

    folder: Path
    kind: str
    title: str
    who: str
    when: str
    owner: str
    study: str
    state: str
    place: int = 0
    seconds: float = 0.0
    limit_s: float = 0.0
    event: Event | None = None
    messages: tuple[str, ...] = ()
    result: str = ""
    scenarios: Mapping[str, int] = field(default_factory=dict)
    repairs: Mapping[str, Any] | None = None

    @property
    def id(self) -> str:
        """Name of the folder: the reference number that a person can quote."""
        return self.folder.name

    @property
    def active(self) -> bool:
        """Whether it waits or works."""
        return self.state in {"waiting", "running", "stopping"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a job is asked to do.

    Parameters
    ----------
    kind
        Command: ``run``, ``compare`` or ``pareto``.
    scenarios
        Files; each stands in the folder of its version.
    title
        As people read it.
    who, owner
        Name of who asks, and the sign by which the job is theirs.
    versions
        Id of each scenario -> number of its version.
    limit_s
        Seconds that the scenarios allow in all.
    lang
        Language of its messages.
    options
        Further options of the command.
    """

    kind: str
    scenarios: Sequence[Path]
    title: str
    who: str
    owner: str
    versions: Mapping[str, int]
    limit_s: float
    lang: str = "fr"
    options: Sequence[str] = ()


def submit(jobs: Path, study: StudyFolder, asked: Asked) -> Path:
    """Ask a job of a study; it starts as soon as fewer than two are running.

    Returns
    -------
    Path
        The folder of the job.
    """
    name = stamp()
    words = [*map(str, asked.scenarios), "--territory", str(study.territory.resolve()), "--lang", asked.lang]
    explain = [*COMMAND, "explain", *words, "--json"] if len(asked.scenarios) == 1 else []
    content = {
        "kind": asked.kind,
        "title": asked.title,
        "who": asked.who,
        "owner": asked.owner,
        "when": now(),
        "study": study.slug,
        "limit_s": asked.limit_s,
        "command": [*COMMAND, asked.kind, *words, *asked.options, "--progress", "json"],
        "explain": explain,
        "out": str((study.runs / name).resolve()),
        "origin": {"kind": asked.kind, "who": asked.who, "when": now(), "scenarios": dict(asked.versions)},
    }
    return enqueue(jobs, name, content)


def enqueue(jobs: Path, name: str, content: Mapping[str, Any]) -> Path:
    """Write the folder of a job, whole, and start its runner; return the folder.

    Parameters
    ----------
    jobs
        Folder of the jobs.
    name
        Of the new folder, from :func:`territo.studies.disk.stamp`.
    content
        What the runner and :func:`read_job` read.
    """
    draft = jobs / f".{name}"
    draft.mkdir(parents=True)
    write_json(draft / turns.JOB, content)
    draft.rename(jobs / name)
    start(jobs / name)
    return jobs / name


def ask(
    jobs: Path,
    study: StudyFolder,
    chosen: Sequence[Version],
    *,
    kind: str,
    who: str,
    owner: str,
    lang: str,
    options: Sequence[str] = (),
) -> Path:
    """Ask to solve versions of scenarios, and log it; parameters and result as :func:`submit`."""
    from territo.scenario.loading import load_scenario  # its schema is long to make, and nobody waits for it here

    if kind == "run":
        options = [*options, *_start(study, chosen[0])]
    limit = sum(load_scenario(version.file).solver.time_limit_s for version in chosen)
    title = ", ".join(version.name for version in chosen)
    log(study, "run", title, who=who, why="")
    return submit(
        jobs,
        study,
        Asked(
            kind=kind,
            scenarios=[version.file.resolve() for version in chosen],
            title=title,
            who=who,
            owner=owner,
            versions={version.scenario_id: version.number for version in chosen},
            limit_s=limit,
            lang=lang,
            options=options,
        ),
    )


def _start(study: StudyFolder, version: Version) -> list[str]:
    """Say which answer to start from: the last one of the same scenario, where it has one."""
    found = next((entry for entry in solved(study) if entry.key == version.scenario_id), None)
    return ["--start", str(found.folder.parent.resolve())] if found else []


def start(folder: Path) -> None:
    """Start the runner of a job, apart from this process."""
    words = [sys.executable, "-m", "territo.studies.runner", str(folder)]
    process = subprocess.Popen(  # noqa: S603 - our own module
        words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    threading.Thread(target=process.wait, daemon=True).start()  # so that it leaves no zombie


def restart(job: Job) -> None:
    """Run again a job whose process was killed."""
    for name in (turns.STARTED, turns.EXIT, turns.STOP, runner.EVENTS):
        (job.folder / name).unlink(missing_ok=True)
    start(job.folder)


def stop(job: Job) -> None:
    """Ask a job to stop and keep the best answer found."""
    (job.folder / turns.STOP).touch()


def jobs_of(jobs: Path, study: StudyFolder, owner: str) -> tuple[Job, ...]:
    """List the jobs of somebody on a study, the last one first."""
    queue = turns.waiting(jobs)
    found = [read_job(path, queue) for path in reversed(entries(jobs))]
    return tuple(job for job in found if job.study == study.slug and job.owner == owner)


def own_job(jobs: Path, name: str, owner: str) -> Job | None:
    """Read a job by its reference number; None where there is none, or where it is another person's."""
    folder = next((path for path in entries(jobs) if path.name == name), None)
    job = read_job(folder, turns.waiting(jobs)) if folder else None
    return job if job and job.owner == owner else None


def read_job(folder: Path, queue: Sequence[Path] = ()) -> Job:
    """Read what a job is doing.

    Parameters
    ----------
    folder
        Of the job.
    queue
        The jobs that wait, from :func:`territo.studies.turns.waiting`.
    """
    content, end = read_json(folder / turns.JOB), read_json(folder / turns.EXIT)
    begun = read_json(folder / turns.STARTED)
    event, messages = said_in(folder / runner.EVENTS)
    result = Path(content["out"])
    state = state_of(folder, end, begun)
    return Job(
        folder=folder,
        state=state,
        place=queue.index(folder) + 1 if state == "waiting" and folder in queue else 0,
        seconds=end.get("seconds", time.time() - begun["time"] if begun else 0.0),
        event=event,
        messages=messages,
        result=result.name if result.is_dir() else "",
        owner=str(content.get("owner", "")),
        scenarios=content["origin"]["scenarios"],
        repairs=repairs_in(folder),
        **{name: content[name] for name in ("kind", "title", "who", "when", "study", "limit_s")},
    )
