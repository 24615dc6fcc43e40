"""How failures are shown: a message and an exit code, a traceback only when asked for."""

import errno
import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import typer

from umbrella import console
from umbrella.errors import UmbrellaError

DEBUG_VARIABLE = "UMBRELLA_DEBUG"
FAILED = 1
INTERRUPTED = 130
"""The exit code shells use for a program that Ctrl-C stopped."""

shows_traceback: ContextVar[bool] = ContextVar("shows_traceback", default=False)


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Wrap a command so that every failure ends in a message and a non-zero exit code."""

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except KeyboardInterrupt:
            console.notice("Stopped.", style="bold red")
            raise typer.Exit(INTERRUPTED) from None
        except UmbrellaError as error:
            _show(str(error))
            raise typer.Exit(FAILED) from None
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                # The reader of a pipe (`| head`) has seen enough.
                raise
            _show(f"Unexpected {type(error).__name__}: {error}")
            console.notice(f"Set {DEBUG_VARIABLE}=1 to see where it arose.")
            raise typer.Exit(FAILED) from None

    return run


def _show(message: str) -> None:
    console.notice(message, style="bold red")
    if shows_traceback.get():
        console.err.print_exception()
