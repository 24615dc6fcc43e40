"""The marts that pages read, in the small made-up warehouse."""

from typing import Any

PRIOR = (
    ("1", "Title", "index.html", "published_review", "Title", None, "both"),
    ("2", "Abstract", None, "published_review", "Abstract", None, "in the article"),
    ("5a", "Methods", None, "elsewhere", "Protocol", None, "elsewhere"),
    ("7", "Methods", None, "not_done", None, "No <b>search</b> is given.", "not answered"),
    ("8b", "Methods", "methods.html#section-rules", "not_done", None, None, "on this site"),
    ("9b", "Methods", "no-such.html; evidence-map.html", None, None, None, "on this site"),
    ("10", "Methods", "no-such.html", "published_review", "Table 1", None, "both"),
    ("12c", "Methods", "methods.html#no-such", None, None, None, "on this site"),
    ("16", "Results", "data/rpt_forest.csv; data/no_such.csv", "elsewhere", "Protocol", None,
     "on this site"),
    ("18c", "Results", None, "not_applicable", None, "None were added.", "not applicable"),
    ("27", "Other information", None, None, None, None, "not answered"),
)  # fmt: skip


def effect_class_rows() -> list[dict[str, Any]]:
    """Rows of rpt_effect_classes: one class, one that could be higher, and one without.

    The first two have a printed class, which is that of the numbers once.
    """
    shared = {"scheme": "classes", "scheme_label": "Evidence class, made up", "scheme_order": 1}
    shared |= {"is_scheme_of_most_agreements": True}
    effect = {
        "condition_label": "Sleep <short>",
        "outcome_label": "Mortality",
        "measure_label": "Risk ratio",
        "reported_estimate": 1.23,
        "reported_low": 1.1,
        "reported_high": 1.38,
        "met_text": "p below 0.05",
        "missed_text": "more than 1000 cases (900)",
        "computed_text": "p",
    }
    outcomes = (
        {"status": "ok", "grade": "IV", "grade_label": "Class IV", "grade_place": 4,
         "doi": "10.1000/x", "printed_class": "weak", "printed_label": "Class IV",
         "printed_place": 4, "printed_verdict": "agrees", "printed_verdict_text": "same"},
        {"status": "ok", "grade": "III", "grade_label": "Class III", "grade_place": 3,
         "best_label": "Class II", "printed_class": "I <b>", "printed_label": "Class I",
         "printed_place": 1, "printed_verdict": "differs", "printed_verdict_text": "different",
         "printed_between_text": "I² is below 50%, here 89",
         "printed_remedy_text": "No single change of a criterion."},
        {"status": "no_effect"},
    )  # fmt: skip
    return [
        shared
        | effect
        | outcome
        | {"effect_id": f"A{place}", "citation_label": f"Author {place}", "row_order": place}
        for place, outcome in enumerate(outcomes, start=1)
    ]


def prior_rows() -> list[dict[str, Any]]:
    """Rows of rpt_prior: every status, and addresses that the site has and has not."""
    columns = ("item", "section", "shown_at", "answered_in", "place", "note", "status")
    return [
        dict(zip(columns, values, strict=True))
        | {"status_code": values[-1].replace(" ", "_")}
        | {"sort_order": order, "topic": f"Topic {order}", "asks_for": f"What item {order} asks"}
        for order, values in enumerate(PRIOR, start=1)
    ]


