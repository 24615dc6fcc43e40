"""Data tables of the figures: the numbers behind each picture, for people and for CSV."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd
from great_tables import GT
from markupsafe import Markup

from reports import condition_texts, formats, grade_texts, theme, umbrella_texts
from reports.charts.audit import by_section, failures, k_text, printed
from reports.charts.dropout import events, own_rows, published
from reports.charts.forest_lines import RECOMPUTED
from reports.contract import KINDS, ROW_ORDER, declared_tables
from reports.figure import Figure, Row, Tables

NUMERIC = (
    frozenset(
        {
            "Trials",
            "Participants",
            "Estimate (95% CI)",
            "Weight",
            "95% prediction interval",
            "k",
            "n",
            "Excluded",
            "Events/total",
            "Published",
            "Crude (95% CI)",
            "Pooled (95% CI)",
            "Range",
            "P",
            "Printed",
            "Recomputed",
            "Printed k",
            "Recomputed k",
            "Failed checks",
        }
    )
    | umbrella_texts.NUMERIC
    | condition_texts.NUMERIC
    | grade_texts.NUMERIC
)


class Link(NamedTuple):
    """A cell that leads somewhere; `name` says more than `text` where a screen reader needs it."""

    text: str
    href: str
    name: str = ""
    is_download: bool = False


Cell = str | Link | tuple[Link, ...]


@dataclass(frozen=True)
class DataTable:
    """A table as text and links: a caption, column names and rows of as many cells.

    `numeric` names the columns that align right.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: frozenset[str] = NUMERIC

    def is_numeric(self, index: int) -> bool:
        """True for a column that aligns right."""
        return self.columns[index] in self.numeric


def data_table(figure: Figure, tables: Tables) -> DataTable:
    """The table behind a figure."""
    columns, make = BUILDERS[figure.kind]
    return DataTable(figure.title, columns, tuple(make(figure, tables)))


def own_sql(figure: Figure, tables: Tables) -> str:
    """The query that returns the rows behind a figure, in DuckDB's SQL and in SQLite's."""
    table = declared_tables()[KINDS[figure.kind][0]]
    chosen = ""
    if "figure_id" in table.columns:
        chosen = f"\nwhere figure_id = {quoted_text(figure.figure_id)}"
    elif "condition" in table.columns and figure.condition:
        chosen = f"\nwhere condition = {quoted_text(figure.condition)}"
    elif figure.kind == "dropout":
        outcomes = sorted({row["outcome"] for row in own_rows(figure, tables)})
        chosen = f"\nwhere outcome in ({', '.join(map(quoted_text, outcomes))})"
    order = ", ".join(ROW_ORDER[table.name])
    return f"select *\nfrom {table.full_name}{chosen}\norder by {order};"


def quoted_text(words: str) -> str:
    """A text as an SQL string."""
    return "'" + words.replace("'", "''") + "'"


def own_csv(figure: Figure, tables: Tables) -> tuple[list[str], list[tuple[object, ...]]]:
    """Header and unrounded rows of the mart behind a figure, for its CSV file."""
    rows = OWN_ROWS[figure.kind](figure, tables)
    header = list(rows[0]) if rows else []
    return header, [tuple(row.values()) for row in rows]


def estimate(row: Row, places: int, prefix: str = "") -> str:
    """Estimate with interval from columns that may share a prefix."""
    keys = ("estimate", "ci_low", "ci_high") if not prefix else ()
    keys = keys or (f"{prefix}_percent", f"{prefix}_low", f"{prefix}_high")
    values = [row[key] for key in keys]
    if all(formats.is_missing(value) for value in values):
        return theme.NOT_APPLICABLE
    return formats.estimate(*values, places)


def span(row: Row, low: str, high: str, places: int) -> str:
    """An interval, or a dash when the row has none."""
    if formats.is_missing(row[low]) or formats.is_missing(row[high]):
        return theme.NOT_APPLICABLE
    return formats.interval(row[low], row[high], places)


def words(*parts: str | None) -> str:
    """The parts that are there, as sentences."""
    present = [part for part in parts if part]
    return ". ".join([*(part.rstrip(".") for part in present[:-1]), *present[-1:]])


