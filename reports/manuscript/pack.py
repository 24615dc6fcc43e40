"""Write the pack: a Word file, references, figures, and the check in R."""

from collections.abc import Callable, Sequence
from pathlib import Path

from reports import theme
from reports.drawing import draw_pictures, legend
from reports.exports import WarehouseTables, open_tables
from reports.figure import Figure
from reports.manuscript import tables as made
from reports.manuscript.check_in_r import write_check
from reports.manuscript.methods import methods
from reports.manuscript.model import ManuscriptTable
from reports.manuscript.references import STYLES, References, incomplete, references, ris
from reports.manuscript.word import Manuscript
from reports.manuscript.workbook import write_workbook
from reports.printing import Print
from reports.site import FIGURES, choose
from reports.words import review_of

FORMATS = ("pdf", "png")
AT_PAGE_WIDTH = Print(theme.PRINT_WIDTH_MM, has_words=False)
IN_FIGURES = f"figures/          PDF and PNG, {theme.PRINT_WIDTH_MM} mm wide; legends in the text\n"
OF_THE_WHOLE = ("flow", "headline", "evidence_map", "grades", "quality", "overlap")
"""Kinds of figures that are of the review as a whole."""

READ_ME = """{title}

manuscript.docx   methods from the protocol, tables with notes, references, legends of the figures
tables.xlsx       the same tables as worksheets
references.ris    the references for a reference manager
{figures}recompute.R       pools every result again with the R package metafor and compares:
                  Rscript recompute.R
results.csv       what it compares with: every analysis under every policy
members.csv       what it pools: effects with their sampling variances
correlations.csv  correlated sampling errors of members that share studies
.exported         a checksum of each file: sha256sum --check .exported

{references}
"""


def write_pack(
    database: Path,
    folder: Path,
    style: str,
    wanted: Sequence[str] | None,
    progress: Callable[[str], None],
) -> None:
    """Write the pack of a warehouse into an empty folder.

    `style` names one of the styles of references; `wanted` the figures by id, None for those of
    the review as a whole and the forests of its main results. Raises ReportError for a figure that
    is not there, and as `open_tables` does.
    """
    with open_tables(database) as tables:
        chosen = _figures(tables, wanted)
        rows = [*made.included(tables), *made.left_out(tables)]
        cited = references(rows, STYLES[style])
        shown = made.all_tables(tables, cited)
        is_numbered = STYLES[style].is_numbered
        lacking = incomplete(rows)
        legends = [(figure, legend(figure, tables, AT_PAGE_WIDTH)) for figure in chosen]
        manuscript = folder / "manuscript.docx"
        _write_manuscript(tables, manuscript, shown, cited, is_numbered, lacking, legends)
        write_workbook(folder / "tables.xlsx", shown, tables)
        (folder / "references.ris").write_text(ris(rows), encoding="utf-8", newline="")
        write_check(tables, folder)
        if chosen:
            (folder / "figures").mkdir()
        for number, figure in enumerate(chosen, start=1):
            progress(f"Drawing figure {number} of {len(chosen)}: {figure.figure_id}")
            draw_pictures(figure, tables, folder / "figures", FORMATS, AT_PAGE_WIDTH)
        drawn = IN_FIGURES if chosen else ""
        title = review_of(tables)["title"]
        text = READ_ME.format(title=title, figures=drawn, references=lacking)
        (folder / "README.txt").write_text(text, encoding="utf-8")


def _figures(tables: WarehouseTables, wanted: Sequence[str] | None) -> list[Figure]:
    known = choose(tables[FIGURES], None)
    if wanted is not None:
        return choose(tables[FIGURES], wanted) if wanted else []
    headlines = {row["analysis_id"] for row in tables["dim_analyses"] if row["is_headline"]}
    of_headlines = {
        row["figure_id"] for row in tables["rpt_forest"] if row["block_id"] in headlines
    }
    return [
        figure
        for figure in known
        if figure.kind in OF_THE_WHOLE
        or (figure.kind == "forest" and figure.figure_id in of_headlines)
    ]


def _write_manuscript(
    tables: WarehouseTables,
    path: Path,
    shown: Sequence[ManuscriptTable],
    cited: References,
    is_numbered: bool,
    lacking: str,
    legends: Sequence[tuple[Figure, Sequence[str]]],
) -> None:
    review = review_of(tables)
    manuscript = Manuscript(tables)
    manuscript.title(review["title"] or "Umbrella review")
    manuscript.heading("Methods")
    manuscript.text(methods(tables))
    manuscript.pages(is_wide=True)
    manuscript.heading("Tables")
    for table in shown:
        manuscript.table(table)
    manuscript.pages(is_wide=False)
    if legends:
        manuscript.heading("Figure legends")
        manuscript.text(
            f"Figure {number}. {'. '.join(_said(figure, lines))}."
            for number, (figure, lines) in enumerate(legends, start=1)
        )
    manuscript.heading("References")
    if lacking:
        manuscript.text([lacking])
    manuscript.listed(cited.listed, is_numbered=is_numbered)
    manuscript.save(path)


def _said(figure: Figure, lines: Sequence[str]) -> list[str]:
    """The legend of a figure, and the names of its files."""
    return [line.rstrip(".") for line in (*lines, f"Files: figures/{figure.slug}*")]
