"""What is compiled is kept for all installations of a user, and does not pile up."""

import os
import shutil
from pathlib import Path

import pytest
from numba import __version__ as NUMBA

from python_udfs import kept
from python_udfs.kept import LATEST, PROGRAM, kept_folder
from python_udfs.kernels import jit
from python_udfs.kernels.fingerprint import fingerprint
from python_udfs.kernels.jit import _CacheFile, compiled_folder
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
    assert {file._cache_path for file in files} == {str(compiled_folder())}


def test_two_versions_of_numba_keep_their_own(monkeypatch):
    monkeypatch.setattr(jit, "kept_folder", lambda _kind, made_of: made_of)
    own = compiled_folder()
    monkeypatch.setattr(jit.numba, "__version__", "0.1")
    assert {own, compiled_folder()} == {f"{fingerprint()}-{v}" for v in (NUMBA, "0.1")}


def test_a_user_without_a_home_has_no_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(kept, "user_cache_path", lambda *_names, **_options: Path("~/.cache/made"))
    assert kept_folder("plans", "a") is None
    assert list(tmp_path.iterdir()) == []


def test_compiled_functions_of_processes_at_once_are_not_mistaken(monkeypatch, tmp_path):
    """Both have read the index before either writes it, and the first ends last."""
    one, other = (_CacheFile(str(tmp_path), "made", "stamp") for _ in range(2))
    write = one._save_data

    def write_after_the_other(name, data):
        other.save("of whole numbers", "code of whole numbers")
        write(name, data)

    with monkeypatch.context() as at_once:
        at_once.setattr(other, "_load_index", dict)
        at_once.setattr(one, "_save_data", write_after_the_other)
        one.save("of floats", "code of floats")
    codes = {"of floats": "code of floats", "of whole numbers": "code of whole numbers"}
    assert {types: other.load(types) for types in codes} == codes


def test_a_cache_that_is_removed_or_spoilt_meanwhile_is_made_again(tmp_path):
    file = _CacheFile(str(tmp_path / "kernels"), "made", "stamp")
    file.save("types", "code")
    shutil.rmtree(tmp_path / "kernels")
    assert file.load("types") is None
    file.save("types", "code")
    assert file.load("types") == "code"
    for path in (tmp_path / "kernels").iterdir():
        path.write_bytes(b"")
    assert file.load("types") is None
    file.save("types", "code")
    assert file.load("types") == "code"
    shutil.rmtree(tmp_path / "kernels")
    (tmp_path / "kernels").write_text("a file where the folder was")
    file.save("types", "code")
    assert file.load("types") is None
