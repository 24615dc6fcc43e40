"""Linux, macOS and other systems of their kind."""

import ctypes
import errno
import fcntl
import os
import resource
import shlex
import shutil
import signal
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STREAM_ENCODING = None
"""The encoding of a stream that is no terminal; None for what the settings of the system say."""

CAN_EXCHANGE = sys.platform in ("linux", "darwin")
"""Whether two folders may be exchanged in one step, on some file systems at least."""

AT_FDCWD = -100
RENAME_EXCHANGE = 2
RENAME_SWAP = 2

ACCESS_LIST = "system.posix_acl_access"
"""The attribute of a file in which Linux keeps permissions of single users and groups."""

MEMORY_OF_PROCESS = Path("/proc/self/status")
WATCH_SECONDS = 0.1

REUSES_ADDRESS = True
"""Whether a server may take the port of one that has just ended, without taking one in use."""


def try_lock(descriptor: int) -> bool:
    """Lock an open file for this process alone, until it is closed; False where another has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_named(path: Path, descriptor: int) -> bool:
    """Whether an open file still has its name; the holder of a lock before may have removed it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def remove_locked(path: Path, descriptor: int) -> None:
    """Remove a file that this process has locked, and end the lock."""
    try:
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def hold_folder(folder: Path) -> int | None:
    """Lock a new folder of this process; None where another took it for one of a dead process."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    if folder.exists():
        return descriptor
    os.close(descriptor)
    return None


def remove_held(folder: Path, held: int) -> None:
    """Remove a folder that this process holds, with all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)
    os.close(held)


def remove_if_dead(folder: Path) -> None:
    """Remove a folder of this user that `hold_folder` locked and no living process holds."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        if os.fstat(descriptor).st_uid == os.getuid() and try_lock(descriptor):
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)


class Shared:
    """The use of a folder by this process, beside others; raises OSError where it cannot be used.

    Made when the use begins; `leave` ends it.
    """

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        except OSError:
            os.close(self._descriptor)
            raise

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether no other process uses the folder; none begins to within the block then."""
        try:
            yield try_lock(self._descriptor)
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)  # also where the try has ended it

    def leave(self) -> None:
        """End the use."""
        os.close(self._descriptor)


@contextmanager
def without_writer(database: Path) -> Iterator[None]:
    """Hold the lock that DuckDB's readers hold: readers come and go, no program can write.

    Raises BlockingIOError when one does.
    """
    with database.open("rb") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), database) from error
        yield


def replace(new: Path, old: Path) -> None:
    """Give a file the name of another in one step; who has that open keeps it."""
    os.replace(new, old)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk; raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_names(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where that can be waited for."""
    with suppress(OSError):  # some network folders cannot
        sync(folder)


def write_through(folder: Path) -> None:
    """Have what was written to the file system of a folder on the disk before this returns."""
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "syncfs"):
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if library.syncfs(descriptor) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(descriptor)


def exchange(one: Path, other: Path) -> bool:
    """Give two folders each the other's place in one step; False where the system cannot.

    Linux and macOS can, on their own file systems. Neither can with a mount point.
    """
    names = os.fsencode(one), os.fsencode(other)
    library = ctypes.CDLL(None)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        return library.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return library.renamex_np(*names, RENAME_SWAP) == 0
    return False


def take_over_owner(before: Path, after: Path, *, group_alone: bool = False) -> bool:
    """Give a file or folder the owner and group of another; False where the system does not let us.

    A process that is not root may give its files to nobody else, and to its own groups alone.
    """
    kept, own = before.stat(), after.stat()
    owner = own.st_uid if group_alone else kept.st_uid
    if (owner, kept.st_gid) == (own.st_uid, own.st_gid):
        return True
    try:
        os.chown(after, owner, kept.st_gid)
    except PermissionError:
        return False
    return True


def take_over_permissions(before: Path, after: Path) -> None:
    """Give a file the permissions of another, on Linux also those of single users and groups."""
    after.chmod(stat.S_IMODE(before.stat().st_mode))
    if ACCESS_LIST in _attributes(before):
        os.setxattr(after, ACCESS_LIST, os.getxattr(before, ACCESS_LIST))


def _attributes(file: Path) -> list[str]:
    """Names of the attributes of a file, where system and disk have such."""
    try:
        return os.listxattr(file) if hasattr(os, "listxattr") else []
    except OSError:
        return []


def open_at_once(path: str, flags: int) -> int:
    """Open a file as `open` asks its opener to, and wait for nothing: a pipe may have no writer."""
    return os.open(path, flags | os.O_NONBLOCK)


def stop_signals() -> list[signal.Signals]:
    """Signals that ask a command to end; `nohup` has the end of the terminal ignored."""
    names = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        names.append(signal.SIGHUP)
    return names


def signals_of_terminal() -> list[signal.Signals]:
    """Signals that a terminal sends to all processes of a command at once."""
    return [signal.SIGINT, signal.SIGHUP]


def wait_for_end_of(parent: int) -> None:
    """Return as soon as the process has ended that began this one, however that ended."""
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)


@contextmanager
def memory_limited(more: int) -> Iterator[None]:
    """Let this process take so many bytes more than it has, on Linux; what goes beyond fails."""
    if not MEMORY_OF_PROCESS.is_file():
        yield
        return
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    limits = [_taken() + more, before, most]
    ours = min(limit for limit in limits if limit != resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_DATA, (ours, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def _taken() -> int:
    """Bytes of data of this process, as the system counts them against its limit."""
    lines = MEMORY_OF_PROCESS.read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) * 2**10 for line in lines if line.startswith("VmData"))


def quoted(text: object) -> str:
    """A text as it is typed in a terminal as one word."""
    return shlex.quote(str(text))


def what_is_wrong_with(_path: Path) -> str:
    """Why no file can have this path; empty where one can."""
    return ""


def number_of(error: OSError) -> int | None:
    """What happened, as a number of the module errno."""
    return error.errno
