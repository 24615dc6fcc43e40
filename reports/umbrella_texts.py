"""Titles, alternative texts and data tables of the figures of the umbrella layer."""

from collections.abc import Sequence

from reports import formats, theme
from reports.charts.agreement import coefficient
from reports.charts.agreement import ordered as by_field
from reports.charts.agreement import words as in_words
from reports.charts.evidence_map import COMPARATORS
from reports.charts.evidence_map import ordered as by_cell
from reports.charts.multiverse import CHOICES
from reports.charts.multiverse import own_rows as own_specifications
from reports.figure import Figure, Row, Tables

STATUSES = {
    "ok": "",
    "at_least": "At least so many: a list is partial",
    "unknown": "Not known: a list is partial",
}


def lists(row: Row) -> str:
    """12 of 136 meta-analyses with a complete trial list."""
    return (
        f"{formats.count(row['n_lists'])} of {formats.count(row['n_meta_analyses'])} "
        "meta-analyses with a complete trial list"
    )


def overlap_message(figure: Figure, tables: Tables) -> str | None:
    """The band and the overall area, and how many lists it rests on."""
    for row in tables["rpt_overlap_summary"]:
        if not formats.is_missing(row["cca"]):
            band = (row["band_label"] or "").lower()
            return f"Overlap is {band}, {formats.percent(row['cca'])}, between the {lists(row)}"
    return None


def multiverse_message(figure: Figure, tables: Tables) -> str | None:
    """In how many specifications the prespecified finding holds."""
    rows = own_specifications(figure, tables)
    own = [row for row in rows if row["is_prespecified"]]
    if not own:
        return None
    row, total = own[0], formats.count(own[0]["n_with_estimate"])
    label = row["analysis_label"] or row["analysis_id"]
    sides = {
        "intervention": ("benefit", row["n_favour_intervention"]),
        "control": ("harm", row["n_favour_control"]),
    }
    if row["favours"] not in sides:
        better = formats.count(row["n_favour_intervention"])
        return (
            f"{label}: no clear effect as prespecified; {better} of {total} specifications "
            "favour the intervention"
        )
    name, holds = sides[row["favours"]]
    count = (
        f"all {total}" if holds == row["n_with_estimate"] else f"{formats.count(holds)} of {total}"
    )
    return f"{label}: the {name} holds in {count} specifications"


def evidence_map_message(figure: Figure, tables: Tables) -> str | None:
    """How many cells are gaps, and how many are pooled."""
    rows = tables["rpt_evidence_map"]
    gaps = sum(not row["n_meta_analyses"] for row in rows)
    pooled = sum(not formats.is_missing(row["estimate"]) for row in rows)
    if not rows:
        return None
    return (
        f"{gaps} of {len(rows)} cells of condition, comparator and guidance hold no meta-analysis; "
        f"{pooled} are pooled"
    )


def agreement_message(figure: Figure, tables: Tables) -> str | None:
    """The range of agreement over the fields, and the weakest field."""
    rows = [
        row
        for row in by_field(tables["rpt_agreement"])
        if not formats.is_missing(row["percent_agreement"])
    ]
    if not rows:
        return None
    least = min(rows, key=lambda row: row["percent_agreement"])
    most = max(row["percent_agreement"] for row in rows)
    span = f"{formats.number(least['percent_agreement'], 1)}% to {formats.number(most, 1)}%"
    return (
        f"Two extractors agree in {span} of rows, depending on the field; least on "
        f"{least['field'].replace('_', ' ')}"
    )


MESSAGES = {
    "agreement": agreement_message,
    "evidence_map": evidence_map_message,
    "multiverse": multiverse_message,
    "overlap": overlap_message,
}


