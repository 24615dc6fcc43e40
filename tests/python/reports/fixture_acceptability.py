"""Made-up rows of the tables behind the page on acceptability, for the fixture warehouse."""

from typing import Any

SUMMARY = (
    "guided lower than unguided in 2 of 3 meta-analyses that report both, difference −22.2 to 3.0 "
    "percentage points (sign test P = 1.00)"
)


def pair_row(order: int, group: str, label: str, **own: Any) -> dict[str, Any]:
    """A row of rpt_rate_pairs; what is not said is not known."""
    return {
        "figure_pair_id": f"pairs_dropout:{order}",
        "figure_id": "pairs_dropout",
        "pair_id": f"dropout_guidance:{order}",
        "row_order": order,
        "group_label": group,
        "label": label,
        "first_label": "Guided",
        "second_label": "Unguided",
        "summary": SUMMARY,
        "published": "30 to 40%",
    } | own


def pair_rows() -> list[dict[str, Any]]:
    """A range, a pair of percentages, one of counts with a note, and one that is higher."""
    return [
        pair_row(1, "Definition not stated", "Büscher R 2020, suicidal ideation", first_low=26.7,
                 first_high=30.8, second_low=9.5, second_high=74.0),
        pair_row(2, "Definition not stated", "Torous J 2020, depression", first_percent=11.74,
                 second_percent=33.96, difference_points=-22.22, relative_change_percent=-65.43),
        pair_row(3, "Left the study", "<b>Riper</b> & Sons, addiction", first_percent=20.0,
                 second_percent=25.0, difference_points=-5.0, relative_change_percent=-20.0,
                 risk_ratio=0.8, risk_ratio_ci_low=0.6, risk_ratio_ci_high=1.07,
                 note="outcome mixes conditions"),
        pair_row(4, "Left the study", "Karyotaki E 2021, depression", first_percent=33.0,
                 second_percent=30.0, difference_points=3.0, relative_change_percent=10.0),
    ]  # fmt: skip


def number_rows() -> list[dict[str, Any]]:
    """Rows of rpt_acceptability: one in a result, one on satisfaction that is in none."""
    common = {"condition_label": "Depression", "guidance_label": "Guided"}
    return [
        common | {
            "acceptability_id": "reported_rates:A_1", "row_order": 1, "outcome_label": "Dropout",
            "outcome_role": "dropout", "meta_analysis_id": "A", "label": "Andersson G 2014",
            "counted": "Left the study; attrition", "of_whom": "intervention arms",
            "comparator_label": "Waiting list", "reported": "20.0% (15.0 to 26.0)",
            "n_studies": 12, "is_used": True, "fate": "in a result",
        },
        common | {
            "acceptability_id": "reported_effects:B_1", "row_order": 2,
            "outcome_label": "Satisfaction", "outcome_role": "satisfaction",
            "meta_analysis_id": "B", "label": "Königbauer J 2017",
            "of_whom": "difference between groups", "comparator_label": "Face-to-face therapy",
            "reported": "Hedges' g −0.14 (−0.56 to 0.28)", "is_used": False,
            "fate": "favourable direction is unclear",
        },
    ]  # fmt: skip


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows of every table of this module."""
    return {"rpt_rate_pairs": pair_rows(), "rpt_acceptability": number_rows()}
