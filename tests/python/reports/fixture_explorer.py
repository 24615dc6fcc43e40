"""Tables of the page that pools again, in the small made-up warehouse."""

import random
from typing import Any

from tests.python.warehouse.independent_pools import Z, dersimonian_laird

Rows = list[dict[str, Any]]

# Analysis, label and number of members: many, a few, one, none.
SIZES = (("depression", "Depression", 14), ("stress", "Stress", 3), ("ocd", "Compulsions", 1))
WITHOUT = ("personality_disorder", "Personality disorder")
MARKUP = "<script>alert(1)</script> 2020"
METHODS = {
    "seed_paper": ("DL", "z", "none"),
    "recommended": ("REML", "HK_adhoc", "shared_trials"),
}


def member(
    analysis: str, label: str, order: int, number: int, rng: random.Random
) -> dict[str, Any]:
    """One row of rpt_explorer; the first of an analysis reaches far beyond the others."""
    yi = round(rng.gauss(0.4, 0.3), 2)
    se = 1.4 if number == 0 and order == 1 else rng.uniform(0.05, 0.2)
    is_known = number % 3 != 0
    return {
        "analysis_id": analysis,
        "effect_id": f"{analysis}_{number:02d}",
        "analysis_label": label,
        "sort_order": order,
        "citation_label": MARKUP if number == 1 else f"Author{number:02d} A {2010 + number}",
        "year": 2010 + number,
        "n_trials": 3 * number + 2 if is_known else None,
        "n_participants": 1207 * number if is_known and number > 2 else None,
        "yi": yi,
        "vi": se**2,
        "ci_low": yi - Z * se,
        "ci_high": yi + Z * se,
        "comparator_class": ("active", "inactive", "mixed", "unclear")[number % 4],
        "guidance": ("guided", "unguided")[number % 2],
        "source_kind": ("abstract", "full_text")[number % 2],
        "amstar_score": number % 12 if number % 2 else None,
        "source_locator": f"Table {number}",
    }


def explorer_rows() -> Rows:
    """Rows of rpt_explorer."""
    rng = random.Random(20240602)
    return [
        member(analysis, label, order, number, rng)
        for order, (analysis, label, size) in enumerate(SIZES, start=1)
        for number in range(size)
    ]


def pooled_rows() -> Rows:
    """Rows of fct_pooled_effects: the conventional method from the members, the other made up."""
    rows = []
    for analysis, label in (*((name, label) for name, label, _ in SIZES), WITHOUT):
        values = [
            (row["yi"], row["vi"]) for row in explorer_rows() if row["analysis_id"] == analysis
        ]
        for policy, (tau2_method, ci_method, overlap) in METHODS.items():
            row = {
                "analysis_id": analysis,
                "policy_id": policy,
                "analysis_label": label,
                "analysis_group": "condition",
                "tau2_method": tau2_method,
                "ci_method": ci_method,
                "ci_level": 0.95,
                "overlap_handling": overlap,
                "k": len(values),
            }
            if values:
                row |= expected(values)
                row |= {"ci_low": -9.0, "ci_high": 9.0} if policy == "recommended" else {}
            rows.append(row)
    return rows


def expected(values: list[tuple[float, float]]) -> dict[str, float]:
    """Estimate, limits and heterogeneity of (yi, vi); of a single one its own interval."""
    if len(values) == 1:
        [(yi, vi)] = values
        return {"estimate": yi, "ci_low": yi - Z * vi**0.5, "ci_high": yi + Z * vi**0.5}
    found, df = dersimonian_laird(values), len(values) - 1
    i2 = 100 * max(0.0, (found["q"] - df) / found["q"])
    return found | {"i2_q": i2, "q_df": df}


def tables() -> dict[str, Rows]:
    """Rows of both tables, the same on each call."""
    return {"rpt_explorer": explorer_rows(), "fct_pooled_effects": pooled_rows()}
