"""The queries of the README run, and print what the README shows."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.python.conftest import ROOT

pytestmark = pytest.mark.build

README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```sql\n(.*?)```\n+```\n(.*?)\n```", README, flags=re.S)
QUERIES = re.findall(r"```sql\n(.*?)```", README, flags=re.S)


def asked(database, query: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "umbrella", "sql", "--database", str(database), query],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip("\n")


def test_the_readme_shows_three_queries_with_their_output():
    assert len(SHOWN) == 3
    assert len(QUERIES) == 4


@pytest.mark.parametrize(("query", "output"), SHOWN, ids=range(len(SHOWN)))
def test_shown_output_is_real(shipped_database, query, output):
    assert asked(shipped_database, query) == output


def test_every_query_runs(shipped_database):
    assert "estimate" in asked(shipped_database, QUERIES[-1])
