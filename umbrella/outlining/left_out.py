"""Which rows of an extraction no analysis of an outline takes, and why."""

from collections.abc import Iterator

from umbrella.outlining.extraction import (
    MEAN_DIFFERENCE,
    OF_RATES,
    POOLED_ARMS,
    UNSAID,
    Extraction,
    Kind,
    Row,
    rate_scale,
)
from umbrella.outlining.outline import Outline

Reasons = dict[str, list[str]]


def left_out(extraction: Extraction, outline: Outline) -> dict[tuple[str, str], list[str]]:
    """Identifiers of rows that no analysis takes, by kind (effect or rate) and reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, find in (("effect", effects_left_out), ("rate", rates_left_out)):
        for name, reason in find(extraction, outline):
            found.setdefault((kind, reason), []).append(name)
    return found


def effects_left_out(extraction: Extraction, outline: Outline) -> Iterator[tuple[str, str]]:
    """Each effect that is in no analysis, with the reason."""
    analyses = [row for row in outline.analyses if row["scale"] not in OF_RATES]
    taken = {
        row["effect_id"]
        for row in extraction.effects
        if any(takes(extraction, analysis, row) for analysis in analyses)
    }
    for row in extraction.sheets["reported_effects"]:
        if row["effect_id"] not in taken:
            yield row["effect_id"], reason_for_effect(extraction, row)


def takes(extraction: Extraction, analysis: Row, row: Row) -> bool:
    """Whether an analysis would pool an effect."""
    own = {
        "comparator_class": extraction.comparator_class(row["comparator"]),
        "months_band": extraction.months_band(row),
        **row,
    }
    asked = {
        column: analysis.get(column, "")
        for column in (
            "condition",
            "outcome",
            "comparator_class",
            "months_band",
            *extraction.filters,
        )
    }
    return (
        not row["restriction"]
        and not row["evidence"]
        and row["timepoint"] == (analysis.get("timepoint") or "post")
        and extraction.kind_of(row) == kind_of(analysis)
        and (analysis["required_scope"] == "any" or row["scope"] != "subgroup")
        and all(not code or own[column] == code for column, code in asked.items())
    )


def kind_of(analysis: Row) -> Kind:
    """What an analysis pools."""
    return Kind(analysis["outcome"], analysis["scale"], analysis.get("measure_unit", ""))


def reason_for_effect(extraction: Extraction, row: Row) -> str:
    """Why no analysis takes an effect."""
    common = reason_for_row(extraction, row)
    if common:
        return common
    if row["evidence"]:
        return "a result of a network meta-analysis"
    if not extraction.kind_of(row):
        measure = extraction.measures.get(row["measure"])
        label = measure["label"] if measure else row["measure"]
        if extraction.amount_of_exposure(row):
            return f"{label} for an amount of the exposure, which converts to no difference"
        is_without_unit = extraction.scale_of(row) == MEAN_DIFFERENCE
        return label + (", without its unit" if is_without_unit else ", which is never pooled")
    if row["timepoint"] != "post":
        return (
            "at follow-up, where fewer than two meta-analyses report the same or none is a headline"
        )
    return "a subgroup of its meta-analysis alone, where too few report the same"


def reason_for_row(extraction: Extraction, row: Row) -> str:
    """Why neither an effect nor a rate like this one is pooled; empty where it may be."""
    if row["meta_analysis_id"] not in extraction.included:
        known = {other["meta_analysis_id"] for other in extraction.sheets["meta_analyses"]}
        is_known = row["meta_analysis_id"] in known
        return "of an excluded meta-analysis" if is_known else "of an unknown meta-analysis"
    if row["condition"] not in extraction.labels("conditions"):
        return "of an unknown condition"
    role = extraction.outcome_roles.get(row["outcome"])
    if role is None or role in UNSAID:
        return "on an outcome that says not what it is"
    return "restricted to a part of the meta-analysis" if row["restriction"] else ""


def rates_left_out(extraction: Extraction, outline: Outline) -> Iterator[tuple[str, str]]:
    """Each rate that is in no analysis, with the reason."""
    pooled = {
        (row.get("condition", ""), row["outcome"], row["scale"])
        for row in outline.analyses
        if row["scale"] in OF_RATES
    }
    for row in extraction.sheets["reported_rates"]:
        reason = reason_for_row(extraction, row)
        if not reason and row["arm"] not in POOLED_ARMS:
            reason = f"of another arm than the intervention ({row['arm']})"
        if not reason and ((row["condition"], row["outcome"], rate_scale(row)) not in pooled):
            reason = "of a condition and outcome without an analysis"
        if reason:
            yield row["rate_id"], reason


NO_AMOUNT = "no amount"


def several_amounts(outline: Outline) -> Reasons:
    """Amounts of an exposure for which ratios on one outcome of a condition are pooled apart."""
    found: Reasons = {}
    for row in outline.analyses:
        if row["scale"] in (MEAN_DIFFERENCE, *OF_RATES):
            continue
        amount = row.get("measure_unit", "") or NO_AMOUNT
        what = f"{row.get('condition', '')}, {row['outcome']}, {row['scale']}"
        if amount not in found.setdefault(what, []):
            found[what].append(amount)
    return {what: amounts for what, amounts in found.items() if len(amounts) > 1}
