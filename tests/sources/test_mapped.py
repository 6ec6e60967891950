"""Matrices on disk: read where they lie, whole, and readable by numpy."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from territo.sources.mapped import map_arrays, save_arrays

ARRAYS = {
    "minutes": np.array([[1.5, np.inf, 0.1], [2.0, 3.0, 4.0]], dtype=np.float32),
    "km": np.arange(6.0).reshape(2, 3).T,
    "nothing": np.empty((0, 4)),
}


@pytest.fixture
def path(tmp_path):
    save_arrays(tmp_path / "travel.npz", ARRAYS)
    return tmp_path / "travel.npz"


def test_arrays_are_read_back_with_their_values_types_and_shapes(path):
    again = map_arrays(path)
    assert list(again) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert (again[name].dtype, again[name].shape) == (array.dtype, array.shape)
        assert np.array_equal(again[name], array)


def test_numpy_reads_the_same_file(path):
    with np.load(path) as archive:
        assert all(np.array_equal(archive[name], array) for name, array in ARRAYS.items())


def test_arrays_lie_at_multiples_of_64_bytes_and_are_mapped_read_only(path):
    minutes = map_arrays(path)["minutes"]
    assert isinstance(minutes.base, np.memmap)
    assert minutes.ctypes.data % 64 == 0
    assert not minutes.flags.writeable


def test_the_same_arrays_give_the_same_bytes(path, tmp_path):
    save_arrays(tmp_path / "again.npz", ARRAYS)
    assert (tmp_path / "again.npz").read_bytes() == path.read_bytes()


def test_compressed_files_are_read_too(tmp_path):
    np.savez_compressed(tmp_path / "old.npz", **ARRAYS)
    assert np.array_equal(map_arrays(tmp_path / "old.npz")["minutes"], ARRAYS["minutes"])


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.98])
def test_a_truncated_file_is_refused(path, kept):
    content = path.read_bytes()
    path.write_bytes(content[: int(kept * len(content))])
    with pytest.raises((OSError, ValueError, zipfile.BadZipFile)):
        map_arrays(path)


def test_objects_are_never_unpickled(tmp_path):
    np.savez(tmp_path / "bad.npz", minutes=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="object"):
        map_arrays(tmp_path / "bad.npz")
