"""Downloads, kept by the digest of their content.

``objects/<SHA-256>`` holds what was received, ``answers/<key>.json`` says what
was asked, when, and which object answered; ``parts/<key>`` is what an
interrupted download left, and ``locks/<key>`` keeps two builds from fetching
the same file at once. A file is written beside its place, then renamed; an
object whose content no longer has its digest is fetched again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from territo.errors import SourceUnavailableError, fault
from territo.progress import Progress
from territo.sources.bodies import sha256
from territo.sources.locks import locked
from territo.sources.partial import forget
from territo.sources.request import Request
from territo.sources.transfer import Transfer


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the store.

    Parameters
    ----------
    layer
        What it is for.
    address
        Where it came from.
    retrieved
        When it came, ISO 8601 in UTC.
    sha256, size
        Of its content, in hexadecimal and bytes.
    path
        Where it is.
    form
        What was posted to the address; nothing for a plain file.
    """

    layer: str
    address: str
    retrieved: str
    sha256: str
    size: int
    path: Path
    form: str = ""


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of downloads.

    Parameters
    ----------
    root
        The folder; made when needed.
    transfer
        How files are fetched; None never opens a connection.
    """

    root: Path
    transfer: Transfer | None

    def get(self, request: Request, progress: Progress) -> Download:
        """Return the file asked for, fetched unless a fresh answer is kept.

        Without a transfer, whatever is kept is good, however old.

        Raises
        ------
        SourceUnavailableError
            The service does not answer, or nothing is kept and nothing may be fetched.
        KeyboardInterrupt
            The progress asked to stop.
        """
        key = _key(request)
        if self.transfer is None:
            kept = self._kept(request, key)
            if kept is None:
                sentence = "the cache has no layer {layer} of this territory: build once with --online"
                raise SourceUnavailableError(
                    fault("source-not-kept", sentence, where=request.host, layer=request.layer)
                )
            return kept
        with locked(self.root / "locks" / key, progress):
            kept = self._kept(request, key)
            if kept is not None and _fresh(kept, request):
                return kept
            part = self._folder("parts") / key
            self.transfer.fetch(request, part, progress)
            return self._keep(request, key, part)

    def _folder(self, name: str) -> Path:
        folder = self.root / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _kept(self, request: Request, key: str) -> Download | None:
        """Return the answer that is kept, if its content is still what it was."""
        try:
            answer = json.loads((self.root / "answers" / f"{key}.json").read_text(encoding="utf-8"))
            path = self.root / "objects" / str(answer["sha256"])
            download = Download(**{**answer, "layer": request.layer, "path": path})
            whole = path.stat().st_size == download.size and sha256(path) == download.sha256
        except (OSError, ValueError, KeyError, TypeError):
            return None
        trusted = request.sha256 in ("", download.sha256)
        return download if whole and trusted else None

    def _keep(self, request: Request, key: str, part: Path) -> Download:
        digest, size = sha256(part), part.stat().st_size
        path = self._folder("objects") / digest
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())
        part.replace(path)
        forget(part)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        download = Download(request.layer, request.address, now, digest, size, path, request.body)
        answer = {name: value for name, value in asdict(download).items() if name != "path"}
        write_whole(self._folder("answers") / f"{key}.json", json.dumps(answer, ensure_ascii=False, indent=1))
        return download


def write_whole(path: Path, text: str) -> None:
    """Write a text beside its place, then rename it."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _key(request: Request) -> str:
    """Digest of what is asked; two requests that ask the same share their answer."""
    return hashlib.sha256(json.dumps([request.address, request.body]).encode()).hexdigest()


def _fresh(kept: Download, request: Request) -> bool:
    if request.fresh_days is None:
        return True
    age = datetime.now(UTC) - datetime.fromisoformat(kept.retrieved)
    return age < timedelta(days=request.fresh_days)
