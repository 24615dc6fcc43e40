"""A figure at the width of a column of a journal, with text that can be read there.

Journals give figures 84 to 90 mm (one column) or 170 to 180 mm (two), and ask for text of 7 points
and more. A kind has a wide form, and most have a narrow one, which phones show on the site; the
smallest text of both is `theme.SMALL`.
"""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from reports import theme
from reports.errors import ReportError
from reports.figure import Draw, Figure, FigureKind, Panel

LEAST_POINTS = 7.0
TALLEST_MM = 240
FRAME = 2 * theme.PADDING + 2
"""Px that a picture has around its panel."""

ROOT_SIZE = re.compile(r'(<svg [^>]*?)width="([0-9.]+)" height="([0-9.]+)"')


class TallFigureWarning(UserWarning):
    """A figure is taller than a page."""


@dataclass(frozen=True)
class Print:
    """How a figure is to be printed.

    width_mm   width in mm; None leaves the picture in px, as for a screen
    has_words  whether title, caption and notes are in the picture; else they are a legend
    """

    width_mm: float | None = None
    has_words: bool = True

    def form(self, figure: Figure, kind: FigureKind) -> Draw:
        """The form of a kind that can be read at the width, the wide one where both can.

        Raises ReportError where neither can, with the width that is needed.
        """
        if self.width_mm is None or self.width_mm >= needed_mm(theme.WIDTH):
            return kind.draw
        if kind.phone is not None and self.width_mm >= needed_mm(theme.PHONE + FRAME):
            return kind.phone
        least = needed_mm(theme.WIDTH if kind.phone is None else theme.PHONE + FRAME)
        raise ReportError(
            f"Figure {figure.figure_id} at {self.width_mm:g} mm would have text of less than "
            f"{LEAST_POINTS:g} points. It needs {least:.0f} mm."
        )

    def sized(self, svg: str, stem: str) -> str:
        """An SVG at the width, in mm; warns with TallFigureWarning of one that no page holds.

        Raises ReportError where its text would be too small after all.
        """
        if self.width_mm is None:
            return svg
        found = ROOT_SIZE.search(svg)
        if found is None:
            raise ReportError(f"The SVG of {stem} states no size")
        width, height = float(found[2]), float(found[3])
        if self.width_mm < needed_mm(width):
            raise ReportError(f"{stem} needs {needed_mm(width):.0f} mm to be read.")
        tall = height / width * self.width_mm
        if tall > TALLEST_MM:
            warnings.warn(
                f"{stem} is {tall:.0f} mm tall at a width of {self.width_mm:g} mm; pages of "
                f"journals have some {TALLEST_MM}.",
                TallFigureWarning,
                stacklevel=2,
            )
        size = f'width="{self.width_mm:g}mm" height="{tall:.2f}mm"'
        return ROOT_SIZE.sub(rf"\g<1>{size}", svg, count=1)


def needed_mm(px: float) -> float:
    """The width in mm at which a picture of so many px has its smallest text in 7 points."""
    return LEAST_POINTS / theme.SMALL * px / theme.points(1)


def legend_lines(figure: Figure, panels: Sequence[Panel]) -> list[str]:
    """What stands around a picture that has its words: title, subtitle, caption and notes."""
    notes = dict.fromkeys(note for panel in panels for note in panel.figure_notes or panel.notes)
    return [line for line in (figure.title, figure.subtitle, figure.caption, *notes) if line]
