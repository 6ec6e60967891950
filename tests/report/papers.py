"""Open papers with the readers that people have: pdfinfo, pdftotext, pdffonts."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest


def facts_of(path):
    """Fields of pdfinfo."""
    said = _run("pdfinfo", str(path))
    return {key: value.strip() for key, _, value in (line.partition(":") for line in said.splitlines())}


def text_of(path, *options):
    """Text of a PDF, every run of spaces and line ends as one space; pdftotext writes a narrow space as a plain one."""
    return re.sub(r"[ \n\f]+", " ", _run("pdftotext", *options, str(path), "-"))


def fonts_of(path):
    """Names of the fonts of a PDF, without the letters of the subset."""
    lines = _run("pdffonts", str(path)).splitlines()[2:]
    return {line.split()[0].partition("+")[2] for line in lines}


def _run(*command):
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs {command[0]}, of poppler-utils")
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
