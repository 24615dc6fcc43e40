"""Failures of the system say what happened, what is safe and what to do."""

import errno
import logging
import os
import signal
import subprocess
import sys

import duckdb
import pytest

from tests.python.cli.conftest import environment
from umbrella import failures
from umbrella.commands.build import LogFile

KINDS = sorted(failures.KINDS)
ENTRIES = {
    "module": ["-m", "umbrella"],
    "script": ["-c", "from umbrella.__main__ import main; main()"],
}


def failing(invoke, monkeypatch, error):
    """What a command says that meets this error."""

    def fail(_database) -> None:
        raise error

    monkeypatch.setattr("umbrella.commands.headline.show_headline", fail)
    return invoke("headline", "--database", "any.duckdb")


@pytest.mark.parametrize("number", KINDS, ids=lambda number: errno.errorcode[number])
def test_an_error_of_the_system_is_told_in_words(invoke, monkeypatch, number):
    error = OSError(number, os.strerror(number), "/data/sheet.csv")
    result = failing(invoke, monkeypatch, error)
    assert result.exit_code == 1
    what, remedy = failures.KINDS[number]
    assert f"{what}: /data/sheet.csv. " in result.stderr
    assert failures.SAFE in result.stderr
    assert f"{remedy} and run the command again." in result.stderr
    assert "Unexpected" not in result.stderr
    assert "Errno" not in result.stderr


def test_an_error_of_the_system_without_words_keeps_its_own(invoke, monkeypatch):
    result = failing(invoke, monkeypatch, OSError(errno.EXDEV, "Invalid cross-device link"))
    assert "The system refused: Invalid cross-device link. " in result.stderr
    assert "Unexpected" not in result.stderr


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "There is no memory left."),
        (duckdb.IOException("Could not write file: No space left on device"), "The disk is full."),
        (duckdb.IOException("Cannot open file: Permission denied"), "There is no permission."),
        (duckdb.Error("Corrupt database file: computed checksum"), "The warehouse is damaged"),
        (duckdb.IOException("Could not set lock on file"), "is open for writing in another"),
        (duckdb.InternalException("a surprise"), "cannot be read: a surprise"),
    ],
)
def test_an_error_of_the_database_is_told_in_words(invoke, monkeypatch, error, words):
    result = failing(invoke, monkeypatch, error)
    assert result.exit_code == 1
    assert words in result.stderr
    assert failures.SAFE in result.stderr
    assert "Unexpected" not in result.stderr


def test_a_log_without_room_stops_nothing_and_says_so_once(capsys):
    log = logging.Logger("full")
    file = LogFile("/dev/full", mode="w")
    log.addHandler(file)
    for number in range(3):
        log.error("line %d", number)
    file.close()
    said = capsys.readouterr().err
    assert said.count("The log /dev/full is not complete") == 1
    assert "Traceback" not in said


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
@pytest.mark.parametrize("library", ["typer", "duckdb"])
def test_ctrl_c_while_libraries_load_is_one_line(small_project, tmp_path, entry, library):
    """The library stands for one that is half loaded, before the command or within it."""
    code = "import os, signal; os.kill(os.getpid(), signal.SIGINT)"
    (tmp_path / f"{library}.py").write_text(code)
    ended = subprocess.run(
        [sys.executable, *entry, "sql", "select 1"],
        cwd=small_project,
        env=environment(PYTHONPATH=f"{tmp_path}{os.pathsep}{small_project}"),
        capture_output=True,
        text=True,
        check=False,
        # What runs in the background of a script has no Ctrl-C, and neither has what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "Stopped.\n")
