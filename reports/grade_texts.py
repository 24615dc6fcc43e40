"""Titles, alternative texts and data tables of the figures of grades and quality."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from reports import formats, theme
from reports.charts.grade_criteria import needs_text, unit_text, value_text
from reports.charts.grade_criteria import own_rows as own_criteria
from reports.charts.grades import RECOMMENDED
from reports.charts.grades import ordered as by_condition
from reports.charts.quality import ANSWERS, TOOLS, nobody, of_tool, rated_text, score_text
from reports.figure import Figure, Row, Tables


def is_graded(row: Row) -> bool:
    """True where a scheme gives a grade."""
    return row["grade_label"] is not None


def grades_message(figure: Figure, tables: Tables) -> str | None:
    """How many conditions have which grade by the first scheme, and what stays possible."""
    rows = [row for row in by_condition(tables["rpt_grades"]) if row["policy_id"] == RECOMMENDED]
    if not any(is_graded(row) for row in rows):
        return None
    first = min(
        (row for row in rows if is_graded(row)),
        key=lambda row: (row["scheme_order"], row["scheme"]),
    )
    own = [row for row in rows if row["scheme"] == first["scheme"] and is_graded(row)]
    counts = Counter((row["grade_place"], row["grade_label"]) for row in own)
    listed = ", ".join(f"{n} {label}" for (_, label), n in sorted(counts.items()))
    words = f"{first['scheme_label']}: {listed}, of {len(own)} conditions with a result"
    better = [row for row in own if row["best_place"] < row["grade_place"]]
    if better:
        words += f"; {len(better)} could be better if more were known"
    return words


def criteria_message(figure: Figure, tables: Tables) -> str | None:
    """The grade of the first scheme, what stays possible, and how many criteria are met."""
    rows = own_criteria(figure, tables)
    if not rows:
        return None
    own = [row for row in rows if row["scheme"] == rows[0]["scheme"]]
    grade = own_grades(rows[0]["analysis_id"], tables).get(rows[0]["scheme"])
    counts = Counter(row["status"] for row in own)
    said = ", ".join(f"{counts[status]} {status}" for status in dict.fromkeys(counts))
    words = f"{rows[0]['condition_label']}: {grade_words(grade)}"
    return f"{words}; of {len(own)} criteria {said} ({rows[0]['scheme_label']})"


def own_grades(analysis_id: str, tables: Tables) -> dict[str, Row]:
    """Grades of one analysis under recommended by scheme."""
    return {
        row["scheme"]: row
        for row in tables["rpt_grades"]
        if row["analysis_id"] == analysis_id and row["policy_id"] == RECOMMENDED
    }


def grade_words(row: Row | None) -> str:
    """Class IV, Class II to Class IV possible; or why there is no grade."""
    if row is None:
        return "no grade"
    parts = [row["grade_label"], row["status_text"]]
    return ", ".join(part for part in parts if part)


def quality_message(figure: Figure, tables: Tables) -> str | None:
    """How many are rated and with which rating, beside what is printed."""
    rows = tables["rpt_quality_shares"]
    if not rows:
        return None
    parts = []
    for tool, name in TOOLS.items():
        shares, _ = of_tool(tool, tables)
        whole = [row for row in shares if row["group_kind"] == "all"]
        if whole and whole[0]["n_rated"]:
            parts.append(f"{name}: {rated_text(whole[0])}, {ratings(whole)}")
        printed = [row for row in shares if row["group_kind"] == "published"]
        if printed:
            parts.append(f"published review: {ratings(printed)} ({rated_text(printed[0])})")
    return "; ".join(parts) or nobody(tables).rstrip(".")


def ratings(rows: Sequence[Row]) -> str:
    """0 high, 9 medium, 1 low; a number that is not printed is left out."""
    return ", ".join(
        f"{formats.count(row['n'])} {row['rating_label'].lower()}"
        for row in sorted(rows, key=lambda row: row["rating_order"])
        if not formats.is_missing(row["n"])
    )


MESSAGES = {
    "grade_criteria": criteria_message,
    "grades": grades_message,
    "quality": quality_message,
}


def describe_grades(figure: Figure, tables: Tables) -> str:
    """Each condition with its grade by each scheme."""
    rows = by_condition(tables["rpt_grades"])
    schemes = len({row["scheme"] for row in rows})
    conditions = len({row["analysis_id"] for row in rows})
    sentences = [f"Table of {conditions} conditions by {schemes} schemes of grading."]
    for _, members in groupby(rows, key=lambda row: (row["analysis_id"], row["policy_id"])):
        own = list(members)
        if own[0]["policy_id"] == RECOMMENDED:
            listed = "; ".join(f"{row['scheme_label']}: {grade_words(row)}" for row in own)
            sentences.append(f"{own[0]['condition_label']}: {listed}.")
        elif any(row["is_different_from_recommended"] for row in own):
            listed = "; ".join(
                f"{row['scheme_label']}: {grade_words(row)}"
                for row in own
                if row["is_different_from_recommended"]
            )
            sentences.append(f"By the conventional method {listed}.")
    return " ".join(sentences)


def describe_criteria(figure: Figure, tables: Tables) -> str:
    """Each scheme: the grade, how many criteria are met, and those that decide."""
    rows = own_criteria(figure, tables)
    if not rows:
        return "0 criteria: there is no estimate to grade."
    grades = own_grades(rows[0]["analysis_id"], tables)
    sentences = [f"Table of {len(rows)} criteria for {rows[0]['condition_label']}."]
    for scheme, members in groupby(rows, key=lambda row: row["scheme"]):
        own = list(members)
        counts = Counter(row["status"] for row in own)
        said = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))
        words = f"{own[0]['scheme_label']}: {grade_words(grades.get(scheme))}; {said}"
        deciding = [row["criterion_label"] for row in own if row["is_decisive"]]
        if deciding:
            words += f"; decided by: {'; '.join(deciding)}"
        following = grades[scheme]["next_grade_text"] if scheme in grades else None
        sentences.append(f"{words}.{' ' + following if following else ''}")
    return " ".join(sentences)


def describe_quality(figure: Figure, tables: Tables) -> str:
    """Ratings of each group, and of each meta-analysis with its score."""
    sentences = []
    for tool, name in TOOLS.items():
        shares, items = of_tool(tool, tables)
        groups = groupby(shares, key=lambda row: (row["group_order"], row["group_id"]))
        for _, members in groups:
            own = list(members)
            said = ratings(own) if own[0]["n_rated"] else "no rating"
            sentences.append(f"{own[0]['group_label']}: {said}, {rated_text(own[0])}.")
        rated = {row["meta_analysis_order"]: row for row in items}
        if rated:
            listed = "; ".join(f"{row['label']} {score_text(row)}" for row in rated.values())
            sentences.append(f"{name} of {len(rated)} meta-analyses: {listed}.")
    if not sentences:
        return f"{nobody(tables)} 0 ratings."
    return " ".join([f"Bars and map of ratings by {' and '.join(TOOLS.values())}.", *sentences])


DESCRIBERS = {
    "grade_criteria": describe_criteria,
    "grades": describe_grades,
    "quality": describe_quality,
}


def grade_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per condition, method and scheme."""
    return [
        (
            row["condition_label"],
            theme.SOURCES.get(row["policy_id"], row["policy_id"]),
            row["scheme_label"],
            " ".join(part for part in (row["grade_label"], row["symbols"]) if part)
            or theme.NOT_APPLICABLE,
            row["status_text"] or "",
            f"{formats.count(row['n_not_assessable'])} of {formats.count(row['n_criteria'])}",
            row["short_reason"] or "",
            row["next_grade_text"] or "",
            row["sensitivity_text"] or "",
        )
        for row in by_condition(tables["rpt_grades"])
    ]


