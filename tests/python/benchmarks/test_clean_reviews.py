"""Reviews without an error, of other kinds than the shipped one, have next to no alarm."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.clean_reviews import alarms
from benchmarks.drawn_reviews import REVIEWS, Pool, pooled, write_review

pytestmark = pytest.mark.build

MOST = 0.01
"""Share of clean rows that may have an alarm."""


@pytest.mark.parametrize("name", REVIEWS)
def test_at_most_one_clean_row_of_a_hundred_has_an_alarm(name, tmp_path):
    found, n_rows = alarms(write_review(tmp_path / "sheets", name, seed=1))
    assert n_rows > 60
    assert len({row[:2] for row in found}) <= MOST * n_rows


def test_pools_are_those_of_dersimonian_and_laird():
    found = pooled(np.array([0.3, 0.7, 0.35]), np.array([0.01, 0.04, 0.0225]))
    # metafor 3.8-1: rma(c(.3, .7, .35), c(.01, .04, .0225), method = "DL")
    expected = Pool(0.39884991352, 0.10498702130, 3, 3.22950819672, 38.07106598985, 0.01293103448)
    assert vars(found) == pytest.approx(vars(expected), rel=1e-9)
    assert pooled(np.array([0.3]), np.array([0.01])).se == pytest.approx(0.1)
