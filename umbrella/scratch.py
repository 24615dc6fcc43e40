"""Folders for what is thrown away: gone with the block, or with the next run if it was killed."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from umbrella import system


@contextmanager
def scratch_folder(prefix: str, where: Path | None = None) -> Iterator[Path]:
    """A new folder, in `where` or among the temporary files of the system, for the time of a block.

    A run holds a lock on its folder while it lives. Those of the same prefix that no run holds are
    removed first: the runs that made them were killed.
    """
    where = where or Path(tempfile.gettempdir())
    for left in where.glob(f"{escape(prefix)}*"):
        system.remove_if_dead(left)
    folder, held = _made(prefix, where)
    try:
        yield folder
    finally:
        system.remove_held(folder, held)


def _made(prefix: str, where: Path) -> tuple[Path, int]:
    """A new folder, and by what its lock is held."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=where))
        held = system.hold_folder(folder)
        if held is not None:
            return folder, held
        # Another run took it for that of a dead one before it was locked: make the next.
