"""Build the site: exports, figures, and pages that work offline and ask for nothing."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

from markupsafe import escape

from reports import file_list, html, search, theme
from reports.downloads import made_with, program_citation, write_downloads
from reports.drawing import AS_ON_A_SCREEN, Sketch, begin, draw_pictures, finish, legend
from reports.errors import ReportError
from reports.exports import ARCHIVE, CITED, WarehouseTables, export_tables, open_tables
from reports.figure import Figure, Row
from reports.figures import KINDS
from reports.pages import all_pages, figure_numbers, menu
from reports.pages.model import Content, FileFacts, Page
from reports.picture import ALL_FORMATS, FORMATS
from reports.printing import Print
from reports.publishing import MARKS, publish_file, publishing
from reports.weight import Weight, weigh
from reports.words import fill, review_of
from reports.workshop import Cache, Workshop
from umbrella.scratch import scratch_folder

if TYPE_CHECKING:
    from loky import ProcessPoolExecutor

Progress = Callable[[str], None]
DATA = "data"
"""The folder of a site that has its tables."""

FIGURES = "rpt_figures"
COMMON = ("tables.js", "open.js", "find.js")
"""Scripts of every page."""
MAY_LOAD = {"script-src": ("'strict-dynamic'",)}
"""The scripts of a page, each named by its hash, may load one more: the index that is searched."""
DESCRIBING = ("index", "downloads")
"""Pages that describe the data to search engines."""
NO_BUILD = '<span id="build"></span>'
"""Where a page names the build that it is of."""


@dataclass(frozen=True)
class SiteResult:
    """What was built: the first page, each file, the figures drawn, the time taken, its weight."""

    index: Path
    files: tuple[Path, ...]
    figures: tuple[str, ...]
    seconds: float
    weight: Weight


@dataclass(frozen=True)
class Before:
    """Where the tables of the site before are, and which of them hold the same rows."""

    folder: Path
    same: frozenset[str]


def build_site(
    database: Path,
    out: Path,
    formats: Sequence[str] | None = None,
    only: Iterable[str] | None = None,
    progress: Progress | None = None,
    cache: Path | None = None,
    same: Collection[str] = (),
    processes: "ProcessPoolExecutor | None" = None,
) -> SiteResult:
    """Build the static site of a warehouse.

    database  the warehouse file; opened read-only
    out       folder of the site: the pages, figures/, data/; made when missing. It is replaced at
              once when all is there; what an earlier run wrote and this one does not is gone then,
              and what others keep there stays
    formats   which figure files to write, of ALL_FORMATS; pages always show their own SVG. None
              writes all, but no PNG of tables of words and of figures of several pages
    only      figure ids to draw; None draws all. The site then holds only these
    progress  called with a short text before each step
    cache     folder that keeps pictures, so that a later run redraws only what changed
    same      tables that hold the rows they held when the site in `out` was made: their files are
              taken from there
    processes that draw, where the caller has them for several sites; else they end with this one

    Raises ReportError for a missing or unreadable warehouse, a missing table or column, an
    unknown format or an unknown figure id, with what would be valid, and for a folder that
    `publishing` refuses.
    """
    started = time.monotonic()
    say = progress or (lambda _: None)
    wanted = None if formats is None else check_formats(formats)
    out, kept = Path(out), Cache(cache)
    with open_tables(Path(database)) as tables, kept.in_use():
        figures = choose(tables[FIGURES], only)
        with publishing(out) as new:
            with Workshop(kept, processes, theme.SCREEN_DPI) as workshop:
                before = Before(out / DATA, frozenset(same))
                bodies = fill_folder(
                    new, Path(database), tables, figures, wanted, workshop, before, say
                )
            files = seal(new, bodies)
        if only is None:
            kept.prune()
    return SiteResult(
        index=out / "index.html",
        files=tuple(out / name for name in files),
        figures=tuple(figure.figure_id for figure in figures),
        seconds=time.monotonic() - started,
        weight=weigh(out, files),
    )


def fill_folder(
    new: Path,
    database: Path,
    tables: WarehouseTables,
    figures: Sequence[Figure],
    formats: Sequence[str] | None,
    workshop: Workshop,
    before: Before,
    say: Progress,
) -> dict[str, str]:
    """Write the tables and the figures of a site into a new folder; returns its pages by name."""
    sketches = []
    for figure in figures:
        say(f"drawing {figure.figure_id}")
        sketches.append(begin(figure, tables, workshop))
    say("exporting tables")
    export_tables(tables, new / DATA, before.folder, before.same)
    write_downloads(tables, new / DATA)
    say("taking the pictures")
    drawn = tuple(
        finish(sketch, tables, new / "figures", formats or usual(sketch), workshop)
        for sketch in sketches
    )
    say("writing the pages")
    content = Content(
        tables=tables,
        drawn=drawn,
        review=review_of(tables),
        database=database,
        descriptions=tuple(tables.found.values()),
        exported=file_facts(new / DATA),
        kept=workshop.kept,
    )
    pages = all_pages(content)
    made = {page.file_name: page_html(page, pages, content.review) for page in pages}
    found_by = search.script(pages, content, figure_numbers(pages))
    (new / search.NAME).write_text(found_by, encoding="utf-8")
    if workshop.pending:
        say("waiting for pictures")
    return made


def usual(sketch: Sketch) -> Sequence[str]:
    """The files of a figure where none are asked for: no PNG of what is read, not looked at."""
    kind = KINDS[sketch.figure.kind]
    if kind.is_detail:
        return ("svg",)
    is_read = kind.is_words or len(sketch.pages) > 1
    return tuple(name for name in FORMATS if name != "png" or not is_read)


def file_facts(folder: Path) -> dict[str, FileFacts]:
    """Size and checksum of each file of a folder, by name."""
    paths = sorted(folder.iterdir())
    found = file_list.digests(folder, [path.name for path in paths])
    return {path.name: FileFacts(path.stat().st_size, found[path.name]) for path in paths}


def seal(new: Path, pages: Mapping[str, str]) -> list[str]:
    """Write the pages into a new folder, and the list of its files, with the name of the build.

    That follows from what the tables, the pictures and the pages hold. Returns the names.
    """
    written = {path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file()}
    others = file_list.digests(new, written - MARKS)
    bodies = {name: sha256(page.encode()).hexdigest() for name, page in pages.items()}
    build = file_list.build_id(others | bodies)
    for name, page in pages.items():
        with_build = page.replace(NO_BUILD, NO_BUILD.replace("><", f">{build}<"))
        (new / name).write_text(with_build, encoding="utf-8")
    found = others | file_list.digests(new, pages)
    (new / file_list.NAME).write_text(file_list.text(build, found), encoding="utf-8")
    return [*found, file_list.NAME]


def draw_figure(
    database: Path,
    name: str,
    folder: Path,
    formats: Sequence[str] = FORMATS,
    printed: Print = AS_ON_A_SCREEN,
) -> list[Path]:
    """Draw one figure into a folder; returns a file for each format and page of it.

    Without its words in the picture they are a text beside it, the last file. A file has its name
    only when all are whole; a link of that name is followed. Raises ReportError as `build_site`
    and `Print.form` do.
    """
    wanted, folder = check_formats(formats), Path(folder)
    with open_tables(Path(database)) as tables:
        (figure,) = choose(tables[FIGURES], name)
        folder.mkdir(parents=True, exist_ok=True)
        with scratch_folder(".umbrella-figure-", folder) as new:
            drawn = draw_pictures(figure, tables, new, wanted, printed)
            if not printed.has_words:
                words = new / f"{figure.slug}.txt"
                lines = legend(figure, tables, printed)
                words.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
                drawn.append(words)
            for path in drawn:
                publish_file(path, folder / path.name)
            return [folder / path.name for path in drawn]


def list_figures(database: Path) -> list[tuple[str, str]]:
    """Id and title of every figure of a warehouse, in their order."""
    with open_tables(Path(database)) as tables:
        return [(figure.figure_id, figure.title) for figure in choose(tables[FIGURES], None)]


def check_formats(wanted: Sequence[str]) -> tuple[str, ...]:
    """The wanted formats without repetition; raises ReportError for an unknown one."""
    if isinstance(wanted, str):
        wanted = (wanted,)
    unknown = [name for name in wanted if name not in ALL_FORMATS]
    if unknown:
        valid = ", ".join(ALL_FORMATS)
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
        typed = [only] if isinstance(only, str) else list(only)
        known = [figure.figure_id for figure in figures]
        found = {name: meant(name, known) for name in typed}
        unknown = [name for name, figure_id in found.items() if figure_id is None]
        if unknown:
            names = ", ".join(unknown)
            raise ReportError(f"Unknown figure: {names}. Valid figures: {', '.join(known)}")
        figures = [figure for figure in figures if figure.figure_id in found.values()]
    strange = sorted({figure.kind for figure in figures} - set(KINDS))
    if strange:
        kinds = ", ".join(sorted(KINDS))
        raise ReportError(f"rpt_figures.figure_kind: unknown {strange[0]!r}. Valid kinds: {kinds}")
    return figures


def meant(typed: str, known: Sequence[str]) -> str | None:
    """The id that was typed: one with the same characters, else the only one that looks the same.

    A keyboard may give an accented letter as one character where the sheet has two, or vice versa.
    """
    if typed in known:
        return typed
    alike = [one for one in known if normalize("NFC", one) == normalize("NFC", typed)]
    return alike[0] if len(alike) == 1 else None


def citation_of(review: Row) -> str:
    """How to cite the review, and the site that shows this extraction of it."""
    title = review.get("title") or "Umbrella review"
    site = f"This site: {title}. {made_with()}"
    return f"{review['citation']} {site}" if review.get("citation") else site


def dataset_of(review: Row) -> dict[str, object]:
    """The review's data as a Dataset of schema.org, with what its sheet says of it."""
    doi = review.get("doi")
    licence = review.get("licence") or ""
    found = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": review.get("title") or "Umbrella review",
        "description": " ".join(filter(None, (review.get("question"), review.get("data_note")))),
        "isBasedOn": f"https://doi.org/{doi}" if doi else None,
        "citation": review.get("citation"),
        "license": licence if "://" in licence else None,
        "keywords": ["umbrella review", "meta-analysis"],
        "measurementTechnique": "Umbrella review: pooling of meta-analyses",
        "distribution": {
            "@type": "DataDownload",
            "encodingFormat": "application/zip",
            "contentUrl": f"{DATA}/{ARCHIVE}",
        },
    }
    return {name: value for name, value in found.items() if value}


def page_html(page: Page, pages: Sequence[Page], review: Row) -> str:
    """One page as HTML, in the words of the review."""
    scripts = (*(html.compact(html.own_file(name)) for name in COMMON), *page.scripts)
    sources = {**page.sources, **MAY_LOAD}
    sources["script-src"] += tuple(page.sources.get("script-src", ()))
    markup = html.fragment(
        page.template,
        page=page,
        menu=menu(pages),
        site_title=review.get("title") or "Umbrella review",
        n_open=review.get("n_open_findings") or 0,
        css=html.style_sheet(),
        policy=html.content_policy(page.styles, scripts, sources),
        version=version("umbrella-warehouse"),
        numbers=figure_numbers(pages),
        scripts=scripts,
        citation=citation_of(review),
        doi=review.get("doi") or "",
        program=program_citation(),
        cited=CITED,
        dataset=html.embedded(dataset_of(review)) if page.slug in DESCRIBING else "",
        **page.values,
    )
    return fill(markup, review, escape)
