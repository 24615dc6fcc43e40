"""A small warehouse with every table that the site reads, filled with made-up numbers.

The tables are made from the property files of the models; rows state the columns that something
reads, and the others are NULL. The numbers come from a seeded generator and mean nothing; one
figure holds the rows that usually break charts.
"""

import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from reports.contract import Table, declared_tables
from tests.python.conftest import mark_as_whole
from tests.python.reports import (
    fixture_acceptability,
    fixture_conditions,
    fixture_explorer,
    fixture_grades,
    fixture_marts,
)

REVIEW = {
    "title": "Interventions for made-up conditions: an umbrella review",
    "question": "Do interventions <b>reduce</b> symptoms, and do people stay in them?",
    "search_date": "2023-01-17",
    "registration": "REG 1",
    "citation": "Author A. Journal 2024;1:1.",
    "doi": "10.1000/fixture",
    "data_note": "Every number on this page is made up.",
    "licence": "CC0-1.0",
    "review_kind": "interventions",
    "studied_word": "intervention",
    "comparison_word": "control",
    "member_word": "meta-analysis",
    "members_word": "meta-analyses",
    "condition_word": "condition",
    "conditions_word": "conditions",
    "study_word": "trial",
    "studies_word": "trials",
    "has_published": True,
}
SURNAMES = (
    "Andersson",
    "Conejo-Cerón",
    "Davies",
    "Firth",
    "Grist",
    "Harrer",
    "Heber",
    "Josephine",
    "Karyotaki",
    "Königbauer",
    "Moshe",
    "Olthuis",
    "Pauley",
    "Richards",
    "Riper",
    "Sagoe",
    "Steubl",
    "Thompson",
    "Wahle",
)
CONDITIONS = (
    ("depression", "Depression", 0.45, 0.39, 0.52, None),
    ("anxiety", "Anxiety disorders", 0.53, 0.44, 0.62, None),
    ("ptsd", "Post-traumatic stress disorder", 0.63, 0.38, 0.89, None),
    ("addiction", "Addiction", 0.23, 0.16, 0.31, 6),
    ("suicidal_ideation", "Suicidal ideation", 0.23, 0.16, 0.30, None),
    ("stress", "Stress", 0.41, 0.33, 0.48, None),
    ("ocd", "Obsessive-compulsive disorder", 0.47, 0.22, 0.73, 1),
    ("personality_disorder", "Personality disorder", 0.07, -0.13, 0.26, 1),
)
SCRIPT = "<script>alert('x')</script> & Sons"
CAPTION = (
    "Recommended: restricted maximum likelihood, Hartung-Knapp interval, prediction interval by "
    "t with k-1 degrees of freedom. Published method: DerSimonian-Laird, normal interval. "
    "Trials shared between meta-analyses are not corrected for."
)
PAGE_CAPTION = "Pooled by the recommended method."
REPLICATIONS = (
    ("contradicted", "Contradicted"),
    ("same_direction", "Same direction, other size"),
    ("too_few", "Our data too few"),
    ("reproduced", "Reproduced"),
    ("not_tested", "Not tested"),
)


SCALES = {"SMD": "Standardised mean difference", "OR": "Odds ratio"}
SIDES = {
    "above_favours": True,
    "above_text": "the intervention",
    "below_text": "the control",
    "above_axis": "Favours intervention",
    "below_axis": "Favours control",
    "side_verb": "favour",
}


def figure(figure_id: str, order: int, kind: str, title: str, **other: Any) -> dict[str, Any]:
    """One row of rpt_figures."""
    row = {
        "figure_id": figure_id,
        "slug": figure_id,
        "sort_order": order,
        "figure_kind": kind,
        "title": title,
        "subtitle": "Standardised mean difference; above zero favours the intervention",
        "caption": CAPTION,
        "page_caption": PAGE_CAPTION,
        "published_figure": None,
        "measure": "SMD",
        "is_log_scale": False,
    } | other
    if row["measure"] in SCALES:
        row |= SIDES | {"scale_label": SCALES[row["measure"]]}
    return row


def forest_row(kind: str, **values: Any) -> dict[str, Any]:
    """One row of rpt_forest without its place; absent columns become NULL."""
    return {"row_kind": kind, "is_flagged": False, **values}


