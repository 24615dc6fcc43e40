"""Folders for what is thrown away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from umbrella.scratch import scratch_folder

HELD = """
import sys
from umbrella.scratch import scratch_folder
from pathlib import Path
with scratch_folder("made-", Path(sys.argv[1])) as folder:
    (folder / "file").touch()
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_a_folder_is_gone_with_the_block(tmp_path: Path) -> None:
    with scratch_folder("made-", tmp_path) as folder:
        assert folder.is_dir()
        assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_run_that_was_killed_is_removed_by_the_next_and_no_other(
    tmp_path: Path,
) -> None:
    others = [tmp_path / "made-file", tmp_path / "another", tmp_path / "made-link"]
    others[0].touch()
    others[1].mkdir()
    others[2].symlink_to(others[1])
    run = subprocess.Popen(
        [sys.executable, "-c", HELD, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    held = Path(run.stdout.readline().strip())
    with scratch_folder("made-", tmp_path):
        assert (held / "file").exists(), "the run lives"
    os.kill(run.pid, signal.SIGKILL)
    run.communicate()
    assert held.exists()
    with scratch_folder("made-", tmp_path) as folder:
        assert sorted(tmp_path.iterdir()) == sorted([*others, folder])


def test_temporary_files_go_where_the_system_says(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with scratch_folder("made-") as folder:
        assert folder.parent == tmp_path
