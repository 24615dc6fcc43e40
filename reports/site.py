"""Build the site: exports, figures, and one page that works offline and asks for nothing."""

import base64
import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markupsafe import Markup

from reports import alt_text, formats, messages, render, style, tables
from reports.charts import CHARTS
from reports.contract import FIGURES
from reports.errors import ReportError
from reports.exports import export_tables, read_review, read_tables, write_csv
from reports.figure import Figure, Panel, Row, Tables

PAIR = (".csv", ".parquet")
TEMPLATES = Path(__file__).parent / "templates"
Progress = Callable[[str], None]
SECTIONS = (
    ("results", "Results by condition: published and recomputed"),
    ("flow", "Where the numbers come from"),
    ("conditions", "Each condition in detail"),
    ("subgroups", "Subgroups and secondary outcomes"),
    ("umbrella", "Gaps, overlap and how far results depend on choices"),
    ("dropout", "Staying in the intervention"),
    ("audit", "Are the published numbers consistent?"),
)
SECTION_OF_KIND = {
    "headline": "results",
    "flow": "flow",
    "dropout": "dropout",
    "audit": "audit",
    "evidence_map": "umbrella",
    "overlap": "umbrella",
    "multiverse": "umbrella",
    "agreement": "umbrella",
    "grades": "umbrella",
    "grade_criteria": "umbrella",
    "quality": "umbrella",
}


@dataclass(frozen=True)
class SiteResult:
    """What was built: the page, every file written, the figure ids drawn, and the time taken."""

    index: Path
    files: tuple[Path, ...]
    figures: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Drawn:
    """A figure as the page needs it."""

    figure: Figure
    number: int
    section: str
    message: str
    alt: str
    svgs: tuple[Markup, ...]
    notes: tuple[str, ...]
    table: tables.DataTable
    links: tuple[tuple[str, str], ...]

    @property
    def anchor(self) -> str:
        """Id of the figure on the page."""
        return f"figure-{self.figure.figure_id}"


def build_site(
    database: Path,
    out: Path,
    formats: Sequence[str] = render.FORMATS,
    only: Iterable[str] | None = None,
    progress: Progress | None = None,
) -> SiteResult:
    """Build the static site of a warehouse.

    database  the warehouse file; opened read-only
    out       folder to write: index.html, figures/, data/; made when missing
    formats   which figure files to write: svg, png, pdf; the page always shows its own SVG
    only      figure ids to draw; None draws all. The page then holds only these
    progress  called with a short text before each step

    Raises ReportError for a missing or unreadable warehouse, a missing table or column, an
    unknown format or an unknown figure id; the message lists what would be valid.
    """
    started = time.monotonic()
    say = progress or (lambda _: None)
    wanted_formats = check_formats(formats)
    out, database = Path(out), Path(database)
    say("exporting tables")
    exported = export_tables(database, out / "data")
    data = read_tables(exported)
    figures = choose(data[FIGURES.name], only)
    folder = out / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    files = [path.with_suffix(ending) for path in exported.values() for ending in PAIR]
    drawn = []
    for number, figure in enumerate(figures, start=1):
        say(f"drawing {figure.figure_id}")
        made, written = draw(figure, number, data, folder, wanted_formats)
        drawn.append(made)
        files.extend(written)
    say("writing the page")
    index = out / "index.html"
    page = page_html(drawn, data, read_review(database), list(exported))
    index.write_text(page, encoding="utf-8")
    return SiteResult(
        index=index,
        files=(*sorted(files), index),
        figures=tuple(figure.figure_id for figure in figures),
        seconds=time.monotonic() - started,
    )


def check_formats(wanted: Sequence[str]) -> tuple[str, ...]:
    """The wanted formats without repetition; raises ReportError for an unknown one."""
    if isinstance(wanted, str):
        wanted = (wanted,)
    unknown = [name for name in wanted if name not in render.FORMATS]
    if unknown:
        valid = ", ".join(render.FORMATS)
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
    strange = sorted({figure.kind for figure in figures} - set(CHARTS))
    if strange:
        kinds = ", ".join(sorted(CHARTS))
        raise ReportError(f"rpt_figures.figure_kind: unknown {strange[0]!r}. Valid kinds: {kinds}")
    return figures


