"""Made-up tables of grades and quality for the fixture warehouse."""

from collections.abc import Sequence
from typing import Any

TYPES = {
    "rpt_grades": (
        "grade_id varchar, analysis_id varchar, condition_id varchar, condition_label "
        "varchar, sort_order integer, policy_id varchar, scheme varchar, scheme_label "
        "varchar, scheme_kind varchar, scheme_order integer, k integer, estimate double, "
        "ci_low double, ci_high double, status varchar, grade varchar, grade_label varchar, "
        "grade_place integer, n_grades integer, symbols varchar, best_label varchar, "
        "best_place integer, worst_label varchar, worst_place integer, n_criteria integer, "
        "n_not_assessable integer, status_text varchar, short_reason varchar, next_grade_text "
        "varchar, n_variants integer, n_variants_moving_it integer, sensitivity_text varchar, "
        "is_different_from_recommended boolean"
    ),
    "rpt_grade_criteria": (
        "figure_id varchar, analysis_id varchar, condition_label varchar, scheme varchar, "
        "scheme_label varchar, scheme_order integer, criterion varchar, criterion_order "
        "integer, criterion_label varchar, domain varchar, value double, bound varchar, unit "
        "varchar, comparison varchar, threshold double, value_text varchar, needs_text "
        "varchar, status varchar, reason_not_assessable varchar, is_decisive boolean, "
        "effect_on_grade varchar"
    ),
    "rpt_quality_items": (
        "quality_item_id varchar, tool varchar, meta_analysis_id varchar, label varchar, "
        "group_label varchar, meta_analysis_order integer, rating_status varchar, score "
        "integer, n_critical_weaknesses integer, n_other_weaknesses integer, rating_label "
        "varchar, item integer, item_label varchar, is_critical boolean, answer varchar, "
        "answer_status varchar"
    ),
    "rpt_quality_shares": (
        "quality_share_id varchar, tool varchar, group_kind varchar, group_id varchar, "
        "group_label varchar, group_order integer, rating varchar, rating_label varchar, "
        "rating_order integer, n integer, n_rated integer, n_meta_analyses integer, percent "
        "double"
    ),
    "rpt_conclusions": (
        "analysis_id varchar, condition_id varchar, condition_label varchar, sort_order "
        "integer, published_k integer, published_estimate double, published_ci_low double, "
        "published_ci_high double, published_p varchar, status varchar, k integer, estimate "
        "double, ci_low double, ci_high double, p_value double, favours varchar, cohen_band "
        "varchar, pi_low double, pi_high double, is_null_outside_prediction boolean, "
        "i2_percent double, tau2 double, independent_estimate double, independent_ci_low "
        "double, independent_ci_high double, overlap_aware_estimate double, "
        "overlap_aware_ci_low double, overlap_aware_ci_high double, assumed_overlap_estimate "
        "double, assumed_overlap_ci_low double, assumed_overlap_ci_high double, "
        "assumed_correlation double, n_pairs integer, n_pairs_known integer, "
        "n_pairs_partly_known integer, n_pairs_sharing integer, n_lists integer, "
        "n_partial_lists integer, n_without_list integer, cca_percent double, cca_band "
        "varchar, multiverse_status varchar, n_specifications bigint, n_with_estimate bigint, "
        "n_with_interval bigint, estimate_min double, estimate_max double, share_same_sign "
        "double, share_same_favours double, share_same_band double, strongest_choice varchar, "
        "strongest_difference double, concordance varchar, n_towards_intervention integer, "
        "n_favour_intervention integer, class_scheme varchar, class_scheme_label varchar, "
        "class_status varchar, evidence_class varchar, class_label varchar, class_best "
        "varchar, class_worst varchar, class_reason varchar, class_next varchar, grade_scheme "
        "varchar, grade_scheme_label varchar, grade_status varchar, grade varchar, "
        "grade_label varchar, grade_symbols varchar, grade_best varchar, grade_worst varchar, "
        "grade_reason varchar, grade_next varchar, published_text varchar, effect_text "
        "varchar, prediction_text varchar, overlap_text varchar, robustness_text varchar, "
        "concordance_text varchar, class_text varchar, grade_text varchar, other_grades_text "
        "varchar, summary_text varchar"
    ),
}
CLASSES = ("Class I", "Class II", "Class III", "Class IV", "Not significant")
LEVELS = ("High", "Moderate", "Low", "Very low")
SCHEMES = (
    ("classes", "Evidence class, made up", "class", CLASSES),
    ("levels", "GRADE by a rule that is made up", "grade", LEVELS),
    ("team", "GRADE, judged by <nobody> & Sons", "grade", LEVELS),
)
AMSTAR_BANDS = ("High", "Medium", "Low")
AMSTAR2_BANDS = ("High", "Moderate", "Low", "Critically low")
ANSWERS = ("yes", "no", "cant_answer", "not_applicable")
Rows = list[dict[str, Any]]
Condition = tuple[str, str, float, float, float, int | None]


