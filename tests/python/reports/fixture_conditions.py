"""Made-up rows of the tables behind the pages of the conditions, for the fixture warehouse."""

import random
from typing import Any

TYPES = {
    "rpt_funnel": (
        "figure_id varchar, point_order integer, point_kind varchar, meta_analysis_id "
        "varchar, effect_id varchar, label varchar, estimate double, ci_low double, "
        "ci_high double, se double, p_value double, weight_percent double"
    ),
    "rpt_funnel_summary": (
        "figure_id varchar, condition varchar, analysis_id varchar, analysis_label "
        "varchar, k integer, estimate double, ci_low double, ci_high double, "
        "independent_policy_id varchar, independent_estimate double, independent_ci_low "
        "double, independent_ci_high double, egger_status varchar, egger_bias double, "
        "egger_ci_low double, egger_ci_high double, egger_statistic double, egger_df "
        "double, egger_p double, egger_smd_status varchar, egger_smd_k integer, "
        "egger_smd_k_with_arms integer, egger_smd_bias double, egger_smd_ci_low double, "
        "egger_smd_ci_high double, egger_smd_statistic double, egger_smd_df double, "
        "egger_smd_p double, egger_same_p double, filled_status varchar, filled_k "
        "integer, filled_side varchar, filled_estimate double, filled_ci_low double, "
        "filled_ci_high double, caution varchar"
    ),
    "rpt_leave_one_out": (
        "figure_id varchar, row_order integer, analysis_id varchar, analysis_label "
        "varchar, row_kind varchar, label varchar, meta_analysis_id varchar, effect_id "
        "varchar, ceiling double, policy_id varchar, status varchar, k integer, estimate "
        "double, ci_low double, ci_high double, p_value double, i2_percent double, change "
        "double, favours varchar, is_conclusion_changed boolean"
    ),
    "rpt_members": (
        "condition varchar, row_order integer, condition_label varchar, analysis_id "
        "varchar, is_member boolean, meta_analysis_id varchar, label varchar, effect_id "
        "varchar, sheet_row bigint, measure_label varchar, reported_estimate double, "
        "reported_low double, reported_high double, reported_ci_percent double, n_trials "
        "bigint, n_participants bigint, estimate double, ci_low double, ci_high double, "
        "weight_percent double, conversion varchar, assumptions varchar, source_locator "
        "varchar, source_kind varchar, source_url varchar, reference varchar, doi "
        "varchar, reason varchar, remark varchar"
    ),
    "rpt_largest": (
        "condition varchar, condition_label varchar, analysis_id varchar, "
        "meta_analysis_id varchar, label varchar, effect_id varchar, k_studies integer, "
        "k_source varchar, n_participants bigint, estimate double, ci_low double, ci_high "
        "double, cohen_band varchar, is_tied boolean, source_locator varchar, doi "
        "varchar, published_label varchar, published_estimate double, published_ci_low "
        "double, published_ci_high double"
    ),
    "rpt_trial_pools": (
        "trial_set_id varchar, meta_analysis_id varchar, label varchar, title varchar, "
        "condition_label varchar, subtype varchar, outcome_label varchar, timepoint varchar, "
        "scale varchar, measure varchar, rule_label varchar, status varchar, k integer, "
        "n_participants bigint, k_with_n_participants integer, estimate double, ci_low double, "
        "ci_high double, p_value double, pi_low double, pi_high double, i2_percent double, "
        "egger_p double, excess_p double, reported_k integer, reported_estimate double, "
        "reported_ci_low double, reported_ci_high double"
    ),
    "rpt_figures_not_drawn": (
        "figure_id varchar, sort_order integer, figure_kind varchar, title varchar, "
        "condition varchar, k integer, reason varchar"
    ),
}
FIGURES = (
    {"figure_id": "funnel_depression", "kind": "funnel", "title": "Depression: funnel plot"},
    {"figure_id": "funnel_ptsd", "kind": "funnel", "title": "PTSD: funnel plot"},
    {"figure_id": "funnel_response", "kind": "funnel", "title": "Response: funnel plot"},
    {"figure_id": "leave_one_out_depression", "kind": "leave_one_out", "title": "Depression: out"},
    {"figure_id": "leave_one_out_ocd", "kind": "leave_one_out", "title": "Compulsions: out"},
    {"figure_id": "leave_one_out_response", "kind": "leave_one_out", "title": "Response: out"},
    {"figure_id": "dropout_depression", "kind": "dropout", "title": "Depression: dropout"},
)
CONDITIONS = {"depression": "depression", "ptsd": "ptsd", "ocd": "ocd", "response": None}
RATIO = {"measure": "OR", "is_log_scale": True}
NAMES = ("Andersson G 2014", "Königbauer J 2017", "Păsărelu CR 2017", "Riper H 2014")


