"""What is compiled is kept for all installations of a user, and does not pile up."""

import os

import pytest

from python_udfs import kept
from python_udfs.kept import LATEST, PROGRAM, kept_folder
from python_udfs.kernels.fingerprint import fingerprint
from python_udfs.kernels.pooling import pool, tau2


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The folder of this program in a user's cache of its own."""
    monkeypatch.setattr(
        kept, "user_cache_path", lambda program, **_options: tmp_path / "cache" / program
    )
    return tmp_path / "cache" / PROGRAM


@pytest.mark.parametrize("kind", LATEST)
def test_those_used_last_stay(cache, kind):
    first = kept_folder(kind, "0")
    (first / "compiled").write_text("machine code")
    for i in range(1, LATEST[kind]):
        os.utime(kept_folder(kind, str(i)), (i, i))
    assert kept_folder(kind, "0") == first == cache / kind / "0"
    kept_folder(kind, "new")
    left = {folder.name for folder in (cache / kind).iterdir()}
    assert left == {"0", "new", *map(str, range(2, LATEST[kind]))}
    assert (first / "compiled").read_text() == "machine code"


def test_where_nothing_can_be_written_there_is_no_folder(cache):
    cache.parent.mkdir()
    cache.write_text("a file where a folder should be")
    assert kept_folder("plans", "a") is None


def test_compiled_functions_of_all_files_are_told_apart_in_one_folder():
    files = [function._cache._cache_file for function in (pool._fit_groups, tau2.estimate_tau2)]
    names = {file._index_name for file in files}
    assert len(names) == 2
    assert all(name.startswith("python_udfs.kernels.pooling.") for name in names)
    assert {file._cache_path for file in files} == {str(kept_folder("kernels", fingerprint()))}
