"""The interactive prompt, with history where the platform's readline offers it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from umbrella import console
from umbrella.errors import UmbrellaError
from umbrella.query.run import Runner
from umbrella.query.session import Session

FIRST_PROMPT = "umbrella> "
NEXT_PROMPT = "     ...> "
HISTORY_LINES = 1_000


def run(runner: Runner) -> None:
    """Read and run statements until `.quit` or the end of input; a failure does not end it.

    Ctrl-C drops what is being typed or stops the running query.
    """
    console.line("The warehouse is open read-only. A query ends with ; and .help lists commands.")
    session = Session(runner)
    with _history():
        while _step(session):
            pass


def _step(session: Session) -> bool:
    try:
        return session.feed(input(NEXT_PROMPT if session.is_pending else FIRST_PROMPT))
    except EOFError:
        console.line()
        return False
    except KeyboardInterrupt:
        console.line()
        session.discard()
    except UmbrellaError as error:
        console.notice(str(error), style="bold red")
    return True


@contextmanager
def _history() -> Iterator[None]:
    """Keep the lines typed in earlier sessions; without readline the prompt works without them."""
    try:
        import readline
    except ImportError:
        yield
        return
    path = _history_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        readline.set_history_length(HISTORY_LINES)
        if path.exists():
            readline.read_history_file(path)
    except OSError as error:
        console.notice(f"No history in this session: {error}", style="dim")
    try:
        yield
    finally:
        try:
            readline.write_history_file(path)
        except OSError as error:
            console.notice(f"The history was not kept: {error}", style="dim")


def _history_file() -> Path:
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "umbrella" / "sql_history"