def describe_overlap(figure: Figure, tables: Tables) -> str:
    """Overall area, how many pairs share trials or are not known, and the largest overlaps."""
    rows = tables["rpt_overlap"]
    known = [row for row in rows if row["status"] == "ok" and not formats.is_missing(row["cca"])]
    sharing = sorted(
        (row for row in known if row["n_shared"]),
        key=lambda row: (-row["cca"], row["row_order"], row["column_order"]),
    )
    unknown = sum(row["status"] == "unknown" for row in rows)
    partly = sum(row["status"] == "at_least" for row in rows)
    words = [f"Triangle of {len(rows)} pairs of meta-analyses."]
    words += [f"{message}." for message in [overlap_message(figure, tables)] if message]
    words.append(
        f"{len(sharing)} pairs with complete lists share trials, {len(known) - len(sharing)} share "
        f"none; {partly} share trials on partial lists, {unknown} are not known."
    )
    if sharing:
        largest = "; ".join(
            f"{row['row_label']} and {row['column_label']} {formats.percent(row['cca'])}, "
            f"{formats.count(row['n_shared'])} trials"
            for row in sharing[:3]
        )
        words.append(f"Largest: {largest}.")
    return " ".join(words)


def describe_multiverse(figure: Figure, tables: Tables) -> str:
    """Range, median and prespecified result, and the choice that moves it most."""
    rows = own_specifications(figure, tables)
    if not rows:
        return "No specification."
    places = formats.decimals(figure.measure)
    first, last = rows[0], rows[-1]
    low, high = (formats.number(row["estimate"], places) for row in (first, last))
    words = [
        f"Specification curve of {len(rows)} of {formats.count(first['n_with_estimate'])} "
        f"specifications, {theme.measure_label(figure.measure).lower()} from {low} to {high}, "
        f"median {formats.number(first['estimate_median'], places)}."
    ]
    words += [
        "Prespecified: "
        + formats.estimate(row["estimate"], row["ci_low"], row["ci_high"], places)
        + "."
        for row in rows
        if row["is_prespecified"]
    ]
    if first["strongest_choice"]:
        name = CHOICES.get(first["strongest_choice"], first["strongest_choice"])
        words.append(f"The choice that moves the estimate most: {name.lower()}.")
    return " ".join(words)


def describe_evidence_map(figure: Figure, tables: Tables) -> str:
    """Each condition with its cells that are not gaps."""
    sentences = [f"Map of conditions by comparator and guidance. {figure_sum(tables)}"]
    conditions: dict[str, list[str]] = {}
    for row in by_cell(tables["rpt_evidence_map"]):
        listed = conditions.setdefault(row["condition_label"] or row["condition"], [])
        if row["n_meta_analyses"]:
            result = cell_estimate(row)
            pool = "" if result == theme.NOT_APPLICABLE else f", SMD {result}"
            listed.append(f"{cell_name(row)} {formats.count(row['n_meta_analyses'])}{pool}")
    sentences += [
        f"{label}: {'; '.join(cells) or 'no meta-analysis'}." for label, cells in conditions.items()
    ]
    return " ".join(sentences)


def figure_sum(tables: Tables) -> str:
    """How many cells are gaps."""
    rows = tables["rpt_evidence_map"]
    return f"{sum(not row['n_meta_analyses'] for row in rows)} of {len(rows)} cells are gaps."


def cell_name(row: Row) -> str:
    """any comparator, guided."""
    comparator = COMPARATORS[row["comparator_class"]].lower()
    return f"{comparator}, {row['guidance_label'].lower()}"


def cell_estimate(row: Row) -> str:
    """Pooled SMD with interval, or a dash."""
    if formats.is_missing(row["estimate"]):
        return theme.NOT_APPLICABLE
    return formats.estimate(row["estimate"], row["ci_low"], row["ci_high"])


def describe_agreement(figure: Figure, tables: Tables) -> str:
    """Each field with its percentage and coefficients."""
    rows = by_field(tables["rpt_agreement"])
    sentences = [f"Dot plot of agreement for {len(rows)} fields."]
    for row in rows:
        found = [
            f"{name} {formats.number(row[key])}"
            for key, name in (("kappa", "kappa"), ("ac1", "AC1"), ("icc", "ICC"))
            if not formats.is_missing(row[key])
        ]
        listed = ", ".join([formats.percent(row["percent_agreement"]), *found])
        sheet = in_words(row["sheet"])
        sentences.append(f"{sheet}, {in_words(row['field'])}: {listed}.")
    return " ".join(sentences)


DESCRIBERS = {
    "agreement": describe_agreement,
    "evidence_map": describe_evidence_map,
    "multiverse": describe_multiverse,
    "overlap": describe_overlap,
}


