"""Folders for what is thrown away: gone with the block, or with the next run if it was killed."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path


@contextmanager
def scratch_folder(prefix: str, where: Path | None = None) -> Iterator[Path]:
    """A new folder, in `where` or among the temporary files of the system, for the time of a block.

    A run holds a lock on its folder while it lives. Those of the same prefix that no run holds are
    removed first: the runs that made them were killed.
    """
    where = where or Path(tempfile.gettempdir())
    for left in where.glob(f"{escape(prefix)}*"):
        _remove_if_dead(left)
    folder, descriptor = _made(prefix, where)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _made(prefix: str, where: Path) -> tuple[Path, int]:
    """A new folder with the descriptor that holds its lock."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=where))
        with suppress(FileNotFoundError):
            descriptor = os.open(folder, os.O_RDONLY)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if folder.exists():
                return folder, descriptor
            os.close(descriptor)
        # Another run took it for that of a dead one before it was locked: make the next.


def _remove_if_dead(folder: Path) -> None:
    """Remove a folder of this user that no living run holds."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        if os.fstat(descriptor).st_uid == os.getuid():
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)