def finding_rows() -> list[dict[str, Any]]:
    """Rows of rpt_findings: graded, without interval, a range alone, no data; two tables."""
    base = {
        "condition_label": "Depression", "certainty_text": "not graded", "table_order": 1,
        "table_title": "Intervention compared with control for depression",
    }  # fmt: skip
    graded = {
        "certainty_text": "low",
        "reported_certainty": "Author 2020 moderate",
        "grade_label": "Low",
        "grade_symbols": "\u2295\u2295\u25ef\u25ef",
        "grade_scheme_label": "Scheme A",
        "grade_reasons": "inconsistency <1>",
    }
    pooled = {"estimate": 0.45, "ci_low": 0.39, "ci_high": 0.52, "pi_low": 0.1, "pi_high": 0.8}
    rows = (
        {"outcome_label": "Symptoms", "measure": "SMD", "k": 12, "n_participants": 23456,
         "k_with_n_participants": 9, "n_trials": 50, "k_with_n_trials": 12,
         "time_text": "after treatment", "finding": "The intervention may reduce symptoms."}
        | pooled | graded,
        {"outcome_label": "Response", "measure": "OR", "k": 1, "n_participants": 800,
         "k_with_n_participants": 1, "estimate": 2.49, "finding": "One meta-analysis.",
         "certainty_text": "not judged: between very low and high possible",
         "grade_reasons": "Cannot be graded.", "grade_scheme_label": "Scheme A"},
        {"outcome_label": "Dropout", "measure": "percent", "k": 3, "range_low": 8.2,
         "range_high": 47.8, "finding": "Between 8 and 48 in 100."},
        {"outcome_label": "Adherence", "measure": "percent", "k": 0, "finding": "No data."},
        {"outcome_label": "Relapse", "measure": "RR", "k": 0, "finding": "No data.",
         "published_measure": "RR", "published_estimate": 0.5, "published_ci_low": 0.25,
         "published_ci_high": 1.0},
        {"outcome_label": "Dropout", "subgroup": "inactive controls", "measure": "percent",
         "k": 4, "n_participants": 900, "k_with_n_participants": 4, "table_order": 2,
         "table_title": "Depression", "estimate": 0.4, "finding": "No data."},
    )  # fmt: skip
    return [
        base | row | {"row_order": order, "analysis_id": f"line_{order}"}
        for order, row in enumerate(rows, start=1)
    ]


def absolute_rows() -> list[dict[str, Any]]:
    """Rows of rpt_absolute_effects for these lines: every way to say a result."""
    people = {"unit": "per 1000 people", "decimals": 0}
    rows = (
        ("line_1", {"way": "response", "assumed": 200.0, "corresponding": 348.0,
                    "corresponding_low": 326.0, "corresponding_high": 374.0, "difference": 148.0,
                    "difference_low": 126.0, "difference_high": 174.0, "nnt": 6.76,
                    "nnt_low": 5.75, "nnt_high": 7.94} | people),
        ("line_1", {"way": "points", "label": "Scale <0 to 27>", "unit": "points", "decimals": 1,
                    "difference": -2.7, "difference_low": -3.12, "difference_high": -2.34}),
        ("line_1", {"way": "pairs", "nnt": -4.0, "nnt_low": 12.0, "nnt_high": -1.72}),
        ("line_2", {"way": "risk", "label": "low", "assumed": 100.0, "corresponding": 217.0,
                    "difference": 117.0} | people),
        ("line_2", {"way": "risk", "label": "high", "assumed": 3.0, "corresponding": 7.4,
                    "difference": 4.4} | people | {"decimals": 1}),
        ("line_3", {"way": "group", "is_range": True, "corresponding_low": 82.0,
                    "corresponding_high": 478.0} | people),
        ("line_6", {"way": "comparison", "corresponding": 0.4, "corresponding_low": 0.1,
                    "corresponding_high": 1.6, "expected_low": 0.02, "expected_high": 4.0,
                    "unit": "per 1000 person-years", "decimals": 2}),
    )  # fmt: skip
    plain = {"is_range": False, "is_capped": False}
    return [
        plain | row | {"analysis_id": name, "row_order": order}
        for order, (name, row) in enumerate(rows, start=1)
    ]


