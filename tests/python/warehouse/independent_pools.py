"""The seed paper's pooling of the shipped sheets in plain Python, without the project's code.

Reads the CSV files, applies adjudications and the declared rules, and pools by DerSimonian and
Laird (1986) with a normal interval. Written from the rules in docs/, not from the models.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
BARRING = {
    "value_implausible", "not_against_control", "within_group", "ci_excludes_estimate",
    "duplicate_of_claim",
}  # fmt: skip
LESS_IS_GOOD = {"dropout", "symptom", "deterioration"}
SMD_MEASURES = {"hedges_g", "cohens_d", "smd"}
ODDS = {"odds_ratio", "log_odds_ratio"}
FILTERS = ("condition", "subtype", "severity", "guidance", "therapy", "analysis_set", "delivery",
           "outcome")  # fmt: skip


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def effects_in_force(folder: Path) -> list[dict[str, str]]:
    """Rows of reported_effects with adjudicated values and the class of their comparator."""
    decisions = {
        (row["effect_id"], row["field"]): row["adjudicated_value"]
        for row in rows(folder, "extraction/adjudications")
    }
    classes = {r["code"]: r["comparator_class"] for r in rows(folder, "vocabulary/comparators")}
    deliveries = {
        row["meta_analysis_id"]: row["delivery"] for row in rows(folder, "extraction/meta_analyses")
    }
    effects = rows(folder, "extraction/reported_effects")
    for effect in effects:
        for field in effect:
            effect[field] = decisions.get((effect["effect_id"], field), effect[field])
        effect["comparator_class"] = classes[effect["comparator"]]
        effect["delivery"] = deliveries[effect["meta_analysis_id"]]
    return effects


def number(text: str) -> float | None:
    return float(text) if text else None


def value_on(effect: dict[str, str], scale: str) -> tuple[float, float] | None:
    """(yi, vi) of an effect on `smd`, `log_odds_ratio` or `log_risk_ratio`, or None."""
    sign = {"positive": 1, "above_one": 1, "negative": -1, "below_one": -1}.get(
        effect["favourable_direction"]
    )
    estimate, low, high = (number(effect[c]) for c in ("estimate", "ci_low", "ci_high"))
    if sign is None or estimate is None or BARRING & set(effect["flags"].split(";")):
        return None
    measure = effect["measure"]
    if measure in {"odds_ratio", "risk_ratio"}:
        estimate = math.log(estimate)
        low, high = (None if x is None else math.log(x) for x in (low, high))
    if low is not None and high is not None:
        z = NormalDist().inv_cdf((1 + float(effect["ci_level"])) / 2)
        se = (high - low) / (2 * z)
    elif number(effect["se"]):
        se = float(effect["se"])
    elif effect["p_operator"] == "=":
        se = abs(estimate) / NormalDist().inv_cdf(1 - float(effect["p_value"]) / 2)
    else:
        return None
    if scale != "smd" and (effect["outcome"] in LESS_IS_GOOD) == (sign == 1):
        estimate = -estimate  # printed the other way round: control against intervention
    if scale == "smd" and measure in SMD_MEASURES:
        return sign * estimate, se * se
    if scale == "smd" and measure in ODDS:
        return sign * estimate * math.sqrt(3) / math.pi, se * se * 3 / math.pi**2
    is_on_scale = measure in (ODDS if scale == "log_odds_ratio" else {"risk_ratio"})
    return (estimate, se * se) if scale != "smd" and is_on_scale else None


def members(
    analysis: dict[str, str],
    folder: Path,
    related: str = "declared",
    main_scopes: tuple[str, ...] = ("overall",),
) -> dict[str, tuple[float, float]]:
    """{effect_id: (yi, vi)} of an analysis: one effect per included meta-analysis.

    related      of related ones, the one as declared enters, the other one, or both
    main_scopes  what may stand for a meta-analysis where main pools are asked for
    """
    included = {
        row["meta_analysis_id"]
        for row in rows(folder, "extraction/meta_analyses")
        if row["eligibility"] == "included"
    }
    bands = {
        float(row["lower_bound"]): row["band"] for row in rows(folder, "protocol/months_bands")
    }
    chosen: dict[str, tuple] = {}
    for effect in effects_in_force(folder):
        filters = [*FILTERS, "comparator_class"]
        if any(analysis[f] and analysis[f] != effect[f] for f in filters):
            continue
        if effect["meta_analysis_id"] not in included or effect["timepoint"] != (
            analysis["timepoint"] or "post"
        ):
            continue
        if analysis["months_band"] not in ("", band_of(effect["follow_up_months"], bands)):
            continue
        is_overall = effect["scope"] == "overall"
        is_main = effect["scope"] in main_scopes or analysis["required_scope"] != "overall"
        if effect["restriction"] or not is_main:
            continue
        value = value_on(effect, analysis["scale"])
        if value is None:
            continue
        rank = (not is_overall, -(number(effect["n_comparisons"]) or 0), effect["effect_id"])
        best = chosen.get(effect["meta_analysis_id"])
        if best is None or rank < best[0]:
            chosen[effect["meta_analysis_id"]] = (rank, effect["effect_id"], value)
    left_out = superseded(set(chosen), folder, related)
    return {effect_id: value for name, (_, effect_id, value) in chosen.items()
            if name not in left_out}  # fmt: skip


def band_of(months: str, bands: dict[float, str]) -> str | None:
    """The band that begins last of those that begin by then; None where no month is given."""
    begun = [lower for lower in bands if months and lower <= float(months)]
    return bands[max(begun)] if begun else None


def superseded(meta_analyses: set[str], folder: Path, related: str) -> set[str]:
    """Those of which a related one, directly or over others, enters instead."""
    if related == "both":
        return set()
    enters = {row["relation"]: row["enters"] for row in rows(folder, "protocol/relation_kinds")}
    instead: dict[str, set[str]] = {}
    for row in rows(folder, "extraction/ma_relations"):
        pair = [row["meta_analysis_id"], row["related_id"]]
        if (enters[row["relation"]] == "related") == (related == "declared"):
            pair.reverse()
        if enters[row["relation"]] != "both":
            instead.setdefault(pair[1], set()).add(pair[0])
    for _ in instead:
        for others in instead.values():
            others.update(*(instead.get(other, set()) for other in set(others)))
    return {name for name in meta_analyses if instead.get(name, set()) & meta_analyses}


def logit_of_counts(events: float, total: float) -> tuple[float, float]:
    """(logit, variance), with 0.5 added where nobody or everybody has the event."""
    a, b = events, total - events
    if a == 0 or b == 0:
        a, b = a + 0.5, b + 0.5
    return math.log(a / b), 1 / a + 1 / b


def rate_value(row: dict[str, str]) -> tuple[float, float] | None:
    """(logit, variance) of a reported rate, or None."""
    events, total, percent = (number(row[c]) for c in ("events", "total", "percent"))
    has_interval = row["interval_kind"] == "ci95"
    if events is not None and total is None and percent:
        total = round(100 * events / percent)
    if total is not None and events is None and percent is not None and not has_interval:
        events = round(total * percent / 100)
    if events is not None and total is not None:
        return logit_of_counts(events, total)
    if percent is None or not has_interval:
        return None
    low, mid, high = (
        math.log(p / (100 - p))
        for p in (float(row["percent_low"]), percent, float(row["percent_high"]))
    )
    return mid, ((high - low) / (2 * Z)) ** 2


def trial_rates(analysis: dict[str, str], folder: Path) -> dict[str, tuple[float, float]]:
    """{rate_id: (logit, variance)} of trial arms: a control arm that two rows share counts once."""
    arm = analysis["arm"] or "intervention"
    wanted = {
        c: analysis[c]
        for c in ("condition", "guidance", "delivery", "definition_class", "outcome")
        if analysis[c]
    }
    found, trials = {}, set()
    for row in sorted(
        rows(folder, "extraction/primary_studies"), key=lambda row: row["comparison_id"]
    ):
        if not row[f"events_{arm}"] or any(row[c] != v for c, v in wanted.items()):
            continue
        if arm == "intervention" and row["counted_arm"] == "both":
            continue
        if arm == "control" and row["study_id"] in trials:
            continue
        trials.add(row["study_id"])
        rate_id = row["comparison_id"] + ("_control" if arm == "control" else "")
        found[rate_id] = logit_of_counts(float(row[f"events_{arm}"]), float(row[f"total_{arm}"]))
    return found


def rate_members(analysis: dict[str, str], folder: Path) -> dict[str, tuple[float, float]]:
    """{rate_id: (logit, variance)} of an analysis of rates: one per meta-analysis or per trial."""
    if analysis["unit"] == "trial":
        return trial_rates(analysis, folder)
    wanted = {
        c: analysis[c]
        for c in ("condition", "guidance", "definition_class", "outcome")
        if analysis[c]
    }
    classes = {r["code"]: r["comparator_class"] for r in rows(folder, "vocabulary/comparators")}
    meta_analyses = {r["meta_analysis_id"]: r for r in rows(folder, "extraction/meta_analyses")}
    wanted_class, delivery = analysis["comparator_class"], analysis["delivery"]
    chosen: dict[str, tuple] = {}
    for row in rows(folder, "extraction/reported_rates"):
        if wanted_class and classes[row["comparator"]] != wanted_class:
            continue
        if delivery and meta_analyses[row["meta_analysis_id"]]["delivery"] != delivery:
            continue
        value = rate_value(row)
        arm = analysis["arm"] or "intervention"
        if value is None or row["arm"] != arm or row["restriction"]:
            continue
        if BARRING & set(row["flags"].split(";")):
            continue
        if any(row[c] != v for c, v in wanted.items()):
            continue
        rank = (-(number(row["n_studies"]) or 0), row["rate_id"])
        best = chosen.get(row["meta_analysis_id"])
        if best is None or rank < best[0]:
            chosen[row["meta_analysis_id"]] = (rank, row["rate_id"], value)
    return {rate_id: value for _, rate_id, value in chosen.values()}


def dersimonian_laird(values: list[tuple[float, float]]) -> dict[str, float]:
    """Estimate, normal limits, tau2 and Q of two or more (yi, vi)."""
    w = [1 / v for _, v in values]
    mean = sum(wi * y for wi, (y, _) in zip(w, values, strict=True)) / sum(w)
    q = sum(wi * (y - mean) ** 2 for wi, (y, _) in zip(w, values, strict=True))
    c = sum(w) - sum(wi * wi for wi in w) / sum(w)
    tau2 = max(0.0, (q - (len(values) - 1)) / c)
    w = [1 / (v + tau2) for _, v in values]
    estimate = sum(wi * y for wi, (y, _) in zip(w, values, strict=True)) / sum(w)
    se = 1 / math.sqrt(sum(w))
    return {
        "estimate": estimate, "ci_low": estimate - Z * se, "ci_high": estimate + Z * se,
        "tau2": tau2, "q": q,
    }  # fmt: skip
