"""The methods of a review in words, from its protocol; nothing here is of one review."""

import re
from collections.abc import Iterable, Mapping

from reports import formats
from reports.figure import TOOLS, Row, Tables
from reports.manuscript.model import RECOMMENDED, Heading, main_pools, measures, scale_name
from reports.pages.methods import listed, order_of
from reports.words import lower_first, review_of, smd_sign, upper_first

ESTIMATORS = {
    "REML": "restricted maximum likelihood",
    "ML": "maximum likelihood",
    "DL": "the method of DerSimonian and Laird",
    "DL2": "the two-step method of DerSimonian and Laird",
    "PM": "the method of Paule and Mandel",
    "PMM": "the median-unbiased method of Paule and Mandel",
    "EB": "empirical Bayes",
    "HE": "the method of Hedges",
    "HS": "the method of Hunter and Schmidt",
    "HSk": "the method of Hunter and Schmidt with a small-sample correction",
    "SJ": "the method of Sidik and Jonkman",
}
INTERVALS = {
    "z": "the normal distribution",
    "t": "the t distribution with k−1 degrees of freedom",
    "HK": "the method of Hartung and Knapp",
    "HK_adhoc": "the method of Hartung and Knapp, whose standard error is never smaller than that "
    "of the usual method",
    "HK_ci": "the method of Hartung and Knapp, or the usual interval where that is wider",
    "HK_iqwig6": "the method of Hartung and Knapp, whose standard error is that of the usual "
    "method where the interval would be narrower than a normal one around a DerSimonian-Laird "
    "estimate (IQWiG)",
    "KR": "the method of Kenward and Roger",
    "KR_meta": "the method of Kenward and Roger, as the R package meta has it",
    "PL": "the profile likelihood",
}
PREDICTIONS = {
    "HTS": "the t distribution with k−2 degrees of freedom",
    "V": "the t distribution with k−1 degrees of freedom",
    "z": "the normal distribution",
    "HK": "the Hartung-Knapp standard error and k−1 degrees of freedom",
    "HK_PR": "the Hartung-Knapp standard error and k−2 degrees of freedom",
    "KR": "the standard error and degrees of freedom of Kenward and Roger",
    "KR_PR": "the standard error of Kenward and Roger and one degree of freedom less than theirs",
    "KR_meta": "the standard error and degrees of freedom of Kenward and Roger, as the R package "
    "meta has them",
    "KR_PR_meta": "the standard error of Kenward and Roger and one degree of freedom less than the "
    "R package meta has",
}
OVERLAP = {
    "none": "[[members]] were taken as independent of one another",
    "shared_trials": "[[members]] known to share [[studies]] were given the correlation that the "
    "shared [[studies]] imply, and pooled by generalised least squares; those of which nothing is "
    "known were taken as independent",
    "shared_trials_or_default": "[[members]] known to share [[studies]] were given the correlation "
    "that the shared [[studies]] imply, and all other pairs one of {default:g}; they were pooled "
    "by generalised least squares",
}
COMMON = "a common-effect model with inverse-variance weights"
RANDOM = "a random-effects model with inverse-variance weights"
ODDS_RATIOS = {
    "hasselblad_hedges": "log odds ratios that enter an analysis of standardised mean differences "
    "were multiplied by √3/π",
    "cox": "log odds ratios that enter an analysis of standardised mean differences were divided "
    "by 1.65",
}
CONVERTED = {
    "left_out": "results that reach the scale of an analysis by a conversion were left out",
}
NOT_SO = {
    "tau2": "no variance between [[members]]",
    "prediction": "no prediction interval",
    "odds_ratios": "",
    "converted": "converted results were pooled too",
}
"""What is said where the main policy does something that another leaves out."""

AFTER_NOUN = re.compile(r"( (?:of|per) |$)")
Part = Heading | str


def methods(tables: Tables) -> list[Part]:
    """Headings and paragraphs of the methods."""
    return [part for section in SECTIONS for part in section(tables) if part]


