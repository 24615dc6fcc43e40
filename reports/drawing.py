"""From a row of rpt_figures to picture files, and to what a page shows; nothing is drawn twice."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from altair import LayerChart
from markupsafe import Markup

from reports import alt_text, messages, render, tables, text, theme
from reports.charts import CHARTS, PHONE_CHARTS, Draw
from reports.converting import Converter
from reports.errors import ReportError
from reports.exports import write_csv
from reports.figure import Figure, Panel, Tables
from reports.sql_page import link

LIBRARIES = ("altair", "vl-convert-python", "pypdfium2", "pillow")


class Cache:
    """Pictures of earlier runs, each under a hash of everything it was made from.

    folder  where they are kept; made when needed; None keeps nothing
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.used: set[Path] = set()

    def find(self, ending: str, source: str) -> bytes | None:
        """What was made before from the same source; None when nothing was."""
        path = self.path(ending, source)
        return path.read_bytes() if path and path.is_file() else None

    def keep(self, ending: str, source: str, made: bytes) -> None:
        """Remember what was made from a source."""
        path = self.path(ending, source)
        if path is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # Renamed when complete: an interrupted run leaves no half picture.
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_bytes(made)
        unfinished.replace(path)

    def fetch(self, ending: str, source: str, make: Callable[[], bytes]) -> bytes:
        """What `make` returns, taken from the folder when made before from the same source."""
        made = self.find(ending, source)
        if made is None:
            made = make()
            self.keep(ending, source, made)
        return made

    def path(self, ending: str, source: str) -> Path | None:
        """The file that keeps what is made from a source; None when nothing is kept."""
        if self.folder is None:
            return None
        key = hashlib.sha256(f"{tools()}\n{source}".encode()).hexdigest()[:40]
        path = self.folder / f"{key}.{ending}"
        self.used.add(path)
        return path

    def prune(self) -> None:
        """Delete what this run did not use."""
        if self.folder is not None and self.folder.is_dir():
            for path in set(self.folder.iterdir()) - self.used:
                path.unlink()


@cache
def tools() -> str:
    """What turns a specification into a picture: versions of libraries, and a hash of our part."""
    versions = ",".join(f"{name}={version(name)}" for name in LIBRARIES)
    own = b"".join(Path(module.__file__).read_bytes() for module in (render, text, theme))
    return f"{versions},{hashlib.sha256(own).hexdigest()}"


class Pictures(Converter):
    """Writes picture files; PNG and PDF are there, and remembered, when the block is left."""

    def __init__(self, kept: Cache) -> None:
        super().__init__()
        self.kept = kept
        self.pending: list[tuple[str, str, Path]] = []

    def write(self, svg: str, targets: Mapping[str, Path]) -> None:
        """Write an SVG as a file of each format."""
        missing = {}
        for name, target in targets.items():
            made = svg.encode("utf-8") if name == "svg" else self.kept.find(name, svg)
            if made is None:
                missing[name] = target
            else:
                target.write_bytes(made)
        if missing:
            self.add(svg, missing)
            self.pending += [(name, svg, target) for name, target in missing.items()]

    def finish(self) -> None:
        """Wait until all is converted, and remember it."""
        super().finish()
        for name, svg, target in self.pending:
            self.kept.keep(name, svg, target.read_bytes())


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
        return f"figure-{self.figure.figure_id}"

    @property
    def sql_link(self) -> str:
        """Address that runs the query of the figure on the SQL page."""
        return link(self.sql)

    @property
    def is_long(self) -> bool:
        """True for a figure that may break between pages on paper."""
        return len(self.svgs) > 1 or self.figure.kind == "audit"


