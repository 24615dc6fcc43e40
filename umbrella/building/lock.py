"""One writer at a time for each file or folder that is published.

A lock is an advisory lock of the operating system on a file of its own: it ends with the process
that holds it, however that process ends, so that a crash never leaves anything locked.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from umbrella import system
from umbrella.errors import UmbrellaError


class HeldError(Exception):
    """Another process holds a lock; the text says which, in brackets, where it is known."""


@contextmanager
def build_lock(database: Path) -> Iterator[None]:
    """Hold the build lock of `database`; raises UmbrellaError when another build holds it."""
    path = database.with_name(f"{database.name}.lock")
    with ExitStack() as stack:
        try:
            stack.enter_context(lock(path))
        except HeldError as error:
            raise UmbrellaError(
                f"Another build of {path.stem} is running{error}. Wait for it to end, or build "
                "into another file with --database."
            ) from error
        except OSError as error:
            raise UmbrellaError(f"Cannot write in {path.parent}: {error.strerror}.") from error
        yield


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the lock of this file, which is made, and removed in the end.

    Raises HeldError when another process holds it, OSError when it cannot be made.
    """
    descriptor = _acquire(path)
    with ExitStack() as stack:
        stack.callback(system.remove_locked, path, descriptor)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield


def _acquire(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if not system.try_lock(descriptor):
            holder = os.read(descriptor, 32).decode(errors="replace").strip()
            os.close(descriptor)
            raise HeldError(f" (process {holder})" if holder else "")
        if system.is_named(path, descriptor):
            return descriptor
        # The previous holder removed the file between our open and our lock: try again.
        os.close(descriptor)
