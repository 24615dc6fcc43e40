"""Errors typed into the sheets: few escape, and together they are named as they are alone."""

from __future__ import annotations

import random

import pytest

from benchmarks.error_kinds import KINDS, ROLES, Draw
from benchmarks.injected_errors import (
    SETS,
    SHIPPED,
    Laboratory,
    batches,
    drawn,
    report,
    reviews,
    tried,
)
from benchmarks.what_can_be_shown import can_be_shown
from tests.python.conftest import ROOT
from umbrella.building.compilation import plan_of

pytestmark = pytest.mark.build

FLOOR = 0.75
"""Least share of the sample whose row is named, with two readers and with slips too small for any
arithmetic among it; docs/injected-errors.md has the shares of a thousand."""


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    return reviews(tmp_path_factory.mktemp("reviews"))


@pytest.fixture(scope="module")
def read_drawn(tmp_path_factory):
    return reviews(tmp_path_factory.mktemp("drawn"), is_drawn=True)


@pytest.fixture(scope="module")
def sample(read):
    return drawn(read, KINDS, len(KINDS), seed=7)


@pytest.fixture(scope="module")
def tried_sample(sample):
    """Every third kind: all of them would take minutes."""
    return sample[::3]


@pytest.fixture(scope="module")
def laboratory(read):
    """A laboratory of each review, made once."""
    made = {}

    def of(plan, sheets):
        name = next(name for name, known in read.items() if known is sheets)
        if name not in made:
            made[name] = Laboratory(plan, sheets)
        return made[name]

    return of


@pytest.fixture(scope="module")
def results(read, tried_sample, laboratory):
    return tried(read, tried_sample, laboratory=laboratory)


def test_no_kind_stands_in_two_sets():
    assert len(KINDS) >= 25
    assert len({name for kinds in SETS.values() for name in kinds}) == sum(map(len, SETS.values()))


@pytest.mark.parametrize("name", SETS)
def test_every_kind_is_drawn_and_changes_what_it_says(request, name):
    kinds = SETS[name]
    read = request.getfixturevalue("read_drawn" if name == "elsewhere" else "read")
    errors = drawn(read, kinds, len(kinds), seed=1)
    assert {error.kind for error in errors} == kinds.keys()
    for error in errors:
        table = read[error.review][error.sheet]
        # As lists, once: a sheet holds its rows packed.
        right, wrong = list(table.rows), list(error.applied(table).rows)
        assert wrong != right
        different = {i + 2 for i, row in enumerate(wrong) if row not in right[i : i + 1]}
        assert different <= set(error.rows)
        assert not error.below or different == set(error.rows)
        assert error.columns <= set(table.header)


def test_the_same_seed_draws_the_same_errors(read, sample):
    assert drawn(read, KINDS, len(KINDS), seed=7) == sample


def test_most_errors_are_named_and_few_clean_rows_have_an_alarm(results):
    verdicts, clean = results
    assert sum(v.names_row for v in verdicts) >= FLOOR * len(verdicts)
    assert sum(alarms for alarms, _ in clean.values()) <= 0.02 * sum(n for _, n in clean.values())


def test_an_error_is_named_alone_as_it_is_with_others(read, tried_sample, laboratory):
    """In a small review, as it is quick. Those not named with others are tried alone anyway."""
    of = {name: [e for e in tried_sample if e.review == name] for name in read if name != SHIPPED}
    name = max(of, key=lambda name: len(of[name]))
    ours = laboratory(plan_of(ROOT), read[name])
    batch = batches(of[name], read[name])[0][:4]
    together = ours.verdicts(batch)
    named = [verdict for verdict in together if verdict.names_cell]
    assert len(named) >= max(2, len(batch) / 2)
    for verdict in named:
        [alone] = ours.verdicts([verdict.error])
        assert (alone.names_cell, alone.names_row) == (verdict.names_cell, verdict.names_row)
    # and everything was put back
    assert ours.verdicts(batch) == together


def test_errors_of_one_batch_do_not_meet(read, sample):
    shipped = [error for error in sample if error.review == SHIPPED]
    for batch in batches(shipped, read[SHIPPED]):
        assert len({(error.sheet, error.index) for error in batch}) == len(batch)
        assert sum("" in error.changes for error in batch) <= len({e.sheet for e in batch})


def test_the_report_has_a_line_for_each_kind(results, tried_sample, capsys):
    report(*results)
    lines = capsys.readouterr().out.splitlines()
    kinds = {error.kind for error in tried_sample}
    assert sum(line.startswith("| ") for line in lines) == len(kinds) + 2