def grade_rows(conditions: Sequence[Condition]) -> Rows:
    """Rows of rpt_grades: the last condition has no estimate, nobody has judged for the team."""
    rows = []
    for order, (key, label, estimate, low, high, _) in enumerate(conditions, start=1):
        for policy in ("recommended", "seed_paper"):
            for place, (scheme, name, kind, grades) in enumerate(SCHEMES, start=1):
                row = {
                    "grade_id": f"{key}:{policy}:{scheme}",
                    "analysis_id": key,
                    "condition_id": key,
                    "condition_label": label,
                    "sort_order": order,
                    "policy_id": policy,
                    "scheme": scheme,
                    "scheme_label": name,
                    "scheme_kind": kind,
                    "scheme_order": place,
                    "k": 5,
                    "estimate": estimate,
                    "ci_low": low,
                    "ci_high": high,
                    "n_criteria": 4,
                    "n_not_assessable": 1,
                    "n_variants": 6,
                    "is_different_from_recommended": False,
                }
                shift = policy == "seed_paper" and order == 2 and scheme == "classes"
                rows.append(row | outcome(scheme, grades, order, len(conditions), shift))
    return rows


def outcome(
    scheme: str, grades: Sequence[str], order: int, count: int, is_shifted: bool
) -> dict[str, Any]:
    """Grade and texts of one row."""
    if order == count:
        none = {"status": "no_result", "status_text": "No estimate to grade", "n_variants": 0}
        return none | {"k": 0, "estimate": None, "ci_low": None, "ci_high": None}
    if scheme == "team":
        words = "Not assessable: 5 of 6 domains lack a judgement or a value"
        return {"status": "not_assessable", "status_text": words}
    place = min(order, len(grades)) - is_shifted
    best = max(place - 2, 1) if order % 2 else place
    label, best_label = grades[place - 1], grades[best - 1]
    row = {
        "status": "graded",
        "grade": label,
        "grade_label": label,
        "grade_place": place,
        "n_grades": len(grades),
        "best_label": best_label,
        "best_place": best,
        "worst_label": label,
        "worst_place": place,
        "short_reason": "p below 0.05 and no more",
        "n_variants_moving_it": 1,
        "sensitivity_text": "1 of 6 other thresholds and omissions moves it: p at 0.01: Class I.",
        "is_different_from_recommended": is_shifted,
    }
    if scheme == "levels":
        row["symbols"] = "●" * (len(grades) - place + 1) + "○" * (place - 1)
    if best < place:
        row["status"] = "graded_on_incomplete_data"
        row["status_text"] = f"{best_label} to {label} possible"
    if place > 1:
        row["next_grade_text"] = f"{grades[place - 2]} asks for: I² is below 50%, now 84.1."
    return row


def criteria_rows(conditions: Sequence[Condition]) -> Rows:
    """Rows of rpt_grade_criteria of two conditions; the second has many, on several pages."""
    rows = []
    for key, label, repeats in ((*conditions[0][:2], 1), (*conditions[1][:2], 15)):
        for place, (scheme, name, _, _) in enumerate(SCHEMES, start=1):
            base = {
                "figure_id": f"grades_{key}",
                "analysis_id": key,
                "condition_label": label,
                "scheme": scheme,
                "scheme_label": name,
                "scheme_order": place,
                "domain": "class" if scheme == "classes" else "imprecision",
                "bound": "exact",
                "is_decisive": False,
                "effect_on_grade": "no effect",
            }
            listed = criteria() * repeats
            rows += [
                base | row | {"criterion": f"criterion_{i}", "criterion_order": i}
                for i, row in enumerate(listed, start=1)
            ]
    return rows


def criteria() -> Rows:
    """Five criteria: met and decisive, not met, known as a bound, and two without a value."""
    unknown = {
        "criterion_label": "Half of the weight is at low risk of bias",
        "domain": "risk of bias",
        "unit": "percent of weight",
        "comparison": ">=",
        "threshold": 50.0,
        "status": "not assessable",
        "reason_not_assessable": "risk of bias is not known",
    }
    return [
        {
            "criterion_label": "The pooled effect is significant",
            "value": 2.37e-14,
            "unit": "probability",
            "comparison": "<",
            "threshold": 0.05,
            "status": "met",
            "is_decisive": True,
            "effect_on_grade": "decides Class IV (p below 0.05 and no more)",
        },
        {
            "criterion_label": "I² is below 50%",
            "value": 84.103,
            "unit": "percent",
            "comparison": "<",
            "threshold": 50.0,
            "status": "not met",
            "effect_on_grade": "withholds Class I",
        },
        {
            "criterion_label": "More than 20000 participants",
            "value": 10134.0,
            "bound": "at_least",
            "unit": "people",
            "comparison": ">",
            "threshold": 20000.0,
            "status": "not assessable",
            "reason_not_assessable": "known only as a bound: at least 10134",
            "effect_on_grade": "withholds Class I, Class II",
        },
        unknown | {"effect_on_grade": "withholds risk of bias −1"},
        unknown | {"effect_on_grade": "withholds risk of bias −2, risk of bias −1"},
    ]


