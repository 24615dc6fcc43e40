"""The short form of `python -m benchmarks.site_faults`: the command itself, killed and stopped."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks import site_faults
from benchmarks.site_faults import Ground

SEED = 1


@pytest.fixture(scope="module")
def ground(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """A published site, and a second warehouse to publish into it."""
    return site_faults.prepare(tmp_path_factory.mktemp("faults"), warehouse)


def test_every_fault_of_the_table_can_be_brought_about() -> None:
    assert {line.fault for line in site_faults.table()} == set(site_faults.FAULTS)


@pytest.mark.parametrize("fault", ["Ctrl-C twice", "no room for a file"])
def test_a_fault_leaves_and_says_what_the_table_has(ground: Ground, fault: str) -> None:
    [line] = [line for line in site_faults.table() if line.fault == fault]
    assert site_faults.played(ground, line) == ""


def test_a_site_outlives_kills_at_random_moments(ground: Ground) -> None:
    found, wrong = site_faults.kill_often(ground, 2, random.Random(SEED))
    assert wrong == [], f"seed {SEED}"
    assert found.total() == 2


def test_faults_are_seen(ground: Ground) -> None:
    page = ground.site / "index.html"
    right = page.read_text(encoding="utf-8")
    build = site_faults.BUILD.search(right)[1]
    page.write_text(right.replace(build, "0" * 12), encoding="utf-8")
    assert ground.state() == "index.html is of another build"
    page.unlink()
    assert ground.state() == "lost index.html"
    page.write_text(right, encoding="utf-8")
    (ground.site / "CNAME").unlink()
    assert ground.state() == "lost CNAME of others"
