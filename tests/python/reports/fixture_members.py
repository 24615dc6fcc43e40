"""Made-up rows of the tables behind cumulative, influence and regression figures."""

from typing import Any

FIGURES = (
    {"figure_id": "cumulative_depression", "kind": "cumulative", "title": "Depression: by year"},
    {"figure_id": "cumulative_response", "kind": "cumulative", "title": "Response: by year"},
    {"figure_id": "influence_depression", "kind": "influence", "title": "Depression: influence"},
    {"figure_id": "influence_response", "kind": "influence", "title": "Response: influence"},
    {"figure_id": "bubble_depression", "kind": "bubble", "title": "Depression: by year"},
    {"figure_id": "bubble_response", "kind": "bubble", "title": "Response: by year"},
)
SCRIPT = "<script>alert('x')</script> & Sons"


def cumulative_rows() -> list[dict[str, Any]]:
    """Rows of rpt_cumulative: one that settles, and odds ratios over more years than a page has."""
    return [
        *years("depression", "Depression", [0.6, 0.55, 0.42, 0.41, 0.4], 0.3, first=2009, open_=2),
        *years("response", "Response", [1.5] * 60, 0.4, first=1950, open_=0),
    ]


def years(
    subject: str, label: str, estimates: list[float], wide: float, first: int, open_: int
) -> list[dict[str, Any]]:
    """Lines of one figure; the answer is open in the first `open_` years, the last has no year."""
    last = len(estimates) - 1
    return [
        {
            "figure_id": f"cumulative_{subject}",
            "row_order": i + 1,
            "analysis_id": subject,
            "analysis_label": label,
            "year": None if i == last else first + i,
            "n_added": 2,
            "added_labels": f"Riper H {first + i}; {SCRIPT}",
            "is_of_all": i == last,
            "policy_id": "recommended",
            "status": "ok",
            "k": 2 * (i + 1),
            "estimate": at,
            "ci_low": at - (1.5 if i < open_ else wide),
            "ci_high": at + (1.5 if i < open_ else wide),
            "p_value": 0.2 if i < open_ else 0.001,
            "i2_percent": None if i == 0 else 61.0,
            "side": "neither" if i < open_ else "above",
            "is_side_settled": i >= open_,
            "is_estimate_settled": i >= 2 * open_ - 2,
        }
        for i, at in enumerate(estimates)
    ]


def influence_rows() -> list[dict[str, Any]]:
    """Rows of rpt_influence: more members than are drawn, and a few odds ratios."""
    return [
        *cases("depression", "Depression", 25, 0.4, influential={0}, outlying={0, 3}),
        *cases("response", "Response", 6, 1.5, influential=set(), outlying=set()),
    ]


def cases(
    subject: str,
    label: str,
    n: int,
    at: float,
    influential: set[int],
    outlying: set[int],
) -> list[dict[str, Any]]:
    """Members of one figure, the one that moves the result most first."""
    return [
        {
            "figure_id": f"influence_{subject}",
            "row_order": i + 1,
            "analysis_id": subject,
            "analysis_label": label,
            "policy_id": "independent",
            "effect_id": f"{subject}_{i:02}",
            "label": SCRIPT if i == 1 else f"Păsărelu CR {1990 + i}",
            "k": n,
            "rstudent": 3.1 - i / 5,
            "dffits": 0.9 - i / 20,
            "cook_d": 0.6 / (i + 1),
            "hat": 1 / n,
            "heterogeneity": 7.2 / (i + 1),
            "influence": 0.5 / (i + 1),
            "estimate": at + i / 100,
            "estimate_of_all": at,
            "ci_low": at - 0.1,
            "ci_low_of_all": at - 0.1,
            "ci_high": at + 0.4,
            "ci_high_of_all": at + 0.2,
            "rstudent_limit": 1.96,
            "dffits_limit": 0.61,
            "cook_limit": 0.455,
            "hat_limit": 0.12,
            "is_outlying": i in outlying,
            "is_influential": i in influential,
        }
        for i in range(n)
    ]


MODERATORS = {
    "year": ("Year of publication", "with each later year", "the year of publication"),
    "studies": (
        "Number of trials, log scale", "with twice as many trials", "the number of trials",
    ),
}  # fmt: skip


def regression_rows() -> list[dict[str, Any]]:
    """Rows of rpt_regressions: two moderators of SMDs, and one of odds ratios."""
    made = [
        ("depression", "Depression", "year", -0.058, 0.0004, "falling"),
        ("depression", "Depression", "studies", 0.012, 0.48, "none"),
        ("response", "Response", "year", 1.04, 0.02, "rising"),
    ]
    return [
        {
            "figure_id": f"bubble_{subject}",
            "row_order": i + 1,
            "analysis_id": subject,
            "analysis_label": label,
            "policy_id": "independent",
            "moderator": moderator,
            **dict(
                zip(
                    ("axis_label", "per_text", "moderator_text"), MODERATORS[moderator], strict=True
                )
            ),
            "is_log2": moderator == "studies",
            "k": 12,
            "k_of_all": 14,
            "slope": slope,
            "slope_ci_low": slope - 0.02,
            "slope_ci_high": slope + 0.02,
            "p_value": p_value,
            "r2_percent": 54.1,
            "tau2": 0.02,
            "trend": trend,
        }
        for i, (subject, label, moderator, slope, p_value, trend) in enumerate(made)
    ]


def bubble_rows() -> list[dict[str, Any]]:
    """Rows of rpt_bubbles: twelve members and a line of five points for each regression."""
    rows = []
    for one in regression_rows():
        at = 1.5 if one["figure_id"] == "bubble_response" else 0.5
        values = [2.0**i for i in range(12)] if one["is_log2"] else [2009.0 + i for i in range(12)]
        shared = {"figure_id": one["figure_id"], "analysis_id": one["analysis_id"],
                  "moderator": one["moderator"]}  # fmt: skip
        rows += [
            shared | {"row_kind": "line", "x": values[i], "estimate": at - i / 100,
                      "ci_low": at - i / 100 - 0.1, "ci_high": at - i / 100 + 0.1}
            for i in (0, 3, 6, 9, 11)
        ]  # fmt: skip
        rows += [
            shared | {"row_kind": "member", "label": SCRIPT if i == 1 else f"Riper H {2009 + i}",
                      "x": x, "estimate": at + (0.2 if i % 2 else -0.2),
                      "weight_percent": (i + 1) / 0.78}
            for i, x in enumerate(values)
        ]  # fmt: skip
    return [row | {"row_order": i} for i, row in enumerate(rows, start=1)]


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows of every table of this module."""
    return {
        "rpt_bubbles": bubble_rows(),
        "rpt_cumulative": cumulative_rows(),
        "rpt_influence": influence_rows(),
        "rpt_regressions": regression_rows(),
    }
