"""Tables of the page that pools again, in the small made-up warehouse."""

import random
from functools import cache
from typing import Any

from tests.python.warehouse.independent_pools import Z, dersimonian_laird

Rows = list[dict[str, Any]]

KIND = "smd"
# Analysis of a condition, label and number of main pools: many, a few, one, none.
SIZES = (("depression", "Depression", 14), ("stress", "Stress", 3), ("ocd", "Compulsions", 1))
MARKUP = "<script>alert(1)</script> 2020"
METHODS = {
    "seed_paper": ("DL", "z", "HTS", "none"),
    "recommended": ("REML", "HK_adhoc", "V", "shared_trials"),
}
POLICIES = {"seed_paper": ("Conventional method", 1), "recommended": ("Recommended", 2)}
# Filter, its place, whether it parts a condition, whether it may be open, and its codes.
FILTERS = (
    ("condition", 4, False, True, ("depression", "stress", "ocd", "personality_disorder")),
    ("comparator_class", 6, True, True, ("active", "inactive", "mixed", "unclear")),
    ("guidance", 8, True, True, ("guided", "unguided")),
    ("outcome", 11, False, False, ("symptom",)),
)
LABELS = {"ocd": "Compulsions"}
# Further rows of depression: meta-analysis, letter, scope, comparator, trials, who supersedes it.
# Of the rows against active controls enter 02b (most trials), 03a (a tie) and 20a, which says
# nothing of all controls; of 02 another row goes first, and 21 gives way to 02.
FURTHER = (
    (2, "a", "subgroup", "active", 4, ()),
    (2, "b", "subgroup", "active", 9, ()),
    (3, "a", "subgroup", "active", None, ()),
    (3, "b", "subgroup", "active", None, ()),
    (20, "a", "parallel", "active", 5, ()),
    (20, "b", "parallel", "inactive", 7, ()),
    (21, "a", "subgroup", "active", 8, ("ma_depression_02", "ma_nowhere")),
)
# Members of each declared analysis: filters that it sets, scope, and identifiers of effects.
ANALYSES = {
    "depression": (
        "Depression", {"condition": "depression"}, "overall",
        [f"depression_{number:02d}" for number in range(14)],
    ),
    "stress": (
        "Stress", {"condition": "stress"}, "overall", ["stress_00", "stress_01", "stress_02"],
    ),
    "ocd": ("Compulsions", {"condition": "ocd"}, "overall", ["ocd_00"]),
    "personality_disorder": (
        "Personality disorder", {"condition": "personality_disorder"}, "overall", [],
    ),
    "depression_active": (
        "Depression: against active controls",
        {"condition": "depression", "comparator_class": "active"}, "any",
        ["depression_00", "depression_02b", "depression_03a", "depression_04", "depression_08",
         "depression_12", "depression_20a"],
    ),
    "active_main": (
        "Against active controls, main pools", {"comparator_class": "active"}, "overall",
        ["depression_00", "depression_04", "depression_08", "depression_12", "ocd_00", "stress_00"],
    ),
    "stress_guided": (
        "Stress: guided", {"condition": "stress", "guidance": "guided"}, "any",
        ["stress_00", "stress_02"],
    ),
}  # fmt: skip


def effect(analysis: str, order: int, number: int, rng: random.Random) -> dict[str, Any]:
    """One main pool with its codes; the first of an analysis reaches far beyond the others."""
    yi = round(rng.gauss(0.4, 0.3), 2)
    se = 1.4 if number == 0 and order == 1 else rng.uniform(0.05, 0.2)
    is_known = number % 3 != 0
    return {
        "analysis_kind": KIND,
        "effect_id": f"{analysis}_{number:02d}",
        "meta_analysis_id": f"ma_{analysis}_{number:02d}",
        "cluster_id": f"ma_{analysis}_{number:02d}",
        "citation_label": MARKUP if number == 1 else f"Author{number:02d} A {2010 + number}",
        "year": 2010 + number,
        "scope": "overall",
        "superseded_by": [],
        "superseded_by_other": [],
        "n_trials": 3 * number + 2 if is_known else None,
        "n_participants": 1207 * number if is_known and number > 2 else None,
        "yi": yi,
        "vi": se**2,
        "estimate": yi,
        "ci_low": yi - Z * se,
        "ci_high": yi + Z * se,
        "source_kind": ("abstract", "full_text")[number % 2],
        "amstar_score": number % 12 if number % 2 else None,
        "source_locator": f"Table {number}",
        "codes": {
            "condition": analysis,
            "comparator_class": ("active", "inactive", "mixed", "unclear")[number % 4],
            "guidance": ("guided", "unguided")[number % 2],
            "outcome": "symptom",
        },
    }


