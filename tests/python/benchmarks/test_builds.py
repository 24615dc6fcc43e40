"""What the benchmark of builds changes and counts."""

import subprocess

import pytest

from benchmarks.builds import Cost, cost, shortest, with_another_estimate
from tests.python.conftest import ROOT


def test_one_estimate_is_changed_and_nothing_else(tmp_path, shipped_sheets):
    copy = with_another_estimate(shipped_sheets, tmp_path)
    lines = {
        path.relative_to(shipped_sheets): (
            path.read_text(encoding="utf-8").splitlines(),
            (copy / path.relative_to(shipped_sheets)).read_text(encoding="utf-8").splitlines(),
        )
        for path in shipped_sheets.glob("*/*.csv")
    }
    changed = [
        (a, b) for old, new in lines.values() for a, b in zip(old, new, strict=True) if a != b
    ]
    assert len(changed) == 1


def test_a_command_is_timed_with_its_memory_and_a_failing_one_is_no_measurement():
    measured = cost(ROOT, "--help")
    assert 0 < measured.cpu < 60
    assert measured.wall > 0
    assert 0.01 < measured.memory < 4
    with pytest.raises(subprocess.CalledProcessError):
        cost(ROOT, "no-such-command")


def test_the_least_time_and_the_largest_memory_count():
    assert shortest([Cost(3.0, 2.0, 0.5), Cost(2.0, 4.0, 0.7)]) == Cost(2.0, 2.0, 0.7)
