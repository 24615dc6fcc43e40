"""The headline table: published, recomputed by the conventional and the recommended method."""

from pathlib import Path

import duckdb
from rich.table import Table

from python_udfs.whole import in_words
from reports.words import smd_sign
from umbrella import console
from umbrella.errors import UmbrellaError
from umbrella.warehouse import has_table, open_warehouse

SOURCES = {
    "published": "published",
    "seed_paper": "conventional method",
    "recommended": "recommended method",
}
"""Sources of `reports.rpt_headline` in the order shown, with their column titles."""

QUERY = """
    select analysis_id, headline_label, scale_short_label, source, decimals, k, estimate, ci_low,
        ci_high, status
    from reports.rpt_headline
    order by sort_order, analysis_id, source
"""

NOTE = "Estimate (95% interval); {smd}k = number pooled."
NOTE_ON_PUBLISHED = "Published and recomputed rest on different sets of meta-analyses."


def show_headline(database: Path) -> None:
    """Print the headline table of a published warehouse; raises UmbrellaError when it has none."""
    try:
        with open_warehouse(database) as connection:
            if not has_table(connection, "reports", "rpt_headline"):
                raise UmbrellaError(
                    f"{database} has no headline results; refresh it with `umbrella build`."
                )
            rows = connection.execute(QUERY).fetchall()
            review = review_row(connection)
    except duckdb.Error as error:
        raise UmbrellaError(in_words(database, error)) from error
    if not rows:
        console.line(
            "No headline result: does a row of protocol/analyses.csv declare one (is_headline)?"
        )
        return
    sources = [name for name in SOURCES if name != "published" or name in {row[3] for row in rows}]
    console.out.print(_table(rows, sources))
    has_smd = any(measure == "SMD" for _, _, measure, *_ in rows)
    note = NOTE.format(smd=f"SMD: {smd_sign(review)}; " if has_smd else "")
    if "published" in sources:
        note += f" {NOTE_ON_PUBLISHED}"
    console.line(note, style="dim")


def review_row(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """The row of the review by column."""
    found = connection.execute("from reports.rpt_review")
    return dict(zip([column[0] for column in found.description], found.fetchone(), strict=True))


def _table(rows: list[tuple], sources: list[str]) -> Table:
    names: dict[str, tuple[str, str]] = {}
    cells: dict[tuple[str, str], str] = {}
    for analysis, label, measure, source, decimals, k, estimate, low, high, status in rows:
        names.setdefault(analysis, (label, measure))
        cells[analysis, source] = _cell(decimals, k, estimate, low, high, status)
    table = Table("result", "measure", *(SOURCES[source] for source in sources))
    for analysis, name in names.items():
        table.add_row(*name, *(cells.get((analysis, source), "not given") for source in sources))
    return table


def _cell(
    decimals: int,
    k: int | None,
    estimate: float | None,
    low: float | None,
    high: float | None,
    status: str | None,
) -> str:
    """`0.53 (0.44 to 0.62) k=7`, or the reason why there is no estimate."""
    count = "" if k is None else f"k={k}"
    if estimate is None:
        return f"{_in_words(status or 'no estimate')} {count}".rstrip()
    interval = ""
    if low is not None and high is not None:
        interval = f" ({_number(low, decimals)} to {_number(high, decimals)})"
    special = "" if status in (None, "ok", "published") else f"; {_in_words(status)}"
    return f"{_number(estimate, decimals)}{interval} {count}".rstrip() + special


def _in_words(status: str) -> str:
    """A status as readers know it: one result, of a trial or a meta-analysis, is not pooled."""
    return "not pooled" if status == "single_study" else status.replace("_", " ")


def _number(value: float, decimals: int) -> str:
    """So many decimals with a true minus sign, and no minus before zero."""
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "\N{MINUS SIGN}")
