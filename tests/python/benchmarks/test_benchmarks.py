"""The benchmarks run; what they measure is no test."""

import subprocess
import sys

import pytest

from tests.python.conftest import ROOT


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["pool_million", "--meta-analyses", "300"], "pool of grouped lists, ordered"),
        (["gosh", "--studies", "6"], "gosh of 63 subsets"),
    ],
    ids=["pool_million", "gosh"],
)
def test_benchmark_runs(command, expected):
    module, *options = command
    run = [sys.executable, "-m", f"benchmarks.{module}", *options, "--runs", "1", "--without-peers"]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert expected in done.stdout
