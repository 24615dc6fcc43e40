"""Titles, alternative texts and data tables of the figures of one condition."""

from collections.abc import Sequence

from reports import formats, theme
from reports.charts.funnel import filled_words, findings, has_variant
from reports.charts.funnel import own_rows as own_points
from reports.charts.leave_one_out import change
from reports.charts.leave_one_out import own_rows as own_lines
from reports.figure import Figure, Row, Tables

LEVEL = 0.05
FUNNEL_KINDS = {"meta_analysis": "Meta-analysis", "filled": "Filled in"}


def summary_of(figure: Figure, tables: Tables) -> Row | None:
    """The tests of a funnel plot, or None."""
    rows = tables["rpt_funnel_summary"]
    return next((row for row in rows if row["figure_id"] == figure.figure_id), None)


def funnel_message(figure: Figure, tables: Tables) -> str | None:
    """What the tests of asymmetry say, or that there are too few meta-analyses to test."""
    row = summary_of(figure, tables)
    if not row:
        return None
    label, k = row["analysis_label"], formats.count(row["k"])
    if row["caution"]:
        return f"{label}: {k} meta-analyses are too few to test for funnel asymmetry"
    if formats.is_missing(row["egger_p"]):
        return None
    is_asymmetric = row["egger_p"] < LEVEL
    found = "asymmetric funnel" if is_asymmetric else "no clear asymmetry"
    words = f"{label}: {found} by Egger's test ({formats.p_value(row['egger_p'])}, k={k})"
    if not has_variant(row):
        return words
    agrees = (row["egger_smd_p"] < LEVEL) == is_asymmetric
    result = f"({formats.p_value(row['egger_smd_p'])}, k={formats.count(row['egger_smd_k'])})"
    return f"{words}, {'and' if agrees else 'not'} by its variant for SMDs {result}"


def leave_one_out_message(figure: Figure, tables: Tables) -> str | None:
    """Whether one meta-analysis, or a ceiling, changes the conclusion."""
    rows = own_lines(figure, tables)
    omitted = [row for row in rows if row["row_kind"] == "omitted"]
    if not omitted:
        return None
    changed = [row for row in omitted if row["is_conclusion_changed"]]
    places = formats.decimals(figure.measure)
    estimates = [row["estimate"] for row in omitted if not formats.is_missing(row["estimate"])]
    label = rows[0]["analysis_label"]
    if not changed:
        span = formats.interval(min(estimates), max(estimates), places)
        words = f"{label}: no single meta-analysis changes the conclusion ({span})"
    elif len(changed) == 1:
        words = f"{label}: without {changed[0]['label']} the conclusion changes"
    else:
        words = f"{label}: {len(changed)} of {len(omitted)} meta-analyses change the conclusion"
    ending = ceiling_words(rows)
    return f"{words}; {ending}" if ending else words


def ceiling_words(rows: Sequence[Row]) -> str | None:
    """Up to which ceiling a finding holds; None where there is no finding to lose."""
    ceilings = [row for row in rows if row["row_kind"] == "ceiling"]
    if not ceilings or ceilings[0]["favours"] not in ("intervention", "control"):
        return None
    lost = [row for row in ceilings if row["is_conclusion_changed"]]
    if lost:
        return f"a credibility ceiling of {lost[0]['label']} ends it"
    return f"it holds under a credibility ceiling of {ceilings[-1]['label']}"


MESSAGES = {"funnel": funnel_message, "leave_one_out": leave_one_out_message}


def describe_funnel(figure: Figure, tables: Tables) -> str:
    """How many points lie where, the pooled estimate, and the tests."""
    row = summary_of(figure, tables)
    if not row:
        return "No funnel plot."
    rows = [r for r in own_points(figure, tables) if r["point_kind"] == "meta_analysis"]
    errors = [r["se"] for r in rows]
    places = formats.decimals(figure.measure)
    words = [
        f"Funnel plot of {len(rows)} meta-analyses, "
        f"{theme.measure_label(figure.measure).lower()} against standard errors from "
        f"{formats.number(min(errors))} to {formats.number(max(errors))}.",
        "Pooled "
        + formats.estimate(row["estimate"], row["ci_low"], row["ci_high"], places)
        + f"; {sum(r['estimate'] > row['estimate'] for r in rows)} lie above it.",
        f"{sum(r['p_value'] < LEVEL for r in rows)} of {len(rows)} differ from no effect at "
        "P below 0.05.",
    ]
    words += [f"{heading}: {said.rstrip('.')}." for heading, said, _ in findings(figure, row)]
    return " ".join(words)


