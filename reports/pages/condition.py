"""One page per condition: what to believe, how sure, and every number it rests on."""

from collections.abc import Callable, Sequence

from reports import formats, tables, theme
from reports.figure import Row
from reports.pages.model import (
    Block,
    Content,
    DetailsBlock,
    FigureBlock,
    ListBlock,
    Page,
    Section,
    TableBlock,
    pick,
)
from reports.tables import Cell, DataTable, Link

CONCLUSIONS = (
    ("Effect", "effect_text"),
    ("As published", "published_text"),
    ("In a new setting", "prediction_text"),
    ("Shared trials", "overlap_text"),
    ("Other choices", "robustness_text"),
    ("Do the meta-analyses agree?", "concordance_text"),
    ("Class of evidence", "class_text"),
    ("Certainty", "grade_text"),
    ("By other schemes", "other_grades_text"),
)
MEMBER_COLUMNS = (
    "Meta-analysis",
    "As reported",
    "SMD (95% CI)",
    "Weight",
    "Trials",
    "Participants",
    "How it was converted",
    "Where in the source",
    "Remarks",
)
LEFT_OUT_COLUMNS = ("Meta-analysis", "As reported", "Why it is not pooled", "Where in the source")


def condition_file(condition: str) -> str:
    """File name of the page of a condition."""
    return f"condition-{condition}.html"


def pages(content: Content) -> list[Page]:
    """A page for each condition of the headline in its order, then for any only figures have."""
    labels = {
        row["condition_id"]: row["condition_label"] or row["condition_id"]
        for row in sorted(content.tables["rpt_headline"], key=lambda row: row["sort_order"])
    }
    for item in content.drawn:
        if item.figure.condition:
            labels.setdefault(item.figure.condition, item.figure.condition)
    return [condition_page(content, key, label) for key, label in labels.items()]


def condition_page(content: Content, key: str, label: str) -> Page:
    """The page of one condition."""
    main, parts = split_forests(content, key)
    return Page(
        slug=condition_file(key).removesuffix(".html"),
        label=label,
        title=label,
        lead=summary(content, key),
        group="conditions",
        sections=pick(
            conclusion(content, key),
            Section("section-effect", "Effect on symptoms", (), main),
            Section("section-parts", "For whom, and by which treatment", (), parts),
            largest(content, key),
            choices(content, key),
            small_studies(content, key),
            Section(
                "section-grades",
                "How the evidence is graded, and why",
                (),
                content.figures("grade_criteria", condition=key),
            ),
            secondary(content, key),
            acceptability(content, key),
            members(content, key),
        ),
    )


def own(rows: Sequence[Row], key: str, column: str = "condition") -> list[Row]:
    """The rows of one condition."""
    return [row for row in rows if row[column] == key]


def summary(content: Content, key: str) -> str:
    """What to believe in one sentence."""
    rows = own(content.tables["rpt_conclusions"], key, "condition_id")
    return rows[0]["summary_text"] or "" if rows else ""


def conclusion(content: Content, key: str) -> Section:
    """The findings in words, each from its own computation."""
    items = [
        (term, row[column])
        for row in own(content.tables["rpt_conclusions"], key, "condition_id")
        for term, column in CONCLUSIONS
        if row[column]
    ]
    blocks = (ListBlock(tuple(items)),) if items else ()
    return Section("section-conclusion", "What to believe, and how sure", (), blocks)


def split_forests(
    content: Content, key: str
) -> tuple[tuple[FigureBlock, ...], tuple[FigureBlock, ...]]:
    """Forest figures that pool the whole condition, and those of its parts."""
    whole = {row["analysis_id"] for row in own(content.tables["rpt_headline"], key, "condition_id")}
    mains = {
        row["figure_id"] for row in content.tables["rpt_forest"] if row["block_id"] in whole
    }
    found = content.figures("forest", condition=key)
    return (
        tuple(block for block in found if block.drawn.figure.figure_id in mains),
        tuple(block for block in found if block.drawn.figure.figure_id not in mains),
    )


def largest(content: Content, key: str) -> Section:
    """The meta-analysis with most studies, beside the one that the published review names."""
    items = []
    for row in own(content.tables["fct_largest_meta_analyses"], key):
        studies = f"{formats.count(row['k_studies'])} {row['k_source'] or 'studies'}"
        participants = formats.count(row["n_participants"])
        tie = " Others are as large; the identifier decided." if row["is_tied"] else ""
        result = tables.estimate(row, 2)
        items.append(
            (
                "In this extraction",
                f"{row['first_author']} {row['year']}: SMD {result}, {studies}, "
                f"{participants} participants.{tie}",
            )
        )
        if row["published_meta_analysis"]:
            published = [row[f"published_{part}"] for part in ("estimate", "ci_low", "ci_high")]
            items.append(
                (
                    "In the published review",
                    f"{row['published_meta_analysis']}: SMD {formats.estimate(*published)}, "
                    "as printed.",
                )
            )
    blocks = (ListBlock(tuple(items)),) if items else ()
    return Section("section-largest", "The largest meta-analysis", (), blocks)