def overlap_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per pair of meta-analyses, those that share trials first."""
    rows = sorted(
        tables["rpt_overlap"],
        key=lambda row: (-(row["n_shared"] or 0), row["row_order"], row["column_order"]),
    )
    return [
        (
            row["row_label"],
            row["column_label"],
            formats.count(row["n_row"]),
            formats.count(row["n_column"]),
            formats.count(row["n_shared"], missing="not known"),
            formats.percent(row["cca"], missing=theme.NOT_APPLICABLE),
            formats.percent(row["cca_possible_cells"], missing=theme.NOT_APPLICABLE),
            row["band_label"] or theme.NOT_APPLICABLE,
            STATUSES.get(row["status"], row["status"]),
        )
        for row in rows
    ]


def multiverse_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per drawn specification."""
    names = {
        (row["choice"], row["option"]): row["label"] for row in tables["rpt_multiverse_options"]
    }
    places = formats.decimals(figure.measure)
    return [
        (
            formats.count(row["curve_rank"])
            + (" (prespecified)" if row["is_prespecified"] else ""),
            formats.count(row["k"]),
            formats.estimate(row["estimate"], row["ci_low"], row["ci_high"], places),
            *(
                names.get((choice, row[choice]), row[choice] or theme.NOT_APPLICABLE)
                for choice in CHOICES
            ),
        )
        for row in own_specifications(figure, tables)
    ]


def evidence_map_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per cell, gaps included."""
    return [
        (
            row["condition_label"] or row["condition"],
            COMPARATORS[row["comparator_class"]],
            row["guidance_label"],
            formats.count(row["n_meta_analyses"]),
            formats.count(row["n_participants"]),
            formats.count(row["n_with_participants"]),
            formats.count(row["k"], missing=theme.NOT_APPLICABLE),
            cell_estimate(row),
        )
        for row in by_cell(tables["rpt_evidence_map"])
    ]


def agreement_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per field."""
    return [
        (
            in_words(row["sheet"]),
            in_words(row["field"]),
            formats.count(row["n_pairs"]),
            formats.count(row["n_agreed"]),
            formats.estimate(row["percent_agreement"], row["percent_low"], row["percent_high"], 1),
            *(coefficient(row, name) for name in ("kappa", "ac1", "icc")),
            reasons(row),
        )
        for row in by_field(tables["rpt_agreement"])
    ]


def reasons(row: Row) -> str:
    """Why coefficients are missing."""
    found = [row[f"{name}_status"] for name in ("kappa", "ac1", "icc")]
    return "; ".join(
        reason.replace("_", " ") for reason in dict.fromkeys(found) if reason and reason != "ok"
    )


BUILDERS = {
    "agreement": (
        (
            "Sheet",
            "Field",
            "Rows",
            "Agree",
            "Agreement % (95% CI)",
            "Kappa (95% CI)",
            "AC1 (95% CI)",
            "ICC (95% CI)",
            "Why none",
        ),
        agreement_rows,
    ),
    "evidence_map": (
        (
            "Condition",
            "Comparator",
            "Guidance",
            "Meta-analyses",
            "Participants",
            "Reporting them",
            "Pooled k",
            "SMD (95% CI)",
        ),
        evidence_map_rows,
    ),
    "multiverse": (("Rank", "k", "Estimate (95% CI)", *CHOICES.values()), multiverse_rows),
    "overlap": (
        (
            "Meta-analysis",
            "and meta-analysis",
            "Trials of the first",
            "Trials of the second",
            "Shared trials",
            "CCA",
            "CCA, possible cells",
            "Band",
            "Remark",
        ),
        overlap_rows,
    ),
}
NUMERIC = frozenset(
    {
        "Rows",
        "Agree",
        "Agreement % (95% CI)",
        "Kappa (95% CI)",
        "AC1 (95% CI)",
        "ICC (95% CI)",
        "Meta-analyses",
        "Reporting them",
        "Pooled k",
        "SMD (95% CI)",
        "Trials of the first",
        "Trials of the second",
        "Shared trials",
        "CCA",
        "CCA, possible cells",
    }
)


def own_rows(figure: Figure, tables: Tables) -> Sequence[Row]:
    """The rows of the mart behind a figure."""
    if figure.kind == "multiverse":
        return own_specifications(figure, tables)
    return tables[f"rpt_{figure.kind}"]
