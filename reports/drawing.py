"""From a row of rpt_figures to picture files, and to what a page shows; nothing is drawn twice.

`begin` asks for the pictures of a figure, `finish` takes them: between the two, other processes
draw while this one prepares the next figures.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from reports import inline, render, tables
from reports.errors import ReportError
from reports.exports import write_csv
from reports.figure import Draw, Figure, Panel, Row, Tables
from reports.figures import KINDS
from reports.lighter import lighter
from reports.picture import OF_ALL_PAGES, SPECIFICATION
from reports.printing import Print, legend_lines
from reports.sql_page import link
from reports.words import REVIEW_TABLE, fill, review_of
from reports.workshop import Cache, Job, Workshop

Page = tuple[Panel, Job]
AS_ON_A_SCREEN = Print()
LINK_TEXTS = {SPECIFICATION: "Vega-Lite"}


@dataclass(frozen=True)
class Drawn:
    """A figure as its page needs it; `phone_svgs`, if any, replace `svgs` on a narrow screen."""

    figure: Figure
    message: str
    alt: str
    svgs: tuple[Markup, ...]
    phone_svgs: tuple[Markup, ...]
    notes: tuple[str, ...]
    table: tables.DataTable
    links: tuple[tuple[str, str], ...]
    sql: str

    @property
    def anchor(self) -> str:
        """Id of the figure on its page."""
        return f"figure-{self.figure.slug}"

    @property
    def sql_link(self) -> str:
        """Address that runs the query of the figure on the SQL page."""
        return link(self.sql)

    @property
    def is_long(self) -> bool:
        """True for a figure that may break between pages on paper."""
        return len(self.svgs) > 1 or KINDS[self.figure.kind].is_long


@dataclass(frozen=True)
class Sketch:
    """A figure of which the pictures have been asked for: its pages, whole and for a phone."""

    figure: Figure
    alt: str
    pages: tuple[Page, ...]
    phone_pages: tuple[Page, ...]


def begin(figure: Figure, data: Tables, workshop: Workshop) -> Sketch:
    """Ask for the pictures of a figure; raises ReportError that names it for rows that are wrong.

    A kind without a form for narrow screens has no pages for a phone.
    """
    data = own_tables(figure, data)
    alt = alternative(figure, data)
    return Sketch(
        figure=figure,
        alt=alt,
        pages=ask_pages(figure, data, alt, workshop),
        phone_pages=ask_phone_pages(figure, data, alt, workshop),
    )


def own_tables(figure: Figure, data: Tables) -> Tables:
    """The review and the tables that the kind of a figure says it reads: it is given no other."""
    return {name: data[name] for name in (*KINDS[figure.kind].reads, REVIEW_TABLE)}


def alternative(figure: Figure, data: Tables) -> str:
    """The alternative text of a figure; raises ReportError as `panels_of` does."""
    with naming(figure):
        return fill(KINDS[figure.kind].describe(figure, data), review_of(data))


def finish(
    sketch: Sketch, data: Tables, folder: Path, wanted: Sequence[str], workshop: Workshop
) -> Drawn:
    """Take the pictures of a figure: its files in `folder`, and what a page shows of it."""
    figure = sketch.figure
    data = own_tables(figure, data)
    written = write_pictures(figure, sketch.pages, folder, wanted, workshop)
    header, rows = tables.own_csv(figure, data)
    sheet = write_csv(folder / f"{figure.slug}.csv", header, rows)
    panels = [panel for panel, _ in sketch.pages]
    notes = dict.fromkeys(note for panel in panels for note in panel.figure_notes or panel.notes)
    return Drawn(
        figure=figure,
        message=KINDS[figure.kind].title(figure, data),
        alt=sketch.alt,
        svgs=inline_svgs(sketch.pages, workshop),
        phone_svgs=inline_svgs(sketch.phone_pages, workshop),
        notes=tuple(notes),
        table=tables.data_table(figure, data),
        links=tuple((words, f"figures/{path.name}") for words, path in [*written, ("CSV", sheet)]),
        sql=tables.own_sql(figure, data),
    )


def draw_pictures(
    figure: Figure,
    data: Tables,
    folder: Path,
    wanted: Sequence[str],
    printed: Print = AS_ON_A_SCREEN,
) -> list[Path]:
    """Draw one figure as files alone; raises ReportError as `begin` and `Print.form` do."""
    data = own_tables(figure, data)
    with Workshop(Cache(None)) as workshop:
        pages = ask_pages(figure, data, alternative(figure, data), workshop, printed)
        written = write_pictures(figure, pages, folder, wanted, workshop, printed)
    return [path for _, path in written]


def legend(figure: Figure, data: Tables, printed: Print) -> list[str]:
    """Title, subtitle, caption and notes of a figure, for beside the picture."""
    data = own_tables(figure, data)
    panels = panels_of(printed.form(figure, KINDS[figure.kind]), figure, data)
    return [fill(line, review_of(data)) for line in legend_lines(figure, panels)]


@render.unchecked
def ask_pages(
    figure: Figure,
    data: Tables,
    alt: str,
    workshop: Workshop,
    printed: Print = AS_ON_A_SCREEN,
) -> tuple[Page, ...]:
    """The pages of a figure as pictures that stand alone."""
    return tuple(
        ask(
            render.compose(panel, figure)
            if printed.has_words
            else render.framed(panel.layers, panel),
            panel,
            panel.file_stem(figure.slug),
            figure,
            alt,
            workshop,
        )
        for panel in panels_of(printed.form(figure, KINDS[figure.kind]), figure, data)
    )


@render.unchecked
def ask_phone_pages(figure: Figure, data: Tables, alt: str, workshop: Workshop) -> tuple[Page, ...]:
    """The same for a narrow screen, without the words that the page of the site has as text."""
    draw = KINDS[figure.kind].phone
    if draw is None:
        return ()
    return tuple(
        ask(
            render.framed(panel.layers, panel),
            panel,
            f"{panel.file_stem(figure.slug)}-phone",
            figure,
            alt,
            workshop,
        )
        for panel in panels_of(draw, figure, data)
    )


def panels_of(draw: Draw, figure: Figure, data: Tables) -> tuple[Panel, ...]:
    """The pages of a figure; raises ReportError that names it when its rows cannot be drawn."""
    with naming(figure):
        return tuple(in_words(panel, review_of(data)) for panel in draw(figure, data))


@contextmanager
def naming(figure: Figure) -> Iterator[None]:
    """Name a figure in the error of rows that cannot be shown."""
    try:
        yield
    except ValueError as error:
        raise ReportError(f"Figure {figure.figure_id}: {error}") from error


def in_words(panel: Panel, review: Row) -> Panel:
    """A page with its notes in the words of the review."""
    notes, figure_notes = (
        tuple(fill(note, review) for note in group) for group in (panel.notes, panel.figure_notes)
    )
    return replace(panel, notes=notes, figure_notes=figure_notes)


def ask(
    spec: dict[str, Any], panel: Panel, key: str, figure: Figure, alt: str, workshop: Workshop
) -> Page:
    """Ask for a specification as SVG with an accessible name."""
    ending = f", page {panel.page} of {panel.pages}" if panel.pages > 1 else ""
    return panel, workshop.start(spec, (key, figure.title + ending, alt))


def inline_svgs(pages: Sequence[Page], workshop: Workshop) -> tuple[Markup, ...]:
    """The pictures as a page of the site holds them."""
    return tuple(Markup(lighter(inline.for_page(workshop.svg(job), panel))) for panel, job in pages)


def write_pictures(
    figure: Figure,
    pages: Sequence[Page],
    folder: Path,
    wanted: Sequence[str],
    workshop: Workshop,
    printed: Print = AS_ON_A_SCREEN,
) -> list[tuple[str, Path]]:
    """Write a figure in each wanted format: what each file is, and where.

    A file holds one page, but for formats of OF_ALL_PAGES.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stems = [panel.file_stem(figure.slug) for panel, _ in pages]
    svgs = [
        lighter(printed.sized(workshop.svg(job), stem))
        for (_, job), stem in zip(pages, stems, strict=True)
    ]
    written: list[tuple[str, Path]] = []
    targets: dict[tuple[str, ...], dict[str, Path]] = defaultdict(dict)
    for name in wanted:
        if name in OF_ALL_PAGES:
            target = targets[tuple(svgs)][name] = folder / f"{figure.slug}.{name}"
            written.append((name.upper(), target))
            continue
        for (panel, job), svg, stem in zip(pages, svgs, stems, strict=True):
            target = folder / f"{stem}.{name}"
            if name == SPECIFICATION:
                target.write_text(render.stand_alone(*job.asked), encoding="utf-8", newline="")
            else:
                targets[svg,][name] = target
            ending = f", page {panel.page}" if panel.pages > 1 else ""
            written.append((LINK_TEXTS.get(name, name.upper()) + ending, target))
    for of_file, files in targets.items():
        workshop.write(of_file, files)
    return written