def forest_source(figure: Figure, tables: Tables) -> list[Row]:
    """Rows of one forest figure in drawing order."""
    rows = (row for row in tables["rpt_forest"] if row["figure_id"] == figure.figure_id)
    return sorted(rows, key=lambda row: row["row_order"])


def forest_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per line of a forest figure but the block headings."""
    places = formats.decimals(figure.measure)
    return [
        forest_row(row, places)
        for row in forest_source(figure, tables)
        if row["row_kind"] != "block_header"
    ]


def forest_row(row: Row, places: int) -> tuple[str, ...]:
    """Cells of one line of a forest figure."""
    has_counts = row["row_kind"] in ("study", *RECOMPUTED)
    missing = theme.NOT_REPORTED if has_counts else theme.NOT_APPLICABLE
    statistics = row["row_kind"] in ("heterogeneity", "difference")
    return (
        row["block_label"] or theme.NOT_APPLICABLE,
        row["label"] or row["row_kind"].replace("_", " "),
        formats.count(row["k"], missing=theme.NOT_APPLICABLE),
        formats.count(row["n_trials"], missing=missing),
        formats.count(row["n_participants"], missing=missing),
        estimate(row, places),
        formats.percent(row["weight_percent"], missing=theme.NOT_APPLICABLE),
        span(row, "pi_low", "pi_high", places),
        words(formats.heterogeneity(row) if statistics else None, row["note"]),
        row["source_locator"] or "",
    )


def headline_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per condition and source."""
    places = formats.decimals(figure.measure)
    rows = sorted(tables["rpt_headline"], key=headline_rank)
    return [
        (
            row["condition_label"] or row["condition_id"],
            theme.SOURCES.get(row["source"], row["source"]),
            formats.count(row["k"]),
            estimate(row, places),
            span(row, "pi_low", "pi_high", places),
            (row["p_printed"] or "").removeprefix("=") or p_text(row["p_value"]),
            (row["cohen_band"] or theme.NOT_APPLICABLE).lower(),
            row["note"] or "",
        )
        for row in rows
    ]


def p_text(value: float | None) -> str:
    """P without its letter, or a dash."""
    if formats.is_missing(value):
        return theme.NOT_APPLICABLE
    return formats.p_value(value).removeprefix("P").removeprefix("=")


def headline_rank(row: Row) -> tuple[object, ...]:
    """Conditions in their order; published, conventional method, recommended."""
    sources = list(theme.SOURCES)
    rank = sources.index(row["source"]) if row["source"] in sources else len(sources)
    return row["sort_order"], row["condition_id"], rank


def flow_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per stage, then one per reason for exclusion."""
    names = {"published": "Published review", "this_extraction": "This extraction"}
    stages = [
        (
            names.get(row["source"], row["source"]),
            row["label"] or row["stage_id"],
            formats.count(row["n"]),
            formats.count(row["n_excluded"], missing=theme.NOT_APPLICABLE),
            row["excluded_label"] or "",
        )
        for row in sorted(
            tables["rpt_study_flow"], key=lambda row: (row["source"], row["stage_order"])
        )
    ]
    reasons = [
        (
            names.get(row["source"], row["source"]),
            "Reason for exclusion",
            theme.NOT_APPLICABLE,
            formats.count(row["n"]),
            row["reason_label"] or "",
        )
        for row in tables["rpt_study_flow_reasons"]
    ]
    return stages + reasons


def dropout_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per analysis of a rate."""
    return [dropout_row(row) for row in own_rows(figure, tables)]


def dropout_row(row: Row) -> tuple[str, ...]:
    """Cells of one analysis of a rate."""
    return (
        row["outcome_label"],
        row["group_label"] or "",
        row["label"] or row["analysis_id"],
        formats.count(row["k"]),
        events(row),
        published(row),
        estimate(row, 1, "crude"),
        estimate(row, 1, "pooled"),
        span(row, "pi_low", "pi_high", 1),
        span(row, "range_low", "range_high", 1),
        words(row["published_conflict"], row["note"]),
    )