def choices(content: Content, key: str) -> Section:
    """The specification curve, and the result without each meta-analysis."""
    return Section(
        "section-choices",
        "Does it hold under other choices?",
        (),
        (
            *content.figures("multiverse", condition=key),
            *content.figures("leave_one_out", condition=key),
        ),
    )


def small_studies(content: Content, key: str) -> Section:
    """The funnel, or why there is none."""
    drawn = content.figures("funnel", condition=key)
    notes = [
        row["note"]
        for row in own(content.tables["rpt_funnel_summary"], key)
        if row["note"] and not drawn
    ]
    return Section(
        "section-small-studies", "Do small meta-analyses show other effects?", tuple(notes), drawn
    )


def secondary(content: Content, key: str) -> Section:
    """Response and remission, as every result that the extraction has of them."""
    analyses = {
        row["analysis_id"]
        for row in own(content.tables["dim_analyses"], key)
        if row["analysis_group"] == "secondary"
    }
    blocks = []
    for item in content.drawn:
        if item.figure.kind != "forest" or item.figure.condition == key:
            continue
        rows = [
            row
            for row in tables.forest_source(item.figure, content.tables)
            if row["block_id"] in analyses and row["row_kind"] != "block_header"
        ]
        if rows:
            blocks.append(result_table(item.figure.title, item.figure, rows))
    return Section("section-secondary", "Response and remission", (), tuple(blocks))


def result_table(caption: str, figure: tables.Figure, rows: Sequence[Row]) -> TableBlock:
    """Lines of a forest figure as a table."""
    columns, _ = tables.BUILDERS["forest"]
    places = formats.decimals(figure.measure)
    made = tuple(tables.forest_row(row, places) for row in rows)
    return TableBlock(f"table-{figure.figure_id}", DataTable(caption, columns, made))


def acceptability(content: Content, key: str) -> Section:
    """Dropout, adherence and completion of one condition."""
    columns, _ = tables.BUILDERS["dropout"]
    rows = own(content.tables["rpt_dropout"], key)
    table = DataTable(
        "Percentages of participants or sessions in the intervention arms",
        columns,
        tuple(tables.dropout_row(row) for row in rows),
    )
    blocks = (TableBlock("table-acceptability", table),) if rows else ()
    return Section("section-acceptability", "Do people stay in the intervention?", (), blocks)


def members(content: Content, key: str) -> Section:
    """Every row that is pooled, and every row that is not, with where it stands in its source."""
    rows = own(content.tables["rpt_members"], key)
    pooled = [row for row in rows if row["is_member"]]
    left_out = [row for row in rows if not row["is_member"]]
    blocks: list[Block] = []
    if pooled:
        table = member_table("Pooled", MEMBER_COLUMNS, pooled, member_row)
        blocks.append(TableBlock("table-members", table))
    if left_out:
        table = member_table("Not pooled", LEFT_OUT_COLUMNS, left_out, left_out_row)
        number = formats.count(len(left_out))
        blocks.append(DetailsBlock("table-left-out", f"Not pooled ({number} rows)", table))
    return Section(
        "section-members", "Every meta-analysis, with its source", (), tuple(blocks)
    )


def member_table(
    caption: str,
    columns: tuple[str, ...],
    rows: Sequence[Row],
    cells: Callable[[Row], tuple[Cell, ...]],
) -> DataTable:
    """Rows of rpt_members as a table."""
    return DataTable(caption, columns, tuple(cells(row) for row in rows))


def member_row(row: Row) -> tuple[Cell, ...]:
    """Cells of a pooled row."""
    return (
        named(row),
        reported(row),
        tables.estimate(row, 2),
        formats.percent(row["weight_percent"]),
        formats.count(row["n_trials"]),
        formats.count(row["n_participants"]),
        tables.words(row["conversion"], row["assumptions"]),
        row["source_locator"] or theme.NOT_REPORTED,
        row["remark"] or "",
    )


def left_out_row(row: Row) -> tuple[Cell, ...]:
    """Cells of a row that is not pooled."""
    return named(row), reported(row), row["reason"] or "", row["source_locator"] or ""


def named(row: Row) -> Cell:
    """The meta-analysis, leading to its paper where a DOI is known."""
    label = row["label"] or row["meta_analysis_id"]
    if not row["doi"]:
        return label
    return Link(label, f"https://doi.org/{row['doi']}", f"{label}, {row['effect_id']}")


def reported(row: Row) -> str:
    """The number as its source prints it."""
    result = formats.estimate(row["reported_estimate"], row["reported_low"], row["reported_high"])
    return f"{row['measure_label']} {result}"
