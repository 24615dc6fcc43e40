"""What docs/safety.md says is left after a fault is left, and kills neither lose nor mix.

`python -m benchmarks.faults --kills 500` does the same at length.
"""

import shutil
from pathlib import Path

import duckdb
import pytest

from benchmarks.faults import FAULTS, kills, make_template, play, table
from benchmarks.small_review import DATABASE, TODAY, YESTERDAY, day_of

N_KILLS = 8


@pytest.fixture(scope="module")
def template(made_once) -> Path:
    return made_once("faults", lambda folder: make_template(folder / "template"))


@pytest.mark.parametrize("line", table(), ids=lambda line: line.name)
def test_what_is_left_and_said(template, tmp_path, line):
    assert play(line, template, tmp_path / "project") == []


def test_every_fault_stands_in_the_table():
    assert {(line.fault, line.moment) for line in table()} == set(FAULTS)


def test_kills_at_random_moments_neither_lose_nor_mix(template, tmp_path):
    project = Path(shutil.copytree(template, tmp_path / "project"))
    found = kills(project, "umbrella build", N_KILLS, seed=1, also=frozenset())
    assert found.keys() <= {"yesterday, whole", "today, whole", "ended before the kill"}
    assert found.total() == N_KILLS


@pytest.mark.parametrize(
    ("edit", "word"),
    [
        ("select 1", YESTERDAY),
        (f"update main.chain_3 set title = '{TODAY}'", "MIXTURE"),
        ("delete from main.chain_3 where n < 5", "MIXTURE"),
        ("delete from main.chain_3", "MIXTURE"),
        ("update build.state set is_complete = false", "refused"),
        ("drop table main.chain_3", "MIXTURE"),
        ("drop schema build cascade", "refused"),
    ],
)
def test_a_mixture_is_seen(template, tmp_path, edit, word):
    copy = Path(shutil.copy(template / DATABASE, tmp_path))
    with duckdb.connect(str(copy)) as connection:
        connection.execute(edit)
    assert day_of(copy) == word
