"""The demonstration in the cache: kept while nothing changes, made again where the code does."""

from __future__ import annotations

import dataclasses

import pytest

from territo.progress import Silent
from territo.scenario.schema import Scenario
from territo.studies import demo
from territo.studies.build import model_territory
from territo.studies.compare import compare
from territo.studies.workspace import code_digest, default_workspace


@pytest.fixture
def code(tmp_path):
    """A folder of two modules."""
    folder = tmp_path / "code"
    (folder / "room").mkdir(parents=True)
    (folder / "one.py").write_text("A = 1\n")
    (folder / "room" / "two.py").write_text("B = 2\n")
    return folder


def test_the_digest_of_the_code_changes_with_a_line_a_name_and_a_new_module(code):
    digests = [code_digest(code)]
    (code / "one.py").write_text("A = 2\n")
    digests.append(code_digest(code))
    (code / "one.py").rename(code / "uno.py")
    digests.append(code_digest(code))
    (code / "room" / "three.py").write_text("")
    digests.append(code_digest(code))
    assert len(set(digests)) == 4


def test_the_digest_of_the_code_does_not_see_what_python_leaves_behind(code):
    before = code_digest(code)
    (code / "__pycache__").mkdir()
    (code / "__pycache__" / "one.cpython-311.pyc").write_bytes(b"0")
    assert code_digest(code) == before


def test_a_changed_code_never_shows_what_an_older_one_computed(tmp_path, monkeypatch):
    small = model_territory(tmp_path / "small", communes=4, seed=1)
    answer = compare([Scenario(id="now", name="now", mode="evaluate", services=("finances",))], small)
    folders, solved = [], []

    def build(_spec, folder, _progress):
        folders.append(folder)
        return small

    def solve(scenarios, *_arguments, **_keywords):
        solved.append(len(scenarios))
        return answer

    monkeypatch.setattr(demo, "build_territory", build)
    monkeypatch.setattr(demo, "compare", solve)
    workspace = dataclasses.replace(default_workspace(), cache=tmp_path / "cache")
    for _ in range(2):
        demo.demo_comparison(workspace, Silent())
    assert solved == [6]
    monkeypatch.setattr(demo, "CODE", "changed")
    demo.demo_comparison(workspace, Silent())
    assert solved == [6, 6]
    assert folders[0] == folders[1] != folders[2]