def side(row: dict[str, Any], null: float = 0.0) -> str | None:
    """The side of no effect on which an interval lies, as the warehouse says it."""
    if row.get("ci_low") is None:
        return None
    if row["ci_low"] > null:
        return "above"
    return "below" if row["ci_high"] < null else "neither"


def studies(count: int, centre: float, rng: random.Random, is_log: bool) -> list[dict[str, Any]]:
    """Study rows with weights that sum to 100."""
    drawn = []
    for _ in range(count):
        se = rng.uniform(0.05, 0.2)
        at = rng.gauss(centre, 0.2)
        back = math.exp if is_log else float
        limits = {"ci_low": back(at - 1.96 * se), "ci_high": back(at + 1.96 * se)}
        year = rng.randint(2009, 2022)
        drawn.append(
            forest_row(
                "study",
                label=f"{rng.choice(SURNAMES)} {year}",
                n_trials=rng.choice([None, rng.randint(3, 60)]),
                n_participants=rng.choice([None, rng.randint(300, 14000)]),
                estimate=back(at),
                weight_percent=1 / se**2,
                source_locator="abstract",
                **limits,
            )
        )
    total = sum(row["weight_percent"] for row in drawn)
    return [row | {"weight_percent": 100 * row["weight_percent"] / total} for row in drawn]


def summaries(rows: Sequence[dict[str, Any]], published: bool) -> list[dict[str, Any]]:
    """Rows after the studies of a block."""
    k = len(rows)
    if k == 0:
        words = "No meta-analysis of this extraction can be pooled here"
        last = [forest_row("note", label=words)]
    elif k == 1:
        last = [forest_row("note", label="One meta-analysis: not pooled")]
    else:
        centre = sum(row["estimate"] * row["weight_percent"] for row in rows) / 100
        last = [
            forest_row(
                "pooled",
                label="Pooled, recommended",
                k=k,
                certainty="Low",
                certainty_kind="grade",
                estimate=centre,
                ci_low=centre * 0.8,
                ci_high=centre * 1.2,
            ),
            forest_row("prediction", label="95% prediction interval", k=k)
            | ({"pi_low": centre * 0.4, "pi_high": centre * 1.7} if k > 2 else {}),
            forest_row(
                "heterogeneity",
                label="Heterogeneity",
                k=k,
                k_with_n_trials=k - 1,
                k_with_size=k,
                statistic=8.23,
                statistic_df=k - 1.0,
                p_value=0.0002,
                q=3.1 * k,
                q_df=k - 1.0,
                q_p=0.0004,
                i2_percent=71.2,
                tau2=0.0351,
            ),
            forest_row(
                "pooled_seed",
                label="Pooled, published method",
                k=k,
                estimate=centre * 1.02,
                ci_low=centre * 0.9,
                ci_high=centre * 1.15,
            ),
        ]
    if published:
        values = {"estimate": 0.45, "ci_low": 0.39, "ci_high": 0.52, "k": 1 if k < 2 else None}
        last.append(forest_row("published", label="Published", **values))
    return last


def block(
    block_id: str, label: str, count: int, rng: random.Random, centre: float = 0.4, **how: Any
) -> list[dict[str, Any]]:
    """A whole block of a forest figure."""
    drawn = studies(count, centre, rng, how.get("is_log", False))
    rows = [
        forest_row("block_header", label=label),
        *drawn,
        *summaries(drawn, how.get("published", True)),
    ]
    return [row | {"block_id": block_id, "block_label": label} for row in rows]


def difference() -> dict[str, Any]:
    """The test between blocks that closes a figure."""
    tested = {"q": 29.2, "q_df": 1.0, "q_p": 0.00001, "is_significant": True}
    return forest_row("difference", label="Inactive against active", **tested)