def quality_item_rows() -> Rows:
    """Rows of rpt_quality_items: rated, in dispute and incomplete, and one by AMSTAR 2."""
    rows = []
    for order in range(1, 5):
        for item in range(1, 12):
            answer = ANSWERS[(order * item) % len(ANSWERS)]
            is_missing = (order == 3 and item == 2) or (order == 4 and item > 5)
            rows.append(
                {
                    "quality_item_id": f"M{order}:amstar:{item}",
                    "tool": "amstar",
                    "meta_analysis_id": f"M{order}",
                    "label": f"Author {order} 20{order:02d}",
                    "group_label": "Depression" if order < 3 else "Several conditions",
                    "meta_analysis_order": order,
                    "rating_status": ("rated", "rated", "unresolved", "incomplete")[order - 1],
                    "score": order + 5 if order < 3 else None,
                    "rating_label": "Medium" if order < 3 else None,
                    "item": item,
                    "item_label": f"What item {item} asks",
                    "is_critical": False,
                    "answer": None if is_missing else answer,
                    "answer_status": "disputed" if is_missing else "agreed",
                }
            )
    return rows + amstar2_rows()


def amstar2_rows() -> Rows:
    """The answers to the items of AMSTAR 2 for one meta-analysis."""
    return [
        {
            "quality_item_id": f"M1:amstar2:{item}",
            "tool": "amstar2",
            "meta_analysis_id": "M1",
            "label": "Author 1 2001",
            "group_label": "Depression",
            "meta_analysis_order": 1,
            "rating_status": "rated",
            "n_critical_weaknesses": 2,
            "n_other_weaknesses": 0,
            "rating_label": "Critically low",
            "item": item,
            "item_label": "A question that is far too long for half of the width of a page" * 2,
            "is_critical": item in (2, 4),
            "answer": "partial_yes" if item % 3 == 0 else "yes",
            "answer_status": "agreed",
        }
        for item in range(1, 17)
    ]


def share_rows(tool: str, groups: Sequence[tuple[Any, ...]], bands: Sequence[str]) -> Rows:
    """Rows of rpt_quality_shares of one tool."""
    rows = []
    for order, (kind, key, label, total, counts) in enumerate(groups):
        rated = sum(n or 0 for n in counts) if kind != "published" else total
        for place, (band, n) in enumerate(zip(bands, counts, strict=True), start=1):
            rows.append(
                {
                    "quality_share_id": f"{tool}:{kind}:{key}:{band}",
                    "tool": tool,
                    "group_kind": kind,
                    "group_id": key,
                    "group_label": label,
                    "group_order": order,
                    "rating": band.lower(),
                    "rating_label": band,
                    "rating_order": place,
                    "n": n,
                    "n_rated": rated,
                    "n_meta_analyses": total,
                }
            )
    return rows


def quality_share_rows() -> Rows:
    """Rows of rpt_quality_shares: of the published review 5 of 87 are not printed."""
    amstar = (
        ("all", "all", "This extraction", 136, (0, 2, 0)),
        ("published", "published", "Published review, as printed", 87, (51, 31, None)),
        ("condition", "depression", "Depression", 60, (0, 2, 0)),
        ("condition", "ocd", "Obsessive-compulsive disorder", 2, (0, 0, 0)),
    )
    amstar2 = (("all", "all", "This extraction", 136, (0, 0, 0, 1)),)
    return [
        *share_rows("amstar", amstar, AMSTAR_BANDS),
        *share_rows("amstar2", amstar2, AMSTAR2_BANDS),
    ]


def conclusion_rows(conditions: Sequence[Condition]) -> Rows:
    """Rows of rpt_conclusions."""
    return [
        {
            "analysis_id": key,
            "condition_id": key,
            "condition_label": label,
            "sort_order": order,
            "status": "ok",
            "k": 5,
            "estimate": estimate,
            "ci_low": low,
            "ci_high": high,
            "effect_text": f"Favours the intervention: SMD {estimate}, k=5.",
            "class_text": "Class IV (Evidence class, made up): p below 0.05 and no more.",
            "summary_text": "Favours the intervention; Class IV.",
        }
        for order, (key, label, estimate, low, high, _) in enumerate(conditions, start=1)
    ]
