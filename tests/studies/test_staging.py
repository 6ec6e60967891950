"""The place where a folder is made: nothing half made is seen, nothing left by a kill stays."""

from __future__ import annotations

import threading

import pytest

from territo.errors import InputError
from territo.progress import Silent
from territo.studies.staging import staging


def territory(folder, name="territory.json"):
    folder.mkdir(parents=True)
    (folder / name).write_text("{}", encoding="utf-8")
    return folder


def test_the_place_is_beside_the_target_and_goes_at_the_end(tmp_path):
    target = tmp_path / "new" / "out"
    with staging(target, tmp_path / "locks", Silent()) as place:
        assert place.parent == target.parent
        (place / "draft").mkdir()
        assert not target.exists()
    assert list(target.parent.iterdir()) == []


def test_the_place_goes_when_the_work_fails(tmp_path):
    with pytest.raises(RuntimeError), staging(tmp_path / "out", tmp_path / "locks", Silent()):
        raise RuntimeError
    assert [each.name for each in tmp_path.iterdir()] == ["locks"]


def test_what_a_killed_work_left_is_cleared_and_nothing_else(tmp_path):
    territory(tmp_path / ".out-building-dead" / "territory")
    other = territory(tmp_path / ".outer-building-alive")
    with staging(tmp_path / "out", tmp_path / "locks", Silent()):
        assert not (tmp_path / ".out-building-dead").exists()
    assert other.exists()


def test_a_territory_that_was_about_to_be_replaced_comes_back(tmp_path):
    territory(tmp_path / ".out-building-dead" / "territory-former")
    with staging(tmp_path / "out", tmp_path / "locks", Silent()):
        assert (tmp_path / "out" / "territory.json").is_file()


def test_a_territory_that_was_replaced_does_not_come_back(tmp_path):
    territory(tmp_path / ".out-building-dead" / "territory-former", "territory.json")
    new = territory(tmp_path / "out")
    (new / "new").touch()
    with staging(tmp_path / "out", tmp_path / "locks", Silent()):
        assert (new / "new").exists()


def test_two_works_on_one_target_follow_each_other(tmp_path):
    began, both = threading.Event(), []

    def second():
        began.set()
        with staging(tmp_path / "out", tmp_path / "locks", Silent()) as place:
            both.append(place)

    worker = threading.Thread(target=second)
    with staging(tmp_path / "out", tmp_path / "locks", Silent()) as place:
        worker.start()
        began.wait()
        worker.join(timeout=0.2)
        assert both == []
        assert place.is_dir()
    worker.join()
    assert len(both) == 1


def test_a_request_to_stop_is_heeded_while_another_work_goes_on(tmp_path):
    class Stopping(Silent):
        def cancelled(self):
            return True

    with (
        staging(tmp_path / "out", tmp_path / "locks", Silent()),
        pytest.raises(KeyboardInterrupt),
        staging(tmp_path / "out", tmp_path / "locks", Stopping()),
    ):
        pytest.fail("the second work began")


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with (
        pytest.raises(InputError, match="the folder cannot be written"),
        staging(tmp_path / "file" / "out", tmp_path / "locks", Silent()),
    ):
        pytest.fail("the work began")
