"""The tables of a manuscript: characteristics, results, findings, quality, exclusions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reports import formats, sizes, theme
from reports.figure import TOOLS, Row, Tables
from reports.manuscript.model import ManuscriptTable, main_pools, measure_of, shown
from reports.manuscript.references import References
from reports.pages.findings import reading
from reports.summary import SHARES as OF_SUMMARY
from reports.summary import SummaryTable, summary_tables
from reports.tables import DataTable
from reports.words import review_of

TAKEN_FROM = ("fct_effects", "fct_rates", "fct_trial_effects")
INTERVALS = "Estimates have their {level}% confidence intervals."
NO_VALUE = ("no_data",)
SHARES = (2.4, 1.5, 1.15, 1.2, 1.1, 1.55, 2, 1.5, 0.75, 1.05, 1.05)
"""How wide the columns of the results are to one another."""


def all_tables(tables: Tables, cited: References) -> list[ManuscriptTable]:
    """The tables in their order; one that has no rows is left out."""
    made = (
        characteristics(tables, cited.cited),
        results(tables),
        *summaries_of_findings(tables),
        quality(tables, cited.cited),
        excluded(tables, cited.cited),
    )
    return [table for table in made if table.table.rows]


def included(tables: Tables) -> list[Row]:
    """The included meta-analyses by author and year."""
    return _sorted(row for row in tables["dim_meta_analyses"] if row["eligibility"] == "included")


def left_out(tables: Tables) -> list[Row]:
    """The others, by reason, author and year."""
    rows = [row for row in tables["dim_meta_analyses"] if row["eligibility"] != "included"]
    return sorted(_sorted(rows), key=lambda row: row["exclusion_reason_label"] or "")


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(
        rows,
        key=lambda row: (
            (row["first_author"] or "").casefold(), row["year"] or 0, row["meta_analysis_id"],
        ),
    )  # fmt: skip


def characteristics(tables: Tables, cited: Mapping[str, str]) -> ManuscriptTable:
    """Who was studied, what, and how much, in each included meta-analysis."""
    conditions = _conditions(tables)
    columns = (
        "Meta-analysis", "[[Conditions]]", "Population", "[[Studied]]", "Search until",
        "[[Studies]]", "Participants",
    )  # fmt: skip
    cells = [
        (
            cited[row["meta_analysis_id"]],
            "; ".join(sorted(conditions.get(row["meta_analysis_id"], ()))),
            row["population"] or "",
            row["intervention"] or "",
            row["search_end"] or "",
            formats.count(row["n_trials"]),
            formats.count(row["n_participants"]),
        )
        for row in included(tables)
    ]
    return _without_empty(
        DataTable(
            "Characteristics of the included meta-analyses", columns, tuple(cells),
            frozenset(columns[-2:]),
        ),
        (2.2, 1.8, 2.2, 2.4, 1.1, 1, 1.4),
    )  # fmt: skip


def _conditions(tables: Tables) -> dict[str, set[str]]:
    """Labels of the conditions that each meta-analysis has a row of."""
    labels = {row["condition"]: row["condition_label"] for row in tables["dim_condition_pages"]}
    found: dict[str, set[str]] = {}
    for name in TAKEN_FROM:
        for row in tables[name]:
            label = labels.get(row["condition"])
            if label:
                found.setdefault(row["meta_analysis_id"], set()).add(label)
    return found


def results(tables: Tables) -> ManuscriptTable:
    """Each analysis, pooled by the main policy."""
    pools = main_pools(tables)
    labels = {
        row["code"]: row["label"]
        for row in tables["dim_filter_codes"]
        if row["vocabulary"] == "outcomes"
    }
    over = sizes.heading(pools.values())
    columns = (
        "Analysis", "Outcome", "Measure", "[[Members]]", "[[Studies]]", over,
        "Estimate (CI)", "PI", "I²", "τ²", "P",
    )  # fmt: skip
    analyses = sorted(
        tables["dim_analyses"], key=lambda row: (row["sort_order"] or 0, row["analysis_id"])
    )
    pooled = [(row, pools[row["analysis_id"]]) for row in analyses if row["analysis_id"] in pools]
    empty = [row["label"] for row, pool in pooled if pool["status"] in NO_VALUE]
    cells = tuple(
        _result(analysis, pool, labels, over)
        for analysis, pool in pooled
        if pool["status"] not in NO_VALUE
    )
    levels = sorted({pool["ci_level"] for _, pool in pooled})
    notes = [INTERVALS.format(level=" or ".join(f"{100 * level:g}" for level in levels))]
    if any(theme.NOT_APPLICABLE in row for row in cells):
        notes.append(
            "A dash: not defined for one [[member]], or not tested. One [[member]] is shown as it "
            "reports."
        )
    if empty:
        further = formats.counted(len(empty), "further analysis", "further analyses")
        notes.append(f"No [[member]] could be pooled in {further}: {'; '.join(empty)}.")
    table = DataTable("Results of each analysis", columns, cells, frozenset(columns[3:]))
    return ManuscriptTable(table, tuple(notes), SHARES)


def _result(analysis: Row, pool: Row, labels: Mapping[str, str], over: str) -> tuple[str, ...]:
    places = analysis["decimals"]
    value, low, high, *predicted = shown(pool)
    sign = "%" if analysis["scale_short_label"] == "percent" else ""
    is_pool = pool["status"] != "single_study"
    estimate = formats.number(value, places)
    is_predicted = not any(map(formats.is_missing, predicted))
    prediction = formats.interval(*predicted, places) if is_predicted else theme.NOT_APPLICABLE
    return (
        analysis["label"],
        labels.get(analysis["outcome"], analysis["outcome"]),
        measure_of(analysis),
        formats.count(pool["k"]),
        formats.count(pool["n_studies"]),
        sizes.cell(pool, over),
        f"{estimate}{sign} ({formats.interval(low, high, places)})",
        prediction,
        formats.percent(pool["i2_q"], 0) if is_pool else theme.NOT_APPLICABLE,
        formats.variance(pool["tau2"]).removeprefix("τ²").removeprefix("=")
        if is_pool and not formats.is_missing(pool["tau2"])
        else theme.NOT_APPLICABLE,
        formats.p_or_dash(pool.get("p_value")),
    )


def summaries_of_findings(tables: Tables) -> list[ManuscriptTable]:
    """The summary of findings, a table for each comparison, with its footnotes as notes."""
    rows = tables["rpt_findings"]
    made = [summary_of_findings(table) for table in summary_tables(tables)]
    if not made:
        return []
    first, *others = made
    said = reading(rows, review_of(tables))
    return [replace(first, notes=(said, *first.notes)), *others]


def summary_of_findings(table: SummaryTable) -> ManuscriptTable:
    """One table of the summary of findings."""
    cells = tuple(tuple(cell.text for cell in row) for row in table.rows)
    data = DataTable(f"Summary of findings. {table.title}", table.columns, cells, frozenset())
    notes = tuple(f"[{mark}] {words}" for mark, words in table.notes)
    return ManuscriptTable(data, notes, tuple(OF_SUMMARY.get(name, 1.3) for name in table.columns))


def quality(tables: Tables, cited: Mapping[str, str]) -> ManuscriptTable:
    """The ratings of methodological quality that there are, with the items that are weak."""
    items = tables["fct_quality_items"]
    labels = {(row["tool"], row["item"]): row["item_label"] for row in items}
    weak: dict[tuple[str, str], list[int]] = {}
    for row in items:
        if row["is_weakness"]:
            weak.setdefault((row["meta_analysis_id"], row["tool"]), []).append(row["item"])
    ratings = [row for row in tables["fct_quality_ratings"] if row["is_included"]]
    rated = [row for row in ratings if row["status"] == "rated"]
    rated.sort(key=lambda row: (row["tool"], cited.get(row["meta_analysis_id"], "")))
    columns = ("Meta-analysis", "Tool", "Items answered", "Score", "Rating", "Items not met")
    cells = tuple(
        (
            cited[row["meta_analysis_id"]],
            _tool(row["tool"]),
            f"{formats.count(row['n_answered'])} of {formats.count(row['n_items'])}",
            formats.count(row["score"], theme.NOT_APPLICABLE),
            (row["rating"] or theme.NOT_APPLICABLE).replace("_", " ").capitalize(),
            ", ".join(map(str, sorted(weak.get((row["meta_analysis_id"], row["tool"]), []))))
            or "None",
        )
        for row in rated
    )
    notes = [
        f"Items of {_tool(tool)}: "
        + "; ".join(f"{item} {label}" for (of, item), label in sorted(labels.items()) if of == tool)
        + "."
        for tool in sorted({row["tool"] for row in rated})
    ]
    n_without = len(
        {r["meta_analysis_id"] for r in ratings} - {r["meta_analysis_id"] for r in rated}
    )
    if n_without:
        notes.append(
            f"{formats.counted(n_without, 'included meta-analysis', 'included meta-analyses')} "
            f"{formats.agreeing(n_without, 'has', 'have')} no complete rating."
        )
    table = DataTable("Methodological quality", columns, cells, frozenset(columns[2:4]))
    return ManuscriptTable(table, tuple(notes), (2.5, 1, 1, 0.8, 1.2, 3))


def _tool(code: str) -> str:
    return TOOLS.get(code, code)


def excluded(tables: Tables, cited: Mapping[str, str]) -> ManuscriptTable:
    """The excluded meta-analyses with their reasons."""
    cells = tuple(
        (
            cited[row["meta_analysis_id"]],
            row["title"] or theme.NOT_REPORTED,
            row["exclusion_reason_label"] or theme.NOT_REPORTED,
            row["notes"] or "",
        )
        for row in left_out(tables)
    )
    columns = ("Meta-analysis", "Title", "Reason for exclusion", "Remark")
    table = DataTable("Excluded meta-analyses, with reasons", columns, cells, frozenset())
    return _without_empty(table, (2.2, 4, 2, 2.4))


def _without_empty(
    table: DataTable, shares: Sequence[float], notes: Sequence[str] = ()
) -> ManuscriptTable:
    """The table without columns that nothing is known in; an empty cell is not reported."""
    empty = {"", theme.NOT_REPORTED}
    kept = [
        place
        for place in range(len(table.columns))
        if any(row[place] not in empty for row in table.rows)
    ]
    rows = tuple(tuple(row[place] or theme.NOT_REPORTED for place in kept) for row in table.rows)
    columns = tuple(table.columns[place] for place in kept)
    left = [name for place, name in enumerate(table.columns) if place not in kept]
    said = (f"Not reported by any: {', '.join(left).lower()}.",) if left and rows else ()
    return ManuscriptTable(
        DataTable(table.caption, columns, rows, table.numeric),
        (*notes, *said),
        tuple(shares[place] for place in kept),
    )
