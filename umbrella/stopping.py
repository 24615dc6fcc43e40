"""Ctrl-C and requests to end unwind a command once, so that it cleans up."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


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
    names = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        names.append(signal.SIGHUP)
    before = {name: signal.signal(name, stop) for name in names}
    try:
        yield stop
    except Exception:
        stop.raise_if_requested()  # an interrupted query says something else
        raise
    finally:
        if not stop.is_requested:  # else the program ends now, and no signal may disturb that
            for name, handler in before.items():
                signal.signal(name, handler)
