"""The interactive prompt in a real terminal: lines, history, failures that do not end it."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from umbrella.project import project_dir
from umbrella.query.statements import is_complete


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select 1;", True),
        ("select 1;  \n", True),
        ("select 1", False),
        ("select ';", False),
        ("select ';';", True),
        ('select ";', False),
        ("select 1 -- done;", False),
        ("select 1; -- done", True),
        ("select /* ; */ 1", False),
        ("select /* ;", False),
        ("select $$ ; $$", False),
        ("select $tag$ ; $tag$;", True),
        ("select 'it''s';", True),
        ("", False),
    ],
)
def test_a_statement_ends_with_a_semicolon_outside_quotes_and_comments(text, expected):
    assert is_complete(text) is expected


def read_until(terminal: int, words: str, seconds: float = 60) -> str:
    """Read the screen until `words` appear; fails with what was on the screen instead."""
    screen, end = "", time.monotonic() + seconds
    while words not in screen:
        assert time.monotonic() < end, screen
        if select.select([terminal], [], [], 1)[0]:
            screen += os.read(terminal, 4096).decode(errors="replace")
    return screen


def test_the_prompt_survives_errors_and_keeps_its_history(warehouse: Path, tmp_path: Path):
    control, terminal = pty.openpty()
    variables = {"XDG_STATE_HOME": str(tmp_path / "state"), "TERM": "dumb", "COLUMNS": "100"}
    # A program ignores Ctrl-C when its parent does, as one started in the background may.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [sys.executable, "-m", "umbrella", "sql", "--database", str(warehouse)],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        cwd=project_dir(),
        env={**os.environ, **variables},
    )
    signal.signal(signal.SIGINT, before)
    try:
        os.close(terminal)
        read_until(control, "umbrella> ")
        os.write(control, b"select nonsense;\n")
        assert "Binder Error" in read_until(control, "umbrella> ")
        os.write(control, b"select 40 +\n")
        read_until(control, "...> ")
        os.write(control, b"2 as answer;\n")
        assert "42" in read_until(control, "umbrella> ")
        os.write(control, b"select half\n")
        read_until(control, "...> ")
        # The signal must find the prompt waiting: one that comes between two calls waits with it.
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        read_until(control, "umbrella> ")
        endless = "select count(*) from range(100000000) a(x), range(100000) b(y) where x * y = 7"
        os.write(control, f"{endless};\n".encode())
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        read_until(control, "umbrella> ")
        os.write(control, b"select 40 + 3 as next_answer;\n")
        assert "43" in read_until(control, "umbrella> ")
        os.write(control, b".quit\n")
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(control)
    history = (tmp_path / "state" / "umbrella" / "sql_history").read_text()
    assert "2 as answer;" in history
