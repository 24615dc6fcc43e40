"""Pooled results as FHIR Evidence resources (release 5), in one bundle.

A resource for each result of the main policy: what was compared in whom, the statistic on the scale
that people read, heterogeneity, how many were studied, how certain it is, and what was pooled.
Codes are those of HL7's code systems where these have one, and words else.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reports import formats, sizes
from reports.exports import WarehouseTables, open_tables
from reports.figure import Row
from reports.manuscript.model import RECOMMENDED, is_rate, main_pools, shown
from reports.manuscript.references import STYLES
from reports.words import fill, review_of

SYSTEM = "http://terminology.hl7.org/CodeSystem/"
PERCENT = {"unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}
NAMESPACE = uuid.UUID("7a3fd4b5-94f6-4b3a-8d0c-6d1e6f6d7c11")
"""Of the identifiers: equal reviews, analyses and policies have equal ones."""

STATISTICS = {
    "smd": ("0000100", "Standardized Mean Difference"),
    "mean_difference": ("0000457", "Mean Difference"),
    "risk_difference": ("0000424", "Risk Difference"),
    "log_odds_ratio": ("C16932", "Odds Ratio"),
    "log_risk_ratio": ("C93152", "Relative Risk"),
    "log_hazard_ratio": ("C93150", "Hazard Ratio"),
    "log_incidence_rate_ratio": ("rate-ratio", "Incidence Rate Ratio"),
    "logit": ("C44256", "Proportion"),
    "log_incidence_rate": ("C16726", "Incidence"),
}
CONFIDENCE = ("C53324", "Confidence interval")
ATTRIBUTES = {
    "q": ("0000419", "Cochran's Q statistic"),
    "i2_q": ("0000420", "I-squared"),
    "tau2": ("0000421", "Tau squared"),
    "p_value": ("C44185", "P-value"),
}
RATINGS = ("high", "moderate", "low", "very-low")
META_ANALYSIS = ("std-MA", "summary data meta-analysis")
NOT_POOLED = ("single_study", "no_data")


def write_evidence(database: Path, folder: Path) -> int:
    """Write `evidence.json`, a bundle, into an empty folder; returns how many results it has.

    Raises ReportError as `open_tables` does.
    """
    with open_tables(database) as tables:
        bundle = evidence_bundle(tables)
    text = json.dumps(bundle, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / "evidence.json").write_text(text + "\n", encoding="utf-8")
    return len(bundle.get("entry", ()))


def evidence_bundle(tables: WarehouseTables) -> dict[str, Any]:
    """A Bundle with an Evidence resource for each analysis that pools something."""
    pools = main_pools(tables)
    members = _members(tables)
    grades = _grades(tables)
    entries = []
    for analysis in sorted(
        tables["dim_analyses"], key=lambda row: (row["sort_order"] or 0, row["analysis_id"])
    ):
        pool = pools.get(analysis["analysis_id"])
        if pool is not None and pool["status"] not in NOT_POOLED and pool["estimate"] is not None:
            key = analysis["analysis_id"]
            resource = _evidence(tables, analysis, pool, members.get(key, []), grades.get(key))
            entries.append({"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource})
    bundle = {"resourceType": "Bundle", "type": "collection"}
    return bundle | ({"entry": entries} if entries else {})  # FHIR has no empty lists


def _members(tables: WarehouseTables) -> dict[str, list[Row]]:
    """The meta-analyses that each main result pools, each once."""
    known = {row["meta_analysis_id"]: row for row in tables["dim_meta_analyses"]}
    found: dict[str, dict[str, Row]] = {}
    for row in tables["fct_analysis_members"]:
        name = row["meta_analysis_id"]
        if row["is_member"] and row["policy_id"] == RECOMMENDED and name in known:
            found.setdefault(row["analysis_id"], {})[name] = known[name]
    return {key: [rows[name] for name in sorted(rows)] for key, rows in found.items()}


def _grades(tables: WarehouseTables) -> dict[str, Row]:
    """How certain each main result is, by the scheme that the protocol gives this role."""
    schemes = {row["scheme"] for row in tables["dim_grading_schemes"] if row["role"] == "certainty"}
    return {
        row["analysis_id"]: row
        for row in tables["fct_evidence_grades"]
        if row["scheme"] in schemes
        and row["policy_id"] == RECOMMENDED
        and row["graded_kind"] == "pooled_result"
    }


def _evidence(
    tables: WarehouseTables, analysis: Row, pool: Row, members: list[Row], grade: Row | None
) -> dict[str, Any]:
    review = review_of(tables)
    name = f"{review['review_id']}/{analysis['analysis_id']}/{RECOMMENDED}"
    identifier = str(uuid.uuid5(NAMESPACE, name))
    resource = {
        "resourceType": "Evidence",
        "id": identifier,
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{identifier}"}],
        "title": analysis["label"],
        "status": "active",
        "description": review["question"],
        "citeAsMarkdown": review["citation"],
        "relatedArtifact": [_artifact(row) for row in members],
        "variableDefinition": _variables(tables, analysis, pool),
        "synthesisType": _concept("synthesis-type", META_ANALYSIS),
        "statistic": [_statistic(analysis, pool)],
        "certainty": [_certainty(grade)] if grade else [],
    }
    return {key: value for key, value in resource.items() if value}


def _artifact(row: Row) -> dict[str, Any]:
    artifact = {
        "type": "derived-from",
        "label": row["citation_label"],
        "citation": STYLES["vancouver"].write(row, ""),
    }
    if row["doi"]:
        artifact["document"] = {"url": f"https://doi.org/{row['doi']}"}
    return artifact


def _variables(tables: WarehouseTables, analysis: Row, pool: Row) -> list[dict[str, Any]]:
    review = review_of(tables)
    outcomes = {
        row["code"]: row["label"]
        for row in tables["dim_filter_codes"]
        if row["vocabulary"] == "outcomes"
    }
    outcome = outcomes.get(analysis["outcome"], analysis["outcome"])
    group = f"[[Condition]]: {analysis['condition_label'] or 'all [[conditions]]'}"
    roles = [("population", group)]
    if not is_rate(pool):
        roles += [("exposure", "[[Studied]]"), ("referenceExposure", "[[Comparison]]")]
    roles.append(("measuredVariable", outcome))
    return [
        {"description": fill(text, review), "variableRole": _concept("variable-role", (role, None))}
        for role, text in roles
    ]


def _statistic(analysis: Row, pool: Row) -> dict[str, Any]:
    value, *limits = shown(pool)[:3]
    predicted = shown(pool)[3:]
    unit = _unit(analysis, pool)
    level = pool["ci_level"]
    interval = {"type": _concept("attribute-estimate-type", CONFIDENCE), "level": level}
    estimates = [interval | _range(limits, unit)]
    if not any(map(formats.is_missing, predicted)):
        kind = {"type": {"text": "Prediction interval"}, "level": level}
        estimates.append(kind | _range(predicted, unit))
    for key, code in ATTRIBUTES.items():
        number = pool.get(key)
        if not formats.is_missing(number):
            concept = _concept("attribute-estimate-type", code)
            of_key = PERCENT if key == "i2_q" else {}
            estimates.append({"type": concept, "quantity": {"value": number} | of_key})
    kind = STATISTICS.get(analysis["scale"])
    return {
        "description": f"{analysis['scale_label']}, pooled",
        "statisticType": _concept("statistic-type", kind, analysis["scale_label"]),
        "quantity": {"value": value, **unit},
        "sampleSize": _sample(pool),
        "attributeEstimate": estimates,
    }


def _unit(analysis: Row, pool: Row) -> Mapping[str, str]:
    """The unit of a percentage, a rate per time or a mean difference; a ratio has none."""
    if analysis["scale"] == "logit":
        return PERCENT
    has_unit = analysis["measure_unit"] and (is_rate(pool) or pool["shown_as"] == "identity")
    return {"unit": analysis["measure_unit"]} if has_unit else {}


def _range(limits: Sequence[float | None], unit: Mapping[str, str]) -> dict[str, Any]:
    low, high = ({"value": limit, **unit} for limit in limits)
    return {"range": {"low": low, "high": high}}


def _sample(pool: Row) -> dict[str, Any]:
    """How many were pooled; studies that several members share count again."""
    over = f", {sizes.words(pool)}" if pool["person_time_unit"] else ""
    sample: dict[str, Any] = {"description": f"{pool['k']} pooled results{over}"}
    if pool["n_studies"] is not None:
        sample["numberOfStudies"] = pool["n_studies"]
    if pool["n_participants"] is not None:
        sample["numberOfParticipants"] = pool["n_participants"]
    return sample


def _certainty(grade: Row) -> dict[str, Any]:
    said = {
        "description": grade["reasons"],
        "type": {"text": grade["scheme_label"]},
        "rating": _rating(grade),
    }
    return {key: value for key, value in said.items() if value}


def _rating(grade: Row) -> dict[str, Any]:
    code = (grade["grade"] or "").replace("_", "-")
    if code in RATINGS:
        return _concept("certainty-rating", (code, None), grade["grade_label"])
    return {"text": grade["grade_label"] or "Not judged"}


def _concept(
    system: str, code: tuple[str, str | None] | None, text: str | None = None
) -> dict[str, Any]:
    """A code of one of HL7's systems, with the name that it has there, and words."""
    concept: dict[str, Any] = {"text": text} if text else {}
    if code is not None:
        coding = {"system": SYSTEM + system, "code": code[0], "display": code[1]}
        concept["coding"] = [{key: value for key, value in coding.items() if value}]
    return concept
