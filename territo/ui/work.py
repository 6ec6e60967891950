"""What this visitor asks to compute: their jobs, and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence

from territo.studies import jobs
from territo.studies.jobs import Job
from territo.studies.study import StudyFolder, Version
from territo.ui.session import lang, who, workspace
from territo.ui.visitor import owner


def ask(study: StudyFolder, chosen: Sequence[Version], *, kind: str, options: Sequence[str] = ()) -> str:
    """Ask to solve versions of scenarios under the name of this visitor; return the reference number of the job."""
    place = workspace().jobs
    return jobs.ask(place, study, chosen, kind=kind, who=who(), owner=owner(), lang=lang(), options=options).name


def own_jobs(study: StudyFolder) -> tuple[Job, ...]:
    """List the jobs of this visitor on a study, the last one first."""
    return jobs.jobs_of(workspace().jobs, study, owner())


def own_job(study: StudyFolder, name: str) -> Job | None:
    """Return a job of this visitor on a study; None for any other reference number."""
    found = jobs.own_job(workspace().jobs, name, owner())
    return found if found and found.study == study.slug else None
