"""One build at a time for each published file.

The lock is an advisory lock of the operating system on `<database>.lock`: it ends with the process
that holds it, however that process ends, so that a crash never leaves a warehouse locked.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from umbrella.errors import UmbrellaError


@contextmanager
def build_lock(database: Path) -> Iterator[None]:
    """Hold the build lock of `database`; raises UmbrellaError when another build holds it."""
    path = database.with_name(f"{database.name}.lock")
    descriptor = _acquire(path)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _acquire(path: Path) -> int:
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise UmbrellaError(f"Cannot write in {path.parent}: {error.strerror}.") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 32).decode(errors="replace").strip()
            os.close(descriptor)
            process = f" (process {holder})" if holder else ""
            raise UmbrellaError(
                f"Another build of {path.stem} is running{process}. Wait for it to end, or build "
                "into another file with --database."
            ) from error
        if _is_same_file(path, descriptor):
            return descriptor
        # The previous holder removed the file between our open and our lock: try again.
        os.close(descriptor)


def _is_same_file(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