NOTES = (
    ("line_1", "assumed", "Assumed share: a <b>registry</b>."),
    ("line_1", "certainty", "Risk of bias was not judged."),
    ("line_2", "certainty", "Risk of bias was not judged."),
    ("line_2", "certainty", "Downgraded by 1 level for imprecision (wide)."),
    ("line_6", "assumed", "Few."),
)


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows of every mart, the same on each call."""
    return {
        "rpt_findings": finding_rows(),
        "rpt_absolute_effects": absolute_rows(),
        "rpt_findings_notes": [
            {"analysis_id": name, "cell": cell, "note": note, "row_order": order}
            for order, (name, cell, note) in enumerate(NOTES, start=1)
        ],
        "rpt_reported_certainty": [
            {
                "row_order": 1,
                "condition_label": "Depression",
                "outcome_label": "Symptoms",
                "citation_label": "Author <2020>",
                "rating_text": "moderate",
                "tool_text": "GRADE",
                "source_locator": "page 3",
            },
        ],
        "dim_policies": [
            {
                "policy_id": "recommended",
                "label": "Recommended",
                "description": "Restricted maximum likelihood.",
                "sort_order": 2,
            },
            {
                "policy_id": "seed_paper",
                "label": "Conventional method",
                "description": "DerSimonian-Laird; prediction interval: k-2 degrees of freedom.",
                "sort_order": 1,
            },
        ],
        "dim_selection_rules": [
            {
                "selection_rule": "all",
                "label": "All",
                "description": "Every meta-analysis.",
                "takes": "all",
                "related_meta_analyses": "declared",
                "parallel_pools": "leave_out",
                "criteria": "identifier",
                "sort_order": 1,
            },
            {
                "selection_rule": "largest_k",
                "label": "Most studies",
                "description": "The meta-analysis with most studies.",
                "takes": "first",
                "related_meta_analyses": "declared",
                "parallel_pools": "leave_out",
                "criteria": "highest k, then highest n_participants, then identifier",
                "sort_order": 2,
            },
        ],
        "dim_grading_schemes": [
            {
                "scheme": "classes",
                "label": "Classes",
                "description": "Five classes.",
                "source": "Author 2020",
                "sort_order": 1,
            }
        ],
        "dim_sheets": [
            {
                "sheet": "reported_effects",
                "folder": "extraction",
                "n_rows": 12,
                "n_used": 9,
                "n_kept": 2,
                "n_rejected": 1,
                "content_sha256": "ab" * 32,
            }
        ],
        "dim_models": [
            {
                "table_schema": schema,
                "table_name": name,
                "layer": layer,
                "layer_order": order,
                "area": area,
                "area_order": place,
                "area_label": f"Area <{area}>",
                "area_description": f"What is in {area}.",
                "description": f"One row is one {name}.",
            }
            for schema, name, layer, order, area, place in (
                ("raw", "reported_effects", "sheets", 1, "sheets", 1),
                ("main", "dim_sheets", "marts", 4, "core", 2),
                ("reports", "rpt_forest", "reports", 5, "core", 2),
            )
        ],
        "dim_lineage": [
            {
                "table_schema": "main",
                "table_name": "dim_sheets",
                "reads_schema": "raw",
                "reads_table": "reported_effects",
            },
            {
                "table_schema": "reports",
                "table_name": "rpt_forest",
                "reads_schema": "main",
                "reads_table": "dim_sheets",
            },
        ],
        "dim_versions": [{"component": "duckdb", "role": "Database", "version": "v2.0.0"}],
        "rpt_prior": prior_rows(),
        "rpt_effect_classes": effect_class_rows(),
        "fct_rejected_rows": [
            {
                "fault_id": "reported_effects:7:estimate",
                "sheet": "reported_effects",
                "row_number": 7,
                "column_name": "estimate",
                "value": "0,53 <b>",
                "reason": "not a number",
                "expected": "a number such as 0.53",
            }
        ],
        "rpt_unresolved_differences": [
            {
                "sheet": "reported_effects",
                "row_id": "Grist2013_01",
                "field": "measure",
                "first_value": "smd",
                "n_analyses": 2,
            }
        ],
        "rpt_sheet_readings": [
            {
                "sheet": "reported_effects",
                "column_name": "estimate",
                "how": "decimal commas",
                "n_cells": 3,
                "first_row": 7,
                "example_typed": "0,53",
                "example_read_as": "0.53",
            },
            {"sheet": "meta_analyses", "how": "cells separated by semicolons"},
        ],
        "dim_finding_rules": [
            {
                "rule": "p_against_interval",
                "label": "A P value that its interval does not give",
                "severity": "implausible",
                "looks_at": "p_value, ci_low, ci_high",
                "formula": "P of estimate & interval",
                "source": "arithmetic",
                "example": "0.44 (0.06 to 0.83) with P 0.075",
                "sort_order": 1,
            }
        ],
        "fct_findings": [
            {
                "finding_id": f"{sheet}:{row}:p_against_interval:p_value",
                "sheet": sheet,
                "is_second_reading": sheet == "second_extraction",
                "row_number": row,
                "row_id": f"Grist2013_0{row}",
                "column_names": "p_value, ci_low",
                "rule": "p_against_interval",
                "rule_label": "A P value that its interval does not give",
                "severity": "implausible",
                "printed": "P < 0.001 beside 0.10 (-0.31 to 0.54)",
                "why": "the interval gives P from 0.61 to 0.67",
                "accepted_by": who,
                "accepted_on": who and "2024-05",
                "accepted_why": who and "As <b>printed</b>.",
                "is_marked": True,
                "stops_publication": who is None and sheet == "reported_effects",
            }
            for sheet, row, who in (
                ("reported_effects", 2, None),
                ("reported_effects", 3, "A. Reader"),
                ("second_extraction", 2, None),
            )
        ],
        "fct_corrections": [
            {
                "correction_id": "reported_effects: Grist2013_01, scope",
                "sheet": "reported_effects",
                "row_id": "Grist2013_01",
                "column_name": "scope",
                "old_value": "overall",
                "new_value": new,
                "is_changed": new != "overall",
                "reason": f"Why <i>{new}</i>.",
                "source_locator": "Table 1",
                "sheet_row": row,
            }
            for row, new in enumerate(("parallel", "overall"), start=2)
        ],
        "dim_unread_meta_analyses": [
            {
                "meta_analysis_id": "Prosser2018",
                "title": "E-interventions",
                "reason": "The abstract prints no number.",
                "sheet_row": 2,
            }
        ],
        "fct_related_meta_analyses": [
            {
                "statement": "Twomey 2020 is an update of Twomey 2017",
                "meta_analysis_id": "Twomey2020",
                "related_id": "Twomey2017",
                "relation": "updates",
                "basis": "stated",
                "entering_id": "Twomey2020",
                "entering_label": "Twomey 2020",
                "shared_share": 1.0,
                "n_analyses_with_both": 4,
                "n_analyses_pooling_both": 0,
                "reason": "The title says so.",
            }
        ],
        "rpt_overlap_analyses": [
            {
                "analysis_id": "therapy_cbt",
                "analysis_label": "CBT alone",
                "n_meta_analyses": 27,
                "n_lists": 2,
                "n_unknown": 25,
                "n_trials": 76,
                "n_trials_shared": 9,
                "cca": 11.84,
                "cca_possible_cells": 12.0,
                "band_label": "High",
                "row_order": 1,
            }
        ],
        "rpt_selection": [
            {
                "analysis_id": analysis_id,
                "analysis_label": label,
                "selection_rule": rule,
                "rule_label": rule_label,
                "is_own_rule": rule == "all",
                "k": k,
                "scale_short_label": "SMD",
                "decimals": 2,
                "estimate": 0.4 if k else None,
                "ci_low": 0.3 if k else None,
                "ci_high": 0.5 if k else None,
                "row_order": 10 * place + k,
            }
            for place, (analysis_id, label, n) in enumerate(
                (("depression", "Depression", 39), ("personality_disorder", "Personality", 0))
            )
            for rule, rule_label, k in (("all", "All", n), ("both", "Related ones too", n and 40))
        ],
    }
