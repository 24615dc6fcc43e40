"""Windows as far as it can be made up on Linux: what it lacks is gone, what it forbids fails.

What cannot be: its own file systems, the code pages of its terminals, its processes and signals.
"""

from __future__ import annotations

import builtins
import errno
import fcntl
import os
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from umbrella import system
from umbrella.system import windows

OURS = ("umbrella", "reports", "python_udfs")
MODULES = frozenset({"fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"})
NAMES = (
    "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "chown", "fork", "getegid", "geteuid", "getgid",
    "getuid", "getxattr", "killpg", "listxattr", "mkfifo", "setsid", "setxattr", "sync", "uname",
)  # fmt: skip
"""Of the module os, for which Windows has none."""
SIGNALS = ("SIGHUP", "SIGKILL", "SIGALRM", "SIGUSR1", "SIGUSR2", "alarm", "setitimer")

Set = Callable[[object, str, Any], None]


def use(set_attribute: Set) -> None:
    """Let this process be on Windows for the program: locks, open files, links, permissions."""
    for name in public(windows):
        set_attribute(system, name, getattr(windows, name))
    for name in ("replace", "rename", "unlink", "remove"):
        set_attribute(os, name, refusing(getattr(os, name)))
    set_attribute(os, "symlink", no_right_to_link)


def public(module: ModuleType) -> list[str]:
    """What a half of `umbrella.system` offers to the program."""
    taken = {name for name in vars(system) if name[0] != "_"} - {"here", "sys"}
    return sorted(taken & set(vars(module)))


def msvcrt() -> ModuleType:
    """The module of Windows that locks bytes, for files of Linux."""
    made = ModuleType("msvcrt")
    made.LK_NBLCK = 2

    def locking(descriptor: int, mode: int, n_bytes: int) -> None:
        assert mode == made.LK_NBLCK
        start = os.lseek(descriptor, 0, os.SEEK_CUR)
        wanted = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, start, n_bytes, 0)
        try:
            fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, wanted)
        except OSError as error:
            raise PermissionError(errno.EACCES, "Permission denied") from error

    made.locking = locking
    return made


def refusing(act: Callable[..., None]) -> Callable[..., None]:
    """A function of os that does not take the name off a file that this process has open."""

    def checked(path: Any, *more: Any, dir_fd: int | None = None, **options: Any) -> None:
        inside = {} if dir_fd is None else {"dir_fd": dir_fd}
        place = path if dir_fd is None else f"/proc/self/fd/{dir_fd}/{os.fsdecode(path)}"
        if any(is_open(name) for name in (place, *more)):
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        act(path, *more, **inside, **options)

    return checked


def is_open(path: Any) -> bool:
    """Whether this process has a file open; DuckDB's are among them."""
    real = os.path.realpath(path)
    names = []
    for number in os.listdir("/proc/self/fd"):
        try:
            names.append(os.readlink(f"/proc/self/fd/{number}"))
        except FileNotFoundError:
            continue
    return os.path.isfile(real) and real in names


def no_right_to_link(*_arguments: Any, **_options: Any) -> None:
    """As Windows answers who may not make symbolic links."""
    raise OSError(errno.EINVAL, "A required privilege is not held by the client")


def take_away(folder: Path) -> None:
    """Take from this process, for good, what Windows does not have, and use its half.

    Other packages keep the modules that they ask for on Linux.
    """
    real = builtins.__import__

    def checked(name: str, *more: Any, **options: Any) -> ModuleType:
        names = more[0] if more else options.get("globals")
        asking = (names or {}).get("__name__", "")
        if name in MODULES and asking.split(".")[0] in OURS:
            raise ModuleNotFoundError(f"No module named {name!r} on Windows, for {asking}")
        return real(name, *more, **options)

    builtins.__import__ = checked
    sys.modules["msvcrt"] = msvcrt()
    sys.modules["umbrella.system.posix"] = None
    use(setattr)
    for module, gone in ((os, NAMES), (signal, SIGNALS)):
        for name in gone:
            if hasattr(module, name):
                delattr(module, name)
    os.chdir(folder)
