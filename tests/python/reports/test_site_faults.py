"""The short form of `python -m benchmarks.site_faults`: the command itself, killed and stopped."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from benchmarks import site_faults
from benchmarks.site_faults import Ground


@pytest.fixture(scope="module")
def ground(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """A published site, and a second warehouse to publish into it."""
    return site_faults.prepare(tmp_path_factory.mktemp("faults"), warehouse)


def test_two_interrupts_end_as_cleanly_as_one(ground: Ground) -> None:
    row = site_faults.stopped(ground, signal.SIGINT, signal.SIGINT)
    assert row[2:] == (
        "the site before", "The site in …/site is as it was. Stopped.", 130
    )  # fmt: skip


def test_no_room_is_said_and_leaves_the_site(ground: Ground) -> None:
    row = site_faults.no_room(ground)
    assert (row.left, row.code) == ("the site before", 1)
    assert row.said.startswith("The site in …/site could not be made: ")
    assert row.said.endswith("The site in …/site is as it was.")


def test_a_site_outlives_kills_at_random_moments(ground: Ground) -> None:
    found, wrong = site_faults.kill_often(ground, 3, random.Random())
    assert wrong == []
    assert found.total() == 3


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
