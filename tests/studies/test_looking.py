"""Files of strangers are looked at in a process apart, and one that kills it is refused like any other."""

import resource
import subprocess
import sys

from territo.studies import looking
from territo.studies.looking import look, look_here
from tests.sources.small import write_small


def test_a_process_apart_says_the_same_of_each_file(tmp_path):
    write_small(tmp_path)
    (tmp_path / "notes.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    paths = [tmp_path / name for name in ("communes.geojson", "notes.csv", "roads.graphml")]
    said = look(paths)
    assert said == [look_here(path) for path in paths]
    assert [each.get("seen", {}).get("layer") for each in said] == ["communes", None, "roads"]


def test_a_file_that_kills_the_process_is_refused_and_those_after_it_are_looked_at(tmp_path, monkeypatch):
    paths = [tmp_path / name for name in ("one.csv", "mort.csv", "two.csv")]
    program = (
        "import os, sys\n"
        "for path in sys.argv[1:]:\n"
        "    os.abort() if 'mort' in path else print('{\"faults\": []}', flush=True)\n"
    )
    monkeypatch.setattr(looking, "COMMAND", (sys.executable, "-c", program))
    said = look(paths)
    assert [[fault["code"] for fault in each["faults"]] for each in said] == [[], ["too-much-to-read"], []]


def test_the_process_apart_has_a_limit_of_memory(tmp_path):
    program = (
        "import resource, runpy, sys\n"
        f"sys.argv = ['looking', {str(tmp_path / 'absent.csv')!r}]\n"
        "runpy.run_module('territo.studies.looking', run_name='__main__')\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0])\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert int(said.splitlines()[-1]) == looking.MOST_BYTES
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
