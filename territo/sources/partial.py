"""What an interrupted download left, and of which version it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from territo.sources.request import Request

if TYPE_CHECKING:
    from requests import Response


def kept(request: Request, part: Path) -> tuple[int, str]:
    """Bytes that can be completed, and the version they are of."""
    try:
        version: dict[str, Any] = json.loads(_version(part).read_text(encoding="utf-8"))
        start, validator = part.stat().st_size, str(version["validator"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""
    # without a version the pieces may not fit: only a published digest can tell
    return (start, validator) if not request.body and (validator or request.sha256) else (0, "")


def remember(part: Path, response: Response) -> None:
    """Keep the version of what comes; a weak ETag cannot tell bytes apart."""
    etag = response.headers.get("ETag", "")
    strong = etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified", "")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        strong = ""
    _version(part).write_text(json.dumps({"validator": strong}), encoding="utf-8")


def forget(part: Path) -> None:
    """Remove what an attempt received."""
    part.unlink(missing_ok=True)
    _version(part).unlink(missing_ok=True)


def _version(part: Path) -> Path:
    return part.with_name(part.name + ".json")
