"""The page on location models: its code runs, and prints what the page says."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import warnings
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "location-models.md"
BLOCK = re.compile(r"(?ms)^```python(?P<peer> spopt)?\n(?P<code>.*?)^```\n\n```text\n(?P<printed>.*?)^```$")


def blocks():
    return list(BLOCK.finditer(PAGE.read_text(encoding="utf-8")))


def run(code, names):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, str(PAGE), "exec"), names)  # noqa: S102  # the code of our own page
    return printed.getvalue()


def test_our_half_of_the_page_prints_what_the_page_says():
    names = {}
    ours = [block for block in blocks() if not block["peer"]]
    assert len(ours) == PAGE.read_text(encoding="utf-8").count("```python\n")
    for block in ours:
        assert run(block["code"], names) == block["printed"]


@pytest.mark.skipif(importlib.util.find_spec("spopt") is None, reason="needs the optional extra peers")
def test_the_half_of_spopt_prints_what_the_page_says():
    names = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for block in blocks():
            assert run(block["code"], names) == block["printed"]
