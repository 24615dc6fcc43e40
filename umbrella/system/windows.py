"""Windows, where an open file keeps its name and cannot be replaced.

Nothing here needs Windows to be imported, so that tests run it on other systems; what only Windows
has is imported where it is used.
"""

import errno
import os
import secrets
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PureWindowsPath

STREAM_ENCODING = "utf-8"
"""The encoding of a stream that is no terminal: the code page of Windows lacks most characters."""

CAN_EXCHANGE = False
"""Whether two folders may be exchanged in one step, on some file systems at least."""

REUSES_ADDRESS = False
"""Whether a server may take the port of one that has just ended, without taking one in use."""

LOCKED_BYTE = 2**30
"""Where a file is locked: far behind its text, which another process may then read."""

HELD = ".held"
GATE = ".gate"
USER = ".user-"
"""Files that are locked for the folder that they are in, which cannot be locked itself."""

JUST_MADE_SECONDS = 60
"""A folder without a lock that is younger may be about to get one."""

PATIENCE_SECONDS = 10
PAUSE_SECONDS = 0.1
"""How long, and how often, a file is tried that another program has open for a moment."""

SYNCHRONIZE = 0x00100000
"""The right to wait for the end of a process."""

IN_USE = (32, 33)
"""Numbers of Windows for a file that another program has open, or has locked a part of."""

LONGEST_PATH = 259
RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{device}{n}" for device in ("com", "lpt") for n in range(1, 10)
}
FORBIDDEN = '<>:"|?*'


def try_lock(descriptor: int) -> bool:
    """Lock an open file for this process alone, until it is closed; False where another has it."""
    import msvcrt

    os.lseek(descriptor, LOCKED_BYTE, os.SEEK_SET)
    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EDEADLK):
            raise
        return False
    finally:
        os.lseek(descriptor, 0, os.SEEK_SET)
    return True


def is_named(_path: Path, _descriptor: int) -> bool:
    """Whether an open file still has its name: always, as none that is open can be removed."""
    return True


def remove_locked(path: Path, descriptor: int) -> None:
    """Remove a file that this process has locked, and end the lock.

    Another process that has opened it since locks it, and removes it in the end.
    """
    os.close(descriptor)
    with suppress(PermissionError):
        path.unlink(missing_ok=True)


def hold_folder(folder: Path) -> int | None:
    """Lock a new folder of this process; None where another took it for one of a dead process."""
    try:
        return _locked_file(folder / HELD)
    except OSError:
        return None


def remove_held(folder: Path, held: int) -> None:
    """Remove a folder that this process holds, with all that is in it."""
    os.close(held)  # else it could not be removed
    shutil.rmtree(folder, ignore_errors=True)


def remove_if_dead(folder: Path) -> None:
    """Remove a folder that `hold_folder` locked and no living process holds."""
    with suppress(OSError):
        if folder.is_symlink() or not folder.is_dir():
            return
        held = folder / HELD
        if held.exists():
            descriptor = os.open(held, os.O_RDWR)
            is_dead = try_lock(descriptor)
            os.close(descriptor)
        else:
            is_dead = time.time() - folder.stat().st_mtime > JUST_MADE_SECONDS
        if is_dead:
            shutil.rmtree(folder, ignore_errors=True)


class Shared:
    """The use of a folder by this process, beside others; raises OSError where it cannot be used.

    Made when the use begins; `leave` ends it. A process has a locked file of its own in the folder,
    made behind a gate that is shut while somebody needs to be alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own = folder / f"{USER}{secrets.token_hex(8)}"
        with self._gate():
            self._descriptor = _locked_file(self._own)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether no other process uses the folder; none begins to within the block then."""
        with self._gate():
            yield not any(map(_is_used, set(self._folder.glob(f"{USER}*")) - {self._own}))

    def leave(self) -> None:
        """End the use."""
        remove_locked(self._own, self._descriptor)

    @contextmanager
    def _gate(self) -> Iterator[None]:
        path = self._folder / GATE
        descriptor = _locked_file(path)
        try:
            yield
        finally:
            remove_locked(path, descriptor)


def _is_used(file: Path) -> bool:
    """Whether a living process has locked a file; one that none has is removed."""
    try:
        descriptor = os.open(file, os.O_RDWR)
    except OSError:
        return file.exists()
    if not try_lock(descriptor):
        os.close(descriptor)
        return True
    remove_locked(file, descriptor)
    return False