def criteria_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per scheme and criterion."""
    return [
        (
            row["scheme_label"],
            row["domain"] or "",
            row["criterion_label"] or row["criterion"],
            value_text(row),
            unit_text(row),
            needs_text(row),
            row["status"],
            row["effect_on_grade"] or "",
            row["reason_not_assessable"] or "",
        )
        for row in own_criteria(figure, tables)
    ]


def quality_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per group of meta-analyses, then one per appraised meta-analysis and item."""
    made = []
    for tool, name in TOOLS.items():
        shares, items = of_tool(tool, tables)
        groups = groupby(shares, key=lambda row: (row["group_order"], row["group_id"]))
        for _, members in groups:
            own = list(members)
            made.append((name, own[0]["group_label"], rated_text(own[0]), "", "", ratings(own)))
        made += [
            (
                name,
                row["label"],
                score_text(row),
                formats.count(row["item"]),
                (row["item_label"] or "") + (" (critical)" if row["is_critical"] else ""),
                f"{ANSWERS[row['answer']][3]}, {row['answer_status']}",
            )
            for row in items
        ]
    return made


BUILDERS = {
    "grade_criteria": (
        (
            "Scheme",
            "Domain",
            "Criterion",
            "Value",
            "Unit",
            "Needs",
            "Status",
            "Effect on the grade",
            "Why not assessable",
        ),
        criteria_rows,
    ),
    "grades": (
        (
            "Condition",
            "Method",
            "Scheme",
            "Grade",
            "Possible",
            "Not assessable",
            "Because of",
            "Next grade",
            "Other thresholds",
        ),
        grade_rows,
    ),
    "quality": (
        (
            "Tool",
            "Meta-analyses",
            "Rating",
            "Item",
            "What it asks",
            "Answer or ratings",
        ),
        quality_rows,
    ),
}
NUMERIC = frozenset({"Value", "Needs", "Item"})


def own_rows(figure: Figure, tables: Tables) -> Sequence[Row]:
    """The rows of the mart behind a figure: of quality the answers, else the shares."""
    if figure.kind == "grade_criteria":
        return own_criteria(figure, tables)
    if figure.kind == "grades":
        return tables["rpt_grades"]
    return tables["rpt_quality_items"] or tables["rpt_quality_shares"]