def edge_block() -> list[dict[str, Any]]:
    """Study rows that usually break charts."""
    ok = {"n_trials": 5, "n_participants": 400, "weight_percent": 20.0}
    long = "A very long label of a meta-analysis with several subgroups " * 2
    rows = [
        forest_row("block_header", label="Rows that break charts"),
        forest_row("study", label=long, estimate=0.3, ci_low=0.1, ci_high=0.5, **ok),
        forest_row("study", label=SCRIPT, estimate=-0.004, ci_low=-0.2, ci_high=0.2, **ok),
        forest_row("study", label="No interval", estimate=0.4, **ok),
        forest_row("study", label="Enormous", estimate=9.0, ci_low=-1e9, ci_high=4e7, **ok),
        forest_row("study", label="All missing"),
        forest_row(
            "study",
            label="Flagged",
            estimate=0.06,
            ci_low=0.24,
            ci_high=0.36,
            is_flagged=True,
            note="The interval excludes the estimate, as printed.",
            **ok,
        ),
        forest_row("study", label="Pneumonoultramicroscopicsilicovolcanoconiosis" * 2, **ok),
        forest_row("pooled", label="Pooled, k of two", k=2, estimate=0.3, ci_low=-7, ci_high=8),
        forest_row("pooled_seed", label="Pooled without interval", k=2, estimate=0.3),
        forest_row("published", label="Published, nothing", k=None),
    ]
    return [row | {"block_id": "edge", "block_label": "Edge"} for row in rows]


def forests(rng: random.Random) -> dict[str, list[dict[str, Any]]]:
    """Rows of every forest figure by figure id."""
    made = {
        "forest_depression": [
            *block("depression", "All controls", 33, rng),
            *block("depression_inactive", "Inactive controls", 17, rng, 0.6),
            *block("depression_active", "Active controls", 14, rng, 0.25),
            difference(),
        ],
        "forest_anxiety": [
            *block("anxiety", "All controls", 18, rng),
            *block("anxiety_inactive", "Inactive controls", 13, rng, 0.6),
            *block("anxiety_active", "Active controls", 11, rng, 0.2),
            difference(),
        ],
        "forest_ptsd": [
            *block("ptsd", "All controls", 8, rng),
            *block("ptsd_active", "Active controls", 2, rng, 0.1),
        ],
        "forest_addiction": block("addiction", "All controls", 6, rng),
        "forest_stress": block("stress", "All controls", 9, rng),
        "forest_ocd": block("ocd", "All controls", 1, rng),
        "forest_personality_disorder": block("personality_disorder", "All controls", 0, rng),
        "forest_long": block("long", "Eighty rows", 80, rng),
        "forest_edge": edge_block(),
        "forest_response_or": [
            *block("response", "Depression: response", 4, rng, 0.8, is_log=True),
            *block("remission", "Depression: remission", 3, rng, 0.7, is_log=True),
        ],
    }
    return {name: numbered(name, rows) for name, rows in made.items()}


