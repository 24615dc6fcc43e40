"""Figures at the width of a column: what is accepted can be read, what cannot be is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import Result
from PIL import Image
from typer.testing import CliRunner

from reports import picture, render, theme
from reports.drawing import panels_of
from reports.errors import ReportError
from reports.figure import Figure, Panel, Tables
from reports.figures import KINDS
from reports.printing import FRAME, LEAST_POINTS, Print, TallFigureWarning, needed_mm
from tests.python.cases import each
from tests.python.reports.conftest import texts
from umbrella.app import app

FONT_SIZE = re.compile(r'font-size="([0-9.]+)px"')
SHOWN = ("forest_stress", "funnel_depression", "evidence_map", "multiverse_depression", "grades")


def drawn(figure: Figure, tables: Tables, printed: Print) -> list[str]:
    """The pages of a figure as they are printed."""
    compose = render.compose if printed.has_words else lambda p, _: render.framed(p.layers, p)
    return [
        printed.sized(picture.to_svg(compose(panel, figure), "key", "a", "b"), figure.slug)
        for panel in panels_of(printed.form(figure, KINDS[figure.kind]), figure, tables)
    ]


@pytest.mark.filterwarnings("ignore::reports.printing.TallFigureWarning")
def test_text_has_seven_points_at_both_widths(figures: dict[str, Figure], tables: Tables) -> None:
    @each("name, width", [(name, width) for name in SHOWN for width in (84, 176)])
    def is_readable(name: str, width: int) -> None:
        for svg in drawn(figures[name], tables, Print(width, has_words=width > 100)):
            root = re.search(r'<svg [^>]*width="([0-9.]+)mm"[^>]*viewBox="0 0 ([0-9.]+) ', svg)
            assert float(root[1]) == width
            points_of_px = theme.points(width) / float(root[2])
            smallest = min(map(float, FONT_SIZE.findall(svg)))
            assert smallest * points_of_px >= LEAST_POINTS
            words = " ".join(texts(svg))
            assert (figures[name].title.split()[0] in words) or width < 100

    is_readable()


def smallest_text(panel: Panel) -> float:
    """Px of the smallest text of a page, as its specification has it."""
    spec = render.framed(panel.layers, panel)
    rows = [row for name in picture.text_data(spec) for row in spec["datasets"][name]]
    return min([spec["config"]["axis"]["labelFontSize"], *(row["size"] for row in rows)])


def test_no_kind_has_smaller_text(figures: dict[str, Figure], tables: Tables) -> None:
    of_kind = {figure.kind: figure for figure in figures.values()}
    assert set(of_kind) == set(KINDS)

    @each("name, width", [(name, width) for name in sorted(KINDS) for width in (84, 176)])
    def is_readable(name: str, width: int) -> None:
        figure, kind = of_kind[name], KINDS[name]
        if kind.phone is None and width == 84:
            return
        for panel in panels_of(Print(width).form(figure, kind), figure, tables):
            points_of_px = theme.points(width) / (panel.width + FRAME)
            assert smallest_text(panel) * points_of_px >= LEAST_POINTS

    is_readable()


def test_what_cannot_be_read_is_refused_with_the_width_that_it_needs(
    figures: dict[str, Figure],
) -> None:
    forest, overlap = figures["forest_stress"], figures["overlap"]
    for figure, width, needed in ((overlap, 84, 175), (overlap, 174, 175), (forest, 60, 76)):
        with pytest.raises(ReportError, match=rf"{figure.figure_id} at {width} mm .* {needed} mm"):
            Print(width).form(figure, KINDS[figure.kind])
    kind = KINDS["forest"]
    assert Print(84).form(forest, kind) is kind.phone
    assert Print(176).form(forest, kind) is Print().form(forest, kind) is kind.draw
    with pytest.raises(ReportError, match="forest needs 235 mm to be read"):
        Print(176).sized('<svg width="1000" height="10">', "forest")


def test_a_figure_that_no_page_holds_is_told() -> None:
    with pytest.warns(TallFigureWarning, match="forest is 252 mm tall at a width of 84 mm"):
        Print(84).sized('<svg width="300" height="900">', "forest")
    assert needed_mm(300) < 84


def test_the_files_have_the_width_and_the_words_stand_beside(
    warehouse: Path, tmp_path: Path
) -> None:
    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    options = ("--database", warehouse, "--out", tmp_path, "--no-caption", "--format", "png")
    done = invoke("figure", "funnel_depression", "--width", "84 mm", *options)
    assert done.exit_code == 0, done.output
    picture_file, words = (tmp_path / f"funnel_depression.{end}" for end in ("png", "txt"))
    assert done.stdout.split() == [str(picture_file), str(words)]
    with Image.open(picture_file) as image:
        assert abs(image.width - 84 / 25.4 * 300) <= 2
    title, subtitle, *rest = words.read_text(encoding="utf-8").splitlines()
    assert title
    assert subtitle
    assert rest
    for width in ("wide", "0", "-5mm", "84cm", ""):
        refused = invoke("figure", "funnel_depression", f"--width={width}", *options)
        assert refused.exit_code == 1
        assert "Right: 84mm or 176mm." in refused.stderr, width
    listed = invoke("figure", *options)
    assert listed.exit_code == 2
    assert "NAME is missing" in listed.stderr
