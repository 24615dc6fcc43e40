"""Made-up tables of grades and quality for the fixture warehouse."""

from collections.abc import Sequence
from typing import Any

CLASSES = ("Class I", "Class II", "Class III", "Class IV", "Not significant")
LEVELS = ("High", "Moderate", "Low", "Very low")
SCHEMES = (
    ("classes", "Evidence class, made up", CLASSES),
    ("levels", "GRADE by a rule that is made up", LEVELS),
    ("team", "GRADE, judged by <nobody> & Sons", LEVELS),
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
            for place, (scheme, name, grades) in enumerate(SCHEMES, start=1):
                row = {
                    "grade_id": f"{key}:{policy}:{scheme}",
                    "analysis_id": key,
                    "condition_id": key,
                    "headline_label": label,
                    "scale_short_label": "SMD",
                    "sort_order": order,
                    "policy_id": policy,
                    "scheme": scheme,
                    "scheme_label": name,
                    "scheme_order": place,
                    "k": 5,
                    "estimate": estimate,
                    "ci_low": low,
                    "ci_high": high,
                    "n_criteria": 4,
                    "n_not_assessable": 1,
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
        none = {"status": "no_result", "status_text": "No estimate to grade"}
        return none | {"k": 0, "estimate": None, "ci_low": None, "ci_high": None}
    if scheme == "team":
        words = "Not assessable: 5 of 6 domains lack a judgement or a value"
        return {"status": "not_assessable", "status_text": words}
    place = min(order, len(grades)) - is_shifted
    best = max(place - 2, 1) if order % 2 else place
    label, best_label = grades[place - 1], grades[best - 1]
    row = {
        "status": "graded",
        "grade_label": label,
        "grade_place": place,
        "best_place": best,
        "is_better_possible": best < place,
        "short_reason": "p below 0.05 and no more",
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
        for place, (scheme, name, _) in enumerate(SCHEMES, start=1):
            base = {
                "figure_id": f"grades_{key}",
                "analysis_id": key,
                "headline_label": label,
                "scheme": scheme,
                "scheme_label": name,
                "scheme_order": place,
                "domain": "class" if scheme == "classes" else "imprecision",
                "bound": "exact",
                "input_source": "computed",
                "is_decisive": False,
                "effect_on_grade": "no effect",
            }
            listed = criteria() * repeats
            rows += [
                base | row | codes(row) | {"criterion_order": i}
                for i, row in enumerate(listed, start=1)
            ]
    return rows


def codes(row: dict[str, Any]) -> dict[str, Any]:
    """What a criterion says in words, as codes."""
    effect = row.get("effect_on_grade", "")
    withheld = effect.removeprefix("withholds ") if effect.startswith("withholds ") else None
    return {"status_code": row["status"].replace(" ", "_"), "withholds": withheld}


def criteria() -> Rows:
    """Five criteria: met and decisive, not met, known as a bound, and two without a value."""
    unknown = {
        "input_source": "missing",
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
            "input_source": "reported",
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
                    "tool": "amstar",
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
    return counted(rows + amstar2_rows())


def counted(rows: Rows) -> Rows:
    """Answers with how many to the same item are yes, and how many there are."""
    answers: dict[tuple[str, int], list[str]] = {}
    for row in rows:
        given = answers.setdefault((row["tool"], row["item"]), [])
        given += [row["answer"]] if row["answer"] else []
    found = [answers[row["tool"], row["item"]] for row in rows]
    return [
        row | {"n_yes": given.count("yes"), "n_answered": len(given)}
        for row, given in zip(rows, found, strict=True)
    ]


def amstar2_rows() -> Rows:
    """The answers to the items of AMSTAR 2 for one meta-analysis."""
    return [
        {
            "tool": "amstar2",
            "label": "Author 1 2001",
            "group_label": "Depression",
            "meta_analysis_order": 1,
            "rating_status": "rated",
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
                    "tool": tool,
                    "group_kind": kind,
                    "group_id": key,
                    "group_label": label,
                    "group_order": order,
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


def answer_rows(conditions: Sequence[Condition]) -> Rows:
    """Rows of rpt_answers."""
    return [
        {
            "analysis_id": key,
            "condition_id": key,
            "headline_label": label,
            "sort_order": order,
            "finding": "The intervention reduces symptoms.",
            "better_off_text": "In about 61 of 100 pairs the person with it is better off.",
            "against_text": "Against active controls: trivial (SMD 0.19).",
            "k": 5,
            "estimate": estimate,
            "ci_low": low,
            "ci_high": high,
            "scale_short_label": "SMD",
            "is_effect": True,
            "decimals": 2,
            "n_participants": 1200,
            "k_with_n_participants": 4,
            "certainty_text": "Not judged: between very low and high possible",
        }
        for order, (key, label, estimate, low, high, _) in enumerate(conditions, start=1)
    ]


def conclusion_rows(conditions: Sequence[Condition]) -> Rows:
    """Rows of rpt_conclusions."""
    return [
        {
            "analysis_id": key,
            "condition_id": key,
            "headline_label": label,
            "sort_order": order,
            "effect_text": f"Favours the intervention: SMD {estimate}, k=5.",
            "class_text": "Class IV (Evidence class, made up): p below 0.05 and no more.",
            "summary_text": "Favours the intervention; Class IV.",
        }
        for order, (key, label, estimate, low, high, _) in enumerate(conditions, start=1)
    ]