def figure_rows() -> list[dict[str, Any]]:
    """What rpt_figures says of these figures beside its usual texts."""
    made = []
    for row in FIGURES:
        subject = row["figure_id"].rpartition("_")[2]
        extra = RATIO if subject == "response" else {}
        extra = {"measure": "percent"} if row["kind"] == "dropout" else extra
        made.append(row | extra | {"condition": CONDITIONS[subject]})
    return made


def funnel_rows() -> list[dict[str, Any]]:
    """Rows of rpt_funnel: three funnels, one with two points filled in, one of odds ratios."""
    rng = random.Random(7)
    rows = []
    for figure_id, count in (
        ("funnel_depression", 12),
        ("funnel_ptsd", 4),
        ("funnel_response", 11),
    ):
        is_ratio = figure_id == "funnel_response"
        for i in range(count + (2 if figure_id == "funnel_depression" else 0)):
            is_filled = i >= count
            se = round(rng.uniform(0.04, 0.27), 3)
            at = round(rng.gauss(0.4, 0.2), 3)
            estimate = 2.718281828459045**at if is_ratio else at
            rows.append(
                {
                    "figure_id": figure_id,
                    "point_order": i + 1,
                    "point_kind": "filled" if is_filled else "meta_analysis",
                    "meta_analysis_id": None if is_filled else f"M{i}",
                    "effect_id": None if is_filled else f"M{i}_01",
                    "label": "Filled in" if is_filled else NAMES[i % len(NAMES)],
                    "estimate": estimate,
                    "ci_low": estimate - 0.1,
                    "ci_high": estimate + 0.1,
                    "se": se,
                    "p_value": 0.012,
                    "weight_percent": None if is_filled else 100 / count,
                }
            )
    return rows


def funnel_summary_rows() -> list[dict[str, Any]]:
    """Rows of rpt_funnel_summary."""
    tests = {
        "egger_status": "ok", "egger_bias": 3.167, "egger_ci_low": 1.118, "egger_ci_high": 5.217,
        "egger_statistic": 3.1, "egger_p": 0.0034,
        "egger_smd_status": "ok", "egger_smd_bias": 0.537, "egger_smd_ci_low": -5.573,
        "egger_smd_ci_high": 6.648, "egger_smd_p": 0.855, "egger_same_p": 0.121,
        "independent_policy_id": "independent", "filled_status": "ok", "filled_side": "left",
    }  # fmt: skip
    pooled = {"estimate": 0.402, "ci_low": 0.334, "ci_high": 0.47}
    filled = {"filled_k": 2, "filled_estimate": 0.36, "filled_ci_low": 0.27, "filled_ci_high": 0.45}
    odds = {"estimate": 1.49, "ci_low": 1.2, "ci_high": 1.85}
    caution = "Tests of asymmetry are not meaningful below ten meta-analyses; here are 4."
    return [
        {"figure_id": "funnel_depression", "condition": "depression", "analysis_id": "depression",
         "analysis_label": "Depression", "k": 12, "egger_df": 10, "egger_smd_k": 10,
         "egger_smd_k_with_arms": 3} | tests | pooled | filled,
        {"figure_id": "funnel_ptsd", "condition": "ptsd", "analysis_id": "ptsd",
         "analysis_label": "PTSD", "k": 4, "egger_smd_k": 3, "filled_k": 0,
         "caution": caution} | tests | pooled,
        {"figure_id": "funnel_response", "analysis_id": "response", "analysis_label": "Response",
         "k": 11} | tests | odds
        | {"egger_smd_status": "not_an_smd", "filled_status": "not_converged",
           "egger_p": 0.4, "egger_smd_p": None, "egger_same_p": None, "filled_side": None},
    ]  # fmt: skip


def leave_one_out_rows() -> list[dict[str, Any]]:
    """Rows of rpt_leave_one_out: two pages, one of two meta-analyses, and one of odds ratios."""
    script = "<script>alert('x')</script> & Sons"
    return [
        *lines("depression", "Depression", 0.4, [f"{NAMES[i % 4]} {i}" for i in range(60)]),
        *lines("ocd", "Compulsions", 0.5, [script, "Imai H 2022"], is_changed=True),
        *lines("response", "Response", 1.5, list(NAMES), has_ceilings=False),
    ]


