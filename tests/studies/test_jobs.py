"""Jobs run two at a time, wait in order, stop with what they found, and outlive the page and the server."""

import os
import signal
import subprocess
import sys
import time

import pytest

from territo.studies import jobs, turns
from territo.studies.disk import entries, read_json
from territo.studies.study import save_version
from tests.studies.small import COMMAND, YAML, study

PATIENCE_S = 10.0
ANNE, BRUNO = "a" * 64, "b" * 64


@pytest.fixture
def vallee(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "COMMAND", COMMAND)
    return study(tmp_path)


@pytest.fixture
def ask(tmp_path, vallee):
    asked = []

    def submit(name, owner=ANNE):
        version = save_version(vallee, name, name, YAML.format(name, name), who="Anne", why="")
        question = jobs.Asked("run", [version.file], name, "Anne", owner, {name: version.number}, 60.0)
        asked.append(jobs.submit(tmp_path / "jobs", vallee, question))
        return asked[-1]

    yield submit
    for folder in asked:
        (folder / turns.STOP).touch()
    until(lambda: not any(turns.held(folder / turns.ALIVE) for folder in asked))


def until(condition):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def state(folder):
    return jobs.read_job(folder, turns.waiting(folder.parent)).state


def test_a_job_gives_a_result_of_the_study_that_says_where_it_comes_from(ask, vallee):
    folder = ask("poles")
    until(lambda: state(folder) == "done")
    job = jobs.read_job(folder)
    assert (vallee.runs / job.result / "answer.txt").read_text() == "found"
    assert read_json(vallee.runs / job.result / "origin.json")["scenarios"] == {"poles": 1}
    assert (job.event.stage, job.event.incumbent, job.messages) == ("optimise.siting", 10.0, ())
    assert (job.who, job.title, job.scenarios) == ("Anne", "poles", {"poles": 1})


def test_the_third_job_waits_for_one_of_the_first_two(ask, vallee):
    first, second = ask("slow-1"), ask("slow-2")
    until(lambda: state(first) == state(second) == "running")
    third, fourth = ask("poles"), ask("slow-3")
    until(lambda: len(turns.waiting(first.parent)) == 2)
    found = {job.folder: job for job in jobs.jobs_of(first.parent, vallee, ANNE)}
    assert [found[folder].place for folder in (first, second, third, fourth)] == [0, 0, 1, 2]
    jobs.stop(found[first])
    until(lambda: state(third) == "done")
    assert state(first) == "stopped"
    assert state(second) == "running"


def test_a_stopped_job_keeps_the_best_answer_found(ask, vallee):
    folder = ask("slow")
    until(lambda: jobs.read_job(folder).event is not None)
    jobs.stop(jobs.read_job(folder))
    assert state(folder) in {"stopping", "stopped"}
    until(lambda: state(folder) == "stopped")
    assert (vallee.runs / jobs.read_job(folder).result / "answer.txt").exists()


def test_a_job_stopped_while_it_waits_gives_nothing(ask):
    first, second = ask("slow-1"), ask("slow-2")
    until(lambda: state(first) == state(second) == "running")
    third = ask("slow-3")
    until(lambda: turns.waiting(first.parent) == [third])
    jobs.stop(jobs.read_job(third))
    until(lambda: state(third) == "stopped")
    assert jobs.read_job(third).result == ""
    assert (state(first), state(second)) == ("running", "running")


def test_an_infeasible_job_says_why_and_looks_for_repairs(ask):
    folder = ask("impossible")
    until(lambda: jobs.read_job(folder).repairs is not None)
    job = jobs.read_job(folder)
    assert (job.state, job.result) == ("infeasible", "")
    assert job.messages == ("les promesses ne peuvent pas être toutes tenues",)
    assert job.repairs == {"feasible": False, "repairs": []}


def test_without_an_explanation_the_repairs_are_empty_and_not_awaited(ask):
    folder = ask("impossible-mute")
    until(lambda: jobs.read_job(folder).repairs is not None)
    assert jobs.read_job(folder).repairs == {}