def question(tables: Tables) -> Iterable[Part]:
    """What was asked, and until when the literature was searched."""
    review = review_of(tables)
    yield Heading("Question and search")
    said = [_ended(review["question"])]
    if review["search_date"]:
        said.append(f"The literature was searched until {review['search_date']}.")
    if review["registration"]:
        said.append(f"The review was registered: {review['registration']}.")
    yield " ".join(filter(None, said))
    rows = tables["dim_meta_analyses"]
    n_included = sum(row["eligibility"] == "included" for row in rows)
    yield (
        f"{formats.counted(len(rows), 'meta-analysis', 'meta-analyses')} "
        f"{formats.agreeing(len(rows), 'was', 'were')} assessed and {formats.count(n_included)} "
        "included."
    )
    yield review["data_note"]


def selection(tables: Tables) -> Iterable[Part]:
    """Which effects enter an analysis."""
    analyses = tables["dim_analyses"]
    if not analyses:
        return
    yield Heading("Selection of results")
    n = len(analyses)
    n_main = sum(bool(row["is_headline"]) for row in analyses)
    yield (
        f"{formats.counted(n, 'analysis was', 'analyses were')} declared in the protocol, "
        f"{formats.count(n_main)} of them as main results."
    )
    rules = {row["selection_rule"]: row for row in tables["dim_selection_rules"]}
    used = dict.fromkeys(row["selection_rule"] for row in analyses)
    for code in used:
        number = sum(row["selection_rule"] == code for row in analyses)
        rule = rules[code]
        order = order_of(rule)
        yield (
            f"Of {formats.counted(number, 'analysis', 'analyses')} the rule was: "
            f"{lower_first(_ended(rule['description']))}" + (f" {order}." if order else "")
        )


def effects(tables: Tables) -> Iterable[Part]:
    """Scales, their direction, and conversions."""
    scales = {
        row["scale"]: row for row in sorted(tables["dim_analyses"], key=lambda row: row["scale"])
    }
    if not scales:
        return
    yield Heading("Effect measures")
    names = list(dict.fromkeys(map(scale_name, scales.values())))
    said = [f"Results were pooled as {listed(_plural(names))}."]
    if any(row["shown_as"] == "exp" for row in scales.values()):
        said.append("Ratios and rates per person-time were pooled as logarithms.")
    if any(row["shown_as"] == "expit" for row in scales.values()):
        said.append("Percentages were pooled as logits.")
    if any(row["shown_as"] == "tanh" for row in scales.values()):
        said.append("Correlations were pooled after Fisher's z transformation.")
    if "SMD" in measures(tables):
        said.append(f"Of a standardised mean difference, {smd_sign(review_of(tables))}.")
    yield " ".join(said)
    converted = [
        row
        for row in tables["fct_analysis_members"]
        if row["is_member"] and row["policy_id"] == RECOMMENDED and row["conversion"]
    ]
    if converted:
        n = len({row["effect_id"] for row in converted})
        assumed = dict.fromkeys(row["conversion_assumption"] for row in converted)
        yield (
            f"{formats.counted(n, 'result was', 'results were')} converted from another scale, "
            f"assuming that {'; or that '.join(filter(None, assumed))}."
        )


def pooling(tables: Tables) -> Iterable[Part]:
    """The main policy, and the others as sensitivity analyses."""
    policies = tables["dim_policies"]
    main = next((row for row in policies if row["policy_id"] == RECOMMENDED), None)
    if main is None or not main_pools(tables):
        return
    yield Heading("Statistical synthesis")
    converting = _converts_odds_ratios(tables)
    said = parts(main, converting=converting)
    yield " ".join(_sentence(part) for part in said.values() if part)
    others = [row for row in policies if row is not main]
    if others:
        yield "Sensitivity analyses repeated each analysis with other choices:"
        yield from (
            f"{row['label']}: {differing(parts(row, converting=converting), said)}."
            for row in others
        )


