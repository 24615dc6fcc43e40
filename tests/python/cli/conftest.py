"""Fixtures of the command-line tests: sheets to spoil, a small project, ways to run a command."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from benchmarks.small_review import copy_project
from tests.python.conftest import mark_as_whole
from umbrella.app import app
from umbrella.project import project_dir

ENVIRONMENT = ("UMBRELLA_DATABASE", "UMBRELLA_SHEETS", "UMBRELLA_DEBUG")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of the person who runs it."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def sheets(tmp_path: Path) -> Path:
    """A copy of the shipped sheets that a test may spoil."""
    return Path(shutil.copytree(project_dir() / "seeds", tmp_path / "sheets"))


@pytest.fixture(scope="session")
def invoke() -> Callable[..., Result]:
    """Run a command in this process; the result has exit_code, stdout and stderr."""

    def run(*arguments: object, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)

    return run


@pytest.fixture(scope="session")
def small_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dbt project of five models with its own copy of the package, built once."""
    folder = copy_project(tmp_path_factory.mktemp("small"))
    finished = run_in(folder, "build")
    assert finished.returncode == 0, finished.stderr
    return folder


@pytest.fixture
def small_project(small_template: Path, tmp_path: Path) -> Path:
    """A copy of the small project with its published warehouse; its name asks for quoting."""
    return Path(shutil.copytree(small_template, tmp_path / "team's é project"))


def run_in(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in another process, as its own package in `project`."""
    return subprocess.run(
        [sys.executable, "-m", "umbrella", *arguments],
        cwd=project,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def environment(**variables: str) -> dict[str, str]:
    """The environment of a command in another process: no setting of the person who tests."""
    kept = {name: value for name, value in os.environ.items() if name not in ENVIRONMENT}
    return {**kept, "PYTHONUTF8": "1", **variables}


def digest(path: Path) -> str:
    """SHA-256 of a file, to prove that it was not touched."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A warehouse file of a few rows, for the commands that only read."""
    path = tmp_path / "umbrella.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema reports")
        connection.execute(
            """
            create table reports.rpt_headline as
            select *, 2 as decimals from (values
                ('b', 'Anxiety', 'SMD', 2, 'published', 4, 0.4, 0.3, 0.5, 'ok'),
                ('a', 'Depression', 'SMD', 1, 'published', 7, 0.53, 0.44, 0.62, 'ok'),
                ('a', 'Depression', 'SMD', 1, 'seed_paper', 5, -0.004, -0.1, 0.2, 'ok'),
                ('a', 'Depression', 'SMD', 1, 'recommended', 1, 0.3, 0.1, 0.5, 'single_study'),
                ('b', 'Anxiety', 'SMD', 2, 'seed_paper', 0, null, null, null, 'no_data')
            ) as t (analysis_id, headline_label, scale_short_label, sort_order, source, k, estimate,
                    ci_low, ci_high, status)
            """
        )
        connection.execute(
            "create table reports.rpt_review as "
            "select 'interventions' as review_kind, 'diet' as studied_word"
        )
        connection.execute(
            """
            create table fct_pooled_effects as
            select 'depression' as analysis_id, 0.5 as estimate, [0.25, null] as weights,
                   null::double as pi_low, '' as note
            union all
            select 'a|b "c", d', 'nan'::double, [], 1.5, 'x'
            """
        )
        mark_as_whole(connection)
    return path