def test_a_defect_is_a_failed_job_without_a_result(ask, vallee):
    folder = ask("defect")
    until(lambda: state(folder) == "failed")
    assert not vallee.runs.exists() or list(vallee.runs.iterdir()) == []


def test_a_job_goes_on_when_the_server_that_asked_it_is_killed(tmp_path, vallee):
    version = save_version(vallee, "slow", "slow", YAML.format("slow", "slow"), who="Anne", why="")
    asking = (
        "import sys, time; from pathlib import Path; from territo.studies import jobs, study;"
        f"jobs.COMMAND = {COMMAND!r}; place = study.open_study(Path({str(vallee.folder)!r}));"
        f"jobs.submit(Path({str(tmp_path / 'jobs')!r}), place, jobs.Asked('run', [Path({str(version.file)!r})], 's',"
        " 'A', 'a', {'slow': 1}, 9.0)); print('asked', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", asking], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout.readline() == "asked\n"
        folder = entries(tmp_path / "jobs")[0]
        until(lambda: state(folder) == "running")
        server.kill()
    assert state(folder) == "running"
    jobs.stop(jobs.read_job(folder))
    until(lambda: state(folder) == "stopped")
    assert jobs.read_job(folder).result


def test_a_job_whose_process_is_killed_is_lost_and_can_be_run_again(ask, monkeypatch):
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1])
    folder = ask("poles-slow")
    until(lambda: state(folder) == "running")
    os.killpg(started[0].pid, signal.SIGKILL)
    until(lambda: state(folder) == "lost")
    jobs.restart(jobs.read_job(folder))
    until(lambda: state(folder) == "running")


def test_a_second_runner_of_a_job_leaves_it_alone(ask):
    folder = ask("slow")
    until(lambda: state(folder) == "running")
    subprocess.run([sys.executable, "-m", "territo.studies.runner", str(folder)], check=True, timeout=PATIENCE_S)
    assert state(folder) == "running"
    assert not (folder / turns.EXIT).exists()


def test_a_person_sees_her_own_jobs_and_no_reference_number_opens_another_one(ask, vallee):
    mine, hers = ask("poles"), ask("poles-2", BRUNO)
    until(lambda: state(mine) == state(hers) == "done")
    assert [job.folder for job in jobs.jobs_of(mine.parent, vallee, ANNE)] == [mine]
    assert [job.folder for job in jobs.jobs_of(mine.parent, vallee, BRUNO)] == [hers]
    assert jobs.jobs_of(mine.parent, vallee, "") == ()
    assert jobs.own_job(mine.parent, mine.name, ANNE).folder == mine
    for name in (hers.name, f"../jobs/{mine.name}", str(mine), f"{mine.name}/", "", ".", "x" * 4000, "\u202e", "\x00"):
        assert jobs.own_job(mine.parent, name, ANNE) is None, name


def test_a_person_who_asks_once_does_not_wait_for_all_that_another_asked(ask, tmp_path):
    running = [ask("slow-1"), ask("slow-2")]
    until(lambda: [state(folder) for folder in running] == ["running"] * 2)
    many = [ask("poles-1"), ask("poles-2"), ask("poles-3")]
    until(lambda: turns.waiting(tmp_path / "jobs") == many)
    once = ask("poles-4", BRUNO)
    until(lambda: turns.waiting(tmp_path / "jobs") == [once, *many])
    jobs.stop(jobs.read_job(running[0]))
    until(lambda: state(many[-1]) == "done")
    begun = {folder: read_json(folder / turns.STARTED)["time"] for folder in (once, *many)}
    assert sorted(begun, key=begun.__getitem__) == [once, *many]


def test_a_job_asked_before_jobs_had_an_owner_is_nobodys_and_still_ends(ask, vallee, monkeypatch):
    written = jobs.write_json
    monkeypatch.setattr(
        jobs, "write_json", lambda path, content: written(path, {k: v for k, v in content.items() if k != "owner"})
    )
    folder = ask("poles")
    until(lambda: state(folder) == "done")
    assert jobs.jobs_of(folder.parent, vallee, ANNE) == ()
