"""Ctrl-C and requests to end, as one exception that unwinds a command once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unwinding() -> Iterator[None]:
    """Let Ctrl-C, SIGTERM or SIGHUP raise KeyboardInterrupt in a block, which then cleans up.

    Further ones are ignored from then on: they would disturb the cleaning, and the command ends
    anyway. A command under `nohup` goes on when its terminal closes.
    """
    names = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        names.append(signal.SIGHUP)

    def stop(_signal: int, _frame: object) -> None:
        for name in names:
            signal.signal(name, signal.SIG_IGN)
        before.clear()
        raise KeyboardInterrupt

    before = {name: signal.signal(name, stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
