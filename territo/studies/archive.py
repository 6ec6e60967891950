"""A study in one file, to send it or to keep it."""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from territo.errors import InputError, fault
from territo.studies.disk import DRAFT, claim
from territo.studies.study import StudyFolder, open_study

LARGEST_BYTES = 4 * 1024**3


def zip_study(study: StudyFolder, out: Path) -> Path:
    """Write a study into a ZIP; drafts of other people are left out.

    Parameters
    ----------
    study
        What to write.
    out
        File to write; it appears only when it is whole.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=DRAFT) as temporary:
        draft = Path(temporary) / "study.zip"
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(study.folder.rglob("*")):
                inside = path.relative_to(study.folder)
                if path.is_file() and not any(part.startswith(".") for part in inside.parts):
                    archive.write(path, inside.as_posix())
        draft.replace(out)
    return out


def unzip_study(archive: Path, folder: Path) -> StudyFolder:
    """Open a ZIP as a new study folder.

    Raises
    ------
    InputError
        It is not the ZIP of a study, it holds names that leave the folder, or
        the place is taken.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=DRAFT) as temporary:
        draft = Path(temporary) / "study"
        draft.mkdir()
        try:
            with zipfile.ZipFile(archive) as content:
                _extract(content, draft)
            open_study(draft)
        except (OSError, zipfile.BadZipFile, RuntimeError, EOFError, InputError) as error:
            sentence = "this file is not the archive of a study: choose one that territo wrote"
            raise InputError(fault("not-a-study-archive", sentence, where=archive.name)) from error
        if not claim(draft, folder):
            raise InputError(
                fault("study-place-taken", "there is something here already: choose another name", where=folder.name)
            )
    return open_study(folder)


def _extract(content: zipfile.ZipFile, folder: Path) -> None:
    members = content.infolist()
    if sum(member.file_size for member in members) > LARGEST_BYTES:
        raise OSError
    for member in members:
        inside = PurePosixPath(member.filename)
        leaves = inside.is_absolute() or ".." in inside.parts or "\\" in member.filename
        hidden = any(part.startswith(".") for part in inside.parts)
        if leaves or stat.S_ISLNK(member.external_attr >> 16):
            raise OSError
        if member.is_dir() or hidden:  # no study holds one: nothing tells here whose it is
            continue
        target = folder.joinpath(*inside.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with content.open(member) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