def _locked_file(path: Path) -> int:
    """Make a file and lock it, as soon as it can be; raises OSError."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        # Its holder may be about to remove it, and it cannot be opened then.
        with suppress(PermissionError):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            if try_lock(descriptor):
                return descriptor
            os.close(descriptor)
        if time.monotonic() > until:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(path))
        time.sleep(PAUSE_SECONDS)


@contextmanager
def without_writer(database: Path) -> Iterator[None]:
    """Make sure that no program writes the database; raises BlockingIOError when one does.

    Nothing is held: DuckDB lets nobody open a file that it writes, and whoever opens it meanwhile,
    for reading even, keeps it from being replaced.
    """
    try:
        database.open("rb").close()
    except PermissionError as error:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(database)) from error
    yield


def replace(new: Path, old: Path) -> None:
    """Give a file the name of another in one step.

    Raises OSError (EBUSY) where a program has that open for longer than a moment.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            os.replace(new, old)
        except PermissionError as error:
            if old.is_file() and not old.stat().st_mode & stat.S_IWRITE:
                old.chmod(stat.S_IWRITE)  # a file that can only be read cannot be replaced here
            elif time.monotonic() > until:
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(old)) from error
            else:
                time.sleep(PAUSE_SECONDS)
        else:
            return


def sync(path: Path) -> None:
    """Wait until a file is on the disk; raises OSError."""
    was_writable = path.stat().st_mode & stat.S_IWRITE
    if not was_writable:
        path.chmod(stat.S_IWRITE)
    try:
        with path.open("r+b") as file:  # Windows writes no file through that is open for reading
            os.fsync(file.fileno())
    finally:
        if not was_writable:
            path.chmod(stat.S_IREAD)


def sync_names(_folder: Path) -> None:
    """Wait until the names in a folder are on the disk: not on Windows, where none can ask."""


def write_through(folder: Path) -> None:
    """Have what was written below a folder on the disk before this returns."""
    for path in folder.rglob("*"):
        if path.is_file():
            sync(path)


def exchange(_one: Path, _other: Path) -> bool:
    """Give two folders each the other's place in one step; False where the system cannot."""
    return False


def take_over_owner(_before: Path, _after: Path, *, group_alone: bool = False) -> bool:
    """Give a file or folder the owner of another: on Windows it has that of its folder."""
    del group_alone
    return True


def take_over_permissions(before: Path, after: Path) -> None:
    """Give a file the permissions of another: whether it can be written; others are the folder's"""
    shutil.copymode(before, after)


def open_at_once(path: str, flags: int) -> int:
    """Open a file as `open` asks its opener to; no folder holds what has to be waited for."""
    return os.open(path, flags)


def stop_signals() -> list[signal.Signals]:
    """Signals that ask a command to end: Ctrl-C, Ctrl-Break and the end of the window."""
    return [signal.SIGINT, signal.SIGTERM, *signals_of_window()]


def signals_of_terminal() -> list[signal.Signals]:
    """Signals that a terminal sends to all processes of a command at once."""
    return [signal.SIGINT, *signals_of_window()]


def signals_of_window() -> list[signal.Signals]:
    """Ctrl-Break, which other systems do not have."""
    return [signal.Signals[name] for name in ("SIGBREAK",) if hasattr(signal, name)]


def wait_for_end_of(parent: int) -> None:
    """Return as soon as the process has ended that began this one, however that ended."""
    import _winapi

    try:
        process = _winapi.OpenProcess(SYNCHRONIZE, False, parent)
    except OSError:
        return
    _winapi.WaitForSingleObject(process, _winapi.INFINITE)


@contextmanager
def memory_limited(_more: int) -> Iterator[None]:
    """Let this process take so many bytes more than it has: not on Windows."""
    yield


def quoted(text: object) -> str:
    """A text as it is typed in a terminal as one word."""
    return subprocess.list2cmdline([str(text)])


def what_is_wrong_with(path: Path) -> str:
    """Why no file can have this path; empty where one can."""
    windows = PureWindowsPath(path)
    for part in windows.parts:
        if part == windows.anchor or part == "..":
            continue
        if part.split(".")[0].rstrip(" ").lower() in RESERVED:
            return f"{part} is the name of a device on Windows"
        taken = sorted(set(part) & set(FORBIDDEN) | {sign for sign in part if ord(sign) < 32})
        if taken:
            return f"{part} holds {taken[0]!r}, which no name on Windows may"
        if part[-1] in " .":
            return f"{part!r} ends with {part[-1]!r}, which Windows takes off names"
    return ""


def number_of(error: OSError) -> int | None:
    """What happened, as a number of the module errno."""
    if getattr(error, "winerror", None) in IN_USE:
        return errno.EBUSY
    if error.errno == errno.ENOENT and len(str(error.filename or "")) > LONGEST_PATH:
        return errno.ENAMETOOLONG
    return error.errno
