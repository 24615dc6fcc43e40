"""The generator of larger reviews: as many rows as it says, each readable, none twice."""

import csv
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.large_review import KEYS, SHIPPED, make_review
from tests.python.conftest import ROOT


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_size_1_is_the_shipped_review(tmp_path):
    make_review(tmp_path / "one", 1, is_spread=False)
    for path in SHIPPED.rglob("*.csv"):
        assert (tmp_path / "one" / path.relative_to(SHIPPED)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("is_spread", [False, True], ids=["same_conditions", "new_conditions"])
def test_no_copy_is_rejected(tmp_path, is_spread):
    make_review(tmp_path / "three", 3, is_spread=is_spread)
    for sheet in KEYS:
        name = f"extraction/{sheet}.csv"
        assert len(rows(tmp_path / "three" / name)) == 3 * len(rows(SHIPPED / name))
    check = [sys.executable, "-m", "umbrella", "check", "--sheets", str(tmp_path / "three")]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "No row of any sheet was rejected." in done.stderr
    impossible = re.findall(r"^impossible: .*?, (\d+) finding", done.stderr, re.MULTILINE)
    assert sum(map(int, impossible)) >= 9, "three of the shipped, thrice"


def test_no_two_copies_of_an_effect_are_equal(tmp_path):
    make_review(tmp_path / "ten", 10, is_spread=False)
    effects = rows(tmp_path / "ten/extraction/reported_effects.csv")
    copies = Counter(
        (row["effect_id"][-12:], row["estimate"], row["ci_low"])
        for row in effects
        if row["measure"] == "hedges_g" and row["estimate"] and row["ci_low"]
    )
    assert max(copies.values()) == 1


def test_a_copy_in_new_conditions_is_as_large_as_the_shipped_one(tmp_path):
    make_review(tmp_path / "two", 2, is_spread=True)
    effects = rows(tmp_path / "two/extraction/reported_effects.csv")
    conditions = Counter(row["condition"] for row in effects)
    assert conditions["depression_2"] == conditions["depression"]
    analyses = {row["analysis_id"]: row for row in rows(tmp_path / "two/protocol/analyses.csv")}
    assert analyses["depression_2"]["condition"] == "depression_2"
    assert "therapy_cbt_2" not in analyses
