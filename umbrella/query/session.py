"""Feed lines, typed or piped, to the warehouse: dot commands at once, SQL when it is complete."""

from collections.abc import Iterable

from umbrella.query.dot_commands import is_dot_command, run_dot_command
from umbrella.query.run import Runner
from umbrella.query.statements import is_complete


class Session:
    """Collects lines until they make a statement.

    `feed` returns False when the user asked to leave, and raises UmbrellaError for failed SQL.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._pending = ""

    @property
    def is_pending(self) -> bool:
        """True while a statement has been begun and not ended."""
        return bool(self._pending.strip())

    def feed(self, line: str) -> bool:
        """Take one line; run it if it is a dot command or ends a statement."""
        if not self.is_pending and is_dot_command(line):
            return run_dot_command(self._runner.connection, line, self._runner.write)
        self._pending += line + "\n"
        if is_complete(self._pending):
            self.finish()
        return True

    def finish(self) -> None:
        """Run what is pending, with or without its semicolon."""
        text, self._pending = self._pending, ""
        if text.strip():
            self._runner.run(text)

    def discard(self) -> None:
        """Forget what is pending."""
        self._pending = ""


def run_lines(runner: Runner, lines: Iterable[str]) -> None:
    """Run piped lines; stops at the first failed statement with its UmbrellaError."""
    session = Session(runner)
    for line in lines:
        if not session.feed(line.rstrip("\r\n")):
            return
    session.finish()