def differing(own: Mapping[str, str], main: Mapping[str, str]) -> str:
    """What a policy does otherwise than the main one."""
    found = [part or NOT_SO[name] for name, part in own.items() if part != main[name]]
    return "; ".join(found) or "as the main analysis"


def parts(policy: Row, *, converting: bool) -> dict[str, str]:
    """What a policy does, by the choice it makes; empty for what it leaves out."""
    level = f"{100 * policy['ci_level']:g}%"
    is_common = policy["tau2_method"] == "CE"
    predicted = "" if is_common else PREDICTIONS.get(policy["pi_method"], "")
    return {
        "model": f"results were pooled by {COMMON if is_common else RANDOM}",
        "tau2": ""
        if is_common
        else "the variance between [[members]] was estimated by "
        + ESTIMATORS[policy["tau2_method"]],
        "interval": f"{level} confidence intervals use {INTERVALS[policy['ci_method']]}",
        "prediction": predicted and f"{level} prediction intervals use {predicted}",
        "overlap": OVERLAP[policy["overlap_handling"]].format(
            default=policy["default_correlation"] or 0
        ),
        "odds_ratios": ODDS_RATIOS[policy["or_to_smd_rule"]] if converting else "",
        "converted": CONVERTED.get(policy["converted_effects"], ""),
    }


def _converts_odds_ratios(tables: Tables) -> bool:
    """Whether any result entered an analysis of standardised mean differences as an odds ratio."""
    of_smds = {row["analysis_id"] for row in tables["dim_analyses"] if row["scale"] == "smd"}
    return any(
        row["conversion"] and row["analysis_id"] in of_smds
        for row in tables["fct_analysis_members"]
    )


def grading(tables: Tables) -> Iterable[Part]:
    """The schemes by which results are graded."""
    used = {row["scheme"] for row in tables["fct_evidence_grades"]}
    schemes = [row for row in tables["dim_grading_schemes"] if row["scheme"] in used]
    if not schemes:
        return
    yield Heading("Grading of the evidence")
    for row in schemes:
        parts = (row["description"], row["assumes"], row["source"])
        yield f"{row['label']}: " + " ".join(_ended(part) for part in parts if part)


def quality(tables: Tables) -> Iterable[Part]:
    """How many meta-analyses were rated."""
    included = [row for row in tables["fct_quality_ratings"] if row["is_included"]]
    if any(row["status"] == "rated" for row in included):
        yield Heading("Methodological quality")
    for tool in sorted({row["tool"] for row in included}):
        of_tool = [row for row in included if row["tool"] == tool]
        rated = [row for row in of_tool if row["status"] == "rated"]
        if rated:
            were = formats.agreeing(len(rated), "was", "were")
            yield (
                f"{formats.count(len(rated))} of {formats.count(len(of_tool))} included "
                f"meta-analyses {were} rated by {TOOLS.get(tool, tool)}."
            )


def software(tables: Tables) -> Iterable[Part]:
    """What computed the numbers."""
    versions = {row["component"]: row["version"] for row in tables["dim_versions"]}
    yield Heading("Software")
    yield (
        "Results were computed by umbrella-warehouse (functions of version "
        f"{versions.get('kernels', 'unknown')}) in DuckDB {versions.get('duckdb', '')}. The "
        "accompanying script recomputes them with the R package metafor."
    )


def _plural(names: list[str]) -> list[str]:
    """Odds ratios; percentages of participants."""
    return [AFTER_NOUN.sub(r"s\1", name, count=1) for name in names]


def _sentence(part: str) -> str:
    """A part as a sentence; the word of a name in brackets gets its capital with the name."""
    first = 2 if part.startswith("[[") else 0
    return f"{part[:first]}{upper_first(part[first:])}."


def _ended(text: str | None) -> str:
    text = " ".join((text or "").split())
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


SECTIONS = (question, selection, effects, pooling, grading, quality, software)