def draw(
    figure: Figure, number: int, data: Tables, folder: Path, wanted: Sequence[str]
) -> tuple[Drawn, list[Path]]:
    """Draw one figure: its files, and what the page shows of it.

    Raises ReportError that names the figure when its rows cannot be drawn.
    """
    try:
        panels = CHARTS[figure.kind](figure, data)
    except ValueError as error:
        raise ReportError(f"Figure {figure.figure_id}: {error}") from error
    alt = alt_text.describe(figure, data)
    files, links, svgs = [], [], []
    for panel in panels:
        svg = panel_svg(panel, figure, alt)
        written = write_files(svg, folder / panel.file_stem(figure.figure_id), wanted)
        files.extend(written)
        links.extend(named_links(panel, written))
        svgs.append(Markup(render.for_page(svg, panel)))
    header, rows = tables.own_csv(figure, data)
    files.append(write_csv(folder / f"{figure.figure_id}.csv", header, rows))
    links.append(("CSV", f"figures/{figure.figure_id}.csv"))
    notes = dict.fromkeys(note for panel in panels for note in panel.figure_notes or panel.notes)
    made = Drawn(
        figure=figure,
        number=number,
        section=section_of(figure, data),
        message=messages.message(figure, data),
        alt=alt,
        svgs=tuple(svgs),
        notes=tuple(notes),
        table=tables.data_table(figure, data),
        links=tuple(links),
    )
    return made, files


def panel_svg(panel: Panel, figure: Figure, alt: str) -> str:
    """One page of a figure as SVG that stands alone."""
    ending = f", page {panel.page} of {panel.pages}" if panel.pages > 1 else ""
    stem = panel.file_stem(figure.figure_id)
    return render.to_svg(render.compose(panel, figure), stem, figure.title + ending, alt)


def write_files(svg: str, stem: Path, wanted: Sequence[str]) -> list[Path]:
    """Write one SVG in each wanted format, as `stem` with the format's ending."""
    contents = {
        "svg": lambda: svg.encode("utf-8"),
        "png": lambda: render.to_png(svg),
        "pdf": lambda: render.to_pdf(svg),
    }
    written = []
    for name in wanted:
        target = stem.with_name(f"{stem.name}.{name}")
        target.write_bytes(contents[name]())
        written.append(target)
    return written


def named_links(panel: Panel, written: Sequence[Path]) -> list[tuple[str, str]]:
    """Link text and target of the files of one page."""
    page = f", page {panel.page}" if panel.pages > 1 else ""
    return [(path.suffix[1:].upper() + page, f"figures/{path.name}") for path in written]


def section_of(figure: Figure, data: Tables) -> str:
    """Section of the page: a forest figure of a whole condition stands before the subgroups."""
    if figure.kind in SECTION_OF_KIND:
        return SECTION_OF_KIND[figure.kind]
    conditions = {row["analysis_id"] for row in data["rpt_headline"]}
    blocks = {row["block_id"] for row in data["rpt_forest"] if row["figure_id"] == figure.figure_id}
    return "conditions" if conditions & blocks else "subgroups"


def page_html(drawn: Sequence[Drawn], data: Tables, review: Row, exported: Sequence[str]) -> str:
    """The whole page; texts are escaped by the template, SVGs were escaped when drawn."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    css = style.sheet((TEMPLATES / "site.css").read_text(encoding="utf-8"))
    audits = [item for item in drawn if item.figure.kind == "audit"]
    return environment.get_template("index.html.j2").render(
        css=Markup(css),
        policy=content_policy(css),
        review=review,
        sections=sections(drawn),
        headline=headline_table(data) if any(d.section == "results" for d in drawn) else None,
        audit=tables.audit_html(audits[0].figure, data) if audits else None,
        counts=[(name, formats.count(len(data[name]))) for name in exported],
    )


def sections(drawn: Sequence[Drawn]) -> list[tuple[str, str, list[Drawn]]]:
    """Sections that hold a figure: id, heading and figures."""
    found = [
        (key, heading, [item for item in drawn if item.section == key]) for key, heading in SECTIONS
    ]
    return [section for section in found if section[2]]


def content_policy(css: str) -> str:
    """A policy under which the page may load nothing and apply only its own style sheet."""
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def headline_table(data: Tables) -> list[tuple[str, dict[str, Row], str]]:
    """One row per condition: its label, its cells by source, and its band by Cohen."""
    made: dict[str, dict[str, Row]] = {}
    labels: dict[str, str] = {}
    for row in sorted(data["rpt_headline"], key=tables.headline_rank):
        labels[row["condition_id"]] = row["condition_label"] or row["condition_id"]
        made.setdefault(row["condition_id"], {})[row["source"]] = headline_cells(row)
    return [
        (labels[key], cells, cells.get("recommended", {}).get("band", ""))
        for key, cells in made.items()
    ]


def headline_cells(row: Row) -> Row:
    """Texts of one source of one condition."""
    missing = row["note"] or "not pooled"
    known = not formats.is_missing(row["estimate"])
    has_bar = not (formats.is_missing(row["pi_low"]) or formats.is_missing(row["pi_high"]))
    return {
        "k": formats.count(row["k"]),
        "result": tables.estimate(row, 2) if known else missing,
        "prediction": formats.interval(row["pi_low"], row["pi_high"]) if has_bar else "–",
        "is_words": not known,
        "band": (row["cohen_band"] or "–").lower() if known else "–",
    }
