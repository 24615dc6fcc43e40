"""Ctrl-C and requests to end unwind a command once, so that it cleans up."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from umbrella import system

INTERRUPTED = 130
"""The exit code shells use for a program that Ctrl-C stopped."""

STOPPED = "Stopped."


def end_at_once_when_asked() -> None:
    """End the program at Ctrl-C while no command runs, since there is nothing to clean up.

    Libraries that are half loaded would show where they were, or take it for an error of theirs.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored
        signal.signal(signal.SIGINT, _end)


@contextmanager
def unwinding() -> Iterator[None]:
    """Let Ctrl-C unwind what runs, where it would end the program at once."""
    if signal.getsignal(signal.SIGINT) is not _end:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        end_at_once_when_asked()


def _end(_signal: int, _frame: object) -> None:
    with suppress(OSError):
        os.write(2, f"{STOPPED}\n".encode())
    os._exit(INTERRUPTED)


class Stop:
    """Remembers that somebody asked to stop: what runs then may swallow the interrupt.

    Only the first request interrupts: a second would end the cleaning up that follows.
    """

    def __init__(self) -> None:
        self.is_requested = False

    def __call__(self, _signal: int, _frame: object) -> None:
        """Handle a signal as Ctrl-C does."""
        if not self.is_requested:
            self.is_requested = True
            raise KeyboardInterrupt

    def raise_if_requested(self) -> None:
        """Stop now what went on after a swallowed interrupt."""
        if self.is_requested:
            raise KeyboardInterrupt


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Let Ctrl-C or a request to terminate unwind a command, so that it cleans up.

    A command under `nohup` goes on when its terminal closes.
    """
    stop = Stop()
    before = {name: signal.signal(name, stop) for name in system.stop_signals()}
    try:
        yield stop
    except Exception:
        stop.raise_if_requested()  # an interrupted query says something else
        raise
    finally:
        if not stop.is_requested:  # else the program ends now, and no signal may disturb that
            for name, handler in before.items():
                signal.signal(name, handler)
