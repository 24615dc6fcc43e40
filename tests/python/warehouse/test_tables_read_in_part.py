"""A pool of trials from a table that was read in part says so on the figure."""

from __future__ import annotations

import pytest

from tests.python.warehouse import independent_pools

pytestmark = pytest.mark.build


def test_figures_of_rates_say_how_many_rows_are_of_a_table_read_in_part(shipped, shipped_sheets):
    partial = {
        row["comparison_id"]
        for row in independent_pools.rows(shipped_sheets, "extraction/primary_studies")
        if row["list_status"] == "partial"
    }
    members = shipped.execute(
        "select analysis_id, effect_id from fct_analysis_members "
        "where is_member and policy_id = 'recommended' and source_sheet = 'primary_studies'"
    ).fetchall()
    notes = dict(shipped.execute("select analysis_id, note from reports.rpt_dropout").fetchall())
    expected = {analysis: 0 for analysis, _ in members}
    for analysis, effect in members:
        expected[analysis] += effect in partial
    assert any(expected.values())
    k = {analysis: [a for a, _ in members].count(analysis) for analysis in expected}
    for analysis, note in notes.items():
        n = expected.get(analysis, 0)
        words = f"{n} of {k.get(analysis)} from a table that was read in part"
        assert (words in (note or "").lower()) == (n > 0)
        assert n > 0 or "read in part" not in (note or "")
