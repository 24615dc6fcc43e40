"""Each measure has one scale of pooling, in the warehouse and where an outline asks for it."""

from __future__ import annotations

from tests.python.conftest import ROOT
from umbrella.outlining.implied import extraction_of
from umbrella.sheets.checks import check_sheets
from umbrella.sheets.contract import read_contract


def test_an_outline_pools_measures_on_the_scales_of_the_warehouse(shipped, shipped_sheets):
    extraction = extraction_of(check_sheets(shipped_sheets, read_contract(ROOT)))
    found = shipped.execute("select measure, own_scale from intermediate.int_measures").fetchall()
    assert len({scale for _, scale in found}) > 8
    # Of an outcome that is no score, so that odds ratios are not converted.
    outcome = extraction.code_of("outcomes", "dropout")
    for measure, scale in found:
        row = {"measure": measure, "outcome": outcome}
        assert extraction.scale_of(row) == (scale or ""), measure
