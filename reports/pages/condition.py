"""One page per condition: what to believe, how sure, and every number it rests on."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial

from reports import explorer, formats, sizes, theme
from reports.figure import PARTICIPANTS, Row
from reports.figures import KINDS
from reports.pages import acceptability, alone
from reports.pages.alone import named
from reports.pages.answers import answer
from reports.pages.model import (
    AnswersBlock,
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
from reports.pages.sources import places, row_ids, to_row
from reports.tables import Cell, DataTable, Link

CONCLUSIONS = (
    ("Result", "effect_text"),
    ("Few [[members]]", "few_members_text"),
    ("What this hangs on", "fragility_text"),
    ("As published", "published_text"),
    ("What to expect next", "prediction_text"),
    ("Converted effects", "converted_text"),
    ("Shared [[studies]]", "overlap_text"),
    ("Other choices", "robustness_text"),
    ("Do the [[members]] agree?", "concordance_text"),
    ("Class of evidence", "class_text"),
    ("Certainty", "grade_text"),
    ("By other schemes", "other_grades_text"),
)
MEMBER_COLUMNS = (
    "[[Member]]",
    "As reported",
    "{result}",
    "Weight",
    "[[Studies]]",
    PARTICIPANTS,
    "How it was converted",
    "Where in the source",
    "Remarks",
)
FRAGILITY_COLUMNS = (
    "Method",
    "[[Member]]",
    "If it were",
    "{result}",
    "Pooled",
    "Then",
    "Changes",
)
NUMBERS = frozenset({"{result}", "Weight", "[[Studies]]", "Pooled"})
LEFT_OUT_COLUMNS = ("[[Member]]", "As reported", "Why it is not pooled", "Where in the source")


def condition_file(content: Content, condition: str) -> str:
    """File name of the page of a condition."""
    return f"condition-{content.condition(condition)['slug']}.html"


def pages(content: Content) -> list[Page]:
    """A page for each condition."""
    labels = condition_labels(content)
    return [condition_page(content, key, label) for key, label in labels.items()]


def condition_labels(content: Content) -> dict[str, str]:
    """Conditions with a page: those of the headline in its order, then any that figures have."""
    labels = {
        row["condition_id"]: row["condition_label"] or row["condition_id"]
        for row in sorted(content.tables["rpt_headline"], key=lambda row: row["sort_order"])
    }
    for item in content.drawn:
        if key := item.figure.condition:
            labels.setdefault(key, content.condition(key)["condition_label"])
    return labels


def condition_page(content: Content, key: str, label: str) -> Page:
    """The page of one condition."""
    main, parts, outcomes = forests(content, key)
    return Page(
        slug=condition_file(content, key).removesuffix(".html"),
        label=label,
        title=label,
        lead=summary(content, key),
        group="conditions",
        sections=pick(
            answers(content, key),
            *singles(content, key),
            main,
            *conclusions(content, key),
            *map(
                folded,
                (
                    parts,
                    largest(content, key),
                    figures(content, key, "section-months", "Does the effect last?"),
                    figures(content, key, "section-choices", "Does it hold under other choices?"),
                    figures(
                        content,
                        key,
                        "section-small-studies",
                        "Do small [[members]] show other effects?",
                    ),
                    figures(content, key, "section-grades", "How the evidence is graded, and why"),
                    outcomes,
                    figures(content, key, "section-acceptability", acceptability.heading(content)),
                    *members(content, key),
                ),
            ),
        ),
    )


def folded(section: Section) -> Section:
    """A section that opens below its heading."""
    return replace(section, is_folded=True)


def answers(content: Content, key: str) -> Section:
    """The answer to each headline question of a condition; one alone needs no name."""
    ones = {one.analysis_id for one in alone.alone(content, key)}
    rows = [
        row
        for row in own(content.tables["rpt_answers"], key, "condition_id")
        if row["analysis_id"] not in ones
    ]
    found = tuple(answer(row, row["headline_label"] if len(rows) > 1 else "") for row in rows)
    blocks = (AnswersBlock(found),) if found else ()
    return Section("section-answer", "The answer", (), blocks)


def own(rows: Sequence[Row], key: str, column: str = "condition") -> list[Row]:
    """The rows of one condition."""
    return [row for row in rows if row[column] == key]


def headlines(content: Content, key: str) -> list[Row]:
    """One row for each headline result of a condition, in their order."""
    rows = own(content.tables["rpt_headline"], key, "condition_id")
    ordered = sorted(rows, key=lambda row: (row["sort_order"], row["analysis_id"]))
    return list({row["analysis_id"]: row for row in ordered}.values())


def by_headline(
    content: Content,
    key: str,
    anchor: str,
    heading: str,
    blocks: Callable[[Content, Row, str], tuple[Block, ...]],
) -> list[Section]:
    """A section for each headline, which names it where there are several.

    Those of one meta-analysis each share a table instead. `blocks` makes its blocks, with an
    ending of their anchors.
    """
    rows = headlines(content, key)
    ones = {one.analysis_id for one in alone.alone(content, key)}
    found = []
    for i, row in enumerate([row for row in rows if row["analysis_id"] not in ones], start=1):
        ending = "" if i == 1 else f"-{i}"
        title = heading if len(rows) == 1 else f"{row['headline_label']}: {within(heading)}"
        found.append(Section(anchor + ending, title, (), blocks(content, row, ending)))
    return found


def within(heading: str) -> str:
    """A heading after a colon."""
    return heading[:1].lower() + heading[1:]


def named_columns(columns: Iterable[str], headline: Row) -> tuple[str, ...]:
    """Names of columns; that of the result has the scale of the headline."""
    result = f"{formats.measure(headline['scale_short_label'])} (95% CI)"
    return tuple(column.format(result=result) for column in columns)


def summary(content: Content, key: str) -> str:
    """What there is of results that are each of one meta-analysis."""
    ones = alone.alone(content, key)
    return alone.summary(ones) if ones else ""


def singles(content: Content, key: str) -> list[Section]:
    """The headlines of one meta-analysis each, and what was not pooled beside them."""
    ones = alone.alone(content, key)
    if not ones:
        return []
    section = alone.section(ones, places(content.tables))
    shared = {one.analysis_id for one in ones}
    rows = [
        row
        for row in own(content.tables["rpt_members"], key)
        if row["analysis_id"] in shared and not row["is_member"]
    ]
    return [replace(section, blocks=(*section.blocks, *left_out(content, rows, "-alone")))]


def conclusions(content: Content, key: str) -> list[Section]:
    """The findings in words, each from its own computation."""
    heading = "Can it be trusted?"
    return by_headline(content, key, "section-conclusion", heading, conclusion_blocks)


def conclusion_blocks(content: Content, headline: Row, ending: str) -> tuple[Block, ...]:
    """What to believe of a headline, and what it hangs on."""
    items = [
        (term, row[column])
        for row in own(content.tables["rpt_conclusions"], headline["analysis_id"], "analysis_id")
        for term, column in CONCLUSIONS
        if row[column]
    ]
    blocks = (ListBlock(tuple(items)),) if items else ()
    return (*blocks, *fragility(content, headline, ending))


def fragility(content: Content, headline: Row, ending: str) -> tuple[Block, ...]:
    """Every single decision that would change the conclusion."""
    key = headline["analysis_id"]
    rows = own(content.tables["rpt_fragility"], key, "analysis_id")
    effects = {
        row["meta_analysis_id"]: row["effect_id"]
        for row in own(content.tables["rpt_members"], key, "analysis_id")
        if row["is_member"]
    }
    page, where = condition_file(content, headline["condition_id"]), places(content.tables)
    table = DataTable(
        "Decisions that would change side, significance or size of the effect, one at a time",
        named_columns(FRAGILITY_COLUMNS, headline),
        tuple(
            (
                row["policy_label"],
                to_row(row["label"], effects.get(row["meta_analysis_id"]), where, page)
                or row["label"],
                row["decisions"],
                formats.result_or_dash(row, headline["decimals"]),
                formats.count(row["k"]),
                row["verdict_text"],
                row["changes_text"],
            )
            for row in rows
        ),
        frozenset(named_columns(NUMBERS, headline)),
    )
    number = formats.count(len(rows))
    caption = f"What the result hangs on: every decision that would change it ({number})"
    return (DetailsBlock(f"table-fragility{ending}", caption, table),) if rows else ()


def forests(content: Content, key: str) -> tuple[Section, Section, Section]:
    """Forest figures: of the headlines, of their parts, and of other outcomes."""
    whole = {row["analysis_id"] for row in headlines(content, key)}
    lines = own(content.tables["rpt_findings"], key, "condition_id")
    others = {row["analysis_id"] for row in lines} - whole
    found = content.figures("forest", condition=key)
    main = showing(content, found, whole)
    outcomes = tuple(block for block in showing(content, found, others) if block not in main)
    parts = tuple(block for block in found if block not in (*main, *outcomes))
    return (
        Section(
            "section-effect",
            "The main result",
            not_drawn(content, key, "forest"),
            (*main, *pool_anew(content, main)),
        ),
        Section(
            "section-parts",
            "For whom, and under which circumstances",
            (),
            (*parts, *pool_anew(content, parts)),
        ),
        Section(
            "section-secondary", "Other outcomes", (), (*outcomes, *pool_anew(content, outcomes))
        ),
    )


def pool_anew(content: Content, figures: Sequence[FigureBlock]) -> tuple[Block, ...]:
    """Links from the forests of a section to the page that pools their rows anew."""
    drawn = {block.drawn.figure.figure_id for block in figures}
    shown = {row["block_id"] for row in content.tables["rpt_forest"] if row["figure_id"] in drawn}
    labels = {
        row["analysis_id"]: row["analysis_label"] for row in content.tables["rpt_explorer_analyses"]
    }
    links = tuple(
        Link(labels[key], href, f"Pool anew: {labels[key]}")
        for key, href in explorer.addresses(content.tables).items()
        if key in shown
    )
    words = "Pool these anew by other estimators and intervals, and without some [[members]]."
    return (ListBlock(((links, words),)),) if links else ()


def showing(
    content: Content, figures: Sequence[FigureBlock], analyses: Collection[str]
) -> tuple[FigureBlock, ...]:
    """The forest figures that show one of some analyses."""
    ids = {row["figure_id"] for row in content.tables["rpt_forest"] if row["block_id"] in analyses}
    return tuple(block for block in figures if block.drawn.figure.figure_id in ids)


def not_drawn(content: Content, key: str, *kinds: str) -> tuple[str, ...]:
    """Why figures of these kinds are missing."""
    rows = own(content.tables["rpt_figures_not_drawn"], key)
    return tuple(
        f"Not drawn: {row['title']}. {row['reason']}" for row in rows if row["figure_kind"] in kinds
    )


def figures(content: Content, key: str, anchor: str, heading: str) -> Section:
    """The figures whose kind belongs there, with the reason for each that could not be drawn."""
    kinds = [name for name, kind in KINDS.items() if kind.section == anchor]
    blocks = content.figures(*kinds, condition=key)
    return Section(anchor, heading, not_drawn(content, key, *kinds), blocks)


def largest(content: Content, key: str) -> Section:
    """The meta-analysis with most studies, beside the one that the published review names."""
    rows = own(content.tables["rpt_largest"], key)
    items = tuple(
        (term if len(rows) == 1 else f"{row['outcome_label']}: {within(term)}", words)
        for row in rows
        for term, words in largest_items(row)
    )
    blocks = (ListBlock(items),) if items else ()
    return Section("section-largest", "The largest [[member]]", (), blocks)


def largest_items(row: Row) -> list[tuple[str, str]]:
    """The largest meta-analysis here and in print."""
    items = []
    if row["meta_analysis_id"]:
        tie = " Others are as large; the identifier decided." if row["is_tied"] else ""
        place = f" Source: {row['source_locator']}." if row["source_locator"] else ""
        items.append(
            (
                "In this extraction",
                f"{row['label']}: {row['scale_short_label']} "
                f"{formats.result_or_dash(row, row['decimals'])}, "
                f"{formats.count(row['k_studies'])} {row['k_source'] or 'studies'}, "
                f"{sizes.words(row)}.{tie}{place}",
            )
        )
    if row["published_label"]:
        values = [row[f"published_{part}"] for part in ("estimate", "ci_low", "ci_high")]
        result = f"{row['published_measure']} {formats.estimate(*values)}"
        items.append(("As published", f"{row['published_label']}: {result}, as printed."))
    return items


def members(content: Content, key: str) -> list[Section]:
    """Every row that is pooled, and every row that is not, with where it stands in its source."""
    heading = "Every [[member]], with its source"
    return by_headline(content, key, "section-members", heading, member_blocks)


def member_blocks(content: Content, headline: Row, ending: str) -> tuple[Block, ...]:
    """The rows of a headline."""
    rows = own(content.tables["rpt_members"], headline["analysis_id"], "analysis_id")
    pooled = [row for row in rows if row["is_member"]]
    blocks: list[Block] = []
    if pooled:
        over = sizes.heading(pooled)
        columns = tuple(
            over if column == PARTICIPANTS else column
            for column in named_columns(MEMBER_COLUMNS, headline)
        )
        numbers = frozenset((*named_columns(NUMBERS, headline), over))
        cells = partial(member_row, over=over)
        table = member_table(content, "Pooled", columns, pooled, cells, numbers)
        blocks.append(TableBlock(f"table-members{ending}", table))
    return (*blocks, *left_out(content, [row for row in rows if not row["is_member"]], ending))


def left_out(content: Content, rows: Sequence[Row], ending: str) -> tuple[Block, ...]:
    """The rows that are not pooled."""
    if not rows:
        return ()
    table = member_table(content, "Not pooled", LEFT_OUT_COLUMNS, rows, left_out_row)
    number = formats.counted(len(rows), "row")
    return (DetailsBlock(f"table-left-out{ending}", f"Not pooled ({number})", table),)


def member_table(
    content: Content,
    caption: str,
    columns: tuple[str, ...],
    rows: Sequence[Row],
    cells: Callable[[Row], tuple[Cell, ...]],
    numbers: frozenset[str] = frozenset(),
) -> DataTable:
    """Rows of rpt_members as a table."""
    ids = row_ids(rows, places(content.tables))
    return DataTable(caption, columns, tuple(cells(row) for row in rows), numbers, ids)


def member_row(row: Row, over: str) -> tuple[Cell, ...]:
    """Cells of a pooled row."""
    return (
        named(row),
        reported(row),
        formats.result_or_dash(row, row["decimals"]),
        formats.percent(row["weight_percent"]),
        formats.count(row["n_trials"]),
        sizes.cell(row, over),
        formats.sentences(row["conversion"], row["assumptions"]),
        row["source_locator"] or theme.NOT_REPORTED,
        row["remark"] or "",
    )


def left_out_row(row: Row) -> tuple[Cell, ...]:
    """Cells of a row that is not pooled."""
    return named(row), reported(row), row["reason"] or "", row["source_locator"] or ""


def reported(row: Row) -> str:
    """The number as its source prints it; a dash for what was computed from a trial's data."""
    limits = (row["reported_estimate"], row["reported_low"], row["reported_high"])
    if row["measure_label"] is None:
        return theme.NOT_APPLICABLE
    if row["shown_as"] == "expit":
        return formats.percentage(*limits, row["decimals"])
    return formats.estimate(*limits, row["decimals"]).after(row["measure_label"])