def numbered(figure_id: str, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with their figure and order."""
    null = 1.0 if figure_id.endswith("_or") else 0.0
    return [
        row
        | {
            "figure_id": figure_id,
            "row_order": i,
            "side": side(row, null),
            "is_single_result": row["row_kind"] == "published" and row.get("k") == 1,
        }
        for i, row in enumerate(rows, start=1)
    ]


def headline_rows() -> list[dict[str, Any]]:
    """Rows of rpt_headline."""
    rows = []
    for order, (key, label, estimate, low, high, k) in enumerate(CONDITIONS, start=1):
        base = {
            "condition_id": key, "condition_label": label, "headline_label": label,
            "analysis_id": key, "scale_short_label": "SMD", "is_log_scale": False,
            "sort_order": order, "status": "ok",
        }  # fmt: skip
        values = {"estimate": estimate, "ci_low": low, "ci_high": high}
        rows.append(base | values | {"source": "published", "k": k})
        if key == "personality_disorder":
            none = base | {"k": 0, "status": "no_data", "note": None}
            rows += [none | {"source": source} for source in ("seed_paper", "recommended")]
            continue
        own = base | {"k": 5, "p_value": 0.0002, "cohen_band": "small"}
        moved = {name: value + 0.04 for name, value in values.items()}
        rows.append(own | moved | {"source": "seed_paper"})
        bars = {"pi_low": low - 0.3, "pi_high": high + 0.3}
        rows.append(own | moved | bars | {"source": "recommended"})
    known = SIDES | {"scale_label": SCALES["SMD"]}
    return [row | known | {"side": side(row)} for row in rows]


def cohen_band_rows() -> list[dict[str, Any]]:
    """Rows of rpt_cohen_bands."""
    bands = (("small", 0.2), ("medium", 0.5), ("large", 0.8))
    return [
        {"band": band, "label": band.capitalize(), "lower_bound": bound} for band, bound in bands
    ]


def flow_rows() -> list[dict[str, Any]]:
    """Rows of rpt_study_flow."""
    published = [
        ("identified", "Records identified", 4532, 4273, "Duplicates, titles", "difference"),
        ("assessed", "Reports assessed", 259, 172, "Reports excluded", "difference"),
        ("included", "Meta-analyses included", 87, None, None, None),
    ]
    own = [
        ("identified", "Meta-analyses extracted", 163, 27, "Excluded", "reported"),
        ("assessed", "Meta-analyses included", 136, None, "Without an effect", "not_reported"),
        ("included", "With an effect that can be pooled", 90, None, None, None),
    ]
    names = ("stage_id", "label", "n", "n_excluded", "excluded_label", "excluded_basis")
    base = {"branch": "main", "n_basis": "reported"}
    return [
        base | dict(zip(names, row, strict=True)) | {"source": source, "stage_order": order}
        for source, listed in (("published", published), ("this_extraction", own))
        for order, row in enumerate(listed, start=1)
    ]


def reason_rows() -> list[dict[str, Any]]:
    """Rows of rpt_study_flow_reasons."""
    reasons = (("Not exclusively randomised trials", 12), ("No meta-analysis", 9), ("Other", None))
    base = {"stage_id": "identified", "source": "this_extraction", "part_kind": "leaving"}
    return [base | {"reason_label": label, "n": n} for label, n in reasons]


def named_outcome(outcome: str) -> dict[str, str]:
    """An outcome as code, label and role."""
    return {
        "outcome": outcome,
        "outcome_label": outcome.capitalize(),
        "outcome_role": outcome,
    }


def dropout_rows() -> list[dict[str, Any]]:
    """Rows of rpt_dropout."""
    measured = {"measure": "percent", "scale_label": "Percentage of participants", "decimals": 1}
    base = named_outcome("dropout") | measured | {"status": "ok"}
    pooled = {"pooled_rate": 31.5, "pooled_low": 22.0, "pooled_high": 43.1}
    crude = {"events": 5981, "total": 12567, "crude_rate": 47.593}
    named = [
        ("overall", "All conditions", "Overall", {"published_percent": 29.1, "range_high": 47.8}),
        ("depression", "Depression", "By condition", {"published_percent": 47.59} | crude),
        ("anxiety", "Anxiety disorders", "By condition", {"k": None}),
        ("addiction", "Addiction", "By condition", {"range_low": 0.0, "range_high": 42.0}),
        ("guided", "Guided", "By guidance", {"pi_low": 5.0, "pi_high": 80.0}),
        ("unguided", "Unguided", "By guidance", {}),
    ]
    rows = [
        base
        | {"analysis_id": f"dropout_{key}", "label": label, "group_label": group, "k": 3}
        | {"condition": key if group == "By condition" else None}
        | ({} if key == "addiction" else pooled)
        | extra
        | {"sort_order": order}
        for order, (key, label, group, extra) in enumerate(named, start=1)
    ]
    for outcome in ("adherence", "completion"):
        rows.append(
            base
            | pooled
            | {
                "analysis_id": f"{outcome}_stress",
                "label": "Stress",
                "condition": "stress",
                "group_label": "By condition",
                **named_outcome(outcome),
                "k": 1,
                "sort_order": 20,
                "note": "One meta-analysis.",
            }
        )
    groups = ("Overall", "By condition", "By guidance")
    return [
        row
        | {
            "group_order": 1 + groups.index(row["group_label"]),
            "is_overall": row["group_label"] == groups[0],
            "overview_figure_id": "dropout" if row["outcome"] == "dropout" else "adherence",
        }
        for row in rows
    ]


def claim_rows() -> list[dict[str, Any]]:
    """Rows of rpt_claim_audit."""
    verdicts = ("consistent", "arithmetic conflict", "not checkable")
    rows = []
    for i in range(49):
        verdict = verdicts[0] if i % 7 else verdicts[1 + i % 2]
        failed = "the interval does not contain the estimate" if verdict == verdicts[1] else None
        rows.append(
            {
                "claim_id": f"C{i + 1:03d}",
                "section": ("Abstract", "Depression", "Subgroup analysis")[i // 17],
                "sort_order": i,
                "statement": f"{CONDITIONS[i % 8][1]}: pooled effect against inactive controls",
                "measure": "SMD",
                "decimals": 2,
                "published_estimate": 0.3 + i / 100,
                "published_low": 0.1 + i / 100,
                "published_high": 0.5 + i / 100,
                "published_k": 3 if i % 2 else None,
                "recomputed_estimate": None if verdict == verdicts[2] else 0.31 + i / 100,
                "recomputed_low": None if verdict == verdicts[2] else 0.11 + i / 100,
                "recomputed_high": None if verdict == verdicts[2] else 0.51 + i / 100,
                "recomputed_k": i,
                "n_checks": 3,
                "n_failed": 1 if failed else 0,
                "arithmetic": verdict,
                "arithmetic_code": verdict.replace(" ", "_"),
                "failed_checks": failed,
                "replication": REPLICATIONS[i % 5][0],
                "replication_label": REPLICATIONS[i % 5][1],
                "replication_order": i % 5 + 1,
                "replication_reason": SCRIPT if i == 1 else "The two intervals lie apart.",
            }
        )
    return rows


def replication_rows() -> list[dict[str, Any]]:
    """Rows of rpt_replication_verdicts."""
    kinds = ("claims", "comparisons", "counts", "sums", "statements")
    return [
        {
            "verdict": verdict,
            "label": label,
            "meaning": f"{label}, in a sentence.",
            "sort_order": order,
            **{f"n_{kind}": 9 if kind in ("claims", "statements") else 0 for kind in kinds},
        }
        for order, (verdict, label) in enumerate(REPLICATIONS, start=1)
    ]


def conclusion_verdict_rows() -> list[dict[str, Any]]:
    """Rows of rpt_conclusion_verdicts."""
    counts = (("contradicted", "Does not hold", 1, 0), ("holds", "Holds", 1, 2))
    return [
        {
            "verdict": verdict,
            "label": label,
            "meaning": f"{label}, in a sentence.",
            "sort_order": order,
            "n_ours": ours,
            "n_printed": printed,
        }
        for order, (verdict, label, ours, printed) in enumerate(counts, start=1)
    ]


def conclusion_rows() -> list[dict[str, Any]]:
    """Rows of rpt_published_conclusions: the second one does not hold."""
    return [
        {
            "conclusion_id": f"L{order}",
            "slug": f"L{order}",
            "sort_order": order,
            "section": "Abstract",
            "plain": plain,
            "quote": SCRIPT,
            "notes": notes,
            "n_tests": 1,
            "n_printed_holds": 1,
            "n_our_holds": 2 - order,
            "printed_verdict": "holds",
            "printed_label": "Holds",
            "our_verdict": verdict,
            "our_label": label,
            "our_order": 3 - order,
        }
        for order, plain, notes, verdict, label in (
            (1, "They work.", None, "holds", "Holds"),
            (2, "Guidance helps.", "a note", "contradicted", "Does not hold"),
        )
    ]


def conclusion_test_rows() -> list[dict[str, Any]]:
    """Rows of rpt_conclusion_tests."""
    return [
        {
            "conclusion_id": row["conclusion_id"],
            "test_order": 1,
            "question": f"A test of {row['plain']}",
            "rule": "When it holds.",
            "printed_outcome": "holds",
            "printed_label": "Holds",
            "printed_words": "0.50 (0.40 to 0.60)",
            "our_outcome": row["our_verdict"],
            "our_label": row["our_label"],
            "our_words": None,
        }
        for row in conclusion_rows()
    ]


def replication_rule_rows() -> list[dict[str, Any]]:
    """Rows of rpt_replication_rules."""
    return [
        {
            "rule_id": "effect_apart",
            "quantity": "effect",
            "quantity_label": "An effect",
            "rule_order": 1,
            "sentence": "The two intervals lie apart.",
            "verdict_label": "Contradicted",
            "n_statements": 9,
        }
    ]


def overlap_rows() -> list[dict[str, Any]]:
    """Rows of rpt_overlap: six meta-analyses, the last with a partial list."""
    bands = ((5.0, "Slight"), (10.0, "Moderate"), (15.0, "High"), (100.0, "Very high"))
    shared = {(1, 2): (33.3, 4, 4), (1, 3): (1.25, 1, 1), (2, 3): (11.8, 9, 3), (2, 5): (7, 2, 2)}
    rows = []
    for row_order in range(2, 7):
        for column in range(1, row_order):
            cca, count, band = shared.get((column, row_order), (0.0, 0, 1))
            row = {
                "pair_id": f"{column}:{row_order}",
                "column_order": column,
                "row_order": row_order,
                "column_label": f"{SURNAMES[column]} {2010 + column}",
                "row_label": SCRIPT
                if row_order == 6
                else f"{SURNAMES[row_order]} {2010 + row_order}",
                "n_column": 10 + column,
                "n_row": 10 + row_order,
            }
            if row_order == 6:
                is_seen = column == 1
                row |= {
                    "status": "at_least" if is_seen else "unknown",
                    "n_shared": 8 if is_seen else None,
                }
            else:
                upper, label = bands[band - 1]
                row |= {
                    "status": "ok",
                    "n_shared": count,
                    "cca": float(cca),
                    "cca_possible_cells": float(cca),
                    "band_order": band,
                    "band_label": label,
                    "band_upper_bound": upper,
                }
            rows.append(row)
    return rows


def overlap_summary_rows() -> list[dict[str, Any]]:
    """The row of rpt_overlap_summary."""
    return [
        {
            "n_meta_analyses": 136,
            "n_lists": 5,
            "cca": 1.12,
            "band_label": "Slight",
            "highest_analysis_label": "CBT alone",
            "highest_cca": 11.84,
            "highest_band_label": "High",
        }
    ]


MULTIVERSE_OPTIONS = {
    "selection_rule": ("all", "largest_k"),
    "exclusion": ("none", "flagged"),
    "tau2_method": ("DL", "REML"),
    "ci_method": ("z", "HK"),
}


def multiverse_option_rows() -> list[dict[str, Any]]:
    """Rows of rpt_multiverse_options."""
    return [
        {"choice": choice, "option": option, "label": f"Option {option}", "sort_order": order}
        for choice, options in MULTIVERSE_OPTIONS.items()
        for order, option in enumerate(options, start=1)
    ]


def multiverse_rows() -> list[dict[str, Any]]:
    """Rows of rpt_multiverse: sixteen specifications of two analyses."""
    rows = []
    for key, label, start in (("depression", "Depression", 0.31), ("ocd", "Compulsions", 0.04)):
        for i in range(16):
            estimate = start + i / 50
            options = {
                choice: names[i >> bit & 1]
                for bit, (choice, names) in enumerate(MULTIVERSE_OPTIONS.items())
            }
            low = estimate - 0.2
            rows.append(
                {
                    "figure_id": f"multiverse_{key}",
                    "position": i + 1,
                    "analysis_id": key,
                    "analysis_label": label,
                    "curve_rank": 1 + 10 * i,
                    "n_with_estimate": 151,
                    "n_results": 31,
                    "n_results_above": 31 if key == "depression" else 12,
                    "n_results_below": 0,
                    "has_verdict": True,
                    "strongest_choice": "tau2_method",
                    "estimate_median": start + 0.15,
                    "is_prespecified": i == 5,
                    "k": 7 - i % 3,
                    "estimate": estimate,
                    "ci_low": None if i == 3 else low,
                    "ci_high": None if i == 3 else estimate + 0.2,
                    "side": "above" if low > 0 else "neither",
                    "converted_effects": None,
                    **options,
                }
            )
    return rows


CERTAINTY = {"certainty": "Low", "certainty_kind": "grade", "certainty_symbol": "●●○○"}


def evidence_map_rows() -> list[dict[str, Any]]:
    """Rows of rpt_evidence_map."""
    rows = []
    for order, (key, label, *_) in enumerate(CONDITIONS, start=1):
        for i, comparator in enumerate(("any", "inactive", "active")):
            for j, guidance in enumerate(("any", "guided", "unguided")):
                count = max(0, 3 * (9 - order) - 8 * i - 5 * j)
                row = {
                    "headline_id": key,
                    "headline_label": label,
                    "condition": key,
                    "scale_short_label": "SMD",
                    "sort_order": order,
                    "comparator_class": comparator,
                    "guidance": guidance,
                    "guidance_label": guidance.capitalize(),
                    "comparator_order": i + 1,
                    "guidance_order": j + 1,
                    "n_meta_analyses": count,
                    "n_with_participants": count // 2,
                    "n_participants": 1207 * count if count > 1 else None,
                    "page_slug": key,
                    "figure_slug": f"forest_{key}" if key in ("depression", "stress") else None,
                }
                if count > 1 and (i == 0 or j == 0):
                    at = order / 10 - i / 7
                    row |= {
                        "k": count - 1,
                        "estimate": at,
                        "ci_low": at - 0.2,
                        "ci_high": at + 0.2,
                        "side": None if count == 3 else "above" if at > 0.2 else "neither",
                        "has_verdict": count != 3,
                        **(CERTAINTY if j == 0 else {}),
                    }
                rows.append(row)
    return rows


def agreement_rows() -> list[dict[str, Any]]:
    """Rows of rpt_agreement."""
    named = (
        ("reported_effects", "estimate", 313, 98.722, None, None, 0.978),
        ("reported_effects", "measure", 313, 92.971, 0.878, 0.923, None),
        ("reported_effects", "guidance", 313, 80.831, 0.705, 0.755, None),
        ("reported_rates", "percent", 12, 100.0, None, None, 1.0),
    )
    rows = []
    for order, (sheet, field, n, percent, kappa, ac1, icc) in enumerate(named, start=1):
        row: dict[str, Any] = {
            "sheet": sheet,
            "field": field,
            "sort_order": order,
            "n_pairs": n,
            "n_agreed": round(n * percent / 100),
            "percent_agreement": percent,
            "percent_low": percent - 5,
            "percent_high": min(percent + 2, 100.0),
        }
        for name, value in (("kappa", kappa), ("ac1", ac1), ("icc", icc)):
            row[name] = value
            row[f"{name}_status"] = "not for this kind" if value is None else "ok"
            if value is not None and value < 1:
                row |= {f"{name}_low": value - 0.06, f"{name}_high": value + 0.02}
        rows.append(row)
    return rows


def condition_of(figure_id: str) -> str | None:
    """The condition that the id of a figure names."""
    subject = figure_id.partition("_")[2]
    return subject if subject in {key for key, *_ in CONDITIONS} else None


def figure_rows(forest_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of rpt_figures."""
    rows = [
        figure("headline", 10, "headline", "Effect by condition: published beside recomputed"),
        figure("study_flow", 20, "flow", "From records to meta-analyses", measure=None),
    ]
    for order, figure_id in enumerate(forest_ids, start=30):
        words = f"{figure_id.removeprefix('forest_').replace('_', ' ').capitalize()}: effects"
        is_ratio = figure_id.endswith("_or")
        extra = {"measure": "OR", "is_log_scale": True} if is_ratio else {}
        published = "Figure 2" if figure_id == "forest_depression" else None
        rows.append(figure(figure_id, order, "forest", words, published_figure=published, **extra))
    rows += [
        figure("dropout", 90, "dropout", "Dropout", measure="percent"),
        figure("adherence", 91, "dropout", "Adherence and completion", measure="percent"),
        figure("pairs_dropout", 89, "rate_pairs", "Dropout by guidance", measure="percent"),
        figure("evidence_map", 92, "evidence_map", "Evidence map"),
        figure("overlap", 93, "overlap", "Overlap of trials", measure="percent"),
        figure("multiverse_depression", 94, "multiverse", "Depression: specification curve"),
        figure("multiverse_ocd", 95, "multiverse", "Compulsions: specification curve"),
        figure("agreement", 96, "agreement", "Agreement of two extractors", measure="percent"),
        figure("grades", 97, "grades", "Grades of the evidence", measure="count"),
        figure("grades_depression", 98, "grade_criteria", "Depression: criteria", measure="count"),
        figure("grades_anxiety", 99, "grade_criteria", "Anxiety: criteria", measure="count"),
        figure("quality", 100, "quality", "Quality of meta-analyses", measure="count"),
        figure("claim_audit", 101, "audit", "Published numbers under arithmetic"),
    ]
    rows = [row | {"condition": condition_of(row["figure_id"])} for row in rows]
    rows += [
        figure(order=order, **row)
        for order, row in enumerate(fixture_conditions.figure_rows(), start=110)
    ]
    return rows


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows of every table, the same on each call."""
    made = forests(random.Random(20240601))
    return fixture_marts.tables() | {
        "dim_condition_pages": [
            {"condition": key, "condition_label": label, "slug": key}
            for key, label, *_ in CONDITIONS
        ],
        "rpt_review": [REVIEW],
        "rpt_figures": figure_rows(list(made)),
        "rpt_forest": [row for rows in made.values() for row in rows],
        "rpt_headline": headline_rows(),
        "rpt_cohen_bands": cohen_band_rows(),
        "rpt_study_flow": flow_rows(),
        "rpt_study_flow_reasons": reason_rows(),
        "rpt_dropout": dropout_rows(),
        **fixture_acceptability.tables(),
        "rpt_claim_audit": claim_rows(),
        "rpt_conclusion_tests": conclusion_test_rows(),
        "rpt_conclusion_verdicts": conclusion_verdict_rows(),
        "rpt_published_conclusions": conclusion_rows(),
        "rpt_replication_rules": replication_rule_rows(),
        "rpt_replication_verdicts": replication_rows(),
        "rpt_overlap": overlap_rows(),
        "rpt_overlap_summary": overlap_summary_rows(),
        "rpt_multiverse": multiverse_rows(),
        "rpt_multiverse_options": multiverse_option_rows(),
        "rpt_evidence_map": evidence_map_rows(),
        "rpt_agreement": agreement_rows(),
        **fixture_conditions.tables(),
        **fixture_explorer.tables(),
        "rpt_grades": fixture_grades.grade_rows(CONDITIONS),
        "rpt_grade_criteria": fixture_grades.criteria_rows(CONDITIONS),
        "rpt_quality_items": fixture_grades.quality_item_rows(),
        "rpt_quality_shares": fixture_grades.quality_share_rows(),
        "rpt_answers": fixture_grades.answer_rows(CONDITIONS),
        "rpt_conclusions": fixture_grades.conclusion_rows(CONDITIONS),
    }


def complete(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row with every column that its table declares; absent ones are None, decimals as usual."""
    columns = declared_tables()[name].columns
    unknown = set(row) - set(columns)
    if unknown:
        raise KeyError(f"{name} has no column {sorted(unknown)}")
    measure = row.get("measure") or row.get("scale_short_label") or row.get("shown_as")
    usual = {"decimals": 1 if measure in ("percent", "expit") else 2}
    return {column: row.get(column, usual.get(column)) for column in columns}


def complete_tables() -> dict[str, list[dict[str, Any]]]:
    """Every declared table with complete rows, as read from an export."""
    stated = {name: [] for name in declared_tables()} | tables()
    return {name: [complete(name, row) for row in rows] for name, rows in stated.items()}


def build(path: Path) -> Path:
    """Write the warehouse file."""
    with duckdb.connect(str(path)) as con:
        con.execute("create schema reports; create schema raw")
        for name, rows in complete_tables().items():
            fill(con, declared_tables()[name], rows)
        mark_as_whole(con)
    return path


def fill(con: duckdb.DuckDBPyConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Make a table as its model declares it."""
    columns = ", ".join(f"{column} {kind}" for column, kind in table.columns.items())
    con.execute(f"create table {table.full_name} ({columns})")
    con.execute(
        f"comment on column {table.full_name}.{next(iter(table.columns))} is 'Key of {table.name}.'"
    )
    if rows:
        marks = ", ".join("?" for _ in table.columns)
        con.executemany(
            f"insert into {table.full_name} values ({marks})", [list(row.values()) for row in rows]
        )