@cache
def effects() -> Rows:
    """Rows of rpt_explorer with their codes, in the order of choice."""
    rng = random.Random(20240602)
    made = [
        effect(analysis, order, number, rng)
        for order, (analysis, _, size) in enumerate(SIZES, start=1)
        for number in range(size)
    ]
    for number, letter, scope, comparator, trials, superseded_by in FURTHER:
        row = effect("depression", 2, number, rng)
        changed = {
            "effect_id": row["effect_id"] + letter,
            "scope": scope,
            "n_trials": trials,
            "superseded_by": list(superseded_by),
            "codes": row["codes"] | {"comparator_class": comparator},
        }
        made.append(row | changed)
    made.sort(
        key=lambda row: (row["scope"] != "overall", -(row["n_trials"] or -1), row["effect_id"])
    )
    return [row | {"choice_order": place} for place, row in enumerate(made, start=1)]


def explorer_rows() -> Rows:
    """Rows of rpt_explorer."""
    return [{name: row[name] for name in row if name != "codes"} for row in effects()]


def analysis_rows() -> Rows:
    """Rows of rpt_explorer_analyses."""
    return [
        {
            "analysis_kind": KIND,
            "analysis_id": key,
            "sort_order": order,
            "analysis_label": label,
            "required_scope": scope,
            "selection_rule": "all",
            "outcome": "symptom",
            "side_verb": "favour",
            "above_text": "the intervention",
            "above_axis": "Favours intervention",
            "below_axis": "Favours control",
        }
        for order, (key, (label, _, scope, _)) in enumerate(ANALYSES.items(), start=1)
    ]


def code_rows() -> Rows:
    """Rows of rpt_explorer_codes."""
    codes = [("effect", row["effect_id"], row["codes"]) for row in effects()]
    codes += [
        ("analysis", key, filters | {"outcome": "symptom"})
        for key, (_, filters, _, _) in ANALYSES.items()
    ]
    return [
        {
            "analysis_kind": KIND,
            "filter_name": name,
            "row_kind": kind,
            "row_id": row_id,
            "code": code,
            "is_taken_where_open": True,
        }
        for kind, row_id, held in codes
        for name, code in held.items()
    ]


def option_rows() -> Rows:
    """Rows of rpt_explorer_options."""
    return [
        {
            "analysis_kind": KIND,
            "filter_name": name,
            "filter_order": order,
            "is_of_subgroups": is_of_subgroups,
            "may_be_open": may_be_open,
            "code": code,
            "is_taken_where_open": True,
            "code_label": LABELS.get(code, code.capitalize().replace("_", " ")),
        }
        for name, order, is_of_subgroups, may_be_open, codes in FILTERS
        for code in codes
    ]


def kind_rows() -> Rows:
    """Rows of rpt_explorer_kinds: a single one."""
    return [
        {
            "analysis_kind": KIND,
            "kind_order": 1,
            "kind_label": "Standardised mean difference",
            "short_label": "SMD",
            "shown_as": "identity",
            "no_effect": 0.0,
            "unit": "meta_analysis",
            "member_word": "meta-analysis",
            "members_word": "meta-analyses",
            "studies_word": "trials",
        }
    ]


def pool_rows() -> Rows:
    """Rows of rpt_explorer_pools."""
    left = ("analysis_label", "analysis_group")
    return [
        {name: row[name] for name in row if name not in left}
        | {
            "policy_label": POLICIES[row["policy_id"]][0],
            "policy_order": POLICIES[row["policy_id"]][1],
            "is_of_rows": row["policy_id"] == "seed_paper",
        }
        for row in pooled_rows()
    ]


def rank_rows() -> Rows:
    """Rows of fct_selection_ranks: the one of most trials."""
    known = [row for row in effects() if row["n_trials"] is not None]
    known.sort(key=lambda row: (-row["n_trials"], row["effect_id"]))
    return [
        {
            "analysis_kind": KIND,
            "selection_rule": "largest_k",
            "effect_id": row["effect_id"],
            "selection_place": place,
        }
        for place, row in enumerate(known, start=1)
    ]


def pooled_rows() -> Rows:
    """Rows of fct_pooled_effects: the conventional method from the members, the other made up."""
    by_id = {row["effect_id"]: row for row in effects()}
    rows = []
    for analysis, (label, filters, _, members) in ANALYSES.items():
        values = [(by_id[key]["yi"], by_id[key]["vi"]) for key in members]
        for policy, (tau2_method, ci_method, pi_method, overlap) in METHODS.items():
            row = {
                "analysis_id": analysis,
                "policy_id": policy,
                "analysis_label": label,
                "analysis_group": "condition" if len(filters) == 1 else "comparator",
                "tau2_method": tau2_method,
                "ci_method": ci_method,
                "pi_method": pi_method,
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
    """Rows of the tables, the same on each call."""
    return {
        "rpt_explorer": explorer_rows(),
        "rpt_explorer_analyses": analysis_rows(),
        "rpt_explorer_codes": code_rows(),
        "rpt_explorer_options": option_rows(),
        "rpt_explorer_kinds": kind_rows(),
        "rpt_explorer_pools": pool_rows(),
        "fct_selection_ranks": rank_rows(),
        "fct_pooled_effects": pooled_rows(),
    }
