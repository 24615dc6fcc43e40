"""The claim audit of the seed paper: every verdict recomputed, the conflicts named one by one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.python.audit import independent_audit
from tests.python.audit.conftest import build_audit

pytestmark = pytest.mark.build

EXPECTED_CONFLICTS = {
    # cannabis: 0.06 (0.24-0.36), a lost minus
    "estimate_inside_interval:claim:C023",
    "interval_symmetric_on_its_scale:claim:C023",
    # psychoeducation: 0.35 (-0.21-0.82), middle 0.305
    "interval_symmetric_on_its_scale:claim:C035",
    # borderline personality disorder: p = 0.390, at least 0.439 from the interval
    "p_consistent_with_interval:claim:C008",
    # guided against unguided for anxiety, severe against mild depression
    "asserted_difference_supported:comparison:K003",
    "asserted_difference_supported:comparison:K011",
    # two higher and two lower of three cited studies
    "parts_add_up:sum:S005",
    # dropout at most 47.8 %, yet 56.7 % for personality disorder
    "range_contains_part:count:N033",
}

# Hand-computed Q between printed pools and its p: (Q, p, tolerance of p).
PUBLISHED_DIFFERENCES = {
    "K001": (9.13, 0.0025, 5e-5),
    "K002": (4.75, 0.029, 5e-4),
    "K003": (0.27, 0.60, 5e-3),
    "K004": (5.17, 0.023, 5e-4),
    "K005": (11.19, 0.0008, 5e-5),
    "K006": (0.09, 0.76, 5e-3),
    "K007": (33.6, 0.0, 1e-5),
    "K008": (23.9, 0.0, 1e-5),
    "K009": (29.2, 0.0, 1e-5),
    "K010": (4.78, 0.029, 5e-4),
    "K011": (2.35, 0.126, 6e-4),
    "K012": (3.00, 0.08, 5e-3),
    "K013": (0.31, 0.58, 5e-3),
}


def found_verdicts(connection) -> dict[str, str]:
    return dict(connection.sql("select check_id, verdict from fct_claim_checks").fetchall())


def differences_between_pools(connection) -> dict[str, tuple[float, float]]:
    """{comparison_id: (Q, p)}."""
    query = """
        select subject_id, statistic, p_value from fct_claim_checks
        where rule = 'asserted_difference_supported'
    """
    return {key: (q, p) for key, q, p in connection.sql(query).fetchall()}


def conflicts(found: dict[str, str]) -> set[str]:
    return {key for key, verdict in found.items() if verdict == "conflict"}


def edit(sheets: Path, name: str, key: str, changes: dict[str, dict[str, str]]) -> None:
    """Change cells of a published sheet: {key of the row: {column: new text}}."""
    path = sheets / "published" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    for row in table:
        row.update(changes.get(row[key], {}))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def test_every_verdict_is_recomputed(audit, shipped_sheets):
    assert found_verdicts(audit) == independent_audit.verdicts(shipped_sheets)


def test_the_conflicts_are_exactly_these(audit):
    assert conflicts(found_verdicts(audit)) == EXPECTED_CONFLICTS


def test_tests_between_pools_give_the_hand_computed_values(audit):
    found = differences_between_pools(audit)
    for key, (q, p, tolerance) in PUBLISHED_DIFFERENCES.items():
        assert found[key][0] == pytest.approx(q, abs=0.06), key
        assert found[key][1] == pytest.approx(p, abs=tolerance), key


def test_tests_between_pools_agree_with_the_second_computation(audit, shipped_sheets):
    found = differences_between_pools(audit)
    for key, values in independent_audit.statistics(shipped_sheets).items():
        assert found[key] == ((None, None) if values is None else pytest.approx(values, rel=1e-9))


def test_the_impossible_p_value_says_what_would_be_possible(audit):
    query = """
        select implied_low, implied_high, p_value, explanation from fct_claim_checks
        where check_id = 'p_consistent_with_interval:claim:C008'
    """
    ((low, high, p_value, explanation),) = audit.sql(query).fetchall()
    assert low == pytest.approx(0.439, abs=5e-4)
    assert low < p_value < high
    assert p_value == pytest.approx(0.48, abs=5e-3)
    assert "0.390" in explanation
    assert "0.4391" in explanation


def test_therapies_are_codes_of_the_vocabulary(audit, shipped_sheets):
    query = "select distinct therapy from staging.stg_published__claims where therapy is not null"
    vocabulary = independent_audit.rows(shipped_sheets, "vocabulary/therapies.csv")
    found = {therapy for (therapy,) in audit.sql(query).fetchall()}
    assert found <= {row["code"] for row in vocabulary}
    assert {"cbt", "cbt_combined", "act", "behavioural_activation"} <= found


@pytest.mark.parametrize(
    ("subject", "measure", "published"),
    [
        ("N011", "count", (10, None, None)),
        ("N022", "percent", (79, 50, 95)),
        ("N032", "percent", (None, 0, 56.7)),
        ("N034", "percent", (None, 30, 40)),
        ("N005", "count", (295589, None, None)),
    ],
)
def test_the_audit_shows_what_is_printed_with_its_unit(audit, subject, measure, published):
    query = """
        select measure, published_estimate, published_ci_low, published_ci_high,
            recomputed_estimate
        from fct_claim_audit where subject_id = ?
    """
    ((unit, *printed, recomputed),) = audit.execute(query, [subject]).fetchall()
    assert (unit, tuple(printed)) == (measure, published)
    assert published[0] is not None or recomputed is None


def test_both_k_of_a_comparison_count_the_meta_analyses_of_each_group(audit):
    query = """
        select audit.recomputed_k, sum(pools.k)
        from fct_claim_audit as audit
        inner join staging.stg_published__comparisons as comparisons
            on audit.subject_id = comparisons.comparison_id
        inner join fct_pooled_effects as pools on pools.policy_id = 'seed_paper'
        inner join dim_analyses as analyses
            on
                pools.analysis_id = analyses.analysis_id
                and analyses.claim_id in (comparisons.claim_id_a, comparisons.claim_id_b)
        where audit.recomputed_status = 'ok'
        group by audit.subject_id, audit.recomputed_k
    """
    found = audit.sql(query).fetchall()
    assert len(found) >= 8
    assert all(shown == both for shown, both in found)


def test_repaired_slips_vanish_and_new_ones_are_found(tmp_path, copied_sheets):
    edit(
        copied_sheets,
        "published_claims",
        "claim_id",
        {
            "C023": {"ci_low": "-0.24"},
            "C035": {"ci_high": "0.91"},
            "C008": {"p_value": "0.480"},
            "C024": {"estimate": "0.20", "ci_low": "0.12", "ci_high": "0.28"},
            "C014": {"estimate": "2.60"},
            "C019": {"ci_low": "0.59"},
            "C009": {"p_operator": ">"},
            "C036": {"measure": "MD"},
            "C016": {"ci_low": "0.93", "ci_high": "0.68"},
            "C034": {"estimate": "not a number"},
        },
    )
    edit(
        copied_sheets,
        "published_counts",
        "count_id",
        {
            "N003": {"value": "260"},
            "N015": {"percent": "47.69"},
            "N022": {"percent": "96.1"},
            "N033": {"range_high": "57"},
        },
    )
    edit(copied_sheets, "published_parts", "sum_id", {"S004": {"value": "x"}})
    connection = build_audit(tmp_path, copied_sheets)
    found = found_verdicts(connection)
    flow = connection.sql("""
        select label, n, n_excluded from fct_study_flow
        where source = 'published' order by stage_order
    """).fetchall()
    connection.close()
    assert flow == [
        ("Records identified", 4532, 4273),
        ("After removing duplicates and screening titles and abstracts", 259, None),
        ("Meta-analyses included", 260, None),
    ]
    assert conflicts(found) == {
        "asserted_difference_supported:comparison:K003",
        "asserted_difference_supported:comparison:K011",
        "interval_symmetric_on_its_scale:claim:C014",
        "interval_symmetric_on_its_scale:claim:C019",
        "p_consistent_with_interval:claim:C009",
        "interval_limits_in_order:claim:C016",
        "flow_does_not_increase:count:N003",
        "percent_equals_fraction:count:N015",
        "value_inside_range:count:N022",
        "parts_add_up:sum:S001",
        "parts_add_up:sum:S005",
    }
    assert found["asserted_difference_supported:comparison:K001"] == "not_checkable"
    # The sheet check rejects the row of C034, and with it what refers to it.
    assert not [key for key in found if key.endswith((":C034", ":W036"))]
    # Every row of S004 was spoilt and rejected: no sum is left to check.
    assert "parts_add_up:sum:S004" not in found


def test_sheets_with_a_header_only_give_an_empty_audit(tmp_path, copied_sheets):
    for path in (copied_sheets / "published").glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    # Protocol rows may refer to published claims and counts.
    connection = build_audit(tmp_path, copied_sheets)
    assert found_verdicts(connection) == {}
    connection.close()
