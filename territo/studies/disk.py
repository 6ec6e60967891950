"""Small files that appear whole or not at all, for folders that several people write at once."""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
from pathlib import Path
from typing import Any

DRAFT = ".writing-"


def write_text(path: Path, text: str) -> None:
    """Write a file under a temporary name, then rename it over the place of the old one."""
    draft = path.with_name(f"{DRAFT}{secrets.token_hex(6)}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_json(path: Path, content: object) -> None:
    """Write a JSON file, whole or not at all."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; an empty one where there is no file."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return content


def claim(draft: Path, target: Path) -> bool:
    """Rename a folder to a name that nobody has yet.

    Returns
    -------
    bool
        False where somebody was there first; the draft is then still there.
    """
    try:
        draft.rename(target)
    except OSError:
        if target.exists():
            return False
        raise
    return True


def stamp() -> str:
    """Name a thing by the time it was made, to the microsecond, so that names sort as times; never twice the same."""
    return f"{dt.datetime.now(tz=dt.UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"


def now() -> str:
    """Return the time as ISO text, UTC, to the second."""
    return dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds")


def entries(folder: Path) -> list[Path]:
    """List what stands in a folder, in the order of names, drafts left out; nothing where there is no folder."""
    try:
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))  # noqa: PTH208 - names only
    except FileNotFoundError:
        return []
    return [folder / name for name in names]
