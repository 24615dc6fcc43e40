"""What can be made again, kept for every installation of one user that would make the same.

A compiled kernel or a plan depends on the text of the program and on what runs it, not on where it
stands: a second clone, a new environment or the next version of the program with the same kernels
takes what the first has made. Each thing has a folder named after all that it depends on.
"""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

PROGRAM = "umbrella-warehouse"

LATEST = {"kernels": 4, "plans": 12}
"""Folders that stay of each kind: those used last."""


def kept_folder(kind: str, made_of: str) -> Path | None:
    """The folder, made if need be, of what is made of ``made_of``, a hash; None where none can be.

    ``kind`` is one of ``LATEST``; beyond its number those used longest ago are removed.
    """
    parent = user_cache_path(PROGRAM, appauthor=False) / kind
    if not parent.is_absolute():  # a user without a home: it would stand where the program runs
        return None
    folder = parent / made_of
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            os.utime(folder)
    except OSError:
        return None
    _remove_unused(parent, LATEST[kind])
    return folder


def _remove_unused(parent: Path, n_kept: int) -> None:
    """Another process may remove the same: what is gone is no fault."""
    with contextlib.suppress(OSError):
        by_use = sorted(parent.iterdir(), key=lambda f: f.stat().st_mtime, reverse=True)
        for folder in by_use[n_kept:]:
            shutil.rmtree(folder, ignore_errors=True)
