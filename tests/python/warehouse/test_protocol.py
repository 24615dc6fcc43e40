"""Protocol sheets without which nothing can be built say so."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from python_udfs.kernels.pooling.options import POOL_OPTIONS
from tests.python.conftest import ROOT, build_warehouse
from umbrella.app import app
from umbrella.project import read_properties

pytestmark = pytest.mark.build


def test_a_missing_named_policy_is_asked_for(tmp_path, copied_sheets):
    policies = copied_sheets / "protocol" / "policies.csv"
    text = policies.read_text(encoding="utf-8")
    policies.write_text(text.replace("\nrecommended,", "\nours,"), encoding="utf-8")
    with pytest.raises(AssertionError, match="rows seed_paper and recommended are needed"):
        build_warehouse(tmp_path, copied_sheets, selection="stg_protocol__policies")
    done = CliRunner().invoke(app, ["check", "--sheets", str(copied_sheets)])
    assert done.exit_code == 1
    assert "rows seed_paper and recommended are needed" in done.stderr


def test_a_rejected_row_of_the_review_stops_the_build_and_names_its_cell(tmp_path, copied_sheets):
    review = copied_sheets / "protocol" / "review.csv"
    text = review.read_text(encoding="utf-8")
    assert text.count(",interventions,") == 1
    review.write_text(text.replace(",interventions,", ",interventional,"), encoding="utf-8")
    with pytest.raises(AssertionError, match="sheet review: its row is missing or was rejected"):
        build_warehouse(tmp_path, copied_sheets, selection="int_trial_conversions")
    done = CliRunner().invoke(app, ["check", "--sheets", str(copied_sheets)])
    assert done.exit_code == 1
    told = done.stdout + done.stderr
    assert "sheet review: its row is missing or was rejected" in told
    assert "column review_kind, value 'interventional': unknown code" in told


def test_policies_may_ask_for_whatever_pool_can():
    sheets = read_properties(ROOT / "models/sheets/_protocol__sheets.yml")["seeds"]
    columns = next(sheet for sheet in sheets if sheet["name"] == "policies")["columns"]
    allowed = {column["name"]: column["config"]["meta"].get("allowed") for column in columns}
    for option in POOL_OPTIONS:
        if option.key != "ci_level":
            assert allowed[option.key] == list(option.names)