EFFECT = {"effect_id": "", "meta_analysis_id": "A", "condition": "sadness", "n_total": ""}
WITH_INTERVAL = EFFECT | {"estimate": "0.40", "ci_low": "0.20", "ci_high": "0.60"}
ALONE = EFFECT | {"estimate": "0.40", "ci_low": "", "ci_high": ""}
SPREAD = [ALONE | {"estimate": f"0.{i}"} for i in (31, 35, 38, 40, 42, 45, 49, 52)]


@pytest.mark.parametrize(
    ("changes", "row", "again", "expected"),
    [
        ({"estimate": "0.50"}, WITH_INTERVAL, {}, True),
        ({"estimate": "0.50"}, ALONE, {}, False),
        ({"estimate": "0.50"}, ALONE, {"estimate": "0.40"}, True),
        # two of the three are wrong, and give nothing
        ({"estimate": "0.50", "ci_high": "0.70"}, WITH_INTERVAL, {}, False),
        # less than a tenth
        ({"estimate": "0.43"}, WITH_INTERVAL, {}, False),
        # further than three spreads from where the others are
        ({"estimate": "4.00"}, ALONE, {}, True),
        ({"estimate": "O.40"}, ALONE, {}, True),
        # the other rows of the source have the right code, and none the typed one
        ({"condition": "sleeplessness"}, ALONE, {}, True),
        ({"": "a new row"}, ALONE, {}, True),
    ],
)
def test_an_error_can_be_shown_by_what_else_is_known(changes, row, again, expected):
    rows = [row, *SPREAD]
    assert can_be_shown(changes, rows, 0, "meta_analysis_id", again) is expected


def row(**cells: str) -> Draw:
    blank = dict.fromkeys(ROLES["reported_effects"].values(), "")
    codes = {"measure": ["smd"], "condition": ["a"], "outcome": ["b"]}
    return Draw(random.Random(1), "reported_effects", [blank | cells], 0, codes)


@pytest.mark.parametrize(
    ("kind", "cells", "changed"),
    [
        ("limits swapped", {"ci_low": "0.1", "ci_high": "0.3"},
         {"ci_low": "0.3", "ci_high": "0.1"}),
        ("I2 typed as a fraction", {"i2": "68"}, {"i2": "0.68"}),
        ("ratio typed as its logarithm", {"measure": "odds_ratio", "estimate": "2.00"},
         {"estimate": "0.69"}),
        ("minus lost in estimate and both limits",
         {"estimate": "-0.4", "ci_low": "-0.6", "ci_high": "-0.2"},
         {"estimate": "0.4", "ci_low": "0.6", "ci_high": "0.2"}),
        ("k and n swapped", {"n_comparisons": "9", "n_total": "800"},
         {"n_comparisons": "800", "n_total": "9"}),
        ("direction reversed", {"favourable_direction": "above_one"},
         {"favourable_direction": "below_one"}),
        ("variance typed as standard error", {"se": "0.20"}, {"se": "0.04"}),
        ("column inserted in front of the estimate",
         {"estimate": "0.4", "ci_low": "0.2", "ci_high": "0.6"},
         {"estimate": "", "ci_low": "0.4", "ci_high": "0.2"}),
        ("z typed as the estimate",
         {"measure": "smd", "estimate": "0.40", "ci_low": "0.20", "ci_high": "0.60"},
         {"estimate": "3.92"}),
        ("distances from the estimate typed as limits",
         {"estimate": "0.40", "ci_low": "0.20", "ci_high": "0.60"},
         {"ci_high": "0.20"}),
        # 17.5 of 14 degrees of freedom: 0.2305
        ("p of the test of heterogeneity typed as p",
         {"p_operator": "<", "p_value": "0.01", "q": "17.5", "n_comparisons": "15"},
         {"p_operator": "=", "p_value": "0.231"}),
        ("cell formatted as a percentage", {"i2": "44"}, {"i2": "4400%"}),
        ("p of the test of heterogeneity typed as p", {"p_value": "0.01", "q": "17.5"}, None),
        ("limits swapped", {"ci_low": "0.1"}, None),
        ("I2 typed as a fraction", {"i2": "0"}, None),
    ],
)  # fmt: skip
def test_a_kind_changes_the_cells_that_it_names(kind, cells, changed):
    kinds = {name: of for one_set in SETS.values() for name, of in one_set.items()}
    assert kinds[kind](row(**cells)) == changed
