"""Read a Dockerfile: its instructions, one by one, and what is wrong with them."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

UNPINNED = re.compile(r"^[^:@\s]+$|:latest$")
PINNED_PACKAGE = re.compile(r"==[\w.]+$")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: the line it begins on, its keyword, its words as written, and its stage."""

    line: int
    keyword: str
    text: str
    stage: int


def instructions(text: str) -> list[Instruction]:
    """Split a Dockerfile into instructions; comments go, continued lines are joined."""
    found: list[Instruction] = []
    stage, started, parts = -1, 0, []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        started = started if parts else number
        parts.append(line.strip().removesuffix("\\").strip())
        if line.rstrip().endswith("\\"):
            continue
        keyword, _, rest = " ".join(parts).partition(" ")
        stage += keyword.upper() == "FROM"
        found.append(Instruction(started, keyword.upper(), rest.strip(), stage))
        parts = []
    return found


def words(instruction: Instruction) -> list[str]:
    """Split the words of an instruction, in its shell form or in its JSON form."""
    text = instruction.text
    return list(json.loads(text)) if text.startswith("[") else shlex.split(text)


def faults(found: Sequence[Instruction]) -> Iterator[str]:
    """Say what is wrong, in the order of the rules (hadolint's number where the rule is one of its)."""
    last = max(each.stage for each in found)
    stages = {words(each)[-1] for each in found if each.keyword == "FROM" and " AS " in f" {each.text.upper()} "}
    for each in found:
        yield from (f"{each.line}: {sentence}" for sentence in _faults(each, stages))
    run = [each for each in found if each.stage == last]
    users = [each.text.partition(":")[0] for each in run if each.keyword == "USER"]
    if not users or users[-1] in ("root", "0"):
        yield "DL3002: the last user is root"
    if sum(each.keyword == "HEALTHCHECK" for each in run) != 1:
        yield "DL3012, DL3057: the last stage needs one HEALTHCHECK"
    if sum(each.keyword == "CMD" for each in run) != 1:
        yield "DL4003: the last stage needs one CMD"
    if last == 0:
        yield "one stage only: the image holds the tools that build it"


def _faults(each: Instruction, stages: set[str]) -> Iterator[str]:
    if each.keyword == "FROM" and UNPINNED.search(words(each)[0]) and words(each)[0] not in stages:
        yield "DL3006, DL3007: the image has no version"
    if each.keyword == "MAINTAINER":
        yield "DL4000: MAINTAINER is deprecated"
    if each.keyword == "ADD":
        yield "DL3020: use COPY"
    if each.keyword == "WORKDIR" and not each.text.startswith("/"):
        yield "DL3000: WORKDIR is not absolute"
    if each.keyword in ("CMD", "ENTRYPOINT") and not each.text.startswith("["):
        yield "DL3025: use the JSON form"
    if each.keyword == "COPY" and len(words(each)) > 2 and not words(each)[-1].endswith("/") and _many(each):  # noqa: PLR2004 - one source and one target
        yield "DL3021: several sources need a folder that ends with /"
    if each.keyword == "RUN":
        yield from _shell_faults(each.text)
    if re.search(r"(?i)(password|secret|token|api_?key)\s*=\s*\S", each.text) and each.keyword in ("ENV", "ARG"):
        yield "a secret is written in the image"


def _many(each: Instruction) -> bool:
    return len([word for word in words(each) if not word.startswith("--")]) > 2  # noqa: PLR2004 - one source and one target


def _shell_faults(text: str) -> Iterator[str]:
    for command in re.split(r"&&|;", text):
        parts = shlex.split(command)
        if "sudo" in parts:
            yield "DL3004: sudo in an image"
        if parts[:1] == ["cd"]:
            yield "DL3003: use WORKDIR"
        if "pip" in parts and "install" in parts:
            yield from _pip_faults(parts)
        if "apt-get" in parts and "install" in parts and not {"-y", "--yes"} & set(parts):
            yield "DL3014: apt-get install asks a question"
    if "|" in text and "pipefail" not in text:
        yield "DL4006: a pipe hides the failure of what is before it"


def _pip_faults(parts: Sequence[str]) -> Iterator[str]:
    if "--no-cache-dir" not in parts:
        yield "DL3042: pip keeps its cache in the image"
    named = [word for word in parts[parts.index("install") + 1 :] if not word.startswith("-")]
    held = {"--require-hashes", "--no-index"} & set(parts)
    if not held and not all(PINNED_PACKAGE.search(name) for name in named):
        yield "DL3013: a package has no version"