def describe_leave_one_out(figure: Figure, tables: Tables) -> str:
    """The result of all, the extremes without one, what changes, and every ceiling."""
    rows = own_lines(figure, tables)
    omitted = [row for row in rows if row["row_kind"] == "omitted"]
    if not omitted:
        return "No leave-one-out figure."
    places = formats.decimals(figure.measure)
    words = [f"Leave-one-out plot of {len(omitted)} meta-analyses."]
    words += [f"All: {result(row, places)}." for row in rows if row["row_kind"] == "all"]
    words += [
        f"{name} without {row['label']}: {result(row, places)}."
        for name, row in (("Smallest", omitted[0]), ("Largest", omitted[-1]))
    ]
    changed = [row["label"] for row in omitted if row["is_conclusion_changed"]]
    words.append(f"The conclusion changes without {', '.join(changed) or 'none of them'}.")
    ceilings = [row for row in rows if row["row_kind"] == "ceiling"]
    if ceilings:
        listed = "; ".join(f"{row['label']} {result(row, places)}" for row in ceilings)
        words.append(f"Credibility ceilings: {listed}.")
    return " ".join(words)


def result(row: Row, places: int) -> str:
    """An estimate with its interval."""
    return formats.estimate(row["estimate"], row["ci_low"], row["ci_high"], places)


DESCRIBERS = {"funnel": describe_funnel, "leave_one_out": describe_leave_one_out}


def funnel_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per point, then one per test."""
    places = formats.decimals(figure.measure)
    made = [
        (
            row["label"],
            FUNNEL_KINDS.get(row["point_kind"], row["point_kind"]),
            result(row, places),
            formats.number(row["se"], 3),
            formats.p_value(row["p_value"]).removeprefix("P").removeprefix("="),
            formats.percent(row["weight_percent"], missing=theme.NOT_APPLICABLE),
            "",
        )
        for row in own_points(figure, tables)
    ]
    summary = summary_of(figure, tables)
    return [*made, *(test_rows(figure, summary) if summary else [])]


def test_rows(figure: Figure, row: Row) -> list[tuple[str, ...]]:
    """Tests and trim and fill; below ten meta-analyses with the caution."""
    dash = theme.NOT_APPLICABLE
    made = []
    for name, prefix in (("Egger's test", "egger"), ("Its variant for SMDs", "egger_smd")):
        if row[f"{prefix}_status"] != "ok":
            continue
        keys = (f"{prefix}_bias", f"{prefix}_ci_low", f"{prefix}_ci_high")
        k = formats.count(row["k"] if prefix == "egger" else row["egger_smd_k"])
        p = formats.p_value(row[f"{prefix}_p"]).removeprefix("P").removeprefix("=")
        slope = formats.estimate(*(row[key] for key in keys))
        remark = ". ".join(part for part in (f"k={k}", row["caution"]) if part)
        made.append((name, "Test, slope", slope, dash, p, dash, remark))
    if not formats.is_missing(row["filled_k"]):
        keys = ("filled_estimate", "filled_ci_low", "filled_ci_high")
        pooled = formats.estimate(*(row[key] for key in keys), formats.decimals(figure.measure))
        said = filled_words(figure, row)
        made.append(("Trim and fill", "Sensitivity", pooled, dash, dash, dash, said))
    return made


def leave_one_out_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per line of the figure."""
    places = formats.decimals(figure.measure)
    names = {"all": "", "omitted": "without ", "ceiling": "ceiling "}
    return [
        (
            f"{names[row['row_kind']]}{row['label']}".capitalize()
            if row["row_kind"] == "ceiling"
            else f"{names[row['row_kind']].capitalize()}{row['label']}",
            formats.count(row["k"]),
            result(row, places),
            change(row, figure),
            formats.percent(row["i2_percent"], 0, missing=theme.NOT_APPLICABLE),
            formats.p_value(row["p_value"]).removeprefix("P").removeprefix("="),
            row["favours"] or theme.NOT_APPLICABLE,
            "yes" if row["is_conclusion_changed"] else "no",
        )
        for row in own_lines(figure, tables)
    ]


BUILDERS = {
    "funnel": (
        (
            "Meta-analysis or test",
            "Kind",
            "Estimate (95% CI)",
            "Standard error",
            "P",
            "Weight",
            "Remark",
        ),
        funnel_rows,
    ),
    "leave_one_out": (
        (
            "Pooled",
            "k",
            "Estimate (95% CI)",
            "Change",
            "I²",
            "P",
            "Favours",
            "Conclusion changes",
        ),
        leave_one_out_rows,
    ),
}
NUMERIC = frozenset({"Standard error", "Change", "I²"})


def own_rows(figure: Figure, tables: Tables) -> Sequence[Row]:
    """The rows of the mart behind a figure."""
    return {"funnel": own_points, "leave_one_out": own_lines}[figure.kind](figure, tables)
