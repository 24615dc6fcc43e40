"""Build the site: exports, figures, and pages that work offline and ask for nothing."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from markupsafe import escape

from reports import html
from reports.drawing import begin, draw_pictures, finish
from reports.errors import ReportError
from reports.exports import EXTRACT, export_database, export_tables, open_tables
from reports.figure import Figure, Row
from reports.figures import KINDS
from reports.pages import all_pages, figure_numbers, menu
from reports.pages.model import Content, Page
from reports.picture import FORMATS
from reports.words import fill, review_of
from reports.workshop import Cache, Workshop

Progress = Callable[[str], None]
FIGURES = "rpt_figures"
FILE_LIST = ".files"


@dataclass(frozen=True)
class SiteResult:
    """What was built: the first page, every file written, the figure ids drawn, the time taken."""

    index: Path
    files: tuple[Path, ...]
    figures: tuple[str, ...]
    seconds: float


def build_site(
    database: Path,
    out: Path,
    formats: Sequence[str] = FORMATS,
    only: Iterable[str] | None = None,
    progress: Progress | None = None,
    cache: Path | None = None,
) -> SiteResult:
    """Build the static site of a warehouse.

    database  the warehouse file; opened read-only
    out       folder to write: the pages, figures/, data/; made when missing. What an earlier run
              wrote and this one does not is deleted
    formats   which figure files to write: svg, png, pdf; pages always show their own SVG
    only      figure ids to draw; None draws all. The site then holds only these
    progress  called with a short text before each step
    cache     folder that keeps pictures, so that a later run redraws only what changed

    Raises ReportError for a missing or unreadable warehouse, a missing table or column, an
    unknown format or an unknown figure id; the message lists what would be valid.
    """
    started = time.monotonic()
    say = progress or (lambda _: None)
    wanted_formats = check_formats(formats)
    out, kept = Path(out), Cache(cache)
    with open_tables(Path(database)) as tables, Workshop(kept) as workshop:
        sketches = []
        for figure in choose(tables[FIGURES], only):
            say(f"drawing {figure.figure_id}")
            sketches.append(begin(figure, tables, workshop))
        say("exporting tables")
        files = export_tables(tables, out / "data")
        exported = frozenset(path.name for path in files)
        files.append(export_database(database, out / "data" / EXTRACT, tables.found.values()))
        say("taking the pictures")
        drawn = []
        for sketch in sketches:
            made, written = finish(sketch, tables, out / "figures", wanted_formats, workshop)
            drawn.append(made)
            files.extend(written)
        say("writing the pages")
        content = Content(
            tables=tables,
            drawn=tuple(drawn),
            review=review_of(tables),
            database=Path(database),
            descriptions=tuple(tables.found.values()),
            exported=exported,
            kept=kept,
        )
        pages = write_pages(content, out)
        if workshop.pending:
            say("waiting for pictures")
    if only is None:
        kept.prune()
    files = [*sorted(files), *pages]
    return SiteResult(
        index=out / "index.html",
        files=(*files, list_files(out, files)),
        figures=tuple(sketch.figure.figure_id for sketch in sketches),
        seconds=time.monotonic() - started,
    )


def draw_figure(
    database: Path, name: str, folder: Path, formats: Sequence[str] = FORMATS
) -> list[Path]:
    """Draw one figure into a folder; returns a file for each format and page of it.

    Raises ReportError as `build_site` does.
    """
    wanted = check_formats(formats)
    with open_tables(Path(database)) as tables:
        (figure,) = choose(tables[FIGURES], name)
        return draw_pictures(figure, tables, Path(folder), wanted)


def list_figures(database: Path) -> list[tuple[str, str]]:
    """Id and title of every figure of a warehouse, in their order."""
    with open_tables(Path(database)) as tables:
        return [(figure.figure_id, figure.title) for figure in choose(tables[FIGURES], None)]


def check_formats(wanted: Sequence[str]) -> tuple[str, ...]:
    """The wanted formats without repetition; raises ReportError for an unknown one."""
    if isinstance(wanted, str):
        wanted = (wanted,)
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        valid = ", ".join(FORMATS)
        raise ReportError(f"Unknown figure format: {', '.join(unknown)}. Valid formats: {valid}")
    return tuple(dict.fromkeys(wanted))


def choose(rows: Sequence[Row], only: Iterable[str] | None) -> list[Figure]:
    """The figures to draw in their order.

    Raises ReportError for an id that no figure has, and for a figure of a kind without a chart.
    """
    figures = sorted(
        (Figure.from_row(row) for row in rows), key=lambda f: (f.sort_order, f.figure_id)
    )
    if only is not None:
        wanted = [only] if isinstance(only, str) else list(only)
        known = [figure.figure_id for figure in figures]
        unknown = [name for name in wanted if name not in known]
        if unknown:
            names = ", ".join(unknown)
            raise ReportError(f"Unknown figure: {names}. Valid figures: {', '.join(known)}")
        figures = [figure for figure in figures if figure.figure_id in wanted]
    strange = sorted({figure.kind for figure in figures} - set(KINDS))
    if strange:
        kinds = ", ".join(sorted(KINDS))
        raise ReportError(f"rpt_figures.figure_kind: unknown {strange[0]!r}. Valid kinds: {kinds}")
    return figures


def write_pages(content: Content, out: Path) -> list[Path]:
    """Write every page of the site; returns the files."""
    pages = all_pages(content)
    written = []
    for page in pages:
        target = out / page.file_name
        target.write_text(page_html(page, pages, content.review), encoding="utf-8")
        written.append(target)
    return written


def list_files(out: Path, written: Sequence[Path]) -> Path:
    """Write the list of a site's files, and delete those of an earlier list that are no more.

    A page that became empty would else stay beside the others; files of anyone else are kept.
    """
    listed = out / FILE_LIST
    names = {path.relative_to(out).as_posix() for path in (*written, listed)}
    before = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
    for name in set(before) - names:
        path = out / name
        if path.resolve().is_relative_to(out.resolve()):
            path.unlink(missing_ok=True)
    listed.write_text("".join(f"{name}\n" for name in sorted(names)), encoding="utf-8")
    return listed


def page_html(page: Page, pages: Sequence[Page], review: Row) -> str:
    """One page as HTML, in the words of the review."""
    markup = html.fragment(
        page.template,
        page=page,
        menu=menu(pages),
        site_title=review.get("title") or "Umbrella review",
        n_open=review.get("n_open_findings") or 0,
        css=html.style_sheet(),
        policy=html.content_policy(page.styles, page.scripts, page.sources),
        version=version("umbrella-warehouse"),
        numbers=figure_numbers(pages),
        **page.values,
    )
    return fill(markup, review, escape)
