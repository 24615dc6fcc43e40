"""How failures are shown: a message and an exit code, a traceback only when asked for."""

import errno
import functools
import os
import sys
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import typer

from umbrella import console, system
from umbrella.errors import UmbrellaError
from umbrella.stopping import INTERRUPTED, STOPPED, unwinding

DEBUG_VARIABLE = "UMBRELLA_DEBUG"
FAILED = 1

SAFE = "What was published before is whole, and no sheet was changed half-way."

NO_ROOM = {
    errno.ENOSPC: ("The disk is full", "Free some room"),
    errno.EDQUOT: ("Your share of the disk is used up", "Free some room"),
    errno.EFBIG: ("A file grew beyond what is allowed here", "Raise the limit (ulimit -f)"),
}

KINDS = {
    **NO_ROOM,
    errno.EACCES: ("There is no permission", "Change the permissions, or name another place"),
    errno.EPERM: ("There is no permission", "Change the permissions, or name another place"),
    errno.EROFS: ("The disk can only be read", "Name a place that can be written"),
    errno.EIO: ("The disk failed", "Copy what you need to another disk"),
    errno.EMFILE: ("Too many files are open", "Close other programs"),
    errno.ENFILE: ("Too many files are open", "Close other programs"),
    errno.ENOMEM: ("There is no memory left", "Close other programs"),
    errno.EBUSY: ("The file is in use", "Close the program that uses it"),
    errno.ENOENT: ("A file or folder is not there", "Make it, or name another"),
    errno.ENOTDIR: ("A part of the path is no folder", "Name another place"),
    errno.EISDIR: ("A folder stands where a file should be", "Name a file"),
    errno.EEXIST: ("Something of that name is there", "Remove it, or name another"),
    errno.ELOOP: ("A link leads back to itself", "Remove the link"),
    errno.ENAMETOOLONG: ("The name is too long", "Choose a shorter one"),
    errno.ESTALE: ("A network folder was lost", "Connect it"),
}
"""What an error of the operating system means, and what to do before trying again."""

shows_traceback: ContextVar[bool] = ContextVar("shows_traceback", default=False)


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Wrap a command so that every failure ends in a message and a non-zero exit code."""

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            with unwinding():
                command(*arguments, **options)
            # Here, where a full disk can still be told: at its end Python tells it otherwise.
            sys.stdout.flush()
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except KeyboardInterrupt:
            console.notice(STOPPED, style="bold red")
            raise typer.Exit(INTERRUPTED) from None
        except UmbrellaError as error:
            _show(str(error))
            raise typer.Exit(FAILED) from None
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                # The reader of a pipe (`| head`) has seen enough.
                raise
            words = in_words(error)
            _show(words or f"Unexpected {type(error).__name__}: {error}")
            if words is None:
                console.notice(f"Set {DEBUG_VARIABLE}=1 to see where it arose.")
            raise typer.Exit(FAILED) from None

    return run


def in_words(error: BaseException) -> str | None:
    """What happened, what is safe, what to do; None for an error of the program itself."""
    if isinstance(error, OSError):
        return _of_the_system(system.number_of(error), error.filename, error.strerror or str(error))
    if isinstance(error, MemoryError):
        return _of_the_system(errno.ENOMEM, None, "")
    if _is_of_duckdb(error):
        return _of_the_database(error)
    return None


def no_room(error: BaseException) -> str | None:
    """The words for an error of the database that had no room on the disk; None for others."""
    number = next((n for n in NO_ROOM if os.strerror(n) in str(error)), None)
    return None if number is None else _of_the_system(number, None, "")


def _of_the_system(number: int | None, file: object, reason: str) -> str:
    what, remedy = KINDS.get(number, (f"The system refused: {reason}", "Mend that"))
    place = f": {os.fsdecode(file)}" if isinstance(file, str | bytes | os.PathLike) else ""
    return f"{what}{place}. {SAFE} {remedy} and run the command again."


def _of_the_database(error: Exception) -> str:
    from python_udfs import whole

    for number in KINDS:
        if os.strerror(number) in str(error):
            return _of_the_system(number, None, "")
    return f"{whole.in_words('The warehouse', error)} {SAFE}"


def _is_of_duckdb(error: BaseException) -> bool:
    duckdb = sys.modules.get("duckdb")  # loading it takes a moment
    return duckdb is not None and isinstance(error, duckdb.Error)


def _show(message: str) -> None:
    console.notice(message, style="bold red")
    if shows_traceback.get():
        console.err.print_exception()
