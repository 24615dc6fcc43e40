"""Results of network meta-analyses, and rows that name several comparators."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from tests.python.conftest import append, build_warehouse

pytestmark = pytest.mark.build

EFFECT = {
    "condition": "depression", "outcome": "symptom", "timepoint": "post", "guidance": "unclear",
    "therapy": "unclear", "analysis_set": "unclear", "synthesis_model": "random",
    "scope": "overall", "source_locator": "Table 2", "favourable_direction": "positive",
    "measure": "smd", "estimate": "0.40", "ci_low": "0.20", "ci_high": "0.60", "ci_level": "0.95",
    "comparator": "waitlist",
}  # fmt: skip
META_ANALYSIS = {"delivery": "website", "eligibility": "included", "source_kind": "full_text"}
ANALYSIS = {
    "label": "Depression", "analysis_group": "secondary", "condition": "depression",
    "outcome": "symptom", "unit": "meta_analysis", "scale": "smd", "required_scope": "overall",
    "selection_rule": "all",
}  # fmt: skip
ROWS = {
    "pairwise_a": {},
    "pairwise_b": {"comparator": "waitlist; no_treatment"},
    "pairwise_c": {"comparator": "waitlist;treatment_as_usual"},
    "direct": {"evidence": "direct"},
    "indirect": {"evidence": "indirect"},
    "mixed": {"evidence": "mixed", "comparator": "treatment_as_usual;face_to_face"},
    "odd_comparator": {"comparator": "waitlist;tea"},
    "odd_evidence": {"evidence": "guessed"},
}
ANALYSES = {
    "pairwise": {},
    "with_network": {"network_evidence": "direct; mixed"},
    "inactive": {"comparator_class": "inactive"},
    "active": {"comparator_class": "active", "network_evidence": "mixed"},
}
REASON = "network meta-analysis, {} evidence: the analysis pools pairwise results"


@pytest.fixture(scope="module")
def network(tmp_path_factory, shipped_sheets):
    folder = tmp_path_factory.mktemp("network")
    sheets = folder / "sheets"
    shutil.copytree(shipped_sheets, sheets)
    emptied = ("analyses", "contrasts", "figures", "figure_blocks")
    for path in [
        *(sheets / "extraction").glob("*.csv"),
        *(sheets / f"protocol/{name}.csv" for name in emptied),
    ]:
        path.write_text(path.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    append(
        sheets / "extraction/meta_analyses.csv",
        *(META_ANALYSIS | {"meta_analysis_id": name, "first_author": name, "year": "2020"}
          for name in ROWS),
    )  # fmt: skip
    append(
        sheets / "extraction/reported_effects.csv",
        *(EFFECT | {"effect_id": name, "meta_analysis_id": name} | row
          for name, row in ROWS.items()),
    )  # fmt: skip
    append(
        sheets / "protocol/analyses.csv",
        *(ANALYSIS | {"analysis_id": name, "sort_order": str(order)} | row
          for order, (name, row) in enumerate(ANALYSES.items(), start=1)),
    )  # fmt: skip
    append(
        sheets / "protocol/figures.csv",
        {"figure_id": "forest_made", "figure_kind": "forest", "title": "Made", "subtitle": "Made",
         "measure": "SMD", "sort_order": "1"},
    )  # fmt: skip
    append(
        sheets / "protocol/figure_blocks.csv",
        {"figure_id": "forest_made", "analysis_id": "pairwise", "block_label": "Made",
         "sort_order": "1"},
    )  # fmt: skip
    database = build_warehouse(
        folder, sheets, selection="fct_analysis_members fct_effects fct_rejected_rows rpt_forest "
        "fct_row_dispositions dim_analyses",
    )  # fmt: skip
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def members(connection, analysis_id: str) -> set[str]:
    return {
        effect_id
        for (effect_id,) in connection.execute(
            "select effect_id from fct_analysis_members "
            "where analysis_id = ? and policy_id = 'recommended' and is_member",
            [analysis_id],
        ).fetchall()
    }


def test_every_code_of_a_cell_is_checked(network):
    found = network.execute(
        "select row_id, column_name, value, reason from fct_rejected_rows "
        "where sheet = 'reported_effects' order by row_id"
    ).fetchall()
    assert found == [
        ("odd_comparator", "comparator", "waitlist;tea", "unknown code"),
        ("odd_evidence", "evidence", "guessed", "unknown code"),
    ]


def test_network_results_are_left_out_of_pairwise_pools_with_the_reason(network):
    assert members(network, "pairwise") == {"pairwise_a", "pairwise_b", "pairwise_c"}
    reasons = dict(
        network.execute(
            "select effect_id, exclusion_reason from fct_analysis_members "
            "where analysis_id = 'pairwise' and policy_id = 'recommended' and not is_member"
        ).fetchall()
    )
    assert reasons == {name: REASON.format(name) for name in ("direct", "indirect", "mixed")}


def test_the_protocol_lets_network_results_in(network):
    pairwise = {"pairwise_a", "pairwise_b", "pairwise_c"}
    assert members(network, "with_network") == pairwise | {"direct", "mixed"}


def test_the_class_of_several_comparators_is_the_one_they_share_else_mixed(network):
    classes = dict(
        network.execute("select effect_id, comparator_class from fct_effects").fetchall()
    )
    assert classes == {
        "pairwise_a": "inactive", "pairwise_b": "inactive", "pairwise_c": "mixed",
        "direct": "inactive", "indirect": "inactive", "mixed": "active",
    }  # fmt: skip


def test_a_filter_by_class_leaves_out_a_row_of_several_classes(network):
    assert members(network, "inactive") == {"pairwise_a", "pairwise_b"}
    assert members(network, "active") == {"mixed"}


def test_codes_within_a_cell_count_as_used(network):
    used = network.execute(
        "select row_id from fct_row_dispositions "
        "where sheet = 'comparators' and disposition = 'used' order by row_id"
    ).fetchall()
    assert [code for (code,) in used] == [
        "face_to_face", "no_treatment", "treatment_as_usual", "waitlist",
    ]  # fmt: skip


def test_a_forest_shows_network_results_below_the_pool_without_a_weight(network):
    rows = network.execute(
        "select row_kind, effect_id, estimate, weight_percent, label from reports.rpt_forest "
        "where row_kind in ('study', 'network', 'pooled') order by row_order"
    ).fetchall()
    assert [row[0] for row in rows] == ["study"] * 3 + ["pooled"] + ["network"] * 3
    assert {(effect_id, weight) for _, effect_id, _, weight, _ in rows[4:]} == {
        ("direct", None), ("indirect", None), ("mixed", None),
    }  # fmt: skip
    assert all("evidence)" in label for *_, label in rows[4:])