def draw(
    figure: Figure, data: Tables, folder: Path, wanted: Sequence[str], pictures: Pictures
) -> tuple[Drawn, list[Path]]:
    """Draw one figure: its files in `folder`, and what a page shows of it.

    Raises ReportError that names the figure when its rows cannot be drawn.
    """
    panels, alt = panels_of(CHARTS, figure, data), alt_text.describe(figure, data)
    files, links, svgs = [], [], []
    for panel in panels:
        svg = panel_svg(panel, figure, alt, pictures.kept)
        written = write_files(svg, folder / panel.file_stem(figure.figure_id), wanted, pictures)
        files.extend(written)
        links.extend(named_links(panel, written))
        svgs.append(Markup(render.for_page(svg, panel)))
    header, rows = tables.own_csv(figure, data)
    files.append(write_csv(folder / f"{figure.figure_id}.csv", header, rows))
    links.append(("CSV", f"figures/{figure.figure_id}.csv"))
    notes = dict.fromkeys(note for panel in panels for note in panel.figure_notes or panel.notes)
    made = Drawn(
        figure=figure,
        message=messages.message(figure, data),
        alt=alt,
        svgs=tuple(svgs),
        phone_svgs=phone_svgs(figure, data, alt, pictures.kept),
        notes=tuple(notes),
        table=tables.data_table(figure, data),
        links=tuple(links),
        sql=tables.own_sql(figure, data),
    )
    return made, files


def draw_pictures(figure: Figure, data: Tables, folder: Path, wanted: Sequence[str]) -> list[Path]:
    """Draw one figure as files alone; raises ReportError as `draw` does."""
    alt, written = alt_text.describe(figure, data), []
    with Pictures(Cache(None)) as pictures:
        for panel in panels_of(CHARTS, figure, data):
            svg = panel_svg(panel, figure, alt, pictures.kept)
            stem = folder / panel.file_stem(figure.figure_id)
            written += write_files(svg, stem, wanted, pictures)
    return written


def phone_svgs(figure: Figure, data: Tables, alt: str, kept: Cache) -> tuple[Markup, ...]:
    """The pages of a figure for a narrow screen; none when its kind has no narrow form."""
    if figure.kind not in PHONE_CHARTS:
        return ()
    panels = panels_of(PHONE_CHARTS, figure, data)
    return tuple(Markup(render.for_page(phone_svg(p, figure, alt, kept), p)) for p in panels)


@render.unchecked
def panels_of(charts: Mapping[str, Draw], figure: Figure, data: Tables) -> tuple[Panel, ...]:
    """The pages of a figure; raises ReportError that names it when its rows cannot be drawn."""
    try:
        return tuple(charts[figure.kind](figure, data))
    except ValueError as error:
        raise ReportError(f"Figure {figure.figure_id}: {error}") from error


@render.unchecked
def panel_svg(panel: Panel, figure: Figure, alt: str, kept: Cache) -> str:
    """One page of a figure as SVG that stands alone."""
    chart = render.compose(panel, figure)
    return named_svg(chart, panel, panel.file_stem(figure.figure_id), figure, alt, kept)


@render.unchecked
def phone_svg(panel: Panel, figure: Figure, alt: str, kept: Cache) -> str:
    """One page of a figure as SVG without the words that the page of the site has as text."""
    key = f"{panel.file_stem(figure.figure_id)}-phone"
    return named_svg(render.framed(panel.layers, panel), panel, key, figure, alt, kept)


def named_svg(
    chart: LayerChart, panel: Panel, key: str, figure: Figure, alt: str, kept: Cache
) -> str:
    """A chart as SVG with an accessible name, drawn anew only when it changed."""
    ending = f", page {panel.page} of {panel.pages}" if panel.pages > 1 else ""
    names = key, figure.title + ending, alt
    spec = render.specification(chart)
    source = json.dumps([spec, names], sort_keys=True)
    made = kept.fetch("svg", source, lambda: render.svg_of(spec, *names).encode("utf-8"))
    return made.decode("utf-8")


def write_files(svg: str, stem: Path, wanted: Sequence[str], pictures: Pictures) -> list[Path]:
    """Write one SVG in each wanted format, as `stem` with the format's ending."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    targets = {name: stem.with_name(f"{stem.name}.{name}") for name in wanted}
    pictures.write(svg, targets)
    return list(targets.values())


def named_links(panel: Panel, written: Sequence[Path]) -> list[tuple[str, str]]:
    """Link text and target of the files of one page."""
    page = f", page {panel.page}" if panel.pages > 1 else ""
    return [(path.suffix[1:].upper() + page, f"figures/{path.name}") for path in written]