def audit_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per claim."""
    return [
        (
            row["claim_id"],
            row["section"] or "Other",
            row["statement"] or row["claim_id"],
            printed(row, "published"),
            k_text(row, "published"),
            printed(row, "recomputed"),
            k_text(row, "recomputed"),
            failures(row),
            row["verdict"],
            words(row["failed_checks"], row["note"]),
        )
        for row in by_section(tables["rpt_claim_audit"])
    ]


Builder = Callable[[Figure, Tables], list[tuple[str, ...]]]
BUILDERS: dict[str, tuple[tuple[str, ...], Builder]] = {
    "audit": (
        (
            "Claim",
            "Section",
            "Statement",
            "Printed",
            "Printed k",
            "Recomputed",
            "Recomputed k",
            "Failed checks",
            "Verdict",
            "Notes",
        ),
        audit_rows,
    ),
    "dropout": (
        (
            "Outcome",
            "Group",
            "Analysis",
            "k",
            "Events/total",
            "Published",
            "Crude (95% CI)",
            "Pooled (95% CI)",
            "95% prediction interval",
            "Range",
            "Notes",
        ),
        dropout_rows,
    ),
    "flow": (("Flow", "Stage", "n", "Excluded", "Excluded for"), flow_rows),
    "forest": (
        (
            "Block",
            "Row",
            "k",
            "Trials",
            "Participants",
            "Estimate (95% CI)",
            "Weight",
            "95% prediction interval",
            "Heterogeneity and notes",
            "Where in the source",
        ),
        forest_rows,
    ),
    "headline": (
        (
            "Condition",
            "Source",
            "k",
            "Estimate (95% CI)",
            "95% prediction interval",
            "P",
            "Cohen's band",
            "Notes",
        ),
        headline_rows,
    ),
    **grade_texts.BUILDERS,
} | umbrella_texts.BUILDERS
BUILDERS |= condition_texts.BUILDERS
OWN_ROWS: dict[str, Callable[[Figure, Tables], Sequence[Row]]] = {
    "audit": lambda figure, tables: tables["rpt_claim_audit"],
    "dropout": own_rows,
    "flow": lambda figure, tables: tables["rpt_study_flow"],
    "forest": forest_source,
    "headline": lambda figure, tables: tables["rpt_headline"],
    **dict.fromkeys(grade_texts.BUILDERS, grade_texts.own_rows),
} | dict.fromkeys(umbrella_texts.BUILDERS, umbrella_texts.own_rows)
OWN_ROWS |= dict.fromkeys(condition_texts.BUILDERS, condition_texts.own_rows)


def audit_html(figure: Figure, tables: Tables) -> Markup:
    """The claim audit as an HTML table, grouped by section."""
    columns, make = BUILDERS["audit"]
    frame = pd.DataFrame(make(figure, tables), columns=list(columns), dtype="str")
    right = [column for column in columns if column in NUMERIC]
    table = GT(frame, rowname_col="Claim", groupname_col="Section")
    table = table.tab_stubhead("Claim").cols_align("right", columns=right)
    plain = bare_html(table, "claims", figure.title)
    return Markup(
        str(plain).replace(
            ">arithmetic conflict</td>",
            '><strong class="conflict">arithmetic conflict</strong></td>',
        )
    )


def bare_html(table: GT, key: str, caption: str) -> Markup:
    """A table of great_tables, which escapes every cell, as part of a page, with `key` as its id.

    Its style sheet and style attributes are dropped, because a page has one style sheet and a
    policy that forbids others, and a caption is added, which it cannot write.
    """
    made = table.as_raw_html()
    inner = made[made.index("<table") : made.index("</table>") + len("</table>")]
    head, tail = re.sub(r"<[a-zA-Z][^>]*>", strip_style, inner).split(">", 1)
    start = head.replace("<table", f'<table id="{key}"')
    return Markup(f"{start}>{Markup('<caption>{}</caption>').format(caption)}{tail}")


def strip_style(tag: re.Match[str]) -> str:
    """A tag without its style attribute."""
    return re.sub(r' style="[^"]*"', "", tag[0])
