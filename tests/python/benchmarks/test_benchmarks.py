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


def test_refits_print_their_growth():
    run = [sys.executable, "-m", "benchmarks.refits", "--studies", "210", "420", "--runs", "1"]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name in ("leave_one_out", "cumulative", "influence", "baujat"):
        assert f"{name}, 420 studies" in done.stdout
    assert done.stdout.count("grows with studies to the power") == 5