def lines(
    subject: str,
    label: str,
    at: float,
    names: list[str],
    is_changed: bool = False,
    has_ceilings: bool = True,
) -> list[dict[str, Any]]:
    """Rows of one leave-one-out figure; where conclusions change, one meta-analysis is left."""
    wide = 1.4 if is_changed else 0.1
    whole = {"row_kind": "all", "label": "All meta-analyses", "estimate": at, "ci_low": at - wide,
             "ci_high": at + wide, "k": len(names), "i2_percent": 84.2,
             "favours": "neither" if is_changed else "intervention"}  # fmt: skip
    omitted = [
        {
            "row_kind": "omitted",
            "label": name,
            "meta_analysis_id": f"M{i}",
            "effect_id": f"M{i}_01",
            "status": "single_study" if is_changed else "ok",
            "k": len(names) - 1,
            "estimate": at - 0.03 + i / 1000,
            "ci_low": at - 0.12,
            "ci_high": at + 0.08,
            "i2_percent": None if is_changed else 83.0,
            "change": -0.03 + i / 1000,
            "favours": "intervention",
            "is_conclusion_changed": is_changed,
        }
        for i, name in enumerate(names)
    ]
    ceilings = [
        {
            "row_kind": "ceiling",
            "label": f"{100 * ceiling:g}%",
            "ceiling": ceiling,
            "k": len(names),
            "estimate": at - ceiling,
            "ci_low": at - 0.1 - 2 * ceiling,
            "ci_high": at + 0.1,
            "i2_percent": 0.0,
            "change": -ceiling,
            "favours": "neither" if ceiling > 0.12 else "intervention",
            "is_conclusion_changed": ceiling > 0.12,
        }
        for ceiling in (0.0, 0.05, 0.1, 0.15, 0.2)
    ]
    common = {
        "figure_id": f"leave_one_out_{subject}", "analysis_id": subject, "analysis_label": label,
        "policy_id": "recommended", "status": "ok", "p_value": 0.0002,
        "is_conclusion_changed": False,
    }  # fmt: skip
    listed = [whole, *omitted, *(ceilings if has_ceilings else [])]
    return [common | {"row_order": i} | row for i, row in enumerate(listed, start=1)]


def member_rows() -> list[dict[str, Any]]:
    """Rows of rpt_members: a member, and a row that was left out."""
    base = {"condition": "depression", "condition_label": "Depression", "analysis_id": "depression",
            "measure_label": "Hedges' g", "reported_estimate": -0.45, "reported_low": -0.6,
            "reported_high": -0.3, "reported_ci_percent": 95.0, "source_kind": "abstract",
            "source_locator": "Abstract, Results"}  # fmt: skip
    return [
        base
        | {"row_order": 1, "is_member": True, "label": NAMES[0], "effect_id": "M0_01",
           "estimate": 0.45, "ci_low": 0.3, "ci_high": 0.6, "weight_percent": 100.0},
        base
        | {"row_order": 2, "is_member": False, "label": NAMES[1], "effect_id": "M1_01",
           "reason": "Not a post-treatment effect"},
    ]  # fmt: skip


def largest_rows() -> list[dict[str, Any]]:
    """The row of rpt_largest."""
    return [
        {"condition": "depression", "condition_label": "Depression", "label": NAMES[0],
         "analysis_id": "largest_depression", "k_studies": 54, "estimate": 0.28, "ci_low": 0.2,
         "ci_high": 0.36, "is_tied": False, "published_label": NAMES[1],
         "published_estimate": 0.58}
    ]  # fmt: skip


def trial_pool_rows() -> list[dict[str, Any]]:
    """Rows of rpt_trial_pools: one with everything, one of a single trial that reports nothing."""
    return [
        {"trial_set_id": "A:anxiety:symptom", "meta_analysis_id": "A", "label": NAMES[0],
         "title": "Apps & worry", "condition_label": "Anxiety", "subtype": "worry",
         "outcome_label": "Symptom severity", "timepoint": "follow_up", "scale": "smd",
         "measure": "SMD", "rule_label": "Aggregated within trials", "status": "ok", "k": 25,
         "n_participants": 12_345, "k_with_n_participants": 20, "estimate": 0.34,
         "ci_low": 0.23, "ci_high": 0.45, "p_value": 0.00004, "pi_low": -0.1, "pi_high": 0.78,
         "i2_percent": 61.2, "egger_p": 0.04, "excess_p": 0.3, "reported_k": 39,
         "reported_estimate": 0.3, "reported_ci_low": 0.2, "reported_ci_high": 0.4},
        {"trial_set_id": "B:stress:response", "meta_analysis_id": "B", "label": NAMES[1],
         "condition_label": "Stress", "outcome_label": "Response", "timepoint": "post",
         "scale": "log_odds_ratio", "measure": "OR", "rule_label": "Aggregated within trials",
         "status": "single_study", "k": 1, "k_with_n_participants": 0, "estimate": 2.5,
         "ci_low": 1.2, "ci_high": 5.2, "p_value": 0.014},
    ]  # fmt: skip


def not_drawn_rows() -> list[dict[str, Any]]:
    """The row of rpt_figures_not_drawn."""
    return [
        {"figure_id": "funnel_ocd", "sort_order": 316, "figure_kind": "funnel",
         "title": "Compulsions: funnel plot", "condition": "ocd", "k": 2,
         "reason": "Two meta-analyses: a funnel plot needs at least three."}
    ]  # fmt: skip


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows of every table of this module."""
    return {
        "rpt_funnel": funnel_rows(),
        "rpt_funnel_summary": funnel_summary_rows(),
        "rpt_leave_one_out": leave_one_out_rows(),
        "rpt_members": member_rows(),
        "rpt_largest": largest_rows(),
        "rpt_trial_pools": trial_pool_rows(),
        "rpt_figures_not_drawn": not_drawn_rows(),
    }
